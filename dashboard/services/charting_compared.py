"""What only comparisons ask of a chart: a second indicator, an event that years are counted from, an insistence."""

from dataclasses import dataclass
from typing import Any, get_args

from dashboard.codebook.model import text
from dashboard.codebook.register_model import EventType
from dashboard.services.changes import BASE_YEAR
from dashboard.services.context import Context
from dashboard.services.errors import Invalid
from dashboard.services.events import starts
from dashboard.services.find import find_metric
from dashboard.services.reading import stats_of
from dashboard.services.words import term

MOST = 6
"""Most countries a chart can tell apart."""

MOST_APART = 12
"""Most countries of a chart that gives each a panel or a row of its own: ``multiples`` and ``dumbbell``."""

OF_THE_CHOSEN = ("trend", "multiples", "slope", "dumbbell", "aligned", "projection")
"""Kinds that show the chosen countries and no others."""

BETWEEN_DATES = ("slope", "dumbbell")
"""Kinds whose period is two dates: the years between are not drawn."""

PICTURED = ("trend", "ranking", "distribution", "breakdown", "beside")
"""Kinds whose picture is what a browser draws, to the pixel. How large a map gets depends on how words are measured."""

OF_A_YEAR = ("ranking", "map", "world", "distribution", "scatter")
"""Kinds that show one figure of each country: a period of one year is the year they are near to."""

DEFAULT_EVENT: EventType = "centre_opened"
NEVER_COUNTED_FROM = ("all_centres_closed",)
EVENTS: tuple[EventType, ...] = tuple(kind for kind in get_args(EventType) if kind not in NEVER_COUNTED_FROM)
"""Events of the register that years can be counted from."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Equal questions are equal; empty is what every other chart asks."""

    other: str = ""  # the indicator on the horizontal axis of a scatter
    event: str = ""  # kind of event that the years of ``aligned`` are counted from
    unequal: bool = False  # the reader insists on joining figures that do not measure the same


PLAIN = Compared()


def most_of(kind: str) -> int:
    """How many countries a kind of chart can tell apart."""
    return MOST_APART if kind in ("multiples", "dumbbell") else MOST


def check(ctx: Context, kind: str, asked: Compared) -> Compared:
    """The same, with what this kind of chart does not use left out.

    Raises:
        Unknown: no such second indicator.
        Invalid: a scatter without a second indicator, or with the same one; an event years cannot be counted from.
    """
    other = event = ""
    if kind == "scatter":
        if not asked.other:
            raise Invalid("with", "A scatter needs a second indicator: with=egdi, for instance.")
        metric = find_metric(ctx, asked.other)
        if not metric.quantity:
            raise Invalid("with", f"The figures of {metric.id} are codes or years, not quantities: they are not drawn.")
        other = metric.id
    if kind == "aligned":
        event = asked.event or DEFAULT_EVENT
        if event not in EVENTS:
            raise Invalid("event", f"Years can be counted from {', '.join(EVENTS)}; not from “{event[:40]}”.")
    unequal = asked.unequal and kind in ("trend", "slope", "dumbbell", "aligned")
    return Compared(other, event, unequal)


def compared_options(
    ctx: Context, kind: str, metric: str, asked: Compared, period: tuple[int | None, int | None]
) -> dict[str, Any]:
    """The options of a chart that only comparisons have, for ``dataclasses.replace``."""
    options: dict[str, Any] = {"insist": asked.unequal}
    if kind == "scatter":
        options["across"] = _across(ctx, asked.other, period)
    if kind == "aligned":
        options |= {
            "starts": {start.iso3: start.year for start in starts(ctx, asked.event) if start.year},
            "start_label": term(ctx, "event_type", asked.event, ""),
        }
    if kind in BETWEEN_DATES:
        years = dates(ctx, metric, *period)
        options["years"] = years if None not in years else None
    return options


def dates(ctx: Context, metric: str, first: int | None, last: int | None) -> tuple[int | None, int | None]:
    """The two dates compared: those chosen, or else 2015, the base of the Goals, and the latest year with figures."""
    held = stats_of(ctx, metric).years
    if not held:
        return first, last
    base = BASE_YEAR if held[0] <= BASE_YEAR < held[-1] else held[0]
    return first or base, last or held[-1]


def _across(ctx: Context, other: str, period: tuple[int | None, int | None]) -> Any:
    import polars as pl

    from dashboard.charts.chart import Across

    metric = find_metric(ctx, other)
    rows = ctx.dataset.rows(other).filter(pl.col("primary"), pl.col("dimensions") == "{}")
    first, last = period
    if first is not None and first != last:
        rows = rows.filter(pl.col("year") >= first)
    if last is not None and first != last:
        rows = rows.filter(pl.col("year") <= last)
    return Across(rows.collect(), text(metric.name, ctx.lang), metric.unit, metric.decimals)
