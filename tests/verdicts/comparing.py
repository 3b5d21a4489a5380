"""Pairs, ranks and places among peers made again from rows, by their own arithmetic (see ``parquet``)."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations

import polars as pl

from tests.verdicts.parquet import Z_90, Published, Row, read_error

ALPHA = math.erfc(Z_90 / math.sqrt(2))
KIND = ("source", "series", "unit", "edition", "nature", "year")
MIN_PEERS, MIN_RANKED, MIN_SPREAD = 5, 5, 10


def adjust(p_values: Mapping[object, float]) -> dict[object, float]:
    """Holm: the largest of the p-values up to one's own, each times the number of those that are no smaller."""
    ordered = sorted(p_values, key=lambda name: p_values[name])
    factors = [(len(ordered) - place) * p_values[name] for place, name in enumerate(ordered)]
    return {name: min(1.0, most) for name, most in zip(ordered, accumulate(factors, max), strict=True)}


def is_like(one: Row, other: Row) -> bool:
    """Whether two figures are of one publisher, series, unit, edition, nature and year."""
    return all((one[name] or "") == (other[name] or "") for name in KIND)


def find_apart(rows: Mapping[str, Row]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Of the pairs of countries those told apart (the higher first), and those that could be tested (by code)."""
    p_values: dict[object, float] = {}
    for one, other in combinations(sorted(rows), 2):
        errors = read_error(rows[one]), read_error(rows[other])
        if is_like(rows[one], rows[other]) and errors[0] is not None and errors[1] is not None:
            difference = abs(rows[one]["value"] - rows[other]["value"])
            error = math.sqrt(errors[0] ** 2 + errors[1] ** 2)
            p_values[one, other] = math.erfc(difference / error / math.sqrt(2)) if error else float(not difference)
    apart = set()
    for pair, p in adjust(p_values).items():
        if p < ALPHA:
            one, other = pair  # type: ignore[misc]
            apart.add((one, other) if rows[one]["value"] > rows[other]["value"] else (other, one))
    return apart, set(p_values)  # type: ignore[arg-type]


def rank(
    rows: Mapping[str, Row], direction: str, chosen: Collection[str] = (), needs_error: bool = False, step: float = 0.0
) -> dict[str, tuple[int, int]]:
    """The best and worst rank of each country that has one."""
    kinds: dict[tuple[object, ...], list[str]] = {}
    for country, row in rows.items():
        kinds.setdefault((*(row[name] for name in KIND), read_error(row) is None), []).append(country)
    ranked = max(kinds.values(), key=lambda those: (len(set(those) & set(chosen)), len(those)), default=[])
    with_error = bool(ranked) and read_error(rows[ranked[0]]) is not None
    if len(ranked) < MIN_RANKED or (needs_error and not with_error):
        return {}
    sign = -1 if direction == "lower" else 1
    if with_error:
        told = find_apart(rows)[0]
        ahead = {pair if sign > 0 else pair[::-1] for pair in told if set(pair) <= set(ranked)}
    else:
        value = {country: sign * rows[country]["value"] for country in ranked}
        ahead = {(one, other) for one in ranked for other in ranked if value[one] - value[other] > step / 2}
    return {
        country: (
            1 + sum(behind == country for _, behind in ahead),
            len(ranked) - sum(first == country for first, _ in ahead),
        )
        for country in ranked
    }


@dataclass(frozen=True)
class Gap:
    """A country beside the mean of its peers: better is more; ``margin`` 0 where there is none."""

    difference: float
    error: float
    margin: float
    better: int
    worse: int
    peers: frozenset[str]


def measure(country: str, peers: Sequence[str], rows: Mapping[str, Row], direction: str) -> Gap | None:
    """The gap of a country in an indicator; None of too few peers to compare it with."""
    apart, tested = find_apart({one: rows[one] for one in (country, *peers) if one in rows})
    like = [peer for peer in peers if (country, peer) in tested or (peer, country) in tested]
    if len(like) < MIN_PEERS:
        return None
    sign = -1 if direction == "lower" else 1
    own, k = rows[country], len(like)
    all_values = [row["value"] for row in rows.values() if is_like(row, own)]
    centre = sum(all_values) / len(all_values)
    spread = math.sqrt(sum((value - centre) ** 2 for value in all_values) / max(1, len(all_values) - 1))
    above, below = (sum(pair == (one, other) for pair in apart for one, other in those) for those in (
        [(country, peer) for peer in like], [(peer, country) for peer in like],
    ))  # fmt: skip
    return Gap(
        sign * (own["value"] - sum(rows[peer]["value"] for peer in like) / k),
        math.sqrt((read_error(own) or 0) ** 2 + sum((read_error(rows[peer]) or 0) ** 2 for peer in like) / k**2),
        spread / 2 if len(all_values) >= MIN_SPREAD else 0.0,
        *((above, below) if sign > 0 else (below, above)),
        frozenset(like),
    )


def judge(gaps: Mapping[str, Gap]) -> dict[str, str]:
    """The verdict on each indicator of a country."""

    def tail(z: float) -> float:
        return math.erfc(z / math.sqrt(2)) / 2

    unequal = adjust({name: 2 * tail(abs(gap.difference) / gap.error) for name, gap in gaps.items()})
    alike = adjust({name: tail((gap.margin - abs(gap.difference)) / gap.error) for name, gap in gaps.items()})
    words = {}
    for name, gap in gaps.items():
        if unequal[name] < ALPHA:
            words[name] = "better" if gap.difference > 0 else "worse"
        elif gap.better and gap.worse:
            words[name] = "mixed"
        else:
            words[name] = "similar" if alike[name] < ALPHA else "cannot_tell"
    return words


def read_latest(published: Published) -> dict[str, dict[str, Row]]:
    """Indicator → country → its latest national total with a value; who has only a bound there is left out."""
    rows = (
        pl.read_parquet(published.path)
        .filter(
            pl.col("primary"), pl.col("dimensions") == "{}",
            pl.col("value").is_not_null() | (pl.col("status") == "censored"),
        )
        .sort("year", nulls_last=False)
    )  # fmt: skip
    latest: dict[str, dict[str, Row]] = {}
    for row in rows.iter_rows(named=True):
        latest.setdefault(row["indicator"], {})[row["country"]] = row
    return {
        name: {
            country: row for country, row in those.items() if row["value"] is not None and row["status"] != "censored"
        }
        for name, those in latest.items()
    }
