"""The picture of the mapping by address, in five forms."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BeforeValidator, Field

from dashboard.api.answers import CSV, JSON, PNG, SVG, answer, compact
from dashboard.api.parameters import Question
from dashboard.api.routes.charts import DRAWING
from dashboard.api.routes.read import INVALID, opened
from dashboard.services.mapping import picture
from dashboard.services.mapping.query import MappingQuery, checked

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


FORMS: dict[str, tuple[str, str, Callable[[MappingQuery], bytes]]] = {
    "json": (
        JSON,
        "Vega-Lite with named datasets; `usermeta` holds title, sentence and row count.",
        lambda query: compact(picture.specification(query)),
    ),
    "vega": (
        JSON,
        "The same picture compiled to Vega, as the pages draw it.",
        lambda query: compact(picture.drawing(query)),
    ),
    "svg": (SVG, "The picture, with title, key, sentence, source and date inside.", picture.svg),
    "png": (PNG, "The picture, with title, key, sentence, source and date inside.", picture.png),
    "csv": (CSV, "Every link drawn, no more and no fewer, with its strength and reason.", picture.csv),
}
"""Form → media type, what the answer is, and what makes it."""

MappingAsked = Annotated[MappingQuestion, Query()]


def _route(form: str) -> Callable[[Request, MappingAsked], Awaitable[Response]]:
    media, _, make = FORMS[form]

    async def chart(request: Request, question: MappingAsked) -> Response:
        ctx = await opened(question)
        query = checked(
            ctx, question.side, question.strength, question.figures, question.country, question.pin, question.theme
        )
        name = "_".join(part for part in ("mapping", query.side, query.country, query.strength) if part)
        return await answer(
            request,
            ctx,
            ("mapping", form, query),
            lambda: make(query),
            media,
            f"{name}_{ctx.today.isoformat()}.{form}",
            save=form == "csv",
            admission=DRAWING if form in ("svg", "png") else None,
        )

    return chart


for _form, (_media, _words, _make) in FORMS.items():
    router.add_api_route(
        f"/charts/mapping.{_form}",
        _route(_form),
        name=f"mapping_{_form}",
        summary="Themes, SDG targets and what they serve" + ("" if _form == "json" else f" as {_form.upper()}"),
        description="Every link from an indicator to an SDG target, and on to a principle, a reference or a goal.",
        response_class=Response,
        responses={**INVALID, 200: {"content": {_media.partition(";")[0]: {}}, "description": _words}},
    )
