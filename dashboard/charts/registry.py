"""The kinds of charts of an indicator, by the name used in URLs, each with all that is particular to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from dashboard.charts.chart import MOST_CHOSEN, Chart, ChartOptions
from dashboard.charts.kinds import (
    aligned,
    beside,
    breakdown,
    distribution,
    dumbbell,
    multiples,
    projection,
    ranking,
    scatter,
    slope,
    tilemap,
    trend,
    worldmap,
)
from dashboard.measures.ranks import MIN_RANKED

Format = Literal["json", "vega", "svg", "png", "csv", "xlsx", "metadata.json"]
FORMATS: tuple[Format, ...] = ("json", "vega", "svg", "png", "csv", "xlsx", "metadata.json")


@dataclass(frozen=True, slots=True)
class ChartKind:
    """A kind of chart: what builds it, the columns of its rows in their order, and what may be asked of it."""

    id: str
    build: Callable[[pl.DataFrame, ChartOptions], Chart]
    columns: tuple[str, ...]
    countries: Literal["chosen", "adopters", "all"] = "all"  # whose figures: adopters with the chosen among them
    most: int = MOST_CHOSEN  # countries that can be chosen
    of_one: bool = False  # about one country: the first of those chosen
    period: Literal["span", "dates", "year"] = "span"  # figures between two years, at two dates, or near one year
    undated: bool = False  # also shows figures whose year is not published: it places none in time
    needs_second: bool = False  # a second indicator, on the horizontal axis
    from_event: bool = False  # years are counted from an event of the register
    by_groups: bool = False  # draws the groups of a breakdown, not totals
    beside_medians: bool = False  # stands a country beside medians of its groups
    projects: bool = False  # draws where a line may be in the target year
    boundaries: bool = False  # needs the shapes of countries
    joined: bool = False  # the reader may insist on joining figures that do not measure the same
    own_series: bool = False  # may draw a country's own series, alone
    compared: bool = False  # the page Compare shows it
    tab: int = 0  # place among the tabs of an indicator; 0 for none
    yes_no: bool = True  # says something of figures that are yes or no
    directed: bool = False  # a tab of indicators with a better end alone
    fewest_years: int = 1  # with figures, for a tab
    fewest_countries: int = 1  # the same
    tall: int = 700  # pixels that title, drawing, sentence and source take in a column of usual width
    formats: tuple[Format, ...] = FORMATS


_KINDS = (
    ChartKind(
        "trend", trend.build, trend.COLUMNS,
        countries="chosen", joined=True, own_series=True, tab=1, fewest_years=2, tall=680,
    ),
    ChartKind(
        "ranking", ranking.build, ranking.COLUMNS,
        countries="adopters", period="year", undated=True, tab=4, yes_no=False, directed=True,
        fewest_countries=MIN_RANKED, tall=860,
    ),
    ChartKind("map", tilemap.build, tilemap.COLUMNS, period="year", undated=True, tab=2, tall=860),
    ChartKind(
        "world", worldmap.build, worldmap.COLUMNS, period="year", undated=True, boundaries=True, tab=3, tall=820
    ),
    ChartKind(
        "distribution", distribution.build, distribution.COLUMNS,
        period="year", undated=True, tab=5, yes_no=False, fewest_countries=MIN_RANKED, tall=640,
    ),
    ChartKind(
        "breakdown", breakdown.build, breakdown.COLUMNS,
        countries="adopters", by_groups=True, tab=6, yes_no=False, tall=860,
    ),
    ChartKind("multiples", multiples.build, multiples.COLUMNS, countries="chosen", most=multiples.MOST, compared=True),
    ChartKind("slope", slope.build, slope.COLUMNS, countries="chosen", period="dates", joined=True, compared=True),
    ChartKind(
        "dumbbell", dumbbell.build, dumbbell.COLUMNS,
        countries="chosen", most=dumbbell.MOST, period="dates", joined=True, compared=True,
    ),
    ChartKind("scatter", scatter.build, scatter.COLUMNS, period="year", needs_second=True, compared=True),
    ChartKind(
        "aligned", aligned.build, aligned.COLUMNS,
        countries="chosen", from_event=True, joined=True, compared=True,
    ),
    ChartKind("beside", beside.build, beside.COLUMNS, of_one=True, beside_medians=True, yes_no=False),
    ChartKind("projection", projection.build, projection.COLUMNS, countries="chosen", of_one=True, projects=True),
)  # fmt: skip

KINDS: dict[str, ChartKind] = {kind.id: kind for kind in _KINDS}
"""Name in the URL → kind: ``KINDS["trend"].build(rows, options)``."""

TABS = tuple(kind.id for kind in sorted(_KINDS, key=lambda it: it.tab) if kind.tab)
"""Kinds that are tabs of an indicator, in their order."""
