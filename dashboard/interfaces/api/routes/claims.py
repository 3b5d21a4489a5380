"""The claims of the public statement with today's answers: all, one, as a file, and due dates."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.answers.base.context import Context
from dashboard.answers.claims import statement
from dashboard.answers.claims.finding import SentCounts
from dashboard.interfaces.api.answers import JSON, answer, get_public_base
from dashboard.interfaces.api.contract.calendar import write_due_calendar
from dashboard.interfaces.api.contract.sent import count_sent_of_origin
from dashboard.interfaces.api.paging import answer_lines
from dashboard.interfaces.api.parameters import ListQuestion, Question
from dashboard.interfaces.api.routes.read import describe_route, open_question
from dashboard.settings import settings

router = APIRouter()

Parameters = Annotated[Question, Query()]
Name = Annotated[str, Path(description="Id of a claim.", examples=["S-16"], max_length=20)]


async def _open_claims(question: Question) -> tuple[Context, SentCounts]:
    ctx = await open_question(question)
    return ctx, await run_in_threadpool(count_sent_of_origin, ctx)


@router.get(
    "/claims",
    summary="The claims of the statement of April 2025, with today’s answers",
    **describe_route(JSON, "`counts` by answer, and `groups` of `claims`."),
)
async def read_claims(request: Request, question: Parameters) -> Response:
    """Each claim with its answer (shown, partly_shown, contradicted, said_not_shown, cannot_be_tested, due), the
    deciding figure, how it is tested, and who could supply what is missing. An answer says what can be shown here."""
    ctx, sent = await _open_claims(question)
    return await answer(request, ctx, ("claims", sent), lambda: statement.view_statement(ctx, sent))


@router.get(
    "/claims.csv",
    summary="The claims, with today’s answers, as CSV",
    **describe_route("text/csv", "One line per claim."),
)
async def download_claims(request: Request, question: Annotated[ListQuestion, Query()]) -> Response:
    """The claims in their order, one a line."""
    ctx, sent = await _open_claims(question)
    make = partial(statement.write_claims_csv, ctx, sent)
    return await answer_lines(request, ctx, ("claims.csv", sent), question, make, "claims.csv")


@router.get(
    "/claims/calendar.ics",
    summary="When what was announced is due",
    **describe_route("text/calendar", "RFC 5545; a day per claim with a due date."),
)
async def download_claims_calendar(request: Request, question: Parameters) -> Response:
    """The last day of the month in which a claim falls due."""
    ctx = await open_question(question)
    base = get_public_base(request, settings())
    return await answer(
        request,
        ctx,
        ("claims.ics", base),
        lambda: write_due_calendar(ctx, base),
        "text/calendar; charset=utf-8",
        filename="statement-due.ics",
    )


@router.get(
    "/claims/{name}",
    summary="One claim, with its answer by version of the dataset",
    **describe_route(JSON, "`claim` and its `history`."),
)
async def read_claim(request: Request, name: Name, question: Parameters) -> Response:
    """One claim; an unknown id is answered with ids there are. ``history`` has the answer each vintage gave."""
    ctx, sent = await _open_claims(question)
    found = statement.find_claim(ctx, name)
    return await answer(
        request,
        ctx,
        ("claim", found.id, sent),
        lambda: {"claim": statement.view_claim(ctx, found, sent), "history": statement.list_history(ctx, found, sent)},
    )
