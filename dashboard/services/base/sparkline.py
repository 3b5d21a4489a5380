"""A series of figures as a line a few letters high: its shape for the eye, its ends in words."""

from collections.abc import Sequence

from dashboard.services.base.views import Sparkline

WIDTH, HEIGHT, MARGIN = 120.0, 28.0, 3.0
"""Units of the drawing; the page scales it."""

NONE = Sparkline(path="", x=0.0, y=0.0, first="", last="")


def sparkline(points: Sequence[tuple[float, float]], *, stepped: bool = False) -> Sparkline:
    """The line through (year, value), drawn on its own scale; ``NONE`` for fewer than two points.

    Args:
        points: in the order of their years.
        stepped: a count that stays until it changes; else straight from point to point.
    """
    if len(points) < 2:
        return NONE
    years, values = [year for year, _ in points], [value for _, value in points]
    span, reach = years[-1] - years[0] or 1.0, max(values) - min(values) or 1.0

    def place(year: float, value: float) -> tuple[float, float]:
        x = MARGIN + (WIDTH - 2 * MARGIN) * (year - years[0]) / span
        y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (value - min(values)) / reach
        return round(x, 1), round(y, 1)

    coordinates = [place(*point) for point in points]
    path = f"M{coordinates[0][0]:g} {coordinates[0][1]:g}"
    for x, y in coordinates[1:]:
        path += f"H{x:g}V{y:g}" if stepped else f"L{x:g} {y:g}"
    return Sparkline(
        path=path, x=coordinates[-1][0], y=coordinates[-1][1], first=f"{years[0]:g}", last=f"{years[-1]:g}"
    )
