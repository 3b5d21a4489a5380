"""Adoption effects: fix a plan, follow its job, read its result; computed once and kept by plan and dataset."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.api.answers import JSON, compact
from dashboard.api.drawn import Drawn, Form, drawn
from dashboard.api.parameters import EffectChartQuestion, EffectPanelQuestion, EffectQuestion, Question
from dashboard.api.routes.read import FAULTS, opened
from dashboard.charts.kinds.effects import COLUMNS
from dashboard.charts.kinds.panel import COLUMNS as PANEL_COLUMNS
from dashboard.protection.rates import allowed
from dashboard.protection.requests import address_of
from dashboard.services.base.errors import Busy
from dashboard.services.base.lookup import find_metric
from dashboard.services.effects import charts, jobs, public
from dashboard.services.effects.panel import panel
from dashboard.services.effects.query import METHODS, ask, proposed_country
from dashboard.services.public import shapes

router = APIRouter()

Name = Annotated[str, Path(description="`job` of an answer.", examples=["0123456789abcdef-01234567"])]
Kind = Annotated[str, Path(description="`synthetic`, `gap` or `event_study`.")]
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


@router.get(
    "/effects/panel.{form}", summary="What an estimate would have to work with", response_class=Response,
    responses=FAULTS,
)  # fmt: skip
async def panel_of(request: Request, form: Form, question: Annotated[EffectPanelQuestion, Query()]) -> Response:
    """The countries that could be studied and the years they have figures of, before and since adoption; no figure.

    `admitted` of a row says whether an estimate can be tried, `reasons` what stands against it.
    """
    ctx = await opened(question)
    iso3 = question.country
    if not iso3 and question.method == METHODS[0]:
        iso3 = await run_in_threadpool(proposed_country, ctx, find_metric(ctx, question.indicator).id)
    asked = (question.method, question.indicator, iso3, question.event, tuple(question.without))

    def made() -> Drawn:
        query = ask(ctx, *asked, first=question.first, last=question.last)
        return panel(query, question.theme), PANEL_COLUMNS

    key = ("panel", *asked, question.first, question.last, question.theme)
    name = f"panel_{question.indicator}_{ctx.today.isoformat()}"
    return await drawn(request, ctx, key, form, made, name)


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


@router.get("/effects/{job}/{kind}.{form}", summary="A chart of a result", response_class=Response, responses=FAULTS)
async def chart(
    request: Request,
    job: Name,
    kind: Kind,
    form: Form,
    question: Annotated[EffectChartQuestion, Query()],
) -> Response:
    """Specification, picture or rows of a chart: `synthetic`, `gap` with the placebos, `event_study`."""
    ctx = await opened(question)
    key = ("effects", job, kind, question.theme)
    columns = COLUMNS.get(kind, ())  # type: ignore[call-overload]
    return await drawn(
        request, ctx, key, form, lambda: (charts.chart_of(ctx, job, kind, question.theme), columns), f"{kind}_{job}"
    )
