"""One honest sentence for the first page, with its uncertainty and how it was computed.

Of the countries a rule counts: how many have a figure of control of corruption whose change since 2012, the year of the
first ASAN centre, is larger than the publisher's errors. No cause is said, because none is known.
"""

from dashboard.answers.adoption.counting import describe_count, list_adopters
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import has_figure, load_holdings
from dashboard.answers.base.words import join_countries, join_sentences, name_metric
from dashboard.answers.indicators.national import list_national_holders
from dashboard.answers.site.change import (
    INDICATOR,
    SINCE,
    count_pairs,
    explain_no_verdict,
    find_pairs,
    group_by_verdict,
)
from dashboard.answers.site.views import Headline
from dashboard.evidence.codebook.model import CountingRule
from dashboard.locales import capitalise, format_number, t

SATISFACTION = "16.6.2"
GOVERNMENT, POLLED = "sat_overall_gov", "sat_overall_hlth"
"""What is told first of SDG 16.6.2, and what comes largely from a general poll."""


def write_headline(ctx: Context, rule: CountingRule) -> Headline:
    """Write the headline for the countries counted by ``rule``."""
    group = list_adopters(ctx, rule)
    country_pairs = find_pairs(ctx, rule)
    verdicts = group_by_verdict(country_pairs)
    assessed = len(country_pairs)
    last = max((pair.last["year"] for pair in country_pairs), default=None)
    countries = describe_count(ctx, rule, len(group))
    both, latest = (0, None) if assessed else count_pairs(ctx, rule)
    if both:
        text = t(
            "period.no_errors",
            ctx.lang,
            countries=countries,
            pairs=str(both),
            indicator=name_metric(ctx, INDICATOR),
            since=str(SINCE),
            last=str(latest),
        )
        uncertainty = explain_no_verdict(ctx, rule)
    elif not assessed:
        text, uncertainty = t("answers.headline.nothing", ctx.lang, countries=countries), ""
    else:
        text = t(
            "answers.headline.text",
            ctx.lang,
            countries=countries,
            indicator=name_metric(ctx, INDICATOR),
            since=str(SINCE),
            last=str(last),
            assessed=str(assessed),
            rising=str(len(verdicts["rose"])),
            falling=str(len(verdicts["fell"])),
            unclear=str(len(verdicts["unclear"])),
        )
        uncertainty = t("answers.headline.uncertainty", ctx.lang, since=str(SINCE))
    return Headline(
        text=capitalise(text, ctx.lang),
        uncertainty=uncertainty,
        gap=_gap(ctx, rule, group),
        how=t("answers.headline.how", ctx.lang, indicator=name_metric(ctx, INDICATOR), since=str(SINCE)),
    )


def _gap(ctx: Context, rule: CountingRule, group: tuple[str, ...]) -> str:
    """Say how many countries have an official figure on government services, then by service."""
    having = list_official_satisfaction(ctx, group)[GOVERNMENT]
    text = t(
        "answers.headline.gap",
        ctx.lang,
        countries=describe_count(ctx, rule, len(group)),
        having=str(len(having)),
        code=SATISFACTION,
    )
    national = join_countries(ctx, list_national_holders(ctx, GOVERNMENT, group))
    return join_sentences(
        [
            capitalise(text, ctx.lang),
            t("answers.headline.national", ctx.lang, countries=national) if national else "",
            describe_by_service(ctx, group),
        ]
    )


def list_official_satisfaction(ctx: Context, group: tuple[str, ...]) -> dict[str, list[str]]:
    """Map the indicators of SDG 16.6.2 to the members of a group that have a figure.

    Government services come first, then the commonest. One service does not stand for another.
    """
    holdings = load_holdings(ctx)
    having = {
        metric.id: [iso3 for iso3 in group if has_figure(holdings.latest.get(metric.id, {}).get(iso3))]
        for metric in ctx.book.metrics.values()
        if any(link.sdg_indicator == SATISFACTION and link.strength == "direct" for link in metric.links)
    }
    return dict(sorted(having.items(), key=lambda pair: (pair[0] != GOVERNMENT, -len(pair[1]))))


def name_service(ctx: Context, metric: str) -> str:
    """Name the indicator, with the poll that it largely comes from."""
    name = name_metric(ctx, metric)
    return t("overview.kpi.satisfaction.poll", ctx.lang, indicator=name) if metric == POLLED else name


def describe_by_service(ctx: Context, group: tuple[str, ...]) -> str:
    """Say how many of a group have which figure of SDG 16.6.2; "" where there is none."""
    colon = t("ui.list.colon", ctx.lang)
    words = t("ui.list.semicolon", ctx.lang).join(
        f"{name_service(ctx, metric)}{colon}{format_number(len(those), ctx.lang)}"
        for metric, those in list_official_satisfaction(ctx, group).items()
        if those
    )
    return f"{words}." if words else ""
