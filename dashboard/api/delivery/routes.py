"""``/api/v1/services/<country>/centres/…``: files of one centre's counts. Charts of centres: ``routes/charts.py``."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import AfterValidator

from dashboard.api.answers import CSV, answer_from, compact
from dashboard.api.parameters import LANG, known_language
from dashboard.codebook import load_codebook
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
Lang = Annotated[str, Query(description=LANG), AfterValidator(known_language)]
Code = Annotated[str, Path(max_length=64)]


@files.get("/elsewhere.csv", summary="What governments that are no adopters publish", response_class=Response)
async def elsewhere_file(request: Request, lang: Lang = "en") -> Response:
    """Every figure and year, with numerator and denominator, what differs, source, copy and licence, a line each."""
    confirmed = settings().confirmed_licences
    return await answer_from(
        request,
        mark(confirmed),
        ("elsewhere.csv", lang),
        lambda: write_csv_file(list_file_rows(lang, confirmed), FILE_COLUMNS),
        CSV,
        "services_elsewhere.csv",
        save=True,
    )


@files.get("/elsewhere", summary="What governments that are no adopters publish", response_class=Response)
async def elsewhere_json(request: Request, lang: Lang = "en") -> Response:
    """The same as `figures`, and `sources` with their terms; `withheld` says why figures of one are not shown."""
    confirmed = settings().confirmed_licences
    return await answer_from(
        request, mark(confirmed), ("elsewhere", lang), lambda: compact(answer_elsewhere(lang, confirmed))
    )


@files.get("/{iso3}/voices.csv", summary="Released counts of opinions", response_class=Response)
async def voices_file(request: Request, iso3: Country) -> Response:
    """The newest release by month and centre: themes, kinds of all centres, answers; hidden where there is no count."""
    country, database = iso3.upper(), open_engine(settings())
    if country not in load_codebook().countries:
        raise Unknown("country", iso3, ())
    rows = await to_thread.run_sync(list_counts, database, country)
    told = write_csv_file(rows, COUNT_COLUMNS)
    return Response(
        told, media_type=CSV, headers={"Content-Disposition": f'attachment; filename="voices-{country}.csv"'}
    )


@files.get("/{iso3}/voices.json", summary="Released counts of opinions")
async def voices_json(iso3: Country) -> dict[str, Any]:
    """The same as JSON; `count` is null where it is hidden."""
    country, database = iso3.upper(), open_engine(settings())
    if country not in load_codebook().countries:
        raise Unknown("country", iso3, ())
    return {"country": country, "counts": await to_thread.run_sync(list_counts, database, country)}


@files.get("/{iso3}/centres/{code}.csv", summary="A centre's figures by month", response_class=Response)
async def centre_file(request: Request, iso3: Country, code: Code) -> Response:
    """Every metric of every month with limits and cases; `kind` says why there is no value."""
    country, database, mark = await _known_centre(iso3, code)
    return await answer_from(
        request,
        mark,
        ("centre", country, code),
        lambda: write_csv_file(centre_rows(database, country, code), COLUMNS),
        CSV,
        f"{code}.csv",
        save=True,
    )


@files.get(
    "/{iso3}/centres/{code}/services.csv", summary="A centre's services beside all centres", response_class=Response
)
async def centre_services_file(request: Request, iso3: Country, code: Code) -> Response:
    """Shares of work of each service over twelve months, here and in all centres; no share of under 30 cases."""
    country, database, mark = await _known_centre(iso3, code)
    return await answer_from(
        request,
        mark,
        ("centre services", country, code),
        lambda: write_csv_file(list_services(database, country, code), SERVICE_COLUMNS),
        CSV,
        f"{code}_services.csv",
        save=True,
    )


@files.get("/{iso3}/channels/hours.csv", summary="Opening hours by channel", response_class=Response)
async def hours_file(request: Request, iso3: Country) -> Response:
    """Of the newest month: services, those open round the clock, hours a week, and per cent of them that were kept."""
    country, database = iso3.upper(), open_engine(settings())
    if country not in load_codebook().countries:
        raise Unknown("country", iso3, ())
    mark = await to_thread.run_sync(store.mark, database, country)
    return await answer_from(
        request,
        mark,
        ("hours", country),
        lambda: write_csv_file(list_hours_rows(database, country), HOURS_COLUMNS),
        CSV,
        f"{country}_hours.csv",
        save=True,
    )


async def _known_centre(iso3: str, code: str) -> tuple[str, store.Engine, str]:
    """The country of a centre, the database, and the mark of its counts.

    Raises:
        Unknown: there is no such country, or no such centre in it.
    """
    country, database = iso3.upper(), open_engine(settings())
    if country not in load_codebook().countries:
        raise Unknown("country", iso3, ())
    if not any(row.country == country for row in await to_thread.run_sync(store.centre, database, code)):
        raise Unknown("centre", code, ())
    return country, database, await to_thread.run_sync(store.mark, database, country)
