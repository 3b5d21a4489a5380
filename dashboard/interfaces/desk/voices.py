"""What the desks of moderators and of integrity officers share: what is said where something is refused."""

from fastapi.responses import Response

from dashboard.contributions.voice.inbox import NoKey
from dashboard.contributions.voice.model import VoiceError
from dashboard.contributions.voice.moderation.batches import NotApart
from dashboard.contributions.voice.moderation.complaints import NoAnswer
from dashboard.contributions.voice.moderation.opinions import UnfitMarks, Unsuitable
from dashboard.contributions.voice.moderation.replies import Unfit
from dashboard.contributions.voice.moderation.reports import NoWords
from dashboard.contributions.voice.review import NotAllowed, Unclear
from dashboard.interfaces.desk.guard import BrowserRequest
from dashboard.interfaces.desk.page import refuse
from dashboard.locales import t

TOLD: dict[type[VoiceError], tuple[str, int]] = {
    NotAllowed: ("unknown", 404), Unclear: ("unclear", 422), Unsuitable: ("unsuitable", 422),
    UnfitMarks: ("changed", 422), NoWords: ("no_words", 422), NoAnswer: ("no_answer", 422), NoKey: ("key", 503),
}  # fmt: skip
"""What is refused → key of its words, and status."""


def refused(ask: BrowserRequest, key: str, status: int) -> Response:
    """A page that says why not: ``officers.errors.<key>``."""
    return _refuse(ask, t(f"officers.errors.{key}", ask.lang), status)


def _refuse(ask: BrowserRequest, why: str, status: int) -> Response:
    title, onward = (t(f"accounts.message.{part}", ask.lang) for part in ("title", "onward"))
    return refuse(ask, status, why, title, ("/account/", onward))


def not_yours(ask: BrowserRequest) -> Response:
    """The word that the role does not open this page."""
    return refused(ask, "not_yours", 403)


def trouble(ask: BrowserRequest, error: VoiceError) -> Response:
    """What of citizens' voice was refused, in the reader's words."""
    if isinstance(error, Unfit):
        return refused(ask, error.code, 422)
    if isinstance(error, NotApart):
        return _refuse(ask, t(f"submissions.refusal.{error.code}", ask.lang), 403)
    key, status = next((answer for kind, answer in TOLD.items() if isinstance(error, kind)), ("unreadable", 500))
    return refused(ask, key, status)
