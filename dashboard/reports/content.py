"""What a report says, once for every file of it: document (PDF), workbook (XLSX) and slides (PPTX) are its forms.

All words are in the report's language already. A value in a cell is what the page shows; beside it stands the number
that spreadsheets compute with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dashboard.reports.workbook import Kind

Number = int | float


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``share`` is its part of the width of the page; 0 leaves it to the workbook alone."""

    label: str
    share: float = 1.0
    kind: Kind = "text"
    sheet: bool = True  # False: the document alone shows it


@dataclass(frozen=True, slots=True)
class Cell:
    """Text as the page shows it, and under it what must stay with it; ``value`` is the number behind the text."""

    text: str
    note: str = ""
    value: Number | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that belong together under a heading; one heading is not printed where it is empty."""

    label: str
    note: str
    rows: Sequence[Sequence[Cell | None]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: in the document one table for each part, in the workbook one sheet called ``name``."""

    name: str
    caption: str
    part_label: str  # heading of the column that names the part, in the workbook; "" where there is one part
    columns: Sequence[Column]
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph: ``lead`` says the gist, ``note`` how to read what stands around it."""

    text: str
    role: Literal["lead", "body", "note"] = "body"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what is to be said of each."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as a drawing of vectors (SVG), with the words around it; ``sentence`` also is its alternative text."""

    title: str
    subtitle: str
    svg: str
    sentence: str
    source: str
    wide: bool = False  # over the whole width; otherwise two stand side by side
    png: bytes = b""  # the same as pixels, for slides


@dataclass(frozen=True, slots=True)
class Pictures:
    """Charts beside and below one another."""

    pictures: Sequence[Picture]


Block = Words | Facts | Grid | Pictures


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; ``wide`` sections are printed on pages turned sideways."""

    title: str
    blocks: Sequence[Block]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. Equal reports give equal bytes: ``moment`` is the dataset's, never the clock's."""

    kind: str  # what it is called: "Country brief"
    title: str
    named: str  # kind and title, as lists of files show it: "Country brief: Azerbaijan"
    subtitle: str
    lang: str
    author: str
    description: str
    keywords: Sequence[str]
    moment: datetime
    foot: Sequence[str]  # lines at the foot of every page
    page_of: str  # "Page {page} of {pages}"
    about: Sequence[tuple[str, str]]  # version, day, filters, addresses, citation: the last section, the first sheet
    about_title: str
    sections: Sequence[Section]
    second: int = 0  # of two pages alone: where in ``sections`` the second begins; 0: as many pages as it needs
    more: str = ""  # "{count} more online": of a table that two pages have no room for
