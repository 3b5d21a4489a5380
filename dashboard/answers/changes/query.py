"""Which two states are compared, and of what: checked once, so that equal questions are equal."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dashboard.answers.adoption.counting import list_adopters, list_origins
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid, NoOption, quote_given, require_among
from dashboard.answers.base.lookup import find_countries, find_goal, find_metric
from dashboard.answers.progress.assessment import DEFAULT_METHOD
from dashboard.answers.progress.progress import check_method
from dashboard.evidence.codebook.model import Metric

KINDS = ("period", "revised", "new", "withdrawn", "status", "target", "claim", "loaded")
"""Kinds of changes in the order they are told; ``loaded`` is what differs because an edition that comes with the
product was loaded: figures, and what follows from them alone."""

WORLD = "world"
"""The group of all countries; without it those of the register are told of, the origin among them."""


@dataclass(frozen=True, slots=True)
class BetweenQuery:
    """A question for what changed up to the day of the context; "", 0 and () mean all."""

    since: date
    method: str = DEFAULT_METHOD
    countries: tuple[str, ...] = ()
    indicator: str = ""
    goal: int = 0
    group: str = ""
    kind: str = ""


def ask_changes(
    ctx: Context,
    since: str | date = "",
    method: str = "",
    countries: tuple[str, ...] = (),
    indicator: str = "",
    goal: int = 0,
    group: str = "",
    kind: str = "",
) -> BetweenQuery:
    """Check a question; by default it is about changes since the end of the last quarter.

    Raises:
        Unknown: no such country, indicator or goal.
        Invalid: no date, one after the day of the context, no such method, group or kind.
    """
    require_among("kind", kind, KINDS)
    if group and group != WORLD:
        raise NoOption("group", group, (WORLD,), f"There is no group {quote_given(group)}: there is {WORLD}.")
    if goal:
        find_goal(ctx, goal)
    return BetweenQuery(
        _read_day(ctx, since) if since else end_of_last_quarter(ctx.today),
        check_method(method or DEFAULT_METHOD),
        find_countries(ctx, countries),
        find_metric(ctx, indicator).id if indicator else "",
        goal,
        group,
        kind,
    )


def _read_day(ctx: Context, since: str | date) -> date:
    try:
        day = date.fromisoformat(since) if isinstance(since, str) else since
    except ValueError as error:
        raise Invalid("since", f"{quote_given(str(since))} is not a date such as 2024-11-02.") from error
    if day > ctx.today:
        raise Invalid("since", f"since must not be after {ctx.today.isoformat()}.")
    return day


def end_of_last_quarter(today: date) -> date:
    """Return the last day of the quarter before that of ``today``."""
    return date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - timedelta(days=1)


def end_of_last_month(today: date) -> date:
    """Return the last day of the month before that of ``today``."""
    return today.replace(day=1) - timedelta(days=1)


def find_start(ctx: Context, since: date) -> Context:
    """Return the state at the end of a day, or the first state if the day lies before it."""
    first = ctx.dataset.vintages()[0]["created_at"].date()
    day = max(since, first)
    return replace(ctx, dataset=ctx.dataset.as_of(day), as_of=day, pinned="")


def select_metrics(ctx: Context, query: BetweenQuery) -> list[Metric]:
    """Return the indicators asked about."""
    return [
        metric
        for metric in ctx.book.metrics.values()
        if (not query.indicator or metric.id == query.indicator)
        and (not query.goal or query.goal in {_find_goal_of(ctx, link.target) for link in metric.links})
    ]


def select_countries(ctx: Context, query: BetweenQuery) -> Collection[str]:
    """Return the countries asked about: the chosen ones, else the register's, else all."""
    if query.countries:
        return query.countries
    return ctx.book.countries if query.group == WORLD else (*list_origins(ctx), *list_adopters(ctx))


def _find_goal_of(ctx: Context, code: str) -> int:
    target = ctx.book.targets.get(code)
    return target.goal if target else 0
