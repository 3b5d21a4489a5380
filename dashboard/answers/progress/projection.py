"""The projection of one line to 2030 for its chart, or the reason why there is none."""

from typing import Any

from dashboard.analysis.charts.chart import Projection
from dashboard.analysis.measures.progress.ranges import LEVEL
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest
from dashboard.answers.progress.assessment import NO_LINE
from dashboard.answers.progress.progress import assess_indicator
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import format_year, t


def find_projection_options(ctx: Context, metric: Metric, iso3: str, last: int | None = None) -> dict[str, Any]:
    """Return range, target and note of a country's line, to put into a chart's options.

    ``last``: the year with which the chart ends. A line that ends before the figures do has no projection: it is made
    of all of them.
    """
    view = assess_indicator(ctx, metric.id, (iso3,))
    verdict = view["verdicts"][0] if view["verdicts"] else None
    options: dict[str, Any] = {"target": verdict["target"] if verdict else metric.target_2030}
    newest = (find_latest(ctx, metric.id).get(iso3) or {}).get("year")
    if view["ranges"] and last is not None and newest is not None and last < newest:
        return options | {
            "note": t(
                "results.projection.ends",
                ctx.lang,
                last=format_year(last, ctx.lang),
                year=format_year(newest, ctx.lang),
            )
        }
    if view["ranges"]:
        span = view["ranges"][0]
        ahead = Projection(
            span["year"], span["middle"], span["low"], span["high"], LEVEL, span["text"], view["range_method"]
        )
        return options | {"projection": ahead}
    if metric.unit == "yes_no" or metric.direction == "centre":
        note = t("results.projection.kind", ctx.lang)
    elif verdict and verdict["reason"] in NO_LINE:
        note = verdict["reason_text"]
    else:
        note = t("results.why.no_range", ctx.lang)
    return options | {"note": note}
