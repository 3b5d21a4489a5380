"""One honest sentence for the first page, with its uncertainty and how it was computed.

Of the countries a rule counts: how many have a figure of control of corruption whose change since 2012, the year of the
first ASAN centre, is larger than the publisher's errors. No cause is said, because none is known.
"""

from dashboard.charts.kinds.change import Pair
from dashboard.codebook.model import CountingRule
from dashboard.locales import number, opening, t
from dashboard.services.adoption.counting import adopters, counted_text
from dashboard.services.base.context import Context
from dashboard.services.base.rows import has_figure, holdings
from dashboard.services.base.words import by_name, country_name, metric_name, sentence
from dashboard.services.site.change import INDICATOR, SINCE, counted, edition_note, pairs, without_errors
from dashboard.services.site.views import Headline
from dashboard.services.wording.publishers import title_of

SATISFACTION = "16.6.2"


def headline(ctx: Context, rule: CountingRule) -> Headline:
    """The sentence for the countries counted by ``rule``."""
    group = adopters(ctx, rule)
    country_pairs = pairs(ctx, rule)
    verdicts = counted(country_pairs)
    rising, falling, unclear = verdicts["rose"], verdicts["fell"], verdicts["unclear"]
    assessed = len(country_pairs)
    last = max((pair.last["year"] for pair in country_pairs), default=None)
    countries = counted_text(ctx, rule, len(group))
    both, latest = (0, None) if assessed else without_errors(ctx, rule)
    if both:
        text = t(
            "period.no_errors",
            ctx.lang,
            countries=countries,
            pairs=str(both),
            indicator=metric_name(ctx, INDICATOR),
            since=str(SINCE),
            last=str(latest),
        )
        uncertainty = ""
    elif not assessed:
        text, uncertainty = t("answers.headline.nothing", ctx.lang, countries=countries), ""
    else:
        text = t(
            "answers.headline.text",
            ctx.lang,
            countries=countries,
            indicator=metric_name(ctx, INDICATOR),
            since=str(SINCE),
            last=str(last),
            assessed=str(assessed),
            rising=str(len(rising)),
            falling=str(len(falling)),
            unclear=str(len(unclear)),
        )
        uncertainty = sentence([t("answers.headline.uncertainty", ctx.lang, since=str(SINCE)), edition_note(ctx)])
    return Headline(
        text=opening(text, ctx.lang),
        uncertainty=uncertainty,
        gap=_gap(ctx, rule, group),
        how=t("answers.headline.how", ctx.lang, indicator=metric_name(ctx, INDICATOR), since=str(SINCE)),
        indicator=INDICATOR,
        source_text=_source(country_pairs),
        rising=[country_name(ctx, iso3) for iso3 in by_name(ctx, rising)],
        falling=[country_name(ctx, iso3) for iso3 in by_name(ctx, falling)],
        unclear=len(unclear),
        without=len(group) - assessed,
    )


def _gap(ctx: Context, rule: CountingRule, group: tuple[str, ...]) -> str:
    """How many of the countries have an official figure of SDG 16.6.2, the one on satisfaction, in this dataset."""
    having = with_official_satisfaction(ctx, group)
    text = t(
        "answers.headline.gap",
        ctx.lang,
        countries=counted_text(ctx, rule, len(group)),
        having=str(len(having)),
        code=SATISFACTION,
    )
    return sentence([opening(text, ctx.lang), by_service(ctx, group)])


def with_official_satisfaction(ctx: Context, group: tuple[str, ...]) -> set[str]:
    """Those of a group that have a figure of SDG 16.6.2, in any of its services."""
    return {iso3 for countries in _official(ctx, group).values() for iso3 in countries}


def by_service(ctx: Context, group: tuple[str, ...]) -> str:
    """Of how many of a group there is which figure of SDG 16.6.2, the commonest first; "" where there is none.

    One service does not stand for another: health care, which has most figures, is asked by a poll.
    """
    counts = {metric: len(countries) for metric, countries in _official(ctx, group).items() if countries}
    colon = t("ui.list.colon", ctx.lang)
    words = t("ui.list.semicolon", ctx.lang).join(
        f"{metric_name(ctx, metric)}{colon}{number(counts[metric], ctx.lang)}"
        for metric in sorted(counts, key=counts.__getitem__, reverse=True)
    )
    return f"{words}." if words else ""


def _official(ctx: Context, group: tuple[str, ...]) -> dict[str, list[str]]:
    """Indicators that are SDG 16.6.2, each with those of the group that have a figure."""
    held = holdings(ctx)
    return {
        metric.id: [iso3 for iso3 in group if has_figure(held.latest.get(metric.id, {}).get(iso3))]
        for metric in ctx.book.metrics.values()
        if any(link.sdg_indicator == SATISFACTION and link.strength == "direct" for link in metric.links)
    }


def _source(country_pairs: tuple[Pair, ...]) -> str:
    rows = [row for pair in country_pairs for row in (pair.first, pair.last)]
    return sentence(sorted({f"{title_of(row['source'], row['series'])}, {row['edition']}" for row in rows}))
