"""What the answers of ``services.base`` hold: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict


class Choice(TypedDict):
    """One option of a select box, a tab or a filter."""

    id: str
    label: str
    note: str
    chosen: bool


class Sparkline(TypedDict):
    """A small line without axes; ``path`` is "" where there are too few figures for one."""

    path: str  # of an SVG 120 × 28
    x: float  # of the last point
    y: float
    first: str  # year
    last: str
