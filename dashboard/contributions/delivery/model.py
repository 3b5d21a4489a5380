"""Centres and the monthly counts they send. Counts, never rates.

``CentreReport`` is one centre, service, channel and month.
"""

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from dashboard.analysis.measures.counts.histogram import Histogram

CHANNELS = ("counter", "mobile", "call", "web", "app")
ONLINE = ("web", "app")

BINS: dict[str, tuple[int, ...]] = {
    "waiting": (0, 5, 10, 15, 20, 30, 45, 60, 90, 120),
    "handling": (0, 5, 10, 15, 20, 30, 45, 60),
}
"""Lower ends, in minutes, of the bins of each histogram; the last is open. Fixed, so that all centres can be pooled."""

COUNTS = (
    "started", "completed", "refused", "abandoned", "carried_over",
    "visits", "standard_minutes", "standard_within", "standard_total", "in_legal_time", "with_legal_time",
    "first_contact_resolved", "first_contact_total",
    "complaints_received", "complaints_due", "complaints_in_time", "complaints_decided", "complaints_upheld",
    "complaints_reopened", "documents_issued", "documents_wrong", "decisions_taken", "decisions_overturned",
    "satisfied_1", "satisfied_2", "satisfied_3", "satisfied_4", "invited", "answered",
    "access_agree", "access_valid", "affordability_agree", "affordability_valid", "process_agree", "process_valid",
    "equal_treatment_agree", "equal_treatment_valid", "timeliness_agree", "timeliness_valid",
    "bribe_asked", "bribe_paid", "bribe_valid", "integrity_reports", "integrity_cases",
    "booked", "booked_used", "tickets", "tickets_unanswered",
    "opening_hours", "agreed_minutes", "planned_down_minutes", "unplanned_down_minutes",
    "cost_transactions", "agencies", "services", "staff", "female_staff",
)  # fmt: skip
"""Whole numbers of a report; one left out was not counted, which is not 0."""

OUTCOMES = ("completed", "refused", "abandoned")
"""How a case ends; one that was started in an earlier month is of those carried over."""

PARTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (OUTCOMES, "started"),
    (("standard_within",), "standard_total"),
    (("in_legal_time",), "with_legal_time"),
    (("first_contact_resolved",), "first_contact_total"),
    (("complaints_in_time",), "complaints_due"),
    (("complaints_upheld",), "complaints_decided"),
    (("complaints_reopened",), "complaints_decided"),
    (("documents_wrong",), "documents_issued"),
    (("decisions_overturned",), "decisions_taken"),
    (("satisfied_1", "satisfied_2", "satisfied_3", "satisfied_4"), "answered"),
    (("answered",), "invited"),
    *(
        ((f"{one}_agree",), f"{one}_valid")
        for one in ("access", "affordability", "process", "equal_treatment", "timeliness")
    ),
    (("bribe_asked", "bribe_paid"), "bribe_valid"),
    (("booked_used",), "booked"),
    (("tickets_unanswered",), "tickets"),
    (("planned_down_minutes", "unplanned_down_minutes"), "agreed_minutes"),
    (("female_staff",), "staff"),
)
"""(parts, whole): the parts of a whole cannot add up to more than it; outcomes to what was started or carried over."""


class DeliveryError(Exception):
    """Anything of service delivery that a person can put right; the message says what, where and how."""


@dataclass(frozen=True, slots=True)
class ColumnFault:
    """One thing wrong: column, rule, what is wrong and what to do. An error stops the row, a warning is told."""

    column: str
    rule: str
    message: str
    severity: Literal["error", "warning", "suggestion"] = "error"
    told: Mapping[str, str] = field(default_factory=dict)  # what its words in a language are filled with


