"""What the page of the adoption register says beside its table: counts, published counts, ladder, agreement."""

from collections.abc import Iterable, Mapping

from dashboard.answers.adoption.adoption_map import build_legend, build_tiles
from dashboard.answers.adoption.counting import (
    DEFAULT_RULE,
    check_rule,
    count_adopters,
    describe_count,
    describe_published_count,
    register,
)
from dashboard.answers.adoption.views import AgreementFact, Named, PublishedClaim, RegisterView, Rung, Tile
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import isolate_written, join_list, name_country, sort_by_name, translate_term
from dashboard.evidence.codebook.model import Adoption, AgreementRecord, CountingRule, ReportedCount, choose_text
from dashboard.evidence.codebook.register.adoption import LADDER, list_reported_counts
from dashboard.evidence.codebook.register.history import Step, build_history, list_counted_countries, read_last_day
from dashboard.locales import format_day, has, t

KINDS = ("milestone", "activity", "continents", "participation")
"""Parts of the agreement, in the order they are told."""


@cached
def view_register(ctx: Context, rule: str = DEFAULT_RULE) -> RegisterView:
    """Return the register's page, counted by a rule.

    Raises:
        Invalid: no such counting rule.
    """
    chosen = check_rule(rule)
    tiles = build_tiles(ctx, chosen)
    countries = register(ctx)
    steps = build_history(ctx.book)
    return RegisterView(
        counting=count_adopters(ctx, chosen),
        claims=[_view_claim(ctx, count, chosen, steps) for count in list_reported_counts(ctx.book)],
        ladder=[
            *(_view_rung(ctx, status, countries.values()) for status in (*reversed(LADDER[1:]), "closed", "origin")),
            _view_no_record(ctx, countries.values(), tiles),
        ],
        tiles=tiles,
        legend=build_legend(ctx, tiles),
        agreement=[_view_fact(ctx, record) for kind in KINDS for record in ctx.book.agreement if record.kind == kind],
        organisations=[_view_organisation(ctx, event) for event in ctx.book.organisation_events],
        shared=_list_shared(ctx, countries),
        predate=_list_predating(ctx, countries),
        twice=_list_disputed(ctx, countries),
    )


def describe_claim(count: ReportedCount, part: str, lang: str) -> str:
    """Return our words on a published count (``short`` or ``differs``); "" where there are none."""
    key = f"register.claim.{count.id}.{part}"
    return t(key, lang) if has(key) else ""


def _view_claim(
    ctx: Context, count: ReportedCount, rule: CountingRule, steps: Mapping[CountingRule, tuple[Step, ...]]
) -> PublishedClaim:
    day = read_last_day(count.date)
    ours = len(list_counted_countries(steps, rule, day)) if day else 0
    return PublishedClaim(
        id=count.id,
        when=format_day(count.date, ctx.lang, count.precision),
        claim=choose_text(count.claim, ctx.lang),
        count_text=describe_published_count(count, ctx.lang),
        counts=choose_text(count.what_is_counted, ctx.lang),
        source=count.source_ref,
        source_type=translate_term(ctx, "event_source", count.source_type, ""),
        differs=describe_claim(count, "differs", ctx.lang),
        ours=describe_count(ctx, rule, ours),
        note=choose_text(count.note, ctx.lang),
    )


def _view_rung(ctx: Context, status: str, countries: Iterable[Adoption]) -> Rung:
    those = [
        country
        for country in countries
        if (country.origin if status == "origin" else country.status == status and not country.origin)
    ]
    disputed = {country.iso3 for country in those if country.disputed}
    return Rung(
        id=status,
        label=translate_term(ctx, "adoption_status", status),
        definition=translate_term(ctx, "adoption_status", status, "definition"),
        number=len(those),
        countries=[
            t("register.ladder.disputed", ctx.lang, country=name_country(ctx, iso3))
            if iso3 in disputed
            else name_country(ctx, iso3)
            for iso3 in sort_by_name(ctx, (country.iso3 for country in those))
        ],
    )


def _view_no_record(ctx: Context, countries: Iterable[Adoption], tiles: Iterable[Tile]) -> Rung:
    """Return the rung of countries without a status; it names those whose rows are all context."""
    named = sort_by_name(
        ctx, (country.iso3 for country in countries if country.status == "no_record" and not country.origin)
    )
    return Rung(
        id="no_record",
        label=translate_term(ctx, "adoption_status", "no_record"),
        definition=translate_term(ctx, "adoption_status", "no_record", "definition"),
        number=sum(tile["status"] == "no_record" and not tile["origin"] for tile in tiles),
        countries=[t("register.ladder.context", ctx.lang, country=name_country(ctx, iso3)) for iso3 in named],
    )


def _view_fact(ctx: Context, record: AgreementRecord) -> AgreementFact:
    whose = translate_term(ctx, "event_source", record.source_type, "")
    return AgreementFact(
        id=record.id,
        kind=record.kind,
        kind_text=t(f"register.agreement.{record.kind}", ctx.lang),
        text=choose_text(record.text, ctx.lang),
        date_text=format_day(record.date, ctx.lang, record.precision),
        source=f"{isolate_written(ctx, record.source_title)} ({whose}): {isolate_written(ctx, record.source_ref)}",
        note=choose_text(record.note, ctx.lang),
    )


def _view_organisation(ctx: Context, event: Mapping[str, str]) -> AgreementFact:
    name = event["organisation"]
    slug = name.lower().replace(" ", "_")
    return AgreementFact(
        id=slug,
        kind=event["type"],
        kind_text=translate_term(ctx, "event_type", event["type"], ""),
        text=t(f"register.organisation.{slug}", ctx.lang) if has(f"register.organisation.{slug}") else name,
        date_text=format_day(event["date"], ctx.lang, event["precision"]),
        source=translate_term(ctx, "event_source", event["source_type"], "")
        + t("ui.list.colon", ctx.lang)
        + event["source_ref"],
        note="",
    )


def _list_shared(ctx: Context, countries: Mapping[str, Adoption]) -> list[Named]:
    named = []
    for iso3 in sort_by_name(ctx, countries):
        credited = [event for event in countries[iso3].events if event.credited_to]
        if credited:
            models = join_list(ctx, (name_country(ctx, event.credited_to) for event in credited))
            words = t("register.hidden.credited", ctx.lang, models=models)
            named.append(Named(country=iso3, name=name_country(ctx, iso3), text=words, event=credited[0].id))
    return named


def _list_predating(ctx: Context, countries: Mapping[str, Adoption]) -> list[Named]:
    named = []
    for iso3 in sort_by_name(ctx, countries):
        adoption = countries[iso3]
        if adoption.centres_predate_agreement and not adoption.origin:
            event = next((event for event in adoption.events if event.centres_predate_agreement), adoption.events[0])
            words = choose_text(event.notes, ctx.lang) or event.note
            named.append(Named(country=iso3, name=name_country(ctx, iso3), text=words, event=event.id))
    return named


def _list_disputed(ctx: Context, countries: Mapping[str, Adoption]) -> list[Named]:
    named = []
    for iso3 in sort_by_name(ctx, countries):
        rows = sorted((event for event in countries[iso3].events if event.disputed), key=lambda event: event.id)
        if rows:
            ids = join_list(ctx, (isolate_written(ctx, event.id) for event in rows))
            words = t("register.hidden.rows", ctx.lang, count=len(rows), ids=ids)
            named.append(Named(country=iso3, name=name_country(ctx, iso3), text=words, event=rows[0].id))
    return named
