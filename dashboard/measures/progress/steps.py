"""Two shapes all methods share: bands of a number, and a score that is linear between given points."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, cast

import polars as pl


def bands(number: pl.Expr, cuts: Sequence[tuple[float, str]], below: str) -> pl.Expr:
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


def interpolated(number: pl.Expr, knots: Sequence[tuple[float, float]]) -> pl.Expr:
    """Linear between the knots (number, score), in rising order; the ends' scores beyond them."""
    (first, least), (_, most) = knots[0], knots[-1]
    score: Any = pl.when(number.is_null()).then(pl.lit(None, pl.Float64)).when(number <= first).then(pl.lit(least))
    for (x0, y0), (x1, y1) in pairwise(knots):
        score = score.when(number < x1).then(y0 + (number - x0) / (x1 - x0) * (y1 - y0))
    return cast(pl.Expr, score.otherwise(pl.lit(most)))
