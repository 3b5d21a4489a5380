"""Bands of a number, and scores that are linear between points."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, cast

import polars as pl


def name_band(number: pl.Expr, cuts: Sequence[tuple[float, str]], below: str) -> pl.Expr:
    """Return the name of the first cut that a number reaches, else ``below``; null without a number.

    ``cuts`` are the least value and name of each band, the best first; an edge belongs to the better band.
    """
    named: Any = pl.when(number.is_null()).then(pl.lit(None, pl.String))
    for least, name in cuts:
        named = named.when(number >= least).then(pl.lit(name))
    return cast(pl.Expr, named.otherwise(pl.lit(below)))


def interpolate_score(number: pl.Expr, knots: Sequence[tuple[float, float]]) -> pl.Expr:
    """Return the score linear between the rising knots (number, score), constant beyond them."""
    score = pl.lit(knots[0][1])
    for (x0, y0), (x1, y1) in pairwise(knots):
        score += (number.clip(x0, x1) - x0) / (x1 - x0) * (y1 - y0)
    return score
