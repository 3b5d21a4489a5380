"""A chart in every form in which it leaves, whatever it is drawn from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.api.answers import CSV, JSON, PNG, SVG, XLSX, compact
from dashboard.charts.chart import Chart
from dashboard.charts.registry import Format
from dashboard.protection.admission import WorkPlaces
from dashboard.services.base.context import Context
from dashboard.services.base.csv_text import BOM, write_csv_file
from dashboard.services.base.words import describe_row_count
from dashboard.services.files import reuse
from dashboard.services.files.extract import Extract

MEDIA: dict[Format, str] = {
    "json": JSON, "vega": JSON, "svg": SVG, "png": PNG, "csv": CSV, "xlsx": XLSX, "metadata.json": JSON,
}  # fmt: skip
SAVED: tuple[Format, ...] = ("csv", "xlsx")
"""Forms that browsers save rather than show."""

DRAWING = WorkPlaces(2, waiting=240)
"""At most two images are drawn, or workbooks written, at once: each holds a thread and tens of megabytes. A tenth of a
second each, so many may wait: offices open whole galleries from one address."""

COMPILING = WorkPlaces(16, waiting=400)
"""Charts for pages: vl-convert takes one at a time, so they may not have all of the 40 threads, nor one address all of
their places."""

ADMITTED: dict[str, WorkPlaces] = {"svg": DRAWING, "png": DRAWING, "xlsx": DRAWING, "vega": COMPILING}
"""Form → the places in which it is made; the others take any thread."""


@dataclass(frozen=True, slots=True)
class ChartAsked:
    """A chart that is asked for: equal keys of one mark are the same chart."""

    mark: str  # the ``v`` of addresses that never change
    key: tuple[object, ...]
    name: str  # of its file, without the ending
    draw: Callable[[], Chart]
    about: Callable[[Chart], dict[str, Any]]  # the words a page shows around it
    table: Callable[[Chart], tuple[Sequence[str], Sequence[Mapping[str, Any]]]]  # columns and rows of its file
    extract: Callable[[], Extract] | None = None  # the rows with licences and citations, of a series


def written(asked: ChartAsked, form: Format, *, bom: bool = False) -> bytes:
    """The chart in a form.

    Args:
        asked: the chart; asked of its origin only here, where the answer is not known.
        form: one of its kind's.
        bom: whether a file of rows begins with the mark by which Excel knows UTF-8.
    """
    if asked.extract and form in ("xlsx", "metadata.json"):
        taken = asked.extract()
        return reuse.write_xlsx(taken) if form == "xlsx" else compact(reuse.describe_extract(taken))
    chart = asked.draw()
    if form == "csv":
        columns, rows = asked.table(chart)
        return (BOM if bom else b"") + write_csv_file(rows, columns)
    from dashboard.charts import render  # vl-convert: only where something is drawn
    from dashboard.charts.compiled import compile_chart

    if form in ("svg", "png"):
        return render.draw_svg(chart, titled=True).encode() if form == "svg" else render.draw_png(chart)
    shown = {**chart.spec, "usermeta": asked.about(chart)}
    return compact(compile_chart(shown) if form == "vega" else shown)


def about(ctx: Context, chart: Chart) -> dict[str, Any]:
    """The words around a chart that is of no indicator."""
    words: dict[str, Any] = {"title": chart.title, "subtitle": chart.subtitle, "rows": len(chart.rows)}
    words |= chart.words.by_name() | describe_row_count(ctx, len(chart.rows))
    if chart.note:
        words["note"] = chart.note
    return words | {"dataset": ctx.dataset.name}
