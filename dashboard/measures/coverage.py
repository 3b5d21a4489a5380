"""How many of a group have a figure, and of which years: said beside every comparison."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from dashboard.measures.latest import has_figure, latest


@dataclass(frozen=True, slots=True)
class Coverage:
    """Countries of a group with a figure, and the years of their latest ones (None when there is none)."""

    with_figure: tuple[str, ...]
    without: tuple[str, ...]
    first_year: int | None
    last_year: int | None

    @property
    def of(self) -> int:
        """Size of the group."""
        return len(self.with_figure) + len(self.without)

    @property
    def mostly_missing(self) -> bool:
        """Whether more than half of the group has no figure: then a map would mislead, and the words must say so."""
        return 2 * len(self.without) > self.of


def coverage(rows: pl.LazyFrame, countries: Sequence[str]) -> Coverage:
    """Who of ``countries`` has a figure in ``rows`` (one indicator), in the order of ``countries``."""
    newest = latest(rows.select("country", "year", "value", "status"), countries).collect()
    found = newest.filter(has_figure())
    return Coverage(
        with_figure=tuple(found["country"]),
        without=tuple(newest.filter(~has_figure())["country"]),
        first_year=_year(found["year"].min()),
        last_year=_year(found["year"].max()),
    )


def _year(value: object) -> int | None:
    return value if isinstance(value, int) else None
