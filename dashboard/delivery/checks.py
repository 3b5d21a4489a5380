"""Everything that can be wrong with a centre or a report: either the value, or every fault with what to do."""

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.delivery.model import (
    BINS,
    CHANNELS,
    COUNTS,
    PARTS,
    Centre,
    CentreReport,
    ColumnFault,
    RowRefused,
    at,
    minutes_of,
)
from dashboard.measures.counts.histogram import Histogram

FALLEN = 0.5
"""A count sent again that is lower by more than this share of the earlier one is told, and taken."""


_TWO_READINGS = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
"""12.500 and 12,500 are twelve and a half to some, twelve thousand five hundred to others; 0.500 and 12.50 are not."""

RESERVED = ("review", "integrity")
"""Below ``/voice/`` these are pages of those who read opinions; the form of a centre could not be opened there."""


def checked_centre(row: Mapping[str, str]) -> Centre:
    """A centre from the columns of a row; ``services`` is ``code=name; code=name``.

    Raises:
        RowRefused: with every fault.
    """
    faults: list[ColumnFault] = []
    code, country = row.get("code", "").strip(), row.get("country", "").strip()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", code):
        faults.append(
            ColumnFault("code", "centre.code", f"{code[:40]!r}: use small letters, digits and “-”, such as baku-1.")
        )
    if code in RESERVED:
        faults.append(
            ColumnFault("code", "centre.code", f"{code!r} is the address of a page of ours: use another code.")
        )
    if not re.fullmatch(r"[A-Z]{3}", country):
        faults.append(ColumnFault("country", "centre.country", f"{country[:10]!r}: use three letters, such as AZE."))
    if not row.get("name", "").strip():
        faults.append(ColumnFault("name", "centre.name", "The centre has no name: write it as people know it."))
    days: dict[str, date | None] = {}
    for column in ("since", "opened", "closed"):
        days[column] = _day(row.get(column, ""), column, faults)
    if days["since"] is None and not any(fault.column == "since" for fault in faults):
        faults.append(ColumnFault("since", "centre.since", "Say from which day this row holds, such as 2026-01-01."))
    if days["opened"] and days["closed"] and days["closed"] < days["opened"]:
        faults.append(
            ColumnFault("closed", "centre.closed", f"Closed on {days['closed']}, before it opened: correct one.")
        )
    at = {column: _degrees(row.get(column, ""), column, faults) for column in ("latitude", "longitude")}
    if (at["latitude"] is None) != (at["longitude"] is None):
        faults.append(ColumnFault("latitude", "centre.place", "Give latitude and longitude, or neither."))
    services = []
    for part in filter(None, (one.strip() for one in row.get("services", "").split(";"))):
        service, _, name = part.partition("=")
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", service.strip()):
            faults.append(ColumnFault("services", "centre.services", f"{part[:40]!r}: write code=name; code=name."))
        services.append((service.strip(), name.strip() or service.strip()))
    if faults:
        raise RowRefused(faults)
    since = days["since"]
    assert since is not None
    return Centre(
        code=code,
        country=country,
        name=row["name"].strip()[:120],
        since=since,
        region=row.get("region", "").strip()[:80],
        opened=days["opened"],
        closed=days["closed"],
        latitude=at["latitude"],
        longitude=at["longitude"],
        services=tuple(services),
        form=row.get("form", "").strip().lower() in ("yes", "true", "1"),
    )


