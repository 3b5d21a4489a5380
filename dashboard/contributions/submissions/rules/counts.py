"""What must hold of a row of centres or of monthly counts: every fault at once, each with what to do.

A place names the column by its code and says it in English for the command line; in a file that a ministry sends,
``report.count`` is told by the words under ``rule.counts_report_count``.
"""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dashboard.analysis.measures.counts.histogram import Histogram
from dashboard.contributions.delivery.model import (
    BINS,
    CHANNELS,
    COUNTS,
    OUTCOMES,
    PARTS,
    Centre,
    CentreReport,
    ColumnFault,
    at,
    minutes_of,
    read_names,
)
from dashboard.contributions.submissions.rules.check import Checks, FindingPlace, Looked, SentCells

FALLEN = 0.5
"""A count sent again that is lower by more than this share of the earlier one is told, and taken."""

RESERVED = ("review", "integrity")
"""Below ``/voice/`` these are pages of those who read opinions; the form of a centre could not be opened there."""

_TWO_READINGS = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
"""12.500 and 12,500 are twelve and a half to some, twelve thousand five hundred to others; 0.500 and 12.50 are not."""

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
LONGEST_NAME = 120
"""Letters of a service's name in a language."""

_SERVICE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_THREE_LETTERS = re.compile(r"[A-Z]{3}")
_COUNT = re.compile(r"[0-9]{1,12}")
_SUM = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(-01)?")
_BIN_COLUMNS = {name: tuple(f"{name}_{edge}" for edge in edges) for name, edges in BINS.items()}
_COLUMNS = frozenset(
    {"centre", "service", "channel", "month", "cost", "currency", "measured_by", *COUNTS}.union(*_BIN_COLUMNS.values())
)


@dataclass(frozen=True)
class SentCentre(SentCells):
    """A centre as its row says it: cells by column, ``services`` as ``code=name; code=name``."""

    def degrees(self, column: str) -> float | None:
        """A latitude or longitude; None where there is none, or it cannot be one."""
        try:
            found = float(self.cell(column))
        except ValueError:
            return None
        limit = _limit(column)
        return found if -limit <= found <= limit else None

    @cached_property
    def services(self) -> tuple[tuple[str, str], ...]:
        """Codes and names of what the centre offers, those that cannot be right included."""
        parts = [part.partition("=") for part in map(str.strip, self.cell("services").split(";")) if part]
        return tuple((code.strip(), name.strip() or code.strip()) for code, _, name in parts)


@dataclass(frozen=True)
class SentReport(SentCells):
    """The counts of a centre, service, channel and month as their row says them.

    ``cells`` by column: ``centre``, ``service``, ``channel``, ``month`` (2026-10), counts by name, ``waiting_0``,
    ``waiting_5`` …; ``centres``: the dated rows of each centre; ``today``: the day of the one who asks.
    """

    centres: Mapping[str, Sequence[Centre]]
    today: date

    @cached_property
    def month(self) -> date | None:
        """The first day of the month; None where it is none, or has not begun."""
        found = _month_of(self.cell("month"))
        return found if found is None or found <= self.today else None

    @cached_property
    def counts(self) -> dict[str, int]:
        """The counts that can be read."""
        return {name: int(self.cell(name)) for name in COUNTS if self._is_count(name)}

    @cached_property
    def histograms(self) -> dict[str, Histogram]:
        """The histograms of which every bin can be read."""
        return {
            name: Histogram(tuple(map(float, BINS[name])), tuple(int(self.cell(column)) for column in columns))
            for name, columns in _BIN_COLUMNS.items()
            if all(map(self._is_count, columns))
        }

    @cached_property
    def cost(self) -> float | None:
        """The cost; None where there is none, or it cannot be read."""
        text = self.cell("cost")
        return float(text) if _SUM.fullmatch(text) and not _TWO_READINGS.fullmatch(text) else None

    @property
    def counted(self) -> Iterator[tuple[str, str]]:
        """Columns of counts and of whole histograms with what they hold, where they hold anything."""
        whole = (column for columns in _BIN_COLUMNS.values() if all(map(self.cell, columns)) for column in columns)
        yield from ((name, self.cell(name)) for name in (*COUNTS, *whole) if self.cell(name))

    def _is_count(self, column: str) -> bool:
        return bool(_COUNT.fullmatch(self.cell(column)))


