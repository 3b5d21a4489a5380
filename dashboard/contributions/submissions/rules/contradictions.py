"""What monthly counts cannot say together: within a row, within a month, and beside what the same places sent before.

Checks of a row join those of ``counts``; ``MONTH_CHECKS`` look at all that a file sends of its month at once.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from dashboard.analysis.measures.counts.rates import bound_events
from dashboard.analysis.measures.delivery.hours import HOURS_A_WEEK
from dashboard.contributions.delivery.model import (
    BINS,
    OUTCOMES,
    CentreReport,
    ServiceMerger,
    find_successor,
    minutes_of,
)
from dashboard.contributions.submissions.rules.check import Checks, FindingPlace
from dashboard.contributions.submissions.rules.counts import REPORT_CHECKS, SentReport

TAKES = "merged_from"
"""Column that says which services one has taken over; ``NEW`` where it is new."""

NEW = "no"
WITHDRAWN = "withdrawn"
"""Column that says why a report is no longer sent, in a row without counts."""

ENOUGH = 3
"""Months of which a centre's own history says how many complaints it has."""

CASES = ("started", "carried_over")
"""What can come to an end in a month."""

ServicePlace = tuple[str, str, str]
"""Centre, service and channel."""

_VALID = ("access", "affordability", "process", "equal_treatment", "timeliness", "bribe")


@dataclass(frozen=True, slots=True)
class PlaceHistory:
    """What a centre, service and channel sent in the twelve months before: months, complaints and completed cases."""

    months: int
    complaints: int
    cases: int


@dataclass(frozen=True, slots=True)
class SentRow:
    """A row of a file and the report that it holds."""

    sheet: str
    line: int
    report: CentreReport


@dataclass(frozen=True)
class SentMonth:
    """All that a file sends of a month, what stands of it, and what the same places sent before."""

    month: date
    rows: Mapping[ServicePlace, SentRow]
    answers: Mapping[str, tuple[str, int, tuple[str, ...]]] = field(default_factory=dict)
    """Service → sheet and line of the answer, and the services that it has taken over."""

    withdrawn: Mapping[ServicePlace, tuple[str, int, str]] = field(default_factory=dict)
    """Place → sheet and line, and why its report is no longer sent."""

    seen: frozenset[ServicePlace] = frozenset()  # that the file names, in rows with faults too
    standing: frozenset[ServicePlace] = frozenset()  # in force of this month
    before: frozenset[ServicePlace] = frozenset()  # in force of the month before, of the same office
    history: Mapping[ServicePlace, PlaceHistory] = field(default_factory=dict)
    mergers: Mapping[str, ServiceMerger] = field(default_factory=dict)  # by the service that was taken over

    @cached_property
    def taken(self) -> dict[str, ServiceMerger]:
        """Services that another has taken over by now, as the file says it too."""
        known = {old: one for old, one in self.mergers.items() if one.since <= self.month}
        kept = {old: one for old, one in known.items() if one.since < self.month or one.new not in self.answers}
        said = {old: ServiceMerger(old, new, self.month) for new, (*_, olds) in self.answers.items() for old in olds}
        return kept | said

    @cached_property
    def services(self) -> frozenset[str]:
        """Services that the country sent before."""
        return frozenset(service for _, service, _ in {*self.history, *self.before, *self.standing})

    @cached_property
    def gone(self) -> list[ServicePlace]:
        """Places of the month before of which nothing is sent and nothing stands, nor has another taken them over."""
        here = {*self.seen, *self.standing}
        if not self.seen and not self.withdrawn:
            return []  # a file of centres alone says nothing of what is counted
        return sorted(one for one in self.before if one not in here and one[1] not in self.taken)

    @cached_property
    def of_centres(self) -> dict[str, PlaceHistory]:
        """What each centre sent before, over all its services."""
        held = defaultdict[str, list[PlaceHistory]](list)
        for (centre, *_), one in self.history.items():
            held[centre].append(one)
        return {
            centre: PlaceHistory(
                max(one.months for one in some), sum(one.complaints for one in some), sum(one.cases for one in some)
            )
            for centre, some in held.items()
        }


MONTH_CHECKS: Checks[SentMonth] = Checks()
"""Everything that a month of counts is held against as a whole."""


@REPORT_CHECKS.check("report.outcomes", "error")
def report_outcomes(row: SentReport) -> Iterator[FindingPlace]:
    """More cases that ended than were started or carried over."""
    given = [name for name in OUTCOMES if name in row.counts]
    total, wholes = sum(row.counts[name] for name in given), [n for n in CASES if n in row.counts]
    held = sum(row.counts[name] for name in wholes)
    if given and "started" in wholes and total > held:
        parts, whole = " + ".join(given), " + ".join(wholes)
        text = f"{parts} is {total:,}, more than {whole} ({held:,}): correct one, or give carried_over."
        yield _place(given[0], text, parts=parts, total=f"{total}", whole=whole, count=f"{held}")


