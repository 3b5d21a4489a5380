"""Charts of counts of countries by address: specification, image and rows of the same picture."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from dashboard.api.contract import counted_charts
from dashboard.api.drawn import FORMS, Form, answers, drawn
from dashboard.api.parameters import CountsQuestion
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

Question = Annotated[CountsQuestion, Query()]


def _route(kind: counted_charts.Kind, form: Form) -> Callable[[Request, Question], Awaitable[Response]]:
    async def chart(request: Request, question: Question) -> Response:
        ctx = await opened(question)
        query = counted_charts.ask(ctx, kind, question.rule, question.theme)
        name = f"{KINDS[kind][2]}_{query.rule}_{ctx.today.isoformat()}"
        return await drawn(request, ctx, ("counted", query), form, lambda: counted_charts.drawn_of(query), name)

    return chart


for _kind, (_summary, _description, _file) in KINDS.items():
    for _form in FORMS:
        router.add_api_route(
            f"/charts/{_kind}.{_form}",
            _route(_kind, _form),
            name=f"{_kind}_{_form}",
            summary=_summary if _form == "json" else f"{_summary} as {_form.upper()}",
            description=_description,
            response_class=Response,
            responses={**INVALID, **answers(_form)},
        )
