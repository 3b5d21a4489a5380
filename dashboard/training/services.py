"""Twelve months of invented service counts for four countries and six centres each, with changes planted to be found.

Planted: the waiting of one centre rises (``RISING``), one centre's web service is down for days (``OUTAGE``), and of
the promise of 99 per cent one country has met it, one has not, and of the others nobody can tell (``SATISFIED``).
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

from dashboard.database.engine import open_engine
from dashboard.delivery import store
from dashboard.delivery.metrics import shifted
from dashboard.delivery.model import BINS, minutes_of
from dashboard.settings import Settings
from dashboard.submissions.counts.rows import read_centres, read_reports
from dashboard.training.countries import COUNTRIES

MONTHS = 12
CENTRES = 6
PLACES = ("North", "South", "Harbour", "Hill", "Market", "Garden")

RISING = "xab-3"
"""The centre whose waiting rises in the last half of the year."""

OUTAGE = ("xac-5", 4)
"""The centre whose web service was down, and how many months before the last one."""

HARDEST = 6
"""The centre of each country that most birth records are asked of: its pooled share says the less of it."""

SATISFIED = {"XAA": (400, 1), "XAB": (300, 24), "XAC": (3, 0), "XAD": (200, 2)}
"""Country → answers of a centre and month, and how many of them were not satisfied."""


def fill(settings: Settings, now: datetime) -> int:
    """Send centres and counts as files are sent; gives the number of reports kept.

    Raises:
        ValueError: an invented row is refused: the rules have changed, and this room has to follow.
    """
    database = open_engine(settings)
    centres, faults = read_centres(_written(_centres(now.date())))
    if faults:
        raise ValueError(f"invented centres: {faults[0]}")
    store.save_centres(database, centres)
    rows, findings = read_reports(_written(_reports(now.date())), store.centres(database), {}, now.date())
    if findings:
        raise ValueError(f"invented counts: {findings[0]}")
    saved = 0
    for it in COUNTRIES:
        of_country = [row for row in rows if row.centre.startswith(it.iso3.lower())]
        saved += store.save_reports(database, it.iso3, of_country, now)
    return saved


def months(today: date) -> list[date]:
    """The first days of the last whole months, oldest first."""
    return [shifted(today, -back) for back in range(MONTHS, 0, -1)]


def code_of(iso3: str, place: int) -> str:
    """The code of a country's centre, from 1."""
    return f"{iso3.lower()}-{place}"


def _centres(today: date) -> Iterator[dict[str, str]]:
    since = months(today)[0].replace(year=today.year - 3).isoformat()
    for it in COUNTRIES:
        for at, place in enumerate(PLACES, start=1):
            yield {
                "code": code_of(it.iso3, at), "country": it.iso3, "name": f"{place} Centre (invented)", "since": since,
                "region": "Coast" if at % 2 else "Inland", "services": "identity=Identity card; birth=Birth record",
                "form": "yes",
            }  # fmt: skip


def _reports(today: date) -> Iterator[dict[str, str]]:
    for back, month in enumerate(reversed(months(today))):
        for place, it in enumerate(COUNTRIES):
            for at in range(1, CENTRES + 1):
                code = code_of(it.iso3, at)
                yield _counter(code, it.iso3, month, back, 900 + 60 * place + 35 * at + 11 * (back % 5))
                yield _birth(code, month, at, 60 + 11 * (back % 4))
                yield _web(code, month, back, 240 + 20 * at + 9 * (MONTHS - back))


def _counter(code: str, iso3: str, month: date, back: int, completed: int) -> dict[str, str]:
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
    return _row(code, "counter", month, counts)


def _birth(code: str, month: date, at: int, started: int) -> dict[str, str]:
    """Birth records fail more often. One centre has ten times as many, and does better at them than its neighbour."""
    many = started * (10 if at == HARDEST else 1)
    completed = many * (80 + at) // 100
    counts = {
        "started": many, "completed": completed, "refused": many - completed,
        "standard_total": completed, "standard_within": completed * (70 + at) // 100,
    }  # fmt: skip
    return {**_row(code, "counter", month, counts), "service": "birth"}


def _web(code: str, month: date, back: int, completed: int) -> dict[str, str]:
    down = 5 * 24 * 60 if (code, back) == OUTAGE else 35
    counts = {
        "started": completed + 30, "completed": completed,
        "opening_hours": 168,
        "agreed_minutes": minutes_of(month), "planned_down_minutes": 60, "unplanned_down_minutes": down,
    }  # fmt: skip
    return _row(code, "web", month, counts)


def _row(code: str, channel: str, month: date, counts: dict[str, int]) -> dict[str, str]:
    head = {"centre": code, "service": "identity", "channel": channel, "month": f"{month:%Y-%m}",
            "measured_by": "invented"}  # fmt: skip
    return head | {name: str(value) for name, value in counts.items()}


def _written(rows: Iterator[dict[str, str]]) -> str:
    """Rows as the CSV that a country would send."""
    held = list(rows)
    columns = list(dict.fromkeys(name for row in held for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(held)
    return out.getvalue()
