"""Fifty random views of one indicator and one country, chosen by a seed from the embedded dataset."""

import random
from dataclasses import dataclass

from dashboard.services.charting import kinds_of
from dashboard.services.context import Context
from dashboard.services.reading import holdings

SEED, HOW_MANY = 20261124, 50


@dataclass(frozen=True, slots=True)
class View:
    """One figure: the latest of a country. ``drawn``: the indicator has a trend."""

    indicator: str
    country: str
    year: int
    drawn: bool


def views(ctx: Context) -> list[View]:
    """The fifty, each with a value."""
    there = [
        View(indicator, country, row["year"], "trend" in kinds_of(ctx, ctx.book.metrics[indicator]))
        for indicator, latest in sorted(holdings(ctx).latest.items())
        for country, row in sorted(latest.items())
        if row["value"] is not None and country in ctx.book.countries
    ]
    return random.Random(SEED).sample(there, HOW_MANY)
