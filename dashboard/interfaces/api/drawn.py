"""Send a chart in every form, whatever it is drawn from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.analysis.charts.chart import Chart
from dashboard.analysis.charts.registry import Format
from dashboard.analysis.reports.csv_text import BOM, write_csv_file
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import describe_row_count
from dashboard.answers.files import reuse
from dashboard.answers.files.extract import Extract
from dashboard.interfaces.api.answers import CSV, JSON, PNG, SVG, XLSX, encode_json
from dashboard.interfaces.protection.admission import WorkPlaces

MEDIA: dict[Format, str] = {
    "json": JSON, "vega": JSON, "svg": SVG, "png": PNG, "csv": CSV, "xlsx": XLSX, "metadata.json": JSON,
}  # fmt: skip
SAVED: tuple[Format, ...] = ("csv", "xlsx")
"""Forms that browsers save rather than show."""

DRAWING = WorkPlaces(2, waiting=240)
"""Images and workbooks made at once, each with a thread and tens of megabytes; many may wait, since each takes a tenth
of a second and offices open whole galleries from one address.
"""

COMPILING = WorkPlaces(16, waiting=400)
"""Charts compiled for pages at once; vl-convert takes one at a time, so they must not fill all 40 threads."""

PLACES_BY_FORM: dict[str, WorkPlaces] = {"svg": DRAWING, "png": DRAWING, "xlsx": DRAWING, "vega": COMPILING}
"""The places in which a form is made; other forms use any thread."""


@dataclass(frozen=True, slots=True)
class RequestedChart:
    """A requested chart: equal keys of a mark are the same chart."""

    mark: str  # the ``v`` of addresses that never change
    key: tuple[object, ...]
    name: str  # of its file, without the ending
    draw: Callable[[], Chart]
    about: Callable[[Chart], dict[str, Any]]  # the words a page shows around it
    table: Callable[[Chart], tuple[Sequence[str], Sequence[Mapping[str, Any]]]]  # columns and rows of its file
    extract: Callable[[], Extract] | None = None  # the rows with licences and citations, of a series


def write_chart(asked: RequestedChart, form: Format, *, bom: bool = False) -> bytes:
    """Return a chart in a form; ``bom`` starts a CSV file with the mark by which Excel recognises UTF-8.

    The figures are read only here, where no cached answer exists.
    """
    if asked.extract and form in ("xlsx", "metadata.json"):
        taken = asked.extract()
        return reuse.write_xlsx(taken) if form == "xlsx" else encode_json(reuse.describe_extract(taken))
    chart = asked.draw()
    if form == "csv":
        columns, rows = asked.table(chart)
        return (BOM if bom else b"") + write_csv_file(rows, columns)
    from dashboard.analysis.charts import render  # vl-convert: only where something is drawn
    from dashboard.analysis.charts.compiled import compile_chart

    if form in ("svg", "png"):
        return render.draw_svg(chart, titled=True).encode() if form == "svg" else render.draw_png(chart)
    shown = {**chart.spec, "usermeta": asked.about(chart)}
    return encode_json(compile_chart(shown) if form == "vega" else shown)


def describe_chart(ctx: Context, chart: Chart) -> dict[str, Any]:
    """Return the words around a chart that belongs to no indicator."""
    words: dict[str, Any] = {"title": chart.title, "subtitle": chart.subtitle, "rows": len(chart.rows)}
    words |= chart.words.list_forms() | describe_row_count(ctx, len(chart.rows))
    if chart.note:
        words["note"] = chart.note
    return words | {"dataset": ctx.dataset.name}
