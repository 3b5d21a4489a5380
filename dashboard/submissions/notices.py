"""Mail to whoever has to act next, or waits for an answer; only where the operator has set a mail server.

A notice is sent after a move has been made and changes nothing of it: a server that does not take it is logged.
"""

import logging
from datetime import date
from email.message import EmailMessage

from dashboard.accounts import mail, people
from dashboard.accounts.model import RIGHTS, Account, Right, Role, State
from dashboard.database.engine import open_engine, reading
from dashboard.delivery.wording import country_name
from dashboard.locales import format_day as day_in_words
from dashboard.locales import t
from dashboard.settings import Settings
from dashboard.submissions import store, workflow
from dashboard.submissions.model import Submission

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
    if (said or submission.state) not in (*NOTIFIED, *SAID) or not mail.configured(settings):
        return 0
    taken = 0
    for account in _concerned(settings, submission, said):
        if account.id == by:
            continue
        try:
            mail.send(settings, letter(settings, account, submission, said))
            taken += 1
        except mail.Undelivered:
            log.warning("Nobody was told that submission %s is %s", submission.id, said or submission.state)
    return taken


def letter(
    settings: Settings, account: Account, submission: Submission, kind: str = "", day: date | None = None
) -> EmailMessage:
    """The message to one person, in their language; it holds no figure.

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
    return mail.message(settings, account, t(f"{about}_subject", lang, **values), t(f"{about}_text", lang, **values))


def _concerned(settings: Settings, submission: Submission, said: str) -> list[Account]:
    accounts = [one for one in people.everybody(settings) if one.state is State.ACTIVE]
    office = (submission.country, submission.office_number)
    approvers = [one for one in accounts if one.role is Role.APPROVER and (one.country, one.office_number) == office]
    reviewers = [one for one in accounts if one.role is Role.REVIEWER]
    if said:
        together = [submission.id] + ([submission.supersedes] if said == "roll_back" and submission.supersedes else [])
        with reading(open_engine(settings)) as connection:
            took_part = store.accounts_in(connection, together)
        told = took_part | ({one.id for one in reviewers} if said in WITH_REVIEWERS else set())
        if said == "take_back":  # it waits for an approval again
            told |= {one.id for one in approvers}
        return [one for one in accounts if one.id in told and _reads(one, submission)]
    if submission.state == "submitted":
        return approvers
    if submission.state == "approved":
        return reviewers
    return [one for one in accounts if one.id == submission.submitted_by]


def _reads(account: Account, submission: Submission) -> bool:
    """Whether an account, as it is today, may still see a submission."""
    ours = RIGHTS[account.role] & set(workflow.READERS)
    if not ours or account.waits or account.country not in ("", submission.country):
        return False
    return Right.COORDINATE in ours or not account.country or account.office_number == submission.office_number
