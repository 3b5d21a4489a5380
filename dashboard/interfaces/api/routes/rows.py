"""Observations as JSON by page, as CSV in a stream, and as a workbook."""

import zlib
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from dashboard.analysis.reports.csv_text import BOM
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.lookup import find_countries, find_metric, find_national
from dashboard.answers.base.stamp import write_stamp
from dashboard.answers.files import extract, reuse
from dashboard.answers.holdings import observations
from dashboard.answers.public import shapes
from dashboard.interfaces.api.answers import CSV, XLSX, answer, build_headers, compute_tag, is_unchanged, may_compress
from dashboard.interfaces.api.paging import link_next
from dashboard.interfaces.api.parameters import RowsFileQuestion, RowsQuestion, SelectionQuestion
from dashboard.interfaces.api.question_route import QuestionRoute
from dashboard.interfaces.api.routes.read import FAULTS, describe_route, open_question
from dashboard.interfaces.protection.admission import WorkPlaces

router = APIRouter(route_class=QuestionRoute)

Parameters = Annotated[RowsQuestion, Query()]
PAGE = 1000
_writing = WorkPlaces(1)
"""Workbooks are written one at a time: each is held in memory."""


def read_selection(ctx: Context, question: SelectionQuestion) -> observations.Selection:
    """Return the selection that a question's parameters describe.

    Raises:
        Unknown: no such indicator, country or series.
        Invalid: a national series of no or of several indicators.
    """
    metrics = [find_metric(ctx, name) for name in question.indicator]
    own = None
    if question.series not in ("primary", "all"):
        if len(metrics) != 1:
            raise Invalid("series", "Name the one indicator whose national series is asked for, or series=all.")
        own = find_national(metrics[0], question.series)
    return observations.Selection(
        indicators=tuple(metric.id for metric in metrics),
        countries=find_countries(ctx, question.country),
        first=question.first,
        last=question.last,
        totals=question.dimensions == "total",
        primary=question.series == "primary",
        national=(own.source, own.series) if own else None,
        series="" if question.series == "primary" else question.series,
    )


def _name_file(selection: observations.Selection, extension: str) -> str:
    parts = [*selection.indicators[:3], *selection.countries[:6]]
    if selection.first or selection.last:
        parts.append(f"{selection.first or ''}-{selection.last or ''}")
    return f"{'_'.join(parts)}.{extension}"


@router.get("/observations.json", summary="Observations", response_model=shapes.Rows, responses=FAULTS)
async def read_observations(request: Request, question: Parameters) -> Response:
    """Figures of the indicators and countries asked for, ``limit`` at a time; follow ``next`` as ``cursor`` for more.

    Order: indicator, country, year; within a year the primary series first, and in it the national total
    (``dimensions`` is ``{}``) first. So with one indicator, one country and ``from`` equal to ``to``, the first row is
    the value that pages show. Missing figures are rows with a null ``value`` and a ``status``.
    """
    ctx = await open_question(question)
    selection = read_selection(ctx, question)
    limit = question.limit or PAGE
    start = observations.read_start(ctx, selection, question.cursor)
    columns = observations.choose_columns(question.fields)
    key = ("observations.json", selection, limit, start, columns)
    return await answer(
        request,
        ctx,
        key,
        lambda: observations.read_page(ctx, selection, limit, start, columns),
        filename=_name_file(selection, "json"),
        quick=lambda: observations.has_few_rows(ctx, selection),
    )


def _compress(chunks: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)  # 31: with the header and trailer of gzip
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


@router.get(
    "/observations.csv",
    summary="Observations as CSV",
    **describe_route("text/csv", "The same columns as the JSON rows."),
)
async def download_observations(request: Request, question: Annotated[RowsFileQuestion, Query()]) -> Response:
    """The same rows in the same order and columns as the JSON, in one stream; ``dimensions`` is canonical JSON text.

    With ``limit``, the header ``Link`` with ``rel="next"`` leads to the rows after. A text cell that a spreadsheet
    would run as a formula starts with an apostrophe.
    """
    ctx = await open_question(question)
    selection = read_selection(ctx, question)
    start = observations.read_start(ctx, selection, question.cursor)
    coding = "gzip" if may_compress(request) else ""
    columns = observations.choose_columns(question.fields)
    key = (ctx.key, "observations.csv", selection, question.limit, start, question.bom, columns)
    tag = compute_tag(write_stamp(ctx), key, coding)
    headers: dict[str, Any] = build_headers(
        request, write_stamp(ctx), tag, CSV, _name_file(selection, "csv"), save=True
    )
    if is_unchanged(request, tag):
        del headers["Content-Type"]
        return Response(status_code=304, headers=headers)
    if question.limit is not None and start + question.limit < await run_in_threadpool(
        observations.count_selected, ctx, selection
    ):
        headers["Link"] = link_next(request, observations.make_cursor(ctx, selection, start + question.limit))
    mark = BOM if question.bom else b""
    chunks = await run_in_threadpool(observations.stream_csv, ctx, selection, question.limit, start, mark, columns)
    if coding:
        headers["Content-Encoding"] = coding
        chunks = _compress(chunks)
    return StreamingResponse(chunks, headers=headers)


@router.get(
    "/observations.xlsx",
    summary="Observations as a workbook",
    **describe_route(XLSX, "Data, dictionary, citations, caveats, about."),
)
async def download_observations_workbook(request: Request, question: Parameters) -> Response:
    """The same rows in the same order and columns as a workbook (XLSX): 50,000 at most, more as CSV."""
    ctx = await open_question(question)
    selection = read_selection(ctx, question)
    start, columns = (
        observations.read_start(ctx, selection, question.cursor),
        observations.choose_columns(question.fields),
    )

    def make() -> bytes:
        reuse.check_size(observations.count_selected(ctx, selection) - start, question.limit)
        return reuse.write_xlsx(extract.extract_observations(ctx, selection, question.limit, start, columns=columns))

    return await answer(
        request,
        ctx,
        ("observations.xlsx", selection, question.limit, start, columns),
        make,
        XLSX,
        _name_file(selection, "xlsx"),
        save=True,
        admission=_writing,
    )


@router.get(
    "/observations.metadata.json",
    summary="What the files of observations are",
    response_model=reuse.ViewMetadata,
    responses=FAULTS,
)
async def describe_observations(request: Request, question: Parameters) -> Response:
    """Unit, columns, sources with licences and hashes, citations, caveats, filters and addresses."""
    ctx = await open_question(question)
    selection, columns = read_selection(ctx, question), observations.choose_columns(question.fields)
    return await answer(
        request,
        ctx,
        ("observations.metadata.json", selection, columns),
        lambda: reuse.describe_extract(extract.extract_observations(ctx, selection, rows=False, columns=columns)),
        filename=_name_file(selection, "metadata.json"),
    )
