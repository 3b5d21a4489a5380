"""Where a country's figure and the medians lie on a line: positions in per cent, for the dot rows of a country's page."""

from typing import TypedDict

from dashboard.services.views import CountryRow, CountryView


class Dot(TypedDict):
    """A mark on the line: whose, where, and in words."""

    group: str
    at: str  # "37.5%"
    text: str


class DotRow(TypedDict):
    """One indicator's line. Each row has its own scale, from its smallest to its largest mark."""

    dots: list[Dot]
    start: str  # of the interval; "" when none is published
    width: str
    text: str


def dot_rows(view: CountryView) -> dict[str, DotRow]:
    """By indicator id, for rows with a figure and at least one median."""
    found = {}
    for theme in view["themes"]:
        for row in theme["rows"]:
            line = _line(row, view["name"])
            if line is not None:
                found[row["indicator"]] = line
    return found


def _line(row: CountryRow, name: str) -> DotRow | None:
    figure = row["figure"]
    medians = [m for m in row["medians"] if m["value"] is not None]
    if figure["value"] is None or not medians:
        return None
    low, high = figure["lower"], figure["upper"]
    marks = [figure["value"], *(m["value"] for m in medians if m["value"] is not None)]
    ends = [*marks, *(v for v in (low, high) if v is not None)]
    least, span = min(ends), (max(ends) - min(ends)) or 1.0

    def at(value: float) -> float:
        return round(4 + 92 * (value - least) / span, 2)

    dots: list[Dot] = [
        {"group": m["group"], "at": f"{at(m['value'])}%", "text": f"{m['label']}: {m['text']}"}
        for m in medians
        if m["value"] is not None
    ]
    dots.append({"group": "own", "at": f"{at(figure['value'])}%", "text": f"{name}: {figure['text']}"})
    interval = low is not None and high is not None
    return {
        "dots": dots,
        "start": f"{at(low)}%" if interval and low is not None else "",
        "width": f"{round(at(high) - at(low), 2)}%" if interval and low is not None and high is not None else "",
        "text": "; ".join(dot["text"] for dot in reversed(dots)),
    }
