"""Code that reads the rows of a table: for every table that is a CSV file of the API, which columns hold numbers."""

import re
from collections.abc import Mapping
from typing import TypedDict
from urllib.parse import parse_qsl, urlencode

from dashboard.answers.base.errors import Unknown
from dashboard.answers.files.snippets import PROGRAMS, write_snippet

MAX_QUERY_CHARACTERS = 2_000
"""Letters of an address."""

TABLES: Mapping[str, tuple[str, ...]] = {
    "/api/v1/observations.csv": ("value", "lower", "upper"),
    "/api/v1/progress.csv": (
        "score", "base_year", "base_value", "latest_year", "latest_value", "points", "target", "observed", "required",
        "projection", "projection_drawn", "range_middle", "range_low", "range_high", "range_level", "ratio", "gap",
        "base_score", "factor", "spread",
    ),
    "/api/v1/progress/results.csv": (),
    "/api/v1/compare.csv": ("value", "lower", "upper", "interval_level"),
    "/api/v1/compare/pairs.csv": ("difference", "std_error", "p", "p_adjusted", "year"),
    "/api/v1/availability.csv": ("points", "first_year", "latest_year"),
    "/api/v1/adoption.csv": (),
    "/api/v1/adoption/documents.csv": (),
    "/api/v1/changes/between.csv": (),
    "/api/v1/claims.csv": (),
    "/api/v1/countries/{iso3}/missing.csv": (),
    "/api/v1/reported-figures.csv": ("value", "value_high"),
    "/api/v1/disagreements.csv": ("value", "other_value", "difference"),
}  # fmt: skip
"""Path of a table → its columns of numbers; a column that holds words here and there is none."""

_COUNTRY = re.compile(r"(?<=^/api/v1/countries/)[A-Z]{3}(?=/)")


class TableCode(TypedDict):
    """The code for one tool."""

    id: str
    title: str
    code: str


def write_table_code(path: str, query: str, origin: str) -> list[TableCode]:
    """Return code for each tool that reads a table.

    Args:
        path: of the table's CSV file.
        query: of its address, as it stands there; the byte order mark for Excel is left out of it.
        origin: scheme and host of the address.

    Raises:
        Unknown: no table of ours.
    """
    numbers = TABLES.get(_COUNTRY.sub("{iso3}", path))
    if numbers is None or "{" in path or len(query) > MAX_QUERY_CHARACTERS:
        raise Unknown("table", path, tuple(TABLES))
    parameters = [(name, value) for name, value in parse_qsl(query) if name != "bom"]
    address = f"{origin}{path}" + (f"?{urlencode(parameters)}" if parameters else "")
    return [
        TableCode(id=program, title=title, code=write_snippet(program, address, numbers))
        for program, title in PROGRAMS.items()
    ]
