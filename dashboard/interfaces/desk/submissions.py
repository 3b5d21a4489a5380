"""What the desks of those who send and of those who review share: whose pages these are, and a submission in a line."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import Response

from dashboard.accounts.model import Right
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions import deadlines, removal, store, workflow
from dashboard.contributions.submissions.kinds.registry import kind_of
from dashboard.contributions.submissions.model import (
    SEVERITIES,
    ReadingBusy,
    Submission,
    SubmissionError,
    SubmissionUnknown,
)
from dashboard.contributions.submissions.workbooks.changes import removed_words, taken_of
from dashboard.contributions.submissions.workbooks.words import reason_text
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.interfaces.api.submissions.token import STATUS_BY_CODE
from dashboard.interfaces.desk.guard import BrowserRequest, By, pages_for
from dashboard.interfaces.desk.page import refuse, went
from dashboard.locales import format_day as date_in_words
from dashboard.locales import has, t
from dashboard.settings import Settings


def to_their_room(ask: BrowserRequest) -> Response:
    """Who reads citizens' words has to do with no submission."""
    theirs = ask.principal is not None and ask.principal.may(Right.INTEGRITY)
    return went(ask, "/voice/integrity/" if theirs else "/voice/review/")


MOST_NAMED = 5
"""Figures that a line of the queue names; the submission's page names all."""

_asked, _sent = pages_for(to_their_room, *workflow.READERS)
PageRequest = Annotated[By, Depends(_asked)]
Posted = Annotated[By, Depends(_sent)]


def trouble(ask: BrowserRequest, error: SubmissionError) -> Response:
    """What was refused, and the way back."""
    status, message = refusal_of(error, ask.lang)
    removed = (
        [removed_words(figure, ask.lang) for figure in error.figures] if isinstance(error, removal.Removes) else []
    )
    title, onward = (
        t("submissions.refusal.title", ask.lang),
        ("/contribute/", t("submissions.nav.contribute", ask.lang)),
    )
    answer = refuse(ask, status, message, title, onward, removed=removed)
    if isinstance(error, ReadingBusy):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def refusal_of(error: SubmissionError, lang: str) -> tuple[int, str]:
    """The HTTP status of a refusal, and why in words."""
    code = getattr(error, "code", "unknown")
    key = f"submissions.refusal.{code}"
    message = t(key, lang, **getattr(error, "values", {})) if has(key) else str(error)
    return 404 if isinstance(error, SubmissionUnknown) else STATUS_BY_CODE.get(code, 422), message


def submissions_of(ask: BrowserRequest, country: str) -> list[Submission]:
    """A country's submissions, of all without one, newest first: those that who asks may see."""
    with reading(open_engine(ask.settings)) as connection:
        found = store.listing(connection, country=country)[::-1]
    return [
        submission
        for submission in found
        if ask.principal and ask.principal.works_for(submission.country, submission.office_number)
    ]


def line(submission: Submission, lang: str) -> dict[str, Any]:
    """A submission as it stands in a list."""
    kind = kind_of(submission)
    period = kind.format_period(submission.period, lang)
    return {
        "id": submission.id,
        "survey": kind.is_sealed,
        "country": country_name(submission.country, lang),
        "iso3": submission.country,
        "period": f"{period} · {t(f'submissions.sheet.{kind.sheet}', lang)}" if kind.sheet else period,
        "state": submission.state,
        "state_text": t(f"submissions.state.{submission.state}", lang),
        "filename": submission.filename,
        "created_at": submission.created_at,
        "office": submission.submitted_office or submission.created_office,
        "rows": submission.rows,
        "counts": [
            t(f"submissions.finding.{kind}s", lang, count=count)
            for kind in SEVERITIES
            if (count := submission.counts.get(kind, 0))
        ],
        "errors": submission.errors,
        "reason": reason_text(submission.reason, lang),
        "intent": "",
        "goes": [],
        "more": "",
    }  # fmt: skip


def line_to_decide(settings: Settings, submission: Submission, lang: str) -> dict[str, Any]:
    """The same for who decides on it: what it does to its year, and by name what would be published no more."""
    taken = taken_of(settings, submission)
    words = [removed_words(removed.figure, lang) for removed in taken[:MOST_NAMED]]
    more = len(taken) - len(words)
    kind = kind_of(submission)
    return line(submission, lang) | {
        "intent": t(f"submissions.intent.{submission.intent}_short", lang) if kind.has_choice else "",
        "goes": [t("submissions.review.goes", lang, **values) for values in words],
        "more": t("submissions.rollback.more", lang, count=more) if more else "",
    }


def due(year: deadlines.Due, lang: str, names: Mapping[tuple[str, int], str]) -> dict[str, str]:
    """A year of an office, when it is due and how it stands; ``names`` as of ``deadlines.office_names``."""
    office = names.get((year.country, year.office_number), "")
    key = f"submissions.standing.{year.standing}"
    return {
        "country": country_name(year.country, lang),
        "period": f"{year.period} · {office}" if office else year.period,
        "day": date_in_words(year.due.date(), lang) if year.due else "–",
        "standing": year.standing,
        "standing_text": t(key if has(key) else f"submissions.state.{year.standing}", lang),
        "closed": t("submissions.contribute.closed", lang) if year.closed else "",
    }
