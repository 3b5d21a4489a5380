"""Quoted figures, which are not observations: what is reported of services, and surveys of others."""

import hashlib
import json
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import AfterValidator, Field

from dashboard.accounts import audit
from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.stamp import write_stamp
from dashboard.answers.reported.figures import FILE_COLUMNS, PAGE_OPENED, file_rows
from dashboard.answers.surveys import figures as surveys
from dashboard.evidence.database.engine import open_engine
from dashboard.interfaces.api.paging import answer_lines, answer_list
from dashboard.interfaces.api.parameters import LANG, Paged, check_language
from dashboard.interfaces.api.routes.read import check_country
from dashboard.settings import settings

router = APIRouter()

FILE = "reported_figures.csv"
SURVEYS = "survey_figures.csv"


class ReportedQuestion(Paged):
    """The country and the part of the quoted figures."""

    lang: Annotated[str, AfterValidator(check_language)] = Field("en", description=LANG)
    country: str = Field("", description="ISO 3166-1 alpha-3 code. Default: all.", max_length=3)


@router.get("/reported-figures.csv", summary="What is reported of services", response_class=Response)
async def download_reported(request: Request, question: Annotated[ReportedQuestion, Query()]) -> Response:
    """Every figure with its sentence, speaker, publisher, day, address and what contradicts it, a line each."""
    ctx, country, marks, mark = await _open_with_marks(question)
    return await answer_lines(
        request,
        mark,
        (FILE, country, question.lang),
        question,
        lambda: write_csv_file(file_rows(ctx, marks, country), FILE_COLUMNS),
        FILE,
    )


@router.get("/reported-figures", summary="What is reported of services", response_class=Response)
async def read_reported(request: Request, question: Annotated[ReportedQuestion, Query()]) -> Response:
    """The same as `figures`: said by somebody on a day, in no median, rank, verdict, coverage or effect."""
    ctx, country, marks, mark = await _open_with_marks(question)
    return await answer_list(
        request,
        mark,
        ("reported", country, question.lang),
        question,
        lambda: {"figures": file_rows(ctx, marks, country)},
        "figures",
    )


@router.get("/survey-figures.csv", summary="What surveys of others found", response_class=Response)
async def download_surveys(request: Request, question: Annotated[ReportedQuestion, Query()]) -> Response:
    """Every survey result with question, population, organisation, sentence and address, a line each."""
    ctx, country = await _open_country(question)
    return await answer_lines(
        request,
        write_stamp(ctx),
        (SURVEYS, country, question.lang),
        question,
        lambda: write_csv_file(surveys.file_rows(ctx, country), surveys.FILE_COLUMNS),
        SURVEYS,
    )


@router.get("/survey-figures", summary="What surveys of others found", response_class=Response)
async def read_surveys(request: Request, question: Annotated[ReportedQuestion, Query()]) -> Response:
    """The same as `figures`: asked by somebody other than the office that serves. No two series may be joined."""
    ctx, country = await _open_country(question)
    return await answer_list(
        request,
        write_stamp(ctx),
        ("surveys", country, question.lang),
        question,
        lambda: {"figures": surveys.file_rows(ctx, country)},
        "figures",
    )


async def _open_country(question: ReportedQuestion) -> tuple[Context, str]:
    ctx = await to_thread.run_sync(open_context, question.lang)
    return ctx, check_country(question.country) if question.country else ""


async def _open_with_marks(question: ReportedQuestion) -> tuple[Context, str, dict[str, str], str]:
    """Return the context, the country, the reviewers' marks, and a hash that changes with them."""
    ctx, country = await _open_country(question)
    marks = await to_thread.run_sync(audit.find_newest_values, open_engine(settings()), PAGE_OPENED, "day")
    state = hashlib.sha256(json.dumps([write_stamp(ctx), marks], sort_keys=True).encode()).hexdigest()[:16]
    return ctx, country, marks, state
