"""Charts of counts of countries, made of the adoption register's events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from dashboard.codebook.model import CountingRule
from dashboard.services.adoption import claims_chart, lanes, pipeline
from dashboard.services.adoption.counting import DEFAULT_RULE, checked_rule
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.site import change

if TYPE_CHECKING:
    from dashboard.charts.chart import Chart, Theme

Kind = Literal["claims", "pipeline", "corruption", "lanes"]
CHARTS: Mapping[Kind, "Callable[[Context, CountingRule, Theme], tuple[Chart, tuple[str, ...]]]"] = {
    "claims": claims_chart.chart,
    "pipeline": pipeline.chart,
    "corruption": change.chart,
    "lanes": lanes.chart,
}
"""Kind → the chart of a counting rule with the columns of its rows."""


@dataclass(frozen=True, slots=True)
class CountedQuery:
    """A chart asked for: equal questions are equal."""

    kind: Kind
    rule: CountingRule
    theme: Literal["light", "dark"]
    ctx: Context = field(repr=False)


def ask(ctx: Context, kind: Kind, rule: str = "", theme: Literal["light", "dark"] = "light") -> CountedQuery:
    """The question, checked.

    Raises:
        Invalid: no such counting rule.
    """
    return CountedQuery(kind, checked_rule(rule or DEFAULT_RULE), theme, ctx)


@kept(32)
def drawn_of(query: CountedQuery) -> "tuple[Chart, tuple[str, ...]]":
    """The chart with the columns of its rows, kept for the next form that is asked for."""
    return CHARTS[query.kind](query.ctx, query.rule, query.theme)
