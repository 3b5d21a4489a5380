"""What select boxes and the sitemap need."""

from typing import TypedDict

from dashboard.answers.adoption.counting import find_adoption, list_adopters, list_origins
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.views import Choice
from dashboard.answers.base.words import name_country, name_metric, name_unit, sort_by_name, translate_term
from dashboard.answers.holdings.coverage import is_empty
from dashboard.evidence.codebook.register.adoption import RULES
from dashboard.locales import LANGUAGES


class CountryOption(TypedDict):
    iso3: str
    name: str
    group: str  # words: "Origin", "Operating", "Signed", … or the region


class IndicatorOption(TypedDict):
    id: str
    name: str
    theme: str
    theme_text: str
    unit: str
    empty: bool


class Options(TypedDict):
    """What select boxes need, in the order they show it."""

    countries: list[CountryOption]
    indicators: list[IndicatorOption]
    rules: list[Choice]
    languages: list[Choice]


@cached
def list_options(ctx: Context) -> Options:
    """Return the countries, indicators, rules and languages to choose from."""
    return Options(
        countries=[_make_country(ctx, iso3) for iso3 in _order_countries(ctx)],
        indicators=sorted(
            (_make_indicator(ctx, metric) for metric in ctx.book.metrics),
            key=lambda indicator: (
                indicator["empty"],
                indicator["theme_text"].casefold(),
                indicator["name"].casefold(),
            ),
        ),
        rules=[
            Choice(
                id=rule,
                label=translate_term(ctx, "counting_rule", rule),
                note=translate_term(ctx, "counting_rule", rule, "definition"),
                chosen=False,
            )
            for rule in RULES
        ],
        languages=[
            Choice(id=language.code, label=language.endonym, note=language.dir, chosen=language.code == ctx.lang)
            for language in LANGUAGES.values()
        ],
    )


def _order_countries(ctx: Context) -> list[str]:
    """Return origin, adopters, then all others, each by name."""
    first = [*list_origins(ctx), *sort_by_name(ctx, list_adopters(ctx))]
    return [*first, *sort_by_name(ctx, (iso3 for iso3 in ctx.book.countries if iso3 not in first))]


def _make_country(ctx: Context, iso3: str) -> CountryOption:
    country, adoption = ctx.book.countries[iso3], find_adoption(ctx, iso3)
    if adoption.origin or iso3 in list_adopters(ctx):
        group = translate_term(ctx, "adoption_status", "origin" if adoption.origin else adoption.status)
    else:
        group = translate_term(ctx, "region", country.subregion or country.region, "")
    return CountryOption(iso3=iso3, name=name_country(ctx, iso3), group=group)


def _make_indicator(ctx: Context, metric: str) -> IndicatorOption:
    it = ctx.book.metrics[metric]
    return IndicatorOption(
        id=metric,
        name=name_metric(ctx, metric),
        theme=it.theme,
        theme_text=translate_term(ctx, "theme", it.theme),
        unit=name_unit(ctx, it),
        empty=is_empty(ctx, metric),
    )
