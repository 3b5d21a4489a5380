"""Mail to whoever has to act next, or waits for an answer; only where the operator has set a mail server.

A notice is sent after a move has been made and changes nothing of it: a server that does not take it is logged.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from email.message import EmailMessage

from dashboard.accounts import mail, people
from dashboard.accounts.model import RIGHTS, Right, Role, State
from dashboard.accounts.tables import Account
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions import store, workflow
from dashboard.contributions.submissions.model import Submission
from dashboard.contributions.submissions.offices import store as offices
from dashboard.contributions.submissions.tables import OfficeConflict
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.locales import format_day as day_in_words
from dashboard.locales import t
from dashboard.settings import Settings

log = logging.getLogger(__name__)

NOTIFIED = ("submitted", "approved", "returned", "published")
"""States of which somebody is told: approvers, reviewers, and twice whoever submitted."""

SAID = ("comment", "take_back", "ask_reopen", "reopen", "decline_reopen", "roll_back")
"""What is told beside the state that a submission has come to."""

WITH_REVIEWERS = ("take_back", "ask_reopen")
"""Of these every reviewer is told; of all others in ``SAID`` those who took part."""


def tell(settings: Settings, submission: Submission, said: str = "", by: int = 0) -> int:
    """Tell those concerned of what was done with a submission; gives how many messages were taken.

    Args:
        settings: where the product is.
        submission: what it is about.
        said: which of ``SAID``; by default the state that the submission has come to.
        by: the account that did it, which is not told.
    """
    if (said or submission.state) not in (*NOTIFIED, *SAID) or not mail.is_configured(settings):
        return 0
    told = [(account, submission, said) for account in _concerned(settings, submission, said)]
    if (said or submission.state) == "published":
        told += _contested(settings, submission)
    return _send(settings, told, by)


def tell_decided(settings: Settings, decided: OfficeConflict, by: int = 0) -> int:
    """Tell who took part on either side that a coordinator chose a figure; gives how many messages were taken."""
    if not mail.is_configured(settings):
        return 0
    with reading(open_engine(settings)) as connection:
        sides = [one for one in (store.get(connection, number) for number in decided.sides) if one is not None]
    return _send(
        settings, [(it, one, "decided") for one in sides for it in _took_part(settings, [one.id], one)], by
    )  # fmt: skip


Told = tuple[Account, Submission, str]
"""Who is told, about what, and which letter; "" for that of the state."""


def _send(settings: Settings, told: Iterable[Told], by: int) -> int:
    taken = 0
    for account, submission, kind in told:
        if account.id == by:
            continue
        try:
            mail.send(settings, letter(settings, account, submission, kind))
            taken += 1
        except mail.Undelivered:
            log.warning("Nobody was told that submission %s is %s", submission.id, kind or submission.state)
    return taken


def _contested(settings: Settings, submission: Submission) -> list[Told]:
    """Of figures that another office holds: its people, about their own submission, and the country's coordinators."""
    with reading(open_engine(settings)) as connection:
        found = offices.conflicts(connection, submission.country, submission.id)
        numbers = sorted({it.holder for it in found if it.state == "open" and it.submission == submission.id})
        holders = [one for one in (store.get(connection, number) for number in numbers) if one is not None]
    if not holders:
        return []
    told = [(it, one, "contested") for one in holders for it in _took_part(settings, [one.id], one)]
    coordinators = [it for it in _active(settings) if it.role is Role.COORDINATOR and _reads(it, submission)]
    return told + [(it, submission, "contested") for it in coordinators]


def _active(settings: Settings) -> list[Account]:
    return [one for one in people.list_accounts(settings) if one.state is State.ACTIVE]


def _took_part(settings: Settings, numbers: Sequence[int], submission: Submission) -> list[Account]:
    """Return those of an office, and reviewers, who had a part in these submissions (``find_told``)."""
    with reading(open_engine(settings)) as connection:
        took_part = store.accounts_in(connection, numbers)
    return find_told(_active(settings), took_part, submission)


def find_told(accounts: Sequence[Account], took_part: Collection[int], submission: Submission) -> list[Account]:
    """Who of these accounts took part and may still see it; where nobody left among them sends figures, all who send
    those of its office."""
    readers = [one for one in accounts if _reads(one, submission)]
    found = [one for one in readers if one.id in took_part]
    senders = [one for one in readers if one.role is Role.CONTRIBUTOR]
    return found if any(one in senders for one in found) else [*found, *senders]


def letter(
    settings: Settings, account: Account, submission: Submission, kind: str = "", day: date | None = None
) -> EmailMessage:
    """Return the message to one person, in their language; it holds no figure.

    Args:
        settings: where the product is.
        account: the person.
        submission: what it is about.
        kind: what is told; by default the state that the submission has come to.
        day: the day that is told.
    """
    lang, base = account.language, (settings.public_url or "").rstrip("/")
    values = {
        "country": country_name(submission.country, lang),
        "period": submission.period,
        "link": f"{base}/contribute/{submission.id}?lang={lang}",
        "reason": submission.reason or "–",
        "day": day_in_words(day, lang) if day else "–",
    }
    about = f"submissions.mail.{kind or submission.state}"
    return mail.compose_message(
        settings, account.email, t(f"{about}_subject", lang, **values), t(f"{about}_text", lang, **values)
    )


def _concerned(settings: Settings, submission: Submission, said: str) -> list[Account]:
    accounts = _active(settings)
    office = (submission.country, submission.office_number)
    approvers = [one for one in accounts if one.role is Role.APPROVER and (one.country, one.office_number) == office]
    reviewers = [one for one in accounts if one.role is Role.REVIEWER]
    if said:
        together = [submission.id] + ([submission.supersedes] if said == "roll_back" and submission.supersedes else [])
        told = {one.id for one in _took_part(settings, together, submission)}
        told |= {one.id for one in reviewers} if said in WITH_REVIEWERS else set()
        if said == "take_back":  # it waits for an approval again
            told |= {one.id for one in approvers}
        return [one for one in accounts if one.id in told and _reads(one, submission)]
    if submission.state == "submitted":
        return approvers
    if submission.state == "approved":
        return reviewers
    return find_told(accounts, [submission.submitted_by or 0], submission)


def _reads(account: Account, submission: Submission) -> bool:
    """Return True if an account, as it is today, may still see a submission."""
    ours = RIGHTS[account.role] & set(workflow.READERS)
    if not ours or account.waits or account.country not in ("", submission.country):
        return False
    return Right.COORDINATE in ours or not account.country or account.office_number == submission.office_number
