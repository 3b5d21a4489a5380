"""One sheet of cells as received, whatever file it came in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from dashboard.submissions.model import Finding


@dataclass(frozen=True)
class Sheet:
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
        """The letters of a column of ``texts``: 0 → ``A`` (shifted by ``first_column``)."""
        return letters(index + self.first_column)

    def moved(self, head: int) -> Iterator[Finding]:
        """Rows of a text file with more cells than its head, which is in row ``head``: what they hold has moved.

        Nobody can tell 12,5 in one cell from 12 and 5 in two, and an empty cell at the end says nothing of it: where no
        note is written ``12,5`` and a comma is all that is left of a row. Commas at the end of every row prove no more,
        since a whole column may be written so. Only where commas part no cells can no number have been cut.
        """
        if not self.widths or (width := self.widths[head - 1]) >= self.texts.width:
            return
        wider = [row for row, cells in enumerate(self.widths[head:], start=head + 1) if cells > width]
        rows = self.texts.with_row_index("row", offset=1).filter(pl.col("row").is_in(wider))
        for row, *cells in rows.iter_rows():
            said = [cell.strip() for cell in cells[: self.widths[row - 1]]]
            beyond = " ".join(filter(None, said[width:]))
            if beyond or (self.separator == "," and any(said)):
                read = beyond or ",".join(said)  # of cells that are empty the whole row is shown
                yield Finding("cells_moved", "error", self.name, row, self.letter(width), read[:200])


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
