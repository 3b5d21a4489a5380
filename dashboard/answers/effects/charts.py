"""Charts of a result, by the plan it is of."""

from collections.abc import Sequence
from typing import Any, Literal

from dashboard.analysis.charts import Chart
from dashboard.analysis.charts.chart import ChartWords
from dashboard.analysis.charts.registry import select_kinds
from dashboard.analysis.measures.effects.result import Result
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.words import join_countries, label_chart, name_country
from dashboard.answers.effects.panel import name_source_estimated, write_query
from dashboard.answers.effects.query import EffectQuery
from dashboard.answers.effects.views import EffectChart
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import t


def list_charts(
    query: EffectQuery, result: Result, without: Sequence[str] = (), own: Sequence[str] = ()
) -> list[EffectChart]:
    """Return the charts of a result that have something to show."""
    charts = []
    for kind in select_kinds("effect"):
        if _list_rows(query.ctx, kind, result, ""):
            chart = build_chart(query, result, kind, "light")
            url = f"/api/v1/effects/{kind}.json?{write_query(query, without, own)}"
            charts.append(EffectChart(url=url, title=chart.title, sentence=chart.sentence))
    return charts


def build_chart(query: EffectQuery, result: Result, kind: str, theme: Literal["light", "dark"]) -> Chart:
    """Build a chart of the result of a plan.

    Raises:
        Unknown: no such kind.
    """
    shape = select_kinds("effect").get(kind)
    if shape is None:
        raise Unknown("chart", kind, tuple(select_kinds("effect")))
    ctx, plan, metric = query.ctx, query.plan, query.metric
    names = join_countries(ctx, (unit.country for unit in plan.treated))
    single = plan.method == "synthetic_control" and plan.treated
    title = t(f"effects.chart.{kind}.title", ctx.lang, outcome=choose_text(metric.name, ctx.lang), country=names)
    source = name_source_estimated(query)
    options = label_chart(ctx, theme, title, source, unit=metric.unit, decimals=metric.decimals)
    rows = _list_rows(ctx, kind, result, plan.treated[0].country if single else "")
    verdict = t(f"effects.verdict.{result['verdict']}.name", ctx.lang)
    words = ChartWords((f"{verdict}.",), (t(f"effects.chart.{kind}.sentence", ctx.lang, country=names),))
    return shape.build(rows, options, plan.treated[0].year if single else None, words)


def _list_rows(ctx: Context, kind: str, result: Result, treated: str) -> list[dict[str, Any]]:
    if kind == "synthetic":
        return [dict(row) for row in result["path"]]
    if kind == "gap":
        return [
            {"unit": unit, "name": name_country(ctx, unit), "year": int(year), "gap": gap, "treated": unit == treated}
            for unit, gaps in result["placebo_gaps"].items()
            for year, gap in gaps.items()
        ]
    return [dict(row) for row in result["event_study"]]
