"""A workbook (XLSX, ISO/IEC 29500): sheets of typed cells in, the bytes of one file out.

Nothing here knows indicators or sources: whoever exports says which sheets there are. Numbers are cells of numbers with
all digits they have, shown with the decimals asked for; texts are texts, whatever they begin with, so that no
spreadsheet takes one for a formula or a link. The same sheets give the same bytes.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from dashboard.locales import DESK_LANGUAGES

Kind = Literal["text", "wrapped", "long", "number", "whole"]
"""How a column is set: text on one line, text that is wrapped where it is longer than a column is wide, long text in a
wide column, numbers with decimals, numbers without separators (years)."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""First characters of a text that a spreadsheet may run, once the cell is edited (OWASP, CSV injection)."""

MOST_LETTERS = 32_767
"""Letters a cell holds; a longer text is cut, ending in an ellipsis."""

WRAPPED: tuple[Kind, ...] = ("wrapped", "long")
WIDEST, LONG = 40, 90
A4 = 9  # what spreadsheets call the paper
_LOOKED_AT = 200  # rows from which the width of a column is taken


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: what stands in its first row, how its cells are set, and the decimals its numbers are shown with."""

    label: str
    kind: Kind = "text"
    decimals: int | None = None  # None: as many as a number has


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet: its name, columns, and rows of as many cells; None is an empty cell."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[Any]]


class _Exact(float):
    """A number that is written with all its digits; the library alone would write sixteen."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


def write_workbook(
    sheets: Iterable[WorkbookSheet], lang: str, title: str, created: datetime, *, author: str = "", says: str = ""
) -> bytes:
    """The file.

    Args:
        sheets: in their order; the first is shown when the file is opened.
        lang: sheets of a language written from right to left run from right to left.
        title: what the properties of the file call it.
        created: the moment the figures are of, not the moment of writing: equal sheets are equal bytes.
        author: who made it, in the properties of the file.
        says: what it holds, there too.

    Raises:
        ValueError: a row has another number of cells than there are columns.
    """
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    moment = created.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": title[:250], "author": author[:250], "comments": says[:250], "created": moment})
    looks = _Looks(book, rtl=DESK_LANGUAGES[lang].dir == "rtl")
    for sheet in sheets:
        _write(book.add_worksheet(shorten_sheet_name(sheet.name)), sheet, looks)
    book.close()
    return held.getvalue()


def shorten_sheet_name(name: str) -> str:
    """A name a sheet may have: at most 31 letters, none of those that spreadsheets forbid."""
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in name).strip("' ")[:31]


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any, *, rtl: bool) -> None:
        self._book, self.rtl = book, rtl
        self._base = {"valign": "top", "reading_order": 2 if rtl else 1}
        self._made: dict[tuple[Any, ...], Any] = {}

    def of(self, **wish: Any) -> Any:
        key = tuple(sorted(wish.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**self._base, **wish})
        return self._made[key]

    def number(self, column: SheetColumn) -> Any:
        if column.kind == "whole":
            return self.of(num_format="0")
        if column.decimals is None:
            return self.of(num_format="General")
        return self.of(num_format="#,##0" + ("." + "0" * column.decimals if column.decimals else ""))


def _write(page: Any, sheet: WorkbookSheet, looks: _Looks) -> None:
    if looks.rtl:
        page.right_to_left()
    page.freeze_panes(1, 0)
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)  # on paper: as wide as the page, the header on each
    page.repeat_rows(0)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, _width(sheet, place))
        wrapped = {"text_wrap": True} if column.kind in WRAPPED else {}
        page.write_string(0, place, column.label, looks.of(bold=True, bottom=1, **wrapped))
    for line, row in enumerate(sheet.rows, start=1):
        if len(row) != len(sheet.columns):
            raise ValueError(f"{sheet.name}, row {line}: {len(row)} cells for {len(sheet.columns)} columns")
        for place, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            _cell(page, line, place, value, column, looks)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _cell(page: Any, line: int, place: int, value: Any, column: SheetColumn, looks: _Looks) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(line, place, value, looks.of())
    elif isinstance(value, int):
        page.write_number(line, place, value, looks.number(column))
    elif isinstance(value, float):
        page.write_number(line, place, _Exact(value), looks.number(column))
    else:
        text = _text(value)
        wish = {"text_wrap": True} if column.kind in WRAPPED else {}
        if text.startswith(DANGEROUS):
            wish["quote_prefix"] = True
        page.write_string(line, place, text, looks.of(**wish))


def _text(value: Any) -> str:
    """A text as cells hold it; a moment is in UTC and ISO 8601."""
    text = value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else str(value)
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"


def _width(sheet: WorkbookSheet, place: int) -> int:
    column = sheet.columns[place]
    if column.kind == "long":
        return LONG
    longest = max((len(_text(row[place])) for row in sheet.rows[:_LOOKED_AT] if row[place] is not None), default=0)
    return min(max(longest, len(column.label)) + 2, WIDEST)
