"""A number that is known to be of an indicator, a country and a year, held against all we ever held of them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.base.rows import Row, find_latest
from dashboard.services.drafts.numbers import DraftNumber
from dashboard.services.drafts.views import Verdict

WIDER = 0.25
"""How far beyond all figures of an indicator a number may lie and still be one of it, as a share of their range."""

ROUND_SHARE = 3.0
"""What “about 60 %” allows, in points: whole tens are told for their neighbours (ours)."""

ROUND_AMOUNT = 0.02
"""The same of amounts of a thousand and more, as a share (ours)."""

AMOUNTS = ("usd", "ppp_usd", "people")
"""Units of indicators whose figures are of many sizes, and are told in thousands and millions too."""

NEAR_SCALE, TIMES = 0.3, 2.0
"""A number is on the scale whose figure is within that share of its range, and so many times nearer than the other."""

NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class NumberVerdict:
    """``row``: the figure in force; ``earlier``: the superseded one that the number is. ``why``: of ``not_ours``."""

    verdict: Verdict
    why: str = ""
    indicator: str = ""
    row: Row | None = None
    earlier: Row | None = None


class HeldFigures:
    """What the dataset held of the countries of one draft, each read once."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._read: dict[tuple[str, str], list[Row]] = {}

    def find(self, metric: str, iso3: str, year: int) -> list[Row]:
        """Rows of the country as a whole for a year, in force or not: in force first, the shown one before others."""
        if (metric, iso3) not in self._read:
            rows = (
                self._ctx.dataset.history(metric)
                .filter(pl.col("country") == iso3, pl.col("dimensions") == "{}")
                .filter(pl.col("vintage") <= self._ctx.dataset.vintage)
                .sort("year", ~pl.col("primary"), "vintage", descending=[False, False, True])
                .collect()
            )
            self._read[metric, iso3] = rows.rows(named=True)
        rows_of_year = [row for row in self._read[metric, iso3] if row["year"] == year]
        return sorted(rows_of_year, key=lambda row: not self.is_in_force(row))

    def is_in_force(self, row: Row) -> bool:
        """Whether no vintage up to the one asked has ended a row."""
        return row["superseded"] is None or row["superseded"] > self._ctx.dataset.vintage


def judge(
    ctx: Context, held: HeldFigures, number: DraftNumber, indicators: Collection[str], iso3: str, year: int
) -> NumberVerdict:
    """The verdict on a number; never ``differs`` where two figures could be meant."""
    rows = {metric: held.find(metric, iso3, year) for metric in sorted(indicators)}
    for metric, found in rows.items():
        for row in found:
            if held.is_in_force(row) and agrees(number, row):
                return NumberVerdict("matches", "", metric, row)
    for metric, found in rows.items():
        for row in found:
            if not held.is_in_force(row) and agrees(number, row):
                now = next((one for one in found if held.is_in_force(one)), None)
                return NumberVerdict("superseded", "", metric, now, row)
    in_force = {metric: [one for one in found if held.is_in_force(one)] for metric, found in rows.items()}
    shown = {metric: one for metric, found in in_force.items() for one in found if one["primary"]}
    near = _choose_nearest(ctx, number, {one: row for one, row in shown.items() if is_plausible(ctx, one, number)})
    if len(near) == 1:
        (metric, row), *_ = near.items()
        if row["value"] is None:
            return NumberVerdict("not_ours", "censored" if row["status"] == "censored" else "missing", metric, row)
        if number.decimals > _decimals_of(row) and ctx.book.metrics[metric].decimals == 0:
            return NumberVerdict("not_ours", "precision", metric, row)
        return NumberVerdict("differs", "", metric, row)
    one = next(iter(indicators)) if len(indicators) == 1 else ""
    if near:
        return NumberVerdict("not_ours", "indicators", one)
    return NumberVerdict("not_ours", "beyond" if shown else "no_figure", one)


def _choose_nearest(ctx: Context, number: DraftNumber, shown: dict[str, Row]) -> dict[str, Row]:
    """Of two scales of one thing the one a number is written on: by far the nearer, each measured by its own range."""
    apart = {}
    for metric, row in shown.items():
        ends = find_range(ctx.timeless, metric)
        if ends is None or row["value"] is None:
            return shown
        apart[metric] = abs(number.value - row["value"]) / ((ends[1] - ends[0]) or 1.0)
    order = sorted(apart, key=lambda one: apart[one])
    clear = len(order) > 1 and apart[order[0]] <= NEAR_SCALE and apart[order[1]] >= TIMES * apart[order[0]]
    return {order[0]: shown[order[0]]} if clear else shown


def agrees(number: DraftNumber, row: Row) -> bool:
    """Whether a number is a figure, as exactly as it is said; a published bound agrees with the same bound."""
    said, value = number.value, row["value"]
    if value is None:
        ends = {"less": "upper", "below": "upper", "more": "lower", "above": "lower"}
        bound = row[ends[number.bound]] if number.bound in ends else None
        return row["status"] == "censored" and bound is not None and abs(said - bound) <= number.step / 2
    half = _step(number) / 2
    if number.bound == "above":
        return bool(value > said)
    if number.bound == "below":
        return bool(value < said)
    if number.bound == "more":
        return bool(value >= said - half - NEAR)
    if number.bound == "less":
        return bool(value <= said + half + NEAR)
    if number.bound == "about":
        tens = said and said % 10 == 0 and number.decimals == 0 and abs(said) <= 100
        half = max(2 * half, ROUND_SHARE if tens else 0, abs(said) * ROUND_AMOUNT if abs(said) >= 1000 else 0)
    return bool(abs(said - value) <= half * (1 + NEAR) + NEAR)


def is_plausible(ctx: Context, metric: str, number: DraftNumber) -> bool:
    """Whether a number lies where figures of an indicator lie: one that does not is of something else."""
    ends = find_range(ctx.timeless, metric)
    if ends is None:
        return False
    low, high = ends
    wide = (high - low) * WIDER
    first, last = ctx.book.metrics[metric].limit_low, ctx.book.metrics[metric].limit_high
    if low > 0 and ctx.book.metrics[metric].unit in AMOUNTS:
        low = low / 2  # 14.2 below a head that says thousands: their range spans so many sizes that it says nothing
    else:
        low = low - wide if first is None else max(first, low - wide)
    high = high + wide if last is None else min(last, high + wide)
    return low - NEAR <= number.value <= high + NEAR


@kept(256)
def find_range(ctx: Context, metric: str) -> tuple[float, float] | None:
    """The least and the greatest of the latest figures of an indicator; None where there is none."""
    values = [row["value"] for row in find_latest(ctx, metric).values() if row["value"] is not None]
    return (min(values), max(values)) if values else None


def measure_difference(number: DraftNumber, row: Row) -> float | None:
    """Written less ours, rounded to what was written."""
    if row["value"] is None:
        return None
    return float(round(number.value - row["value"], max(number.decimals, 2)))


def _step(number: DraftNumber) -> float:
    """What the last digit that is meant counts: of 13,100 that is a hundred."""
    if number.decimals or abs(number.value) < 1000 or number.step != 1:
        return number.step
    step, rest = 1, int(abs(number.value))
    while rest and rest % 10 == 0:
        rest //= 10
        step *= 10
    return float(step)


def _decimals_of(row: dict[str, Any]) -> int:
    _, _, decimals = str(row["value_text"]).strip().partition(".")
    return len(decimals) if decimals.isdigit() else 0
