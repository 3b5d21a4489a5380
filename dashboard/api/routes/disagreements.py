"""Where publishers, editions or a country's own office disagree, as JSON and CSV."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.api.paging import answer_lines, answer_list
from dashboard.api.parameters import DisagreementQuestion
from dashboard.api.routes.read import FAULTS, describe, opened
from dashboard.services.base.context import Context
from dashboard.services.public import changes as shapes
from dashboard.services.revisions import disagreements

router = APIRouter()

PAGE = 1000
Parameters = Annotated[DisagreementQuestion, Query()]


async def _asked(question: DisagreementQuestion) -> tuple[Context, disagreements.DisagreementQuery]:
    ctx = await opened(question)
    given = question.model_dump(include={"indicator", "group", "kind"})
    return ctx, await run_in_threadpool(lambda: disagreements.ask(ctx, tuple(question.country), **given))


@router.get(
    "/disagreements.json",
    summary="Where publishers disagree",
    response_model=shapes.DisagreementAnswer,
    responses=FAULTS,
)
async def disagreements_json(request: Request, question: Parameters) -> Response:
    """Facts (indicator, country, year) of which something else than the figure shown is published, beyond rounding:
    by another publisher, by the country's own office in its own definition, or in an earlier edition."""
    ctx, query = await _asked(question)
    make = partial(disagreements.answer_disagreements, ctx, query)
    return await answer_list(request, ctx, ("disagreements", query), question, make, most=PAGE)


@router.get("/disagreements.csv", summary="The same as CSV", **describe("text/csv", "One line per disagreement."))
async def disagreements_csv(request: Request, question: Parameters) -> Response:
    """Every disagreement a line, in the columns of the JSON rows."""
    ctx, query = await _asked(question)
    make = partial(disagreements.write_disagreements_csv, ctx, query)
    return await answer_lines(request, ctx, ("disagreements.csv", query), question, make, "disagreements.csv")
