"""One figure per country: the latest, or the nearest to a reference year; and the edition of its line.

Method: docs/method.md, year window. Figures of two editions are never joined.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

LINE_COLUMNS = ("source", "series", "unit", "edition")  # what all figures of a line share

WINDOW_YEARS = 2  # years before and after the reference year whose figures may stand for it


def has_figure() -> pl.Expr:
    """Return True for rows with a value, or with a published bound of a censored one (``<2.5``)."""
    return pl.col("value").is_not_null() | (pl.col("status") == "censored")


def select_latest(rows: pl.LazyFrame, countries: Sequence[str], this_year: int | None = None) -> pl.LazyFrame:
    """Return the latest figure of each country asked for, in that order, with ``age`` to ``this_year``.

    A country without figures keeps its latest row with the reason, or gets nulls and the status ``missing``.
    """
    return _choose_per_country(rows, countries, [has_figure(), pl.col("year")], this_year)


def select_nearest(rows: pl.LazyFrame, countries: Sequence[str], year: int, window: int = WINDOW_YEARS) -> pl.LazyFrame:
    """Return each country's figure nearest to ``year``, as ``select_latest``; ``age`` may be negative."""
    near = rows.filter((pl.col("year") - year).abs() <= window)
    return _choose_per_country(near, countries, [has_figure(), -(pl.col("year") - year).abs(), pl.col("year")], year)


def _choose_per_country(
    rows: pl.LazyFrame, countries: Sequence[str], order: list[pl.Expr], this_year: int | None
) -> pl.LazyFrame:
    best = rows.sort(*order, descending=True, nulls_last=True).unique("country", keep="first", maintain_order=True)
    requested = pl.LazyFrame({"country": list(dict.fromkeys(countries))}, schema={"country": pl.String})
    reference = pl.lit(this_year, dtype=pl.Int32)
    return requested.join(best, on="country", how="left", maintain_order="left").with_columns(
        status=pl.col("status").fill_null("missing"),
        age=pl.when(has_figure()).then(reference - pl.col("year")).otherwise(None),
    )


@dataclass(frozen=True, slots=True)
class ShownEditions:
    """The editions of a country's latest figure and of its line; often the same."""

    latest: str
    line: str


def is_in_line() -> pl.Expr:
    """Return True for figures of a country's line: of the edition with most figures, else the newest."""
    pair = ("indicator", "country")
    size = pl.len().over(*pair, *LINE_COLUMNS) * 10_000 + pl.col("year").max().over(*pair, *LINE_COLUMNS).fill_null(0)
    return size == size.max().over(*pair)


def find_editions(rows: Sequence[Mapping[str, Any]]) -> ShownEditions:
    """Return the editions of one country's figures of an indicator, sorted by year."""
    names = ("indicator", "country", "year", *LINE_COLUMNS)
    line = pl.DataFrame([{name: row[name] for name in names} for row in rows]).filter(is_in_line())
    return ShownEditions(rows[-1]["edition"], line["edition"][-1])
