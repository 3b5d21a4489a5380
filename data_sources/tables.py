"""Reading publishers' CSV files and workbooks as text cells, each with the row it stands in.

Cells stay text here: what a cell means is decided once, in ``figures``.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from data_sources import workbook
from data_sources.contract import Parsed, SeriesRef, SourceFinding
from data_sources.errors import Changed, Rejected, Retriable
from data_sources.fetching.replies import read_text
from data_sources.figures import ParsedFigure, read_figure
from data_sources.observations import Noticed, Row, drop_duplicates, finish_parsing

_TITLE_LINES = 10  # a header stands within the first lines; publishers put titles above it
_MOST_SHOWN = 200  # letters of a line that is shown where the header was not found
CHANGED_LAYOUT = "The publisher may have changed the layout."


@dataclass(frozen=True, slots=True)
class Table:
    """A table as published. ``rows`` are row number (as a spreadsheet counts, from 1) and cells by column."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    findings: tuple[SourceFinding, ...] = ()  # what a workbook's guard noted

    def place(self, row: int, column: str) -> str:
        """Return where a cell stands, for messages."""
        return f"{self.name}, row {row}, column {column!r}"


def read_csv(name: str, body: bytes, columns: Sequence[str], *, delimiter: str = ",") -> Table:
    """Read a CSV file; title lines, a byte-order mark and short rows are allowed.

    Raises:
        Changed: the file is empty (``empty``), not UTF-8 (``invalid_utf8``), no CSV (``invalid_csv``), has no header
            line with ``columns`` (``changed_columns``), or a row with more cells than columns, numbers among them
            (``shifted_cells``).
    """
    if not body.strip():
        raise Changed("empty", f"{name} is empty")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Changed("invalid_utf8", f"{name} is not UTF-8 at byte {error.start}: save it as UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return _table(name, ((reader.line_num, cells) for cells in reader), columns, beside=False, cut=delimiter == ",")
    except csv.Error as error:
        raise Changed("invalid_csv", f"{name} is not CSV at line {reader.line_num}: {error}") from error


def read_plain_csv(name: str, body: bytes, *, delimiter: str = ",") -> Table:
    """Read a CSV file whose first line with words is its header: no titles, no notes.

    Raises:
        Retriable: ``empty_body``, ``html_instead_of_data``, ``truncated_csv``.
        Changed: ``invalid_utf8``, ``invalid_csv``, ``shifted_cells``, ``changed_columns``: a column occurs twice.
    """
    text = read_text(body, name)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            raise Retriable("truncated_csv", "the file breaks off within quotation marks", url=name) from error
        raise Changed("invalid_csv", f"{name} is not CSV: {error}") from error
    header = [cell.strip() for cell in next(filter(_holds_words, lines), [])]
    if twice := sorted({column for column in header if column and header.count(column) > 1}):
        raise Changed("changed_columns", f"{name}: the columns {', '.join(twice)} occur twice")
    if len(lines) > 1 and len(lines[-1]) < len(header) and not text.endswith(("\n", "\r")):
        raise Retriable("truncated_csv", f"the last row has {len(lines[-1])} of {len(header)} cells", url=name)
    return read_csv(name, body, (), delimiter=delimiter)


def list_sheets(name: str, body: bytes) -> list[str]:
    """Return the sheets of a workbook.

    Raises:
        Changed: not a workbook (``not_a_workbook``), or none that should be opened; see ``workbook.guard``.
    """
    return [sheet.name for sheet in workbook.guard(body, name, external_links="note").sheets]


def read_sheet(name: str, body: bytes, sheet: str | int, columns: Sequence[str]) -> Table:
    """Read one sheet of an XLSX workbook (strict Office Open XML too).

    Raises:
        Changed: not a workbook (``not_a_workbook``), no such sheet (``sheet_missing``), or no header line with
            ``columns`` (``changed_columns``); see also ``workbook.read_sheet``.
    """
    read = workbook.read_sheet(body, sheet, name, external_links="note")
    table = _table(f"{name}#{sheet}", enumerate(map(list, read.rows), start=1), columns)
    return replace(table, findings=read.findings)


class Cells:
    """Reads the cells of a table's rows, noting those that cannot be read."""

    def __init__(self, table: Table, marks: Mapping[str, str], noticed: Noticed) -> None:
        self._table, self._marks, self._noticed = table, marks, noticed
        noticed.include(table.findings)

    def figures(
        self, year: str, value: str, belongs: Mapping[str, str] | None = None
    ) -> Iterator[tuple[int, dict[str, str], str, ParsedFigure]]:
        """Row number, cells, year and figure of each row that has both; the others are noted and left out.

        Args:
            belongs: only rows with these texts in these columns are looked at.
        """
        for number, cells in self._table.rows:
            if belongs and any(cells[column] != text for column, text in belongs.items()):
                continue
            period = self.year(number, cells, year)
            figure = self.figure(number, cells, value) if period else None
            if period is not None and figure is not None:
                yield number, cells, period, figure

    def figure(self, row: int, cells: Mapping[str, str], column: str) -> ParsedFigure | None:
        """Return the figure of a row; None, and the row counted as rejected, when the cell is not one."""
        figure = read_figure(cells[column], self._marks)
        if figure is None:
            self.reject("unreadable_value", row, cells, column, "a figure; the row is left out")
        return figure

    def year(self, row: int, cells: Mapping[str, str], column: str) -> str | None:
        """The year of a row, four digits; None, and the row counted as rejected, when the cell is not one."""
        text = cells[column].strip()
        if len(text) == 4 and text.isascii() and text.isdigit():
            return text
        place = self._table.place(row, column)
        self._noticed.reject("unreadable_period", f"{place}: {text!r} is not a year; the row is left out", place)
        return None

    def reject(self, code: str, row: int, cells: Mapping[str, str], column: str, wanted: str) -> None:
        """Count a row as rejected whose cell is not what is wanted there."""
        place = self._table.place(row, column)
        self._noticed.reject(code, f"{place}: {cells[column]!r} is not {wanted}", place)

    def number(self, row: int, cells: Mapping[str, str], column: str) -> float | None:
        """A number that accompanies a figure (standard error, bound). An unreadable one is noted and left empty."""
        figure = read_figure(cells[column], self._marks)
        if figure is None or figure.status == "censored":
            place = self._table.place(row, column)
            self._noticed.add("unreadable_companion", "warning", f"{place}: {cells[column]!r} is not a number", place)
            return None
        return figure.value


class SeriesReading(Cells):
    """The reading of one series from a table of a file: its cells, what is noticed on the way, and the rows so far.

    Args:
        marks: the publisher's marks for "no value" and their status.
        known: the columns the room knows, others are noted; none where nobody can say which there may be.
    """

    def __init__(
        self, table: Table, body: bytes, series: SeriesRef, edition: str, marks: Mapping[str, str],
        known: Collection[str],
    ) -> None:  # fmt: skip
        self.noticed = Noticed(series.code)
        if known:
            note_unknown_columns(table, known, self.noticed)
        super().__init__(table, marks, self.noticed)
        self._edition, self._rows = edition, list[Row]()
        self._shared: dict[str, Any] = {
            "series": series.code,
            "edition": edition,
            "raw_sha256": hashlib.sha256(body).hexdigest(),
        }

    def add(self, **columns: Any) -> None:
        """Keep a row of these columns, beside those that all rows have alike."""
        self._rows.append(Row(**self._shared, **columns))

    def finish(self, drop: Callable[[Iterable[Row], Noticed], list[Row]] = drop_duplicates) -> Parsed:
        """Return what the room gives back: the rows that ``drop`` leaves of those kept."""
        return finish_parsing(drop(self._rows, self.noticed), self._edition, self.noticed)


def note_unknown_columns(table: Table, known: Collection[str], noticed: Noticed) -> None:
    """Warn of columns the room does not know: the publisher may have added something worth having."""
    for column in table.header:
        if column and column not in known:
            message = f"{table.name}: column {column!r} is not known and was not read"
            noticed.add("unknown_column", "warning", message, table.name)


def report_no_series(name: str, series: str, known: Collection[str]) -> Rejected:
    """Return the error for a series a file does not hold."""
    return Rejected("series_not_in_file", f"{name} holds no series {series!r}; it holds: {', '.join(sorted(known))}")


def is_workbook(body: bytes) -> bool:
    """True when the bytes begin like an XLSX file (a ZIP archive)."""
    return body[:4] == b"PK\x03\x04"


def _table(
    name: str, lines: Iterator[tuple[int, list[str]]], columns: Sequence[str], *, beside: bool = True, cut: bool = False
) -> Table:
    """Return the table under a header line.

    ``beside`` says whether words may stand right of it, as notes in a sheet do; ``cut`` whether a comma in a number
    would have made two cells of it.
    """
    nearest: tuple[str, ...] = ()
    best = (0, 0)
    for _ in range(_TITLE_LINES):
        _, cells = next(lines, (0, []))
        header = tuple(cell.strip() for cell in cells)
        if any(header) and set(columns) <= set(header):
            break
        likeness = len(set(columns) & set(header)), len(set(header) - {""})
        if likeness > best:
            nearest, best = header, likeness
    else:
        missing = ", ".join(column for column in columns if column not in nearest)
        reads = f"; the nearest line reads: {', '.join(nearest)[:_MOST_SHOWN]}" if nearest else ""
        raise Changed(
            "changed_columns",
            f"{name}: no header line with the columns {', '.join(columns)}; missing: {missing}{reads}. "
            + CHANGED_LAYOUT,
        )
    rows = []
    for number, line in lines:
        if _holds_words(line):
            beyond = line[len(header) :]
            # An empty cell beyond the header too: 12,5 before an empty last column leaves one.
            if (any(cell.strip() for cell in beyond) or (beyond and cut)) and not beside and _holds_number(line):
                raise Changed(
                    "shifted_cells",
                    f"{name}, row {number}: {len(line)} cells under {len(header)} columns; a comma without quotation "
                    "marks (12,5 for 12.5, or within words) has moved them. Nothing of the file is read: tell the "
                    "publisher",
                )
            padded = [*line, *[""] * (len(header) - len(line))]
            rows.append((number, dict(zip(header, padded, strict=False))))
    return Table(name, header, tuple(rows))


def _holds_words(line: Sequence[str]) -> bool:
    return any(cell.strip() for cell in line)


def _holds_number(line: Sequence[str]) -> bool:
    """Whether a cell is a number; a row that has more cells than columns and none is a note that its commas cut."""
    return any(cell.strip() and read_figure(cell, {}) is not None for cell in line)
