"""Rows as lines of CSV (RFC 4180) that a spreadsheet reads as figures and never runs as formulas.

Every CSV file that somebody downloads is written here, or names its reason in ``tests/architecture/test_csv.py``.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

_UNSEEN = (
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
DANGEROUS = re.compile(rf"{_UNSEEN}*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]|[\t\r\n\x00]")
"""Beginnings by which spreadsheets take a text for a formula (OWASP, CSV injection): also behind space and characters
that are not seen, and the full-width signs, which some of them read as the plain ones."""

BOM = "\ufeff".encode()
"""At the start of a file it tells Excel that the text is UTF-8; programs are not given it unless they ask."""

NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?([eE][-+]?\d+)?")
"""What a spreadsheet reads as a figure: left as it is."""


def _cell(value: Any) -> Any:
    """Numbers as they are (``-0.95`` stays a number), moments in ISO 8601, text harmless, absence empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, str) and DANGEROUS.match(value) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def read_text(cell: str) -> str:
    """The text of a cell that ``write_cells`` wrote, without the apostrophe that made it harmless."""
    return cell[1:] if cell.startswith("'") and DANGEROUS.match(cell[1:]) else cell


def write_cells(cells: Iterable[Any], delimiter: str = ",") -> str:
    """Return one line: numbers as numbers, and an apostrophe before each text that a spreadsheet would run."""
    held = io.StringIO()
    csv.writer(held, delimiter=delimiter, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return held.getvalue()


def write_header(columns: Sequence[str]) -> str:
    """The line of column names."""
    return write_cells(columns)


def write_line(row: Mapping[str, Any], columns: Sequence[str]) -> str:
    """One row in the order of ``columns``."""
    return write_cells(row[name] for name in columns)


def write_csv_file(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """A whole file in UTF-8: the line of column names, and all rows."""
    return (write_header(columns) + "".join(write_line(row, columns) for row in rows)).encode()
