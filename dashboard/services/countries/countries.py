"""The list of countries, and what the adoption register says of each."""

from dashboard.codebook.model import Adoption, AdoptionEvent, text
from dashboard.codebook.register.adoption import counts
from dashboard.locales import date, t
from dashboard.services.adoption.counting import adoption_status, rules_of
from dashboard.services.adoption.events import event_note
from dashboard.services.base.cache import cached
from dashboard.services.base.context import Context
from dashboard.services.base.lookup import find_country
from dashboard.services.base.references import reference_parts
from dashboard.services.base.rows import has_figure, holdings
from dashboard.services.base.words import by_name, country_name, sentence, term
from dashboard.services.countries.views import AdoptionView, CountryCard, EventView


@cached
def countries(ctx: Context) -> list[CountryCard]:
    """All countries and areas, by name."""
    having = with_data(ctx)
    return [_card(ctx, iso3, having.get(iso3, 0)) for iso3 in by_name(ctx, ctx.book.countries)]


def adoption_of(ctx: Context, iso3: str) -> AdoptionView:
    """What the register says of one country; status no_record when it says nothing.

    Raises:
        Unknown: no such country, with suggestions.
    """
    code = find_country(ctx, iso3).iso3
    it = adoption_status(ctx, code)
    shown = "origin" if it.origin else it.status
    return AdoptionView(
        iso3=code,
        name=country_name(ctx, code),
        status=it.status,
        status_text=term(ctx, "adoption_status", shown),
        definition=term(ctx, "adoption_status", shown, "definition"),
        disputed=it.disputed,
        support=it.support,
        support_text=term(ctx, "support", it.support) if it.support != "none" else "",
        opened=it.opened,
        opened_text=date(it.opened, ctx.lang) if it.opened else "",
        origin=it.origin,
        rules=rules_of(ctx, code),
        text=_adoption_text(ctx, it, shown),
        events=[_event(ctx, event) for event in it.events],
    )


@cached
def with_data(ctx: Context) -> dict[str, int]:
    """ISO3 → how many indicators have a figure of the country."""
    counts_by_country: dict[str, int] = {}
    for rows in holdings(ctx).latest.values():
        for iso3, row in rows.items():
            if has_figure(row):
                counts_by_country[iso3] = counts_by_country.get(iso3, 0) + 1
    return counts_by_country


def _adoption_text(ctx: Context, it: Adoption, shown: str) -> str:
    parts = [term(ctx, "adoption_status", shown, "definition")]
    if it.status != "no_record" and not it.origin:
        parts.append(term(ctx, "support", it.support, "definition"))
    if it.disputed:
        parts.append(term(ctx, "adoption_status", "disputed", "definition"))
    if it.centres_predate_agreement:
        parts.append(t("terms.register.predates", ctx.lang))
    return sentence(parts)


def _card(ctx: Context, iso3: str, having: int) -> CountryCard:
    country, it = ctx.book.countries[iso3], adoption_status(ctx, iso3)
    return CountryCard(
        iso3=iso3,
        iso2=country.iso2,
        m49=country.m49,
        name=country_name(ctx, iso3),
        region=term(ctx, "region", country.subregion or country.region, ""),
        status=it.status,
        status_text=term(ctx, "adoption_status", "origin" if it.origin else it.status),
        disputed=it.disputed,
        with_data=having,
    )


def _event(ctx: Context, event: AdoptionEvent) -> EventView:
    return EventView(
        id=event.id,
        type=event.type,
        type_text=term(ctx, "event_type", event.type, ""),
        filed_type=event.filed_type,
        date=event.date,
        date_text=date(event.date, ctx.lang, event.precision),
        local_name=event.local_name,
        scope=text(event.scopes, ctx.lang) or event.scope,
        source=event.source_title,
        source_ref=event.source_ref,
        source_parts=reference_parts(event.source_ref),
        source_type=term(ctx, "event_source", event.source_type, ""),
        evidence=event.evidence_level,
        evidence_text=term(ctx, "register_level", event.evidence_level, "definition"),
        stance=event.stance,
        stance_text=term(ctx, "stance", event.stance, ""),
        disputed=event.disputed,
        review_state=term(ctx, "review_state", event.review_state),
        counts=counts(event),
        note=event_note(ctx, event),
    )
