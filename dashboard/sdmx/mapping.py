"""A series of ours as one of the global SDG structure, or why it is none.

Nothing is guessed: a series is presented by the global structure only where publisher, series, unit and each breakdown
have a code there, and where the structure is known to admit them together.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dashboard.sdmx.model import DataStructure

Reason = Literal["national", "publisher", "former", "series", "unit", "breakdown", "two", "admitted", "area"]

PUBLISHER = "un_sdg"
NATIONAL = frozenset({"open_sdg", "sdmx", "national_submission"})
TOTAL = "_T"
UNITS: Mapping[str, str] = {
    "percent": "PT",
    "index": "IX",
    "per_100": "PER_100_POP",
    "usd": "USD",
    "yes_no": "NUMBER",
    "people": "NUMBER",
    "count": "NUMBER",
    "ratio": "RO",
}
"""Our units as the structure writes them; what is not here has no code."""

Codes = Mapping[tuple[str, str], tuple[str, str]]
"""(breakdown, its code or ``*``) → (component, code or pattern)."""

Admitted = Mapping[str, Mapping[str, frozenset[str]]]
"""Series → component → codes the global dataflow admits; a component that is not named admits all."""


@dataclass(frozen=True, slots=True)
class OwnSeries:
    """What tells figures of one series from others: all that a key is made of but area and time."""

    source: str
    series: str
    unit: str
    dimensions: Mapping[str, str]
    wholes: Mapping[str, str]  # breakdown → the code that the whole of the series has, where it is no total
    former_of: str = ""  # the code in use, where the series has an earlier one


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Why a series is not presented by the global structure; ``detail`` is what stood in the way."""

    reason: Reason
    detail: str


def read_codes(text: str) -> Codes:
    """The table ``sdg_codes.csv``."""
    rows = csv.DictReader(io.StringIO(text))
    return {(row["title"], row["code"]): (row["component"], row["sdmx_code"]) for row in rows}


def read_admitted(text: str) -> Admitted:
    """The table of what the global dataflow admits; ``ALL`` is any code."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        series = row.pop("SERIES")
        found[series] = {name: frozenset(codes.split(";")) for name, codes in row.items() if codes != "ALL"}
    return found


def map_series(own: OwnSeries, structure: DataStructure, codes: Codes, admitted: Admitted) -> dict[str, str] | Unmapped:
    """Dimension → code but for the area, with the unit under ``UNIT_MEASURE``; or why there is none."""
    if own.source in NATIONAL:
        return Unmapped("national", own.source)
    if own.source != PUBLISHER:
        return Unmapped("publisher", own.source)
    if own.former_of:
        return Unmapped("former", f"{own.series} → {own.former_of}")
    series = find_series(own.series, structure)
    if series is None:
        return Unmapped("series", own.series)
    unit = UNITS.get(own.unit)
    units = structure.find_codes("UNIT_MEASURE")
    if unit is None or (units and unit not in units.by_id):
        return Unmapped("unit", own.unit)
    key = dict.fromkeys(structure.dimensions, TOTAL) | {"FREQ": "A", "REPORTING_TYPE": "G", "SERIES": series}
    key.pop("REF_AREA")
    placed: dict[str, str] = {}
    for title, code in {**own.wholes, **own.dimensions}.items():
        found = find_code(title, code, structure, codes)
        if found is None:
            return Unmapped("breakdown", f"{title} = {code}")
        component, value = found
        if component in placed and value != TOTAL and key[component] != TOTAL:
            return Unmapped("two", f"{placed[component]}, {title}")
        if value != TOTAL or component not in placed:
            key[component] = value
            placed[component] = title
    key["UNIT_MEASURE"] = unit
    for component, allowed in admitted.get(series, {}).items():
        if key.get(component, TOTAL) not in allowed:
            return Unmapped("admitted", f"{component} = {key.get(component, TOTAL)}")
    return key


def find_series(series: str, structure: DataStructure) -> str | None:
    """The code of a series in the structure: as written, or in other letter case (``IT_USE_ii99``)."""
    codes = structure.find_codes("SERIES")
    if codes is None or series in codes.by_id:
        return series
    return next((code for code in codes.by_id if code.upper() == series.upper()), None)


def find_code(title: str, code: str, structure: DataStructure, codes: Codes) -> tuple[str, str] | None:
    """The component and code of one part of a breakdown; None where none is known, or the structure has it not."""
    found = codes.get((title, code)) or codes.get((title, "*"))
    if found is None:
        return None
    component, pattern = found
    value = pattern.replace("*", code)
    known = structure.find_codes(component) if component in structure.by_id else None
    return (component, value) if known is not None and value in known.by_id else None
