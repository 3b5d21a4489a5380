"""Effects of adoption: a plan and its result, estimated once and cached by plan and figures."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.answers.base.errors import Busy
from dashboard.answers.effects import public
from dashboard.answers.effects.estimates import find_result
from dashboard.answers.effects.query import EffectQuery, ask_plan
from dashboard.answers.public import shapes
from dashboard.interfaces.api.answers import JSON, encode_json
from dashboard.interfaces.api.parameters import EffectQuestion
from dashboard.interfaces.api.routes.read import FAULTS, open_question
from dashboard.interfaces.protection.rates import count_action
from dashboard.interfaces.protection.requests import get_address

router = APIRouter()

LIVE = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
FAULTS_OR_BUSY: dict[int | str, dict[str, Any]] = {
    **FAULTS,
    429: {"model": shapes.Problem, "description": "Too many plans; ask again after `Retry-After`."},
}


@router.get("/effects", summary="A plan and its result", response_model=public.EffectAnswer, responses=FAULTS_OR_BUSY)
async def read_effect(request: Request, question: Annotated[EffectQuestion, Query()]) -> Response:
    """The plan of these choices as it was fixed, and its result: estimated now, within seconds, where nobody asked yet.

    A plan that cannot be identified is an ordinary result: `not_identifiable` with all its reasons and no estimate. No
    estimate without its placebos.
    """
    address, ctx = get_address(request.scope), await open_question(question)

    def begin() -> tuple[EffectQuery, bool]:
        query = ask_plan(
            ctx, question.method, question.indicator, question.country, question.without, question.own,
            question.first, question.last, question.event,
        )  # fmt: skip
        return query, find_result(query) is not None

    query, is_known = await run_in_threadpool(begin)
    if not is_known and not await count_action("jobs", address):
        raise Busy("Your address has begun many plans; try again in a minute.")
    return Response(encode_json(await run_in_threadpool(public.answer_effect, query, address)), 200, LIVE, JSON)
