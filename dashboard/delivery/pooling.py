"""A country's counts added up, so that a page of half a million reports is answered from a few thousand.

``added(engine, country) -> Added``: by centre, channel and month; by centre and channel over a year; by month. Only
reports that counted the same things are added, so a figure that adds its numerators and denominators is the same from
these as from all (``metrics.figure``); the largest value (``largest``), promised minutes (``promised``) and what is
counted anew every month (``standing``) are not: they ask each report.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock

import polars as pl

from dashboard.delivery import store
from dashboard.delivery.metrics import YEAR, shifted
from dashboard.delivery.model import BINS, COUNTS, Report
from dashboard.delivery.store import Engine
from dashboard.measures.counts.histogram import Histogram

MOST_COUNTRIES = 8
"""Countries whose sums are kept in memory, until their counts change."""

_making: defaultdict[str, Lock] = defaultdict(Lock)

_KEY = ("centre", "channel", "month", "present", "currency")
_LISTS = [f"{name}.{at}" for name, edges in BINS.items() for at in range(len(edges))]
_VALUES = [*COUNTS, *_LISTS, "cost"]


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """Sums of reports in force; a sum stands where reports stand, without a service.

    One that is kept is the same object every time, so that what is worked out from it can be kept beside it.
    """

    monthly: tuple[Report, ...]  # of every centre, channel and month
    whole: tuple[Report, ...]  # of every centre and channel over the last twelve months
    together: tuple[Report, ...]  # of every month and channel, all centres as one
    months: tuple[date, date] | None  # the first and last of ``whole``


def added(engine: Engine, country: str) -> Added:
    """The sums of a country, made anew when its counts have changed: once, whoever else asks meanwhile."""
    with _making[country]:
        return _added(engine, country, store.mark(engine, country))


@lru_cache(MOST_COUNTRIES)
def _added(engine: Engine, country: str, _mark: str) -> Added:
    parts = [_summed(_read(rows), _KEY) for rows in store.counted(engine, country)]
    if not parts:
        return Added((), (), (), None)
    monthly = _summed(pl.concat(parts), _KEY)
    last = monthly.select(pl.col("month").max()).item()
    year = monthly.filter(pl.col("month") > shifted(last, -YEAR))
    whole = _summed(year.with_columns(month=pl.col("month").max()), _KEY)
    together = _summed(monthly.with_columns(centre=pl.lit("")), _KEY)
    months = (year.select(pl.col("month").min()).item(), last)
    return Added(tuple(_reports(monthly)), tuple(_reports(whole)), tuple(_reports(together)), months)


def _read(rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    """Reports as the database holds them, a column for each count and bin; ``present`` says which there are."""
    named = {"centre": pl.String, "channel": pl.String, "month": pl.Date, "counts": pl.String, "histograms": pl.String}
    frame = pl.DataFrame(list(rows), schema=named | {"cost": pl.Float64, "currency": pl.String}, orient="row")
    counts = pl.Struct(dict.fromkeys(COUNTS, pl.Int64))
    bins = pl.Struct({name: pl.List(pl.Int64) for name in BINS})
    listed = [
        pl.col(name).list.get(at, null_on_oob=True).alias(f"{name}.{at}")
        for name, edges in BINS.items()
        for at in range(len(edges))
    ]
    there = [pl.col(name).is_not_null().cast(pl.Int8).cast(pl.String) for name in (*COUNTS, *BINS, "cost")]
    return (
        frame.lazy()
        .with_columns(pl.col("counts").str.json_decode(counts), pl.col("histograms").str.json_decode(bins))
        .unnest("counts", "histograms")
        .with_columns(*listed, present=pl.concat_str(there))
        .drop(*BINS)
        .collect()
    )


def _summed(frame: pl.DataFrame, key: Iterable[str]) -> pl.DataFrame:
    return frame.group_by(*key).agg(pl.col(*_VALUES).sum()).sort(*key)


def _reports(frame: pl.DataFrame) -> Iterator[Report]:
    for row in frame.iter_rows(named=True):
        there = dict(zip((*COUNTS, *BINS, "cost"), row["present"], strict=True))
        yield Report(
            row["centre"],
            "",
            row["channel"],
            row["month"],
            {name: row[name] for name in COUNTS if there[name] == "1"},
            {
                name: Histogram(tuple(map(float, edges)), tuple(row[f"{name}.{at}"] for at in range(len(edges))))
                for name, edges in BINS.items()
                if there[name] == "1"
            },
            row["cost"] if there["cost"] == "1" else None,
            row["currency"],
        )