@dataclass(frozen=True)
class SentAgain:
    """A report, and the one of the same centre, service, channel and month that stands."""

    earlier: CentreReport
    later: CentreReport


CENTRE_CHECKS: Checks[SentCentre] = Checks()
REPORT_CHECKS: Checks[SentReport] = Checks()
AGAIN_CHECKS: Checks[SentAgain] = Checks()
"""Everything that centres, monthly counts and counts sent again are held against."""


def faults_of(checks: Checks[Looked], looked: Looked) -> list[ColumnFault]:
    """Every fault that checks find, by column."""
    found: list[ColumnFault] = []
    for one in checks:
        if one.alone and found:
            continue
        for place in one.places(looked):
            own = one.words(place)
            message = place.message or " ".join(own.values())
            found.append(ColumnFault(place.column, one.id, message, one.severity, {**place.values, **own}))
    return found


@CENTRE_CHECKS.check("centre.code", "error")
def centre_code(row: SentCentre) -> Iterator[FindingPlace]:
    """A code that cannot stand in an address, or that is the address of a page."""
    code = row.cell("code")
    if not _CODE.fullmatch(code):
        yield _place("code", f"{code[:40]!r}: use small letters, digits and “-”, such as baku-1.")
    if code in RESERVED:
        yield _place("code", f"{code!r} is the address of a page of ours: use another code.")


@CENTRE_CHECKS.check("centre.country", "error")
def centre_country(row: SentCentre) -> Iterator[FindingPlace]:
    """A country that is no code of three letters."""
    country = row.cell("country")
    if not _THREE_LETTERS.fullmatch(country):
        yield _place("country", f"{country[:10]!r}: use three letters, such as AZE.")


@CENTRE_CHECKS.check("centre.name", "error")
def centre_name(row: SentCentre) -> Iterator[FindingPlace]:
    """A centre without a name."""
    if not row.cell("name"):
        yield _place("name", "The centre has no name: write it as people know it.")


@CENTRE_CHECKS.check("centre.date", "error")
def centre_date(row: SentCentre) -> Iterator[FindingPlace]:
    """A day that is none."""
    for column in ("since", "opened", "closed"):
        if row.cell(column) and row.day(column) is None:
            yield _place(column, f"{row.cells[column][:20]!r} is no date: write 2026-01-31.")


@CENTRE_CHECKS.check("centre.since", "error")
def centre_since(row: SentCentre) -> Iterator[FindingPlace]:
    """A row of which nobody knows from when it holds."""
    if not row.cell("since"):
        yield _place("since", "Say from which day this row holds, such as 2026-01-01.")


@CENTRE_CHECKS.check("centre.closed", "error")
def centre_closed(row: SentCentre) -> Iterator[FindingPlace]:
    """A centre that closed before it opened."""
    opened, closed = row.day("opened"), row.day("closed")
    if opened and closed and closed < opened:
        yield _place("closed", f"Closed on {closed}, before it opened: correct one.")


@CENTRE_CHECKS.check("centre.place", "error")
def centre_place(row: SentCentre) -> Iterator[FindingPlace]:
    """Degrees that are none, or one of the two alone."""
    for column in ("latitude", "longitude"):
        if row.cell(column) and row.degrees(column) is None:
            limit = _limit(column)
            yield _place(column, f"{row.cells[column][:20]!r}: degrees from -{limit} to {limit}.")
    if (row.degrees("latitude") is None) != (row.degrees("longitude") is None):
        yield _place("latitude", "Give latitude and longitude, or neither.")


@CENTRE_CHECKS.check("centre.services", "error")
def centre_services(row: SentCentre) -> Iterator[FindingPlace]:
    """Services that are not written as codes with their names."""
    for part in filter(None, map(str.strip, row.cell("services").split(";"))):
        if not _SERVICE.fullmatch(part.partition("=")[0].strip()):
            yield _place("services", f"{part[:40]!r}: write code=name; code=name.")
    for _, text in row.services:
        names = read_names(text)
        languages = [language for language, _ in names]
        twice = len(set(languages)) < len(languages) or (len(names) > 1 and "" in languages)
        if twice or any(len(name) > LONGEST_NAME for _, name in names):
            yield _place(
                "services",
                f"{text[:40]!r}: each name once with its language (az:Ad|en:Name), at most {LONGEST_NAME} letters.",
            )


