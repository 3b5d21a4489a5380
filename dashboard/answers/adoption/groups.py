"""Groups of countries that can be compared at once: adopters, official groups, income groups, regions."""

from dashboard.answers.adoption.counting import DEFAULT_RULE, list_adopters
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.views import Choice, make_choice
from dashboard.answers.base.words import make_slug, sort_by_name, translate_term
from dashboard.evidence.codebook.model import Country
from dashboard.locales import order, t

UN_GROUPS = ("ldc", "lldc", "sids")
"""Groups of countries that the United Nations keep."""


@cached
def list_groups(ctx: Context) -> list[Choice]:
    """Return the groups: adopters, official groups, income groups and regions by name."""
    every = ctx.book.countries.values()
    rule = translate_term(ctx, "counting_rule", DEFAULT_RULE)
    groups = {"adopters": t("answers.medians.adopters", ctx.lang, rule=rule)}
    groups |= {name: translate_term(ctx, "country_group", name, "") for name in UN_GROUPS}
    groups |= _name_groups(ctx, "income", {country.income for country in every if country.income})
    groups |= _name_groups(ctx, "region", {_find_region(country) for country in every if _find_region(country)})
    return [make_choice(name, label) for name, label in groups.items()]


@cached
def list_members(ctx: Context, group: str) -> list[str]:
    """Return the ISO3 codes of a group's countries by name; none for an unknown group."""
    if group == "adopters":
        return sort_by_name(ctx, list_adopters(ctx))
    kind, _, name = group.partition(".")

    def is_member(country: Country) -> bool:
        if group in UN_GROUPS:
            return bool(getattr(country, group))
        value = {"income": country.income, "region": _find_region(country)}.get(kind, "")
        return bool(value) and make_slug(value) == name

    return sort_by_name(ctx, [iso3 for iso3, country in ctx.book.countries.items() if is_member(country)])


def _find_region(country: Country) -> str:
    return country.subregion or country.region


def _name_groups(ctx: Context, kind: str, values: set[str]) -> dict[str, str]:
    labels = {f"{kind}.{make_slug(value)}": translate_term(ctx, kind, value, "") for value in values}
    return dict(sorted(labels.items(), key=lambda entry: order(entry[1], ctx.lang)))
