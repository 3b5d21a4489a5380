"""The page on progress as files: the results frame, goals × countries, and the adoption pipeline as a chart."""

from collections.abc import Callable
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from dashboard.api.answers import CSV, JSON, PNG, SVG, XLSX, answer, compact
from dashboard.api.progress_parameters import MatrixQuestion, PipelineQuestion, ResultsQuestion
from dashboard.api.read import FAULTS, opened
from dashboard.services import pipeline, results
from dashboard.services.context import Context
from dashboard.services.counting import adopters, checked_rule, origins
from dashboard.services.progress import checked_method, matrix
from dashboard.services.words import by_name

router = APIRouter()
_drawing = anyio.CapacityLimiter(2)
"""At most two images are drawn, or workbooks written, at once."""


def content(media: str, words: str) -> dict[int | str, dict[str, Any]]:
    """What an answer that is no JSON is, for the documentation."""
    return {**FAULTS, 200: {"content": {media: {}}, "description": words}}


Framed = Annotated[ResultsQuestion, Query()]
Piped = Annotated[PipelineQuestion, Query()]


async def _frame(
    request: Request, question: ResultsQuestion, form: str, media: str, make: Callable[[Context, results.Asked], bytes]
) -> Response:
    ctx = await opened(question)
    given = question.model_dump(include={"country", "method", "rule", "theme", "goal", "status", "sort"})
    asked = results.ask(ctx, **given)
    return await answer(
        request,
        ctx,
        ("results", form, asked),
        lambda: make(ctx, asked),
        media,
        results.filename(asked, ctx, form),
        save=form != "json",
        limiter=_drawing if form == "xlsx" else None,
    )


@router.get(
    "/progress/results.json",
    summary="Results frame",
    response_class=Response,
    responses=content(JSON, "What the page shows: `rows`, and the sentences about them."),
)
async def results_json(request: Request, question: Framed) -> Response:
    """Baseline, milestones, target with its source, latest figure, status by a named method, evidence level."""
    return await _frame(request, question, "json", JSON, lambda ctx, asked: compact(results.results(ctx, asked)))


@router.get(
    "/progress/results.csv",
    summary="Results frame as CSV",
    response_class=Response,
    responses=content("text/csv", "The rows of the frame, no more and no fewer."),
)
async def results_csv(request: Request, question: Framed) -> Response:
    """The same rows in the same order."""
    return await _frame(request, question, "csv", CSV, results.csv)


@router.get(
    "/progress/results.xlsx",
    summary="Results frame as a workbook",
    response_class=Response,
    responses=content(XLSX, "Sheets: results, about."),
)
async def results_xlsx(request: Request, question: Framed) -> Response:
    """The same rows as a workbook (XLSX), with what they are of."""
    return await _frame(request, question, "xlsx", XLSX, results.xlsx)


@router.get(
    "/progress/matrix.json",
    summary="Goals × countries",
    response_class=Response,
    responses=content(JSON, "`goals`, `countries` and their `cells`, goal by goal."),
)
async def matrix_json(request: Request, question: Annotated[MatrixQuestion, Query()]) -> Response:
    """How many indicators with a direct link to a goal have which sign in the country of origin and in each adopter."""
    ctx = await opened(question)
    method, rule = checked_method(question.method), checked_rule(question.rule)
    countries = (*origins(ctx), *by_name(ctx, adopters(ctx, rule)))
    return await answer(
        request, ctx, ("progress.matrix", method, rule), lambda: compact(matrix(ctx, method, countries))
    )


async def _pipeline(
    request: Request, question: PipelineQuestion, form: str, media: str, make: Callable[[pipeline.Asked], bytes]
) -> Response:
    ctx = await opened(question)
    asked = pipeline.ask(ctx, question.rule, question.theme)
    return await answer(
        request,
        ctx,
        ("pipeline", form, asked),
        lambda: make(asked),
        media,
        f"adoption-pipeline_{asked.rule}_{ctx.today.isoformat()}.{form}",
        save=form == "csv",
        limiter=_drawing if form in ("svg", "png") else None,
    )


@router.get(
    "/charts/pipeline.json",
    summary="The adoption pipeline",
    response_class=Response,
    responses=content(JSON, "Vega-Lite with named datasets; `usermeta` holds title, sentence and row count."),
)
async def pipeline_json(request: Request, question: Piped) -> Response:
    """How many countries had reached each rung of the register by when: dated events only."""
    return await _pipeline(request, question, "json", JSON, lambda asked: compact(pipeline.specification(asked)))


@router.get(
    "/charts/pipeline.svg",
    summary="The adoption pipeline as SVG",
    response_class=Response,
    responses=content(SVG, "The picture, with title, sentence, source and date inside."),
)
async def pipeline_svg(request: Request, question: Piped) -> Response:
    """The chart as a scalable image that can stand alone."""
    return await _pipeline(request, question, "svg", SVG, pipeline.svg)


@router.get(
    "/charts/pipeline.png",
    summary="The adoption pipeline as PNG",
    response_class=Response,
    responses=content(PNG, "The picture, with title, sentence, source and date inside."),
)
async def pipeline_png(request: Request, question: Piped) -> Response:
    """The chart as an image for documents."""
    return await _pipeline(request, question, "png", PNG, pipeline.png)


@router.get(
    "/charts/pipeline.csv",
    summary="The steps of the adoption pipeline",
    response_class=Response,
    responses=content("text/csv", "One line per step, with its event."),
)
async def pipeline_csv(request: Request, question: Piped) -> Response:
    """The steps the chart draws, each with the event of the register it rests on."""
    return await _pipeline(request, question, "csv", CSV, pipeline.csv)
