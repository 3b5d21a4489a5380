"""Read routes: what there is, of which countries, who adopted, and how we know."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.api.answers import answer, compact
from dashboard.api.contract import catalogue
from dashboard.api.paging import answer_lines, answer_list
from dashboard.api.parameters import Configured, ListQuestion, PeersQuestion, Question, SearchQuestion
from dashboard.codebook import load_codebook
from dashboard.services.base.context import Context, open_context
from dashboard.services.base.errors import Unknown
from dashboard.services.base.lookup import find_country, find_metric
from dashboard.services.countries.peers import MOST, view_peers
from dashboard.services.countries.views import PeersView
from dashboard.services.countries.worklist import write_missing_csv
from dashboard.services.public import shapes
from dashboard.services.search.crossed import search_with_figures
from dashboard.services.search.views import SearchView

router = APIRouter()

Parameters = Annotated[Question, Query()]
Lists = Annotated[ListQuestion, Query()]
FAULTS: dict[int | str, dict[str, Any]] = {
    404: {"model": shapes.Problem, "description": "No such thing; suggestions are given."},
    422: {"model": shapes.Problem, "description": "A parameter cannot be used; the reason is given."},
    503: {"model": shapes.Problem, "description": "Nothing has been published yet."},
}
INVALID: dict[int | str, dict[str, Any]] = {status: FAULTS[status] for status in (422, 503)}


def content(media: str, words: str) -> dict[int | str, dict[str, Any]]:
    """What an answer that is no JSON is, for the documentation."""
    return {**FAULTS, 200: {"content": {media: {}}, "description": words}}


def describe(media: str, words: str) -> dict[str, Any]:
    """What a route says of itself to the documentation where its answer is no model but ``content``."""
    return {"response_class": Response, "responses": content(media, words)}


def check_country(iso3: str) -> str:
    """The code of a country in capitals, where what is asked for is of no dataset.

    Raises:
        Unknown: there is no such country.
    """
    if iso3.upper() not in load_codebook().countries:
        raise Unknown("country", iso3)
    return iso3.upper()


async def opened(question: Question, version: str = "") -> Context:
    """The context a question is asked of: the newest is at hand, a day or a version is looked up in a thread."""
    if question.as_of is None and not version:
        return open_context(question.lang)
    return await run_in_threadpool(open_context, question.lang, question.as_of, version)


@router.get("/meta", summary="What this is and where it stands", response_model=shapes.Meta, responses=INVALID)
async def meta(request: Request, question: Parameters) -> Response:
    """Dataset and codebook versions, counts, languages, chart kinds. ``stamp`` is the value of ``v`` in addresses."""
    ctx = await opened(question)
    return await answer(request, ctx, ("meta",), lambda: compact(catalogue.meta(ctx)))


@router.get("/indicators", summary="All indicators", response_model=shapes.Indicators, responses=INVALID)
async def indicators(request: Request, question: Lists) -> Response:
    """Every indicator with unit, direction, links to targets and principles with their reasons, series and coverage."""
    ctx = await opened(question)
    return await answer_list(request, ctx, ("indicators",), question, lambda: catalogue.indicators(ctx), "indicators")


@router.get("/indicators/{id}", summary="One indicator", response_model=shapes.Indicator, responses=FAULTS)
async def indicator(request: Request, id: Annotated[str, Path(examples=["wgi_cc"])], question: Parameters) -> Response:  # noqa: A002
    """One indicator; an unknown id is answered with the ids closest to it."""
    ctx = await opened(question)
    metric = find_metric(ctx, id)
    return await answer(request, ctx, ("indicator", metric.id), lambda: compact(catalogue.indicator(ctx, metric.id)))


@router.get("/countries", summary="All countries and areas", response_model=shapes.Countries, responses=INVALID)
async def countries(request: Request, question: Lists) -> Response:
    """Codes, names, regions, income and UN groups, and the derived adoption status."""
    ctx = await opened(question)
    return await answer_list(request, ctx, ("countries",), question, lambda: catalogue.countries(ctx), "countries")


@router.get("/countries/{iso3}", summary="One country", response_model=shapes.Country, responses=FAULTS)
async def country(request: Request, iso3: Annotated[str, Path(examples=["AZE"])], question: Parameters) -> Response:
    """One country: codes and groups, adoption with events, and the latest figure of every indicator."""
    ctx = await opened(question)
    code = find_country(ctx, iso3).iso3
    return await answer(request, ctx, ("country", code), lambda: compact(catalogue.country(ctx, code)))


@router.get(
    "/countries/{iso3}/missing.csv",
    summary="What is missing of one country, and which office owes it",
    **describe("text/csv", "One line per indicator without a figure, by kind of gap."),
)
async def missing_of(
    request: Request, iso3: Annotated[str, Path(examples=["AZE"])], question: Lists, configured: Configured
) -> Response:
    """Indicators without a figure of the country: the kind of the gap, the office that owes it, what it comes from,
    when it is due from the country or expected of its publisher, and the form that asks for it alone."""
    ctx = await opened(question)
    from dashboard.submissions.deadlines import find_next  # accounts and their database: not needed to start

    code = find_country(ctx, iso3).iso3
    due = await run_in_threadpool(find_next, configured, datetime.now(UTC), code)
    make = partial(write_missing_csv, ctx, code, due)
    return await answer_lines(request, ctx, ("missing.csv", code, due), question, make, f"missing_{code}.csv")


@router.get("/peers", summary="Whom to compare with, and why", response_model=PeersView, responses=FAULTS)
async def proposed(request: Request, question: Annotated[PeersQuestion, Query()]) -> Response:
    """Countries proposed for comparison with one, each with its reasons; none is chosen by an outcome.

    Most reasons come first, then the nearest in GDP per head and population. ``unknown`` and ``missing`` say what could
    not be looked at: a value that is missing is never a reason.
    """
    ctx = await opened(question)
    code = find_country(ctx, question.country).iso3
    everybody = len(ctx.book.countries)
    make = partial(view_peers, ctx, code, everybody)
    return await answer_list(request, ctx, ("peers", code), question, make, "peers", most=MOST)


@router.get("/adoption", summary="The adoption register", response_model=shapes.AdoptionRegister, responses=INVALID)
async def adoption(request: Request, question: Lists) -> Response:
    """Events with sources and disputes, statuses derived from them, and counts by each counting rule."""
    ctx = await opened(question)
    return await answer_list(request, ctx, ("adoption",), question, lambda: catalogue.adoption(ctx), "register")


@router.get("/search", summary="What is it called?", response_model=SearchView, responses=INVALID)
async def find(request: Request, question: Annotated[SearchQuestion, Query()]) -> Response:
    """Countries, indicators, goals, principles, sources, events and words by any name in any language.

    `groups` hold what is called so, the best first, and before them the figures where a country and an indicator are
    named. `near` holds what is not, but is a few typing errors away: it is never an answer.
    `has_figures` says whether there are figures behind a hit.
    """
    ctx = await opened(question)
    text, kind, limit = question.q, question.kind, question.limit or 5
    return await answer(
        request, ctx, ("search", text, kind, limit), lambda: compact(search_with_figures(ctx, text, kind, limit))
    )


@router.get(
    "/provenance/{observation}",
    summary="How do we know this figure?",
    response_model=shapes.Provenance,
    responses=FAULTS,
)
async def provenance(
    request: Request, observation: Annotated[str, Path(description="`id` of an observation.")], question: Parameters
) -> Response:
    """Publisher, source address, edition, licence, sha256 of what was received, vintage; also of superseded figures."""
    ctx = await opened(question)
    return await answer(
        request, ctx, ("provenance", observation), lambda: compact(catalogue.provenance(ctx, observation))
    )
