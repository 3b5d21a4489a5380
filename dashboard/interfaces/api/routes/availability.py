"""Which figures exist of which adopter: the matrix as JSON, its cells as CSV."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.answers.base.context import Context
from dashboard.answers.public import availability as shapes
from dashboard.answers.site import availability
from dashboard.interfaces.api.paging import answer_lines, answer_list
from dashboard.interfaces.api.parameters import AvailabilityQuestion
from dashboard.interfaces.api.routes.read import FAULTS, describe_route, open_question

router = APIRouter()

Parameters = Annotated[AvailabilityQuestion, Query()]


async def _read_query(question: AvailabilityQuestion) -> tuple[Context, availability.AvailabilityQuery]:
    ctx = await open_question(question)
    choices = question.model_dump(include={"theme", "goal", "source", "rule", "group", "gap", "sort"})
    return ctx, await run_in_threadpool(lambda: availability.ask(ctx, **choices))


@router.get(
    "/availability.json",
    summary="What there is of which adopter",
    response_model=shapes.Availability,
    responses=FAULTS,
)
async def read_availability(request: Request, question: Parameters) -> Response:
    """Adopters × indicators: years with a figure, the latest of them, and the kind of each gap.

    ``points``, ``first``, ``latest`` and ``gap`` of an indicator have a place per country, in their order.
    """
    ctx, query = await _read_query(question)
    make = partial(availability.view_availability, ctx, query)
    return await answer_list(request, ctx, ("availability.json", query), question, make, "indicators")


@router.get(
    "/availability.csv",
    summary="What there is of which adopter, as CSV",
    **describe_route("text/csv", "One line per cell, row by row."),
)
async def download_availability(request: Request, question: Parameters) -> Response:
    """The cells of the matrix, no more and no fewer: one line per indicator and country."""
    ctx, query = await _read_query(question)
    make = partial(availability.write_csv, ctx, query)
    return await answer_lines(request, ctx, ("availability.csv", query), question, make, "availability.csv")
