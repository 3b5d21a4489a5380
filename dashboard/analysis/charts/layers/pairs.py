"""Pairs for slope and dumbbell: each country's figures nearest to two dates, and whether they may be joined."""

from dataclasses import dataclass

import polars as pl

from dashboard.analysis.charts.chart import ChartOptions, ChartWords
from dashboard.analysis.charts.layers import comparing
from dashboard.analysis.charts.layers.frame import Row, build_missing_row, strip_rows
from dashboard.analysis.charts.words import sentence
from dashboard.analysis.measures.latest import select_nearest


@dataclass(frozen=True, slots=True)
class Pair:
    """A country's figures near both dates; None without a value within two years."""

    country: str
    first: Row | None
    last: Row | None
    same: bool  # the two measure the same: they may be joined

    @property
    def both(self) -> bool:
        """True if there are two figures."""
        return self.first is not None and self.last is not None

    @property
    def by_year(self) -> list[Row]:
        """The available figures, the earlier first."""
        return sorted((row for row in (self.first, self.last) if row), key=lambda row: row["year"])


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs, the dates, the rows of table and file, and the words."""

    pairs: list[Pair]
    dates: tuple[int, int]
    rows: list[Row]
    words: ChartWords


def find_pairs(
    rows: pl.DataFrame, countries: tuple[str, ...], options: ChartOptions, columns: tuple[str, ...]
) -> Pairs:
    """Return the pairs of the countries, in their order (docs/method.md, year window).

    A figure that is nearest to both dates stands for the nearer one alone.
    """
    primary, valued = pl.col("primary").fill_null(True), pl.col("value").is_not_null()
    valued_rows = rows.lazy().filter(primary, valued, pl.col("country").is_in(list(countries))).collect()
    if valued_rows.is_empty():
        nothing = [Pair(iso3, None, None, same=False) for iso3 in countries]
        words = sentence.say_nothing_found([{}] * len(countries), options)
        return Pairs([], options.years or (0, 0), _list_rows(rows, nothing, options, columns), words)
    every = valued_rows["year"].to_list()
    years = options.years or (min(every), max(every))
    near = [
        {row["country"]: row for row in frame.iter_rows(named=True) if row["value"] is not None}
        for frame in pl.collect_all([select_nearest(valued_rows.lazy(), countries, year) for year in years])
    ]
    pairs = [_make_pair(iso3, near[0].get(iso3), near[1].get(iso3), years, options) for iso3 in countries]
    words = comparing.describe_two_dates(
        [(pair.first, pair.last, pair.same) for pair in pairs],
        [options.name(pair.country) for pair in pairs],
        years,
        options,
    )
    return Pairs(pairs, years, _list_rows(rows, pairs, options, columns), words)


def _make_pair(iso3: str, first: Row | None, last: Row | None, years: tuple[int, int], options: ChartOptions) -> Pair:
    if first and last and first["id"] == last["id"]:
        closer = abs(first["year"] - years[0]) < abs(last["year"] - years[1])
        first, last = (first, None) if closer else (None, last)
    apart = not options.line and options.unit != "yes_no"  # a yes stays a yes
    same = bool(first and last and not apart and not comparing.is_unequal(first, last, options.breaks))
    return Pair(iso3, first, last, same)


def _list_rows(rows: pl.DataFrame, pairs: list[Pair], options: ChartOptions, columns: tuple[str, ...]) -> list[Row]:
    """Return the figures drawn, by year; a country without any has a missing row."""
    figures = [row for pair in pairs for row in pair.by_year or [build_missing_row(rows, pair.country)]]
    return strip_rows(figures, options, columns)
