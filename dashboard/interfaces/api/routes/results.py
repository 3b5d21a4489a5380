"""The results frame and goals by countries as files."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from dashboard.answers.adoption.counting import check_rule, list_adopters, list_origins
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import sort_by_name
from dashboard.answers.progress import results
from dashboard.answers.progress.progress import build_matrix, check_method
from dashboard.interfaces.api.answers import JSON, XLSX, answer
from dashboard.interfaces.api.drawn import DRAWING
from dashboard.interfaces.api.paging import answer_lines, answer_list
from dashboard.interfaces.api.parameters import GoalNumber, Paged, Question
from dashboard.interfaces.api.routes.read import describe_route, open_question

router = APIRouter()

METHOD = "How progress is judged: a method of `/api/v1/progress`. Default: `unsd_2026`, the custodian's newest."
RULE = "Which countries count as adopters: a counting rule of `/api/v1/meta`. Default: `signed`."
V1_NAMES = {"dataset_status": "stand", "assessed": "judged"}
"""Our names, and the names in files and programs, which stay."""


class MatrixQuestion(Question):
    """The method and the countries of goals by countries."""

    method: str = Field("unsd_2026", description=METHOD, max_length=60)
    rule: str = Field("signed", description=RULE, max_length=60)


class ResultsQuestion(Question):
    """The choice of a results frame."""

    country: str = Field("", description="ISO 3166-1 alpha-3 code. Default: the programme.", max_length=80)
    method: str = Field("", description=METHOD, max_length=60)
    rule: str = Field("", description=RULE, max_length=60)
    theme: str = Field("", description="Indicators of a theme, for instance `integrity`.", max_length=60)
    goal: GoalNumber = Field(0, description="Indicators with a direct link to a target of this goal.")
    status: str = Field("", description="Rows with this status of the method; `refused`: without any.", max_length=60)
    sort: str = Field("", description="`name` (default), `status`, `theme` or `evidence`.", max_length=60)


class ResultsListQuestion(Paged, ResultsQuestion):
    """The part of a results frame to return."""


Framed = Annotated[ResultsQuestion, Query()]
Listed = Annotated[ResultsListQuestion, Query()]


def rename_to_v1(answer: Any) -> Any:
    """Return the answer with the names of version 1, in the same order."""
    if isinstance(answer, dict):
        return {V1_NAMES.get(name, name): rename_to_v1(value) for name, value in answer.items()}
    return [rename_to_v1(value) for value in answer] if isinstance(answer, list) else answer


async def _read_query(question: ResultsQuestion) -> tuple[Context, results.ResultsQuery]:
    ctx = await open_question(question)
    choices = question.model_dump(include={"country", "method", "rule", "theme", "goal", "status", "sort"})
    return ctx, results.ask(ctx, **choices)


@router.get(
    "/progress/results.json",
    summary="Results frame",
    **describe_route(JSON, "What the page shows: `rows`, and the sentences about them."),
)
async def read_results(request: Request, question: Listed) -> Response:
    """Baseline, milestones, target with its source, latest figure, status by a named method, evidence level."""
    ctx, query = await _read_query(question)
    return await answer_list(
        request,
        ctx,
        ("results", "json", query),
        question,
        lambda: rename_to_v1(results.list_results(ctx, query)),
        filename=results.name_file(query, ctx, "json"),
    )


@router.get(
    "/progress/results.csv",
    summary="Results frame as CSV",
    **describe_route("text/csv", "The rows of the frame, no more and no fewer."),
)
async def download_results(request: Request, question: Listed) -> Response:
    """The same rows in the same order."""
    ctx, query = await _read_query(question)
    name = results.name_file(query, ctx, "csv")
    make = partial(results.write_csv, ctx, query)
    return await answer_lines(request, ctx, ("results", "csv", query), question, make, name)


@router.get(
    "/progress/results.xlsx", summary="Results frame as a workbook", **describe_route(XLSX, "Sheets: results, about.")
)
async def download_results_workbook(request: Request, question: Framed) -> Response:
    """The same rows as a workbook (XLSX), with what they are of."""
    ctx, query = await _read_query(question)
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
    **describe_route(JSON, "`goals`, `countries` and their `cells`, goal by goal."),
)
async def read_matrix(request: Request, question: Annotated[MatrixQuestion, Query()]) -> Response:
    """How many indicators with a direct link to a goal have which sign in the country of origin and in each adopter."""
    ctx = await open_question(question)
    method, rule = check_method(question.method), check_rule(question.rule)
    countries = (*list_origins(ctx), *sort_by_name(ctx, list_adopters(ctx, rule)))
    return await answer(
        request,
        ctx,
        ("progress.matrix", method, rule),
        lambda: rename_to_v1(build_matrix(ctx, method, countries)),
    )
