"""The published figures as the questions need them: read once per dataset and day, kept as plain values."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from types import MappingProxyType
from typing import Any

import polars as pl

from dashboard.analysis.measures.intervals import read_std_errors
from dashboard.analysis.measures.latest import has_figure as holds_figure
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.evidence.codebook.model import NationalSeries

Row = dict[str, Any]
"""A row of ``dashboard.evidence.dataset.schema.ROWS``; readers must not change it."""


@dataclass(frozen=True, slots=True)
class Stats:
    """What the dataset holds of an indicator, over its shown series (primary), breakdowns included in ``rows``."""

    rows: int
    rows_total: int  # national totals among them
    countries: int  # with a figure
    first_year: int | None
    last_year: int | None
    editions: tuple[str, ...]
    retrieved_at: datetime | None
    years: tuple[int, ...]  # with a figure
    natures: tuple[str, ...]
    feeds: tuple[tuple[str, str], ...]  # publisher and series of the rows


@dataclass(frozen=True)
class Holdings:
    """All that is known of all indicators at one glance.

    ``latest``: indicator → ISO3 → the row pages show: the latest primary national total with a figure (a value, or a
    published bound), or else the latest row that says why there is none. ``totals``: all primary national totals, with
    the columns of ``LEAN``: some ten megabytes that save a page forty files.
    """

    latest: Mapping[str, Mapping[str, Row]]
    stats: Mapping[str, Stats]
    totals: pl.DataFrame


LEAN = (
    "indicator", "country", "period", "year", "dimensions", "value", "std_error", "unit", "status", "source", "series",
    "edition", "nature",
)  # fmt: skip
"""What comparing figures needs of them; ``std_error`` is that of ``measures.intervals.std_errors``."""

NATIONAL_WHOLE = ("{}", '{"Reporting Type":"N"}')
"""Breakdowns of a national series that are none: nothing, or only the mark that the figure is national."""

NOTHING = Stats(0, 0, 0, None, None, (), None, (), (), ())

FEW_PARTS = 8
"""Pieces of a frame that need not be put together to be read quickly."""


def has_figure(row: Row | None) -> bool:
    """Return True if a row holds a value or a published bound."""
    return row is not None and (row["value"] is not None or row["status"] == "censored")


def find_first_vintages(ctx: Context, countries: tuple[str, ...]) -> Mapping[str, int]:
    """Return indicator → the vintage in which any of the countries first had a figure of it."""
    return _find_first_vintages(ctx.timeless, countries)


def choose_latest(rows: Sequence[Row]) -> Row | None:
    """Return the newest row with a figure, or else the newest, which says why there is none."""
    return next((row for row in reversed(rows) if has_figure(row)), rows[-1] if rows else None)


def load_holdings(ctx: Context) -> Holdings:
    """Return what the dataset holds on the day of the context."""
    return _load_holdings(ctx.timeless)


def find_latest(ctx: Context, metric: str) -> Mapping[str, Row]:
    """Return ISO3 → the row that pages show of an indicator; empty where nothing was gathered."""
    return load_holdings(ctx).latest.get(metric, {})


def find_stats(ctx: Context, metric: str) -> Stats:
    """Return what the dataset holds of an indicator."""
    return load_holdings(ctx).stats.get(metric, NOTHING)


def select_shown(ctx: Context, metrics: Collection[str]) -> pl.LazyFrame:
    """Select the primary national totals in force of these indicators, with all columns."""
    return ctx.dataset.scan(metrics).filter(pl.col("primary"), pl.col("dimensions") == "{}")


def order_rows() -> list[pl.Expr]:
    """Return the sort keys of published rows: by series, primary ones and national totals first."""
    first = ("indicator", "country", "year")
    last = ("dimensions", "source", "series", "id")
    return [*map(pl.col, first), ~pl.col("primary"), pl.col("dimensions") != "{}", *map(pl.col, last)]


def read_primary_rows(
    ctx: Context,
    metric: str,
    countries: Collection[str] | None = None,
    first: int | None = None,
    last: int | None = None,
    *,
    groups: bool | None = None,
    undated: bool = True,
) -> pl.DataFrame:
    """Return the primary rows of an indicator in force, with all columns, in the order of ``order_rows``.

    Args:
        countries: ISO3 codes; of all, where None.
        first: the earliest year; rows without a year are then left out.
        last: the latest year, likewise.
        groups: breakdowns alone, or with False national totals alone.
        undated: figures whose year is not published too.
    """
    rows, places = _load_primary_rows(ctx.timeless, metric, groups, undated)
    if countries is None and first is last is None:
        return rows
    chosen = (
        places.values() if countries is None else [places[iso3] for iso3 in sorted(set(countries)) if iso3 in places]
    )
    parts = [_cut_years(rows.slice(*place), first, last) for place in chosen]
    if not parts:
        return rows.clear()
    whole, *others = parts
    for part in others:
        whole.vstack(part, in_place=True)  # without the threads of ``pl.concat``, which cost more than they bring
    return whole.rechunk() if len(parts) > FEW_PARTS else whole


def is_dated() -> pl.Expr:
    """Return an expression for rows whose year is published, or that hold no figure."""
    return pl.col("year").is_not_null() | pl.col("value").is_null()


def limit_years(rows: pl.LazyFrame, first: int | None, last: int | None) -> pl.LazyFrame:
    """Keep the rows from and to a year; if either is given, rows without a year are dropped."""
    if first is not None:
        rows = rows.filter(pl.col("year") >= first)
    if last is not None:
        rows = rows.filter(pl.col("year") <= last)
    return rows


def count_rows(ctx: Context, metric: str, countries: Collection[str]) -> int:
    """Count the rows of ``read_primary_rows`` that are of these countries, in any year."""
    _, places = _load_primary_rows(ctx.timeless, metric, None, True)
    return sum(places[iso3][1] for iso3 in countries if iso3 in places)


def _cut_years(rows: pl.DataFrame, first: int | None, last: int | None) -> pl.DataFrame:
    """Cut the rows of one country to a span of years; rows without a year stand first and are in no span."""
    if first is last is None:
        return rows
    years = rows.get_column("year").to_list()
    undated = years.count(None)
    start = undated if first is None else bisect_left(years, first, undated)
    end = len(years) if last is None else bisect_right(years, last, undated)
    return rows.slice(start, max(0, end - start))


@kept(256)
def _load_primary_rows(
    ctx: Context, metric: str, groups: bool | None, undated: bool
) -> tuple[pl.DataFrame, Mapping[str, tuple[int, int]]]:
    """Return the rows, and for each country where its rows begin and how many they are."""
    if groups is None and undated:
        rows = ctx.dataset.rows(metric).filter(pl.col("primary")).sort(order_rows()).collect()
    else:
        whole, places = _load_primary_rows(ctx, metric, None, True)
        totals = pl.col("dimensions") == "{}"
        wanted = [] if groups is None else [~totals if groups else totals]
        rows = whole.filter(*wanted, *([] if undated else [is_dated()]))
        if rows.height == whole.height:
            return whole, places
    runs = rows.get_column("country").rle().struct.unnest()
    starts = accumulate(runs["len"], initial=0)
    return rows, dict(zip(runs["value"], zip(starts, runs["len"], strict=False), strict=True))


def select_own_totals(ctx: Context, own: NationalSeries) -> pl.LazyFrame:
    """Select the totals of a country's own series by year; ``select_shown`` never holds them."""
    return (
        ctx.dataset.rows(own.metric)
        .filter(
            pl.col("country") == own.country,
            pl.col("source") == own.source,
            pl.col("series") == own.series,
            pl.col("dimensions").is_in(NATIONAL_WHOLE),
        )
        .sort("year", "period", "id")
    )


