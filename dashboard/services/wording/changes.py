"""What changed between two figures, in words: never an arrow inside the error, never a cause."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.codebook.model import Metric
from dashboard.locales import format_number, format_quantity, has, t
from dashboard.measures.change import Change, change
from dashboard.services.base.context import Context
from dashboard.services.base.rows import Row
from dashboard.services.wording.editions import add_judged, find_judged_edition
from dashboard.services.wording.evidence import is_claim
from dashboard.services.wording.publishers import is_unmodified_only
from dashboard.services.wording.views import ChangeKind

BASE_YEAR = 2015
"""First year of the Sustainable Development Goals: the base is its figure, or else the first later one (UNSD)."""


@dataclass(frozen=True, slots=True)
class ChangeText:
    """A change as pages say it; ``kind`` is "" when there is nothing to compare or no comparison may be made."""

    kind: ChangeKind
    text: str


NOTHING = ChangeText("", "")


def format_difference(ctx: Context, metric: Metric, difference: float) -> str:
    """A signed difference with its unit; between percentages in percentage points."""
    unit = "percentage_points" if metric.unit == "percent" else metric.unit
    if unit == "yes_no":
        return format_number(difference, ctx.lang, 0, signed=True)
    return format_quantity(difference, unit, ctx.lang, metric.decimals, signed=True)


def change_text(ctx: Context, metric: Metric, earlier: Row, later: Row) -> ChangeText:
    """The change from one row to a later one of the same country, by ``dashboard.measures.change``.

    Where the newest edition has no errors it is that between the same years of the one judged in, as far as that goes
    (``wording.editions``), and says so.
    """
    if any(is_claim(metric, row) for row in (earlier, later)):
        return ChangeText("", t("answers.change.refused_claim", ctx.lang))
    if any(is_unmodified_only(row["source"]) for row in (earlier, later) if "source" in row):
        return ChangeText("", t("answers.change.refused_licence", ctx.lang))
    if not metric.line and metric.unit != "yes_no":  # a yes stays a yes, as methods of progress have it
        return ChangeText("", t("answers.change.refused_points", ctx.lang))
    result = change(earlier, later, breaks=metric.break_years)
    judged = find_judged_edition(ctx, metric.id) if result.reason == "error_unknown" else None
    pair = judged.list_pair(later["country"], earlier["year"], later["year"]) if judged else None
    if pair is not None:
        tested = _describe(ctx, metric, change(*pair, breaks=metric.break_years), *pair)
        return ChangeText(tested.kind, add_judged(ctx, metric.id, tested.text))
    return _describe(ctx, metric, result, earlier, later)


def _describe(ctx: Context, metric: Metric, result: Change, earlier: Row, later: Row) -> ChangeText:
    span = {"first": str(earlier["year"]), "last": str(later["year"])}
    if result.difference is None:
        key = f"answers.change.refused_{result.reason}"
        return ChangeText("", t(key, ctx.lang, **span) if has(key) else "")
    if metric.unit == "yes_no":
        return _yes_no(ctx, result.difference, span)
    if result.detectable is False:
        return ChangeText("unclear", t("answers.change.unclear", ctx.lang, **span))
    by = format_difference(ctx, metric, result.difference)
    if result.detectable is None:
        unsure: ChangeKind = "same" if result.difference == 0 else "error_unknown"
        return ChangeText(unsure, t(f"answers.change.{unsure}", ctx.lang, difference=by, **span))
    kind: ChangeKind = "rise" if result.difference > 0 else "fall"
    return ChangeText(kind, t(f"answers.change.{kind}", ctx.lang, difference=by, **span))


def _yes_no(ctx: Context, difference: float, span: dict[str, str]) -> ChangeText:
    if difference == 0:
        return ChangeText("same", t("answers.change.answer_same", ctx.lang, **span))
    kind: ChangeKind = "rise" if difference > 0 else "fall"
    return ChangeText(kind, t(f"answers.change.answer_{kind}", ctx.lang, **span))


def describe_change_since_base(ctx: Context, metric: Metric, rows: Sequence[Row]) -> ChangeText:
    """The change of a country from the base year on; nothing where there are fewer than two figures.

    Args:
        ctx: for the language.
        metric: the indicator.
        rows: the country's primary national totals with values, by year.
    """
    figures = [row for row in rows if row["value"] is not None and (row["year"] or 0) >= BASE_YEAR]
    return change_text(ctx, metric, figures[0], figures[-1]) if len(figures) > 1 else NOTHING