@REPORT_CHECKS.check("report.month", "error")
def report_month(row: SentReport) -> Iterator[FindingPlace]:
    """A month that is none."""
    if _month_of(row.cell("month")) is None:
        yield _place("month", f"{row.cells.get('month', '')[:20]!r} is no month: write 2026-10.")


@REPORT_CHECKS.check("report.ahead", "error")
def report_ahead(row: SentReport) -> Iterator[FindingPlace]:
    """A month that has not begun."""
    month = _month_of(row.cell("month"))
    if month is not None and month > row.today:
        yield _place("month", f"{month:%Y-%m} lies ahead of {row.today}: correct the month.")


@REPORT_CHECKS.check("report.centre", "error")
def report_centre(row: SentReport) -> Iterator[FindingPlace]:
    """A centre that nobody has sent."""
    centre = row.cell("centre")
    if centre not in row.centres:
        yield _place(
            "centre", f"There is no centre {centre[:40]!r}: send it with the centres first, or correct the code."
        )


@REPORT_CHECKS.check("report.closed", "error")
def report_closed(row: SentReport) -> Iterator[FindingPlace]:
    """Counts of a month after the centre had closed."""
    held = _standing(row)
    if held and row.month and held.closed is not None and held.closed < row.month:
        yield _place("month", f"{held.code} closed on {held.closed}: it has no counts of {row.month:%Y-%m}.")


@REPORT_CHECKS.check("report.opened", "error")
def report_opened(row: SentReport) -> Iterator[FindingPlace]:
    """Counts of a month before the centre opened."""
    held = _standing(row)
    if held and row.month and held.opened is not None and held.opened > _last_day(row.month):
        yield _place("month", f"{held.code} opened on {held.opened}, after {row.month:%Y-%m}: correct one.")


@REPORT_CHECKS.check("report.channel", "error")
def report_channel(row: SentReport) -> Iterator[FindingPlace]:
    """A channel that is none of the list."""
    channel = row.cell("channel")
    if channel not in CHANNELS:
        yield _place("channel", f"{channel[:20]!r}: use one of {', '.join(CHANNELS)}.")


@REPORT_CHECKS.check("report.service", "error")
def report_service(row: SentReport) -> Iterator[FindingPlace]:
    """A service whose code cannot stand in an address."""
    service = row.cell("service")
    if not _SERVICE.fullmatch(service):
        yield _place("service", f"{service[:40]!r}: use small letters, digits, “-” and “_”.")


@REPORT_CHECKS.check("report.ambiguous", "error")
def report_ambiguous(row: SentReport) -> Iterator[FindingPlace]:
    """A number that may be a thousand times another; told with both, so that the sender writes one of them."""
    # 1.250 is no count in either reading but one
    texts = [(column, text) for column, text in row.counted if text.endswith("000")]
    for column, text in [*texts, ("cost", row.cell("cost"))]:
        if found := _TWO_READINGS.fullmatch(text):
            whole, places = "".join(found.groups()), found[2].rstrip("0")
            other = f"{found[1]}.{places}{'0' if len(places) == 3 else ''}".rstrip(".")  # 1.2340 has one reading
            message = f"{text!r} may be {whole} or {other}: write {whole} or {other}, without separators of thousands."
            yield _place(column, message, whole=whole, other=other)


@REPORT_CHECKS.check("report.count", "error")
def report_count(row: SentReport) -> Iterator[FindingPlace]:
    """A count that is no whole number from 0 on."""
    for column, text in row.counted:
        ambiguous = text.endswith("000") and _TWO_READINGS.fullmatch(text)
        if not _COUNT.fullmatch(text) and not ambiguous:
            yield _place(column, f"{text[:20]!r} is no whole number from 0 on: write digits only.")


@REPORT_CHECKS.check("report.bins", "error")
def report_bins(row: SentReport) -> Iterator[FindingPlace]:
    """A histogram of which some bins are not given."""
    for columns in _BIN_COLUMNS.values():
        given = [column for column in columns if row.cell(column)]
        if given and len(given) < len(columns):
            missing = ", ".join(sorted(set(columns) - set(given)))
            yield _place(given[0], f"{missing} missing: fill in every bin, 0 where nobody was in it.")


