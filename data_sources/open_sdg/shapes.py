"""The forms in which Open SDG gives the data of an indicator, all read as one table.

* ``data/16-6-2.csv``, ``headline/16-6-2.csv``, ``indicator_16-6-2.csv`` of a data repository: columns
* ``data/16-6-2.json``: an object of columns; ``comb/16-6-2.json``: that object under ``data``
* ``headline/16-6-2.json``: a list of rows
* ``all_indicators.zip``: one of the CSV files for each indicator
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath

from data_sources.errors import Changed
from data_sources.fetching.replies import parse_json
from data_sources.tables import Table, read_plain_csv, report_no_series

_NAME = re.compile(r"(?:indicator_)?([0-9]+-[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*)\.(?:csv|json)", re.ASCII)
_TRANSLATED = "data."
"""Group of translation keys for columns and cells; ``data.Sex`` and ``Sex`` mean the same."""

_LARGEST = 64 * 2**20


def find_indicator(name: str) -> str:
    """Return the indicator a file's name speaks of (``16-6-2``); empty when it speaks of none."""
    match = _NAME.fullmatch(PurePosixPath(name).name)
    return match[1] if match else ""


def read_table(name: str, body: bytes, indicator: str) -> Table:
    """Return the table of an indicator.

    Raises:
        Retriable: ``empty_body``, ``html_instead_of_data``, ``truncated_csv``, ``truncated_json``.
        Changed: ``invalid_utf8``, ``invalid_json``, ``unexpected_shape``, ``not_an_archive``, ``too_large``,
            ``changed_columns``, ``shifted_cells``.
        Rejected: the file is of another indicator (``series_not_in_file``).
    """
    if body.startswith(b"PK\x03\x04"):
        name, body = _member(name, body, indicator)
    held = find_indicator(name)
    if held and held != indicator:
        raise report_no_series(name, indicator, [held])
    begin = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return _cleaned(_columns(name, parse_json(body, name)) if begin in (b"{", b"[") else read_plain_csv(name, body))


def _member(name: str, body: bytes, indicator: str) -> tuple[str, bytes]:
    """Return the file of an indicator in an archive of all."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            held = [(find_indicator(entry.filename), entry) for entry in archive.infolist()]
            entries = [entry for of, entry in held if of == indicator]
            if not entries:
                raise report_no_series(name, indicator, {of for of, _ in held if of})
            if len(entries) > 1:
                files = ", ".join(entry.filename for entry in entries)
                raise Changed("unexpected_shape", f"{name} holds {indicator} {len(entries)} times ({files}): which?")
            (entry,) = entries
            if entry.file_size > _LARGEST:
                raise Changed("too_large", f"{name}: {entry.filename} is larger than {_LARGEST} bytes")
            return entry.filename, archive.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise Changed("not_an_archive", f"{name} cannot be read as a ZIP archive: {error}") from error


def _columns(name: str, content: object) -> Table:
    """Return a table from JSON: an object of columns, that object under ``data``, or a list of rows."""
    if isinstance(content, dict) and isinstance(content.get("data"), dict):
        content = content["data"]
    if isinstance(content, dict) and all(isinstance(column, list) for column in content.values()):
        lengths = {len(column) for column in content.values()}
        if len(lengths) > 1:
            raise Changed("unexpected_shape", f"{name}: columns of {min(lengths)} to {max(lengths)} cells")
        header, lines = list(content), list(zip(*content.values(), strict=True))
    elif isinstance(content, list) and all(isinstance(row, dict) for row in content):
        header = list(dict.fromkeys(column for row in content for column in row))
        lines = [tuple(row.get(column) for column in header) for row in content]
    else:
        raise Changed("unexpected_shape", f"{name}: neither columns nor rows; it begins {str(content)[:80]}")
    return Table(
        name,
        tuple(header),
        tuple((n, {c: _text(cell) for c, cell in zip(header, line, strict=True)}) for n, line in enumerate(lines, 1)),
    )


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return str(cell) if isinstance(cell, str) else repr(cell)


def _cleaned(table: Table) -> Table:
    """Return the table without the mark of translation keys in columns and cells."""

    def plain(text: str) -> str:
        return text.strip().removeprefix(_TRANSLATED)

    header: Sequence[str] = [plain(column) for column in table.header]
    if twice := sorted({column for column in header if column and header.count(column) > 1}):
        raise Changed("changed_columns", f"{table.name}: the columns {', '.join(twice)} occur twice")
    rows = (
        (number, {plain(column): cell.removeprefix(_TRANSLATED) for column, cell in cells.items()})
        for number, cells in table.rows
    )
    return Table(table.name, tuple(header), tuple(rows))
