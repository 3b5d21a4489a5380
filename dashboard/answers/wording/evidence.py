"""How far a figure carries: the evidence level of a value, and the bar of evidence of many."""

from collections.abc import Sequence

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_stats
from dashboard.answers.base.words import translate_term
from dashboard.answers.wording.publishers import find_national_series, find_publisher
from dashboard.answers.wording.views import EvidenceBar
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import t

LEVELS = (4, 3, 2, 1)
"""From official statistics with a published method to a claim without one."""

CLAIM = 1
"""The level of a claim without a method."""

SELF_REPORTED = (1, 2)
"""Levels of what a service says of itself (domain rule 5.1)."""


UNDATED_MAX = 3
"""The most a value is worth whose year, and so whose survey, its publisher does not print."""


def grade_evidence(ctx: Context, row: Row) -> int:
    """Return a value's evidence level: the lower of its publisher's and its indicator's.

    A country's own series has a level of its own, by what is known of its method. A value without a year is never
    worth more than ``UNDATED_MAX``: an official publisher does not make an unnamed survey a known one.
    """
    metric = ctx.book.metrics[row["indicator"]]
    own = find_national_series(metric, row)
    level = own.evidence_level if own is not None else _level(metric, row["source"], row["series"])
    return min(level, UNDATED_MAX) if row["year"] is None else level


def _level(metric: Metric, source: str, series: str) -> int:
    info = find_publisher(source, series)
    return min(metric.evidence_level, info.evidence_level) if info else metric.evidence_level


def find_claims(ctx: Context, metric: Metric) -> set[tuple[str, str]]:
    """Return publisher and series of an indicator's figures that are claims without a method.

    They decide no status, no change and no rank.
    """
    feeds = find_stats(ctx, metric.id).feeds
    return {(source, series) for source, series in feeds if is_claim_without_method(metric, source, series)}


def is_claim_without_method(metric: Metric, source: str, series: str) -> bool:
    """Return True if a publisher's figures in a series are claims without a method."""
    return _level(metric, source, series) == CLAIM


def is_claim(metric: Metric, row: Row) -> bool:
    """Return True if a figure is a claim without a method; the end of a line has no series."""
    return "series" in row and is_claim_without_method(metric, row["source"], row["series"])


def describe_level(ctx: Context, level: int) -> str:
    """Return a level with its definition, in a sentence."""
    name, definition = (translate_term(ctx, "evidence_level", str(level), part) for part in ("name", "definition"))
    return name + t("ui.list.colon", ctx.lang) + definition


STRENGTHS = ("direct", "proxy", "enabling")
"""Strengths of a link, strongest first."""

PARTS = (*STRENGTHS, "unlinked", "none")
"""Parts of a bar of evidence: with figures by the strongest link, with figures and no link, without figures."""


def build_evidence_bar(ctx: Context, counts: Sequence[int], longest: int) -> EvidenceBar:
    """Show numbers of indicators as a bar and in words.

    Args:
        counts: one for each of ``PARTS``.
        longest: indicators of the longest bar that it stands beside.
    """
    words = [
        t(f"ways.evidence.part.{part}", ctx.lang, number=str(count))
        for part, count in zip(PARTS, counts, strict=True)
        if count
    ]
    return EvidenceBar(
        counts=list(counts),
        widths=[f"{100 * count / max(longest, 1):.2f}%" for count in counts],
        text=t("ui.list.comma", ctx.lang).join(words) or t("ways.evidence.nothing", ctx.lang),
    )
