"""Adoption effects: fix a plan, follow its job, read its result; computed once and kept by plan and dataset."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.api.answers import CSV, JSON, PNG, SVG, answer, compact
from dashboard.api.parameters import EffectChartQuestion, EffectQuestion, Question
from dashboard.api.read import FAULTS, opened
from dashboard.services import public
from dashboard.services.effects import charting, jobs, public_effects
from dashboard.services.effects.asking import ask

router = APIRouter()

Name = Annotated[str, Path(description="`job` of an answer.", examples=["0123456789abcdef-01234567"])]
Kind = Annotated[str, Path(description="`synthetic`, `gap` or `event_study`.")]
LIVE = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
BUSY: dict[int | str, dict[str, Any]] = {
    **FAULTS,
    429: {"model": public.Problem, "description": "Too many jobs; ask again after `Retry-After`."},
}


def _told(value: object, status: int = 200) -> Response:
    return Response(compact(value), status, LIVE, JSON)


@router.post(
    "/effects",
    summary="Fix a plan and have it carried out",
    response_model=public_effects.Answer,
    status_code=202,
    responses=BUSY,
)
async def submit(question: Annotated[EffectQuestion, Query()]) -> Response:
    """Writes the plan down before anything is estimated; the same plan on the same dataset is carried out once.

    Answers at once with the job; its address gives progress and, in the end, the result. A plan that cannot be
    identified is an ordinary result: `not_identifiable` with all its reasons and no estimate.
    """
    ctx = await opened(question)

    def begin() -> public_effects.Answer:
        asked = ask(
            ctx, question.method, question.indicator, question.country, question.event, question.without, question.own,
            question.first, question.last,
        )  # fmt: skip
        return public_effects.answer(jobs.jobs().submit(asked)["job"])

    return _told(await run_in_threadpool(begin), 202)


@router.get("/effects/{job}", summary="A job and its result", response_model=public_effects.Answer, responses=FAULTS)
async def status(job: Name, question: Annotated[Question, Query()]) -> Response:
    """State, progress, the plan as it was fixed, and `result` once there is one. No estimate without its placebos."""
    return _told(await run_in_threadpool(public_effects.answer, job))


@router.delete("/effects/{job}", summary="Cancel a job", response_model=public_effects.Answer, responses=FAULTS)
async def cancel(job: Name) -> Response:
    """Ends a job that is not over; a finished one stays as it is."""

    def end() -> public_effects.Answer:
        jobs.jobs().cancel(job)
        return public_effects.answer(job)

    return _told(await run_in_threadpool(end))


@router.get("/effects/{job}/{kind}.{form}", summary="A chart of a result", response_class=Response, responses=FAULTS)
async def chart(
    request: Request,
    job: Name,
    kind: Kind,
    form: Literal["json", "vega", "svg", "png", "csv"],
    question: Annotated[EffectChartQuestion, Query()],
) -> Response:
    """Specification, picture or rows of a chart: `synthetic`, `gap` with the placebos, `event_study`."""
    ctx = await opened(question)
    make = {
        "json": lambda: compact(charting.specification(ctx, job, kind, question.theme)),
        "vega": lambda: compact(charting.drawing(ctx, job, kind, question.theme)),
        "svg": lambda: charting.svg(ctx, job, kind, question.theme),
        "png": lambda: charting.png(ctx, job, kind, question.theme),
        "csv": lambda: charting.csv(ctx, job, kind, question.theme),
    }[form]
    media = {"json": JSON, "vega": JSON, "svg": SVG, "png": PNG, "csv": CSV}[form]
    return await answer(
        request,
        ctx,
        ("effects", job, kind, form, question.theme),
        make,
        media,
        f"{kind}_{job}.{form}",
        save=form == "csv",
    )
