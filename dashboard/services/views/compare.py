"""Countries side by side."""

from typing import TypedDict

from dashboard.services.views.indicator import TableView
from dashboard.services.views.shared import ChangeKind, Choice, Figure, Stand


class CompareLine(TypedDict):
    iso3: str
    name: str
    points: int
    first_year: int | None
    last_year: int | None
    latest: Figure
    change: ChangeKind
    change_text: str


class Chip(TypedDict):
    """A way in which the countries' figures differ, or a caution for all of them."""

    id: str
    label: str
    text: str


class CompareView(TypedDict):
    stand: Stand
    indicator: str
    name: str
    unit: str
    line: bool
    countries: list[Choice]
    lines: list[CompareLine]
    chips: list[Chip]
    table: TableView
    too_many: str  # words when more than six were asked for
    empty: bool
    why_empty: str
