"""Countries compared: JSON, CSV and XLSX of the same figures."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from dashboard.answers.base.context import Context
from dashboard.answers.files import compare_file
from dashboard.interfaces.api.answers import JSON, XLSX, answer
from dashboard.interfaces.api.paging import answer_lines
from dashboard.interfaces.api.parameters import COUNTRY, INDICATOR, Codes, Countries, Paged, Years
from dashboard.interfaces.api.routes.read import describe_route, open_question

router = APIRouter()


class CompareQuestion(Years):
    """Countries and indicators to compare."""

    indicator: Codes = Field(min_length=1, description=INDICATOR + " Up to four.")
    country: Countries = Field(default_factory=list, description=COUNTRY + " Up to twelve.")


class CompareLinesQuestion(Paged, CompareQuestion):
    """The part of the lines to return."""


Parameters = Annotated[CompareQuestion, Query()]
Lines = Annotated[CompareLinesQuestion, Query()]


async def _read_query(question: CompareQuestion) -> tuple[Context, compare_file.Question]:
    ctx = await open_question(question)
    choices = (tuple(question.indicator), tuple(question.country), question.first, question.last)
    return ctx, await run_in_threadpool(compare_file.check_question, ctx, choices)


@router.get(
    "/compare",
    summary="Countries compared",
    **describe_route(
        JSON,
        "The latest figures; the verdict on each pair (different, alike, cannot_tell) with its reason; and for each"
        " indicator in what they differ in kind, part by part.",
    ),
)
async def compare_countries(request: Request, question: Parameters) -> Response:
    """The latest figure of each indicator and country in the period, and whether those figures measure the same."""
    ctx, query = await _read_query(question)
    return await answer(request, ctx, ("compare", query), lambda: compare_file.answer(ctx, query))


@router.get(
    "/compare.csv",
    summary="Countries compared, as CSV",
    **describe_route("text/csv", "A line per indicator and country."),
)
async def download_comparison(request: Request, question: Lines) -> Response:
    """The same figures, no more and no fewer."""
    ctx, query = await _read_query(question)
    make = partial(compare_file.write_csv, ctx, query)
    return await answer_lines(request, ctx, ("compare.csv", query), question, make, "compare.csv")


@router.get(
    "/compare/pairs.csv",
    summary="Verdicts on pairs of countries, as CSV",
    **describe_route("text/csv", "A line per indicator and pair."),
)
async def download_pairs(request: Request, question: Lines) -> Response:
    """Whether the figures of each pair differ beyond the margin of error, all pairs of an indicator taken together."""
    ctx, query = await _read_query(question)
    make = partial(compare_file.write_pairs_csv, ctx, query)
    return await answer_lines(request, ctx, ("compare.pairs.csv", query), question, make, "compare_pairs.csv")


@router.get(
    "/compare.xlsx",
    summary="Countries compared, as a workbook",
    **describe_route(XLSX, "Sheets: figures, pairs, comparability, sources."),
)
async def download_comparison_workbook(request: Request, question: Parameters) -> Response:
    """The same figures with what keeps them from being compared, and their sources."""
    ctx, query = await _read_query(question)
    make = partial(compare_file.write_xlsx, ctx, query)
    return await answer(request, ctx, ("compare.xlsx", query), make, XLSX, "compare.xlsx", save=True)
