"""One honest sentence for the first page, with its uncertainty and how it was computed.

Of the countries a rule counts: how many have a figure of control of corruption whose change since 2012, the year of the
first ASAN centre, is larger than the publisher's errors. No cause is said, because none is known.
"""

from dashboard.codebook.model import CountingRule, Metric
from dashboard.locales import opening, t
from dashboard.services.context import Context
from dashboard.services.counting import adopters, counted_text
from dashboard.services.publishers import title_of
from dashboard.services.reading import Row, has_figure, holdings, shown
from dashboard.services.views import Headline
from dashboard.services.words import by_name, country_name, metric_name, sentence

INDICATOR = "wgi_cc"
SINCE = 2012
SATISFACTION = "16.6.2"


def headline(ctx: Context, rule: CountingRule) -> Headline:
    """The sentence for the countries counted by ``rule``."""
    group = adopters(ctx, rule)
    metric = ctx.book.metrics.get(INDICATOR)
    pairs = _pairs(ctx, group) if metric else {}
    rising, falling, unclear = _sorted(metric, pairs) if metric else ([], [], [])
    judged = len(rising) + len(falling) + len(unclear)
    last = max((later["year"] for _, later in pairs.values()), default=None)
    countries = counted_text(ctx, rule, len(group))
    if metric is None or not judged:
        text, uncertainty = t("answers.headline.nothing", ctx.lang, countries=countries), ""
    else:
        text = t(
            "answers.headline.text",
            ctx.lang,
            countries=countries,
            indicator=metric_name(ctx, INDICATOR),
            since=str(SINCE),
            last=str(last),
            judged=str(judged),
            rising=str(len(rising)),
            falling=str(len(falling)),
            unclear=str(len(unclear)),
        )
        uncertainty = t("answers.headline.uncertainty", ctx.lang, since=str(SINCE))
    return Headline(
        text=opening(text, ctx.lang),
        uncertainty=uncertainty,
        gap=_gap(ctx, rule, group),
        how=t("answers.headline.how", ctx.lang, indicator=metric_name(ctx, INDICATOR), since=str(SINCE)),
        indicator=INDICATOR,
        source_text=_source(pairs),
        rising=[country_name(ctx, iso3) for iso3 in by_name(ctx, rising)],
        falling=[country_name(ctx, iso3) for iso3 in by_name(ctx, falling)],
        unclear=len(unclear),
        without=len(group) - judged,
    )


def _pairs(ctx: Context, group: tuple[str, ...]) -> dict[str, tuple[Row, Row]]:
    """ISO3 → the figure of ``SINCE`` and the latest one, where a country has both."""
    import polars as pl

    rows = (
        shown(ctx, (INDICATOR,))
        .filter(pl.col("country").is_in(list(group)), pl.col("value").is_not_null(), pl.col("year") >= SINCE)
        .sort("country", "year")
        .collect()
    )
    found: dict[str, list[Row]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["country"], []).append(row)
    return {
        iso3: (years[0], years[-1]) for iso3, years in found.items() if years[0]["year"] == SINCE and len(years) > 1
    }


def _sorted(metric: Metric, pairs: dict[str, tuple[Row, Row]]) -> tuple[list[str], list[str], list[str]]:
    from dashboard.measures.change import change

    rising: list[str] = []
    falling: list[str] = []
    unclear: list[str] = []
    for iso3, (earlier, later) in pairs.items():
        found = change(earlier, later, breaks=metric.break_years)
        if found.difference is None or found.detectable is None:
            continue
        if not found.detectable:
            unclear.append(iso3)
        else:
            (rising if found.difference > 0 else falling).append(iso3)
    return rising, falling, unclear


def _gap(ctx: Context, rule: CountingRule, group: tuple[str, ...]) -> str:
    """How many of the countries have an official figure of SDG 16.6.2, the one on satisfaction, in this dataset."""
    official = [
        metric.id
        for metric in ctx.book.metrics.values()
        if any(link.sdg_indicator == SATISFACTION and link.strength == "direct" for link in metric.links)
    ]
    held = holdings(ctx)
    having = {iso3 for iso3 in group for metric in official if has_figure(held.latest.get(metric, {}).get(iso3))}
    told = t(
        "answers.headline.gap",
        ctx.lang,
        countries=counted_text(ctx, rule, len(group)),
        having=str(len(having)),
        code=SATISFACTION,
    )
    return opening(told, ctx.lang)


def _source(pairs: dict[str, tuple[Row, Row]]) -> str:
    named = {f"{title_of(row['source'], row['series'])}, {row['edition']}" for pair in pairs.values() for row in pair}
    return sentence(sorted(named))