def has_breakdowns(ctx: Context, own: NationalSeries) -> bool:
    """Return True if a country's own series has any row, be it no national total."""
    here = pl.col("country") == own.country, pl.col("source") == own.source, pl.col("series") == own.series
    return bool(ctx.dataset.rows(own.metric).filter(*here).head(1).collect().height)


def select_lean_totals(ctx: Context, metrics: Collection[str]) -> pl.LazyFrame:
    """Select primary national totals from memory, with the columns of ``LEAN`` only."""
    return load_holdings(ctx).totals.lazy().filter(pl.col("indicator").is_in(list(metrics)))


@kept(2)  # the newest and one of an earlier day
def _load_holdings(ctx: Context) -> Holdings:
    rows = ctx.dataset.scan().filter(pl.col("primary")).collect()
    totals = rows.filter(pl.col("dimensions") == "{}")
    best = totals.sort("indicator", "country", ~holds_figure(), -pl.col("year"), nulls_last=True).unique(
        ["indicator", "country"], keep="first", maintain_order=True
    )  # a figure whose year is not published only where none has one
    latest: dict[str, dict[str, Row]] = {}
    for row in _share_texts(best):
        latest.setdefault(row["indicator"], {})[row["country"]] = row
    with_figure = totals.filter(holds_figure())
    wide = rows.group_by("indicator").agg(
        pl.len().alias("rows"),
        pl.col("retrieved_at").max(),
        pl.col("edition").unique().sort(),
        pl.struct("source", "series").unique().sort().alias("feeds"),
    )
    narrow = with_figure.group_by("indicator").agg(
        pl.col("country").n_unique().alias("countries"),
        pl.col("year").min().alias("first_year"),
        pl.col("year").max().alias("last_year"),
        pl.col("year").drop_nulls().unique().sort().alias("years"),
        pl.col("nature").unique().sort().alias("natures"),
    )
    counted = totals.group_by("indicator").agg(pl.len().alias("rows_total"))
    stats = {
        row["indicator"]: Stats(
            rows=row["rows"],
            rows_total=row["rows_total"] or 0,
            countries=row["countries"] or 0,
            first_year=row["first_year"],
            last_year=row["last_year"],
            editions=tuple(row["edition"]),
            retrieved_at=row["retrieved_at"],
            years=tuple(row["years"] or ()),
            natures=tuple(row["natures"] or ()),
            feeds=tuple((feed["source"], feed["series"]) for feed in row["feeds"]),
        )
        for row in wide.join(narrow, on="indicator", how="left")
        .join(counted, on="indicator", how="left")
        .iter_rows(named=True)
    }
    return Holdings(
        MappingProxyType(latest), MappingProxyType(stats), totals.with_columns(std_error=read_std_errors()).select(LEAN)
    )


