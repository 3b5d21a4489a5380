"""The events of the adoption register as a file, and counts of countries over time as a chart by address."""

from collections.abc import Callable
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from dashboard.api.answers import CSV, JSON, PNG, SVG, answer, compact
from dashboard.api.parameters import CountsQuestion, RegisterQuestion
from dashboard.api.read import FAULTS, INVALID, opened
from dashboard.services import claims_chart, register

router = APIRouter()

Asked = Annotated[RegisterQuestion, Query()]
Counts = Annotated[CountsQuestion, Query()]
_drawing = anyio.CapacityLimiter(1)


@router.get(
    "/adoption.csv",
    summary="Events of the adoption register as CSV",
    response_class=Response,
    responses={**FAULTS, 200: {"content": {"text/csv": {}}, "description": "One line per event."}},
)
async def adoption_csv(request: Request, question: Asked) -> Response:
    """The events that the register's page shows for the same question, in the same order.

    ``counts`` says whether an event moves its country's status, ``counts_text`` why. Dates are as precise as known;
    ``from`` and ``to`` leave out events without any date.
    """
    ctx = await opened(question)
    asked = register.ask(
        ctx,
        tuple(question.country),
        question.first,
        question.last,
        question.event,
        question.source,
        question.evidence,
        question.disputed,
        question.q,
        question.sort,
    )
    key = ("adoption.csv", asked)
    return await answer(request, ctx, key, lambda: register.csv(ctx, asked), CSV, "adoption_events.csv", save=True)


async def _chart(
    request: Request, question: CountsQuestion, form: str, media: str, make: Callable[[claims_chart.Asked], bytes]
) -> Response:
    ctx = await opened(question)
    asked = claims_chart.ask(ctx, question.rule, question.theme)
    return await answer(
        request,
        ctx,
        ("claims", form, *asked[1:]),
        lambda: make(asked),
        media,
        f"counts_of_countries_{asked[1]}_{ctx.today.isoformat()}.{form}",
        save=form == "csv",
        limiter=_drawing if form in ("svg", "png") else None,
    )


def _content(media: str, words: str) -> dict[int | str, dict[str, Any]]:
    return {**INVALID, 200: {"content": {media: {}}, "description": words}}


@router.get(
    "/charts/claims.json",
    summary="Counts of countries over time",
    response_class=Response,
    responses=_content(JSON, "Vega-Lite with named datasets; `usermeta` holds title, sentence and row count."),
)
async def claims_json(request: Request, question: Counts) -> Response:
    """Our counts by each rule as steps from dated events, and counts that others published as marks."""
    return await _chart(request, question, "json", JSON, lambda asked: compact(claims_chart.specification(asked)))


@router.get(
    "/charts/claims.svg",
    summary="Counts of countries over time as SVG",
    response_class=Response,
    responses=_content(SVG, "The picture, with title, sentence, source and date inside."),
)
async def claims_svg(request: Request, question: Counts) -> Response:
    """The chart as a scalable image that can stand alone."""
    return await _chart(request, question, "svg", SVG, claims_chart.svg)


@router.get(
    "/charts/claims.png",
    summary="Counts of countries over time as PNG",
    response_class=Response,
    responses=_content(PNG, "The picture, with title, sentence, source and date inside."),
)
async def claims_png(request: Request, question: Counts) -> Response:
    """The chart as an image for documents."""
    return await _chart(request, question, "png", PNG, claims_chart.png)


@router.get(
    "/charts/claims.csv",
    summary="Counts of countries over time as CSV",
    response_class=Response,
    responses=_content("text/csv", "Every step and every published count."),
)
async def claims_csv(request: Request, question: Counts) -> Response:
    """The rows the chart draws, as CSV."""
    return await _chart(request, question, "csv", CSV, claims_chart.csv)
