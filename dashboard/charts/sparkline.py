"""A series of figures as a drawing a few letters high: its shape for the eye, its ends in words.

A line is a course of figures, broken where a chart of them is. What only counts who has a figure is drawn in bars, so
that nobody reads a trend in it.
"""

from collections.abc import Sequence
from typing import TypedDict

WIDTH, HEIGHT, MARGIN = 120.0, 28.0, 3.0
"""Units of the drawing; the page scales it."""


DOT = "a1 1 0 1 0 2 0a1 1 0 1 0-2 0"
"""A circle of radius 1 from its left end: with the width of the line a dot."""


class Sparkline(TypedDict):
    """A small line without axes; ``path`` is "" where there are too few figures for one."""

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
    """The line through (year, value), drawn on its own scale; ``NONE`` for fewer than two points.

    Args:
        runs: points in the order of their years; or of months, if each has its number. A line joins those of one run,
            and a point alone in its run is a dot: what lies between two runs is not known.
        stepped: a count that stays until it changes; else straight from point to point.
        least: the height stands for no less than this, so that a change nobody would feel does not look like one.
        ends: what the first and the last point are called; None for their years.
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


BAR = 0.7
"""Share of a year's width that its bar takes."""

FEWEST_YEARS = 6
"""Of so few years a bar is no wider than of that many: one alone would read as a span."""


def draw_count_bars(counts: Sequence[tuple[int, int]], of: int) -> Sparkline:
    """A bar a year with how many of ``of`` have a figure; ``NONE`` where nobody has one of any year.

    Args:
        counts: (year, how many), by year; years that are not named have none.
        of: what the whole height stands for.
    """
    if not counts or not of:
        return NONE
    first, last = counts[0][0], counts[-1][0]
    step = (WIDTH - 2 * MARGIN) / (last - first + 1)
    widest = (WIDTH - 2 * MARGIN) / FEWEST_YEARS
    width, base = max(min(step, widest) * BAR, 1.0), HEIGHT - MARGIN
    path = ""
    for year, count in counts:
        height = (HEIGHT - 2 * MARGIN) * min(count / of, 1.0)
        left = MARGIN + step * (year - first)
        path += f"M{left:.1f} {base:g}v{-height:.1f}h{width:.1f}v{height:.1f}z"
    return Sparkline(path=path, x=0.0, y=0.0, first=str(first), last=str(last))