@REPORT_CHECKS.check("report.visits", "error")
def report_visits(row: SentReport) -> Iterator[FindingPlace]:
    """A waiting histogram that adds up to another number than the visits."""
    waiting, visits = row.histograms.get("waiting"), row.counts.get("visits")
    if waiting is not None and visits is not None and sum(waiting.counts) != visits:
        total = sum(waiting.counts)
        text = f"The bins of waiting add up to {total:,}, visits is {visits:,}: correct one of them."
        yield _place("visits", text, total=f"{total}", count=f"{visits}")


@REPORT_CHECKS.check("report.standard", "error")
def report_standard(row: SentReport) -> Iterator[FindingPlace]:
    """More or fewer visits within the standard than the waiting bins leave room for."""
    waiting, within = row.histograms.get("waiting"), row.counts.get("standard_within")
    if waiting is None or within is None:
        return
    minutes, total = row.counts.get("standard_minutes"), sum(waiting.counts)
    edges = BINS["waiting"]
    most, least = total, 0
    if minutes is not None:
        most = sum(count for edge, count in zip(edges, waiting.counts, strict=True) if edge <= minutes)
        if row.counts.get("standard_total") == total:  # a visit under no standard may have been short too
            # those of the last bin may have waited for ever
            least = sum(count for edge, count in zip(edges[1:], waiting.counts[:-1], strict=True) if edge <= minutes)
    if not least <= within <= most:
        text = f"standard_within is {within:,}, by the bins of waiting it is from {least:,} to {most:,}: correct one."
        yield _place("standard_within", text, count=f"{within}", least=f"{least}", most=f"{most}")


@REPORT_CHECKS.check("report.answers", "error")
def report_answers(row: SentReport) -> Iterator[FindingPlace]:
    """More answers to a question than people who were invited to answer."""
    invited = row.counts.get("invited")
    for column in (f"{one}_valid" for one in _VALID):
        count = row.counts.get(column, 0)
        if invited is not None and count > invited:
            text = f"{column} is {count:,}, more than invited ({invited:,}): correct one of them."
            yield _place(column, text, count=f"{count}", whole=f"{invited}")


