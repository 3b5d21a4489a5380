"""The colour and mark of a country: the same on every page and chart, for up to six countries."""

from collections.abc import Iterable, Sequence

from dashboard.analysis.charts.chart import MAX_CHOSEN


def assign_places(countries: Iterable[str], order: Sequence[str]) -> dict[str, int]:
    """Return the place in the palette (0 to 5) of each country, in the order in which they were chosen.

    Each country of ``order`` has its own place; a later one takes the next free place instead: joining moves nobody,
    leaving only those that gave way. From the seventh on places repeat.
    """
    rank = {iso3: number for number, iso3 in enumerate(order)}
    taken: dict[str, int] = {}
    for iso3 in countries:
        own = rank.get(iso3, len(rank)) % MAX_CHOSEN
        nearest = ((own + step) % MAX_CHOSEN for step in range(MAX_CHOSEN))
        taken[iso3] = next((place for place in nearest if place not in taken.values()), own)
    return taken
