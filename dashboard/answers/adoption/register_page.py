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
def register_page(ctx: Context, rule: str = DEFAULT_RULE) -> RegisterView:
    """The page, counted by a rule.

    Raises:
        Invalid: no such counting rule.
    """
    chosen = check_rule(rule)
    tiles = build_tiles(ctx, chosen)
    countries = register(ctx)
    steps = build_history(ctx.book)
    return RegisterView(
        counting=count_adopters(ctx, chosen),
        claims=[_claim(ctx, it, chosen, steps) for it in list_reported_counts(ctx.book)],
        ladder=[
            *(_rung(ctx, status, countries.values()) for status in (*reversed(LADDER[1:]), "closed", "origin")),
            _no_record(ctx, countries.values(), tiles),
        ],
        tiles=tiles,
        legend=build_legend(ctx, tiles),
        agreement=[_fact(ctx, it) for kind in KINDS for it in ctx.book.agreement if it.kind == kind],
        organisations=[_organisation(ctx, it) for it in ctx.book.organisation_events],
        shared=_shared(ctx, countries),
        predate=_predate(ctx, countries),
        twice=_twice(ctx, countries),
    )


def describe_claim(it: ReportedCount, part: str, lang: str) -> str:
    """Our words about a published count: ``short`` beside its mark, ``differs`` from our counts; "" where none."""
    key = f"register.claim.{it.id}.{part}"
    return t(key, lang) if has(key) else ""


def _claim(
    ctx: Context, it: ReportedCount, rule: CountingRule, steps: Mapping[CountingRule, tuple[Step, ...]]
) -> PublishedClaim:
    day = read_last_day(it.date)
    ours = len(list_counted_countries(steps, rule, day)) if day else 0
    return PublishedClaim(
        id=it.id,
        when=format_day(it.date, ctx.lang, it.precision),
        claim=choose_text(it.claim, ctx.lang),
        count_text=describe_published_count(it, ctx.lang),
        counts=choose_text(it.what_is_counted, ctx.lang),
        source=it.source_ref,
        source_type=translate_term(ctx, "event_source", it.source_type, ""),
        differs=describe_claim(it, "differs", ctx.lang),
        ours=describe_count(ctx, rule, ours),
        note=choose_text(it.note, ctx.lang),
    )


def _rung(ctx: Context, status: str, countries: Iterable[Adoption]) -> Rung:
    those = [it for it in countries if (it.origin if status == "origin" else it.status == status and not it.origin)]
    disputed = {it.iso3 for it in those if it.disputed}
    return Rung(
        id=status,
        label=translate_term(ctx, "adoption_status", status),
        definition=translate_term(ctx, "adoption_status", status, "definition"),
        number=len(those),
        countries=[
            t("register.ladder.disputed", ctx.lang, country=name_country(ctx, iso3))
            if iso3 in disputed
            else name_country(ctx, iso3)
            for iso3 in sort_by_name(ctx, (it.iso3 for it in those))
        ],
    )


def _no_record(ctx: Context, countries: Iterable[Adoption], tiles: Iterable[Tile]) -> Rung:
    """Every country without a status; named are those that have rows, all of them context."""
    named = sort_by_name(ctx, (it.iso3 for it in countries if it.status == "no_record" and not it.origin))
    return Rung(
        id="no_record",
        label=translate_term(ctx, "adoption_status", "no_record"),
        definition=translate_term(ctx, "adoption_status", "no_record", "definition"),
        number=sum(tile["status"] == "no_record" and not tile["origin"] for tile in tiles),
        countries=[t("register.ladder.context", ctx.lang, country=name_country(ctx, iso3)) for iso3 in named],
    )


def _fact(ctx: Context, it: AgreementRecord) -> AgreementFact:
    whose = translate_term(ctx, "event_source", it.source_type, "")
    return AgreementFact(
        id=it.id,
        kind=it.kind,
        kind_text=t(f"register.agreement.{it.kind}", ctx.lang),
        text=choose_text(it.text, ctx.lang),
        date_text=format_day(it.date, ctx.lang, it.precision),
        source=f"{isolate_written(ctx, it.source_title)} ({whose}): {isolate_written(ctx, it.source_ref)}",
        note=choose_text(it.note, ctx.lang),
    )


def _organisation(ctx: Context, it: Mapping[str, str]) -> AgreementFact:
    name = it["organisation"]
    slug = name.lower().replace(" ", "_")
    return AgreementFact(
        id=slug,
        kind=it["type"],
        kind_text=translate_term(ctx, "event_type", it["type"], ""),
        text=t(f"register.organisation.{slug}", ctx.lang) if has(f"register.organisation.{slug}") else name,
        date_text=format_day(it["date"], ctx.lang, it["precision"]),
        source=translate_term(ctx, "event_source", it["source_type"], "")
        + t("ui.list.colon", ctx.lang)
        + it["source_ref"],
        note="",
    )


def _shared(ctx: Context, countries: Mapping[str, Adoption]) -> list[Named]:
    named = []
    for iso3 in sort_by_name(ctx, countries):
        credited = [event for event in countries[iso3].events if event.credited_to]
        if credited:
            models = join_list(ctx, (name_country(ctx, event.credited_to) for event in credited))
            words = t("register.hidden.credited", ctx.lang, models=models)
            named.append(Named(country=iso3, name=name_country(ctx, iso3), text=words, event=credited[0].id))
    return named


def _predate(ctx: Context, countries: Mapping[str, Adoption]) -> list[Named]:
    named = []
    for iso3 in sort_by_name(ctx, countries):
        it = countries[iso3]
        if it.centres_predate_agreement and not it.origin:
            event = next((event for event in it.events if event.centres_predate_agreement), it.events[0])
            words = choose_text(event.notes, ctx.lang) or event.note
            named.append(Named(country=iso3, name=name_country(ctx, iso3), text=words, event=event.id))
    return named


def _twice(ctx: Context, countries: Mapping[str, Adoption]) -> list[Named]:
    named = []
    for iso3 in sort_by_name(ctx, countries):
        rows = sorted((event for event in countries[iso3].events if event.disputed), key=lambda event: event.id)
        if rows:
            ids = join_list(ctx, (isolate_written(ctx, event.id) for event in rows))
            words = t("register.hidden.rows", ctx.lang, count=len(rows), ids=ids)
            named.append(Named(country=iso3, name=name_country(ctx, iso3), text=words, event=rows[0].id))
    return named
