"""What there is of which adopter: the matrix as JSON, its cells as CSV."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.api.paging import answer_lines, answer_list
from dashboard.api.parameters import AvailabilityQuestion
from dashboard.api.routes.read import FAULTS, describe, opened
from dashboard.services.base.context import Context
from dashboard.services.public import availability as shapes
from dashboard.services.site import availability

router = APIRouter()

Parameters = Annotated[AvailabilityQuestion, Query()]


async def _query(question: AvailabilityQuestion) -> tuple[Context, availability.AvailabilityQuery]:
    ctx = await opened(question)
    given = question.model_dump(include={"theme", "goal", "source", "rule", "group", "gap", "sort"})
    return ctx, await run_in_threadpool(lambda: availability.ask(ctx, **given))


@router.get(
    "/availability.json",
    summary="What there is of which adopter",
    response_model=shapes.Availability,
    responses=FAULTS,
)
async def availability_json(request: Request, question: Parameters) -> Response:
    """Adopters × indicators: years with a figure, the latest of them, and the kind of each gap.

    ``points``, ``first``, ``latest`` and ``gap`` of an indicator have a place per country, in their order.
    """
    ctx, query = await _query(question)
    make = partial(availability.view_availability, ctx, query)
    return await answer_list(request, ctx, ("availability.json", query), question, make, "indicators")


@router.get("/availability.csv", summary="The same as CSV", **describe("text/csv", "One line per cell, row by row."))
async def availability_csv(request: Request, question: Parameters) -> Response:
    """The cells of the matrix, no more and no fewer: one line per indicator and country."""
    ctx, query = await _query(question)
    make = partial(availability.write_csv, ctx, query)
    return await answer_lines(request, ctx, ("availability.csv", query), question, make, "availability.csv")
