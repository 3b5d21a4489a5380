"""One country's goals: how directly each is measured here, and which way its direct indicators go. Never a grade.

Marks come from verdicts of one named method on indicators with a *direct* link to a target of the goal; proxies and
enabling conditions move none. Verdicts are counted by sign and never averaged, so a goal can carry several signs.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row
from dashboard.answers.countries.views import Directness, GoalMark, GoalStrip
from dashboard.answers.progress.assessment import DEFAULT_METHOD, assess_lines
from dashboard.answers.progress.assessment import Row as Judged
from dashboard.answers.progress.progress import SIGNS
from dashboard.answers.progress.statuses import choose_tone, count_statuses, name_method
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import format_number, t

LETTERS: tuple[Directness, ...] = ("direct", "indirect", "no_figure", "not_measured")
"""How directly a goal is measured for a country, the best first; each has a letter in every language."""

Goals = Mapping[str, Sequence[tuple[int, str]]]
"""Indicator → the goals it is linked to, each with the strength of the link."""


def build_goal_strip(ctx: Context, iso3: str, figures: Mapping[str, Row]) -> list[GoalStrip]:
    """Return all goals in their order; ``figures`` are the country's latest by indicator."""
    links = _list_links(ctx)
    rows = _find_verdicts(ctx, iso3, links)
    return [_view_goal(ctx, number_, links, figures, rows) for number_ in ctx.book.goals]


def explain_strip(ctx: Context, strip: Sequence[GoalStrip]) -> str:
    """Return by which method the marks are made, and how little they rest on."""
    direct = [metric for metric in ctx.book.metrics.values() if metric.direct]
    return t(
        "country.strip.how",
        ctx.lang,
        method=name_method(ctx, DEFAULT_METHOD),
        direct=format_number(len(direct), ctx.lang),
        of=format_number(len(ctx.book.metrics), ctx.lang),
        goals=format_number(sum(1 for goal in strip if goal["marks"]), ctx.lang),
        all=format_number(len(strip), ctx.lang),
    )


def list_legend(ctx: Context) -> list[str]:
    """Return every letter and every sign in words."""
    letters = [
        t(
            "country.strip.legend",
            ctx.lang,
            mark=t(f"country.evidence.{kind}.letter", ctx.lang),
            meaning=t(f"country.evidence.{kind}.meaning", ctx.lang),
        )
        for kind in LETTERS
    ]
    signs = [
        t("country.strip.legend", ctx.lang, mark=sign, meaning=t(f"progress.sign.{tone}", ctx.lang))
        for tone, sign in SIGNS.items()
    ]
    return [*letters, *signs]


def _list_links(ctx: Context) -> dict[str, list[tuple[int, str]]]:
    return {metric.id: _list_goals_of(ctx, metric) for metric in ctx.book.metrics.values()}


def _list_goals_of(ctx: Context, metric: Metric) -> list[tuple[int, str]]:
    links = {(ctx.book.targets[link.target].goal, link.strength) for link in metric.links if link.target}
    return sorted(links)


def _select_direct(links: Sequence[tuple[int, str]]) -> list[int]:
    return [goal for goal, strength in links if strength == "direct"]


def _find_verdicts(ctx: Context, iso3: str, links: Goals) -> dict[str, Judged]:
    """Return indicator → the verdict on the country's line, of indicators with a direct link."""
    metrics = [metric for metric, goals in links.items() if _select_direct(goals)]
    rows = assess_lines(ctx, metrics=metrics, countries=[iso3], methods=[DEFAULT_METHOD])
    return {row["indicator"]: row for row in rows}


def _view_goal(
    ctx: Context, goal: int, links: Goals, figures: Mapping[str, Row], rows: Mapping[str, Judged]
) -> GoalStrip:
    entry = ctx.book.goals[goal]
    ours = [metric for metric, goals in links.items() if goal in dict(goals)]
    direct = [metric for metric in ours if goal in _select_direct(links[metric])]
    having = [metric for metric in ours if metric in figures]
    judged = [rows[metric] for metric in direct if metric in rows]
    measured = sum(1 for metric in direct if metric in figures)
    kind = _classify_evidence(bool(ours), bool(having), bool(measured))
    marks = _list_marks(ctx, judged)
    return GoalStrip(
        number=goal,
        short=choose_text(entry.short, ctx.lang),
        colour=entry.colour,
        indicators=len(ours),
        with_data=len(having),
        newest=max((figures[metric]["year"] for metric in having if figures[metric]["year"]), default=None),
        evidence=kind,
        letter=t(f"country.evidence.{kind}.letter", ctx.lang),
        marks=marks,
        direct=len(direct),
        text=_describe_goal(ctx, kind, direct=(measured, len(direct)), all_=(len(having), len(ours))),
        status_text=_count_statuses(ctx, judged),
    )


def _classify_evidence(ours: bool, having: bool, direct: bool) -> Directness:
    if direct:
        return "direct"
    if having:
        return "indirect"
    return "no_figure" if ours else "not_measured"


def _list_marks(ctx: Context, rows: Sequence[Judged]) -> list[GoalMark]:
    """Return one mark per sign, the best first, with how many direct indicators have it."""
    counts = Counter(choose_tone(row) for row in rows)
    return [
        GoalMark(
            tone=tone,
            sign=sign,
            count=counts[tone],
            text=t(
                "country.strip.mark", ctx.lang, count=str(counts[tone]), meaning=t(f"progress.sign.{tone}", ctx.lang)
            ),
        )
        for tone, sign in SIGNS.items()
        if counts[tone]
    ]


def _describe_goal(ctx: Context, kind: Directness, direct: tuple[int, int], all_: tuple[int, int]) -> str:
    return t(
        f"country.evidence.{kind}.text",
        ctx.lang,
        direct=str(direct[0]),
        of_direct=str(direct[1]),
        with_data=str(all_[0]),
        of=str(all_[1]),
    )


def _count_statuses(ctx: Context, rows: Sequence[Judged]) -> str:
    """Return the statuses of the direct indicators, counted, and how many have none."""
    counted = count_statuses(ctx, rows)
    without = len(rows) - sum(status["count"] for status in counted)
    texts = [
        t("progress.text.count", ctx.lang, status=status["text"], count=str(status["count"])) for status in counted
    ]
    if without:
        texts.append(
            t("progress.text.count", ctx.lang, status=t("country.strip.no_status", ctx.lang), count=str(without))
        )
    return t("ui.list.semicolon", ctx.lang).join(texts)
