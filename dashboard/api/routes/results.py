"""The page on progress as files: the results frame, and goals × countries."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from dashboard.api.answers import CSV, JSON, XLSX, answer, compact
from dashboard.api.contract.named import as_v1
from dashboard.api.drawn import DRAWING
from dashboard.api.progress_parameters import MatrixQuestion, ResultsQuestion
from dashboard.api.routes.read import content, opened
from dashboard.services.adoption.counting import check_rule, list_adopters, list_origins
from dashboard.services.base.context import Context
from dashboard.services.base.words import sort_by_name
from dashboard.services.progress import results
from dashboard.services.progress.progress import build_matrix, check_method

router = APIRouter()


Framed = Annotated[ResultsQuestion, Query()]


async def _frame(
    request: Request,
    question: ResultsQuestion,
    form: str,
    media: str,
    make: Callable[[Context, results.ResultsQuery], bytes],
) -> Response:
    ctx = await opened(question)
    given = question.model_dump(include={"country", "method", "rule", "theme", "goal", "status", "sort"})
    query = results.ask(ctx, **given)
    return await answer(
        request,
        ctx,
        ("results", form, query),
        lambda: make(ctx, query),
        media,
        results.name_file(query, ctx, form),
        save=form != "json",
        admission=DRAWING if form == "xlsx" else None,
    )


@router.get(
    "/progress/results.json",
    summary="Results frame",
    response_class=Response,
    responses=content(JSON, "What the page shows: `rows`, and the sentences about them."),
)
async def results_json(request: Request, question: Framed) -> Response:
    """Baseline, milestones, target with its source, latest figure, status by a named method, evidence level."""
    return await _frame(
        request, question, "json", JSON, lambda ctx, asked: compact(as_v1(results.list_results(ctx, asked)))
    )


@router.get(
    "/progress/results.csv",
    summary="Results frame as CSV",
    response_class=Response,
    responses=content("text/csv", "The rows of the frame, no more and no fewer."),
)
async def results_csv(request: Request, question: Framed) -> Response:
    """The same rows in the same order."""
    return await _frame(request, question, "csv", CSV, results.write_csv)


@router.get(
    "/progress/results.xlsx",
    summary="Results frame as a workbook",
    response_class=Response,
    responses=content(XLSX, "Sheets: results, about."),
)
async def results_xlsx(request: Request, question: Framed) -> Response:
    """The same rows as a workbook (XLSX), with what they are of."""
    return await _frame(request, question, "xlsx", XLSX, results.write_xlsx)


@router.get(
    "/progress/matrix.json",
    summary="Goals × countries",
    response_class=Response,
    responses=content(JSON, "`goals`, `countries` and their `cells`, goal by goal."),
)
async def matrix_json(request: Request, question: Annotated[MatrixQuestion, Query()]) -> Response:
    """How many indicators with a direct link to a goal have which sign in the country of origin and in each adopter."""
    ctx = await opened(question)
    method, rule = check_method(question.method), check_rule(question.rule)
    countries = (*list_origins(ctx), *sort_by_name(ctx, list_adopters(ctx, rule)))
    return await answer(
        request, ctx, ("progress.matrix", method, rule), lambda: compact(as_v1(build_matrix(ctx, method, countries)))
    )
