"""Reminders of what is due: 14 and 3 days before, on the day, and weekly after, until it has come.

Everybody of a country's office gets one message for all that is due, however many days the server was off. What is
told is written down before the message is sent: a server that is killed in between does not send it again, and the next
reminder tells it. A message that the mail server does not take is tried again an hour later.

The day is the clock's, whether or not it is doubted (``database.clock``): a message destroys nothing.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from email.message import EmailMessage
from types import MappingProxyType

from dashboard.accounts import mail, people
from dashboard.accounts.model import State
from dashboard.accounts.tables import Account
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions import deadlines, store
from dashboard.contributions.submissions.deadlines import Due
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.locales import format_day as day_in_words
from dashboard.locales import t
from dashboard.settings import Settings

log = logging.getLogger(__name__)

BEFORE = (-14, -3)
"""Days to the day on which something is due, of the reminders before it."""

WEEK = 7
LAST = 52 * WEEK
"""Days after which nobody is reminded any more. Ours."""

RECEIVED = ("submitted", "approved", "published", "not_reported")
"""How something stands that has come."""

REMINDED = ("contributor", "approver", "coordinator")
"""Roles of a country who are reminded."""


def find_mark(due: date, today: date) -> int | None:
    """Which reminder is the last whose day has come, in days from the day it is due; None where there is none."""
    days = (today - due).days
    if days > LAST:
        return None
    if days >= 0:
        return days - days % WEEK
    return max((mark for mark in BEFORE if mark <= days), default=None)


def list_due(dues: Iterable[Due], today: date) -> list[tuple[Due, int]]:
    """Return what is to be reminded of today, with the mark of each; of what has come nothing."""
    marked = [
        (one, find_mark(one.due.date(), today)) for one in dues if one.due is not None and one.standing not in RECEIVED
    ]
    return [(one, mark) for one, mark in marked if mark is not None]


def words_of(one: Due, today: date, lang: str, names: Mapping[tuple[str, int], str] = MappingProxyType({})) -> str:
    """When something is due, or was, in a line; from which office, by ``names`` as of ``deadlines.office_names``."""
    assert one.due is not None
    day, days = one.due.date(), (one.due.date() - today).days
    if one.standing != "overdue":  # the day has ended here and not everywhere
        days = max(days, 0)
    key = "today" if days == 0 else "ahead" if days > 0 else "over"
    values = {"period": one.period + deadlines.name_office(names, one), "day": day_in_words(day, lang)}
    return t(f"submissions.due.{key}", lang, count=abs(days), **values)


def sweep(settings: Settings, now: datetime | None = None) -> int:
    """Send what is to be told; gives how many messages were taken. Any number of servers may do so at once."""
    if not mail.is_configured(settings):
        return 0
    moment = now or datetime.now(UTC)
    today = moment.date()
    accounts = [it for it in people.list_accounts(settings) if it.state is State.ACTIVE and it.role.value in REMINDED]
    taken = 0
    for country in sorted({it.country for it in accounts}):
        marked = list_due(deadlines.listing(settings, moment, country), today)
        for account in accounts:
            if account.country == country and not account.waits:
                taken += _remind(settings, account, [it for it in marked if _concerns(it[0], account)], moment)
    return taken


def _remind(settings: Settings, account: Account, marked: Sequence[tuple[Due, int]], moment: datetime) -> int:
    """Return one message for all of which this person has not been told yet."""
    if not marked:
        return 0
    keys = {_key(account, one, mark): one for one, mark in marked}
    with writing(open_engine(settings)) as connection:
        fresh = [key for key in keys if store.add_reminder(connection, key, moment)]
    if not fresh:
        return 0
    try:
        mail.send(settings, _letter(settings, account, [keys[key] for key in fresh], moment.date()))
    except mail.Undelivered:
        log.warning("Account %s was not reminded of what is due", account.id)
        with writing(open_engine(settings)) as connection:
            store.remove_reminders(connection, fresh)
        return 0
    return 1


def _concerns(one: Due, account: Account) -> bool:
    """Return True if it is due from a person's own office; a coordinator looks after all of the country's."""
    return account.role.value == "coordinator" or one.office_number == account.office_number


def _key(account: Account, one: Due, mark: int) -> str:
    """Return what one person is told once: the reminder of a day; another day set for it is reminded of anew."""
    assert one.due is not None
    return f"{account.id} {one.country} {one.office_number} {one.dataset} {one.period} {one.due.date()} {mark:+d}"


def _letter(settings: Settings, account: Account, dues: Sequence[Due], today: date) -> EmailMessage:
    lang, base = account.language, (settings.public_url or "").rstrip("/")
    names = deadlines.office_names(settings, account.country)
    lines = sorted(words_of(one, today, lang, names) for one in dues)
    values = {"country": country_name(account.country, lang), "link": f"{base}/contribute/?lang={lang}"}
    subject = t("submissions.mail.due_subject", lang, **values)
    return mail.compose_message(
        settings, account.email, subject, t("submissions.mail.due_text", lang, lines="\n".join(lines), **values)
    )
