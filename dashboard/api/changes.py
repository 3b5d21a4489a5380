"""What each vintage brought: as JSON, a page at a time, and as an Atom feed (RFC 4287)."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from dashboard.api.answers import answer, compact
from dashboard.api.parameters import ChangesQuestion, FeedQuestion
from dashboard.api.read import FAULTS, opened
from dashboard.services import feed, news, observations, public_changes
from dashboard.services.context import Context
from dashboard.services.find import find_countries, find_metric
from dashboard.settings import settings

router = APIRouter()

ATOM = "application/atom+xml; charset=utf-8"
PAGE = 1000


def _selection(ctx: Context, question: FeedQuestion, **more: Any) -> news.Selection:
    return news.select(
        ctx,
        question.since,
        question.until,
        indicators=tuple(find_metric(ctx, name).id for name in question.indicator),
        countries=find_countries(ctx, question.country),
        sources=tuple(question.source),
        **more,
    )


@router.get("/changes", summary="What each vintage brought", response_model=public_changes.Changes, responses=FAULTS)
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
        lambda: compact(news.page(ctx, selection, limit, start)),
        filename="changes.json",
    )


@router.get(
    "/changes.atom",
    summary="What each vintage brought, as a feed",
    response_class=Response,
    responses={**FAULTS, 200: {"content": {"application/atom+xml": {}}, "description": "RFC 4287; newest first."}},
)
async def changes_atom(request: Request, question: Annotated[FeedQuestion, Query()]) -> Response:
    """One entry per vintage, the latest twenty: counts by publisher and edition, and the largest revisions."""
    ctx = await opened(question)
    selection = _selection(ctx, question)
    base = (settings().public_url or str(request.base_url)).rstrip("/")
    here = f"{base}{request.url.path}" + (f"?{request.url.query}" if request.url.query else "")
    return await answer(
        request,
        ctx,
        ("changes.atom", selection, base, here),
        lambda: feed.atom(ctx, selection, base, here),
        ATOM,
        filename="changes.atom",
    )
