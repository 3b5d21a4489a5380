"""A country's counts added up, so that a page of half a million reports is answered from a few thousand.

``added(engine, country) -> Added``: by centre, channel and month; by centre and channel over a year; by month. Only
reports that counted the same things are added, so a figure that adds its numerators and denominators is the same from
these as from all (``metrics.figure``); the largest value (``largest``), promised minutes (``promised``) and what is
counted anew every month (``standing``) are not: they ask each report. Of people's answers and reports there is only
what may be told (``withholding``): this and ``of_centre`` are the door through which counts reach readers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from threading import Lock
from typing import Any

import polars as pl

from dashboard.analysis.measures.counts.histogram import Histogram
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.metrics import YEAR, DeliveryMetric, shifted, within
from dashboard.contributions.delivery.model import BINS, COUNTS, CentreReport
from dashboard.contributions.delivery.people import withholding
from dashboard.contributions.delivery.people.withholding import ALL, Cell, PeopleChange
from dashboard.contributions.delivery.store import Engine

MOST_COUNTRIES = 8
"""Countries whose sums are kept in memory, until their counts change."""

_making: defaultdict[str, Lock] = defaultdict(Lock)

_KEY = ("centre", "channel", "month", "present", "currency")
_LISTS = [f"{name}.{at}" for name, edges in BINS.items() for at in range(len(edges))]
_VALUES = [*COUNTS, *_LISTS, "cost"]
_WHEN = ("received_at", "superseded_at")
_SUMS = ("top", "low", "reports", "invited", "unsaid")


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """Sums of reports in force, where reports stand, without a service; what is told of people stands apart.

    One that is kept is the same object every time, so that what is worked out from it can be kept beside it.
    """

    monthly: tuple[CentreReport, ...]  # of every centre, channel and month
    whole: tuple[CentreReport, ...]  # of every centre and channel over the last twelve months
    together: tuple[CentreReport, ...]  # of every month and channel, all centres as one
    months: tuple[date, date] | None  # the first and last of ``whole``


def added(engine: Engine, country: str) -> Added:
    """Return the sums of a country, made anew when its counts have changed: once, whoever else asks meanwhile."""
    with _making[country]:
        return _added(engine, country, store.mark(engine, country))


def of_centre(engine: Engine, country: str, code: str) -> list[CentreReport]:
    """The reports of a centre as readers may be told of them: each with its counts, apart what is told of people."""
    told = [one for one in added(engine, country).monthly if one.centre == code and one.told]
    return [*map(_without_people, store.reports(engine, country, centre=code)), *told]


def of_month(engine: Engine, country: str, month: date) -> list[CentreReport]:
    """Reports of one month as they were sent, each by its centre, service and channel, without counts of people."""
    return [_without_people(one) for one in store.reports(engine, country, month) if one.month == month]


def _without_people(one: CentreReport) -> CentreReport:
    return replace(one, counts={name: n for name, n in one.counts.items() if name not in withholding.columns()})


@lru_cache(MOST_COUNTRIES)
def _added(engine: Engine, country: str, _mark: str) -> Added:
    sums, changed, wrong = [], [], dict[Cell, set[str]]()
    for rows in store.counted(engine, country):
        frame = _read(rows)
        sums.append(_summed(frame.filter(pl.col("superseded_at").is_null()), _KEY))
        changed.append(_changed(frame))
        for centre, month, metric in _wrong(frame):
            wrong.setdefault((centre, month), set()).add(metric)
    if not sums:
        return Added((), (), (), None)
    monthly = _summed(pl.concat(sums), _KEY)
    last = monthly.select(pl.col("month").max()).item()
    year = monthly.filter(pl.col("month") > shifted(last, -YEAR))
    whole = _summed(year.with_columns(month=pl.col("month").max()), _KEY)
    together = _summed(monthly.with_columns(centre=pl.lit("")), _KEY)
    months = (year.select(pl.col("month").min()).item(), last)
    told = withholding.told(_changes(pl.concat(changed)), wrong)
    of_all, of_centres = ([one for one in told if (one.centre == ALL) is all_] for all_ in (True, False))
    return Added(
        (*_reports(monthly), *of_centres),
        (*_reports(whole), *within(of_centres, last, YEAR)),
        (*_reports(together), *of_all),
        months,
    )


def _people(metric: DeliveryMetric) -> tuple[pl.Expr, pl.Expr, pl.Expr, pl.Expr]:
    """Of a metric of people: whether a report counted it, above the line, below it, and whether they contradict."""
    counted = pl.all_horizontal(pl.col(*metric.numerator, *metric.denominator).is_not_null())
    top, low = (pl.sum_horizontal(side) for side in (metric.numerator, metric.denominator))
    wrong = counted & (top > low) if metric.kind != "per_10000" else pl.lit(value=False)
    return counted & ~wrong, top, low, wrong


def _changed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what every sending changed of what may be told of people: what came, less what it took the place of."""
    came = frame.with_columns(at=pl.col("received_at"), sign=pl.lit(1))
    gone = frame.filter(pl.col("superseded_at").is_not_null()).with_columns(at=pl.col("superseded_at"), sign=pl.lit(-1))
    parts = pl.concat([came, gone])
    found = []
    for metric in (one for ones in withholding.groups().values() for one in ones):
        counted, top, low, _ = _people(metric)
        asked = pl.col("invited").fill_null(0) if metric.id == "satisfaction" else pl.lit(0)
        values = (top, low, pl.lit(1), asked, pl.col("invited").is_null().cast(pl.Int64))
        of = parts.filter(counted).select(
            "at", "centre", "month", metric=pl.lit(metric.id),
            **{name: (value * pl.col("sign")).cast(pl.Int64) for name, value in zip(_SUMS, values, strict=True)},
        )  # fmt: skip
        found.append(of.group_by("at", "centre", "month", "metric").agg(pl.col(*_SUMS).sum()))
    return pl.concat(found)


