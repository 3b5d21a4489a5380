"""What the API says of indicators, countries, adoption and provenance: plain data, few words, stable shapes."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from dashboard.charts.registry import drawn_from
from dashboard.codebook.model import AdoptionEvent, Country, Metric, NationalSeries, choose_text
from dashboard.codebook.register.adoption import RULES, count, list_claims
from dashboard.locales import LANGUAGES
from dashboard.services.adoption.counting import find_adoption, list_rules, register
from dashboard.services.base.context import Context
from dashboard.services.base.rows import Row, choose_latest, find_stats, has_figure, load_holdings
from dashboard.services.base.stamp import stamp
from dashboard.services.base.words import name_country
from dashboard.services.charts.query import ask
from dashboard.services.charts.url import chart_url
from dashboard.services.compare.comparability import list_stated_parts
from dashboard.services.countries.countries import count_with_data
from dashboard.services.freshness.dataset_status import count_rows_in_force
from dashboard.services.holdings.observations import build_public_row
from dashboard.services.indicators.cards import choose_rationale
from dashboard.services.indicators.national import read_own_rows
from dashboard.services.public import shapes
from dashboard.services.revisions.provenance import find_observation, find_successor, find_vintage
from dashboard.services.revisions.revisions import list_history
from dashboard.services.wording.addresses import locate_figure, locate_series, locate_vintage
from dashboard.services.wording.citation import build_public_address, cite_row
from dashboard.services.wording.publishers import find_national_series, find_publisher
from data_sources.national_submission.made import SUBMITTED, read_made

Entry = TypeVar("Entry")


def meta(ctx: Context) -> shapes.Meta:
    """What this is and where it stands."""
    held = load_holdings(ctx)
    return shapes.Meta(
        title="ASAN SDG Monitor",
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        published_at=_moment(ctx.dataset.created_at),
        rows=count_rows_in_force(ctx),
        vintage=_vintage(ctx.dataset.vintages()[-1]),
        codebook=ctx.book.version,
        stamp=stamp(ctx),
        indicators=len(ctx.book.metrics),
        indicators_with_data=sum(1 for stats in held.stats.values() if stats.countries),
        countries=len(ctx.book.countries),
        countries_with_data=len(count_with_data(ctx)),
        languages=list(LANGUAGES),
        chart_kinds=list(drawn_from("series")),
        counting_rules=list(RULES),
        documentation="/api/v1/docs",
        openapi="/api/v1/openapi.json",
    )


def indicators(ctx: Context) -> shapes.Indicators:
    """Every indicator of the codebook, with or without figures."""
    entries = [_indicator(ctx, metric) for metric in ctx.book.metrics.values()]
    return shapes.Indicators(dataset=ctx.dataset.name, as_of=ctx.today.isoformat(), indicators=entries)


def indicator(ctx: Context, metric: str) -> shapes.Indicator:
    """One indicator of the codebook."""
    entry = _indicator(ctx, ctx.book.metrics[metric])
    return shapes.Indicator(dataset=ctx.dataset.name, as_of=ctx.today.isoformat(), indicator=entry)


def countries(ctx: Context) -> shapes.Countries:
    """Every country and area, by code."""
    having = count_with_data(ctx)
    entries = [
        _country(ctx, it, having.get(it.iso3, 0)) for it in sorted(ctx.book.countries.values(), key=lambda it: it.iso3)
    ]
    return shapes.Countries(dataset=ctx.dataset.name, as_of=ctx.today.isoformat(), countries=entries)


def country(ctx: Context, iso3: str) -> shapes.Country:
    """One country with its adoption and the latest figure of each indicator."""
    known = [rows[iso3] for rows in load_holdings(ctx).latest.values() if has_figure(rows.get(iso3))]
    return shapes.Country(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        country=_country(ctx, ctx.book.countries[iso3], len(known)),
        adoption=_adoption(ctx, iso3),
        latest=[build_public_row(row) for row in sorted(known, key=lambda row: row["indicator"])],
        national=[
            _national(ctx, own)
            for _, metric in sorted(ctx.book.metrics.items())
            for own in metric.national
            if own.country == iso3
        ],
    )


def _national(ctx: Context, own: NationalSeries) -> shapes.NationalEntry:
    rows = read_own_rows(ctx, own)
    points = sum(1 for row in rows if has_figure(row))
    newest = choose_latest(rows)
    query = (
        ask(ctx, "trend", own.metric, series=own.series) if points and ctx.book.metrics[own.metric].quantity else None
    )
    return _shape(
        ctx,
        shapes.NationalEntry,
        own,
        indicator=own.metric,
        points=points,
        latest=build_public_row(newest) if newest else None,
        chart=chart_url(query, "json") if query else "",
        csv=chart_url(query, "csv") if query else "",
    )


def adoption(ctx: Context) -> shapes.AdoptionRegister:
    """The register, the counts by each rule, and those published by others."""
    counts: dict[str, shapes.CountEntry] = {}
    for rule in RULES:
        it = count(ctx.book, rule)
        counts[rule] = shapes.CountEntry(count=it.number, disputed=len(it.disputed), countries=list(it.countries))
    return shapes.AdoptionRegister(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        counts=counts,
        claims=[_shape(ctx, shapes.ClaimEntry, it) for it in list_claims(ctx.book)],
        agreement=[_shape(ctx, shapes.AgreementEntry, it) for it in ctx.book.agreement],
        register=[_adoption(ctx, iso3) for iso3 in sorted(register(ctx))],
    )


def provenance(ctx: Context, observation: str) -> shapes.Provenance:
    """The way of one observation back to what was received.

    Raises:
        Unknown: no such observation.
    """
    row = find_observation(ctx, observation)
    info = find_publisher(row["source"], row["series"])
    record = ctx.dataset.record(row["raw_sha256"]) or {}
    own = find_national_series(ctx.book.metrics[row["indicator"]], row)
    gone = row["superseded"]
    return shapes.Provenance(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        page=build_public_address(locate_figure(ctx.lang, row["id"])),
        observation=build_public_row(row),
        series=row["series"],
        value_text=row["value_text"],
        interval_level=row["interval_level"],
        std_error=row["std_error"],
        source_detail=row["source_detail"],
        made=read_made(row["source_detail"])[1] if row["source"] == SUBMITTED else {},
        footnote=row["footnote"],
        primary=row["primary"],
        publisher=shapes.PublisherEntry(
            id=row["source"],
            title=info.title if info else row["source"],
            publisher=info.publisher if info else record.get("publisher", ""),
            homepage=info.homepage if info else "",
            licence=info.licence if info else record.get("licence", ""),
            licence_url=info.licence_url if info else "",
            attribution=info.attribution if info else "",
            redistribution=info.redistribution if info else "",
            evidence_level=own.evidence_level if own else info.evidence_level if info else 0,
        ),
        received=shapes.ReceivedEntry(
            sha256=row["raw_sha256"],
            url=record.get("url", ""),
            origin=record.get("origin", ""),
            retrieved_at=_moment(row["retrieved_at"]),
            note=record.get("note", ""),
        ),
        vintage=_vintage(find_vintage(ctx, row["vintage"])),
        superseded=_vintage(find_vintage(ctx, gone)) if gone is not None else None,
        superseded_by=find_successor(ctx, row),
        history=[_had(ctx, one) for one in list_history(ctx, row)],
        citation=cite_row(ctx, row),
    )


def _had(ctx: Context, row: Row) -> shapes.HistoryEntry:
    gone = row["superseded"]
    return shapes.HistoryEntry(
        id=row["id"],
        value=row["value"],
        value_text=row["value_text"],
        status=row["status"],
        edition=row["edition"],
        vintage=_vintage(find_vintage(ctx, row["vintage"])),
        superseded=_vintage(find_vintage(ctx, gone)) if gone is not None else None,
    )


def _shape(ctx: Context, shape: type[Entry], it: object, **others: object) -> Entry:
    """An entry of the API: what is called the same in ``it``, its texts in the language, and the ``others``."""
    kinds = shape.__annotations__
    found: dict[str, Any] = {name: others[name] if name in others else getattr(it, name) for name in kinds}
    texts = (name for name, value in found.items() if kinds[name] is str and isinstance(value, Mapping))
    return cast(Entry, found | {name: choose_text(found[name], ctx.lang) for name in texts})


def _moment(moment: object) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _vintage(row: dict[str, object]) -> shapes.Vintage:
    number, note = cast(int, row["number"]), cast(str, row["note"])
    page = build_public_address(locate_vintage("en", number))
    return shapes.Vintage(number=number, created_at=_moment(row["created_at"]), note=note, page=page)


def _indicator(ctx: Context, it: Metric) -> shapes.IndicatorEntry:
    stats = find_stats(ctx, it.id)
    return _shape(
        ctx,
        shapes.IndicatorEntry,
        it,
        lower_bound=it.expected[0],
        upper_bound=it.expected[1],
        target_value=it.target_2030,
        break_years=list(it.break_years),
        comparability=list_stated_parts(ctx, it),
        caveats=[choose_text(caveat, ctx.lang) for caveat in it.caveats],
        links=[_shape(ctx, shapes.LinkEntry, link, rationale=choose_rationale(ctx, link)) for link in it.links],
        series=[
            _shape(
                ctx, shapes.SeriesEntry, one, page=build_public_address(locate_series(ctx.lang, one.source, one.series))
            )
            for one in (*it.series, *(own.link for own in it.national))
        ],
        coverage=_shape(ctx, shapes.CoverageEntry, stats),
    )


def _country(ctx: Context, it: Country, having: int) -> shapes.CountryEntry:
    adopted = find_adoption(ctx, it.iso3)
    return _shape(
        ctx,
        shapes.CountryEntry,
        it,
        name=name_country(ctx, it.iso3),
        world_bank_region=it.wb_region,
        adoption_status=adopted.status,
        adoption_disputed=adopted.disputed,
        adoption_origin=adopted.origin,
        indicators_with_data=having,
    )


def _adoption(ctx: Context, iso3: str) -> shapes.AdoptionEntry:
    it = find_adoption(ctx, iso3)
    return _shape(
        ctx,
        shapes.AdoptionEntry,
        it,
        country=iso3,
        counted_by=list_rules(ctx, iso3),
        events=[_event(ctx, event) for event in it.events],
    )


def _event(ctx: Context, it: AdoptionEvent) -> shapes.EventEntry:
    return _shape(
        ctx,
        shapes.EventEntry,
        it,
        scope=choose_text(it.scopes, ctx.lang) or it.scope,
        note=choose_text(it.notes, ctx.lang) or it.note,
    )
