"""The list of countries, and what the adoption register says of each."""

from dashboard.answers.adoption.counting import find_adoption, list_rules
from dashboard.answers.adoption.register import view_event
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.lookup import find_country
from dashboard.answers.base.rows import has_figure, load_holdings
from dashboard.answers.base.words import join_sentences, name_country, sort_by_name, translate_term
from dashboard.answers.countries.views import AdoptionView, CountryCard
from dashboard.evidence.codebook.model import Adoption
from dashboard.locales import format_day, t


@cached
def list_countries(ctx: Context) -> list[CountryCard]:
    """Return all countries and areas, by name."""
    having = count_with_data(ctx)
    return [_view_card(ctx, iso3, having.get(iso3, 0)) for iso3 in sort_by_name(ctx, ctx.book.countries)]


def view_adoption(ctx: Context, iso3: str) -> AdoptionView:
    """Return what the register says of a country; ``no_record`` where it says nothing.

    Raises:
        Unknown: no such country, with suggestions.
    """
    code = find_country(ctx, iso3).iso3
    adoption = find_adoption(ctx, code)
    shown = "origin" if adoption.origin else adoption.status
    return AdoptionView(
        iso3=code,
        name=name_country(ctx, code),
        status=adoption.status,
        status_text=translate_term(ctx, "adoption_status", shown),
        definition=translate_term(ctx, "adoption_status", shown, "definition"),
        disputed=adoption.disputed,
        support=adoption.support,
        support_text=translate_term(ctx, "support", adoption.support) if adoption.support != "none" else "",
        opened=adoption.opened,
        opened_text=format_day(adoption.opened, ctx.lang) if adoption.opened else "",
        origin=adoption.origin,
        rules=list_rules(ctx, code),
        text=_describe_adoption(ctx, adoption, shown),
        events=[view_event(ctx, event) for event in adoption.events],
    )


@cached
def count_with_data(ctx: Context) -> dict[str, int]:
    """Return ISO3 → how many indicators have a figure of the country."""
    counts_by_country: dict[str, int] = {}
    for rows in load_holdings(ctx).latest.values():
        for iso3, row in rows.items():
            if has_figure(row):
                counts_by_country[iso3] = counts_by_country.get(iso3, 0) + 1
    return counts_by_country


def _describe_adoption(ctx: Context, adoption: Adoption, shown: str) -> str:
    parts = [translate_term(ctx, "adoption_status", shown, "definition")]
    if adoption.status != "no_record" and not adoption.origin:
        parts.append(translate_term(ctx, "support", adoption.support, "definition"))
    if adoption.disputed:
        parts.append(translate_term(ctx, "adoption_status", "disputed", "definition"))
    if adoption.centres_predate_agreement:
        parts.append(t("terms.register.predates", ctx.lang))
    return join_sentences(parts)


def _view_card(ctx: Context, iso3: str, having: int) -> CountryCard:
    country, adoption = ctx.book.countries[iso3], find_adoption(ctx, iso3)
    return CountryCard(
        iso3=iso3,
        iso2=country.iso2,
        m49=country.m49,
        name=name_country(ctx, iso3),
        region=translate_term(ctx, "region", country.subregion or country.region, ""),
        status=adoption.status,
        status_text=translate_term(ctx, "adoption_status", "origin" if adoption.origin else adoption.status),
        disputed=adoption.disputed,
        with_data=having,
    )
