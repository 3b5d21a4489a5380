"""``/review/reported``: reported figures whose pages a reviewer opens, and the day on which one was opened."""

from datetime import UTC, date, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from dashboard.accounts.model import Right
from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.country_services import list_opened, mark_opened
from dashboard.answers.reported.figures import list_reported, view_country
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions.model import MoveNotAllowed
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import open_engine
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.submissions import PageRequest, Posted

router = APIRouter(include_in_schema=False)


@router.get("/review/reported")
def show(by: PageRequest) -> Response:
    """Show the reported figures of a country, those whose page nobody has opened first."""
    ask, principal = by
    if principal.country or not principal.may(Right.REVIEW):
        return went(ask, "/contribute/" if principal.country else "/review/")
    ctx, opened = open_context("en"), list_opened(open_engine(ask.settings))
    countries = sorted({figure.country for figure in list_reported()})
    chosen = ask.query.get("country", "").upper()
    iso3 = chosen if chosen in countries else countries[0]
    views = [view for lane in view_country(ctx, iso3, opened) for view in (*lane["first"], *lane["rest"])]
    return page(
        ask,
        "reported.html",
        country=iso3,
        countries=[(code, country_name(code, ask.lang)) for code in countries],
        figures=sorted(views, key=lambda view: (view["id"] in opened, view["id"])),
        opened=opened,
        today=datetime.now(UTC).date().isoformat(),
    )


@router.post("/review/reported")
def mark(by: Posted) -> Response:
    """Note on which day the page of a figure was opened."""
    ask, principal = by
    if principal.country or not principal.may(Right.REVIEW):
        raise MoveNotAllowed("right", "Your role may not do this.")
    figure = ask.field("figure", 20)
    try:
        day = date.fromisoformat(ask.field("day", 10))
    except ValueError as error:
        raise MoveNotAllowed("period", "The day is not a date such as 2026-03-31.") from error
    if day > datetime.now(UTC).date():
        raise MoveNotAllowed("period", "The day lies ahead.")
    try:
        mark_opened(open_engine(ask.settings), principal, figure, day, ask.browser.address)
    except Unknown as error:
        raise MoveNotAllowed("figure", "There is no such figure.") from error
    iso3 = figure[:3] if figure[:3] in load_codebook().countries else ""
    return went(ask, f"/review/reported?country={iso3}", done="reported")
