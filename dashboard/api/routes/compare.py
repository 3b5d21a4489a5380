"""Countries compared: JSON, CSV and XLSX of the same figures."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from dashboard.api.answers import CSV, JSON, XLSX, answer, compact
from dashboard.api.parameters import COUNTRY, INDICATOR, Codes, Countries, Years
from dashboard.api.routes.read import content, opened
from dashboard.services.base.context import Context
from dashboard.services.files import compare_file

router = APIRouter()


class CompareQuestion(Years):
    """Which countries on which indicators."""

    indicator: Codes = Field(min_length=1, description=INDICATOR + " Up to four.")
    country: Countries = Field(default_factory=list, description=COUNTRY + " Up to twelve.")


Parameters = Annotated[CompareQuestion, Query()]


async def _query(question: CompareQuestion) -> tuple[Context, compare_file.Question]:
    ctx = await opened(question)
    given = (tuple(question.indicator), tuple(question.country), question.first, question.last)
    return ctx, await run_in_threadpool(compare_file.check_question, ctx, given)


@router.get(
    "/compare",
    summary="Countries compared",
    response_class=Response,
    responses=content(JSON, "The latest figures, and for each indicator in what they differ, part by part."),
)
async def compare_json(request: Request, question: Parameters) -> Response:
    """The latest figure of each indicator and country in the period, and whether those figures measure the same."""
    ctx, query = await _query(question)
    return await answer(request, ctx, ("compare", query), lambda: compact(compare_file.answer(ctx, query)))


@router.get(
    "/compare.csv",
    summary="Countries compared, as CSV",
    response_class=Response,
    responses=content("text/csv", "A line per indicator and country."),
)
async def compare_csv(request: Request, question: Parameters) -> Response:
    """The same figures, no more and no fewer."""
    ctx, query = await _query(question)
    make = partial(compare_file.write_csv, ctx, query)
    return await answer(request, ctx, ("compare.csv", query), make, CSV, "compare.csv", save=True)


@router.get(
    "/compare.xlsx",
    summary="Countries compared, as a workbook",
    response_class=Response,
    responses=content(XLSX, "Sheets: figures, comparability, sources."),
)
async def compare_xlsx(request: Request, question: Parameters) -> Response:
    """The same figures with what keeps them from being compared, and their sources."""
    ctx, query = await _query(question)
    make = partial(compare_file.write_xlsx, ctx, query)
    return await answer(request, ctx, ("compare.xlsx", query), make, XLSX, "compare.xlsx", save=True)
