"""Verdicts on progress by named methods, as JSON and CSV."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from dashboard.answers.base.context import Context
from dashboard.answers.base.lookup import find_countries, find_metric
from dashboard.answers.progress.assessment import DEFAULT_METHOD, METHODS
from dashboard.answers.progress.progress import check_method
from dashboard.interfaces.api.contract import progress as contract
from dashboard.interfaces.api.paging import answer_lines, answer_list
from dashboard.interfaces.api.parameters import ProgressQuestion
from dashboard.interfaces.api.routes.read import FAULTS, describe_route, open_question

router = APIRouter()

Parameters = Annotated[ProgressQuestion, Query()]
Selection = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _read_selection(ctx: Context, question: ProgressQuestion) -> Selection:
    indicators = tuple(find_metric(ctx, name).id for name in question.indicator)
    methods = METHODS if "all" in question.method else tuple(map(check_method, question.method)) or (DEFAULT_METHOD,)
    return indicators, find_countries(ctx, question.country), methods


@router.get("/progress", summary="Progress", response_model=contract.Verdicts, responses=FAULTS)
async def read_progress(request: Request, question: Parameters) -> Response:
    """Status, score and arithmetic by a named method, or the reason why there is no status.

    ``status`` is a word of its method and means nothing without it. Growth rates are shares (0.023 is 2.3 % a year).
    """
    ctx = await open_question(question)
    chosen = _read_selection(ctx, question)
    return await answer_list(
        request,
        ctx,
        ("progress", *chosen),
        question,
        lambda: contract.build_answer(ctx, contract.list_verdicts(ctx, *chosen)),
    )


@router.get(
    "/progress.csv", summary="Progress as CSV", **describe_route("text/csv", "The same columns as the JSON rows.")
)
async def download_progress(request: Request, question: Parameters) -> Response:
    """The same rows in the same order and columns."""
    ctx = await open_question(question)
    chosen = _read_selection(ctx, question)
    return await answer_lines(
        request,
        ctx,
        ("progress.csv", *chosen),
        question,
        lambda: contract.write_verdicts_csv(contract.list_verdicts(ctx, *chosen)),
        "_".join(("progress", *chosen[0][:3], *chosen[1][:6])) + ".csv",
    )
