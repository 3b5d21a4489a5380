"""One sheet of cells as received, whatever file it came in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from dashboard.contributions.submissions.model import Finding
from dashboard.contributions.submissions.reading.cells import BARE_NUMBER, folded

_DECIMALS = r"^([0-9]{1,2}|0[0-9]+)$"
"""What may be the decimals of a number whose comma has made two cells of it."""


@dataclass(frozen=True)
class UploadSheet:
    """Cells as text, and what of a workbook's sheet is not in its cells.

    ``texts`` has one String column a spreadsheet column, in order from ``first_column`` (0 is A), one row a row from 1.
    ``stored`` holds the numbers of cells that are stored as numbers; None for text files.
    ``widths`` are the cells of each row of a text file as it was written, with its ``separator``; of a workbook none.
    """

    name: str
    texts: pl.DataFrame
    stored: pl.DataFrame | None = None
    first_column: int = 0
    hidden: bool = False
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()  # 0 is A
    merged: Sequence[str] = ()  # "A1:B1"
    without_value: Sequence[str] = ()  # cells whose formula has no stored value
    errors: Mapping[str, str] = field(default_factory=dict)  # cell → error of the spreadsheet, "#DIV/0!"
    percent_cells: Mapping[int, frozenset[int]] = field(default_factory=dict)  # column → rows shown as per cent
    widths: Sequence[int] = ()
    separator: str = ""

    def letter(self, index: int) -> str:
        """Return the letters of a column of ``texts``: 0 → ``A`` (shifted by ``first_column``)."""
        return letters(index + self.first_column)

    def moved(self, head: int) -> Iterator[Finding]:
        """Yield rows of a text file with more cells than its head, which is in row ``head``: what they hold has moved.

        Nobody can tell 12,5 in one cell from 12 and 5 in two, and an empty cell at the end says nothing of it: where no
        note is written ``12,5`` and a comma is all that is left of a row. Commas at the end of every row prove no more,
        since a whole column may be written so. Only where commas part no cells can no number have been cut.
        """
        if not self.widths:
            return
        width = self.widths[head - 1]
        named = 1 + max((at for at, cell in enumerate(self.texts.row(head - 1)) if cell.strip()), default=-1)
        wider = [row for row, cells in enumerate(self.widths[head:], start=head + 1) if cells > min(width, named)]
        rows = self.texts.with_row_index("row", offset=1).filter(pl.col("row").is_in(wider))
        for row, *cells in rows.iter_rows():
            said = [cell.strip() for cell in cells[: self.widths[row - 1]]]
            beyond = " ".join(filter(None, said[width:]))
            nameless = [cell for cell in said[named:width] if BARE_NUMBER.match(folded(cell))]  # under no head
            if beyond or nameless or (self.separator == "," and len(said) > width and any(said)):
                read = beyond or " ".join(nameless) or ",".join(said)  # of empty cells the whole row is shown
                place = self.letter(named if nameless else width)
                yield Finding("cells_moved", "error", self.name, row, place, read[:200])

    def cut(self, head: int, at: int) -> Iterator[Finding]:
        """Yield rows of a file with commas that end in a short number behind a whole one in column ``at``: ``81,4``.

        Empty cells at a row's end are often not written, so such a row may have as many cells as the head and more
        heads than figures. Nobody is asked where the column shows decimals: its whole numbers are whole then.
        """
        if self.separator != "," or at + 1 >= self.texts.width:
            return
        values = self.texts[f"c{at}"][head:].str.strip_chars()
        if values.str.contains(r"[.,]").any():
            return
        behind = [f"c{place}" for place in range(at + 2, self.texts.width)]
        rows = self.texts.with_row_index("row", offset=1).slice(head).filter(
            values.str.contains(r"^[+-]?[0-9]+$"),
            pl.col(f"c{at + 1}").str.strip_chars().str.contains(_DECIMALS),
            *(pl.col(name).str.strip_chars() == "" for name in behind),
        )  # fmt: skip
        for row, whole, decimals in rows.select("row", f"c{at}", f"c{at + 1}").iter_rows():
            read, number = f"{whole.strip()},{decimals.strip()}", f"{whole.strip()}.{decimals.strip()}"
            values_ = {"number": number, "whole": f"{whole.strip()}.0"}
            yield Finding("decimals_cut", "error", self.name, row, self.letter(at + 1), read, values_)


def letters(index: int) -> str:
    """0 → ``A``, 25 → ``Z``, 26 → ``AA``."""
    made = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        made = chr(65 + rest) + made
    return made


def index_of(column: str) -> int:
    """``A`` → 0, ``AA`` → 26."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return number - 1
