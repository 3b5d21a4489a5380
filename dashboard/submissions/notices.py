"""Mail to whoever has to act next, or waits for an answer; only where the operator has set a mail server.

A notice is sent after a move has been made and changes nothing of it: a server that does not take it is logged.
"""

import logging
from datetime import date
from email.message import EmailMessage

from dashboard.accounts import mail, people
from dashboard.accounts.model import Account, Role, State
from dashboard.delivery.wording import country_name
from dashboard.locales import format_day as day_in_words
from dashboard.locales import t
from dashboard.settings import Settings
from dashboard.submissions.model import Submission

log = logging.getLogger(__name__)

NOTIFIED = ("submitted", "approved", "returned", "published")
"""States of which somebody is told: approvers, reviewers, and twice whoever submitted."""


def tell(settings: Settings, submission: Submission) -> int:
    """Tell those concerned of the state a submission has come to; gives how many messages were taken."""
    if submission.state not in NOTIFIED or not mail.configured(settings):
        return 0
    taken = 0
    for account in _concerned(settings, submission):
        try:
            mail.send(settings, letter(settings, account, submission))
            taken += 1
        except mail.Undelivered:
            log.warning("Nobody was told that submission %s is %s", submission.id, submission.state)
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


def _concerned(settings: Settings, submission: Submission) -> list[Account]:
    accounts = [one for one in people.everybody(settings) if one.state is State.ACTIVE]
    if submission.state == "submitted":
        office = (submission.country, submission.office_number)
        return [one for one in accounts if one.role is Role.APPROVER and (one.country, one.office_number) == office]
    if submission.state == "approved":
        return [one for one in accounts if one.role is Role.REVIEWER]
    return [one for one in accounts if one.id == submission.submitted_by]
