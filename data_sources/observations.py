"""From rows to the one frame of observations, with everything noticed on the way."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

import polars as pl

from data_sources.contract import OBSERVATIONS, Parsed, Severity, SourceFinding

_SPELLED_OUT = 5


@dataclass(slots=True)
class Row:
    """One observation; the fields are the columns of ``OBSERVATIONS``, in its order."""

    series: str
    area: str
    area_scheme: str
    area_name: str
    period: str
    dimensions: str = "{}"
    value: float | None = None
    value_text: str = ""
    lower: float | None = None
    upper: float | None = None
    interval_level: float | None = None
    std_error: float | None = None
    unit: str = ""
    status: str = "normal"
    nature: str = ""
    source_detail: str = ""
    footnote: str = ""
    edition: str = ""
    raw_sha256: str = ""

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What the row is about: series, area, period and breakdown."""
        return self.series, self.area, self.period, self.dimensions


assert [field.name for field in fields(Row)] == OBSERVATIONS.names()
_CELLS = attrgetter(*OBSERVATIONS)


def canonicalise(dimensions: Mapping[str, str]) -> str:
    """A breakdown as the text of the ``dimensions`` column: compact JSON with sorted keys, ``{}`` for the total."""
    if not dimensions:
        return "{}"
    return json.dumps(dict(dimensions), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def build_frame(rows: Iterable[Row]) -> pl.DataFrame:
    """Return the rows as a frame of schema ``OBSERVATIONS``."""
    columns = zip(*map(_CELLS, rows), strict=True)  # none at all where there is no row
    return pl.DataFrame(dict(zip(OBSERVATIONS, columns, strict=False)), schema=OBSERVATIONS)


class Noticed:
    """Findings of one reading: the first few of a kind are spelled out, the rest counted."""

    def __init__(self, series: str) -> None:
        self.series = series
        self._findings: list[SourceFinding] = []
        self._seen: Counter[tuple[str, Severity]] = Counter()
        self.rejected = 0

    def add(self, code: str, severity: Severity, message: str, where: str = "", *, count: int = 1) -> None:
        """Note something a person should know."""
        self._seen[code, severity] += 1
        if self._seen[code, severity] <= _SPELLED_OUT:
            self._findings.append(SourceFinding(code, severity, message, self.series, where, count))

    def reject(self, code: str, message: str, where: str = "", *, rows: int = 1) -> None:
        """Note rows that are left out because they cannot be read."""
        self.rejected += rows
        self.add(code, "warning", message, where, count=rows)

    def include(self, findings: Iterable[SourceFinding]) -> None:
        """Note what was found by another reading of the same series."""
        for finding in findings:
            self.add(finding.code, finding.severity, finding.message, finding.where, count=finding.count)

    def findings(self) -> tuple[SourceFinding, ...]:
        """Everything noted, in order, with one more finding for each kind that came too often to spell out."""
        more = [
            SourceFinding(
                code, severity, f"{n - _SPELLED_OUT} more of the same kind", self.series, count=n - _SPELLED_OUT
            )
            for (code, severity), n in self._seen.items()
            if n > _SPELLED_OUT
        ]
        return (*self._findings, *more)


def finish_parsing(rows: Sequence[Row], edition: str, noticed: Noticed) -> Parsed:
    """What a room gives back. When more rows were rejected than kept, the layout is not the one we know: an error."""
    findings = noticed.findings()
    if noticed.rejected > len(rows):
        message = f"{noticed.rejected} rows cannot be read and {len(rows)} can: the publisher may have changed the form"
        findings = (
            *findings,
            SourceFinding("mostly_unreadable", "error", message, noticed.series, count=noticed.rejected),
        )
    return Parsed(build_frame(rows), edition, findings, noticed.rejected)


def read_figure(row: Row) -> tuple[str, float | None, float | None, float | None]:
    """Return what a row says: its number with its bounds, or else its words."""
    return "" if row.value is not None else row.value_text.strip(), row.value, row.lower, row.upper


def drop_duplicates(rows: Iterable[Row], noticed: Noticed) -> list[Row]:
    """Return the rows with repeated ones once, and contradicting ones not at all.

    A publisher that prints two figures for one area, period and breakdown leaves nothing to choose by: both are
    rejected, so that no wrong figure is shown; 7 and 7.0 are one. (The UN names sources and natures; its rows are told
    apart by them.)
    """
    places: dict[tuple[str, str, str, str], list[Row]] = {}
    for row in rows:
        places.setdefault(row.place, []).append(row)
    unique: list[Row] = []
    for same in places.values():
        first = same[0]
        figures = {read_figure(row) for row in same}
        where = f"{first.area_name or first.area} {first.period}"
        if len(figures) > 1:
            texts = " and ".join(sorted(repr(row.value_text) for row in same))
            noticed.reject("conflicting_rows", f"{where} has {texts}: none is used", where, rows=len(same))
            continue
        if len(same) > 1:
            noticed.add("duplicate_row", "info", f"{where} came {len(same)} times with one figure: kept once", where)
        unique.append(first)
    return unique