def _wrong(frame: pl.DataFrame) -> Iterator[tuple[str, date, str]]:
    """Yield centres, months and metrics of which a report in force says that a part is larger than its whole."""
    held = frame.filter(pl.col("superseded_at").is_null())
    for metric in (one for ones in withholding.groups().values() for one in ones):
        for centre, month in held.filter(_people(metric)[3]).select("centre", "month").unique().iter_rows():
            yield centre, month, metric.id


def _changes(frame: pl.DataFrame) -> Iterator[PeopleChange]:
    summed = frame.group_by("at", "centre", "month", "metric").agg(pl.col(*_SUMS).sum())
    some = summed.filter(pl.any_horizontal(pl.col(*_SUMS) != 0)).sort("at", "month", "centre", "metric")
    for (at, centre, month), rows in groupby(some.iter_rows(), itemgetter(0, 1, 2)):
        of = {row[3]: tuple(map(float, row[4:])) for row in rows}
        yield PeopleChange(at, centre, month, of)  # type: ignore[arg-type]


def _read(rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    """Return reports as the database holds them, a column for each count and bin; ``present`` says which there are."""
    named = {"centre": pl.String, "channel": pl.String, "month": pl.Date, "counts": pl.String, "histograms": pl.String}
    last: dict[str, Any] = {"cost": pl.Float64, "currency": pl.String} | dict.fromkeys(_WHEN, pl.Datetime("us", "UTC"))
    frame = pl.DataFrame(list(rows), schema=named | last, orient="row")
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


def _reports(frame: pl.DataFrame) -> Iterator[CentreReport]:
    for row in frame.iter_rows(named=True):
        there = dict(zip((*COUNTS, *BINS, "cost"), row["present"], strict=True))
        yield CentreReport(
            row["centre"],
            "",
            row["channel"],
            row["month"],
            {name: row[name] for name in COUNTS if there[name] == "1" and name not in withholding.columns()},
            {
                name: Histogram(tuple(map(float, edges)), tuple(row[f"{name}.{at}"] for at in range(len(edges))))
                for name, edges in BINS.items()
                if there[name] == "1"
            },
            row["cost"] if there["cost"] == "1" else None,
            row["currency"],
        )
