"""OpenDocument spreadsheets (ODS) as sheets of cells, read from their XML in pieces (OpenDocument 1.3, part 3)."""

import math
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import polars as pl

from dashboard.contributions.submissions.model import MAX_ROWS, UploadRefused
from dashboard.contributions.submissions.reading.sheet import UploadSheet, letters
from data_sources.workbook import WorkbookLimits

_PIECE = 1 << 16
_RATIO_FROM = 16 * 2**20  # bytes unpacked below which no ratio is suspicious
_OUTSIDE = re.compile(r"'(?:file|https?|ftp|smb)?:?//|\[?'?file:", re.IGNORECASE)
_LINKED = ("table:table-source", "table:cell-range-source", "table:database-source-sql", "table:database-source-table",
           "table:database-source-query", "office:dde-source", "table:dde-link")  # fmt: skip
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip
_HIDDEN = ("collapse", "filter")
_MOST_COLUMNS = 16_384


def is_open_document(path: Path) -> bool:
    """Return True if a file is an OpenDocument spreadsheet, by what it says first."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "content.xml" in archive.namelist() and "xl/workbook.xml" not in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):  # a version that nobody knows
        return False


def read_ods(path: Path, limits: WorkbookLimits) -> list[UploadSheet]:
    """Return every sheet of a workbook, hidden ones too.

    Raises:
        UploadRefused: it is encrypted, holds macros, refers to other files, costs too much, or cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _admit(archive, path.stat().st_size, limits)
            content = _Content(limits)
            for piece in _pieces(archive, "content.xml", limits.unpacked):
                content.parse(piece, last=not piece)
    except _DAMAGE as error:
        raise UploadRefused("not_a_workbook", "The file is a damaged workbook: save it again as XLSX.") from error
    return [one.finished(name in content.hidden) for name, one in content.sheets]


