"""What pages show of a country's services: its counts, what citizens said of them, and the answers to it.

Pages ask here and open no database; the figures are those of the rooms that keep them, as they stand now.
"""

from datetime import UTC, datetime

from dashboard.codebook import load_codebook
from dashboard.database.engine import open_engine
from dashboard.delivery import store, views
from dashboard.delivery.centre import CentreView, centre_services
from dashboard.delivery.elsewhere.views import ElsewhereView, view_elsewhere
from dashboard.services.base.errors import Unknown
from dashboard.settings import settings
from dashboard.voice.publication.periods import YEAR
from dashboard.voice.publication.views import AnsweredView, CentreThemes, VoicesView, answered, of_centre, voices


def list_countries(lang: str) -> views.ServicesView:
    """Countries that send counts, and what is counted."""
    return views.services(open_engine(settings()), lang)


def show_elsewhere(lang: str) -> ElsewhereView:
    """What governments that are no adopters publish, as far as its licence is known to allow."""
    return view_elsewhere(lang, settings().confirmed_licences)


def show_country(
    iso3: str, lang: str, page: int, months: int = YEAR
) -> tuple[views.CountryServicesView, VoicesView, AnsweredView]:
    """A country's figures with one page of its centres, what was said in some months, and what was answered.

    Raises:
        Unknown: there is no such country.
    """
    if iso3 not in load_codebook().countries:
        raise Unknown("country", iso3)
    database, decided = open_engine(settings()), settings().accounts.enabled
    names = {code: rows[-1].name for code, rows in store.centres(database, iso3).items()}
    said = voices(database, iso3, names, lang, months)
    view = views.country_services(database, iso3, lang, datetime.now(UTC), decided=decided, page=page)
    return view, said, answered(database, iso3, lang)


def show_first_figures(iso3: str, lang: str) -> tuple[str, list[views.TileView]]:
    """What the page of a country begins with; no tiles where it sent nothing."""
    return views.first_figures(open_engine(settings()), iso3, lang)


def show_centre(iso3: str, code: str, lang: str) -> tuple[CentreView, CentreThemes] | None:
    """A centre's figures and what was said there; None where there is no such centre."""
    database = open_engine(settings())
    view = centre_services(database, iso3, code, lang)
    return (view, of_centre(database, view["iso3"], code, lang)) if view is not None else None
