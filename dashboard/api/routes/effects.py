"""Adoption effects: a plan and its result, estimated once and kept by plan and figures."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.api.answers import JSON, compact
from dashboard.api.parameters import EffectQuestion
from dashboard.api.routes.read import FAULTS, opened
from dashboard.protection.rates import allowed
from dashboard.protection.requests import address_of
from dashboard.services.base.errors import Busy
from dashboard.services.effects import public
from dashboard.services.effects.estimates import known
from dashboard.services.effects.query import EffectQuery, ask
from dashboard.services.public import shapes

router = APIRouter()

LIVE = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
BUSY: dict[int | str, dict[str, Any]] = {
    **FAULTS,
    429: {"model": shapes.Problem, "description": "Too many plans; ask again after `Retry-After`."},
}


@router.get("/effects", summary="A plan and its result", response_model=public.EffectAnswer, responses=BUSY)
async def result_of(request: Request, question: Annotated[EffectQuestion, Query()]) -> Response:
    """The plan of these choices as it was fixed, and its result: estimated now, within seconds, where nobody asked yet.

    A plan that cannot be identified is an ordinary result: `not_identifiable` with all its reasons and no estimate. No
    estimate without its placebos.
    """
    address, ctx = address_of(request.scope), await opened(question)

    def begin() -> tuple[EffectQuery, bool]:
        query = ask(
            ctx, question.method, question.indicator, question.country, question.event, question.without, question.own,
            question.first, question.last,
        )  # fmt: skip
        return query, known(query) is not None

    query, there = await run_in_threadpool(begin)
    if not there and not await allowed("jobs", address):
        raise Busy("Your address has begun many plans; try again in a minute.")
    return Response(compact(await run_in_threadpool(public.effect_answer, query, address)), 200, LIVE, JSON)
