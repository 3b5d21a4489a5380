"""The figures of a country as rows of a report: value, year, nature, source, interval, change, status by a method."""

from collections.abc import Collection, Sequence

from dashboard.analysis.reports.content import Cell, Column
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, choose_latest, find_latest, has_figure, load_holdings
from dashboard.answers.base.words import join_sentences
from dashboard.answers.countries.views import CountryRow
from dashboard.answers.indicators.national import read_own_rows
from dashboard.answers.progress.statuses import name_method
from dashboard.answers.progress.views import ProgressVerdict
from dashboard.answers.reports.frame import build_columns, translate_word
from dashboard.answers.wording.views import Figure
from dashboard.locales import t


def list_rows_behind(ctx: Context, iso3: str, metrics: Collection[str] | None = None) -> list[Row]:
    """Return the rows of a country's figures, its own series last; None stands for all indicators."""
    metric_ids = load_holdings(ctx).latest if metrics is None else metrics
    rows = [find_latest(ctx, metric).get(iso3) for metric in metric_ids]
    own = [series for metric in ctx.book.metrics.values() for series in metric.national if series.country == iso3]
    rows += [choose_latest(read_own_rows(ctx, series)) for series in own]
    return [row for row in rows if row is not None and has_figure(row)]


def list_columns(ctx: Context, method: str) -> Sequence[Column]:
    """Return the columns of ``build_cells``."""
    return build_columns(ctx, {
        "indicator": 2.7, "value": (2.3, "number"), "shown": 0, "unit": 0, "lower": (0, "number"),
        "upper": (0, "number"), "interval": 0, "year": (0.7, "whole"), "nature": 1.25, "source": 2.3, "change": 2.2,
        "status": 2.8, "id": 0, "observation": 0,
    }, method=name_method(ctx, method))  # fmt: skip


def build_cells(ctx: Context, row: CountryRow, verdict: ProgressVerdict | None) -> Sequence[Cell | None]:
    """Return the cells of one figure of a country."""
    figure = row["figure"]
    return (
        Cell(row["name"], row["direction_text"]),
        build_value_cell(figure),
        Cell(figure["quantity"]),
        Cell(row["unit"]),
        build_number_cell(figure["lower"]),
        build_number_cell(figure["upper"]),
        Cell(figure["interval"]),
        build_year_cell(figure),
        build_nature_cell(figure),
        Cell(figure["source_text"], figure["edition"]),
        Cell(row["change_text"] or t("reports.no_change", ctx.lang)),
        build_status_cell(ctx, verdict),
        Cell(row["indicator"]),
        Cell(figure["id"]),
    )


def build_value_cell(figure: Figure) -> Cell:
    """Return the figure as the page shows it, its interval below it."""
    return Cell(figure["quantity"], figure["interval"], figure["value"], strong=True)


def build_number_cell(of: float | None) -> Cell | None:
    """Return a number for the workbook; None where there is none."""
    return None if of is None else Cell("", value=of)


def build_year_cell(figure: Figure) -> Cell:
    """Return the period as published, with the year as a number."""
    return Cell(figure["period"], value=figure["year"])


def build_nature_cell(figure: Figure) -> Cell:
    """Return how the figure came about, and its status unless it is normal."""
    return Cell(figure["nature_text"], figure["status_text"] if figure["status"] != "normal" else "")


def build_status_cell(ctx: Context, verdict: ProgressVerdict | None) -> Cell:
    """Return a line's status with its warnings, or why there is none and what can be said instead."""
    if verdict is None:
        return Cell(translate_word(ctx, "no_quantity"))
    if verdict["tone"] == "none":
        return Cell(translate_word(ctx, "no_status"), join_sentences([verdict["reason_text"]]))
    trend = t("ui.list.comma", ctx.lang).join(filter(None, (verdict["status_text"], verdict["trend_text"])))
    return Cell(trend, join_sentences([verdict["reason_text"], *verdict["warnings"]]))
