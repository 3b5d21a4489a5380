"""The adoption register as files: events, documents and activities."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.answers.adoption import documents, register
from dashboard.answers.adoption.activities import view_sent_activities
from dashboard.interfaces.api.answers import JSON
from dashboard.interfaces.api.contract.sent import list_sent_activities
from dashboard.interfaces.api.paging import answer_lines, answer_list
from dashboard.interfaces.api.parameters import ListQuestion, RegisterQuestion
from dashboard.interfaces.api.routes.read import describe_route, open_question

router = APIRouter()

Parameters = Annotated[RegisterQuestion, Query()]


@router.get(
    "/adoption.csv",
    summary="Events of the adoption register as CSV",
    **describe_route("text/csv", "One line per event."),
)
async def download_register(request: Request, question: Parameters) -> Response:
    """The events that the register's page shows for the same question, in the same order.

    ``counts`` says whether an event moves its country's status, ``counts_text`` why. Dates are as precise as known;
    ``from`` and ``to`` leave out events without any date.
    """
    ctx = await open_question(question)
    query = register.check_query(
        ctx,
        register.RegisterQuery(
            tuple(question.country),
            question.first,
            question.last,
            question.event,
            question.source,
            question.evidence,
            question.disputed,
            question.q,
            question.sort,
        ),
    )
    key = ("adoption.csv", query)
    make = partial(register.write_csv, ctx, query)
    return await answer_lines(request, ctx, key, question, make, "adoption_events.csv")


@router.get(
    "/adoption/documents.csv",
    summary="Laws, strategies, own targets, activities and texts as CSV",
    **describe_route("text/csv", "One line per document."),
)
async def download_documents(request: Request, question: Annotated[ListQuestion, Query()]) -> Response:
    """What was read of each country in excerpts, with how, how surely and where; no line moves a status."""
    ctx = await open_question(question)
    make = partial(documents.write_documents_csv, ctx)
    return await answer_lines(request, ctx, ("documents.csv",), question, make, "documents.csv")


@router.get(
    "/adoption/activities",
    summary="Activities under the Contribution Agreement, as its parties sent them",
    **describe_route(JSON, "`sent` with the newest first; `rows` count them by kind and continent (`columns`)."),
)
async def list_activities(request: Request, question: Annotated[ListQuestion, Query()]) -> Response:
    """Each with kind, title, date, countries, participants, link, who sent it and the receipt; of women only where
    neither they nor the other participants are fewer than ten."""
    ctx = await open_question(question)
    sent = await run_in_threadpool(list_sent_activities)
    make = partial(view_sent_activities, ctx, sent)
    return await answer_list(request, ctx, ("activities", sent), question, make, "sent")
