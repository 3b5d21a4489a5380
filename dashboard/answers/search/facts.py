"""Whether a reader will find figures behind a hit, and how old they are: said before the page is opened."""

from collections.abc import Iterable

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_stats
from dashboard.answers.countries.countries import count_with_data
from dashboard.answers.freshness.sources import view_sources
from dashboard.answers.holdings.coverage import is_empty, measure_coverage
from dashboard.answers.indicators.cards import explain_empty
from dashboard.evidence.codebook.model import Link, Metric
from dashboard.locales import t


@cached
def describe_figures(ctx: Context, kind: str, id_: str) -> tuple[str, bool | None]:
    """Describe an entry's figures and say whether there are any; "" and None where it has no figures."""
    if kind == "metric":
        metric = ctx.book.metrics[id_]
        return (explain_empty(ctx, metric), False) if is_empty(ctx, id_) else (measure_coverage(ctx, id_)["text"], True)
    if kind == "country":
        having = count_with_data(ctx.timeless).get(id_, 0)
        if not having:
            return t("search.figures.country_none", ctx.lang), False
        return t("search.figures.country", ctx.lang, count=having), True
    if kind == "source":
        rows = next((source for source in view_sources(ctx)["sources"] if source["id"] == id_), None)
        if rows is None or not rows["rows"]:
            return t("search.figures.source_none", ctx.lang), False
        return t("search.figures.source", ctx.lang, rows=rows["rows_text"]), True
    if kind in ("goal", "target", "sdg_indicator", "principle", "theme"):
        return _of(ctx, _mapped(ctx, kind, id_))
    return "", None


def _of(ctx: Context, metrics: Iterable[Metric]) -> tuple[str, bool | None]:
    ours = list(metrics)
    if not ours:
        return t("search.figures.unmapped", ctx.lang), False
    having = [metric for metric in ours if not is_empty(ctx, metric.id)]
    counted = t("ui.coverage.indicators", ctx.lang, count=len(ours))
    if not having:
        return t("search.figures.none_of", ctx.lang, indicators=counted), False
    latest = max(find_stats(ctx, metric.id).last_year or 0 for metric in having)
    return t("search.figures.some_of", ctx.lang, with_data=str(len(having)), indicators=counted, year=str(latest)), True


def _mapped(ctx: Context, kind: str, id_: str) -> list[Metric]:
    """Return the indicators linked to a goal, target, official indicator, principle or theme."""

    def speaks(link: Link) -> bool:
        if kind == "goal":
            target = ctx.book.targets.get(link.target)
            return target is not None and str(target.goal) == id_
        return id_ == {"target": link.target, "sdg_indicator": link.sdg_indicator}.get(kind, link.principle)

    if kind == "theme":
        return [metric for metric in ctx.book.metrics.values() if metric.theme == id_]
    return [metric for metric in ctx.book.metrics.values() if any(speaks(link) for link in metric.links)]
