"""Read routes: indicators, countries, adoption, search and provenance."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from dashboard.analysis.measures.peers import MAX_PEERS
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.lookup import find_country, find_metric
from dashboard.answers.countries.peers import view_peers
from dashboard.answers.countries.views import PeersView
from dashboard.answers.countries.worklist import write_missing_csv
from dashboard.answers.public import shapes
from dashboard.answers.search import search
from dashboard.answers.search.views import SearchView
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.api.answers import answer
from dashboard.interfaces.api.contract import catalogue
from dashboard.interfaces.api.paging import answer_lines, answer_list
from dashboard.interfaces.api.parameters import Configured, ListQuestion, PeersQuestion, Question, SearchQuestion

router = APIRouter()

Parameters = Annotated[Question, Query()]
Lists = Annotated[ListQuestion, Query()]
FAULTS: dict[int | str, dict[str, Any]] = {
    404: {"model": shapes.Problem, "description": "No such thing; suggestions are given."},
    422: {"model": shapes.Problem, "description": "A parameter cannot be used; the reason is given."},
    503: {"model": shapes.Problem, "description": "Nothing has been published yet."},
}
INVALID: dict[int | str, dict[str, Any]] = {status: FAULTS[status] for status in (422, 503)}


def describe_content(media: str, words: str) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of an answer that is not JSON."""
    return {**FAULTS, 200: {"content": {media: {}}, "description": words}}


def describe_route(media: str, words: str) -> dict[str, Any]:
    """Return the documentation of a route whose answer has no model."""
    return {"response_class": Response, "responses": describe_content(media, words)}


def check_country(iso3: str) -> str:
    """Return a country's code in capitals, where no dataset is involved.

    Raises:
        Unknown: there is no such country.
    """
    if iso3.upper() not in load_codebook().countries:
        raise Unknown("country", iso3)
    return iso3.upper()


async def open_question(question: Question, version: str = "") -> Context:
    """Return the context of a question: the newest at once, a day or version through a thread."""
    if question.as_of is None and not version:
        return open_context(question.lang)
    return await run_in_threadpool(open_context, question.lang, question.as_of, version)


@router.get("/meta", summary="What this is and where it stands", response_model=shapes.Meta, responses=INVALID)
async def read_meta(request: Request, question: Parameters) -> Response:
    """Dataset and codebook versions, counts, languages, chart kinds. ``stamp`` is the value of ``v`` in addresses."""
    ctx = await open_question(question)
    return await answer(request, ctx, ("meta",), lambda: catalogue.describe_dataset(ctx))


@router.get("/indicators", summary="All indicators", response_model=shapes.Indicators, responses=INVALID)
async def list_indicators(request: Request, question: Lists) -> Response:
    """Every indicator with unit, direction, links to targets and principles with their reasons, series and coverage."""
    ctx = await open_question(question)
    return await answer_list(
        request, ctx, ("indicators",), question, lambda: catalogue.list_indicators(ctx), "indicators"
    )


@router.get("/indicators/{id}", summary="One indicator", response_model=shapes.Indicator, responses=FAULTS)
async def read_indicator(
    request: Request,
    id: Annotated[str, Path(examples=["wgi_cc"])],  # noqa: A002
    question: Parameters,
) -> Response:
    """One indicator; an unknown id is answered with the ids closest to it."""
    ctx = await open_question(question)
    metric = find_metric(ctx, id)
    return await answer(request, ctx, ("indicator", metric.id), lambda: catalogue.view_indicator(ctx, metric.id))


@router.get("/countries", summary="All countries and areas", response_model=shapes.Countries, responses=INVALID)
async def list_countries(request: Request, question: Lists) -> Response:
    """Codes, names, regions, income and UN groups, and the derived adoption status."""
    ctx = await open_question(question)
    return await answer_list(request, ctx, ("countries",), question, lambda: catalogue.list_countries(ctx), "countries")


