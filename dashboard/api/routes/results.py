"""The page on progress as files: the results frame, and goals × countries."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from dashboard.api.answers import JSON, XLSX, answer, compact
from dashboard.api.drawn import DRAWING
from dashboard.api.paging import answer_lines, answer_list
from dashboard.api.parameters import GoalNumber, Paged, Question
from dashboard.api.routes.read import describe, opened
from dashboard.services.adoption.counting import check_rule, list_adopters, list_origins
from dashboard.services.base.context import Context
from dashboard.services.base.words import sort_by_name
from dashboard.services.progress import results
from dashboard.services.progress.progress import build_matrix, check_method

router = APIRouter()

METHOD = "How progress is judged: a method of `/api/v1/progress`. Default: `unsd_2026`, the custodian's newest."
RULE = "Which countries count as adopters: a counting rule of `/api/v1/meta`. Default: `signed`."
V1 = {"dataset_status": "stand", "assessed": "judged"}
"""Our name → the name in files and programs, which stays."""


class MatrixQuestion(Question):
    """Which method and which countries of goals × countries."""

    method: str = Field("unsd_2026", description=METHOD, max_length=60)
    rule: str = Field("signed", description=RULE, max_length=60)


class ResultsQuestion(Question):
    """Which results frame."""

    country: str = Field("", description="ISO 3166-1 alpha-3 code. Default: the programme.", max_length=80)
    method: str = Field("", description=METHOD, max_length=60)
    rule: str = Field("", description=RULE, max_length=60)
    theme: str = Field("", description="Indicators of a theme, for instance `integrity`.", max_length=60)
    goal: GoalNumber = Field(0, description="Indicators with a direct link to a target of this goal.")
    status: str = Field("", description="Rows with this status of the method; `refused`: without any.", max_length=60)
    sort: str = Field("", description="`name` (default), `status`, `theme` or `evidence`.", max_length=60)


class ResultsListQuestion(Paged, ResultsQuestion):
    """Which part of a results frame."""


Framed = Annotated[ResultsQuestion, Query()]
Listed = Annotated[ResultsListQuestion, Query()]


def as_v1(answer: Any) -> Any:
    """The answer with the names of version 1, in the same order."""
    if isinstance(answer, dict):
        return {V1.get(name, name): as_v1(value) for name, value in answer.items()}
    return [as_v1(value) for value in answer] if isinstance(answer, list) else answer


async def _query(question: ResultsQuestion) -> tuple[Context, results.ResultsQuery]:
    ctx = await opened(question)
    given = question.model_dump(include={"country", "method", "rule", "theme", "goal", "status", "sort"})
    return ctx, results.ask(ctx, **given)


@router.get(
    "/progress/results.json",
    summary="Results frame",
    **describe(JSON, "What the page shows: `rows`, and the sentences about them."),
)
async def results_json(request: Request, question: Listed) -> Response:
    """Baseline, milestones, target with its source, latest figure, status by a named method, evidence level."""
    ctx, query = await _query(question)
    return await answer_list(
        request,
        ctx,
        ("results", "json", query),
        question,
        lambda: as_v1(results.list_results(ctx, query)),
        filename=results.name_file(query, ctx, "json"),
    )


@router.get(
    "/progress/results.csv",
    summary="Results frame as CSV",
    **describe("text/csv", "The rows of the frame, no more and no fewer."),
)
async def results_csv(request: Request, question: Listed) -> Response:
    """The same rows in the same order."""
    ctx, query = await _query(question)
    name = results.name_file(query, ctx, "csv")
    make = partial(results.write_csv, ctx, query)
    return await answer_lines(request, ctx, ("results", "csv", query), question, make, name)


@router.get(
    "/progress/results.xlsx", summary="Results frame as a workbook", **describe(XLSX, "Sheets: results, about.")
)
async def results_xlsx(request: Request, question: Framed) -> Response:
    """The same rows as a workbook (XLSX), with what they are of."""
    ctx, query = await _query(question)
    return await answer(
        request,
        ctx,
        ("results", "xlsx", query),
        lambda: results.write_xlsx(ctx, query),
        XLSX,
        results.name_file(query, ctx, "xlsx"),
        save=True,
        admission=DRAWING,
    )


@router.get(
    "/progress/matrix.json",
    summary="Goals × countries",
    **describe(JSON, "`goals`, `countries` and their `cells`, goal by goal."),
)
async def matrix_json(request: Request, question: Annotated[MatrixQuestion, Query()]) -> Response:
    """How many indicators with a direct link to a goal have which sign in the country of origin and in each adopter."""
    ctx = await opened(question)
    method, rule = check_method(question.method), check_rule(question.rule)
    countries = (*list_origins(ctx), *sort_by_name(ctx, list_adopters(ctx, rule)))
    return await answer(
        request, ctx, ("progress.matrix", method, rule), lambda: compact(as_v1(build_matrix(ctx, method, countries)))
    )
