"""The colour and mark of a country: the same on every page and chart, as far as six reach."""

from collections.abc import Iterable, Sequence

from dashboard.charts.chart import MOST_CHOSEN


def assign_places(countries: Iterable[str], order: Sequence[str]) -> dict[str, int]:
    """The place of each country in the palette, 0 to 5.

    Each country of ``order`` has a place of its own. Where two chosen ones share it, the one chosen later takes the
    next that is free: who joins moves nobody, who leaves only those that gave way to it. A seventh country takes its
    own place again: that many are told apart by panels or rows.

    Args:
        countries: ISO3 of the chosen countries, in the order in which they were chosen.
        order: all countries; those compared most first, so that they differ among themselves.
    """
    rank = {iso3: number for number, iso3 in enumerate(order)}
    taken: dict[str, int] = {}
    for iso3 in countries:
        own = rank.get(iso3, len(rank)) % MOST_CHOSEN
        nearest = ((own + step) % MOST_CHOSEN for step in range(MOST_CHOSEN))
        taken[iso3] = next((place for place in nearest if place not in taken.values()), own)
    return taken
