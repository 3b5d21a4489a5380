"""``/voice/review/complaints``: complaints with a number, the oldest without an answer first; read and answered."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from dashboard.accounts.model import Right
from dashboard.contributions.delivery.store import centres
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.voice.form.words import languages_for, texts
from dashboard.contributions.voice.moderation import complaints
from dashboard.evidence.database.engine import open_engine
from dashboard.interfaces.desk.guard import By, pages_for
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.voices import not_yours

router = APIRouter(include_in_schema=False)
_asked, _sent = pages_for(not_yours, Right.MODERATE)
Asked = Annotated[By, Depends(_asked)]
Posted = Annotated[By, Depends(_sent)]


@router.get("/voice/review/complaints")
def listing(by: Asked) -> Response:
    """Complaints of the country and what came of them."""
    ask, principal = by
    database = open_engine(ask.settings)
    names = {code: rows[-1].name for code, rows in centres(database, principal.country).items()}
    return page(
        ask, "voice_complaints.html", country=country_name(principal.country, ask.lang),
        rows=[(complaint.case, complaint.opinion, names.get(complaint.opinion.centre, complaint.opinion.centre))
              for complaint in complaints.listing(database, principal)],
    )  # fmt: skip


@router.get("/voice/review/{id_}/answer")
def read(by: Asked, id_: str) -> Response:
    """One complaint, from now on read, and the form of its answer."""
    ask, principal = by
    found = complaints.read(open_engine(ask.settings), principal, id_, datetime.now(UTC))
    offered = languages_for(principal.country)
    language = found.case.language or found.opinion.language
    return page(
        ask, "voice_complaint.html", case=found.case, it=found.opinion, office=principal.office,
        longest=complaints.LONGEST, languages=[(code, texts(code)["name"]) for code in offered],
        chosen=language if language in offered else offered[0],
    )  # fmt: skip


@router.post("/voice/review/{id_}/answer")
def answer(by: Posted, id_: str) -> Response:
    """Answer it; a later answer takes the place of this one."""
    ask, principal = by
    language = ask.field("language")
    answer_language = language if language in languages_for(principal.country) else ""
    complaints.answer(
        open_engine(ask.settings),
        principal,
        id_,
        answer_language,
        ask.whole("words"),
        datetime.now(UTC),
        ask.browser.address,
    )
    return went(ask, "/voice/review/complaints", done="complaint_answered")
