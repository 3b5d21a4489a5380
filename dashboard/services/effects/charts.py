"""Charts of a result, by the plan it is of."""

from collections.abc import Sequence
from typing import Any, Literal

from dashboard.charts import Chart
from dashboard.charts.chart import ChartOptions, ChartWords
from dashboard.charts.registry import drawn_from
from dashboard.codebook.model import choose_text
from dashboard.locales import t
from dashboard.measures.effects import Result
from dashboard.services.base.context import Context
from dashboard.services.base.errors import Unknown
from dashboard.services.base.notice import notice
from dashboard.services.base.words import describe_as_of, join_list, name_country
from dashboard.services.effects.panel import question
from dashboard.services.effects.query import EffectQuery, figures_of
from dashboard.services.effects.views import EffectChart
from dashboard.services.wording.citation import name_source_of_edition


def addresses(
    query: EffectQuery, result: Result, without: Sequence[str] = (), own: Sequence[str] = ()
) -> list[EffectChart]:
    """The charts of a result that have something to show."""
    charts = []
    for kind in drawn_from("effect"):
        if _rows(query.ctx, kind, result, ""):
            chart = chart_of(query, result, kind, "light")
            url = f"/api/v1/effects/{kind}.json?{question(query, without, own)}"
            charts.append(EffectChart(url=url, title=chart.title, sentence=chart.sentence))
    return charts


def chart_of(query: EffectQuery, result: Result, kind: str, theme: Literal["light", "dark"]) -> Chart:
    """A chart of the result of a plan.

    Raises:
        Unknown: no such kind.
    """
    shape = drawn_from("effect").get(kind)
    if shape is None:
        raise Unknown("chart", kind, tuple(drawn_from("effect")))
    ctx, plan, metric = query.ctx, query.plan, query.metric
    figures = figures_of(ctx, metric)
    names = join_list(ctx, (name_country(ctx, it.country) for it in plan.treated))
    single = plan.method == "synthetic_control" and plan.treated
    options = ChartOptions(
        lang=ctx.lang,
        notice=notice(ctx.lang),
        theme=theme,
        title=t(f"effects.chart.{kind}.title", ctx.lang, outcome=choose_text(metric.name, ctx.lang), country=names),
        unit=metric.unit,
        decimals=metric.decimals,
        source_line=name_source_of_edition(ctx, figures.source, figures.series, figures.edition),
        as_of=describe_as_of(ctx),
    )
    rows = _rows(ctx, kind, result, plan.treated[0].country if single else "")
    verdict = t(f"effects.verdict.{result['verdict']}.name", ctx.lang)
    words = ChartWords((f"{verdict}.",), (t(f"effects.chart.{kind}.sentence", ctx.lang, country=names),))
    return shape.build(rows, options, plan.treated[0].year if single else None, words)


def _rows(ctx: Context, kind: str, result: Result, treated: str) -> list[dict[str, Any]]:
    if kind == "synthetic":
        return [dict(row) for row in result["path"]]
    if kind == "gap":
        return [
            {"unit": unit, "name": name_country(ctx, unit), "year": int(year), "gap": gap, "treated": unit == treated}
            for unit, gaps in result["placebo_gaps"].items()
            for year, gap in gaps.items()
        ]
    return [dict(row) for row in result["event_study"]]
