"""Charts of counts of countries by address: specification, image and rows of the same picture."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from dashboard.api.answers import CSV, JSON, PNG, SVG, answer, compact
from dashboard.api.contract import counted_charts
from dashboard.api.parameters import CountsQuestion
from dashboard.api.routes.charts import DRAWING
from dashboard.api.routes.read import INVALID, opened

router = APIRouter()

KINDS: dict[counted_charts.Kind, tuple[str, str, str]] = {
    "claims": (
        "Counts of countries over time",
        "Our counts by each rule as steps from dated events, and counts that others published as marks.",
        "counts_of_countries",
    ),
    "pipeline": (
        "The adoption pipeline",
        "How many countries had reached each rung of the register by when: dated events only.",
        "adoption-pipeline",
    ),
    "corruption": (
        "Control of corruption of adopters since 2012",
        "The figure of 2012 and the latest of each country the rule counts, and whether they differ beyond the errors.",
        "control-of-corruption",
    ),
    "lanes": (
        "Events of the register, a lane a country",
        "Every dated event of the origin and of the countries the rule counts; hollow where it is disputed.",
        "adoption-events",
    ),
}
"""Kind → summary, description and name of files."""

FORMS: dict[str, tuple[str, str, Callable[[counted_charts.CountedQuery], bytes]]] = {
    "json": (
        JSON,
        "Vega-Lite with named datasets; `usermeta` holds title, sentence and row count.",
        lambda query: compact(counted_charts.specification(query)),
    ),
    "vega": (
        JSON,
        "The same chart compiled to Vega, as the pages draw it.",
        lambda query: compact(counted_charts.drawing(query)),
    ),
    "svg": (SVG, "The picture, with title, sentence, source and date inside.", counted_charts.svg),
    "png": (PNG, "The picture, with title, sentence, source and date inside.", counted_charts.png),
    "csv": (CSV, "Every step and every count drawn, no more and no fewer.", counted_charts.csv),
}
"""Form → media type, what the answer is, and what makes it."""

Question = Annotated[CountsQuestion, Query()]


def _route(kind: counted_charts.Kind, form: str) -> Callable[[Request, Question], Awaitable[Response]]:
    media, _, make = FORMS[form]

    async def chart(request: Request, question: Question) -> Response:
        ctx = await opened(question)
        query = counted_charts.ask(ctx, kind, question.rule, question.theme)
        return await answer(
            request,
            ctx,
            ("counted", form, query),
            lambda: make(query),
            media,
            f"{KINDS[kind][2]}_{query.rule}_{ctx.today.isoformat()}.{form}",
            save=form == "csv",
            admission=DRAWING if form in ("svg", "png") else None,
        )

    return chart


for _kind, (_summary, _description, _file) in KINDS.items():
    for _form, (_media, _words, _make) in FORMS.items():
        router.add_api_route(
            f"/charts/{_kind}.{_form}",
            _route(_kind, _form),
            name=f"{_kind}_{_form}",
            summary=_summary if _form == "json" else f"{_summary} as {_form.upper()}",
            description=_description,
            response_class=Response,
            responses={**INVALID, 200: {"content": {_media.partition(";")[0]: {}}, "description": _words}},
        )
