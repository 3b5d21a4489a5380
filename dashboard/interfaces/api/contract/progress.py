"""Verdicts on progress for the API: a flat row for each indicator, country and method."""

from collections.abc import Sequence
from typing import Any, NotRequired, cast

from typing_extensions import TypedDict

from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest
from dashboard.answers.progress.assessment import assess_lines, project_line_ranges
from dashboard.answers.progress.statuses import explain_reason, name_method, name_status


class VerdictRow(TypedDict):
    """The verdict of a method on a line, with its arithmetic. ``status`` means nothing without ``method``."""

    indicator: str
    country: str
    method: str
    method_name: str
    edition: str
    status: str | None
    status_text: str
    reason: str | None
    reason_text: str
    score: float | None
    trend: str | None
    base_year: int | None
    base_value: float | None
    latest_year: int | None
    latest_value: float | None
    figure_edition: str  # of the publisher; ``edition`` is that of the method
    points: int
    target: float | None
    observed: float | None
    required: float | None
    rate_unit: str | None
    projection: float | None
    projection_drawn: float | None
    flag: str | None
    range_middle: float | None
    range_low: float | None
    range_high: float | None
    range_level: float | None
    ratio: float | None
    gap: float | None
    base_score: float | None
    factor: float | None
    spread: float | None
    warnings: list[str]


class Verdicts(TypedDict):
    dataset: str
    as_of: str
    rows: list[VerdictRow]
    next: NotRequired[str | None]


COLUMNS = tuple(VerdictRow.__annotations__)


def list_verdicts(
    ctx: Context, indicators: Sequence[str], countries: Sequence[str], methods: Sequence[str]
) -> list[VerdictRow]:
    """Return verdicts by method, indicator and country; without indicators or countries, of all.

    The range belongs to the line, whatever the method: it is what the chart of the projection draws.
    """
    rows = assess_lines(ctx, metrics=indicators or None, countries=countries or None, methods=methods)
    ranges = project_line_ranges(ctx, indicators or None, countries or None)
    return [_build_row(ctx, row, ranges.get((row["indicator"], row["country"]))) for row in rows]


def build_answer(ctx: Context, rows: list[VerdictRow]) -> Verdicts:
    """Return verdicts with the dataset they are made from."""
    return Verdicts(dataset=ctx.dataset.name, as_of=ctx.today.isoformat(), rows=rows)


def write_verdicts_csv(rows: Sequence[VerdictRow]) -> bytes:
    """Return verdicts as CSV; warnings are joined by semicolons."""
    lines = [{**row, "warnings": "; ".join(row["warnings"])} for row in rows]
    return write_csv_file(lines, COLUMNS)


def _build_row(ctx: Context, row: dict[str, Any], line_range: dict[str, Any] | None) -> VerdictRow:
    from dashboard.analysis.measures.progress.ranges import LEVEL

    fields = {
        **{f"range_{name}": line_range[name] if line_range else None for name in ("middle", "low", "high")},
        "range_level": LEVEL if line_range else None,
        "figure_edition": find_latest(ctx, row["indicator"])[row["country"]]["edition"] or "",
        "method_name": name_method(ctx, row["method"]),
        "status_text": name_status(ctx, row["status"] or "", row["target"]),
        "reason_text": explain_reason(ctx, row["reason"] or ""),
    }
    return cast(VerdictRow, {name: fields[name] if name in fields else row[name] for name in COLUMNS})
