"""``/actions/``: what everybody may read of decisions, country by country."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from dashboard.contributions.actions import views
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.api.parameters import Configured
from dashboard.interfaces.desk.frame import absent, language_of, public
from dashboard.locales import LANGUAGES, t

router = APIRouter(prefix="/actions", include_in_schema=False)


@router.get("/")
def overview(request: Request, configured: Configured) -> Response:
    """The countries that have decided something."""
    lang = language_of(request, LANGUAGES)
    return public(request, "actions.html", lang, countries=views.countries(configured, lang))


@router.get("/{iso3}/")
def country(request: Request, iso3: Annotated[str, Path(max_length=8)], configured: Configured) -> Response:
    """The decisions of a country, and what calls for one."""
    lang = language_of(request, LANGUAGES)
    if iso3 not in load_codebook().countries:
        message = t("ui.errors.country", lang, code=iso3)
        return absent(request, lang, message, t("actions.title", lang), f"/actions/?lang={lang}")
    view = views.decisions(configured, iso3, lang, datetime.now(UTC))
    return public(request, "actions_country.html", lang, view=view)