def _share_texts(rows: pl.DataFrame) -> Iterator[Row]:
    """Iterate over rows whose equal texts and times are one object: half the memory of ``iter_rows``."""
    shared: dict[Any, Any] = {}
    columns = [
        [shared.setdefault(value, value) for value in column] if column.dtype in (pl.String, pl.Datetime) else column
        for column in rows
    ]
    names = rows.columns
    return (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))


@kept(4)
def _find_first_vintages(ctx: Context, countries: tuple[str, ...]) -> Mapping[str, int]:
    totals = pl.col("primary"), pl.col("dimensions") == "{}", pl.col("country").is_in(countries), holds_figure()
    first = ctx.dataset.ever().filter(*totals).group_by("indicator").agg(pl.col("vintage").min()).collect()
    return MappingProxyType(dict(first.iter_rows()))


def find_days_received(ctx: Context) -> dict[tuple[str, str, str], date]:
    """Return indicator, publisher and series → the day it was last read without an error."""
    return {
        (outcome["indicator"], outcome["source"], outcome["series"]): outcome["last_success_at"].date()
        for outcome in ctx.dataset.outcomes()
        if outcome["last_success_at"] and (ctx.as_of is None or outcome["last_success_at"].date() <= ctx.as_of)
    }


def find_received(ctx: Context, row: Row) -> date:
    """Return the last day on which a figure's series was read with the figure in it.

    A figure that stands unchanged keeps the row of its first reading (``retrieved_at``); one that was replaced has no
    other day than that.
    """
    first: date = row["retrieved_at"].date()
    if row.get("superseded") is not None:
        return first
    day = find_days_received(ctx).get((row["indicator"], row["source"], row["series"]), first)
    return max(first, day)
