"""What is due when: set per office and year by an administrator or a coordinator; as a calendar file, too."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dashboard.accounts import audit
from dashboard.accounts import store as accounts
from dashboard.accounts.model import FIRST_OFFICE, OF_OFFICE, Principal, Right, Role, State
from dashboard.analysis.reports.icalendar import Event, write_icalendar
from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.kinds.registry import KINDS
from dashboard.contributions.submissions.model import MoveNotAllowed, PeriodStanding, Submission
from dashboard.contributions.submissions.tables import SubmissionPeriodRow
from dashboard.evidence.codebook.model import Codebook, choose_text
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.locales import format_day as day_in_words
from dashboard.locales import t
from dashboard.settings import Settings

STANDING = ("published", "approved", "submitted", "returned", "not_reported", "checked", "draft")
"""How far a year has come, furthest first."""

DATED = tuple(dataset for dataset, kind in KINDS.items() if kind.writes_vintage)
"""What is due on a day."""

BEHIND = timedelta(hours=12)
"""How far the clocks of the place where a day ends last are behind UTC."""


def find_last_day(now: datetime) -> date:
    """Return the day that it still is somewhere: what is due on it is late nowhere, in whatever country it is due."""
    return (now - BEHIND).date()


@dataclass(frozen=True, slots=True)
class Due:
    """A year of an office, and how far it has come: ``due``, ``overdue``, or the state of what was sent."""

    country: str
    dataset: str
    period: str
    office_number: int
    due: datetime | None
    standing: str
    closed: bool
    reason: str = ""  # code of why nothing is reported
    reopened: str = ""  # why it is open again, until its office sends a correction

    @property
    def public(self) -> str:
        """What readers are told: ``due``, ``overdue``, ``in_review``, ``published`` or ``not_reported``.

        What an office has not submitted yet is its own affair.
        """
        if self.standing in ("submitted", "approved"):
            return "in_review"
        return self.standing if self.standing in ("published", "not_reported", "overdue") else "due"


def set_due(
    settings: Settings, by: Principal, countries: Collection[str], period: str, day: date, address: str = "",
    office: int = 0,
) -> None:  # fmt: skip
    """Say on which day a year of these countries is due (it ends as of ``find_last_day``): of all of them, or of none.

    It is due from one office, or from all of a country that can send.

    Raises:
        MoveNotAllowed: neither an administrator nor the country's coordinator, no such office or one that cannot send,
            or no year.
    """
    if not by.may(Right.ADMINISTER) and not all(by.may(Right.COORDINATE, country) for country in countries):
        raise MoveNotAllowed("right", "Only administrators and a country's coordinator set its deadlines.")
    if not (period.isascii() and period.isdigit() and len(period) == 4):
        raise MoveNotAllowed("period", f"“{period[:10]}” is not a year.")
    moment = datetime.combine(day, time(23, 59), UTC)
    with writing(open_engine(settings)) as connection:
        for country in sorted(set(countries)):
            known = [one.number for one in accounts.list_offices(connection, country)] or [FIRST_OFFICE]
            if office and office not in known:
                raise MoveNotAllowed("office", f"{country} has no office {office}.")
            idle = _list_idle(connection, country)
            if (country, office) in idle:
                raise MoveNotAllowed(
                    "office_sends_nothing",
                    f"Office {office} of {country} has coordinators alone, who send nothing. Invite a contributor.",
                )
            for number in (office,) if office else (one for one in known if (country, one) not in idle):
                store.set_period(connection, country, "figures", period, number, due=moment)
            audit.record(
                connection, action="submission.due_set", subject=f"figures {country} {period}", by=by, address=address,
                after={"due": moment.isoformat()} | ({"office": office} if office else {}),
            )  # fmt: skip


def listing(
    settings: Settings, now: datetime, country: str = "", office: int = 0, datasets: Collection[str] = DATED
) -> list[Due]:
    """Return every year (of counts: month) that is due or of which something was sent, by country, latest first.

    Of one ``office``, or of all; of all datasets that are due on a day, or of others. No day holds for an office of
    coordinators alone, whenever it was set.
    """
    with reading(open_engine(settings)) as connection:
        periods = [it for it in store.periods(connection, country, office) if it.dataset in datasets]
        sent = [it for it in store.listing(connection, country=country, office=office) if it.dataset in datasets]
        idle = _list_idle(connection, country)
    known = {_place(it): it for it in periods}
    of: dict[tuple[str, str, str, int], list[Submission]] = {}
    for it in sent:
        of.setdefault(_place(it), []).append(it)
    rows = [
        _due(place, known.get(place), of.get(place, []), now, owes=(place[0], place[3]) not in idle)
        for place in {*known, *of}
    ]
    latest_first = sorted(
        sorted(rows, key=lambda it: (it.dataset, it.office_number)), key=lambda it: it.period, reverse=True
    )
    return sorted(latest_first, key=lambda it: it.country)  # as text: a row that is no year is in nobody's way


def find_next(settings: Settings, now: datetime, country: str) -> tuple[date, str] | None:
    """Return day and year of the figures that a country owes first; None where no day is set, or nobody can log in."""
    known = listing(settings, now, country, datasets=("figures",)) if settings.accounts.enabled else []
    owed = [(one.due.date(), one.period) for one in known if one.due and one.public in ("due", "overdue")]
    return min(owed, default=None)


def standings(settings: Settings, now: datetime, book: Codebook, lang: str) -> list[PeriodStanding]:
    """Return every year that is due, in review, published or said not to be reported, in the words readers see."""
    result: list[PeriodStanding] = []
    names = office_names(settings)
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
                country=(choose_text(country.name, lang) if country else one.country) + name_office(names, one),
                period=one.period,
                day=day_in_words(one.due.date(), lang) if one.due else "–",
                standing=words,
            )
        )
    return result


def office_names(settings: Settings, country: str = "") -> dict[tuple[str, int], str]:
    """Return names of the offices of countries that have several, by country and number; {} where none has."""
    with reading(open_engine(settings)) as connection:
        found = accounts.list_offices(connection, country)
    several = Counter(one.country for one in found)
    return {(one.country, one.number): one.name for one in found if several[one.country] > 1}


def _list_idle(connection: store.Connection, country: str = "") -> set[tuple[str, int]]:
    """Return offices of coordinators alone, by country and number; none where nobody else of the country sends."""
    roles: dict[tuple[str, int], set[Role]] = {}
    for account in accounts.list_accounts(connection):
        if account.role in OF_OFFICE and account.state is not State.REVOKED and country in ("", account.country):
            roles.setdefault((account.country, account.office_number), set()).add(account.role)
    sending = {place[0] for place, found in roles.items() if Role.CONTRIBUTOR in found}
    return {place for place, found in roles.items() if place[0] in sending and found == {Role.COORDINATOR}}


def name_office(names: Mapping[tuple[str, int], str], one: Due) -> str:
    """Return which office of its country it is, to stand behind another word; "" where there is one alone."""
    name = names.get((one.country, one.office_number), "")
    return f" · {name}" if name else ""


def calendar(
    dues: Sequence[Due], book: Codebook, lang: str, names: Mapping[tuple[str, int], str]
) -> bytes:  # fmt: skip
    """Deadlines as an iCalendar file (RFC 5545), with a reminder a week before; ``names`` as of ``office_names``."""
    events = []
    for one in dues:
        if one.due is None:
            continue
        known = book.countries.get(one.country)
        name = (choose_text(known.name, lang) if known else one.country) + name_office(names, one)
        title = t("submissions.deadline.title", lang, country=name, period=one.period)
        uid = f"{one.country}-{one.dataset}-{one.period}"
        uid += f"-{one.office_number}" if one.office_number != FIRST_OFFICE else ""
        events.append(Event(uid, one.due.date(), one.due, title, remind_days=7))
    return write_icalendar("Deadlines", events)


def _place(one: SubmissionPeriodRow | Submission) -> tuple[str, str, str, int]:
    return one.country, one.dataset, one.period, one.office_number


def _due(
    place: tuple[str, str, str, int], period: SubmissionPeriodRow | None, sent: list[Submission], now: datetime, *,
    owes: bool,
) -> Due:  # fmt: skip
    states = {it.state for it in sent}
    standing = next((state for state in STANDING if state in states), "")
    due = period.due if period and owes else None
    if standing in ("", "returned", "checked", "draft") and due is not None and due.date() < find_last_day(now):
        standing = "overdue"
    reason = next((it.reason.partition(":")[0] for it in sent if it.state == "not_reported"), "")
    answered = states & {*store.OPEN, "not_reported"}  # the office has gone on with it
    return Due(
        *place,
        due,
        standing or "due",
        bool(period and period.closed),
        reason if standing == "not_reported" else "",
        period.reason if period and not period.closed and not answered else "",
    )
