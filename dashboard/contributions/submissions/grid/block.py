"""A block of cells as spreadsheets put it on the clipboard: tabs between cells, a line a row, quotes where needed."""

import re
import unicodedata

from dashboard.contributions.submissions.model import SubmissionError

MOST_CELLS = 2_000
"""Cells of one block. Ours: more than a table of the page has."""

_CELL = re.compile(r'"((?:[^"]|"")*+)"(?=[\t\r\n]|\Z)|([^\t\r\n]*+)')
"""A cell in quotes, in which others are doubled and tabs and line breaks may stand, or one without. A quotation mark
that does not end where a cell ends belongs to its words: 5" pipe."""

_END = re.compile(r"\t|\r\n|\r|\n|\Z")
_BREAKS = re.compile(r"[\t\r\n\v\f]+")
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class GridRefused(SubmissionError):
    """What was written or pasted is not taken, nothing of it; ``code`` names the reason, ``values`` fill its words."""

    def __init__(self, code: str, message: str, **values: str) -> None:
        super().__init__(message)
        self.code, self.values = code, values


def is_block(text: str, *, words: bool) -> bool:
    """Whether a text in a cell is a block of several; in a cell of ``words`` a line break is one of its words."""
    return "\t" in text or (not words and re.search(r"[\r\n]", text.strip("\r\n")) is not None)


def read_block(text: str) -> list[list[str]]:
    """Return the rows of a block, each with its cells; empty lines at its end are none.

    Raises:
        GridRefused: ``block_cells``: it has too many.
    """
    rows: list[list[str]] = [[]]
    at = cells = 0
    while True:
        found = _CELL.match(text, at)
        assert found is not None  # it may be empty
        whole = found[1].replace('""', '"') if found[1] is not None else found[2]
        rows[-1].append(clean(whole))
        cells += 1
        if cells > MOST_CELLS:
            raise GridRefused(
                "block_cells", f"The pasted block has more than {MOST_CELLS:,} cells. Send it as a file.",
                most=str(MOST_CELLS),
            )  # fmt: skip
        end = _END.match(text, found.end())
        assert end is not None  # nothing else ends a cell
        at = end.end()
        if not end[0]:
            break
        if end[0] != "\t":
            rows.append([])
    while len(rows) > 1 and not any(rows[-1]):
        rows.pop()
    return rows


def clean(text: str) -> str:
    """Return what a cell holds: on one line, without marks of direction and signs that nobody sees."""
    kept = (sign for sign in _BREAKS.sub(" ", text) if unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn"))
    return _MARKS.sub("", "".join(kept)).strip()
