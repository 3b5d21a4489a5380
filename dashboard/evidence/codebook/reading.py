"""Read the codebook's files as rows of text and find the faults of single files, lines and cells."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_type_hints

from dashboard.evidence.codebook.faults import Fault
from dashboard.evidence.codebook.schema import SchemaColumn, SchemaTable
from dashboard.evidence.codebook.tables import NAMES, TABLES, TITLES, TRANSLATION

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class CodebookRow:
    """A row's cells by column, its file and its first line."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def read_list(self, column: str) -> tuple[str, ...]:
        """Return the values of a cell that holds several."""
        return tuple(part for part in (text.strip() for text in self.cells[column].split(";")) if part)

    def read_yes_no(self, column: str) -> bool:
        """Return True if the cell is "yes"."""
        return self.cells[column] == "yes"

    def read_number(self, column: str) -> float | None:
        """Return the cell as a number, or None if it is empty."""
        return float(self.cells[column]) if self.cells[column] else None

    def read_pairs(self, column: str) -> dict[str, str]:
        """Return the ``name=value`` parts of a cell."""
        return dict(part.split("=", 1) for part in self.read_list(column))

    def make_fault(
        self, column: str, rule: str, message: str, remedy: str, severity: Literal["error", "warning"] = "error"
    ) -> Fault:
        """Return a fault of one of the row's cells."""
        return Fault(self.file, self.line, column, rule, message, remedy, severity)

    def build(self, kind: Callable[..., Value], **others: Any) -> Value:
        """Return a dataclass filled from the cells with its fields' names, read by their types.

        ``others`` take precedence over cells; a field that is in neither keeps its default.
        """
        readers = {name: reader for name, reader in _find_readers(kind).items() if name in self.cells}
        return kind(**{name: reader(self, name) for name, reader in readers.items() if name not in others}, **others)


_READERS: Mapping[Any, Callable[[CodebookRow, str], Any]] = {
    bool: CodebookRow.read_yes_no,
    int: lambda row, column: int(row[column]),
    float: lambda row, column: float(row[column]),
    int | None: lambda row, column: int(row[column]) if row[column] else None,
    float | None: CodebookRow.read_number,
    tuple[str, ...]: CodebookRow.read_list,
    tuple[int, ...]: lambda row, column: tuple(map(int, row.read_list(column))),
    Mapping[str, str]: lambda row, column: MappingProxyType(row.read_pairs(column)),
}
"""Type of a field → how its cell is read, where it is not the text that stands there."""


@cache
def _find_readers(kind: Callable[..., Any]) -> Mapping[str, Callable[[CodebookRow, str], Any]]:
    return {name: _READERS.get(asked, CodebookRow.__getitem__) for name, asked in get_type_hints(kind).items()}


@dataclass(frozen=True)
class Tables:
    """The files of a folder; ``translations``, ``titles`` and ``names`` have a list of rows per language."""

    rows: Mapping[str, list[CodebookRow]]
    translations: Mapping[str, list[CodebookRow]] = field(default_factory=dict)
    titles: Mapping[str, list[CodebookRow]] = field(default_factory=dict)
    names: Mapping[str, list[CodebookRow]] = field(default_factory=dict)

    def __getitem__(self, file: str) -> list[CodebookRow]:
        return self.rows[file]

    @property
    def count(self) -> tuple[int, int]:
        """Return the number of rows and of files."""
        files = [*self.rows.values(), *self.translations.values(), *self.titles.values(), *self.names.values()]
        return sum(map(len, files)), len(files)


def read_tables(folder: Path) -> tuple[Tables, list[Fault]]:
    """Read the files of ``folder`` as text and return them with the faults of single files and cells.

    An unreadable file has no rows; an invalid cell stays as it is.
    """
    faults: list[Fault] = []
    rows = {table.file: list(_read_rows(folder / table.file, table.file, table, faults)) for table in TABLES}
    translations = _read_languages(folder, TRANSLATION, faults)
    titles, names = _read_languages(folder, TITLES, faults), _read_languages(folder, NAMES, faults)
    return Tables(rows, translations, titles, names), faults