@REPORT_CHECKS.check("report.whole", "error")
def report_whole(row: SentReport) -> Iterator[FindingPlace]:
    """Parts without their whole; where it is there and cannot be read, that is said."""
    told: set[str] = set()
    for parts, whole in PARTS:
        given = [part for part in parts if part in row.counts]
        if given and not row.cell(whole) and whole not in told:
            told.add(whole)
            yield _place(whole, f"{' and '.join(given)} without {whole}: a part needs its whole.")


@REPORT_CHECKS.check("report.parts", "error")
def report_parts(row: SentReport) -> Iterator[FindingPlace]:
    """Parts that add up to more than their whole; outcomes have a check of their own (``report.outcomes``)."""
    for parts, whole in PARTS:
        given = [part for part in parts if part in row.counts]
        total = sum(row.counts[part] for part in given)
        if given and whole in row.counts and total > row.counts[whole] and parts != OUTCOMES:
            held = row.counts[whole]
            text = f"{' + '.join(given)} is {total:,}, more than {whole} ({held:,}): correct one of them."
            yield _place(given[0], text, parts=" + ".join(given), total=f"{total}", whole=whole, count=f"{held}")


@REPORT_CHECKS.check("report.minutes", "error")
def report_minutes(row: SentReport) -> Iterator[FindingPlace]:
    """More agreed minutes than the month has."""
    agreed = row.counts.get("agreed_minutes", 0)
    if row.month is not None and agreed > minutes_of(row.month):
        text = f"{agreed:,} agreed minutes, but the month has {minutes_of(row.month):,}: correct it."
        yield _place("agreed_minutes", text)


@REPORT_CHECKS.check("report.cost", "error")
def report_cost(row: SentReport) -> Iterator[FindingPlace]:
    """A cost that is no sum."""
    text = row.cell("cost")
    if text and not _TWO_READINGS.fullmatch(text) and not _SUM.fullmatch(text):
        yield _place("cost", f"{text[:20]!r} is no sum: write 12345.67, without blanks.")


@REPORT_CHECKS.check("report.currency", "error")
def report_currency(row: SentReport) -> Iterator[FindingPlace]:
    """A cost without its currency."""
    if row.cost is not None and not _THREE_LETTERS.fullmatch(row.cell("currency")):
        yield _place("currency", "A cost needs its currency: three letters, such as AZN.")


@REPORT_CHECKS.check("report.empty", "error", alone=True)
def report_empty(row: SentReport) -> Iterator[FindingPlace]:
    """A row that counts nothing."""
    if not row.counts and not row.histograms and row.cost is None:
        yield _place("started", "The row has no count: fill in what was counted or leave it out.")


@REPORT_CHECKS.check("report.column", "warning")
def report_column(row: SentReport) -> Iterator[FindingPlace]:
    """A column that there is not, with something in it."""
    for name in sorted(set(row.cells) - _COLUMNS):
        if row.cells[name]:
            text = f"There is no column {name[:40]!r}, it was not read. {_bins_told(name)}"
            yield _place(name, text.strip())


@AGAIN_CHECKS.check("report.fallen", "warning")
def report_fallen(sent: SentAgain) -> Iterator[FindingPlace]:
    """A report sent again that holds far less than before, or leaves out what was counted."""
    for name, before in sent.earlier.counts.items():
        now = sent.later.counts.get(name)
        if (now or 0) < before * (1 - FALLEN):
            stands = "left out" if now is None else f"{now:,}"
            yield _place(
                name, f"{name} was {before:,} and is now {stands}: the new report is taken; correct it if it is wrong."
            )


def _place(column: str, message: str, /, **values: str) -> FindingPlace:
    return FindingPlace(column=column, message=message, values=values)


def _limit(column: str) -> int:
    return 90 if column == "latitude" else 180


def _month_of(text: str) -> date | None:
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12 or not int(found[1]) >= 2000:
        return None
    return date(int(found[1]), int(found[2]), 1)


def _last_day(month: date) -> date:
    return date(month.year, month.month, calendar.monthrange(month.year, month.month)[1])


def _standing(row: SentReport) -> Centre | None:
    """The centre as it stands at the end of the month; None where either is not known."""
    rows = row.centres.get(row.cell("centre"), ())
    return at(rows, _last_day(row.month)) if rows and row.month is not None else None


def _bins_told(column: str) -> str:
    for name, edges in BINS.items():
        if re.fullmatch(rf"{name}_\d+", column):
            return f"The bins of {name} start at {', '.join(map(str, edges))} minutes; others would overlap them."
    return ""
