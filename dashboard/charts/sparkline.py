"""A series of figures as a line a few letters high: its shape for the eye, its ends in words."""

from collections.abc import Sequence
from typing import TypedDict

WIDTH, HEIGHT, MARGIN = 120.0, 28.0, 3.0
"""Units of the drawing; the page scales it."""


class Sparkline(TypedDict):
    """A small line without axes; ``path`` is "" where there are too few figures for one."""

    path: str  # of an SVG 120 × 28
    x: float  # of the last point
    y: float
    first: str  # what its ends are called: a year, a month
    last: str


NONE = Sparkline(path="", x=0.0, y=0.0, first="", last="")


def draw_sparkline(
    points: Sequence[tuple[float, float]],
    *,
    stepped: bool = False,
    least: float = 0.0,
    ends: tuple[str, str] | None = None,
) -> Sparkline:
    """The line through (year, value), drawn on its own scale; ``NONE`` for fewer than two points.

    Args:
        points: in the order of their years; or of months, if each has its number.
        stepped: a count that stays until it changes; else straight from point to point.
        least: the height stands for no less than this, so that a change nobody would feel does not look like one.
        ends: what the first and the last point are called; None for their years.
    """
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

    coordinates = [place(*point) for point in points]
    path = f"M{coordinates[0][0]:g} {coordinates[0][1]:g}"
    for x, y in coordinates[1:]:
        path += f"H{x:g}V{y:g}" if stepped else f"L{x:g} {y:g}"
    first, last = ends or (f"{years[0]:g}", f"{years[-1]:g}")
    return Sparkline(path=path, x=coordinates[-1][0], y=coordinates[-1][1], first=first, last=last)
