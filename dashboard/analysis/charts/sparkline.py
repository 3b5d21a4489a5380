"""Sparklines: a series of figures a few letters high, its ends in words.

Lines break where charts break them. Counts of who has a figure are bars, so that nobody reads a trend in them.
"""

from collections.abc import Sequence
from typing import TypedDict

WIDTH, HEIGHT, MARGIN = 120.0, 28.0, 3.0
"""Units of the drawing; the page scales it."""


DOT = "a1 1 0 1 0 2 0a1 1 0 1 0-2 0"
"""A circle of radius 1 from its left end: with the width of the line a dot."""


class Sparkline(TypedDict):
    """A small line without axes; ``path`` is "" with too few figures."""

    path: str  # of an SVG 120 × 28
    x: float  # of the last point
    y: float
    first: str  # what its ends are called: a year, a month
    last: str


NONE = Sparkline(path="", x=0.0, y=0.0, first="", last="")


def draw_sparkline(
    *runs: Sequence[tuple[float, float]],
    stepped: bool = False,
    least: float = 0.0,
    ends: tuple[str, str] | None = None,
) -> Sparkline:
    """Draw a line through (year, value) on its own scale; ``NONE`` for fewer than two points.

    Args:
        runs: points by year, or month number; each run is a line, and a point alone in its run a dot.
        stepped: a count that stays until it changes; else straight from point to point.
        least: the smallest span of the vertical scale.
        ends: names of the ends; else the first and last year.
    """
    points = [point for run in runs for point in run]
    if len(points) < 2:
        return NONE
    years, values = [year for year, _ in points], [value for _, value in points]
    span, low, high = years[-1] - years[0] or 1.0, min(values), max(values)
    reach = max(high - low, least) or 1.0
    low -= (reach - (high - low)) / 2 if least > high - low else 0.0

    def place(year: float, value: float) -> tuple[float, float]:
        x = MARGIN + (WIDTH - 2 * MARGIN) * (year - years[0]) / span
        y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (value - low) / reach
        return round(x, 1), round(y, 1)

    path = ""
    for run in runs:
        (x, y), *further = (place(*point) for point in run)
        path += f"M{x:g} {y:g}" if further else f"M{x - 1:g} {y:g}{DOT}"
        for x, y in further:
            path += f"H{x:g}V{y:g}" if stepped else f"L{x:g} {y:g}"
    first, last = ends or (f"{years[0]:g}", f"{years[-1]:g}")
    return Sparkline(path=path, x=x, y=y, first=first, last=last)


BAR_SHARE = 0.7  # share of a year's width that its bar takes

MIN_YEARS = 6  # years that bars are at least made for: a single wide bar would read as a span


def draw_count_bars(counts: Sequence[tuple[int, int]], of: int) -> Sparkline:
    """Draw a bar for each (year, count), as high as its share of ``of``; ``NONE`` if nobody has a figure."""
    if not counts or not of:
        return NONE
    first, last = counts[0][0], counts[-1][0]
    step = (WIDTH - 2 * MARGIN) / (last - first + 1)
    widest = (WIDTH - 2 * MARGIN) / MIN_YEARS
    width, base = max(min(step, widest) * BAR_SHARE, 1.0), HEIGHT - MARGIN
    path = ""
    for year, count in counts:
        height = (HEIGHT - 2 * MARGIN) * min(count / of, 1.0)
        left = MARGIN + step * (year - first)
        path += f"M{left:.1f} {base:g}v{-height:.1f}h{width:.1f}v{height:.1f}z"
    return Sparkline(path=path, x=0.0, y=0.0, first=str(first), last=str(last))
