"""oEmbed 1.0: how an editor shows the frame of a chart."""

from typing import Annotated, Literal
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.charts import build
from dashboard.answers.files.share import write_frame_of
from dashboard.answers.public import shapes
from dashboard.interfaces.api.answers import answer, get_public_base
from dashboard.interfaces.api.parameters import EmbedQuestion, read_lists
from dashboard.interfaces.api.routes.read import FAULTS
from dashboard.locales import LANGUAGES, t
from dashboard.settings import settings

router = APIRouter()

MIN_WIDTH_PX, MAX_WIDTH_PX = 240, 800


class OembedQuestion(BaseModel):
    """The frame and its largest size."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(description="Address of a chart's frame: `…/embed/en/trend/?indicator=wgi_cc`.", max_length=2000)
    format: Literal["json"] = Field("json", description="Only JSON is given.")
    maxwidth: int | None = Field(None, ge=MIN_WIDTH_PX, le=10_000, description="Widest it may be, in pixels.")
    maxheight: int | None = Field(None, ge=100, le=10_000, description="Tallest it may be, in pixels.")


@router.get("/oembed", summary="How to show a chart's frame", response_model=shapes.Oembed, responses=FAULTS)
async def describe_embed(request: Request, question: Annotated[OembedQuestion, Query()]) -> Response:
    """The code of a frame, its title and size, as oEmbed's `rich` type. Other addresses than frames are unknown."""
    base = get_public_base(request, settings())
    address_parts = urlsplit(question.url)
    path_parts = address_parts.path.strip("/").split("/")
    if (
        f"{address_parts.scheme}://{address_parts.netloc}" != base
        or len(path_parts) != 3
        or path_parts[0] != "embed"
        or path_parts[1] not in LANGUAGES
    ):
        raise HTTPException(404, f"This is not the address of a chart's frame here: {base}/embed/…")
    try:
        chart_question = EmbedQuestion.model_validate(read_lists(EmbedQuestion, parse_qs(address_parts.query)))
    except ValidationError as error:
        raise Invalid("url", "; ".join(str(fault["msg"]) for fault in error.errors(include_url=False))) from error
    ctx = await run_in_threadpool(open_context, path_parts[1], chart_question.as_of, chart_question.dataset)
    query = chart_question.make_query(ctx, path_parts[2], "light")
    width = min(MAX_WIDTH_PX, question.maxwidth or MAX_WIDTH_PX)
    height = min(query.shape.tall, question.maxheight or query.shape.tall)
    address = f"{base}{address_parts.path}" + (f"?{address_parts.query}" if address_parts.query else "")

    def describe() -> shapes.Oembed:
        title = build.build_chart(query).title
        return shapes.Oembed(
            version="1.0",
            type="rich",
            title=title,
            provider_name=t("ui.product.name", ctx.lang),
            provider_url=f"{base}/",
            html=write_frame_of(address, title, str(width), height),
            width=width,
            height=height,
        )

    return await answer(request, ctx, ("oembed", query, address, width, height), describe)
