"""The picture of the mapping by address, in five forms."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BeforeValidator, Field

from dashboard.api.drawn import FORMS, Form, answers, drawn
from dashboard.api.parameters import Question
from dashboard.api.routes.read import INVALID, opened
from dashboard.services.mapping import picture
from dashboard.services.mapping.query import checked

router = APIRouter()


class MappingQuestion(Question):
    """What of the mapping is drawn."""

    side: Literal["", "principles", "rights", "goals"] = Field("", description="The last column. Default: principles.")
    strength: Literal["", "direct", "proxy", "enabling"] = Field("", description="Links of this strength only.")
    figures: Annotated[bool, BeforeValidator(lambda given: given == "1" if given in ("", "0", "1") else given)] = Field(
        False, description="`1`: only links whose indicator has figures."
    )
    country: str = Field("", description="ISO 3166-1 alpha-3 code: its figures and statuses.", max_length=80)
    pin: str = Field(
        "", description="The path looked at: theme, target and last node, `integrity,16.5,`.", max_length=190
    )
    theme: Literal["light", "dark"] = Field("light", description="Colours.")


MappingAsked = Annotated[MappingQuestion, Query()]


def _route(form: Form) -> Callable[[Request, MappingAsked], Awaitable[Response]]:
    async def chart(request: Request, question: MappingAsked) -> Response:
        ctx = await opened(question)
        query = checked(
            ctx, question.side, question.strength, question.figures, question.country, question.pin, question.theme
        )
        parts = [part for part in ("mapping", query.side, query.country, query.strength) if part]
        name = "_".join([*parts, ctx.today.isoformat()])
        return await drawn(
            request, ctx, ("mapping", query), form, lambda: (picture.chart_of(query), picture.COLUMNS), name
        )

    return chart


for _form in FORMS:
    router.add_api_route(
        f"/charts/mapping.{_form}",
        _route(_form),
        name=f"mapping_{_form}",
        summary="Themes, SDG targets and what they serve" + ("" if _form == "json" else f" as {_form.upper()}"),
        description="Every link from an indicator to an SDG target, and on to a principle, a reference or a goal.",
        response_class=Response,
        responses={**INVALID, **answers(_form)},
    )
