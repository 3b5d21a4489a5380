"""The mapping of our series to series of the global SDG structure.

Nothing is guessed: the structure must have and admit publisher, series, unit and each breakdown.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dashboard.analysis.sdmx.model import DataStructure

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
    """A series of ours: everything in its key except area and time."""

    source: str
    series: str
    unit: str
    dimensions: Mapping[str, str]
    wholes: Mapping[str, str]  # breakdown → the code that the whole of the series has, where it is no total
    former_of: str = ""  # the code in use, where the series has an earlier one


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Why the global structure has no place for a series; ``detail`` names the obstacle."""

    reason: Reason
    detail: str


def read_codes(text: str) -> Codes:
    """Read the table ``sdg_codes.csv``."""
    rows = csv.DictReader(io.StringIO(text))
    return {(row["title"], row["code"]): (row["component"], row["sdmx_code"]) for row in rows}


def read_admitted(text: str) -> Admitted:
    """Read the table of the codes that the global dataflow admits; ``ALL`` is any code."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        series = row.pop("SERIES")
        found[series] = {name: frozenset(codes.split(";")) for name, codes in row.items() if codes != "ALL"}
    return found


def map_series(own: OwnSeries, structure: DataStructure, codes: Codes, admitted: Admitted) -> dict[str, str] | Unmapped:
    """Return the code of each dimension but the area, and of ``UNIT_MEASURE``, or why there is none."""
    if own.source in NATIONAL:
        return Unmapped("national", own.source)
    if own.source != PUBLISHER:
        return Unmapped("publisher", own.source)
    if own.former_of:
        return Unmapped("former", f"{own.series} → {own.former_of}")
    listed = structure.find_codes("SERIES")
    series: str | None = own.series
    if listed is not None and own.series not in listed.by_id:  # other letter case: IT_USE_ii99
        series = next((code for code in listed.by_id if code.upper() == own.series.upper()), None)
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


def find_code(title: str, code: str, structure: DataStructure, codes: Codes) -> tuple[str, str] | None:
    """Return the component and code of a part of a breakdown, or None if the structure lacks it."""
    found = codes.get((title, code)) or codes.get((title, "*"))
    if found is None:
        return None
    component, pattern = found
    value = pattern.replace("*", code)
    listed = structure.find_codes(component) if component in structure.by_id else None
    return (component, value) if listed is not None and value in listed.by_id else None
