"""Did adopters change since the first ASAN centre? The pairs of figures behind the headline, its tile and its picture.

Of the countries a rule counts: the figure of 2012 and the latest, and whether they differ by more than the publisher's
errors. No cause is said, because none is known.
"""

from dataclasses import replace

import polars as pl

from dashboard.analysis.charts.chart import Chart, ChartOptions, Theme
from dashboard.analysis.charts.kinds.change import ORDER, ChangePair, Verdict, build
from dashboard.analysis.measures.change import measure_change
from dashboard.answers.adoption.counting import describe_count, list_adopters, list_origins
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest, select_shown
from dashboard.answers.base.words import describe_as_of, join_sentences, list_country_names, name_country, name_metric
from dashboard.answers.wording.changes import FIRST_CENTRE_YEAR, HEADLINE, change_text
from dashboard.answers.wording.citation import name_source, summarise_editions
from dashboard.answers.wording.editions import explain_no_error
from dashboard.answers.wording.publishers import list_titles
from dashboard.evidence.codebook.model import CountingRule
from dashboard.locales import capitalise, t
from dashboard.locales.notice import notice

INDICATOR, SINCE = HEADLINE, FIRST_CENTRE_YEAR


def find_pairs(ctx: Context, rule: CountingRule, indicator: str = INDICATOR) -> tuple[ChangePair, ...]:
    """Return the figures of ``SINCE`` and today of each country counted that has both with an error."""
    return _pairs(ctx.timeless, list_adopters(ctx, rule), indicator)


def explain_no_verdict(ctx: Context, rule: CountingRule, indicator: str = INDICATOR) -> str:
    """Explain why no pair is judged; "" where any is, or nobody has both figures."""
    latest = {iso3: row for iso3, row in find_latest(ctx, indicator).items() if iso3 in list_adopters(ctx, rule)}
    if find_pairs(ctx, rule, indicator) or not count_pairs(ctx, rule, indicator)[0]:
        return ""
    rows = select_shown(ctx, (indicator,)).filter(pl.col("country").is_in(list(latest)), pl.col("year") == SINCE)
    before, after = {*rows.collect()["edition"]}, {row["edition"] for row in latest.values()}
    if before == after:
        return f"{capitalise(explain_no_error(ctx, after), ctx.lang)}."
    names = {"before": summarise_editions(ctx, sorted(before)), "after": summarise_editions(ctx, sorted(after))}
    last = max(row["year"] for row in latest.values())
    text = t("answers.change.refused_other_edition", ctx.lang, first=str(SINCE), last=str(last), **names)
    return f"{capitalise(text, ctx.lang)}."


def describe_origin(ctx: Context, indicator: str = INDICATOR) -> str:
    """Describe the origin's change since ``SINCE``; it is in no count."""
    metric = ctx.book.metrics[indicator]
    rows = (
        select_shown(ctx, (indicator,))
        .filter(
            pl.col("country").is_in(list(list_origins(ctx))), pl.col("value").is_not_null(), pl.col("year") >= SINCE
        )
        .sort("country", "year")
        .collect()
    )
    sentences = []
    for part in rows.partition_by("country", maintain_order=True):
        first, last = part.row(0, named=True), part.row(-1, named=True)
        if first["year"] == SINCE < last["year"]:
            name, verdict = name_country(ctx, first["country"]), change_text(ctx, metric, first, last).text.rstrip(".")
            sentences.append(t("answers.headline.origin", ctx.lang, country=name, change=verdict))
    return join_sentences(sentences)


def group_by_verdict(country_pairs: tuple[ChangePair, ...]) -> dict[Verdict, list[str]]:
    """Map each verdict to its countries."""
    return {verdict: [pair.last["country"] for pair in country_pairs if pair.verdict == verdict] for verdict in ORDER}


def count_pairs(ctx: Context, rule: CountingRule, indicator: str = INDICATOR) -> tuple[int, int | None]:
    """Count the countries that have both figures, with errors or without; return the latest year too."""
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
    """Draw the pairs."""
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
        source_line=name_source(ctx, metric),
        as_of=describe_as_of(ctx),
    )
    return replace(build(country_pairs, options), note=explain_no_verdict(ctx, rule))


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
        seen = measure_change(first, last, breaks=metric.break_years)
        if seen.difference is None or seen.detectable is None:
            continue
        verdict: Verdict = "unclear" if not seen.detectable else "rose" if seen.difference > 0 else "fell"
        result.append(ChangePair(first, last, verdict))
    return tuple(result)