@REPORT_CHECKS.check("report.hours", "error")
def report_hours(row: SentReport) -> Iterator[FindingPlace]:
    """More hours than a week has, or more minutes promised than weeks of such hours have in the month."""
    hours, agreed = row.counts.get("opening_hours"), row.counts.get("agreed_minutes")
    if hours is None or row.month is None:
        return
    if hours > HOURS_A_WEEK:
        yield _place("opening_hours", f"{hours:,} hours, but a week has {HOURS_A_WEEK}: correct it.", most="168")
        return
    # a month that begins on a busy day may hold one week more of that day
    most = min(minutes_of(row.month), (-(-minutes_of(row.month) // (7 * 24 * 60))) * hours * 60)
    if agreed is not None and agreed > most:
        text = f"{agreed:,} agreed minutes; {hours} hours a week are {most:,} in a month at most: correct one of them."
        yield _place("agreed_minutes", text, most=f"{most}")


@REPORT_CHECKS.check("report.complaints", "warning")
def report_complaints(row: SentReport) -> Iterator[FindingPlace]:
    """More complaints than cases."""
    cases = max(sum(row.counts.get(name, 0) for name in CASES), row.counts.get("completed", 0))
    count = row.counts.get("complaints_received", 0)
    if row.counts.keys() & {*CASES, "completed"} and count > cases:
        text = f"complaints_received is {count:,}, more than there were cases ({cases:,}): look at it again."
        yield _place("complaints_received", text, count=f"{count}", whole=f"{cases}")


@MONTH_CHECKS.check("month.complaints", "warning")
def month_complaints(sent: SentMonth) -> Iterator[FindingPlace]:
    """More complaints than the centre's own history makes likely for so many cases."""
    for place, row in sent.rows.items():
        count, cases = (row.report.counts.get(name) for name in ("complaints_received", "completed"))
        past = next(
            (
                one
                for one in (sent.history.get(place), sent.of_centres.get(place[0]))
                if one is not None and one.months >= ENOUGH and one.cases
            ),
            None,
        )
        if count is None or not cases or past is None:
            continue
        bound = bound_events(past.complaints, past.cases, cases)
        if count > bound:
            text = f"{count:,} complaints; by the {past.months} months before at most {bound:,} would be expected."
            yield FindingPlace(
                row.sheet, row.line, "complaints_received", message=text,
                values={"count": f"{count}", "most": f"{bound}", "months": f"{past.months}"},
            )  # fmt: skip


@MONTH_CHECKS.check("month.gone", "warning")
def month_gone(sent: SentMonth) -> Iterator[FindingPlace]:
    """A centre, service and channel that was sent for the month before, and is not sent now."""
    for place in sent.gone:
        if place not in sent.withdrawn:
            yield FindingPlace(read=" · ".join(place), values={"place": " · ".join(place)})


@MONTH_CHECKS.check("month.ended", "suggestion")
def month_ended(sent: SentMonth) -> Iterator[FindingPlace]:
    """A report that is no longer sent, or is taken back, with the reason: for who approves it."""
    for place, (sheet, line, reason) in sent.withdrawn.items():
        if place in sent.before or place in sent.standing:
            yield FindingPlace(sheet, line, WITHDRAWN, values={"place": " · ".join(place), "why": reason})


@MONTH_CHECKS.check("month.nothing_to_withdraw", "error")
def month_nothing_to_withdraw(sent: SentMonth) -> Iterator[FindingPlace]:
    """A withdrawal of what was sent neither for this month nor for the one before."""
    for place, (sheet, line, _) in sent.withdrawn.items():
        if place not in sent.before and place not in sent.standing:
            yield FindingPlace(sheet, line, WITHDRAWN, values={"place": " · ".join(place)})


@MONTH_CHECKS.check("month.withdrawn_twice", "error")
def month_withdrawn_twice(sent: SentMonth) -> Iterator[FindingPlace]:
    """A place that is counted in one row and withdrawn in another."""
    for place, (sheet, line, _) in sent.withdrawn.items():
        if place in sent.rows:
            yield FindingPlace(sheet, line, WITHDRAWN, values={"place": " · ".join(place)})


@MONTH_CHECKS.check("month.asked", "error")
def month_asked(sent: SentMonth) -> Iterator[FindingPlace]:
    """A service nobody sent before, where another vanishes: has it taken the other over?"""
    left = defaultdict[str, set[str]](set)
    here = {(centre, service) for centre, service, _ in {*sent.seen, *sent.standing}}
    for centre, service, channel in sent.gone:
        if (centre, service) not in here and (centre, service, channel) not in sent.withdrawn:
            left[centre].add(service)
    told: set[str] = set()
    for (centre, service, _), row in sent.rows.items():
        appears = service not in sent.services and service not in sent.answers and service not in told
        if appears and left[centre]:
            told.add(service)
            values = {"service": service, "gone": ", ".join(sorted(left[centre]))}
            yield FindingPlace(row.sheet, row.line, TAKES, values=values)


@MONTH_CHECKS.check("month.takes", "error")
def month_takes(sent: SentMonth) -> Iterator[FindingPlace]:
    """An answer that names no service which was sent, the service itself, or one that has taken it over."""
    for new, (sheet, line, olds) in sent.answers.items():
        again = {old for old, one in sent.mergers.items() if one.new == new}  # said before, of whatever was sent then
        for old in olds:
            # what has been taken over itself takes nothing over: the way would lead back, or end where nothing is sent
            if old == new or new in sent.taken or old not in sent.services | again:
                yield FindingPlace(sheet, line, TAKES, old, {"service": old})


@MONTH_CHECKS.check("month.merged", "error")
def month_merged(sent: SentMonth) -> Iterator[FindingPlace]:
    """A service that is sent though another has taken it over: it would be counted twice."""
    for (_, service, _), row in sent.rows.items():
        if service in sent.taken:
            values = {"service": service, "new": find_successor(service, sent.taken)}
            yield FindingPlace(row.sheet, row.line, "service", service, values)
    for place in sorted(sent.standing - sent.rows.keys() - sent.withdrawn.keys()):
        if place[1] in sent.taken and place[1] not in sent.mergers:
            new = sent.taken[place[1]].new
            sheet, line, _ = sent.answers[new]
            yield FindingPlace(sheet, line, TAKES, " · ".join(place), {"service": place[1], "new": new})


def read_taken(cell: str) -> tuple[str, ...]:
    """The services that a cell says were taken over; none for ``NEW``."""
    return () if cell.strip().lower() == NEW else tuple(filter(None, re.split(r"[;,\s]+", cell.strip())))


def _place(column: str, message: str, /, **values: str) -> FindingPlace:
    return FindingPlace(column=column, message=message, values=values)
