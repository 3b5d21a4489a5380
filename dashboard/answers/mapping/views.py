"""The answer of the Mapping page, in plain values with finished addresses."""

from typing import TypedDict

from dashboard.answers.wording.views import EvidenceBar


class Way(TypedDict):
    """A control: a link to the same page with one thing changed."""

    id: str
    label: str
    to: str
    chosen: bool


class PinnedLink(TypedDict):
    """A link of the pinned path, or an indicator without one."""

    metric: str
    name: str
    strength: str
    strength_text: str
    target: str
    goal: int  # of the target; 0 for none
    target_title: str
    right: str  # in words
    reason: str
    held: str  # figures there are, in words
    tone: str
    status: str
    observation: str
    old: bool


class Pinned(TypedDict):
    """The path that the reader holds on to."""

    title: str  # "" where none is pinned
    count: str
    links: list[PinnedLink]
    close: str
    table: str  # address of the table


class Bar(TypedDict):
    """The evidence of a principle."""

    id: str
    name: str
    to: str
    bar: EvidenceBar


class TargetCell(TypedDict):
    """Links of a theme to a target: a dot of the matrix."""

    to: str  # "" where there are none
    text: str
    size: int  # 1 … 4; 0 for none
    shade: str
    ring: bool  # none of them has figures
    chosen: bool


class TargetRow(TypedDict):
    target: str
    goal: int
    title: str
    to: str
    cells: list[TargetCell]


class PathRow(TypedDict):
    """A path of the table: theme, target, last node."""

    id: str
    theme: str
    target: str
    goal: int
    right: str
    to: str
    label: str
    direct: int
    proxy: int
    enabling: int
    figures: str
    chosen: bool


class MappingView(TypedDict):
    """All that the page shows besides the picture itself."""

    chart: str
    view: str
    country: str  # its name; "" for all countries
    sides: list[Way]
    strengths: list[Way]
    figures: list[Way]
    views: list[Way]
    countries: list[Way]
    pinned: Pinned
    bars: list[Bar]
    bars_note: str
    missing: list[Way]
    framework: str  # the edition of the SDG framework
    changes: list[str]  # of its last review, a line each
    matrix: list[TargetRow]
    ends: list[Way]  # nodes of the last column with their links, as the matrix has no room for it
    paths: list[PathRow]  # only where the table is looked at
    ignored: list[str]
