"""What changed, by vintage or between two days, as JSON, CSV and an Atom feed (RFC 4287); when news is expected
(RFC 5545)."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.api.answers import answer, compact, public_base
from dashboard.api.contract import calendar, feed
from dashboard.api.contract.sent import count_sent_of_origin
from dashboard.api.paging import answer_lines, answer_list
from dashboard.api.parameters import BetweenQuestion, ChangesQuestion, FeedQuestion, Question
from dashboard.api.routes.read import FAULTS, describe, opened
from dashboard.services.base.context import Context
from dashboard.services.base.lookup import find_countries, find_metric
from dashboard.services.changes import between
from dashboard.services.changes.query import BetweenQuery, ask
from dashboard.services.claims.finding import SentCounts
from dashboard.services.freshness.outcomes import mark
from dashboard.services.holdings import observations
from dashboard.services.public import changes as shapes
from dashboard.services.revisions import news
from dashboard.settings import settings

router = APIRouter()

ATOM = "application/atom+xml; charset=utf-8"
CALENDAR = "text/calendar; charset=utf-8"
PAGE = 1000


def _selection(ctx: Context, question: FeedQuestion, **more: Any) -> news.NewsSelection:
    return news.select(
        ctx,
        question.since,
        question.until,
        indicators=tuple(find_metric(ctx, name).id for name in question.indicator),
        countries=find_countries(ctx, question.country),
        sources=tuple(question.source),
        **more,
    )


@router.get("/changes", summary="What each vintage brought", response_model=shapes.Changes, responses=FAULTS)
async def changes(request: Request, question: Annotated[ChangesQuestion, Query()]) -> Response:
    """Figures that are new, revised or gone, vintage by vintage (``steps=each``) or between two states (``steps=net``).

    Newest vintage first, ``limit`` rows at a time; follow ``next`` as ``cursor``. ``vintages`` counts all kinds, also
    those that ``kind`` leaves out of ``rows``.
    """
    ctx = await opened(question)
    selection = _selection(ctx, question, kinds=tuple(question.kind), net=question.steps == "net")
    limit = question.limit or PAGE
    start = observations.start_of(ctx, selection, question.cursor)
    return await answer(
        request,
        ctx,
        ("changes", selection, limit, start),
        lambda: compact(news.read_page(ctx, selection, limit, start)),
        filename="changes.json",
    )


async def _between(question: BetweenQuestion) -> tuple[Context, BetweenQuery, SentCounts]:
    ctx = await opened(question)
    given = question.model_dump(include={"method", "indicator", "goal", "group", "kind"})
    query = await run_in_threadpool(lambda: ask(ctx, question.since or "", countries=tuple(question.country), **given))
    return ctx, query, await run_in_threadpool(count_sent_of_origin, ctx)


@router.get(
    "/changes/between.json",
    summary="What changed between two days, by name",
    response_model=shapes.BetweenAnswer,
    responses=FAULTS,
)
async def changes_between(request: Request, question: Annotated[BetweenQuestion, Query()]) -> Response:
    """National totals that pages show which were revised beyond rounding, are new or withdrawn; statuses that the
    method gives otherwise; latest figures that crossed a target; claims with another answer."""
    ctx, query, sent = await _between(question)
    return await answer_list(
        request,
        ctx,
        ("changes.between", query, sent),
        question,
        lambda: between.answer_changes(ctx, query, sent),
        most=PAGE,
        filename="changes.json",
    )


@router.get(
    "/changes/between.csv",
    summary="The same as CSV",
    **describe("text/csv", "One line per change; figures one by one."),
)
async def changes_between_csv(request: Request, question: Annotated[BetweenQuestion, Query()]) -> Response:
    """Every change a line, in the columns of the JSON rows."""
    ctx, query, sent = await _between(question)
    name = f"changes_{query.since.isoformat()}_{ctx.today.isoformat()}.csv"
    make = partial(between.write_changes_csv, ctx, query, sent)
    return await answer_lines(request, ctx, ("changes.between.csv", query, sent), question, make, name)


@router.get(
    "/changes.atom",
    summary="What each vintage brought, as a feed",
    **describe("application/atom+xml", "RFC 4287; newest first."),
)
async def changes_atom(request: Request, question: Annotated[FeedQuestion, Query()]) -> Response:
    """One entry per vintage, the latest twenty: counts by publisher and edition, and the largest revisions."""
    ctx = await opened(question)
    selection = _selection(ctx, question)
    base = public_base(request, settings())
    here = f"{base}{request.url.path}" + (f"?{request.url.query}" if request.url.query else "")
    make = partial(feed.atom, ctx, selection, base, here)
    return await answer(request, ctx, ("changes.atom", selection, base, here), make, ATOM, filename="changes.atom")


@router.get(
    "/calendar.ics",
    summary="When publishers are expected to have news",
    **describe("text/calendar", "RFC 5545; a day per database."),
)
async def calendar_ics(request: Request, question: Annotated[Question, Query()]) -> Response:
    """The last receipt of each database plus its usual interval: an expectation of this monitor, no announcement."""
    ctx = await opened(question)
    base = public_base(request, settings())
    seen = mark()
    make = partial(calendar.calendar, ctx, base, seen)
    return await answer(request, ctx, ("calendar.ics", base, seen), make, CALENDAR, filename="expected-releases.ics")
