"""``/offices/``: for a country's coordinator, and for administrators, who make offices and set deadlines alone."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from starlette.background import BackgroundTask

from dashboard.accounts.model import ORGANISATIONS, Principal, Right
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions import deadlines, notices
from dashboard.contributions.submissions.model import MoveNotAllowed
from dashboard.contributions.submissions.offices import decision, directory
from dashboard.contributions.submissions.offices.views import conflict_views
from dashboard.contributions.submissions.rules.ground import list_accepted
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.api.parameters import RowNumber
from dashboard.interfaces.desk.guard import BrowserRequest, By, pages_for
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.submissions import due
from dashboard.locales import order

router = APIRouter(include_in_schema=False)


_asked, _sent = pages_for(lambda ask: went(ask, "/contribute/"), Right.COORDINATE, Right.ADMINISTER)
PageRequest = Annotated[By, Depends(_asked)]
Posted = Annotated[By, Depends(_sent)]


@router.get("/offices/")
def offices(by: PageRequest) -> Response:
    """The offices of a country, its conflicts, its indicators and its deadlines; an administrator chooses which."""
    ask, principal = by
    book = load_codebook()
    country = principal.country or ask.query.get("country", "").upper()
    codes = [*book.countries, *ORGANISATIONS]
    if country not in codes:
        country = ""
    names = [(iso3, country_name(iso3, ask.lang)) for iso3 in codes]
    metrics = [(metric.id, choose_text(metric.name, ask.lang)) for metric in list_accepted(book)]
    metrics.sort(key=lambda pair: order(pair[1], ask.lang))
    here = directory.list_offices(ask.settings, country) if country else []
    called = {office.number: office.name for office in here}
    assigned = directory.list_assigned(ask.settings, country) if country else {}
    dues = deadlines.listing(ask.settings, datetime.now(UTC), country) if country else []
    return page(
        ask,
        "offices.html",
        country=country,
        name=country_name(country, ask.lang) if country else "",
        countries=[] if principal.country else sorted(names, key=lambda pair: order(pair[1], ask.lang)),
        offices=here,
        coordinates=principal.may(Right.COORDINATE),
        conflicts=conflict_views(ask.settings, country, ask.lang) if country else [],
        indicators=metrics,
        assigned=[(name, called.get(assigned[id_], "–")) for id_, name in metrics if id_ in assigned],
        dues=[
            due(year, ask.lang, deadlines.office_names(ask.settings, country)) for year in dues if year.due
        ],
    )  # fmt: skip


@router.get("/offices/add")
@router.get("/offices/assign")
@router.get("/offices/deadline")
def sent(by: PageRequest) -> Response:
    """The address of a form that was sent, opened again: to the page it is on."""
    return went(by[0], "/offices/")


@router.get("/offices/{number}/name")
@router.get("/offices/conflicts/{number}")
def sent_of_one(by: PageRequest, number: RowNumber) -> Response:
    """The same of a form about one office or conflict."""
    return went(by[0], "/offices/")


@router.post("/offices/add")
def add(by: Posted) -> Response:
    """Make an office."""
    ask, principal = by
    country = _country(ask, principal)
    directory.add_office(ask.settings, load_codebook(), principal, country, ask.whole("name"), ask.browser.address)
    return _back(ask, principal, country, "office_added")


@router.post("/offices/{number}/name")
def rename(by: Posted, number: RowNumber) -> Response:
    """Give an office another name."""
    ask, principal = by
    country = _country(ask, principal)
    directory.rename_office(ask.settings, principal, country, number, ask.whole("name"), ask.browser.address)
    return _back(ask, principal, country, "office_named")


@router.post("/offices/assign")
def assign(by: Posted) -> Response:
    """Give an indicator to one office alone, or to any."""
    ask, principal = by
    country = _country(ask, principal)
    directory.assign(
        ask.settings, load_codebook(), principal, country, ask.whole("indicator"), _number(ask, "office"),
        ask.browser.address,
    )  # fmt: skip
    return _back(ask, principal, country, "office_assigned")


@router.post("/offices/deadline")
def deadline(by: Posted) -> Response:
    """Say when a year is due, of one office or of all."""
    ask, principal = by
    country = _country(ask, principal)
    try:
        day = date.fromisoformat(ask.field("day"))
    except ValueError as error:
        raise MoveNotAllowed("period", "The day is not a date such as 2026-03-31.") from error
    deadlines.set_due(
        ask.settings, principal, [country], ask.field("period"), day, ask.browser.address, _number(ask, "office")
    )
    return _back(ask, principal, country, "deadline")


@router.post("/offices/conflicts/{number}")
def decide(by: Posted, number: RowNumber) -> Response:
    """Decide which office's figure is published."""
    ask, principal = by
    decided = decision.decide(
        ask.settings, load_codebook(), principal, number, _number(ask, "office"), ask.whole("reason"),
        ask.browser.address,
    )  # fmt: skip
    answer = _back(ask, principal, principal.country, "office_decided")
    answer.background = BackgroundTask(notices.tell_decided, ask.settings, decided, principal.id)
    return answer


def _country(ask: BrowserRequest, principal: Principal) -> str:
    """The coordinator's own country, whatever the form says; an administrator's choice."""
    country = principal.country or ask.field("country").upper()
    if country not in load_codebook().countries and country not in ORGANISATIONS:
        raise MoveNotAllowed("country", f"There is no country {country[:10]}.")
    return country


def _number(ask: BrowserRequest, name: str) -> int:
    """The number of an office; 0 for all of them, or any.

    Raises:
        MoveNotAllowed: it is none.
    """
    typed = ask.field(name) or "0"
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4):
        raise MoveNotAllowed("office", "There is no such office.")
    return int(typed)


def _back(ask: BrowserRequest, principal: Principal, country: str, done: str) -> Response:
    return went(ask, "/offices/" if principal.country else f"/offices/?country={country}", done=done)
