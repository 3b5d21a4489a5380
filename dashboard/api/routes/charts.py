"""Charts by address: specification, image and rows of the same picture."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from dashboard.api.answers import CSV, JSON, PNG, SVG, XLSX, answer, compact
from dashboard.api.drawn import ADMITTED
from dashboard.api.parameters import ChartFileQuestion, ChartQuestion, QuestionRoute
from dashboard.api.routes.read import FAULTS, content, opened
from dashboard.charts.registry import KINDS
from dashboard.services.charts import build
from dashboard.services.charts.query import ChartQuery
from dashboard.services.files import extract, reuse
from dashboard.services.public import shapes

router = APIRouter(route_class=QuestionRoute)

*_FIRST, _LAST = (f"`{kind}`" for kind in KINDS)
Kind = Annotated[str, Path(description=f"{', '.join(_FIRST)} or {_LAST}.", examples=["trend"])]
Parameters = Annotated[ChartQuestion, Query()]

_GONE: dict[int | str, dict[str, Any]] = {
    410: {"model": shapes.Problem, "description": "The dataset version is no longer kept."}
}


async def _chart(
    request: Request,
    kind: str,
    question: ChartQuestion,
    form: str,
    media: str,
    make: Callable[[ChartQuery], bytes],
    *extra: object,
) -> Response:
    ctx = await opened(question, question.dataset)
    query = question.of_chart(ctx, kind)
    return await answer(
        request,
        ctx,
        ("chart", form, query, *extra),
        lambda: make(query),
        media,
        build.filename(query, form),
        save=form in ("csv", "xlsx"),
        admission=ADMITTED.get(form),
    )


@router.get(
    "/charts/{kind}.metadata.json",
    summary="What a chart's files are",
    response_model=reuse.ViewMetadata,
    responses=FAULTS | _GONE,
)
async def chart_metadata(request: Request, kind: Kind, question: Parameters) -> Response:
    """Title, sentence, unit, columns, sources with licences and hashes, citations, caveats, filters and addresses."""
    return await _chart(
        request,
        kind,
        question,
        "metadata.json",
        JSON,
        lambda query: compact(reuse.metadata(extract.of_chart(query))),
    )


@router.get(
    "/charts/{kind}.json",
    summary="A chart's specification",
    response_class=Response,
    responses=content(JSON, "Vega-Lite with named datasets; `usermeta` holds title, sentence, note, rows and dataset.")
    | _GONE,
)
async def chart_json(request: Request, kind: Kind, question: Parameters) -> Response:
    """The chart as Vega-Lite. Only ``datasets`` and ``usermeta`` change with the countries."""
    return await _chart(request, kind, question, "json", JSON, lambda query: compact(build.specification(query)))


@router.get(
    "/charts/{kind}.vega",
    summary="A chart as the pages draw it",
    response_class=Response,
    responses=content(JSON, "The same chart compiled to Vega, with the same `datasets` and `usermeta`.") | _GONE,
)
async def chart_vega(request: Request, kind: Kind, question: Parameters) -> Response:
    """The chart as Vega, which the pages draw without a compiler; the rows of its ``data`` are in ``datasets``."""
    return await _chart(request, kind, question, "vega", JSON, lambda query: compact(build.drawing(query)))


@router.get(
    "/charts/{kind}.svg",
    summary="A chart as SVG",
    response_class=Response,
    responses=content(SVG, "The picture, with title, sentence, source and date inside.") | _GONE,
)
async def chart_svg(request: Request, kind: Kind, question: Parameters) -> Response:
    """The chart as a scalable image that can stand alone."""
    return await _chart(request, kind, question, "svg", SVG, build.svg)


@router.get(
    "/charts/{kind}.png",
    summary="A chart as PNG",
    response_class=Response,
    responses=content(PNG, "The picture, with title, sentence, source and date inside.") | _GONE,
)
async def chart_png(request: Request, kind: Kind, question: Parameters) -> Response:
    """The chart as an image for documents."""
    return await _chart(request, kind, question, "png", PNG, build.png)


@router.get(
    "/charts/{kind}.csv",
    summary="A chart's rows",
    response_class=Response,
    responses=content("text/csv", "The rows drawn, no more and no fewer.") | _GONE,
)
async def chart_csv(request: Request, kind: Kind, question: Annotated[ChartFileQuestion, Query()]) -> Response:
    """The rows the chart draws, as CSV."""
    bom = question.bom
    return await _chart(request, kind, question, "csv", CSV, lambda query: build.csv(query, bom=bom), bom)


@router.get(
    "/charts/{kind}.xlsx",
    summary="A chart's rows as a workbook",
    response_class=Response,
    responses=content(XLSX, "Sheets: data, dictionary, citations, caveats, about.") | _GONE,
)
async def chart_xlsx(request: Request, kind: Kind, question: Parameters) -> Response:
    """The rows the chart draws as a workbook (XLSX), with dictionary, citations, caveats and the view's address."""
    return await _chart(request, kind, question, "xlsx", XLSX, lambda query: reuse.xlsx(extract.of_chart(query)))