def _admit(archive: zipfile.ZipFile, packed: int, limits: WorkbookLimits) -> None:
    """Refuse by what the archive says of itself, before anything is unpacked."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names) or len(names) > limits.parts:
        raise UploadRefused("not_a_workbook", "The file holds parts twice, or too many: save it again as XLSX.")
    manifest = b"".join(_pieces(archive, "META-INF/manifest.xml", 2**20)) if "META-INF/manifest.xml" in names else b""
    if b"encryption-data" in manifest or "encrypted-package" in names or any(it.flag_bits & 1 for it in entries):
        raise UploadRefused("encrypted_workbook", "The file is protected by a password: remove it and save it again.")
    lists = ("script-lb.xml", "script-lc.xml", "dialog-lb.xml", "dialog-lc.xml")
    if any(it.startswith(("Basic/", "Scripts/")) and not it.endswith(("/", *lists)) for it in names):
        raise UploadRefused("macros", "The file holds macros, which are never read: save it as XLSX, without macros.")
    size = archive.getinfo("content.xml").file_size
    if size > limits.unpacked or size > max(packed * limits.ratio, _RATIO_FROM):
        raise _too_large()


def _pieces(archive: zipfile.ZipFile, part: str, most: int) -> Iterator[bytes]:
    """Yield a part in pieces, and an empty one behind the last; its own account of its size is not trusted."""
    left = most
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise _too_large()
            yield piece
    yield b""


def _too_large() -> UploadRefused:
    return UploadRefused(
        "expands_too_much", "The file unpacks to more than any table needs: save it again, or send the sheet as CSV."
    )


@dataclass
class _Table:
    """A sheet while it is read: its cells by row and column, from 0."""

    name: str
    cells: dict[int, dict[int, tuple[str, float | None]]] = field(default_factory=dict)
    percent: dict[int, set[int]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    without_value: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    row: int = 0
    column: int = 0
    width: int = 0

    def finished(self, hidden: bool) -> UploadSheet:
        height = max(self.cells, default=-1) + 1
        texts = {f"c{at}": [""] * height for at in range(self.width)}
        numbers: dict[str, list[float | None]] = {f"c{at}": [None] * height for at in range(self.width)}
        for row, cells in self.cells.items():
            for at, (text, number) in cells.items():
                texts[f"c{at}"][row], numbers[f"c{at}"][row] = text, number
        return UploadSheet(
            name=self.name,
            texts=pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String)),
            stored=pl.DataFrame(numbers, schema=dict.fromkeys(numbers, pl.Float64)),
            hidden=hidden,
            hidden_rows=self.hidden_rows,
            hidden_columns=self.hidden_columns,
            merged=self.merged,
            without_value=self.without_value,
            errors=self.errors,
            percent_cells={at: frozenset(rows) for at, rows in self.percent.items()},
        )


class _Content:
    """The handlers of ``content.xml``: one sheet after another, repeated cells as often as they stand."""

    def __init__(self, limits: WorkbookLimits) -> None:
        self.sheets: list[tuple[str, _Table]] = []
        self._limits, self._text = limits, 0
        self._hidden_styles: set[str] = set()
        self.hidden: set[str] = set()
        self._style = ""
        self._table: _Table | None = None
        self._depth = 0  # of tables: one inside a cell is none of ours
        self._row: Mapping[str, str] = {}
        self._cells: list[tuple[int, Mapping[str, str], str]] = []
        self._cell: Mapping[str, str] | None = None
        self._said: list[str] = []
        self._inside, self._apart = False, 0  # a paragraph; notes and pictures, whose words are not the cell's
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._words
        self._parser.StartDoctypeDeclHandler = self._doctype

    def parse(self, piece: bytes, *, last: bool) -> None:
        self._parser.Parse(piece, last)

    def _doctype(self, *_: object) -> None:
        raise UploadRefused("doctype", "The file defines entities, which no spreadsheet does: save it again as XLSX.")

    def _start(self, name: str, given: Mapping[str, str]) -> None:
        if name == "style:style":
            self._style = given.get("style:name", "")
        elif name == "style:table-properties" and given.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif name in _LINKED:
            raise _outside()
        elif name == "table:table":
            self._depth += 1
            if self._depth == 1:
                self._table = _Table(given.get("table:name", f"Sheet{len(self.sheets) + 1}"))
                self.sheets.append((self._table.name, self._table))
                if given.get("table:style-name") in self._hidden_styles:
                    self.hidden.add(self._table.name)
        elif self._table is None or self._depth != 1:
            return
        elif name == "table:table-column":
            count = _count(given, "table:number-columns-repeated")
            if given.get("table:visibility") in _HIDDEN:
                self._table.hidden_columns += range(self._table.column, min(self._table.column + count, 200))
            self._table.column += count
        elif name == "table:table-row":
            self._row, self._cells, self._table.column = dict(given), [], 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell, self._said = dict(given), []
        elif name in ("office:annotation", "draw:frame", "draw:custom-shape", "table:detective"):
            self._apart += 1
        elif name == "text:p" and not self._apart:
            self._inside = True
            if self._said:
                self._said.append("\n")
        elif name == "text:s" and self._inside:
            self._said.append(" " * min(_count(given, "text:c"), 1_000))
        elif name in ("text:line-break", "text:tab") and self._inside:
            self._said.append(" ")

    def _words(self, words: str) -> None:
        if self._inside and not self._apart:
            self._said.append(words)

    def _end(self, name: str) -> None:
        if name == "table:table":
            self._depth -= 1
        if self._table is None or self._depth != 1:
            return
        if name in ("office:annotation", "draw:frame", "draw:custom-shape", "table:detective"):
            self._apart -= 1
        elif name == "text:p" and not self._apart:
            self._inside = False
        elif name in ("table:table-cell", "table:covered-table-cell") and self._cell is not None:
            self._cells.append((self._table.column, self._cell, "".join(self._said)))
            self._table.column += _count(self._cell, "table:number-columns-repeated")
            self._cell = None
        elif name == "table:table-row":
            self._end_row(self._table)

    def _end_row(self, table: _Table) -> None:
        count = _count(self._row, "table:number-rows-repeated")
        full = [cell for cell in self._cells if cell[2] or any(name in cell[1] for name in _FILLED)]
        if full:
            if table.row + count > MAX_ROWS:
                raise UploadRefused(
                    "too_many_rows", f"Sheet “{table.name}” has more than {MAX_ROWS:,} rows: send it in parts."
                )
            for row in range(table.row, table.row + count):
                self._keep(table, row, full)
            if self._row.get("table:visibility") in _HIDDEN:
                table.hidden_rows += range(table.row + 1, table.row + count + 1)
        table.row += count

    def _keep(self, table: _Table, row: int, cells: list[tuple[int, Mapping[str, str], str]]) -> None:
        kept = table.cells.setdefault(row, {})
        for first, given, said in cells:
            count = _count(given, "table:number-columns-repeated")
            table.width = max(table.width, first + count)
            self._text += len(said) * count
            if table.width > _MOST_COLUMNS or table.width * (row + 1) > self._limits.cells:
                raise UploadRefused(
                    "too_many_cells",
                    f"Sheet “{table.name}” reaches to {letters(table.width - 1)}{row + 1}, more cells than are read: "
                    "keep the table alone.",
                )
            if self._text > self._limits.text:
                raise _too_large()
            for at in range(first, first + count):
                kept[at] = self._value(table, row, at, given, said)

    def _value(self, table: _Table, row: int, at: int, given: Mapping[str, str], said: str) -> tuple[str, float | None]:
        """Return the text of a cell, and its number where it is stored as one."""
        kind, formula = given.get("office:value-type", ""), given.get("table:formula", "")
        place = f"{letters(at)}{row + 1}"
        across, down = (_count(given, f"table:number-{name}-spanned") for name in ("columns", "rows"))
        if across > 1 or down > 1:
            table.merged.append(f"{place}:{letters(at + across - 1)}{row + down}")
        if _OUTSIDE.search(formula):
            raise _outside()
        if given.get("calcext:value-type") == "error" or (formula and said.startswith(("#", "Err:"))):
            table.errors[place] = said if said.startswith("#") else "#VALUE!"
            return table.errors[place], None
        if kind in ("float", "percentage", "currency"):
            text = given.get("office:value", "")
            try:
                number = float(text)
            except ValueError:
                number = math.nan
            if math.isfinite(number):
                if kind == "percentage":
                    table.percent.setdefault(at, set()).add(row + 1)
                return text, number
            table.without_value.append(place)
            return "", None
        if formula and not kind:
            table.without_value.append(place)
            return "", None
        if kind == "boolean":
            return given.get("office:boolean-value", said), None
        if kind in ("date", "time"):
            return given.get(f"office:{kind}-value", said), None
        return given.get("office:string-value", said), None


_FILLED = ("office:value-type", "table:formula", "office:value")


def _outside() -> UploadRefused:
    return UploadRefused(
        "external_links", "The file refers to other files: put the values in place of the links, save it again."
    )


def _count(given: Mapping[str, str], name: str) -> int:
    """Return how often something is repeated.

    Raises:
        ValueError: by no number.
    """
    text = given.get(name, "1")
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 9):
        raise ValueError(name)
    return max(1, int(text))
