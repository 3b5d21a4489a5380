"""Charts of counts of countries, drawn from the adoption register."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dashboard.analysis.charts.chart import Chart, Theme
from dashboard.answers.adoption import claims_chart, lanes, pipeline
from dashboard.answers.adoption.counting import DEFAULT_RULE, check_rule
from dashboard.answers.base.cache import kept_chart
from dashboard.answers.base.context import Context
from dashboard.answers.reported import chart as centres
from dashboard.answers.site import change
from dashboard.evidence.codebook.model import CountingRule

CHARTS: Mapping[str, Callable[[Context, CountingRule, Theme], Chart]] = {
    "claims": claims_chart.draw_claims,
    "pipeline": pipeline.draw_pipeline,
    "corruption": change.draw_change,
    "lanes": lanes.draw_lanes,
    "centres": centres.draw_centres,
}
"""Kind → the chart of a counting rule."""


@dataclass(frozen=True, slots=True)
class CountedQuery:
    """A chart asked for: equal questions are equal."""

    kind: str
    rule: CountingRule
    theme: Literal["light", "dark"]
    ctx: Context = field(repr=False)


def ask(ctx: Context, kind: str, rule: str = "", theme: Literal["light", "dark"] = "light") -> CountedQuery:
    """Check the question.

    Raises:
        Invalid: no such counting rule.
    """
    return CountedQuery(kind, check_rule(rule or DEFAULT_RULE), theme, ctx)


@kept_chart
def chart_of(query: CountedQuery) -> Chart:
    """Draw the chart; it is kept for the next form asked for."""
    return CHARTS[query.kind](query.ctx, query.rule, query.theme)
