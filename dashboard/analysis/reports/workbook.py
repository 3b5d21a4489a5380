"""A workbook (XLSX, ISO/IEC 29500) from sheets of typed cells; the same sheets give the same bytes.

Numbers keep all their digits; texts are never formulas or links, whatever they begin with.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from dashboard.locales import DESK_LANGUAGES

Kind = Literal["text", "wrapped", "long", "number", "whole"]
"""Text on one line, wrapped text, long text in a wide column, numbers with decimals, numbers without separators."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""First characters of a text that a spreadsheet may run, once the cell is edited (OWASP, CSV injection)."""

MAX_CELL_LETTERS = 32_767  # most letters of a cell; a longer text is cut, ending in an ellipsis

WRAPPED: tuple[Kind, ...] = ("wrapped", "long")
MAX_WIDTH, LONG_WIDTH = 40, 90
A4 = 9  # what spreadsheets call the paper
_MEASURED_ROWS = 200  # rows from which the width of a column is taken


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column with its heading, kind of cells, and decimals of its numbers."""

    label: str
    kind: Kind = "text"
    decimals: int | None = None  # None: as many as a number has


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """A sheet: name, columns, and rows of as many cells; None is an empty cell."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[Any]]


class _ExactFloat(float):
    """A number that is written with all its digits; the library alone writes sixteen."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


def write_workbook(
    sheets: Iterable[WorkbookSheet],
    lang: str,
    title: str,
    created: datetime,
    *,
    author: str = "",
    description: str = "",
) -> bytes:
    """Write a workbook.

    Args:
        sheets: in their order; the first is shown when the file is opened.
        lang: sheets of a language written from right to left run from right to left.
        created: the moment of the figures, not of writing: equal sheets are equal bytes.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    moment = created.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.set_properties(
        {"title": title[:250], "author": author[:250], "comments": description[:250], "created": moment}
    )
    formats = _Formats(book, rtl=DESK_LANGUAGES[lang].dir == "rtl")
    for sheet in sheets:
        _write_sheet(book.add_worksheet(shorten_sheet_name(sheet.name)), sheet, formats)
    book.close()
    return buffer.getvalue()


def shorten_sheet_name(name: str) -> str:
    """Return a permitted sheet name: at most 31 letters, without those that spreadsheets forbid."""
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in name).strip("' ")[:31]


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any, *, rtl: bool) -> None:
        self._book, self.rtl = book, rtl
        self._base = {"valign": "top", "reading_order": 2 if rtl else 1}
        self._made: dict[tuple[Any, ...], Any] = {}

    def get(self, **wish: Any) -> Any:
        key = tuple(sorted(wish.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**self._base, **wish})
        return self._made[key]

    def get_number(self, column: SheetColumn) -> Any:
        if column.kind == "whole":
            return self.get(num_format="0")
        if column.decimals is None:
            return self.get(num_format="General")
        return self.get(num_format="#,##0" + ("." + "0" * column.decimals if column.decimals else ""))


def _write_sheet(page: Any, sheet: WorkbookSheet, formats: _Formats) -> None:
    if formats.rtl:
        page.right_to_left()
    page.freeze_panes(1, 0)
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)  # on paper: as wide as the page, the header on each
    page.repeat_rows(0)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, _measure_width(sheet, place))
        wrapped = {"text_wrap": True} if column.kind in WRAPPED else {}
        page.write_string(0, place, column.label, formats.get(bold=True, bottom=1, **wrapped))
    for line, row in enumerate(sheet.rows, start=1):
        if len(row) != len(sheet.columns):
            raise ValueError(f"{sheet.name}, row {line}: {len(row)} cells for {len(sheet.columns)} columns")
        for place, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            _write_cell(page, line, place, value, column, formats)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _write_cell(page: Any, line: int, place: int, value: Any, column: SheetColumn, formats: _Formats) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(line, place, value, formats.get())
    elif isinstance(value, int):
        page.write_number(line, place, value, formats.get_number(column))
    elif isinstance(value, float):
        page.write_number(line, place, _ExactFloat(value), formats.get_number(column))
    else:
        text = _format_text(value)
        wish = {"text_wrap": True} if column.kind in WRAPPED else {}
        if text.startswith(DANGEROUS):
            wish["quote_prefix"] = True
        page.write_string(line, place, text, formats.get(**wish))


def _format_text(value: Any) -> str:
    """Return a text as a cell holds it; a moment is in UTC and ISO 8601."""
    text = value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else str(value)
    return text if len(text) <= MAX_CELL_LETTERS else text[: MAX_CELL_LETTERS - 1] + "…"


def _measure_width(sheet: WorkbookSheet, place: int) -> int:
    column = sheet.columns[place]
    if column.kind == "long":
        return LONG_WIDTH
    longest = max(
        (len(_format_text(row[place])) for row in sheet.rows[:_MEASURED_ROWS] if row[place] is not None), default=0
    )
    return min(max(longest, len(column.label)) + 2, MAX_WIDTH)
