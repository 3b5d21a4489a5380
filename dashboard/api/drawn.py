"""A chart that is not of an indicator, in its five forms: the register's, the mapping's, those of an effect."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

from fastapi import Request
from fastapi.responses import Response

from dashboard.api.answers import CSV, JSON, PNG, SVG, answer, compact
from dashboard.charts import Chart, render
from dashboard.charts.compiled import compiled
from dashboard.protection.admission import WorkPlaces
from dashboard.services.base.context import Context
from dashboard.services.base.csv_text import csv_file
from dashboard.services.base.words import rows_words

Form = Literal["json", "vega", "svg", "png", "csv"]
FORMS: tuple[Form, ...] = get_args(Form)
MEDIA: dict[Form, str] = {"json": JSON, "vega": JSON, "svg": SVG, "png": PNG, "csv": CSV}
WORDS: dict[Form, str] = {
    "json": "Vega-Lite with named datasets; `usermeta` holds title, sentence and row count.",
    "vega": "The same chart compiled to Vega, as the pages draw it.",
    "svg": "The picture, with title, sentence, source and date inside.",
    "png": "The picture, with title, sentence, source and date inside.",
    "csv": "Every row drawn, no more and no fewer.",
}
"""Form → what the answer is."""

DRAWING = WorkPlaces(2)
"""At most two images are drawn, or workbooks written, at once: each holds a thread and tens of megabytes."""

COMPILING = WorkPlaces(16, waiting=400)
"""Charts for pages: vl-convert takes one at a time, so they may not have all of the 40 threads, nor one address all of
their places."""

ADMITTED: dict[str, WorkPlaces] = {"svg": DRAWING, "png": DRAWING, "xlsx": DRAWING, "vega": COMPILING}
"""Form → the places in which it is made; the others take any thread."""

Drawn = tuple[Chart, Sequence[str]]
"""A chart with the columns of its rows."""


def specification(ctx: Context, chart: Chart) -> dict[str, Any]:
    """Vega-Lite with named datasets; ``usermeta`` holds the words a page shows around it."""
    about: dict[str, Any] = {
        "title": chart.title, "subtitle": chart.subtitle, "sentence": chart.sentence, "rows": len(chart.rows),
    }  # fmt: skip
    about |= rows_words(ctx, len(chart.rows))
    if chart.note:
        about["note"] = chart.note
    return {**chart.spec, "usermeta": {**about, "dataset": ctx.dataset.name}}


def csv(chart: Chart, columns: Sequence[str]) -> bytes:
    """The rows drawn, no more and no fewer."""
    return csv_file(chart.rows, columns)


async def drawn(
    request: Request, ctx: Context, key: tuple[object, ...], form: Form, make: Callable[[], Drawn], name: str
) -> Response:
    """The answer in a form.

    Args:
        request: the request, for its conditions.
        ctx: what the answer is asked of.
        key: the question: equal keys are the same chart.
        form: how it leaves.
        make: gives the chart; asked only where the answer is not known.
        name: of its file, without the ending.
    """

    def body() -> bytes:
        chart, columns = make()
        if form == "csv":
            return csv(chart, columns)
        if form == "svg":
            return render.svg(chart).encode()
        if form == "png":
            return render.png(chart)
        shown = specification(ctx, chart)
        return compact(compiled(shown) if form == "vega" else shown)

    return await answer(
        request, ctx, (*key, form), body, MEDIA[form], f"{name}.{form}", save=form == "csv",
        admission=ADMITTED.get(form),
    )  # fmt: skip


def answers(form: Form) -> dict[int | str, dict[str, Any]]:
    """What the description of the API says of the answer in a form."""
    return {200: {"content": {MEDIA[form].partition(";")[0]: {}}, "description": WORDS[form]}}
