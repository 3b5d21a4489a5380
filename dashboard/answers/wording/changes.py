"""What changed between two figures, in words: never an arrow inside the error, never a cause."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.analysis.measures.change import Change, measure_change
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row
from dashboard.answers.wording.citation import summarise_editions
from dashboard.answers.wording.editions import explain_no_error
from dashboard.answers.wording.evidence import is_claim
from dashboard.answers.wording.figures import format_value
from dashboard.answers.wording.publishers import is_unmodified_only
from dashboard.answers.wording.views import ChangeKind
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import format_number, format_quantity, has, t

BASE_YEAR = 2015
"""First year of the Sustainable Development Goals: the base is its figure, or else the first later one (UNSD)."""


HEADLINE, FIRST_CENTRE_YEAR = "wgi_cc", 2012
"""The indicator that the first page asks about, and the year of the first ASAN centre, from which it is told."""


@dataclass(frozen=True, slots=True)
class ChangeText:
    """A change as pages say it; ``kind`` is "" when there is nothing to compare or no comparison may be made."""

    kind: ChangeKind
    text: str


NOTHING = ChangeText("", "")


def format_difference(ctx: Context, metric: Metric, difference: float) -> str:
    """Format a signed difference with its unit; between percentages in percentage points."""
    unit = "percentage_points" if metric.unit == "percent" else metric.unit
    if unit == "yes_no":
        return format_number(difference, ctx.lang, 0, signed=True)
    return format_quantity(difference, unit, ctx.lang, metric.decimals, signed=True)


def change_text(ctx: Context, metric: Metric, earlier: Row, later: Row) -> ChangeText:
    """Describe the change from one row to a later one of the same country."""
    if any(is_claim(metric, row) for row in (earlier, later)):
        return ChangeText("", t("answers.change.refused_claim", ctx.lang))
    if any(is_unmodified_only(row["source"]) for row in (earlier, later) if "source" in row):
        return ChangeText("", t("answers.change.refused_licence", ctx.lang))
    if not metric.line and metric.unit != "yes_no":  # a yes stays a yes, as methods of progress have it
        return ChangeText("", t("answers.change.refused_points", ctx.lang))
    return _describe(ctx, metric, measure_change(earlier, later, breaks=metric.break_years), earlier, later)


def _describe(ctx: Context, metric: Metric, result: Change, earlier: Row, later: Row) -> ChangeText:
    span = {"first": str(earlier["year"]), "last": str(later["year"])}
    if result.difference is None:
        key = f"answers.change.refused_{result.reason}"
        names = {
            name: summarise_editions(ctx, (row["edition"],)) for name, row in (("before", earlier), ("after", later))
        }
        return ChangeText("", t(key, ctx.lang, **span, **names) if has(key) else "")
    if metric.unit == "yes_no":
        return _yes_no(ctx, result.difference, span)
    by = format_difference(ctx, metric, result.difference)
    ends = {"before": format_value(ctx, metric, earlier["value"]), "after": format_value(ctx, metric, later["value"])}
    if result.detectable is False:
        return ChangeText("unclear", t("answers.change.unclear", ctx.lang, difference=by, **ends, **span))
    if result.detectable is None:
        unsure: ChangeKind = "same" if result.difference == 0 else "error_unknown"
        if metric.has_published_errors:
            reason = explain_no_error(ctx, (later["edition"],))
            return ChangeText(
                "error_unknown", t("answers.change.no_error", ctx.lang, difference=by, reason=reason, **span)
            )
        return ChangeText(unsure, t(f"answers.change.{unsure}", ctx.lang, difference=by, **span))
    kind: ChangeKind = "rise" if result.difference > 0 else "fall"
    return ChangeText(kind, t(f"answers.change.{kind}", ctx.lang, difference=by, **ends, **span))


def _yes_no(ctx: Context, difference: float, span: dict[str, str]) -> ChangeText:
    if difference == 0:
        return ChangeText("same", t("answers.change.answer_same", ctx.lang, **span))
    kind: ChangeKind = "rise" if difference > 0 else "fall"
    return ChangeText(kind, t(f"answers.change.answer_{kind}", ctx.lang, **span))


def find_base_year(metric: Metric) -> int:
    """Return the year from which an indicator's changes are measured, the same on all pages."""
    return FIRST_CENTRE_YEAR if metric.id == HEADLINE else BASE_YEAR


def describe_change_since_base(ctx: Context, metric: Metric, rows: Sequence[Row]) -> ChangeText:
    """Describe a country's change since the base year; nothing with fewer than two figures.

    Args:
        rows: the country's primary national totals with values, by year.
    """
    figures = [row for row in rows if row["value"] is not None and (row["year"] or 0) >= find_base_year(metric)]
    return change_text(ctx, metric, figures[0], figures[-1]) if len(figures) > 1 else NOTHING
