"""Workbooks of Excel before 2007 (XLS, BIFF8) as sheets of cells.

The records of the file ([MS-XLS], in a compound file, [MS-CFB]) are walked here, which tells of passwords, macros,
other files, formulas without a value, hidden rows and numbers shown as per cent; the words of cells are the reader's.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import fastexcel
import polars as pl

from dashboard.contributions.submissions.model import UploadRefused
from dashboard.contributions.submissions.reading.books.markup import is_percent
from dashboard.contributions.submissions.reading.sheet import UploadSheet, index_of, letters
from data_sources.workbook import WorkbookLimits

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_SECTORS = 200_000  # of a compound file that is read: 100 MB
_BOF, _EOF, _SHEET, _FILEPASS, _SUPBOOK, _FORMAT, _XF = 0x809, 0x0A, 0x85, 0x2F, 0x1AE, 0x41E, 0xE0
_ROW, _COLUMN, _MERGED, _FORMULA, _NUMBER, _RK, _MULRK, _BOOL = 0x208, 0x7D, 0xE5, 0x06, 0x203, 0x27E, 0xBD, 0x205
_TEXTS = (0xFD, 0x204, 0xD6)  # LABELSST, LABEL, RSTRING
_BIFF8, _WORKSHEET, _CHART = 0x600, 0, 2
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_BUILT_IN_PERCENT = (9, 10)


@dataclass
class _Facts:
    """What the records of a sheet say besides the words of its cells; rows from 0."""

    hidden: bool
    height: int = 0
    width: int = 0
    first: int = 1 << 16
    numbers: dict[tuple[int, int], tuple[float, int]] = field(default_factory=dict)  # (row, column) → value, format
    errors: dict[str, str] = field(default_factory=dict)
    without_value: list[str] = field(default_factory=list)
    yes_or_no: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)

    def reach(self, row: int, column: int, limits: WorkbookLimits) -> None:
        """Take a cell in.

        Raises:
            UploadRefused: ``too_many_cells``.
        """
        self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)
        self.first = min(self.first, column)
        if self.height * self.width > limits.cells:
            raise UploadRefused(
                "too_many_cells", "A sheet reaches over more cells than are read: keep the table alone."
            )


def is_xls(path: Path) -> bool:
    """Return True if a file is a workbook of before 2007, or a newer one with a password, by its first bytes."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def read_xls(path: Path, limits: WorkbookLimits) -> list[UploadSheet]:
    """Return every worksheet of a workbook, hidden ones too.

    Raises:
        UploadRefused: it is protected, holds macros, refers to other files, or cannot be read.
    """
    try:
        body = path.read_bytes()
        if "EncryptedPackage".encode("utf-16-le") in body:  # a newer workbook with a password
            raise UploadRefused("encrypted_workbook", "The file is protected by a password: remove it, save it again.")
        streams = _streams(body)
        stream = streams.get("Workbook")
        if any(name in streams for name in ("_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA", "Macros")):
            raise UploadRefused("macros", "The file holds macros, which are never read: save it as XLSX, without them.")
        if stream is None:
            raise UploadRefused("not_a_workbook", "The file is no workbook that is read. Save it as XLSX.")
        sheets, percents = _sheets(_stream(body, *stream), limits)
        book = fastexcel.read_excel(str(path))
        return [_sheet(book, name, facts, percents) for name, facts in sheets.items() if facts.height]
    except (UploadRefused, MemoryError):
        raise
    except BaseException as error:  # the reader panics at cells that are cut off, which is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise UploadRefused("not_a_workbook", "The file is a damaged workbook: save it again as XLSX.") from error


