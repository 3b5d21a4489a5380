"""Reports by address: country brief, programme, statistical annex and statement as PDF and XLSX."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from dashboard.analysis.reports.forms import Form
from dashboard.answers.adoption.counting import DEFAULT_RULE
from dashboard.answers.progress.assessment import DEFAULT_METHOD
from dashboard.answers.reports import query as ask
from dashboard.answers.reports.files import read_file
from dashboard.interfaces.api.answers import PDF, XLSX, answer
from dashboard.interfaces.api.contract.sent import count_sent_of_origin
from dashboard.interfaces.api.parameters import Question
from dashboard.interfaces.api.routes.read import FAULTS, open_question
from dashboard.interfaces.protection.admission import WorkPlaces

router = APIRouter()

Iso3 = Annotated[str, Path(description="ISO 3166-1 alpha-3 code.", examples=["AZE"])]
Ending = Annotated[Literal["pdf", "xlsx"], Path(description="`pdf` or `xlsx`.", examples=["pdf"])]
MEDIA = {"pdf": PDF, "xlsx": XLSX}
ANSWERS: dict[int | str, dict[str, Any]] = {
    **FAULTS,
    200: {"content": {PDF: {}, XLSX: {}}, "description": "The same bytes for the same dataset version and parameters."},
}
_setting = WorkPlaces(1, counted=True)
"""Reports are made one at a time: each takes a second or two of a processor."""


class BriefQuestion(Question):
    """The method by which a brief judges."""

    method: str = Field(
        DEFAULT_METHOD,
        description="Method of progress, for instance `sdsn`. Default: `unsd_2026`, the custodian's newest.",
        max_length=60,
    )


class ProgrammeQuestion(BriefQuestion):
    """The countries that a report counts."""

    rule: str = Field(
        DEFAULT_RULE,
        description="Which countries: a counting rule of `/api/v1/meta`. Default: `signed`.",
        max_length=60,
    )


async def _answer_report(request: Request, query: ask.ReportQuery, form: Form) -> Response:
    return await answer(
        request,
        query.ctx,
        ("report", query.kind, query.iso3, query.method, query.rule, query.base, query.sent, form),
        lambda: read_file(query, form),
        MEDIA[form],
        query.filename(form),
        save=form == "xlsx",
        admission=_setting,
    )


@router.get("/reports/country/{iso3}.{form}", summary="Country brief", response_class=Response, responses=ANSWERS)
async def download_country_report(
    request: Request, iso3: Iso3, form: Ending, question: Annotated[BriefQuestion, Query()]
) -> Response:
    """Adoption with sources, satisfaction in three ways, figures with status by a method, national ones apart, gaps."""
    ctx = await open_question(question)
    query = ask.ask_country(ctx, iso3, question.method, str(request.base_url))
    return await _answer_report(request, query, form)


@router.get("/reports/brief/{iso3}.{form}", summary="Brief of two pages", response_class=Response, responses=ANSWERS)
async def download_brief(
    request: Request, iso3: Iso3, form: Ending, question: Annotated[BriefQuestion, Query()]
) -> Response:
    """Where a country stands among its peers, satisfaction, adoption and its main figures, on two pages."""
    ctx = await open_question(question)
    query = ask.ask_brief(ctx, iso3, question.method, str(request.base_url))
    return await _answer_report(request, query, form)


@router.get("/reports/programme.{form}", summary="Programme report", response_class=Response, responses=ANSWERS)
async def download_programme(
    request: Request, form: Ending, question: Annotated[ProgrammeQuestion, Query()]
) -> Response:
    """Which countries count by which rule, what is known of them, status by a method, the register of adoption."""
    ctx = await open_question(question)
    query = ask.ask_programme(ctx, question.method, question.rule, str(request.base_url))
    return await _answer_report(request, query, form)


@router.get("/reports/statement.{form}", summary="Report on the statement", response_class=Response, responses=ANSWERS)
async def download_statement(request: Request, form: Ending, question: Annotated[Question, Query()]) -> Response:
    """The 21 claims of April 2025 with today's answers, their figures, and who could supply what is missing."""
    ctx = await open_question(question)
    sent = await run_in_threadpool(count_sent_of_origin, ctx)
    return await _answer_report(request, ask.ask_statement(ctx, sent, str(request.base_url)), form)


@router.get("/reports/vnr/{iso3}.{form}", summary="Statistical annex", response_class=Response, responses=ANSWERS)
async def download_annex(
    request: Request, iso3: Iso3, form: Ending, question: Annotated[Question, Query()]
) -> Response:
    """For a voluntary national review: official indicators with trend by UNSD's method of 2026, proxies apart, gaps."""
    ctx = await open_question(question)
    query = ask.ask_annex(ctx, iso3, str(request.base_url))
    return await _answer_report(request, query, form)
