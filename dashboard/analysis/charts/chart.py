"""Input and output of charts: options in; a Vega-Lite specification with rows and words out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import polars as pl

from dashboard.analysis.charts.atlas import Atlas

Theme = Literal["light", "dark"]
Spec = dict[str, Any]

MAX_CHOSEN = 6  # most countries one chart can tell apart by colour and mark

SHARED_COLUMNS = (
    "country", "name", "period", "value", "value_text", "lower", "upper", "interval_level", "unit", "status", "nature",
    "source", "edition", "id",
)  # fmt: skip
"""Columns of every chart's rows."""


@dataclass(frozen=True, slots=True)
class ChartOptions:
    """Everything a builder needs besides the rows; all text is in ``lang`` already."""

    lang: str = "en"
    theme: Theme = "light"
    title: str = ""  # the indicator's name
    unit: str = "index"  # unit code of the codebook
    decimals: int = 1  # digits shown, as the indicator declares them
    direction: Literal["higher", "lower", "centre", "none"] = "none"
    centre: float | None = None  # the value to be near to, where direction is "centre"
    names: Mapping[str, str] = field(default_factory=dict)  # ISO3 → name; a code without name shows as itself
    sources: Mapping[str, str] = field(default_factory=dict)  # source id → its name in tooltips
    highlighted: tuple[str, ...] = ()  # the countries the reader chose, in the reader's order
    colours: Mapping[str, int] = field(default_factory=dict)  # ISO3 → place in the palette: ``charts.colours``
    group: tuple[str, ...] = ()  # the countries the chart is about ("n of m"); empty means those in the rows
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # label → members, of medians beside a figure
    limits: tuple[float, float] | None = None  # natural ends of the scale, where it has both
    note: str = ""  # why there are no groups, or no projection
    as_published: str = ""  # why no median and no rank may be made of the figures: their licence
    projection: "Projection | None" = None  # where the line may be in the target year
    target: float | None = None  # what is aimed at in that year; of a trend, what its country set itself
    target_text: str = ""  # that target in words, where its year is another
    group_label: str = ""  # the group in words, with its counting rule
    claims: frozenset[tuple[str, str]] = frozenset()  # source and series of claims without a method: not ranked
    apart: frozenset[str] = frozenset()  # countries whose figure something speaks against: no end of a range
    undated: bool = False  # figures are left out because their year is not published
    year: int | None = None  # reference year of comparisons (± 2); None takes each country's latest figure
    tiles: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # ISO3 → (column, row), row 0 on top
    atlas: Atlas | None = None  # the shapes of a map with boundaries
    breaks: tuple[int, ...] = ()  # a method break lies before these years
    line: bool = True  # False: points per edition or survey, never joined
    interval_level: float | None = None  # level of lower and upper where a row does not say it, in per cent
    classes: tuple[float, ...] = ()  # fixed inner edges of the map's classes; empty takes quintiles
    dimension: str = ""  # of a breakdown: the publisher's name of it
    dimension_name: str = ""  # the same in words
    categories: Mapping[str, str] = field(default_factory=dict)  # code of a group → its name, in the order of the marks
    people: Mapping[str, str] = field(default_factory=dict)  # code of a group → the people in it, inside a sentence
    sort: Literal["gap", "name"] = "gap"  # order of the countries of a breakdown
    years: tuple[int, int] | None = None  # the two dates a slope or dumbbell compares (± 2 each)
    starts: Mapping[str, int] = field(default_factory=dict)  # ISO3 → the year that years are counted from
    start_label: str = ""  # the event of that year in words
    insist: bool = False  # the reader wants figures joined that do not measure the same: dashed, and said
    needs_error: bool = False  # the publisher gives errors in some editions: without them there is no verdict
    across: "Across | None" = None  # the indicator on the horizontal axis of a scatter
    source_line: str = ""  # publisher, edition and licence, printed inside images
    as_of: str = ""  # "As of 24 November 2026 · dataset …", printed inside images
    notice: str = ""  # what is said above everything inside images: that the figures are invented
    width: int = 1100  # of images, in pixels
    height: int | None = None  # of images; None takes the kind's own height

    def name(self, iso3: str) -> str:
        """Return the country's name, or its code without one."""
        return self.names.get(iso3, iso3)

    def choose(self, countries: tuple[str, ...]) -> "ChartOptions":
        """Return options with ``countries`` chosen, and a group of at least them."""
        return replace(self, highlighted=countries, group=self.group or countries)

    def slot(self, iso3: str) -> int | None:
        """Return the country's place in the palette, 0 to 5; None if it is not chosen."""
        if iso3 not in self.highlighted:
            return None
        return self.colours.get(iso3, self.highlighted.index(iso3)) % MAX_CHOSEN


@dataclass(frozen=True, slots=True)
class Across:
    """A second indicator for the horizontal axis."""

    rows: pl.DataFrame
    title: str
    unit: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Projection:
    """The range in which a line may be in a year, with its method."""

    year: int
    middle: float
    low: float
    high: float
    level: float  # of the range, in per cent
    text: str  # the range in words
    method: str


@dataclass(frozen=True, slots=True)
class ChartWords:
    """The sentences of a chart; blank ones are left out."""

    finding: tuple[str, ...]  # figures, changes, who is missing; the most important first
    reading: tuple[str, ...] = ()  # how the marks are read, and what is left out
    lead: str = ""  # title, unit and years, which stand above the drawing too
    brief: tuple[str, ...] = ()  # the finding in two sentences, where it takes more

    @property
    def caption(self) -> str:
        """The text below the drawing: the finding, in at most two sentences."""
        return _join(self.brief or self.finding)

    @property
    def rest(self) -> str:
        """The sentences that the caption leaves out, folded below it."""
        return _join((*(self.finding if self.brief else ()), *self.reading))

    @property
    def sentence(self) -> str:
        """All sentences: alternative text, print, and the words of files and answers."""
        return _join((self.lead, *self.finding, *self.reading))

    def add_reading(self, *more: str) -> "ChartWords":
        """Return words with further sentences on how to read the chart."""
        return replace(self, reading=(*self.reading, *more))

    def list_forms(self) -> dict[str, str]:
        """Return the three forms by the names they have in answers."""
        return {"sentence": self.sentence, "caption": self.caption, "reading": self.rest}


def _join(sentences: Sequence[str]) -> str:
    return " ".join(filter(None, sentences))


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready to send.

    ``draw`` gives Vega-Lite with named ``datasets``; the shape without them is the same for every choice of countries.
    ``rows`` are the figures shown, with the columns of the ``ChartKind``; a missing figure is None and its ``status``
    says why.
    """

    draw: Callable[[], Spec]
    rows: list[dict[str, Any]]
    words: ChartWords
    title: str
    subtitle: str  # unit, years and group
    options: ChartOptions
    note: str = ""  # what must stand beside the drawing wherever it goes: the note of a map with boundaries

    @property
    def spec(self) -> Spec:
        """The Vega-Lite specification; readers must not change it."""
        return self.draw()

    @property
    def sentence(self) -> str:
        """All sentences of the chart."""
        return self.words.sentence