def checked_report(
    row: Mapping[str, str], centres: Mapping[str, Sequence[Centre]], today: date
) -> tuple[CentreReport, list[ColumnFault]]:
    """A report from the columns of a row, and what is told of it though it is taken.

    Args:
        row: ``centre``, ``service``, ``channel``, ``month`` (2026-10), counts by name, ``waiting_0``, ``waiting_5`` …
        centres: the dated rows of each centre.
        today: the day of the one who asks.

    Raises:
        RowRefused: with every fault.
    """
    faults: list[ColumnFault] = []
    month = _month(row.get("month", ""), today, faults)
    centre = row.get("centre", "").strip()
    _check_place(centre, centres, month, faults)
    channel, service = row.get("channel", "").strip(), row.get("service", "").strip()
    if channel not in CHANNELS:
        faults.append(ColumnFault("channel", "report.channel", f"{channel[:20]!r}: use one of {', '.join(CHANNELS)}."))
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", service):
        faults.append(
            ColumnFault("service", "report.service", f"{service[:40]!r}: use small letters, digits, “-” and “_”.")
        )
    counts = {name: found for name in COUNTS if (found := _count(row.get(name, ""), name, faults)) is not None}
    histograms = {name: bins for name in BINS if (bins := _histogram(row, name, faults)) is not None}
    _check_parts(counts, faults)
    if month is not None and counts.get("agreed_minutes", 0) > minutes_of(month):
        text = f"{counts['agreed_minutes']:,} agreed minutes, but the month has {minutes_of(month):,}: correct it."
        faults.append(ColumnFault("agreed_minutes", "report.minutes", text))
    cost = _cost(row.get("cost", ""), faults)
    currency = row.get("currency", "").strip()
    if cost is not None and not re.fullmatch(r"[A-Z]{3}", currency):
        faults.append(
            ColumnFault("currency", "report.currency", "A cost needs its currency: three letters, such as AZN.")
        )
    if not counts and not histograms and cost is None and not faults:
        faults.append(
            ColumnFault("started", "report.empty", "The row has no count: fill in what was counted or leave it out.")
        )
    unknown = sorted(set(row) - _columns())
    warnings = [
        ColumnFault(
            name,
            "report.column",
            f"There is no column {name[:40]!r}, it was not read. {_bins_told(name)}".strip(),
            "warning",
        )
        for name in unknown
        if row[name]
    ]
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors or month is None:
        raise RowRefused(errors)
    measured_by = row.get("measured_by", "").strip()[:80]
    return CentreReport(centre, service, channel, month, counts, histograms, cost, currency, measured_by), warnings


def fallen(earlier: CentreReport, later: CentreReport) -> list[ColumnFault]:
    """What is told where a report sent again holds far less than before, or leaves out what was counted."""
    found = []
    for name, before in earlier.counts.items():
        now = later.counts.get(name)
        if (now or 0) < before * (1 - FALLEN):
            stands = "left out" if now is None else f"{now:,}"
            text = f"{name} was {before:,} and is now {stands}: the new report is taken; correct it if it is wrong."
            found.append(ColumnFault(name, "report.fallen", text, "warning"))
    return found


def _check_place(
    centre: str, centres: Mapping[str, Sequence[Centre]], month: date | None, faults: list[ColumnFault]
) -> None:
    if centre not in centres:
        text = f"There is no centre {centre[:40]!r}: send it with the centres first, or correct the code."
        faults.append(ColumnFault("centre", "report.centre", text))
        return
    if month is None:
        return
    last = date(month.year, month.month, calendar.monthrange(month.year, month.month)[1])
    held = at(centres[centre], last)
    if held is not None and held.closed is not None and held.closed < month:
        faults.append(
            ColumnFault(
                "month", "report.closed", f"{centre} closed on {held.closed}: it has no counts of {month:%Y-%m}."
            )
        )
    if held is not None and held.opened is not None and held.opened > last:
        faults.append(
            ColumnFault(
                "month", "report.opened", f"{centre} opened on {held.opened}, after {month:%Y-%m}: correct one."
            )
        )


def _check_parts(counts: Mapping[str, int], faults: list[ColumnFault]) -> None:
    for parts, whole in PARTS:
        given = [part for part in parts if part in counts]
        if not given:
            continue
        total = sum(counts[part] for part in given)
        if whole not in counts:
            if any(fault.column == whole for fault in faults):  # it is there, and what is wrong with it was said
                continue
            text = f"{' and '.join(given)} without {whole}: a part needs its whole."
            faults.append(ColumnFault(whole, "report.whole", text))
        elif total > counts[whole]:
            text = f"{' + '.join(given)} is {total:,}, more than {whole} ({counts[whole]:,}): correct one of them."
            told = {"parts": " + ".join(given), "total": f"{total}", "whole": whole, "count": f"{counts[whole]}"}
            faults.append(ColumnFault(given[0], "report.parts", text, told=told))


