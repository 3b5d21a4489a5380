"""Verdicts on progress by named methods, as JSON and CSV."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from dashboard.api.contract import progress as contract
from dashboard.api.paging import answer_lines, answer_list
from dashboard.api.parameters import ProgressQuestion
from dashboard.api.routes.read import FAULTS, describe, opened
from dashboard.services.base.context import Context
from dashboard.services.base.lookup import find_countries, find_metric
from dashboard.services.progress.assessment import DEFAULT_METHOD, METHODS
from dashboard.services.progress.progress import check_method

router = APIRouter()

Parameters = Annotated[ProgressQuestion, Query()]
Selection = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _selection(ctx: Context, question: ProgressQuestion) -> Selection:
    indicators = tuple(find_metric(ctx, name).id for name in question.indicator)
    methods = METHODS if "all" in question.method else tuple(map(check_method, question.method)) or (DEFAULT_METHOD,)
    return indicators, find_countries(ctx, question.country), methods


@router.get("/progress", summary="Progress", response_model=contract.Verdicts, responses=FAULTS)
async def progress(request: Request, question: Parameters) -> Response:
    """Status, score and arithmetic by a named method, or the reason why there is no status.

    ``status`` is a word of its method and means nothing without it. Growth rates are shares (0.023 is 2.3 % a year).
    """
    ctx = await opened(question)
    chosen = _selection(ctx, question)
    return await answer_list(
        request,
        ctx,
        ("progress", *chosen),
        question,
        lambda: contract.answer(ctx, contract.verdicts(ctx, *chosen)),
    )


@router.get("/progress.csv", summary="Progress as CSV", **describe("text/csv", "The same columns as the JSON rows."))
async def progress_csv(request: Request, question: Parameters) -> Response:
    """The same rows in the same order and columns."""
    ctx = await opened(question)
    chosen = _selection(ctx, question)
    return await answer_lines(
        request,
        ctx,
        ("progress.csv", *chosen),
        question,
        lambda: contract.as_csv(contract.verdicts(ctx, *chosen)),
        "_".join(("progress", *chosen[0][:3], *chosen[1][:6])) + ".csv",
    )
