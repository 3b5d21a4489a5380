"""The figures of a chart: a row for each country and period, in the reader's order."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import polars as pl

from dashboard.analysis.charts.chart import ChartOptions
from dashboard.analysis.measures.comparability import LIKE_COLUMNS
from dashboard.analysis.measures.latest import select_latest, select_nearest

Row = dict[str, Any]
Rows = list[Row]


def choose_countries(rows: pl.DataFrame, options: ChartOptions, most: int, kind: str) -> ChartOptions:
    """Return options with the chosen countries, or all of ``rows`` if none is chosen."""
    countries = options.highlighted or tuple(rows["country"].unique(maintain_order=True))
    if len(countries) > most:
        raise ValueError(f"{kind} {most} countries at most, not {len(countries)}")
    return options.choose(countries)


def list_figures(rows: pl.DataFrame, countries: Sequence[str]) -> list[Row]:
    """Return the primary rows of ``countries`` by year; a country without rows has a missing one.

    Without Polars' threads: waking one takes longer than sorting a few rows.
    """
    found: dict[str, list[Row]] = {iso3: [] for iso3 in countries}
    for row in rows.iter_rows(named=True):
        if row["country"] in found and row["primary"] is not False:
            found[row["country"]].append(row | {"status": row["status"] or "missing"})
    for own in found.values():  # groups one after another, figures without a year last
        own.sort(key=lambda row: (row["dimensions"], row["year"] is None, row["year"] or 0))
    return [row for iso3, own in found.items() for row in own or [build_missing_row(rows, iso3)]]


def list_columns(
    items: Iterable[Any], columns: Sequence[str], options: ChartOptions | None = None, **own: Any
) -> list[Row]:
    """Return items as rows of ``columns``: their attributes, the country's name, and ``own`` values."""
    rows = []
    for item in items:
        values = own | ({"name": options.name(item.country)} if options else {})
        rows.append({column: values[column] if column in values else getattr(item, column) for column in columns})
    return rows


def build_missing_row(rows: pl.DataFrame, iso3: str) -> Row:
    """Return the row of a country without any, with the columns of the others."""
    return dict.fromkeys(rows.columns) | {"country": iso3, "status": "missing"}


def find_latest_per_country(rows: pl.DataFrame, countries: Sequence[str], options: ChartOptions) -> pl.DataFrame:
    """Return each country's latest figure, or the nearest to the reference year; null without any."""
    primary = rows.filter(pl.col("primary").fill_null(True)).lazy()
    if options.year is None:
        return select_latest(primary, countries).collect()
    return select_nearest(primary, countries, options.year).collect()


def find_comparable_countries(figures: Sequence[Row], chosen: Collection[str]) -> frozenset[str]:
    """Return the countries whose figures may enter one median or order: of one series and edition.

    Of several such groups that of most chosen countries, then the largest.
    """
    groups: dict[tuple[object, ...], set[str]] = {}
    for row in figures:
        if row["value"] is not None:
            groups.setdefault(tuple(row.get(name) for name in LIKE_COLUMNS), set()).add(row["country"])
    return frozenset(max(groups.values(), key=lambda members: (len(members & set(chosen)), len(members)), default=()))


def strip_rows(figures: Sequence[Row], options: ChartOptions, columns: Sequence[str]) -> list[Row]:
    """Return the rows as table and file show them; nulls stay None."""
    return [
        {column: options.name(row["country"]) if column == "name" else row[column] for column in columns}
        for row in figures
    ]
