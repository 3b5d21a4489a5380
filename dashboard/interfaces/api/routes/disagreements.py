"""Where publishers, editions or a country's own office disagree, as JSON and CSV."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.answers.base.context import Context
from dashboard.answers.public import changes as shapes
from dashboard.answers.revisions import disagreements
from dashboard.interfaces.api.paging import answer_lines, answer_list
from dashboard.interfaces.api.parameters import DisagreementQuestion
from dashboard.interfaces.api.routes.read import FAULTS, describe_route, open_question

router = APIRouter()

PAGE = 1000
Parameters = Annotated[DisagreementQuestion, Query()]


async def _read_query(question: DisagreementQuestion) -> tuple[Context, disagreements.DisagreementQuery]:
    ctx = await open_question(question)
    choices = question.model_dump(include={"indicator", "group", "kind"})
    return ctx, await run_in_threadpool(lambda: disagreements.ask(ctx, tuple(question.country), **choices))


@router.get(
    "/disagreements.json",
    summary="Where publishers disagree",
    response_model=shapes.DisagreementAnswer,
    responses=FAULTS,
)
async def read_disagreements(request: Request, question: Parameters) -> Response:
    """Facts (indicator, country, year) of which something else than the figure shown is published, beyond rounding:
    by another publisher, by the country's own office in its own definition, or in an earlier edition."""
    ctx, query = await _read_query(question)
    make = partial(disagreements.answer_disagreements, ctx, query)
    return await answer_list(request, ctx, ("disagreements", query), question, make, max_rows=PAGE)


@router.get(
    "/disagreements.csv",
    summary="Where publishers disagree, as CSV",
    **describe_route("text/csv", "One line per disagreement."),
)
async def download_disagreements(request: Request, question: Parameters) -> Response:
    """Every disagreement a line, in the columns of the JSON rows."""
    ctx, query = await _read_query(question)
    make = partial(disagreements.write_disagreements_csv, ctx, query)
    return await answer_lines(request, ctx, ("disagreements.csv", query), question, make, "disagreements.csv")
