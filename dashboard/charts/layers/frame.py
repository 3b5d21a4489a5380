"""The figures a chart is about: one row per country and period, in the reader's order."""

from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from dashboard.charts.chart import ChartOptions
from dashboard.measures.comparability import LIKE
from dashboard.measures.latest import select_latest, select_nearest

Row = dict[str, Any]


def choose_countries(rows: pl.DataFrame, options: ChartOptions, most: int, kind: str) -> ChartOptions:
    """The options with the chosen countries; all of ``rows``, where none is chosen.

    Raises:
        ValueError: more than ``most``, said of the ``kind``: "a trend shows".
    """
    countries = options.highlighted or tuple(rows["country"].unique(maintain_order=True))
    if len(countries) > most:
        raise ValueError(f"{kind} {most} countries at most, not {len(countries)}")
    return options.choosing(countries)


def list_figures(rows: pl.DataFrame, countries: Sequence[str]) -> list[Row]:
    """The primary rows of ``countries`` in their order, then by year; a country without rows has one, missing.

    Without Polars' threads: there are a few rows, and waking a thread takes longer than to sort them.
    """
    found: dict[str, list[Row]] = {iso3: [] for iso3 in countries}
    for row in rows.iter_rows(named=True):
        if row["country"] in found and row["primary"] is not False:
            found[row["country"]].append(row | {"status": row["status"] or "missing"})
    return [
        row for iso3, held in found.items() for row in sorted(held, key=_by_year) or [build_missing_row(rows, iso3)]
    ]


def build_missing_row(rows: pl.DataFrame, iso3: str) -> Row:
    """The row of a country without any, with the columns of the others."""
    return dict.fromkeys(rows.columns) | {"country": iso3, "status": "missing"}


def _by_year(row: Row) -> tuple[str, bool, int]:
    """Groups one after another, each by year; figures without a year come last."""
    return row["dimensions"], row["year"] is None, row["year"] or 0


def find_latest_per_country(rows: pl.DataFrame, countries: Sequence[str], options: ChartOptions) -> pl.DataFrame:
    """The latest figure of each country, or the one nearest to the reference year; a country without has a null."""
    primary = rows.filter(pl.col("primary").fill_null(True)).lazy()
    if options.year is None:
        return select_latest(primary, countries).collect()
    return select_nearest(primary, countries, options.year).collect()


def find_comparable_countries(figures: Sequence[Row], chosen: Collection[str]) -> frozenset[str]:
    """The countries whose figures may enter one median or one order: of one publisher, series, edition and unit.

    Of several such groups the one that most of the chosen countries are in, and of those the largest.
    """
    groups: dict[tuple[object, ...], set[str]] = {}
    for row in figures:
        if row["value"] is not None:
            groups.setdefault(tuple(row.get(name) for name in LIKE), set()).add(row["country"])
    return frozenset(max(groups.values(), key=lambda those: (len(those & set(chosen)), len(those)), default=()))


def strip_rows(figures: Sequence[Row], options: ChartOptions, columns: Sequence[str]) -> list[Row]:
    """The rows as table and file show them; nulls stay None."""
    return [
        {column: options.name(row["country"]) if column == "name" else row[column] for column in columns}
        for row in figures
    ]