def _histogram(row: Mapping[str, str], name: str, faults: list[ColumnFault]) -> Histogram | None:
    columns = [f"{name}_{edge}" for edge in BINS[name]]
    given = [column for column in columns if row.get(column, "").strip()]
    if not given:
        return None
    if len(given) < len(columns):
        missing = ", ".join(sorted(set(columns) - set(given)))
        faults.append(
            ColumnFault(given[0], "report.bins", f"{missing} missing: fill in every bin, 0 where nobody was in it.")
        )
        return None
    counts = [_count(row[column], column, faults) for column in columns]
    if any(count is None for count in counts):
        return None
    return Histogram(tuple(map(float, BINS[name])), tuple(count or 0 for count in counts))


def _bins_told(column: str) -> str:
    for name, edges in BINS.items():
        if re.fullmatch(rf"{name}_\d+", column):
            return f"The bins of {name} start at {', '.join(map(str, edges))} minutes; others would overlap them."
    return ""


def _columns() -> frozenset[str]:
    bins = {f"{name}_{edge}" for name, edges in BINS.items() for edge in edges}
    return frozenset({"centre", "service", "channel", "month", "cost", "currency", "measured_by", *COUNTS, *bins})


def _count(text: str, column: str, faults: list[ColumnFault]) -> int | None:
    shown = text.strip()
    if not shown:
        return None
    if shown.endswith("000") and _is_ambiguous(shown, column, faults):  # 1.250 is no count in either reading but one
        return None
    if not re.fullmatch(r"[0-9]{1,12}", shown):
        faults.append(
            ColumnFault(column, "report.count", f"{shown[:20]!r} is no whole number from 0 on: write digits only.")
        )
        return None
    return int(shown)


def _cost(text: str, faults: list[ColumnFault]) -> float | None:
    shown = text.strip()
    if not shown:
        return None
    if _is_ambiguous(shown, "cost", faults):
        return None
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,4})?", shown):
        faults.append(ColumnFault("cost", "report.cost", f"{shown[:20]!r} is no sum: write 12345.67, without blanks."))
        return None
    return float(shown)


def _is_ambiguous(shown: str, column: str, faults: list[ColumnFault]) -> bool:
    """Whether a number may be a thousand times another; told with both, so that the sender writes one of them."""
    found = _TWO_READINGS.fullmatch(shown)
    if found is None:
        return False
    whole, places = "".join(found.groups()), found[2].rstrip("0")
    other = f"{found[1]}.{places}{'0' if len(places) == 3 else ''}".rstrip(".")  # 1.2340 has one reading
    message = f"{shown!r} may be {whole} or {other}: write {whole} or {other}, without separators of thousands."
    faults.append(ColumnFault(column, "report.ambiguous", message, told={"whole": whole, "other": other}))
    return True


def _month(text: str, today: date, faults: list[ColumnFault]) -> date | None:
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})(-01)?", text.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or not int(found[1]) >= 2000:
        faults.append(ColumnFault("month", "report.month", f"{text[:20]!r} is no month: write 2026-10."))
        return None
    month = date(int(found[1]), int(found[2]), 1)
    if month > today:
        faults.append(ColumnFault("month", "report.ahead", f"{month:%Y-%m} lies ahead of {today}: correct the month."))
        return None
    return month


def _day(text: str, column: str, faults: list[ColumnFault]) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        faults.append(ColumnFault(column, "centre.date", f"{text[:20]!r} is no date: write 2026-01-31."))
        return None


def _degrees(text: str, column: str, faults: list[ColumnFault]) -> float | None:
    if not text.strip():
        return None
    limit = 90 if column == "latitude" else 180
    try:
        found = float(text)
    except ValueError:
        found = 999.0
    if not -limit <= found <= limit:
        faults.append(ColumnFault(column, "centre.place", f"{text[:20]!r}: degrees from -{limit} to {limit}."))
        return None
    return found
