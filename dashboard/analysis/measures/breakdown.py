"""Groups of people within one country: the year they share and the gap between them (docs/method.md).

A gap is best minus worst group in points, of groups that exclude one another and have reliable figures.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import polars as pl

EXCLUSIVE_DIMENSIONS = ("Sex", "Location", "Disability status", "Quantile", "Migratory status")
"""Breakdowns whose categories are groups of people that exclude one another."""

FLAGGED_STATUSES = ("suppressed", "unreliable", "censored")  # statuses of figures that no gap is made of

GAP_SCHEMA = {
    "gap": pl.Float64,
    "gap_high": pl.String,
    "gap_low": pl.String,
    "gap_lower": pl.Float64,
    "gap_upper": pl.Float64,
    "gap_reason": pl.String,
}
"""What ``add_gaps`` adds: highest minus lowest group in the unit of the figures, both groups, the 95 % interval where
every figure has a standard error, and why there is none: ``overlapping_groups``, ``one_group``, ``flagged_figure``."""


def select_dimension(rows: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """Return the primary rows broken down by one dimension alone, without totals, with their ``category``."""
    only = "^" + re.escape('{"' + dimension + '":"') + r"([^\"]*)" + re.escape('"}') + "$"
    return (
        rows.filter(pl.col("primary").fill_null(True))
        .with_columns(category=pl.col("dimensions").str.extract(only))
        .filter(pl.col("category").is_not_null())
    )


def select_latest_year(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of one year per country: the latest with figures of two groups, else of one.

    Of several rows of a category in that year the first is taken.
    """
    has_value = pl.col("value").is_not_null()
    by_year = rows.group_by("country", "year").agg(groups=pl.col("category").filter(has_value).n_unique())
    year = by_year.group_by("country").agg(
        year=pl.coalesce(
            pl.col("year").filter(pl.col("groups") >= 2).max(),  # two groups make a comparison; more are not waited for
            pl.col("year").filter(pl.col("groups") >= 1).max(),
            pl.col("year").max(),
        )
    )
    chosen = rows.join(year, on=["country", "year"], how="inner", maintain_order="left")
    return chosen.unique(["country", "category"], keep="first", maintain_order=True)


def add_gaps(rows: pl.DataFrame, dimension: str) -> pl.DataFrame:
    """Return ``rows`` (of ``select_latest_year``) with the columns of ``GAP_SCHEMA`` for each country."""
    found = [
        {"country": country} | _find_gap(group, dimension)
        for (country,), group in rows.group_by("country", maintain_order=True)
    ]
    gaps = pl.DataFrame(found, schema={"country": pl.String, **GAP_SCHEMA})
    return rows.join(gaps, on="country", how="left", maintain_order="left")


def _find_gap(rows: pl.DataFrame, dimension: str) -> dict[str, object]:
    if dimension not in EXCLUSIVE_DIMENSIONS:
        return {"gap_reason": "overlapping_groups"}
    valued = rows.filter(pl.col("value").is_not_null())
    is_flagged = pl.col("status").is_in(FLAGGED_STATUSES)
    usable = valued.filter(~is_flagged).sort("value", "category", descending=[True, False])
    if usable.height < 2:
        hidden = rows.filter(is_flagged).height
        return {"gap_reason": "flagged_figure" if usable.height + hidden >= 2 else "one_group"}
    high, low = usable.row(0, named=True), usable.row(-1, named=True)
    gap = {"gap": high["value"] - low["value"], "gap_high": high["category"], "gap_low": low["category"]}
    if usable["std_error"].null_count():
        return gap
    groups = {
        row["category"]: GapGroup(row["value"] / 100, row["std_error"] / 100) for row in usable.iter_rows(named=True)
    }
    tested = estimate_gap(groups)
    assert tested is not None  # two usable groups
    return gap | {"gap_lower": tested.lower, "gap_upper": tested.upper}


@dataclass(frozen=True, slots=True)
class GapGroup:
    """A group's share (0-1) and standard error; ``usable`` is False if it is hidden or unreliable."""

    share: float
    std_error: float
    usable: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """Points between the best and the worst group, with the interval and the names of both."""

    best: str
    worst: str
    points: float
    std_error: float
    lower: float
    upper: float


def estimate_gap(groups: Mapping[str, GapGroup], level: float = 0.95) -> Gap | None:
    """Return the gap between independent samples, or None with fewer than two usable groups.

    82 and 71 per cent with errors 1.5 and 2.2 give 11 points, 5.8 to 16.2. Groups of one clustered sample are not
    independent: use the joint covariance there.
    """
    usable = {name: group for name, group in groups.items() if group.usable}
    if len(usable) < 2:
        return None
    best = max(usable, key=lambda name: usable[name].share)
    worst = min(reversed(list(usable)), key=lambda name: usable[name].share)
    points = 100 * (usable[best].share - usable[worst].share)
    error = 100 * math.hypot(usable[best].std_error, usable[worst].std_error)
    margin = NormalDist().inv_cdf((1 + level) / 2) * error
    return Gap(best, worst, points, error, points - margin, points + margin)
