"""The mapping as a small picture: which goals each theme serves, a ribbon as wide as it has links."""

from collections import Counter
from collections.abc import Mapping
from itertools import accumulate
from typing import TypedDict

from dashboard.answers.base.context import Context
from dashboard.answers.mapping.query import MappingQuery, write_pin_address
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.codebook.tables import MEASURED
from dashboard.locales import t

GAP = 2.0
"""Per cent of the height between two nodes of a column."""

LEAST_THEME, LEAST_GOAL = 14.0, 8.0
"""Per cent of the height that a node has for its words, however few links it has."""


class SmallNode(TypedDict):
    """A theme, or a goal, with the words beside it."""

    id: str  # of the theme; the goal's number
    label: str
    count: int  # links
    links: str  # the same in words
    to: str  # of a theme, the mapping at its links
    top: str  # of its middle, as a length: "12.5%"


class SmallMapping(TypedDict):
    """Both columns and the ribbons between them, as paths in a square of 100."""

    themes: list[SmallNode]
    goals: list[SmallNode]
    ribbons: list[str]


def view_small_mapping(ctx: Context) -> SmallMapping:
    """Return the links that have a target, by theme and goal, with figures or without."""
    links = Counter(
        (metric.theme, str(ctx.book.targets[link.target].goal))
        for metric in ctx.book.metrics.values()
        for link in metric.links
        if link.target
    )
    themes = {theme: sum(n for (own, _), n in links.items() if own == theme) for theme in MEASURED}
    served = sorted({goal for _, goal in links}, key=int)
    goals = {goal: sum(n for (_, own), n in links.items() if own == goal) for goal in served}
    wide = min(_width(themes, LEAST_THEME), _width(goals, LEAST_GOAL))
    left, right = _middles(themes, LEAST_THEME, wide), _middles(goals, LEAST_GOAL, wide)
    begin = {theme: left[theme] - wide * count / 2 for theme, count in themes.items()}
    end = {goal: right[goal] - wide * count / 2 for goal, count in goals.items()}
    ribbons = []
    for theme, goal in ((theme, goal) for theme in themes for goal in goals if (theme, goal) in links):
        high = wide * links[theme, goal]
        ribbons.append(_ribbon(begin[theme], end[goal], high))
        begin[theme] += high
        end[goal] += high
    query = MappingQuery(ctx, side="goals")

    def node(code: str, label: str, count: int, middle: float, to: str = "") -> SmallNode:
        words = t("mapping.links", ctx.lang, count=count)
        return SmallNode(id=code, label=label, count=count, links=words, to=to, top=f"{middle:.1f}%")

    return SmallMapping(
        themes=[
            node(
                theme,
                t(f"mapping.theme.{theme}", ctx.lang),
                count,
                left[theme],
                write_pin_address(query, theme, "", ""),
            )
            for theme, count in themes.items()
        ],
        goals=[
            node(goal, choose_text(ctx.book.goals[int(goal)].short, ctx.lang), count, right[goal])
            for goal, count in goals.items()
        ],
        ribbons=ribbons,
    )


def _width(counts: Mapping[str, int], least: float) -> float:
    """Return the widest a link may be so that all nodes of a column fit, none lower than its words."""
    room = 100 - GAP * (len(counts) - 1)
    low: set[str] = set()
    while True:
        wide = (room - least * len(low)) / sum(count for node, count in counts.items() if node not in low)
        lower = low | {node for node, count in counts.items() if wide * count < least}
        if lower == low:
            return wide
        low = lower


def _middles(counts: Mapping[str, int], least: float, wide: float) -> dict[str, float]:
    """Return the middle of each node; the remaining room is spread between them."""
    heights = [max(least, wide * count) for count in counts.values()]
    between = (100 - sum(heights)) / max(1, len(heights) - 1)
    tops = accumulate(heights[:-1], lambda top, height: top + height + between, initial=0.0)
    return {node: top + height / 2 for node, top, height in zip(counts, tops, heights, strict=True)}


def _ribbon(begin: float, end: float, high: float) -> str:
    """Draw a band from the left edge to the right that is level at both ends."""
    a, b, c, d = (f"{y:.1f}" for y in (begin, end, end + high, begin + high))
    return f"M0 {a}C50 {a} 50 {b} 100 {b}V{c}C50 {c} 50 {d} 0 {d}Z"
