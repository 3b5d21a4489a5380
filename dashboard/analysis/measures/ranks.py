"""Ranks: the places a country could have given the errors of all figures (docs/method.md, ranks).

Counted from ``pairwise``: best = 1 + countries that are better, worst = n − countries that are worse, among figures of
one kind and year. Without published errors, ranks are the order as published.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import Any, Literal

import polars as pl

from dashboard.analysis.measures.intervals import read_std_error
from dashboard.analysis.measures.pairwise import PairReason, find_unlike, judge_pairs

Direction = Literal["higher", "lower", "centre", "none"]
Row = Mapping[str, Any]

RankReason = Literal[
    "",
    "no_figure",
    "censored_value",
    "claim_without_method",
    "other_series_or_edition",
    "no_year",
    "other_year",
    "error_for_one_only",
    "error_unknown",
    "licence_unmodified_only",
    "no_direction_declared",
    "below_minimum_n",
]
"""Why a country has no rank; "" where it has one."""

UNLIKE_REASONS = frozenset[str](("other_series_or_edition", "no_year", "other_year", "error_for_one_only"))
"""Those of figures that cannot be compared with the ones ranked."""

MIN_RANKED = 5  # fewest countries with a figure that are ranked at all (ours)

KIND_COLUMNS = ("source", "series", "unit", "edition", "nature", "year")
"""What the figures of one ranking share, besides whether their error is published."""


def rank_countries(
    figures: pl.DataFrame,
    direction: Direction,
    *,
    centre: float | None = None,
    step: float = 0.0,
    min_n: int = MIN_RANKED,
    as_published: bool = False,
    needs_error: bool = False,
    claims: Collection[str] = (),
    chosen: Collection[str] = (),
) -> pl.DataFrame:
    """Return ``figures`` (one row per country) with the range of ranks of each.

    Args:
        figures: rows of ``dashboard.evidence.dataset.schema.ROWS``; null values are not ranked.
        direction: which end is better; ``none`` gives no ranks.
        centre: the best value, where ``direction`` is ``centre``: ranked by distance to it.
        step: the publisher's rounding step, in the unit of the value.
        min_n: fewest figures that are ranked.
        as_published: the licence allows figures only as published, so nothing is ranked.
        needs_error: the publisher gives errors in some editions: figures of one without are not ranked.
        claims: countries whose figure is a claim without a method: it is not ranked.
        chosen: countries whose kind of figures is ranked, where there are several; else the commonest kind.
    """
    if direction == "centre" and centre is None:
        raise ValueError("direction 'centre' needs the value of the centre")
    rows = figures.to_dicts()
    reasons: dict[str, RankReason] = {row["country"]: _refuse(row, row["country"] in claims) for row in rows}
    kind = _choose_kind([row for row in rows if not reasons[row["country"]]], chosen)
    for row in rows:
        if kind and not reasons[row["country"]]:
            reasons[row["country"]] = _explain_other_kind(row, kind[0])
    ranked = [row for row in rows if not reasons[row["country"]]]
    error_known = bool(ranked) and read_std_error(ranked[0]) is not None
    refusal: RankReason = ""
    if as_published:
        refusal = "licence_unmodified_only"
    elif direction == "none":
        refusal = "no_direction_declared"
    elif needs_error and not error_known:
        refusal = "error_unknown"
    elif len(ranked) < min_n:
        refusal = "below_minimum_n"
    ranges: dict[str, tuple[int, int]] = {}
    if not refusal:
        goodness = {row["country"]: _rate(row["value"], direction, centre) for row in rows if row["value"] is not None}
        judged = {row["country"]: {**row, "value": goodness.get(row["country"])} for row in rows}
        refused: dict[str, PairReason] = dict.fromkeys(claims, "claim")
        names = [row["country"] for row in ranked]
        ranges = _rank_by_pairs(judged, refused, names) if error_known else _rank_as_published(goodness, names, step)
    countries = [row["country"] for row in rows]
    return figures.with_columns(
        pl.Series("rank_best", [ranges.get(name, (None, None))[0] for name in countries], pl.Int32),
        pl.Series("rank_worst", [ranges.get(name, (None, None))[1] for name in countries], pl.Int32),
        pl.Series("error_known", [error_known and not reasons[name] for name in countries], pl.Boolean),
        pl.Series("rank_reason", [reasons[name] or refusal for name in countries], pl.String),
    )


def _refuse(row: Row, is_claim: bool) -> RankReason:
    if row["status"] == "censored":
        return "censored_value"
    if row["value"] is None:
        return "no_figure"
    if is_claim:
        return "claim_without_method"
    return "no_year" if row["year"] is None else ""


def _choose_kind(rows: Sequence[Row], chosen: Collection[str]) -> list[Row]:
    """Return the figures of the kind that most of the chosen countries have, else of the commonest."""
    kinds: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        kinds.setdefault((*(row[name] for name in KIND_COLUMNS), read_std_error(row) is None), []).append(row)
    return max(kinds.values(), key=lambda rows: (sum(row["country"] in chosen for row in rows), len(rows)), default=[])


def _explain_other_kind(row: Row, ranked: Row) -> RankReason:
    """Return why a figure is not of the kind of ``ranked``; "" if it is."""
    unlike = find_unlike(row, ranked)
    if unlike:
        return "other_year" if unlike == "other_year" else "other_series_or_edition"
    return "" if (read_std_error(row) is None) == (read_std_error(ranked) is None) else "error_for_one_only"


def _rank_by_pairs(
    figures: Mapping[str, Row], refused: Mapping[str, PairReason], ranked: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Return the ranges of ranks that the pairs leave; unranked figures take part in the adjustment."""
    better, worse = Counter[str](), Counter[str]()
    for test in judge_pairs(figures, combinations(figures, 2), refused):
        if test.verdict == "different" and {test.first, test.second} <= set(ranked):
            ahead, behind = (test.first, test.second) if (test.difference or 0.0) > 0 else (test.second, test.first)
            better[behind] += 1
            worse[ahead] += 1
    return {name: (1 + better[name], len(ranked) - worse[name]) for name in ranked}


def _rank_as_published(goodness: Mapping[str, float], ranked: Sequence[str], step: float) -> dict[str, tuple[int, int]]:
    """Return the ranks in the published order, with half a step of slack for binary rounding."""
    listed = sorted(goodness[name] for name in ranked)
    return {
        name: (
            1 + len(listed) - bisect_right(listed, goodness[name] + step / 2),
            len(listed) - bisect_left(listed, goodness[name] - step / 2),
        )
        for name in ranked
    }


def _rate(value: float, direction: Direction, centre: float | None) -> float:
    """Return a number that is larger for a better value."""
    if direction == "lower":
        return -value
    return -abs(value - (centre or 0.0)) if direction == "centre" else value
