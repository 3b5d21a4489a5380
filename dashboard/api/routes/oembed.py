"""oEmbed: an editor that is given the address of a chart's frame asks here how to show it (oembed.com, 1.0)."""

from typing import Annotated, Literal
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from dashboard.api.answers import answer, compact, public_base
from dashboard.api.parameters import EmbedQuestion, read_lists
from dashboard.api.routes.read import FAULTS
from dashboard.locales import LANGUAGES, t
from dashboard.services.base.context import open_context
from dashboard.services.base.errors import Invalid
from dashboard.services.charts import build
from dashboard.services.files.share import write_frame_of
from dashboard.services.public import shapes
from dashboard.settings import settings

router = APIRouter()

NARROWEST, WIDEST = 240, 800


class OembedQuestion(BaseModel):
    """Which frame, and how large it may be."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(description="Address of a chart's frame: `…/embed/en/trend/?indicator=wgi_cc`.", max_length=2000)
    format: Literal["json"] = Field("json", description="Only JSON is given.")
    maxwidth: int | None = Field(None, ge=NARROWEST, le=10_000, description="Widest it may be, in pixels.")
    maxheight: int | None = Field(None, ge=100, le=10_000, description="Tallest it may be, in pixels.")


@router.get("/oembed", summary="How to show a chart's frame", response_model=shapes.Oembed, responses=FAULTS)
async def oembed(request: Request, question: Annotated[OembedQuestion, Query()]) -> Response:
    """The code of a frame, its title and size, as oEmbed's `rich` type. Other addresses than frames are unknown."""
    base = public_base(request, settings())
    asked = urlsplit(question.url)
    place = asked.path.strip("/").split("/")
    if (
        f"{asked.scheme}://{asked.netloc}" != base
        or len(place) != 3
        or place[0] != "embed"
        or place[1] not in LANGUAGES
    ):
        raise HTTPException(404, f"This is not the address of a chart's frame here: {base}/embed/…")
    try:
        shown = EmbedQuestion.model_validate(read_lists(EmbedQuestion, parse_qs(asked.query)))
    except ValidationError as error:
        raise Invalid("url", "; ".join(str(one["msg"]) for one in error.errors(include_url=False))) from error
    ctx = await run_in_threadpool(open_context, place[1], shown.as_of, shown.dataset)
    query = shown.of_chart(ctx, place[2], "light")
    width = min(WIDEST, question.maxwidth or WIDEST)
    height = min(query.shape.tall, question.maxheight or query.shape.tall)
    address = f"{base}{asked.path}" + (f"?{asked.query}" if asked.query else "")

    def tell() -> bytes:
        title = build.chart_of(query).title
        return compact(
            shapes.Oembed(
                version="1.0",
                type="rich",
                title=title,
                provider_name=t("ui.product.name", ctx.lang),
                provider_url=f"{base}/",
                html=write_frame_of(address, title, str(width), height),
                width=width,
                height=height,
            )
        )

    return await answer(request, ctx, ("oembed", query, address, width, height), tell)
