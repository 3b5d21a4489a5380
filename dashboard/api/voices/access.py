"""Who may open the pages of this room: moderators theirs, integrity officers theirs, nobody else either."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response

from dashboard.accounts.model import Principal, Right
from dashboard.api.accounts.access import BrowserRequest, browser_request, posted
from dashboard.api.accounts.page import page, went
from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.locales import has, t
from dashboard.voice.inbox import NoKey
from dashboard.voice.model import VoiceError
from dashboard.voice.moderation.opinions import Unsuitable
from dashboard.voice.moderation.replies import Unfit
from dashboard.voice.moderation.reports import NoWords
from dashboard.voice.review import NotAllowed, Unclear


class Elsewhere(Exception):
    """Nobody is logged in, or somebody whose page this is not."""

    def __init__(self, ask: BrowserRequest) -> None:
        self.ask = ask


def _having(ask: BrowserRequest, right: Right) -> tuple[BrowserRequest, Principal]:
    principal = ask.principal
    if principal is None or not principal.may(right):
        raise Elsewhere(ask)
    return ask, principal


def asked_by_moderator(ask: Annotated[BrowserRequest, Depends(browser_request)]) -> tuple[BrowserRequest, Principal]:
    """A page that a moderator asks for."""
    return _having(ask, Right.MODERATE)


def posted_by_moderator(ask: Annotated[BrowserRequest, Depends(posted)]) -> tuple[BrowserRequest, Principal]:
    """A form that a moderator sent."""
    return _having(ask, Right.MODERATE)


def asked_by_officer(ask: Annotated[BrowserRequest, Depends(browser_request)]) -> tuple[BrowserRequest, Principal]:
    """A page that an integrity officer asks for."""
    return _having(ask, Right.INTEGRITY)


def posted_by_officer(ask: Annotated[BrowserRequest, Depends(posted)]) -> tuple[BrowserRequest, Principal]:
    """A form that an integrity officer sent."""
    return _having(ask, Right.INTEGRITY)


def answer_elsewhere(ask: BrowserRequest) -> Response:
    """To the login, or the word that the role does not open this page."""
    if ask.principal is None:
        return went(ask, f"/account/login?next={ask.path}")
    return refused(ask, "not_yours", 403)


def refused(ask: BrowserRequest, key: str, status: int) -> Response:
    """A page that says why not: ``officers.errors.<key>``."""
    return page(ask, "voice_refused.html", status, told=t(f"officers.errors.{key}", ask.lang))


def trouble(ask: BrowserRequest, error: VoiceError) -> Response:
    """What of citizens' voice was refused, in the reader's words."""
    if isinstance(error, NotAllowed):
        return refused(ask, "unknown", 404)
    if isinstance(error, Unfit):
        return refused(ask, error.code, 422)
    kinds = (
        (Unclear, "unclear", 422),
        (Unsuitable, "unsuitable", 422),
        (NoWords, "no_words", 422),
        (NoKey, "key", 503),
    )
    for kind, key, status in kinds:
        if isinstance(error, kind):
            return refused(ask, key, status)
    return refused(ask, "unreadable", 500)


def done(ask: BrowserRequest) -> str:
    """What is said after a form was taken."""
    key = f"officers.done.{ask.query.get('done', '')}"
    return t(key, ask.lang) if has(key) else ""


def country(by: Principal, lang: str) -> str:
    """The name of the country somebody works for."""
    known = codebook().countries.get(by.country)
    return text(known.name, lang) if known else by.country
