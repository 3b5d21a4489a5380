"""Changes by vintage or between two days as JSON, CSV and Atom, and expected releases as a calendar."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.answers.base.context import Context
from dashboard.answers.base.lookup import find_countries, find_metric
from dashboard.answers.changes import between
from dashboard.answers.changes.query import BetweenQuery, ask_changes
from dashboard.answers.claims.finding import SentCounts
from dashboard.answers.holdings import observations
from dashboard.answers.public import changes as shapes
from dashboard.answers.revisions import news
from dashboard.interfaces.api.answers import answer, get_public_base
from dashboard.interfaces.api.contract import calendar, feed
from dashboard.interfaces.api.contract.sent import count_sent_of_origin
from dashboard.interfaces.api.paging import answer_lines, answer_list
from dashboard.interfaces.api.parameters import BetweenQuestion, ChangesQuestion, FeedQuestion, Question
from dashboard.interfaces.api.routes.read import FAULTS, describe_route, open_question
from dashboard.settings import settings

router = APIRouter()

ATOM = "application/atom+xml; charset=utf-8"
CALENDAR = "text/calendar; charset=utf-8"
PAGE = 1000


def _select_news(ctx: Context, question: FeedQuestion, **more: Any) -> news.NewsSelection:
    return news.select_news(
        ctx,
        question.since,
        question.until,
        indicators=tuple(find_metric(ctx, name).id for name in question.indicator),
        countries=find_countries(ctx, question.country),
        sources=tuple(question.source),
        **more,
    )


@router.get("/changes", summary="What each vintage brought", response_model=shapes.Changes, responses=FAULTS)
async def read_changes(request: Request, question: Annotated[ChangesQuestion, Query()]) -> Response:
    """Figures that are new, revised or gone, vintage by vintage (``steps=each``) or between two states (``steps=net``).

    Newest vintage first, ``limit`` rows at a time; follow ``next`` as ``cursor``. ``vintages`` counts all kinds, also
    those that ``kind`` leaves out of ``rows``.
    """
    ctx = await open_question(question)
    selection = _select_news(ctx, question, kinds=tuple(question.kind), net=question.steps == "net")
    limit = question.limit or PAGE
    start = observations.read_start(ctx, selection, question.cursor)
    return await answer(
        request,
        ctx,
        ("changes", selection, limit, start),
        lambda: news.read_page(ctx, selection, limit, start),
        filename="changes.json",
    )


async def _read_between(question: BetweenQuestion) -> tuple[Context, BetweenQuery, SentCounts]:
    ctx = await open_question(question)
    choices = question.model_dump(include={"method", "indicator", "goal", "group", "kind"})
    query = await run_in_threadpool(
        lambda: ask_changes(ctx, question.since or "", countries=tuple(question.country), **choices)
    )
    return ctx, query, await run_in_threadpool(count_sent_of_origin, ctx)


@router.get(
    "/changes/between.json",
    summary="What changed between two days, by name",
    response_model=shapes.BetweenAnswer,
    responses=FAULTS,
)
async def read_changes_between(request: Request, question: Annotated[BetweenQuestion, Query()]) -> Response:
    """National totals that pages show which were revised beyond rounding, are new or withdrawn; statuses that the
    method gives otherwise; latest figures that crossed a target; claims with another answer."""
    ctx, query, sent = await _read_between(question)
    return await answer_list(
        request,
        ctx,
        ("changes.between", query, sent),
        question,
        lambda: between.answer_changes(ctx, query, sent),
        max_rows=PAGE,
        filename="changes.json",
    )


@router.get(
    "/changes/between.csv",
    summary="What changed between two days, by name, as CSV",
    **describe_route("text/csv", "One line per change; figures one by one."),
)
async def download_changes_between(request: Request, question: Annotated[BetweenQuestion, Query()]) -> Response:
    """Every change a line, in the columns of the JSON rows."""
    ctx, query, sent = await _read_between(question)
    name = f"changes_{query.since.isoformat()}_{ctx.today.isoformat()}.csv"
    make = partial(between.write_changes_csv, ctx, query, sent)
    return await answer_lines(request, ctx, ("changes.between.csv", query, sent), question, make, name)


@router.get(
    "/changes.atom",
    summary="What each vintage brought, as a feed",
    **describe_route("application/atom+xml", "RFC 4287; newest first."),
)
async def download_feed(request: Request, question: Annotated[FeedQuestion, Query()]) -> Response:
    """One entry per vintage, the latest twenty: counts by publisher and edition, and the largest revisions."""
    ctx = await open_question(question)
    selection = _select_news(ctx, question)
    base = get_public_base(request, settings())
    own_address = f"{base}{request.url.path}" + (f"?{request.url.query}" if request.url.query else "")
    make = partial(feed.write_atom, ctx, selection, base, own_address)
    return await answer(
        request, ctx, ("changes.atom", selection, base, own_address), make, ATOM, filename="changes.atom"
    )


@router.get(
    "/calendar.ics",
    summary="When publishers are expected to have news",
    **describe_route("text/calendar", "RFC 5545; a day per database whose past editions let one be expected."),
)
async def download_calendar(request: Request, question: Annotated[Question, Query()]) -> Response:
    """By the dates of past editions of each database: an expectation of this monitor, no announcement."""
    ctx = await open_question(question)
    base = get_public_base(request, settings())
    make = partial(calendar.write_calendar, ctx, base)
    return await answer(request, ctx, ("calendar.ics", base), make, CALENDAR, filename="expected-releases.ics")
