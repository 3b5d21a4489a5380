"""What pages show of a country's services: its counts, what citizens said of them, and the answers to it.

Pages ask here and open no database; the figures are those of the rooms that keep them, as they stand now.
"""

from datetime import UTC, date, datetime

from dashboard.accounts import audit
from dashboard.accounts.model import Principal
from dashboard.accounts.store import Engine
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.reported.figures import PAGE_OPENED, list_ids, view_country, view_overview
from dashboard.answers.reported.views import ReportedLane, ReportedOverview
from dashboard.contributions.delivery import store, views
from dashboard.contributions.delivery.centre import CentreView, centre_services
from dashboard.contributions.voice.publication.periods import YEAR
from dashboard.contributions.voice.publication.views import (
    AnsweredView,
    CentreThemes,
    VoicesView,
    answered,
    of_centre,
    voices,
)
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.settings import settings


def list_countries(lang: str) -> views.ServicesView:
    """Return the countries that send counts, and what is counted."""
    return views.services(open_engine(settings()), lang)


def list_opened(database: Engine) -> dict[str, str]:
    """Return the day of the newest mark of each reported figure whose page a reviewer opened."""
    return audit.find_newest_values(database, PAGE_OPENED, "day")


def mark_opened(database: Engine, by: Principal, figure: str, opened_on: date, address: str) -> None:
    """Record in the audit trail that a reviewer opened the page of a reported figure.

    Raises:
        Unknown: there is no such figure.
    """
    if figure not in list_ids():
        raise Unknown("figure", figure)
    with writing(database) as connection:
        mark = {"day": opened_on.isoformat()}
        audit.record(connection, action=PAGE_OPENED, subject=figure, by=by, address=address, after=mark)


def show_reported(ctx: Context) -> ReportedOverview:
    """Return what is reported of the origin and of adopters, with the pages that reviewers opened."""
    return view_overview(ctx, list_opened(open_engine(settings())))


def show_reported_of(ctx: Context, iso3: str) -> list[ReportedLane]:
    """Return what is reported of a country, by heading.

    Raises:
        Unknown: there is no such country.
    """
    if iso3 not in ctx.book.countries:
        raise Unknown("country", iso3)
    return view_country(ctx, iso3, list_opened(open_engine(settings())))


def show_country(
    iso3: str, lang: str, page: int, months: int = YEAR
) -> tuple[views.CountryServicesView, VoicesView, AnsweredView]:
    """Return a country's figures with one page of its centres, opinions and answers.

    Raises:
        Unknown: there is no such country.
    """
    if iso3 not in load_codebook().countries:
        raise Unknown("country", iso3)
    database, decided = open_engine(settings()), settings().accounts.enabled
    names = {code: rows[-1].name for code, rows in store.centres(database, iso3).items()}
    opinions = voices(database, iso3, names, lang, months)
    view = views.country_services(database, iso3, lang, datetime.now(UTC), decided=decided, page=page)
    return view, opinions, answered(database, iso3, lang)


def show_centre(iso3: str, code: str, lang: str) -> tuple[CentreView, CentreThemes] | None:
    """Return a centre's figures and opinions; None where there is no such centre."""
    database = open_engine(settings())
    view = centre_services(database, iso3, code, lang)
    return (view, of_centre(database, view["iso3"], code, lang)) if view is not None else None
