"""What is due when: set by an administrator per country and year, shown to those concerned, as a calendar file too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Right
from dashboard.codebook.model import Codebook, choose_text
from dashboard.database.engine import open_engine, reading, writing
from dashboard.locales import format_day as day_in_words
from dashboard.locales import t
from dashboard.reports.icalendar import Event, write_icalendar
from dashboard.settings import Settings
from dashboard.submissions import store
from dashboard.submissions.model import APART, MoveNotAllowed, Period, PeriodStanding, Submission

STANDING = ("published", "approved", "submitted", "returned", "not_reported", "checked", "draft")
"""How far a year has come, furthest first."""


@dataclass(frozen=True, slots=True)
class Due:
    """A year of a country, and how far it has come: ``due``, ``overdue``, or the state of what was sent."""

    country: str
    dataset: str
    period: str
    due: datetime | None
    standing: str
    closed: bool
    reason: str = ""  # code of why nothing is reported

    @property
    def public(self) -> str:
        """What readers are told: ``due``, ``overdue``, ``in_review``, ``published`` or ``not_reported``.

        What an office has not submitted yet is its own affair.
        """
        if self.standing in ("submitted", "approved"):
            return "in_review"
        return self.standing if self.standing in ("published", "not_reported", "overdue") else "due"


def set_due(settings: Settings, by: Principal, country: str, period: str, day: date, address: str = "") -> None:
    """Say when a year of a country is due, at the end of a day (UTC).

    Raises:
        MoveNotAllowed: not an administrator, or no year.
    """
    if not by.may(Right.ADMINISTER):
        raise MoveNotAllowed("right", "Only administrators set deadlines.")
    if not (period.isascii() and period.isdigit() and len(period) == 4):
        raise MoveNotAllowed("period", f"“{period[:10]}” is not a year.")
    moment = datetime.combine(day, time(23, 59), UTC)
    with writing(open_engine(settings)) as connection:
        store.set_period(connection, country, "figures", period, due=moment)
        audit.record(
            connection, action="submission.due_set", subject=f"figures {country} {period}", by=by, address=address,
            after={"due": moment.isoformat()},
        )  # fmt: skip


def listing(settings: Settings, now: datetime, country: str = "") -> list[Due]:
    """Every year that is due or of which something was sent, by country, latest first."""
    with reading(open_engine(settings)) as connection:
        periods = [it for it in store.periods(connection, country) if it.dataset not in APART]
        sent = [it for it in store.listing(connection, country=country) if it.dataset not in APART]
    known = {(it.country, it.dataset, it.period): it for it in periods}
    places = {*known, *((it.country, it.dataset, it.period) for it in sent)}
    rows = [
        _due(place, known.get(place), [it for it in sent if (it.country, it.dataset, it.period) == place], now)
        for place in places
    ]
    latest_first = sorted(sorted(rows, key=lambda it: it.dataset), key=lambda it: it.period, reverse=True)
    return sorted(latest_first, key=lambda it: it.country)  # as text: a row that is no year is in nobody's way


def standings(settings: Settings, now: datetime, book: Codebook, lang: str) -> list[PeriodStanding]:
    """Every year that is due, in review, published or said not to be reported, in the words readers see."""
    result: list[PeriodStanding] = []
    for one in listing(settings, now):
        if one.public == "due" and one.due is None:
            continue  # nothing is due, and what lies there has not been submitted
        area = "standing" if one.public in ("due", "overdue", "in_review") else "state"
        words = t(f"submissions.{area}.{one.public}", lang)
        if one.reason:
            words += t("ui.list.colon", lang) + t(f"submissions.reason.{one.reason}", lang)
        country = book.countries.get(one.country)
        result.append(
            PeriodStanding(
                country=choose_text(country.name, lang) if country else one.country,
                period=one.period,
                day=day_in_words(one.due.date(), lang) if one.due else "–",
                standing=words,
            )
        )
    return result


def calendar(dues: Sequence[Due], book: Codebook, lang: str) -> bytes:
    """Deadlines as an iCalendar file (RFC 5545), with a reminder a week before."""
    events = []
    for one in dues:
        if one.due is None:
            continue
        known = book.countries.get(one.country)
        name = choose_text(known.name, lang) if known else one.country
        title = t("submissions.deadline.title", lang, country=name, period=one.period)
        uid = f"{one.country}-{one.dataset}-{one.period}"
        events.append(Event(uid, one.due.date(), one.due, title, remind_days=7))
    return write_icalendar("Deadlines", events)


def _due(place: tuple[str, str, str], period: Period | None, sent: list[Submission], now: datetime) -> Due:
    states = {it.state for it in sent}
    standing = next((state for state in STANDING if state in states), "")
    due = period.due if period else None
    if standing in ("", "returned", "checked", "draft") and due is not None and due < now:
        standing = "overdue"
    reason = next((it.reason.partition(":")[0] for it in sent if it.state == "not_reported"), "")
    return Due(
        *place, due, standing or "due", bool(period and period.closed), reason if standing == "not_reported" else ""
    )
