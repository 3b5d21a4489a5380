"""Charts of counts of countries, made of the adoption register's events: one question in four forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from dashboard.codebook.model import CountingRule
from dashboard.services.adoption import claims_chart, lanes, pipeline
from dashboard.services.adoption.counting import DEFAULT_RULE, checked_rule
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.base.csv_text import header, line
from dashboard.services.base.words import rows_words
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


def chart_of(query: CountedQuery) -> "Chart":
    """The chart itself, kept for the next form that is asked for."""
    return _made(query)[0]


def specification(query: CountedQuery) -> dict[str, Any]:
    """Vega-Lite with named datasets; ``usermeta`` holds the words a page shows around it."""
    chart = chart_of(query)
    about: dict[str, Any] = {
        "title": chart.title,
        "subtitle": chart.subtitle,
        "sentence": chart.sentence,
        "rows": len(chart.rows),
    }
    about |= rows_words(query.ctx, len(chart.rows))
    if chart.note:
        about["note"] = chart.note
    return {**chart.spec, "usermeta": {**about, "dataset": query.ctx.dataset.version}}


def drawing(query: CountedQuery) -> dict[str, Any]:
    """The same compiled to Vega, as the pages draw it."""
    from dashboard.charts.compiled import compiled

    return compiled(specification(query))


def svg(query: CountedQuery) -> bytes:
    """The picture with title, sentence, source and date inside."""
    from dashboard.charts import render

    return render.svg(chart_of(query)).encode()


def png(query: CountedQuery) -> bytes:
    """The same picture as PNG."""
    from dashboard.charts import render

    return render.png(chart_of(query))


def csv(query: CountedQuery) -> bytes:
    """The steps and counts drawn, no more and no fewer."""
    chart, columns = _made(query)
    return (header(columns) + "".join(line(row, columns) for row in chart.rows)).encode()


@kept(32)
def _made(query: CountedQuery) -> "tuple[Chart, tuple[str, ...]]":
    return CHARTS[query.kind](query.ctx, query.rule, query.theme)