def _sheet(book: fastexcel.ExcelReader, name: str, facts: _Facts, percents: frozenset[int]) -> UploadSheet:
    """Return one sheet: words from the reader, numbers from the records.

    Raises:
        ValueError: the reader sees another table than the records have.
    """
    loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    if loaded.width != facts.width - facts.first or loaded.height != facts.height:
        raise ValueError(name)
    texts = loaded.rename({column: f"c{at}" for at, column in enumerate(loaded.columns)}).fill_null("")
    numbers: dict[str, list[float | None]] = {column: [None] * facts.height for column in texts.columns}
    words: dict[str, dict[int, str]] = {column: {} for column in texts.columns}
    shown: dict[int, set[int]] = {}
    for (row, column), (number, format_) in facts.numbers.items():
        numbers[f"c{column - facts.first}"][row] = number
        words[f"c{column - facts.first}"][row] = f"{number:.0f}" if number.is_integer() else repr(number)
        if format_ in percents:
            shown.setdefault(column, set()).add(row + 1)
    for (row, column), text in facts.yes_or_no.items():
        words[f"c{column - facts.first}"][row] = text
    for cell, text in (facts.errors | dict.fromkeys(facts.without_value, "")).items():
        column_, row_ = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()  # type: ignore[union-attr]
        words[f"c{index_of(column_) - facts.first}"][int(row_) - 1] = text
    texts = texts.with_columns(
        texts[column].scatter(list(rows), list(rows.values())) for column, rows in words.items() if rows
    )
    return UploadSheet(
        name=name,
        texts=texts,
        stored=pl.DataFrame(numbers, schema=dict.fromkeys(numbers, pl.Float64)),
        first_column=facts.first,
        hidden=facts.hidden,
        hidden_rows=facts.hidden_rows,
        hidden_columns=facts.hidden_columns,
        merged=facts.merged,
        without_value=facts.without_value,
        errors=facts.errors,
        percent_cells={column: frozenset(rows) for column, rows in shown.items()},
    )


