"""Did adopters change since the first ASAN centre? The pairs of figures behind the headline, its tile and its picture.

Of the countries a rule counts: the figure of 2012 and the latest, and whether they differ by more than the publisher's
errors. No cause is said, because none is known.
"""

from dataclasses import replace

import polars as pl

from dashboard.charts.chart import Chart, ChartOptions, Theme
from dashboard.charts.kinds.change import ORDER, ChangePair, Verdict, build
from dashboard.codebook.model import CountingRule
from dashboard.locales import t
from dashboard.measures.change import change
from dashboard.services.adoption.counting import describe_count, list_adopters
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.base.notice import notice
from dashboard.services.base.rows import select_shown
from dashboard.services.base.words import describe_as_of, list_country_names, name_metric
from dashboard.services.wording.citation import name_source
from dashboard.services.wording.editions import find_context_with_errors
from dashboard.services.wording.publishers import list_titles

INDICATOR = "wgi_cc"
SINCE = 2012
"""The year of the first ASAN centre."""


def find_pairs(ctx: Context, rule: CountingRule, indicator: str = INDICATOR) -> tuple[ChangePair, ...]:
    """The figure of ``SINCE`` and the latest one of each country the rule counts that has both with an error."""
    return _pairs(find_context_with_errors(ctx, indicator).timeless, list_adopters(ctx, rule), indicator)


def explain_edition(ctx: Context, indicator: str = INDICATOR) -> str:
    """That the change is judged in an earlier edition, since a newer one states no errors; "" where it is not."""
    judged = find_context_with_errors(ctx, indicator)
    if judged is ctx:
        return ""
    return t("overview.change.edition", ctx.lang, edition=name_source(judged, ctx.book.metrics[indicator]))


def group_by_verdict(country_pairs: tuple[ChangePair, ...]) -> dict[Verdict, list[str]]:
    """Verdict → the countries that have it."""
    return {verdict: [pair.last["country"] for pair in country_pairs if pair.verdict == verdict] for verdict in ORDER}


def count_pairs(ctx: Context, rule: CountingRule, indicator: str = INDICATOR) -> tuple[int, int | None]:
    """How many countries have both figures, with errors or without, and the year of the latest."""
    rows = (
        select_shown(ctx, (indicator,))
        .filter(pl.col("country").is_in(list(list_adopters(ctx, rule))), pl.col("value").is_not_null())
        .group_by("country")
        .agg((pl.col("year") == SINCE).any().alias("first"), pl.col("year").max().alias("last"))
        .filter(pl.col("first"), pl.col("last") > SINCE)
        .collect()
    )
    return rows.height, rows.select(pl.col("last").max()).item() if rows.height else None


def draw_change(ctx: Context, rule: CountingRule, theme: Theme) -> Chart:
    """The picture of the pairs."""
    metric = ctx.book.metrics[INDICATOR]
    country_pairs = find_pairs(ctx, rule)
    options = ChartOptions(
        lang=ctx.lang,
        notice=notice(ctx.lang),
        theme=theme,
        title=name_metric(ctx, INDICATOR),
        unit=metric.unit,
        decimals=metric.decimals,
        direction=metric.direction,
        names=list_country_names(ctx),
        sources=list_titles(),
        group_label=describe_count(ctx, rule, len(list_adopters(ctx, rule))),
        source_line=name_source(find_context_with_errors(ctx, INDICATOR), metric),
        as_of=describe_as_of(ctx),
    )
    built = build(country_pairs, options)
    return replace(built, note=explain_edition(ctx))


@kept(32)
def _pairs(ctx: Context, group: tuple[str, ...], indicator: str) -> tuple[ChangePair, ...]:
    metric = ctx.book.metrics[indicator]
    rows = (
        select_shown(ctx, (indicator,))
        .filter(pl.col("country").is_in(list(group)), pl.col("value").is_not_null(), pl.col("year") >= SINCE)
        .sort("country", "year")
        .collect()
    )
    result = []
    for part in rows.partition_by("country", maintain_order=True):
        first, last = part.row(0, named=True), part.row(-1, named=True)
        if first["year"] != SINCE or part.height < 2:
            continue
        seen = change(first, last, breaks=metric.break_years)
        if seen.difference is None or seen.detectable is None:
            continue
        verdict: Verdict = "unclear" if not seen.detectable else "rose" if seen.difference > 0 else "fell"
        result.append(ChangePair(first, last, verdict))
    return tuple(result)
