"""Counts of the last twelve months by centre and service, and each centre beside what its services lead to expect.

Of counts of work alone: people's answers are told by centre and in batches, never by service (``people``).
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import polars as pl

from dashboard.analysis.measures.counts.likeness import Cases, Likeness, compare_alike
from dashboard.analysis.measures.delivery.service import pool_rate
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.metrics import LEAST, YEAR, DeliveryMetric, metrics, shifted
from dashboard.contributions.delivery.model import OUTCOMES, find_successor
from dashboard.contributions.delivery.pooling import MOST_COUNTRIES
from dashboard.contributions.delivery.store import Engine

COMPARED = ("completion", "standard_met")
"""Shares of work that are compared like with like, the usual one first: more is better of each."""

COLUMNS = ("centre", "service", "metric", "counted", "n", "share", "network_counted", "network_n", "network_share")
"""Of the rows of ``list_services``."""

_COUNTS = tuple(dict.fromkeys([*(
    name for one in COMPARED for name in (*metrics()[one].numerator, *metrics()[one].denominator)
), *OUTCOMES, "carried_over"]))  # fmt: skip


def compare_centres(engine: Engine, country: str, metric: str) -> Likeness | None:
    """Return the centres of a country with 30 cases or more, like with like; None where there is nothing to compare.

    Args:
        engine: of the database.
        country: ISO3.
        metric: one of ``COMPARED``.
    """
    return _compare(engine, country, metric, store.mark(engine, country))


def sum_services(engine: Engine, country: str, metric: str) -> Mapping[str, Cases]:
    """Return centre → service → (counted, n) over the twelve months; a service that was taken over under its new code.

    A centre of which a report contradicts itself is left out, as its figure is.
    """
    return _sum(engine, country, metric, store.mark(engine, country))


def list_services(engine: Engine, country: str, centre: str) -> Iterator[dict[str, object]]:
    """The rows of a centre's file: each service beside the same service of all centres; no share of under 30 cases."""
    for metric in COMPARED:
        cases = sum_services(engine, country, metric)
        for service, (top, n) in sorted(cases.get(centre, {}).items()):
            whole = [of[service] for of in cases.values() if service in of]
            all_top, all_n = (sum(pair[at] for pair in whole) for at in (0, 1))
            shares = (_share(top, n), _share(all_top, all_n))
            values = (centre, service, metric, top, n, shares[0], all_top, all_n, shares[1])
            yield dict(zip(COLUMNS, values, strict=True))


def _share(top: float, n: float) -> float | None:
    return pool_rate([(top, n)]).value if n >= LEAST else None


@lru_cache(MOST_COUNTRIES * len(COMPARED))
def _compare(engine: Engine, country: str, metric: str, mark: str) -> Likeness | None:
    return compare_alike(_sum(engine, country, metric, mark), LEAST)


@lru_cache(MOST_COUNTRIES * len(COMPARED))
def _sum(engine: Engine, country: str, metric: str, mark: str) -> Mapping[str, Cases]:
    frame = _year(engine, country, mark)
    of = metrics()[metric]
    top, low = pl.sum_horizontal(of.numerator), pl.sum_horizontal(of.denominator)
    counted = frame.filter(pl.all_horizontal(pl.col(*of.numerator, *of.denominator).is_not_null()))
    more, room = _carried(of)
    sums = counted.group_by("centre", "service").agg(
        top.sum().alias("top"),
        low.sum().alias("low"),
        more.sum().alias("more"),
        (top > low + room).any().alias("wrong"),
    )
    wrong = set(sums.filter("wrong")["centre"])
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for centre, service, top_, low_, more_, _ in sums.sort("centre", "service").iter_rows():
        if centre not in wrong:
            found.setdefault(centre, {})[service] = (float(top_), float(low_ + max(0, more_)))
    return found


def _carried(metric: DeliveryMetric) -> tuple[pl.Expr, pl.Expr]:
    """Of cases (``metrics.figure``): how many more ended than were started, and how many may have; 0 of others."""
    if metric.denominator != ("started",):
        return pl.lit(0), pl.lit(0)
    ended = pl.sum_horizontal(OUTCOMES) - pl.col("started")
    carried = pl.col("carried_over")
    return pl.when(carried.is_not_null()).then(ended).otherwise(0), carried.fill_null(0)


@lru_cache(MOST_COUNTRIES)
def _year(engine: Engine, country: str, _mark: str) -> pl.DataFrame:
    """Return centre, service and the counts that are needed, of each report of the twelve months up to the newest."""
    last = store.newest_month(engine, country)
    rows = store.counts_by_service(engine, country, shifted(last, 1 - YEAR)) if last is not None else []
    schema = {"centre": pl.String, "service": pl.String, "counts": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    merged = store.mergers(engine, country)
    codes = {code: find_successor(code, merged) for code in merged}
    return frame.with_columns(
        pl.col("counts").str.json_decode(pl.Struct(dict.fromkeys(_COUNTS, pl.Int64))),
        pl.col("service").replace(codes),
    ).unnest("counts")
