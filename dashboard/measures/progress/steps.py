"""Two shapes all methods share: bands of a number, and a score that is linear between given points."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, cast

import polars as pl


def name_band(number: pl.Expr, cuts: Sequence[tuple[float, str]], below: str) -> pl.Expr:
    """The name of the band: that of the first cut the number reaches, else ``below``; null for no number.

    Args:
        number: what is banded.
        cuts: least value and name of each band, the best first. An edge belongs to the better band.
        below: the name under all cuts.
    """
    named: Any = pl.when(number.is_null()).then(pl.lit(None, pl.String))
    for least, name in cuts:
        named = named.when(number >= least).then(pl.lit(name))
    return cast(pl.Expr, named.otherwise(pl.lit(below)))


def interpolate_score(number: pl.Expr, knots: Sequence[tuple[float, float]]) -> pl.Expr:
    """Linear between the knots (number, score), in rising order; the ends' scores beyond them."""
    score = pl.lit(knots[0][1])
    for (x0, y0), (x1, y1) in pairwise(knots):
        score += (number.clip(x0, x1) - x0) / (x1 - x0) * (y1 - y0)
    return score
