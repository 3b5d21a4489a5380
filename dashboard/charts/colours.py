"""The colour and mark of a country: the same on every page and chart, as far as six reach."""

from collections.abc import Iterable, Sequence

from dashboard.charts.chart import MOST_CHOSEN


def places(countries: Iterable[str], order: Sequence[str]) -> dict[str, int]:
    """The place of each country in the palette, 0 to 5, whatever the order they were chosen in.

    Each country of ``order`` has a place of its own. Where two chosen ones share it, the one that comes later in
    ``order`` takes the next that is free; so one that joins or leaves moves only those that it shares a place with. A
    seventh country takes its own place again: that many are told apart by panels or rows.

    Args:
        countries: ISO3 of the chosen countries.
        order: all countries; those compared most first, so that they differ among themselves.
    """
    rank = {iso3: number for number, iso3 in enumerate(order)}
    taken: dict[str, int] = {}
    for iso3 in sorted(countries, key=lambda code: (rank.get(code, len(rank)), code)):
        own = rank.get(iso3, len(rank)) % MOST_CHOSEN
        nearest = ((own + step) % MOST_CHOSEN for step in range(MOST_CHOSEN))
        taken[iso3] = next((place for place in nearest if place not in taken.values()), own)
    return taken
