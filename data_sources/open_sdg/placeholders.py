"""Figures that stand for nothing: the dummies that every new platform comes with.

The starter of Open SDG fills each indicator so that its pages can be tried: ``2015,0`` alone, or years from 2015 on, a
breakdown ``A``, ``B`` and values 1, 2, 3 … Los Angeles has one table by grade, planet and fruit under three indicators.
Offices leave them in place until they have figures. A reporting status alone proves nothing: Canada and Los Angeles
publish hundreds of figures under "not started".
"""

import re
from collections.abc import Mapping, Sequence

from data_sources.components import Components
from data_sources.figures import read_number
from data_sources.tables import Table

KEEP = "keep"
"""What the option ``placeholders`` of a series or site says where a person has looked: these are figures."""

UNREPORTED = ("notstarted", "notapplicable", "nonstatistical")
"""Reporting statuses under which a platform should have no figures of its own."""

_FIRST_YEAR = "2015"  # of the starter's dummies
_COUNTED_LEAST = 4  # figures that count 1, 2, 3, 4 in the order printed are nobody's
_FEW = 6  # different figures that a dummy has at most, each a whole number
_LARGEST = 10  # figure of a dummy
_TOYS = frozenset({"grade", "planet", "fruit", "vegetable", "animal", "colour", "color", "flavour", "flavor", "shape"})
_TOYS_LEAST = 2  # columns of these that a figure of a country never has together
_LETTER = re.compile("[A-E]")


def explain_placeholder(table: Table, components: Components, status: str) -> str:
    """Return why a table's rows are no figures; empty where they are.

    Args:
        status: the reporting status of its metadata; empty where nobody says.
    """
    if not table.rows:
        return ""
    rows = [cells for _, cells in table.rows]
    printed = [components.first_cell("value", cells) for cells in rows]
    numbers = [read_number(text) for text in printed if text]
    years = {components.first_cell("year", cells) for cells in rows}
    if not numbers:
        return ""
    if set(numbers) == {0.0} and (years == {_FIRST_YEAR} or len(numbers) == 1):
        return f"{', '.join(sorted(years))} with 0 alone is what a new platform comes with"
    upwards = [float(n) for n in range(1, len(numbers) + 1)]
    if numbers in (upwards, upwards[::-1]) and len(numbers) >= _COUNTED_LEAST:
        return f"the figures count 1, 2, 3 … {len(numbers)} in the order printed, as those a new platform comes with"
    letters = _lettered(rows, components)
    if letters and all(number is not None and number.is_integer() for number in numbers) and min(years) >= _FIRST_YEAR:
        return f"its breakdown is {', '.join(letters)}, which is what a new platform comes with"
    toys = [column.id for column in components.of["breakdown"] if column.id.strip().casefold() in _TOYS]
    if status in UNREPORTED and len(toys) >= _TOYS_LEAST:
        return f"the platform's reporting status is {status}, and it is broken down by {', '.join(toys)}"
    if status in UNREPORTED and _look_invented(numbers) and not _breaks_down_for_real(rows, components):
        return f"the platform's reporting status is {status}, and the figures look like those a new platform comes with"
    return ""


def _look_invented(numbers: Sequence[float | None]) -> bool:
    """Return a few small whole numbers, which is all that dummies are."""
    return len(set(numbers)) <= _FEW and all(
        number is not None and number.is_integer() and 0 <= number <= _LARGEST for number in numbers
    )


def _breaks_down_for_real(rows: Sequence[Mapping[str, str]], components: Components) -> bool:
    """Whether figures are of men, of an age, of a region …: dummies have columns of year, unit and an unknown group."""
    columns = [column for column in components.of["breakdown"] if column.known] + list(components.of["area"])
    return any(cells.get(column.id, "").strip() not in column.whole for column in columns for cells in rows)


def _lettered(rows: Sequence[Mapping[str, str]], components: Components) -> list[str]:
    """The codes of a breakdown nobody knows where they are only the first letters, ``A`` among them."""
    for column in components.of["breakdown"]:
        used = {cells.get(column.id, "").strip() for cells in rows} - {""}
        if not column.known and {"A", "B"} <= used and all(_LETTER.fullmatch(code) for code in used):
            return sorted(used)
    return []
