"""What everybody may read of decisions: the list of a country, its calendar and its feed."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from dashboard.actions import feed, views
from dashboard.actions.views import DecisionsView
from dashboard.api.answers import public_base
from dashboard.api.frame import language_of, public
from dashboard.api.parameters import Configured
from dashboard.api.submissions.public import HEADERS, Lang
from dashboard.codebook import codebook
from dashboard.locales import t
from dashboard.services.base.errors import Unknown
from dashboard.settings import Settings

pages = APIRouter(prefix="/actions", include_in_schema=False)
files = APIRouter()

Country = Annotated[str, Query(description="ISO 3166-1 alpha-3 code.", max_length=3)]


@pages.get("/")
def overview(request: Request, configured: Configured) -> Response:
    """The countries that have decided something."""
    lang = language_of(request)
    return public(request, "actions.html", lang, countries=views.countries(configured, lang))


@pages.get("/{iso3}/")
def country(request: Request, iso3: Annotated[str, Path(max_length=8)], configured: Configured) -> Response:
    """The decisions of a country, and what calls for one."""
    lang = language_of(request)
    if iso3 not in codebook().countries:
        message = t("ui.errors.country", lang, code=iso3)
        return public(request, "actions_refused.html", lang, 404, told=message)
    view = views.decisions(configured, iso3, lang, datetime.now(UTC))
    return public(request, "actions_country.html", lang, view=view)


@files.get("/actions.ics", summary="Due days of a country's decisions", response_class=Response)
def calendar(request: Request, configured: Configured, country: Country, lang: Lang = "en") -> Response:
    """What is decided and not ended, on the day it is due, with a reminder a week before (RFC 5545)."""
    view = _view(configured, country, lang)
    body = feed.calendar(configured, view, public_base(request, configured), lang)
    name = {"Content-Disposition": f'attachment; filename="decisions_{view["iso3"]}.ics"'}
    return Response(body, 200, {**HEADERS, **name}, "text/calendar; charset=utf-8")


@files.get("/actions.atom", summary="A country's decisions as a feed", response_class=Response)
def atom(request: Request, configured: Configured, country: Country, lang: Lang = "en") -> Response:
    """One entry a decision, as it stands, the ones moved last first (RFC 4287)."""
    view = _view(configured, country, lang)
    body = feed.atom(configured, view, public_base(request, configured), lang)
    return Response(body, 200, HEADERS, "application/atom+xml; charset=utf-8")


def _view(configured: Settings, country: str, lang: str) -> DecisionsView:
    iso3 = country.upper()
    if iso3 not in codebook().countries:
        raise Unknown("country", country, ())
    return views.decisions(configured, iso3, lang, datetime.now(UTC))
