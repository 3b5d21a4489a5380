"""The content of a report, of which document (PDF), workbook (XLSX) and slides (PPTX) are forms.

A cell has the text that the page shows and the number that spreadsheets compute with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dashboard.analysis.reports.workbook import Kind

Number = int | float


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``share`` is its part of the page's width, and 0 shows it in the workbook alone."""

    label: str
    share: float = 1.0
    kind: Kind = "text"
    sheet: bool = True  # False: the document alone shows it


@dataclass(frozen=True, slots=True)
class Cell:
    """Text as the page shows it, a note that must stay with it, and the number behind the text."""

    text: str
    note: str = ""
    value: Number | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under a heading; an empty heading is not printed."""

    label: str
    note: str
    rows: Sequence[Sequence[Cell | None]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: in the document one for each part, in the workbook a sheet called ``name``."""

    name: str
    caption: str
    part_label: str  # heading of the column that names the part, in the workbook; "" where there is one part
    columns: Sequence[Column]
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph: ``lead`` is the gist, ``note`` explains how to read what surrounds it."""

    text: str
    role: Literal["lead", "body", "note"] = "body"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as SVG, with the words around it; ``sentence`` is also its alternative text."""

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
    """A heading with its blocks; ``wide`` sections are printed on landscape pages."""

    title: str
    blocks: Sequence[Block]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A report; equal reports give equal bytes, as ``moment`` is the dataset's, never the clock's."""

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
