"""Charts of a result, by the name of its job."""

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlencode

from dashboard.codebook.model import Metric, choose_text
from dashboard.locales import format_day, t
from dashboard.services.base.cache import kept_chart
from dashboard.services.base.context import Context
from dashboard.services.base.errors import Invalid, Unknown
from dashboard.services.base.lookup import find_metric
from dashboard.services.base.notice import notice
from dashboard.services.base.stamp import stamp
from dashboard.services.base.words import join_list, name_country
from dashboard.services.effects.jobs import jobs
from dashboard.services.effects.views import EffectChart
from dashboard.services.wording.citation import name_source_of_edition
from dashboard.services.wording.publishers import title_publisher

if TYPE_CHECKING:
    from dashboard.charts import Chart
    from dashboard.measures.effects import Result


def addresses(ctx: Context, job: str, result: "Result") -> list[EffectChart]:
    """The charts of a result that have something to show."""
    from dashboard.charts.registry import drawn_from

    charts = []
    for kind in drawn_from("effect"):
        if _rows(ctx, kind, result, ""):
            chart = chart_of(ctx, job, kind, "light")
            query = urlencode({"lang": ctx.lang, "v": stamp(ctx)})
            url = f"/api/v1/effects/{job}/{kind}.json?{query}"
            charts.append(EffectChart(url=url, title=chart.title, sentence=chart.sentence))
    return charts


@kept_chart
def chart_of(ctx: Context, job: str, kind: str, theme: str) -> "Chart":
    """A chart of a result, kept for the next form that is asked for.

    Raises:
        Unknown: no such job or kind, or the job has no result.
        Invalid: an unknown theme.
    """
    from dashboard.charts import ChartOptions
    from dashboard.charts.registry import drawn_from

    shape = drawn_from("effect").get(kind)
    if shape is None:
        raise Unknown("chart", kind, tuple(drawn_from("effect")))
    if theme not in ("light", "dark"):
        raise Invalid("theme", "There are the themes light and dark.")
    result = jobs().result(job)
    if result is None:
        raise Unknown("result", job)
    document = jobs().plan(job)
    plan = document["plan"]
    metric, lang = find_metric(ctx, plan["outcome"]), ctx.lang
    names = join_list(ctx, (name_country(ctx, it["country"]) for it in plan["treated"]))
    single = plan["method"] == "synthetic_control" and plan["treated"]
    whose, as_of = _origin(ctx, metric, document)
    options = ChartOptions(
        lang=lang,
        notice=notice(lang),
        theme=cast(Literal["light", "dark"], theme),
        title=t(f"effects.chart.{kind}.title", lang, outcome=choose_text(metric.name, lang), country=names),
        unit=metric.unit,
        decimals=metric.decimals,
        source_line=whose,
        as_of=as_of,
    )
    rows = _rows(ctx, kind, result, plan["treated"][0]["country"] if single else "")
    words = t(
        f"effects.chart.{kind}.sentence",
        lang,
        country=names,
        verdict=t(f"effects.verdict.{result['verdict']}.name", lang),
    )
    return shape.build(rows, options, plan["treated"][0]["year"] if single else None, words)


def _origin(ctx: Context, metric: Metric, document: Mapping[str, Any]) -> tuple[str, str]:
    """Source line and day of the figures of a plan, which are not those of the dataset read by now.

    A plan of an earlier release says neither: then the publishers are named without an edition, and the dataset alone.
    """
    version, told = document["dataset"], document.get("figures")
    if not told:
        publishers = join_list(ctx, dict.fromkeys(title_publisher(link.source, link.series) for link in metric.series))
        return publishers, t("answers.image.dataset", ctx.lang, version=version)
    day = format_day(datetime.date.fromisoformat(told["day"]), ctx.lang)
    line = name_source_of_edition(ctx, told["source"], told["series"], told["edition"])
    return line, t("answers.image.as_of", ctx.lang, date=day, version=version)


def _rows(ctx: Context, kind: str, result: "Result", treated: str) -> list[dict[str, Any]]:
    if kind == "synthetic":
        return [dict(row) for row in result["path"]]
    if kind == "gap":
        return [
            {"unit": unit, "name": name_country(ctx, unit), "year": int(year), "gap": gap, "treated": unit == treated}
            for unit, gaps in result["placebo_gaps"].items()
            for year, gap in gaps.items()
        ]
    return [dict(row) for row in result["event_study"]]
