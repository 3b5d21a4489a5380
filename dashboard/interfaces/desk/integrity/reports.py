"""``/voice/integrity/``: the named officer of a country reads, notes and closes its integrity reports."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from dashboard.accounts.model import Principal, Right
from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import centres
from dashboard.contributions.delivery.wording import country_name, name_service
from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import keyring
from dashboard.contributions.voice.moderation import complaints, reports
from dashboard.evidence.database.engine import open_engine
from dashboard.interfaces.desk.guard import BrowserRequest, By, pages_for
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.voices import not_yours

router = APIRouter(include_in_schema=False)
_asked, _sent = pages_for(not_yours, Right.INTEGRITY)
Asked = Annotated[By, Depends(_asked)]
Posted = Annotated[By, Depends(_sent)]


@router.get("/voice/integrity/")
def listing(by: Asked) -> Response:
    """Which reports there are; nothing of what they say."""
    ask, principal = by
    lines = reports.listing(open_engine(ask.settings), principal)
    return page(
        ask,
        "voice_integrity.html",
        country=country_name(principal.country, ask.lang),
        lines=lines,
        places=_places(ask, principal),
    )


@router.get("/voice/integrity/{id_}")
def read(by: Asked, id_: str) -> Response:
    """One report; that it was read is written down first."""
    ask, principal = by
    report = reports.read(open_engine(ask.settings), keyring(ask.settings), principal, id_, _now(), ask.browser.address)
    place, service = _places(ask, principal).get(report.opinion.centre), report.opinion.service
    return page(
        ask,
        "voice_report.html",
        report=report,
        one=report.opinion,
        centre=place.name if place else report.opinion.centre,
        service=name_service(dict(place.services if place else ()).get(service, service), ask.lang),
        longest=reports.LONGEST_NOTE,
        case=(store.case_of(open_engine(ask.settings), opinion=id_) or (None,))[0],
        longest_answer=complaints.LONGEST,
    )


@router.post("/voice/integrity/{id_}/note")
def note(by: Posted, id_: str) -> Response:
    """Add a note, or close the report with one."""
    ask, principal = by
    closing = ask.field("close") == "1"
    words = ask.whole("words")
    reports.note(
        open_engine(ask.settings),
        keyring(ask.settings),
        principal,
        id_,
        words,
        _now(),
        ask.browser.address,
        closing=closing,
    )
    return went(ask, "/voice/integrity/", done="closed" if closing else "noted")


@router.post("/voice/integrity/{id_}/answer")
def answer(by: Posted, id_: str) -> Response:
    """Answer a report that came as a complaint with a number."""
    ask, principal = by
    complaints.answer(open_engine(ask.settings), principal, id_, "", ask.whole("words"), _now(), ask.browser.address)
    return went(ask, "/voice/integrity/", done="complaint_answered")


@router.post("/voice/integrity/{id_}/back")
def back(by: Posted, id_: str) -> Response:
    """Find that it is an ordinary opinion."""
    ask, principal = by
    reports.pass_back(open_engine(ask.settings), keyring(ask.settings), principal, id_, _now(), ask.browser.address)
    return went(ask, "/voice/integrity/", done="passed_back")


def _places(ask: BrowserRequest, officer: Principal) -> dict[str, Centre]:
    """The centres of the country as they are now: an officer knows them by their names."""
    return {code: rows[-1] for code, rows in centres(open_engine(ask.settings), officer.country).items()}


def _now() -> datetime:
    return datetime.now(UTC)
