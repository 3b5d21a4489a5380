"""A country's decisions for everybody, as JSON, as a calendar and as a feed."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from dashboard.contributions.actions import feed, views
from dashboard.contributions.actions.views import DecisionsView
from dashboard.interfaces.api.answers import get_public_base
from dashboard.interfaces.api.parameters import Configured
from dashboard.interfaces.api.routes.read import check_country
from dashboard.interfaces.api.submissions.public import HEADERS, Lang
from dashboard.settings import Settings

router = APIRouter()

Country = Annotated[str, Query(description="ISO 3166-1 alpha-3 code.", max_length=3)]


PUBLIC_FIELDS = (
    "number", "what", "why", "figure", "before", "judged", "again", "measure", "shows_month", "verdict",
    "verdict_text", "verdict_why", "against", "owner", "due_day", "state", "words", "language", "office", "dataset",
)  # fmt: skip
"""The fields of a decision that are published."""


@router.get("/actions.json", summary="A country's decisions, and whether each worked", response_class=Response)
def list_decisions(configured: Configured, country: Country, lang: Lang = "en") -> JSONResponse:
    """Each with its figures in words, what is done, the month it should show in, and the verdict."""
    view = _view_decisions(configured, country, lang)
    public = [
        {name: value for name, value in decision.items() if name in PUBLIC_FIELDS} for decision in view["decisions"]
    ]
    return JSONResponse({"country": view["iso3"], "decisions": public}, headers=HEADERS)


@router.get("/actions.ics", summary="Due days of a country's decisions", response_class=Response)
def download_decision_calendar(
    request: Request, configured: Configured, country: Country, lang: Lang = "en"
) -> Response:
    """What is decided and not ended, on the day it is due, with a reminder a week before (RFC 5545)."""
    view = _view_decisions(configured, country, lang)
    body = feed.calendar(configured, view, get_public_base(request, configured), lang)
    name = {"Content-Disposition": f'attachment; filename="decisions_{view["iso3"]}.ics"'}
    return Response(body, 200, {**HEADERS, **name}, "text/calendar; charset=utf-8")


@router.get("/actions.atom", summary="A country's decisions as a feed", response_class=Response)
def download_decision_feed(request: Request, configured: Configured, country: Country, lang: Lang = "en") -> Response:
    """One entry a decision, as it stands, the ones moved last first (RFC 4287)."""
    view = _view_decisions(configured, country, lang)
    body = feed.atom(configured, view, get_public_base(request, configured), lang)
    return Response(body, 200, HEADERS, "application/atom+xml; charset=utf-8")


def _view_decisions(configured: Settings, country: str, lang: str) -> DecisionsView:
    return views.decisions(configured, check_country(country), lang, datetime.now(UTC))