def _read_languages(folder: Path, table: SchemaTable, faults: list[Fault]) -> dict[str, list[CodebookRow]]:
    """Read one file per language from the folder that ``table`` names."""
    paths = sorted((folder / table.file).glob("*.csv"))
    return {path.stem: list(_read_rows(path, f"{table.file}/{path.name}", table, faults)) for path in paths}


def _read_rows(path: Path, file: str, table: SchemaTable, faults: list[Fault]) -> Iterator[CodebookRow]:
    text = _read_text(path, file, faults)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names = [column.name for column in table.columns]
    header: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            if header is None:
                header = cells
                if not _check_header(header, names, file, faults):
                    return
            elif len(cells) != len(header):
                cell_count = "no cell" if not cells else f"{len(cells)} cells"
                faults.append(
                    Fault(file, line, "", "row.width", f"{cell_count}, the header has {len(header)}.",
                          "Add or remove commas; put quotes around a text that has one.")
                )  # fmt: skip
            else:
                row = CodebookRow(file, line, dict(zip(header, cells, strict=True)))
                faults.extend(_check_cells(row, table))
                yield row
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(file, line, "", "file.quotes", f"Not well-formed CSV: {error}.", "Check the quotes."))
    if header is None:
        _check_header([], names, file, faults)


def _read_text(path: Path, file: str, faults: list[Fault]) -> str | None:
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        faults.append(Fault(file, None, "", "file.missing", "The file is not there.", "Restore it."))
        return None
    if body.startswith(b"\xef\xbb\xbf"):
        faults.append(
            Fault(file, 1, "", "file.bom", "The file begins with a byte-order mark.", "Save it as UTF-8 without BOM.")
        )
        body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        faults.append(
            Fault(file, line, "", "file.encoding", f"Byte {error.start + 1} is not UTF-8.", "Save the file as UTF-8.")
        )
        return None


def _check_header(header: list[str], names: list[str], file: str, faults: list[Fault]) -> bool:
    missing = [name for name in names if name not in header]
    unknown = [name for name in header if name not in names]
    twice = sorted({name for name in header if header.count(name) > 1})
    faults.extend(
        Fault(file, 1, name, "column.missing", f"No column “{name}”.", "Add it, empty if need be.") for name in missing
    )
    remedy = f"Remove it or name it as one of: {', '.join(names)}."
    faults.extend(Fault(file, 1, name, "column.unknown", f"Unknown column “{name}”.", remedy) for name in unknown)
    faults.extend(Fault(file, 1, name, "column.twice", f"Two columns “{name}”.", "Remove one.") for name in twice)
    return not (missing or twice)


def _check_cells(row: CodebookRow, table: SchemaTable) -> Iterator[Fault]:
    for column in table.columns:
        cell = row[column.name]
        if not cell:
            if column.required:
                yield row.make_fault(column.name, "cell.empty", "The cell is empty.", "Fill it in.")
            continue
        if cell != cell.strip():
            yield row.make_fault(column.name, "cell.blanks", f"“{cell}” has blanks at an end.", "Remove the blanks.")
            continue
        for value in row.read_list(column.name) if column.many else (cell,):
            if problem := _find_problem(value, column):
                yield row.make_fault(column.name, *problem)


def _find_problem(value: str, column: SchemaColumn) -> tuple[str, str, str] | None:
    if column.words and value not in column.words:
        return "cell.word", f"“{value}” is not known here.", f"Use one of: {', '.join(column.words)}."
    if column.pattern and not re.fullmatch(column.pattern, value):
        return "cell.form", f"“{value}” has not the form {column.pattern}.", "Correct it."
    if column.kind == "yes_no" and value not in ("yes", "no"):
        return "cell.yes_no", f"“{value}” is neither yes nor no.", "Write yes or no."
    if column.kind == "integer" and not re.fullmatch(r"-?[0-9]{1,12}", value):
        return "cell.number", f"“{value}” is not a whole number.", "Write digits only."
    if column.kind == "number" and not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", value):
        return "cell.number", f"“{value}” is not a number.", "Write digits with a full stop as decimal mark."
    if column.kind == "pairs" and not re.fullmatch(r"[^=]+=.+", value):
        return "cell.pair", f"“{value}” is not name=value.", "Write name=value, several separated by “; ”."
    return None
