"""Twelve months of invented service counts for four countries with six centres each, and planted changes.

Planted: waiting rises at a centre (``RISING``), a web service is down for days (``OUTAGE``), and of the promise of
99 per cent one country meets it, one does not, and two are undecided (``SATISFIED``).
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.metrics import shifted
from dashboard.contributions.delivery.model import BINS, minutes_of
from dashboard.contributions.submissions.counts.rows import read_centres, read_reports
from dashboard.evidence.database.engine import open_engine
from dashboard.operations.training.countries import COUNTRIES
from dashboard.settings import Settings

MONTHS = 12
CENTRES = 6
PLACES = ("North", "South", "Harbour", "Hill", "Market", "Garden")

RISING = "xab-3"
"""The centre whose waiting rises in the last half of the year."""

OUTAGE = ("xac-5", 4)
"""The centre whose web service was down, and how many months before the last."""

HARDEST = 6
"""The centre of each country with most birth records, which distorts its pooled share."""

SATISFIED = {"XAA": (400, 1), "XAB": (300, 24), "XAC": (3, 0), "XAD": (200, 2)}
"""By country: answers of a centre and month, and how many of them were not satisfied."""


def make_counts(settings: Settings, now: datetime) -> int:
    """Send centres and counts as files are sent, and return the number of reports stored.

    Raises:
        ValueError: an invented row is refused: the rules have changed, and this package has to follow.
    """
    database = open_engine(settings)
    centres, faults = read_centres(_write_csv(_make_centres(now.date())))
    if faults:
        raise ValueError(f"invented centres: {faults[0]}")
    store.save_centres(database, centres)
    rows, findings = read_reports(_write_csv(_make_reports(now.date())), store.centres(database), {}, now.date())
    if findings:
        raise ValueError(f"invented counts: {findings[0]}")
    saved = 0
    for country in COUNTRIES:
        of_country = [row for row in rows if row.centre.startswith(country.iso3.lower())]
        saved += store.save_reports(database, country.iso3, of_country, now)
    return saved


def list_months(today: date) -> list[date]:
    """Return the first days of the last whole months, oldest first."""
    return [shifted(today, -back) for back in range(MONTHS, 0, -1)]


def make_code(iso3: str, place: int) -> str:
    """Return the code of a country's centre, counted from 1."""
    return f"{iso3.lower()}-{place}"


def _make_centres(today: date) -> Iterator[dict[str, str]]:
    since = list_months(today)[0].replace(year=today.year - 3).isoformat()
    for country in COUNTRIES:
        for number, place in enumerate(PLACES, start=1):
            yield {
                "code": make_code(country.iso3, number), "country": country.iso3,
                "name": f"{place} Centre (invented)", "since": since,
                "region": "Coast" if number % 2 else "Inland", "services": "identity=Identity card; birth=Birth record",
                "form": "yes",
            }  # fmt: skip


def _make_reports(today: date) -> Iterator[dict[str, str]]:
    for back, month in enumerate(reversed(list_months(today))):
        for place, country in enumerate(COUNTRIES):
            for number in range(1, CENTRES + 1):
                code = make_code(country.iso3, number)
                yield _make_counter_row(
                    code, country.iso3, month, back, 900 + 60 * place + 35 * number + 11 * (back % 5)
                )
                yield _make_birth_row(code, month, number, 60 + 11 * (back % 4))
                yield _make_web_row(code, month, back, 240 + 20 * number + 9 * (MONTHS - back))


def _make_counter_row(code: str, iso3: str, month: date, back: int, completed: int) -> dict[str, str]:
    answered, unhappy = SATISFIED[iso3]
    quick, slow = completed * 6 // 10, completed // 10
    if code == RISING and back < MONTHS // 2:
        quick, slow = completed * (2 + back) // 20, completed * (9 - back) // 20
    between = completed - quick - slow
    bins = {f"waiting_{end}": 0 for end in BINS["waiting"]}
    bins |= {"waiting_5": quick // 2, "waiting_10": quick - quick // 2, "waiting_20": between, "waiting_60": slow}
    counts = {
        "opening_hours": 45, "visits": completed, "standard_minutes": 60,
        "started": completed + 40, "completed": completed, "refused": 25, "abandoned": 15,
        "standard_total": completed, "standard_within": quick + between,
        "complaints_received": 12, "complaints_due": 10, "complaints_in_time": 9,
        "documents_issued": completed, "documents_wrong": 2 + back % 3, "decisions_taken": 60,
        "decisions_overturned": 3,
        "invited": answered + answered // 20, "answered": answered, "satisfied_1": unhappy // 2,
        "satisfied_2": unhappy - unhappy // 2, "satisfied_3": answered // 3,
        "satisfied_4": answered - unhappy - answered // 3, **bins,
    }  # fmt: skip
    return _make_row(code, "counter", month, counts)


def _make_birth_row(code: str, month: date, number: int, started: int) -> dict[str, str]:
    """Make a row of birth records, which fail more often; a large centre outdoes its neighbour."""
    total = started * (10 if number == HARDEST else 1)
    completed = total * (80 + number) // 100
    counts = {
        "started": total, "completed": completed, "refused": total - completed,
        "standard_total": completed, "standard_within": completed * (70 + number) // 100,
    }  # fmt: skip
    return {**_make_row(code, "counter", month, counts), "service": "birth"}


def _make_web_row(code: str, month: date, back: int, completed: int) -> dict[str, str]:
    down = 5 * 24 * 60 if (code, back) == OUTAGE else 35
    counts = {
        "started": completed + 30, "completed": completed,
        "opening_hours": 168,
        "agreed_minutes": minutes_of(month), "planned_down_minutes": 60, "unplanned_down_minutes": down,
    }  # fmt: skip
    return _make_row(code, "web", month, counts)


def _make_row(code: str, channel: str, month: date, counts: dict[str, int]) -> dict[str, str]:
    head = {"centre": code, "service": "identity", "channel": channel, "month": f"{month:%Y-%m}",
            "measured_by": "invented"}  # fmt: skip
    return head | {name: str(value) for name, value in counts.items()}


def _write_csv(rows: Iterator[dict[str, str]]) -> str:
    """Return rows as the CSV that a country would send."""
    listed = list(rows)
    columns = list(dict.fromkeys(name for row in listed for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue()
