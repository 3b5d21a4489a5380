"""Charts by address: specification, image and rows of the same picture."""

from collections.abc import Callable
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from dashboard.api.answers import CSV, JSON, PNG, SVG, XLSX, answer, compact
from dashboard.api.parameters import ChartFileQuestion, ChartQuestion, PictureQuestion
from dashboard.api.read import FAULTS, opened
from dashboard.services import charting, extract, public, public_reuse
from dashboard.services.charting_compared import Compared

router = APIRouter()

KINDS = (
    "`trend`, `ranking`, `map`, `world`, `distribution`, `breakdown`, `multiples`, `slope`, `dumbbell`, `scatter`, "
    "`aligned`, `beside` or `projection`."
)
Kind = Annotated[str, Path(description=KINDS, examples=["trend"])]
Asked = Annotated[ChartQuestion, Query()]
DRAWING = anyio.CapacityLimiter(2)
"""At most two images are drawn, or workbooks written, at once: each holds a thread and tens of megabytes."""


_FAULTS = {**FAULTS, 410: {"model": public.Problem, "description": "The dataset version is no longer kept."}}


async def _chart(
    request: Request,
    kind: str,
    question: ChartQuestion,
    form: str,
    media: str,
    make: Callable[[charting.Asked], bytes],
    *extra: object,
) -> Response:
    ctx = await opened(question, question.dataset)
    asked = charting.ask(
        ctx,
        kind,
        question.indicator,
        tuple(question.country),
        question.first,
        question.last,
        question.theme,
        question.series,
        question.dimension,
        question.sort,
        Compared(question.other, question.event, question.unequal),
    )
    return await answer(
        request,
        ctx,
        ("chart", form, asked, *extra),
        lambda: make(asked),
        media,
        charting.filename(asked, form),
        save=form in ("csv", "xlsx"),
        limiter=DRAWING if form in ("svg", "picture", "png", "xlsx") else None,
    )


def _content(media: str, words: str) -> dict[int | str, dict[str, Any]]:
    return {**_FAULTS, 200: {"content": {media: {}}, "description": words}}


@router.get(
    "/charts/{kind}.metadata.json",
    summary="What a chart's files are",
    response_model=public_reuse.Metadata,
    responses=_FAULTS,
)
async def chart_metadata(request: Request, kind: Kind, question: Asked) -> Response:
    """Title, sentence, unit, columns, sources with licences and hashes, citations, caveats, filters and addresses."""
    return await _chart(
        request,
        kind,
        question,
        "metadata.json",
        JSON,
        lambda asked: compact(public_reuse.metadata(extract.of_chart(asked))),
    )


@router.get(
    "/charts/{kind}.json",
    summary="A chart's specification",
    response_class=Response,
    responses=_content(
        JSON, "Vega-Lite with named datasets; `usermeta` holds title, sentence, note, rows and dataset."
    ),
)
async def chart_json(request: Request, kind: Kind, question: Asked) -> Response:
    """The chart as Vega-Lite. Only ``datasets`` and ``usermeta`` change with the countries."""
    return await _chart(request, kind, question, "json", JSON, lambda asked: compact(charting.specification(asked)))


@router.get(
    "/charts/{kind}.vega",
    summary="A chart as the pages draw it",
    response_class=Response,
    responses=_content(JSON, "The same chart compiled to Vega, with the same `datasets` and `usermeta`."),
)
async def chart_vega(request: Request, kind: Kind, question: Asked) -> Response:
    """The chart as Vega, which the pages draw without a compiler; the rows of its ``data`` are in ``datasets``."""
    return await _chart(request, kind, question, "vega", JSON, lambda asked: compact(charting.drawing(asked)))


@router.get(
    "/charts/{kind}.picture",
    summary="A chart's drawing, before a page has drawn it",
    response_class=Response,
    responses=_content(SVG, "What the `.vega` of this address looks like in a place of this width, as SVG."),
)
async def chart_picture(request: Request, kind: Kind, question: Annotated[PictureQuestion, Query()]) -> Response:
    """The marks alone, with nothing around them: for pages with our fonts. To stand alone: ``charts/{kind}.svg``."""
    width = question.width
    return await _chart(request, kind, question, "picture", SVG, lambda asked: charting.picture(asked, width), width)


@router.get(
    "/charts/{kind}.svg",
    summary="A chart as SVG",
    response_class=Response,
    responses=_content(SVG, "The picture, with title, sentence, source and date inside."),
)
async def chart_svg(request: Request, kind: Kind, question: Asked) -> Response:
    """The chart as a scalable image that can stand alone."""
    return await _chart(request, kind, question, "svg", SVG, charting.svg)


@router.get(
    "/charts/{kind}.png",
    summary="A chart as PNG",
    response_class=Response,
    responses=_content(PNG, "The picture, with title, sentence, source and date inside."),
)
async def chart_png(request: Request, kind: Kind, question: Asked) -> Response:
    """The chart as an image for documents."""
    return await _chart(request, kind, question, "png", PNG, charting.png)


@router.get(
    "/charts/{kind}.csv",
    summary="A chart's rows",
    response_class=Response,
    responses=_content("text/csv", "The rows drawn, no more and no fewer."),
)
async def chart_csv(request: Request, kind: Kind, question: Annotated[ChartFileQuestion, Query()]) -> Response:
    """The rows the chart draws, as CSV."""
    bom = question.bom
    return await _chart(request, kind, question, "csv", CSV, lambda asked: charting.csv(asked, bom=bom), bom)


@router.get(
    "/charts/{kind}.xlsx",
    summary="A chart's rows as a workbook",
    response_class=Response,
    responses=_content(XLSX, "Sheets: data, dictionary, citations, caveats, about."),
)
async def chart_xlsx(request: Request, kind: Kind, question: Asked) -> Response:
    """The rows the chart draws as a workbook (XLSX), with dictionary, citations, caveats and the view's address."""
    return await _chart(request, kind, question, "xlsx", XLSX, lambda asked: public_reuse.xlsx(extract.of_chart(asked)))