class RowRefused(DeliveryError):
    """A row was not taken; ``faults`` say why."""

    def __init__(self, faults: Sequence[ColumnFault]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = tuple(faults)


_IN_LANGUAGE = re.compile(r"([a-z]{2,3}):\s*(.+)", re.DOTALL)


def read_names(text: str) -> list[tuple[str, str]]:
    """Language and name of each name of a service: of ``az:Pasport|en:Passport``; "" where no language is said."""
    parts = [(_IN_LANGUAGE.fullmatch(part), part) for part in map(str.strip, text.split("|")) if part]
    return [(found[1], found[2].strip()) if found else ("", part) for found, part in parts]


def choose_name(text: str, language: str) -> tuple[str, str]:
    """A service's name in a language, and "" ; without one English, then the first there is, and its language."""
    names = read_names(text)
    held = dict(reversed(names))  # of two in one language the first
    if language in held:
        return held[language], ""
    other = "en" if "en" in held else names[0][0] if names else ""
    return held.get(other, text), other


@dataclass(frozen=True, slots=True)
class Centre:
    """A place of service from a day on. One that moves to another region gets a second row with a later ``since``."""

    code: str
    country: str
    name: str
    since: date
    region: str = ""
    opened: date | None = None
    closed: date | None = None
    latitude: float | None = None
    longitude: float | None = None
    services: tuple[tuple[str, str], ...] = ()
    """(code, name) of what it offers, as people of the centre call it, in one language or several (``read_names``)."""

    form: bool = False
    """Whether its public form is open."""

    def as_json(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        days = {name: day.isoformat() for name in ("since", "opened", "closed") if (day := getattr(self, name))}
        return {**asdict(self), **dict.fromkeys(("opened", "closed")), **days}

    @staticmethod
    def of(plain: Mapping[str, Any]) -> "Centre":
        """Return the centre whose plain values these are."""
        days = {name: date.fromisoformat(plain[name]) for name in ("since", "opened", "closed") if plain[name]}
        services = tuple((code, name) for code, name in plain["services"])
        return Centre(**{**plain, **days, "services": services})


Untold = Literal["waiting", "joined", "contradictory"]
"""Why nothing is told of people in a month: they wait for others, are told with others, or their counts are wrong."""


@dataclass(frozen=True, slots=True)
class Told:
    """Answers or reports of people that may be told (``withholding``): counts above and below the line, whose they are.

    ``invited`` is how many were asked, where that is known of all; for satisfaction alone. ``waiting``: more is there.
    """

    numerator: float
    denominator: float
    centres: frozenset[str]
    invited: float | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class CentreReport:
    """The counts of one centre, service, channel and month (its first day).

    One that readers are told of holds no counts of people's answers and reports: ``told`` has them by metric.
    """

    centre: str
    service: str
    channel: str
    month: date
    counts: dict[str, int] = field(default_factory=dict)
    histograms: dict[str, Histogram] = field(default_factory=dict)
    cost: float | None = None
    currency: str = ""
    measured_by: str = ""
    told: Mapping[str, Told | Untold] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str, date]:
        """What there is one report of."""
        return self.centre, self.service, self.channel, self.month

    def as_json(self) -> dict[str, Any]:
        """Plain values of what was sent, for JSON; a histogram by its counts, for its bins are fixed."""
        histograms = {name: list(one.counts) for name, one in self.histograms.items()}
        plain = {name: value for name, value in asdict(self).items() if name != "told"}
        return {**plain, "month": self.month.isoformat(), "histograms": histograms}

    @staticmethod
    def of(plain: Mapping[str, Any]) -> "CentreReport":
        """Return the report whose plain values these are."""
        month = date.fromisoformat(plain["month"])
        return CentreReport(**{**plain, "month": month, "histograms": histograms_of(plain["histograms"])})


@dataclass(frozen=True, slots=True)
class ServiceMerger:
    """A service of a country that another has taken over from a month on: from then it is counted there alone."""

    old: str
    new: str
    since: date

    def as_json(self) -> dict[str, str]:
        """Plain values, for JSON."""
        return {"old": self.old, "new": self.new, "since": self.since.isoformat()}

    @staticmethod
    def of(plain: Mapping[str, str]) -> "ServiceMerger":
        """Return the merger whose plain values these are."""
        return ServiceMerger(plain["old"], plain["new"], date.fromisoformat(plain["since"]))


def find_successor(service: str, mergers: Mapping[str, ServiceMerger]) -> str:
    """The code under which a service is counted now; its own where nothing has taken it over, or the way is a circle.

    Args:
        service: its code.
        mergers: by the code that was taken over.
    """
    passed = {service}
    while service in mergers:
        service = mergers[service].new
        if service in passed:
            return service
        passed.add(service)
    return service


def histograms_of(counts: Mapping[str, Sequence[int]]) -> dict[str, Histogram]:
    """Return histograms by name, from the counts of their bins."""
    return {name: Histogram(tuple(map(float, BINS[name])), tuple(held)) for name, held in counts.items()}


def minutes_of(month: date) -> int:
    """Return minutes of the calendar month."""
    return calendar.monthrange(month.year, month.month)[1] * 24 * 60


def at(rows: Sequence[Centre], day: date) -> Centre | None:
    """Return the row of a centre that holds on a day; before the first, the first."""
    ordered = sorted(rows, key=lambda row: row.since)
    held = [row for row in ordered if row.since <= day]
    return held[-1] if held else (ordered[0] if ordered else None)
