"""Fifty random views of one indicator and one country, chosen by a seed from the embedded dataset."""

import random
from dataclasses import dataclass

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import load_holdings
from dashboard.answers.charts.query import list_kinds

SEED, HOW_MANY = 20261124, 50


@dataclass(frozen=True, slots=True)
class View:
    """One figure: the latest of a country. ``drawn``: it stands in a trend, which takes a year."""

    indicator: str
    country: str
    year: int | None  # None: the publisher does not say which
    drawn: bool

    @property
    def period(self) -> str:
        """The period as files write it; of a figure whose year is not published, the span it is of."""
        return str(self.year) if self.year is not None else "2015/2025"

    @property
    def query(self) -> str:
        """The view as parameters of an address."""
        years = f"&from={self.year}&to={self.year}" if self.year is not None else ""
        return f"indicator={self.indicator}&country={self.country}{years}"


def views(ctx: Context) -> list[View]:
    """The fifty, each with a value."""
    metrics = ctx.book.metrics
    there = [
        View(
            indicator, country, row["year"], row["year"] is not None and "trend" in list_kinds(ctx, metrics[indicator])
        )
        for indicator, latest in sorted(load_holdings(ctx).latest.items())
        for country, row in sorted(latest.items())
        if row["value"] is not None and country in ctx.book.countries
    ]
    return random.Random(SEED).sample(there, HOW_MANY)
