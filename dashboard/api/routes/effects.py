"""Adoption effects: fix a plan, follow its job, read its result; computed once and kept by plan and dataset."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.api.answers import JSON, compact
from dashboard.api.parameters import EffectQuestion, Question
from dashboard.api.routes.read import FAULTS, opened
from dashboard.protection.rates import allowed
from dashboard.protection.requests import address_of
from dashboard.services.base.errors import Busy
from dashboard.services.effects import jobs, public
from dashboard.services.effects.query import ask
from dashboard.services.public import shapes

router = APIRouter()

Name = Annotated[str, Path(description="`job` of an answer.", examples=["0123456789abcdef-01234567"])]
Key = Annotated[
    str, Header(description="A secret of yours, of at least 16 characters.", max_length=200, pattern=r"^(.{16,})?$")
]
LIVE = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
BUSY: dict[int | str, dict[str, Any]] = {
    **FAULTS,
    429: {"model": shapes.Problem, "description": "Too many jobs; ask again after `Retry-After`."},
}


def _response(value: object, status: int = 200) -> Response:
    return Response(compact(value), status, LIVE, JSON)


@router.post(
    "/effects",
    summary="Fix a plan and have it carried out",
    response_model=public.Answer,
    status_code=202,
    responses=BUSY,
)
async def submit(request: Request, question: Annotated[EffectQuestion, Query()], x_job_key: Key = "") -> Response:
    """Writes the plan down before anything is estimated; the same plan on the same dataset is carried out once.

    Answers at once with the job; its address gives progress and, in the end, the result. A plan that cannot be
    identified is an ordinary result: `not_identifiable` with all its reasons and no estimate.

    With the header `X-Job-Key`, a secret of yours, you can cancel the job you began; without it nobody can.
    """
    address = address_of(request.scope)
    if not await allowed("jobs", address):
        raise Busy("Your address has begun many plans; try again in a minute.")
    ctx = await opened(question)

    def begin() -> public.Answer:
        query = ask(
            ctx, question.method, question.indicator, question.country, question.event, question.without, question.own,
            question.first, question.last,
        )  # fmt: skip
        return public.answer(jobs.jobs().submit(query, x_job_key, address)["job"])

    return _response(await run_in_threadpool(begin), 202)


@router.get("/effects/{job}", summary="A job and its result", response_model=public.Answer, responses=FAULTS)
async def status(job: Name, question: Annotated[Question, Query()]) -> Response:
    """State, progress, the plan as it was fixed, and `result` once there is one. No estimate without its placebos."""
    return _response(await run_in_threadpool(public.answer, job))


@router.delete("/effects/{job}", summary="Cancel a job", response_model=public.Answer, responses=FAULTS)
async def cancel(job: Name, x_job_key: Key = "") -> Response:
    """Ends a job of yours that is not over; a finished one stays as it is. `X-Job-Key` as it was when you began it."""

    def end() -> public.Answer:
        jobs.jobs().cancel(job, x_job_key)
        return public.answer(job)

    return _response(await run_in_threadpool(end))
