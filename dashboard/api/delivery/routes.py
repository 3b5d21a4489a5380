"""``/api/v1/services/<country>/centres/…``: files of one centre's counts. Charts of centres: ``routes/charts.py``."""

import hashlib
from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import AfterValidator, Field

from dashboard.api.answers import JSON
from dashboard.api.paging import answer_lines_from, answer_list_from
from dashboard.api.parameters import LANG, Paged, known_language
from dashboard.api.routes.read import check_country
from dashboard.database.engine import open_engine
from dashboard.delivery import store
from dashboard.delivery.centre import COLUMNS, centre_rows
from dashboard.delivery.comparison.by_service import COLUMNS as SERVICE_COLUMNS
from dashboard.delivery.comparison.by_service import list_services
from dashboard.delivery.elsewhere.figures import mark
from dashboard.delivery.elsewhere.views import FILE_COLUMNS, answer_elsewhere, list_file_rows
from dashboard.delivery.hours import COLUMNS as HOURS_COLUMNS
from dashboard.delivery.hours import list_hours_rows
from dashboard.services.base.csv_text import write_csv_file
from dashboard.services.base.errors import Unknown
from dashboard.settings import settings
from dashboard.voice.publication.views import COUNT_COLUMNS, list_counts

files = APIRouter(prefix="/services")

Country = Annotated[str, Path(description="ISO 3166-1 alpha-3 code.", max_length=3)]
Code = Annotated[str, Path(max_length=64)]
Page = Annotated[Paged, Query()]


class ElsewhereQuestion(Paged):
    """Which part of what others publish, in which language."""

    lang: Annotated[str, AfterValidator(known_language)] = Field("en", description=LANG)


@files.get("/elsewhere.csv", summary="What governments that are no adopters publish", response_class=Response)
async def elsewhere_file(request: Request, question: Annotated[ElsewhereQuestion, Query()]) -> Response:
    """Every figure and year, with numerator and denominator, what differs, source, copy and licence, a line each."""
    confirmed, lang = settings().confirmed_licences, question.lang
    return await answer_lines_from(
        request,
        mark(confirmed),
        ("elsewhere.csv", lang),
        question,
        lambda: write_csv_file(list_file_rows(lang, confirmed), FILE_COLUMNS),
        "services_elsewhere.csv",
    )


@files.get("/elsewhere", summary="What governments that are no adopters publish", response_class=Response)
async def elsewhere_json(request: Request, question: Annotated[ElsewhereQuestion, Query()]) -> Response:
    """The same as `figures`, and `sources` with their terms; `withheld` says why figures of one are not shown."""
    confirmed, lang = settings().confirmed_licences, question.lang
    make = partial(answer_elsewhere, lang, confirmed)
    return await answer_list_from(request, mark(confirmed), ("elsewhere", lang), question, make, "figures")


@files.get("/{iso3}/voices.csv", summary="Released counts of opinions", response_class=Response)
async def voices_file(request: Request, iso3: Country, page: Page) -> Response:
    """The newest release by month and centre: themes, kinds of all centres, answers; hidden where there is no count."""
    country, database = check_country(iso3), open_engine(settings())
    rows = await to_thread.run_sync(list_counts, database, country)
    return await answer_lines_from(
        request,
        _mark_rows(rows),
        ("voices.csv", country),
        page,
        lambda: write_csv_file(rows, COUNT_COLUMNS),
        f"voices-{country}.csv",
    )


@files.get(
    "/{iso3}/voices.json",
    summary="Released counts of opinions",
    response_class=Response,
    responses={200: {"content": {JSON: {}}, "description": "`counts` of `country`."}},
)
async def voices_json(request: Request, iso3: Country, page: Page) -> Response:
    """The same as JSON; `count` is null where it is hidden."""
    country, database = check_country(iso3), open_engine(settings())
    rows = await to_thread.run_sync(list_counts, database, country)
    return await answer_list_from(
        request,
        _mark_rows(rows),
        ("voices.json", country),
        page,
        lambda: {"country": country, "counts": rows},
        "counts",
    )


@files.get("/{iso3}/centres/{code}.csv", summary="A centre's figures by month", response_class=Response)
async def centre_file(request: Request, iso3: Country, code: Code, page: Page) -> Response:
    """Every metric of every month with limits and cases; `kind` says why there is no value."""
    country, database, mark = await _known_centre(iso3, code)
    return await answer_lines_from(
        request,
        mark,
        ("centre", country, code),
        page,
        lambda: write_csv_file(centre_rows(database, country, code), COLUMNS),
        f"{code}.csv",
    )


@files.get(
    "/{iso3}/centres/{code}/services.csv", summary="A centre's services beside all centres", response_class=Response
)
async def centre_services_file(request: Request, iso3: Country, code: Code, page: Page) -> Response:
    """Shares of work of each service over twelve months, here and in all centres; no share of under 30 cases."""
    country, database, mark = await _known_centre(iso3, code)
    return await answer_lines_from(
        request,
        mark,
        ("centre services", country, code),
        page,
        lambda: write_csv_file(list_services(database, country, code), SERVICE_COLUMNS),
        f"{code}_services.csv",
    )


@files.get("/{iso3}/channels/hours.csv", summary="Opening hours by channel", response_class=Response)
async def hours_file(request: Request, iso3: Country, page: Page) -> Response:
    """Of the newest month: services, those open round the clock, hours a week, and per cent of them that were kept."""
    country, database = check_country(iso3), open_engine(settings())
    mark = await to_thread.run_sync(store.mark, database, country)
    return await answer_lines_from(
        request,
        mark,
        ("hours", country),
        page,
        lambda: write_csv_file(list_hours_rows(database, country), HOURS_COLUMNS),
        f"{country}_hours.csv",
    )


def _mark_rows(rows: list[dict[str, Any]]) -> str:
    """What tells one release from another."""
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


async def _known_centre(iso3: str, code: str) -> tuple[str, store.Engine, str]:
    """The country of a centre, the database, and the mark of its counts.

    Raises:
        Unknown: there is no such country, or no such centre in it.
    """
    country, database = check_country(iso3), open_engine(settings())
    if not any(row.country == country for row in await to_thread.run_sync(store.centre, database, code)):
        raise Unknown("centre", code)
    return country, database, await to_thread.run_sync(store.mark, database, country)