def _streams(body: bytes) -> dict[str, tuple[int, int]]:
    """Return name → first sector and size, of everything in a compound file."""
    (first,) = struct.unpack_from("<I", body, 48)
    directory = _chain(body, first)
    streams = {}
    for at in range(0, len(directory) - 127, 128):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        name = directory[at : at + max(0, min(64, length) - 2)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<II", directory, at + 116)
        if kind:
            streams[name] = (start, size)
    return streams


def _stream(body: bytes, first: int, size: int) -> bytes:
    """Return the bytes of a stream; the smallest lie in the stream of the root.

    Raises:
        ValueError: its sectors make no chain.
    """
    (cutoff,) = struct.unpack_from("<I", body, 56)
    if size >= cutoff:
        return _chain(body, first)[:size]
    root = _chain(body, _streams(body)["Root Entry"][0])
    table = _chain(body, struct.unpack_from("<I", body, 60)[0])
    pieces: list[bytes] = []
    sector = first
    while sector < _END and len(pieces) <= size // 64 + 1:
        pieces.append(root[sector * 64 : sector * 64 + 64])
        (sector,) = struct.unpack_from("<I", table, 4 * sector)
    return b"".join(pieces)[:size]


def _chain(body: bytes, first: int) -> bytes:
    """Return the sectors of a chain, one behind the other.

    Raises:
        ValueError: it does not end.
    """
    size = 1 << struct.unpack_from("<H", body, 30)[0]
    if size not in (512, 4096):
        raise ValueError("sectors")
    table = _allocation(body, size)
    pieces: list[bytes] = []
    sector = first
    while sector < _END:
        if len(pieces) >= min(_SECTORS, len(table)):
            raise ValueError("a chain without end")
        pieces.append(body[(sector + 1) * size : (sector + 2) * size])
        sector = table[sector]
    return b"".join(pieces)


def _allocation(body: bytes, size: int) -> tuple[int, ...]:
    """Return the table that says which sector follows which."""
    sectors = list(struct.unpack_from("<109I", body, 76))
    more, count = struct.unpack_from("<II", body, 68)
    for _ in range(min(count, _SECTORS // 128)):
        if more >= _END:
            break
        entries = struct.unpack_from(f"<{size // 4}I", body, (more + 1) * size)
        sectors += entries[:-1]
        more = entries[-1]
    pieces = [body[(sector + 1) * size : (sector + 2) * size] for sector in sectors if sector < _END]
    table = b"".join(pieces)
    return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of records from a place on to the end of their part."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
        depth += (kind == _BOF) - (kind == _EOF)
        if not depth:
            return
    raise ValueError("the part has no end")


def _sheets(stream: bytes, limits: WorkbookLimits) -> tuple[dict[str, _Facts], frozenset[int]]:
    """Return name → what is known of each worksheet, and the indices of formats that show a number as per cent."""
    formats = dict.fromkeys(_BUILT_IN_PERCENT, True)
    cell_formats: list[int] = []
    places: dict[str, tuple[int, bool]] = {}
    for at, (kind, content) in enumerate(_records(stream, 0)):
        if at == 0 and (kind != _BOF or struct.unpack_from("<H", content)[0] != _BIFF8):
            raise UploadRefused("not_a_workbook", "The file is of an Excel before 1997: save it as XLSX.")
        if kind == _FILEPASS:
            raise UploadRefused("encrypted_workbook", "The file is protected by a password: remove it, save it again.")
        if kind == _SUPBOOK and content[2:4] not in (b"\x01\x04", b"\x01\x3a"):  # itself, and functions of add-ins
            raise UploadRefused(
                "external_links", "The file refers to other files: put the values in place of the links, save it again."
            )
        if kind == _FORMAT:
            (number,) = struct.unpack_from("<H", content)
            formats[number] = is_percent(_words(content[2:], wide=True))
        elif kind == _XF:
            cell_formats.append(struct.unpack_from("<H", content, 2)[0])
        elif kind == _SHEET:
            place, visible, sort = struct.unpack_from("<IBB", content)
            if sort not in (_WORKSHEET, _CHART):
                raise UploadRefused("macros", "The file holds macros, which are never read: save it as XLSX.")
            if sort == _WORKSHEET:
                places[_words(content[6:], wide=False)] = (place, bool(visible & 3))
    percents = frozenset(at for at, number in enumerate(cell_formats) if formats.get(number))
    return {name: _facts(stream, place, hidden, limits) for name, (place, hidden) in places.items()}, percents


def _words(content: bytes, *, wide: bool) -> str:
    """Return a text with its length before it, in two bytes or in one."""
    length = struct.unpack_from("<H" if wide else "<B", content)[0]
    at = 2 if wide else 1
    if content[at] & 1:
        return content[at + 1 : at + 1 + 2 * length].decode("utf-16-le")
    return content[at + 1 : at + 1 + length].decode("latin-1")


def _facts(stream: bytes, at: int, hidden: bool, limits: WorkbookLimits) -> _Facts:
    facts = _Facts(hidden)
    depth = 0
    for kind, content in _records(stream, at):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth > 1:  # a chart inside the sheet
            continue
        if kind == _ROW:
            row, flags = struct.unpack_from("<H10xH", content)
            if flags & 0x20:
                facts.hidden_rows.append(row + 1)
        elif kind == _COLUMN:
            first, last, _, _, flags = struct.unpack_from("<5H", content)
            if flags & 1:
                facts.hidden_columns += range(first, min(last + 1, 200))
        elif kind == _MERGED:
            (count,) = struct.unpack_from("<H", content)
            for span in range(count):
                top, bottom, left, right = struct.unpack_from("<4H", content, 2 + 8 * span)
                facts.merged.append(f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}")
        elif kind in (_FORMULA, _NUMBER, _RK, _BOOL, *_TEXTS):
            row, column, format_ = struct.unpack_from("<3H", content)
            facts.reach(row, column, limits)
            _take(facts, kind, content, row, column, format_)
        elif kind == _MULRK:
            row, column = struct.unpack_from("<2H", content)
            for nth in range((len(content) - 6) // 6):
                format_, packed = struct.unpack_from("<HI", content, 4 + 6 * nth)
                facts.reach(row, column + nth, limits)
                facts.numbers[row, column + nth] = (_unpacked(packed), format_)
    return facts


def _take(facts: _Facts, kind: int, content: bytes, row: int, column: int, format_: int) -> None:
    """What a cell holds besides words."""
    cell = f"{letters(column)}{row + 1}"
    if kind == _NUMBER:
        facts.numbers[row, column] = (struct.unpack_from("<d", content, 6)[0], format_)
    elif kind == _RK:
        facts.numbers[row, column] = (_unpacked(struct.unpack_from("<I", content, 6)[0]), format_)
    elif kind == _BOOL:
        value, is_error = content[6], content[7]
        _odd(facts, cell, row, column, value, is_error=bool(is_error))
    elif kind == _FORMULA:
        (flags,) = struct.unpack_from("<H", content, 14)
        sort = content[6] if content[12:14] == b"\xff\xff" else None
        if sort == 3 or flags & 2:  # empty, or to be calculated when it is opened: nobody has
            facts.without_value.append(cell)
        elif sort is None:
            facts.numbers[row, column] = (struct.unpack_from("<d", content, 6)[0], format_)
        elif sort in (1, 2):
            _odd(facts, cell, row, column, content[8], is_error=sort == 2)


def _odd(facts: _Facts, cell: str, row: int, column: int, value: int, *, is_error: bool) -> None:
    if is_error:
        facts.errors[cell] = _ERRORS.get(value, "#VALUE!")
    else:
        facts.yes_or_no[row, column] = "true" if value else "false"


def _unpacked(packed: int) -> float:
    """A number of four bytes: a whole one, or the upper half of one of eight, either a hundredth where so marked."""
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        (number,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return number / 100 if packed & 1 else number