@router.get("/countries/{iso3}", summary="One country", response_model=shapes.Country, responses=FAULTS)
async def read_country(
    request: Request, iso3: Annotated[str, Path(examples=["AZE"])], question: Parameters
) -> Response:
    """One country: codes and groups, adoption with events, and the latest figure of every indicator."""
    ctx = await open_question(question)
    code = find_country(ctx, iso3).iso3
    return await answer(request, ctx, ("country", code), lambda: catalogue.view_country(ctx, code))


@router.get(
    "/countries/{iso3}/missing.csv",
    summary="What is missing of one country, and which office owes it",
    **describe_route("text/csv", "One line per indicator without a figure, by kind of gap."),
)
async def download_missing(
    request: Request, iso3: Annotated[str, Path(examples=["AZE"])], question: Lists, configured: Configured
) -> Response:
    """Indicators without a figure of the country: the kind of the gap, the office that owes it, what it comes from,
    when it is due from the country or expected of its publisher, and the form that asks for it alone."""
    ctx = await open_question(question)
    from dashboard.contributions.submissions.deadlines import (
        find_next,  # accounts and their database: not needed to start
    )

    code = find_country(ctx, iso3).iso3
    due = await run_in_threadpool(find_next, configured, datetime.now(UTC), code)
    make = partial(write_missing_csv, ctx, code, due)
    return await answer_lines(request, ctx, ("missing.csv", code, due), question, make, f"missing_{code}.csv")


@router.get("/peers", summary="Whom to compare with, and why", response_model=PeersView, responses=FAULTS)
async def propose_peers(request: Request, question: Annotated[PeersQuestion, Query()]) -> Response:
    """Countries proposed for comparison with one, each with its reasons; none is chosen by an outcome.

    The first eleven, which are the answer without a ``limit``, are those the country is judged against on its page, up
    to three of its region among them. Most reasons come first, then the nearest in GDP per head and population.
    ``unknown`` and ``missing`` say what could not be looked at: a value that is missing is never a reason.
    """
    ctx = await open_question(question)
    code = find_country(ctx, question.country).iso3
    everybody = len(ctx.book.countries)
    make = partial(view_peers, ctx, code, everybody)
    return await answer_list(request, ctx, ("peers", code), question, make, "peers", max_rows=MAX_PEERS)


@router.get("/adoption", summary="The adoption register", response_model=shapes.AdoptionRegister, responses=INVALID)
async def read_adoption(request: Request, question: Lists) -> Response:
    """Events with sources and disputes, statuses derived from them, and counts by each counting rule."""
    ctx = await open_question(question)
    return await answer_list(request, ctx, ("adoption",), question, lambda: catalogue.view_register(ctx), "register")


@router.get("/search", summary="What is it called?", response_model=SearchView, responses=INVALID)
async def search_names(request: Request, question: Annotated[SearchQuestion, Query()]) -> Response:
    """Countries, indicators, goals, principles, sources, events and words by any name in any language.

    `groups` hold what is called so, the best first, and before them the figures where a country and an indicator are
    named. `near` holds what is not, but is a few typing errors away: it is never an answer.
    `has_figures` says whether there are figures behind a hit.
    """
    ctx = await open_question(question)
    text, kind, limit = question.q, question.kind, question.limit or 5
    return await answer(request, ctx, ("search", text, kind, limit), lambda: search(ctx, text, kind, limit))


@router.get(
    "/provenance/{observation}",
    summary="How do we know this figure?",
    response_model=shapes.Provenance,
    responses=FAULTS,
)
async def read_provenance(
    request: Request, observation: Annotated[str, Path(description="`id` of an observation.")], question: Parameters
) -> Response:
    """Publisher, source address, edition, licence, sha256 of what was received, vintage; also of superseded figures."""
    ctx = await open_question(question)
    return await answer(request, ctx, ("provenance", observation), lambda: catalogue.view_provenance(ctx, observation))
