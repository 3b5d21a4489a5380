"""``/api/v1/services/<country>/centres/…``: files of one centre's counts. Charts of centres: ``routes/charts.py``."""

import hashlib
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.base.errors import Unknown
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.centre import COLUMNS, centre_rows
from dashboard.contributions.delivery.comparison.by_service import COLUMNS as SERVICE_COLUMNS
from dashboard.contributions.delivery.comparison.by_service import list_services
from dashboard.contributions.delivery.hours import COLUMNS as HOURS_COLUMNS
from dashboard.contributions.delivery.hours import list_hours_rows
from dashboard.contributions.voice.publication.views import COUNT_COLUMNS, list_counts
from dashboard.evidence.database.engine import open_engine
from dashboard.interfaces.api.answers import JSON
from dashboard.interfaces.api.paging import answer_lines, answer_list
from dashboard.interfaces.api.parameters import Paged
from dashboard.interfaces.api.routes.read import check_country
from dashboard.settings import settings

files = APIRouter(prefix="/services")

Country = Annotated[str, Path(description="ISO 3166-1 alpha-3 code.", max_length=3)]
Code = Annotated[str, Path(max_length=64)]
Page = Annotated[Paged, Query()]


@files.get("/{iso3}/voices.csv", summary="Released counts of opinions", response_class=Response)
async def download_voices(request: Request, iso3: Country, page: Page) -> Response:
    """The newest release by month and centre: themes, kinds of all centres, answers; hidden where there is no count."""
    country, database = check_country(iso3), open_engine(settings())
    rows = await to_thread.run_sync(list_counts, database, country)
    return await answer_lines(
        request,
        _hash_rows(rows),
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
async def read_voices(request: Request, iso3: Country, page: Page) -> Response:
    """The same as JSON; `count` is null where it is hidden."""
    country, database = check_country(iso3), open_engine(settings())
    rows = await to_thread.run_sync(list_counts, database, country)
    return await answer_list(
        request,
        _hash_rows(rows),
        ("voices.json", country),
        page,
        lambda: {"country": country, "counts": rows},
        "counts",
    )


@files.get("/{iso3}/centres/{code}.csv", summary="A centre's figures by month", response_class=Response)
async def download_centre(request: Request, iso3: Country, code: Code, page: Page) -> Response:
    """Every metric of every month with limits and cases; `kind` says why there is no value."""
    country, database, mark = await _find_centre(iso3, code)
    return await answer_lines(
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
async def download_centre_services(request: Request, iso3: Country, code: Code, page: Page) -> Response:
    """Shares of work of each service over twelve months, here and in all centres; no share of under 30 cases."""
    country, database, mark = await _find_centre(iso3, code)
    return await answer_lines(
        request,
        mark,
        ("centre services", country, code),
        page,
        lambda: write_csv_file(list_services(database, country, code), SERVICE_COLUMNS),
        f"{code}_services.csv",
    )


@files.get("/{iso3}/channels/hours.csv", summary="Opening hours by channel", response_class=Response)
async def download_hours(request: Request, iso3: Country, page: Page) -> Response:
    """Of the newest month: services, those open round the clock, hours a week, and per cent of them that were kept."""
    country, database = check_country(iso3), open_engine(settings())
    mark = await to_thread.run_sync(store.mark, database, country)
    return await answer_lines(
        request,
        mark,
        ("hours", country),
        page,
        lambda: write_csv_file(list_hours_rows(database, country), HOURS_COLUMNS),
        f"{country}_hours.csv",
    )


def _hash_rows(rows: list[dict[str, Any]]) -> str:
    """Return a hash that distinguishes one release from another."""
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


async def _find_centre(iso3: str, code: str) -> tuple[str, store.Engine, str]:
    """Return a centre's country, the database, and the mark of its counts.

    Raises:
        Unknown: there is no such country, or no such centre in it.
    """
    country, database = check_country(iso3), open_engine(settings())
    if not any(row.country == country for row in await to_thread.run_sync(store.centre, database, code)):
        raise Unknown("centre", code)
    return country, database, await to_thread.run_sync(store.mark, database, country)
