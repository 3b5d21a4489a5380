"""Answers about indicators, countries, adoption and provenance in stable shapes."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from dashboard.analysis.charts.registry import select_kinds
from dashboard.answers.adoption.counting import find_adoption, list_rules, register
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, choose_latest, find_stats, has_figure, load_holdings
from dashboard.answers.base.stamp import write_stamp
from dashboard.answers.base.words import name_country
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.charts.url import write_permanent_url
from dashboard.answers.compare.comparability import list_stated_parts
from dashboard.answers.countries.countries import count_with_data
from dashboard.answers.freshness.dataset_status import count_rows_in_force
from dashboard.answers.goals.framework import view_framework
from dashboard.answers.holdings.observations import build_public_row
from dashboard.answers.indicators.cards import choose_rationale
from dashboard.answers.indicators.national import read_own_rows
from dashboard.answers.public import shapes
from dashboard.answers.revisions.provenance import find_observation, find_successor, find_vintage
from dashboard.answers.revisions.revisions import list_history
from dashboard.answers.wording.addresses import locate_figure, locate_series, locate_vintage
from dashboard.answers.wording.citation import build_public_address, cite_row
from dashboard.answers.wording.publishers import find_national_series, find_publisher
from dashboard.evidence.codebook.model import AdoptionEvent, Country, Metric, NationalSeries, choose_text
from dashboard.evidence.codebook.register.adoption import RULES, count_countries, list_reported_counts
from dashboard.locales import LANGUAGES
from data_sources.national_submission.made import SUBMITTED, read_made

Entry = TypeVar("Entry")


def describe_dataset(ctx: Context) -> shapes.Meta:
    """Return what this is and where it stands."""
    holdings = load_holdings(ctx)
    return shapes.Meta(
        title="ASAN SDG Monitor",
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        published_at=_format_moment(ctx.dataset.created_at),
        rows=count_rows_in_force(ctx),
        vintage=_describe_vintage(ctx.dataset.vintages()[-1]),
        codebook=ctx.book.version,
        stamp=write_stamp(ctx),
        indicators=len(ctx.book.metrics),
        indicators_with_data=sum(1 for stats in holdings.stats.values() if stats.countries),
        countries=len(ctx.book.countries),
        countries_with_data=len(count_with_data(ctx)),
        languages=list(LANGUAGES),
        chart_kinds=list(select_kinds("series")),
        counting_rules=list(RULES),
        sdg_framework=view_framework(ctx),
        documentation="/api/v1/docs",
        openapi="/api/v1/openapi.json",
    )


def list_indicators(ctx: Context) -> shapes.Indicators:
    """Return every indicator of the codebook, with or without figures."""
    entries = [_describe_indicator(ctx, metric) for metric in ctx.book.metrics.values()]
    return shapes.Indicators(dataset=ctx.dataset.name, as_of=ctx.today.isoformat(), indicators=entries)


def view_indicator(ctx: Context, metric: str) -> shapes.Indicator:
    """Return an indicator of the codebook."""
    entry = _describe_indicator(ctx, ctx.book.metrics[metric])
    return shapes.Indicator(dataset=ctx.dataset.name, as_of=ctx.today.isoformat(), indicator=entry)


def list_countries(ctx: Context) -> shapes.Countries:
    """Return every country and area, by code."""
    counts = count_with_data(ctx)
    entries = [
        _describe_country(ctx, entry, counts.get(entry.iso3, 0))
        for entry in sorted(ctx.book.countries.values(), key=lambda entry: entry.iso3)
    ]
    return shapes.Countries(dataset=ctx.dataset.name, as_of=ctx.today.isoformat(), countries=entries)


def view_country(ctx: Context, iso3: str) -> shapes.Country:
    """Return a country with its adoption and the latest figure of each indicator."""
    latest = [rows[iso3] for rows in load_holdings(ctx).latest.values() if has_figure(rows.get(iso3))]
    return shapes.Country(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        country=_describe_country(ctx, ctx.book.countries[iso3], len(latest)),
        adoption=_describe_adoption(ctx, iso3),
        latest=[build_public_row(row) for row in sorted(latest, key=lambda row: row["indicator"])],
        national=[
            _describe_national(ctx, own)
            for _, metric in sorted(ctx.book.metrics.items())
            for own in metric.national
            if own.country == iso3
        ],
    )


def _describe_national(ctx: Context, own: NationalSeries) -> shapes.NationalEntry:
    rows = read_own_rows(ctx, own)
    points = sum(1 for row in rows if has_figure(row))
    newest = choose_latest(rows)
    query = (
        ask_chart(ctx, "trend", own.metric, series=own.series)
        if points and ctx.book.metrics[own.metric].quantity
        else None
    )
    return _fill_entry(
        ctx,
        shapes.NationalEntry,
        own,
        indicator=own.metric,
        points=points,
        latest=build_public_row(newest) if newest else None,
        chart=write_permanent_url(query, "json") if query else "",
        csv=write_permanent_url(query, "csv") if query else "",
    )


def view_register(ctx: Context) -> shapes.AdoptionRegister:
    """Return the adoption register, the counts by each rule, and those published by others."""
    counts: dict[str, shapes.CountEntry] = {}
    for rule in RULES:
        entry = count_countries(ctx.book, rule)
        counts[rule] = shapes.CountEntry(
            count=entry.number, disputed=len(entry.disputed), countries=list(entry.countries)
        )
    return shapes.AdoptionRegister(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        counts=counts,
        claims=[_fill_entry(ctx, shapes.ClaimEntry, entry) for entry in list_reported_counts(ctx.book)],
        agreement=[_fill_entry(ctx, shapes.AgreementEntry, entry) for entry in ctx.book.agreement],
        register=[_describe_adoption(ctx, iso3) for iso3 in sorted(register(ctx))],
    )


def view_provenance(ctx: Context, observation: str) -> shapes.Provenance:
    """Return the way of an observation back to what was received.

    Raises:
        Unknown: no such observation.
    """
    row = find_observation(ctx, observation)
    info = find_publisher(row["source"], row["series"])
    record = ctx.dataset.record(row["raw_sha256"]) or {}
    own = find_national_series(ctx.book.metrics[row["indicator"]], row)
    superseded_in = row["superseded"]
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
            retrieved_at=_format_moment(row["retrieved_at"]),
            note=record.get("note", ""),
        ),
        vintage=_describe_vintage(find_vintage(ctx, row["vintage"])),
        superseded=_describe_vintage(find_vintage(ctx, superseded_in)) if superseded_in is not None else None,
        superseded_by=find_successor(ctx, row),
        history=[_describe_version(ctx, version) for version in list_history(ctx, row)],
        citation=cite_row(ctx, row),
    )


def _describe_version(ctx: Context, row: Row) -> shapes.HistoryEntry:
    superseded_in = row["superseded"]
    return shapes.HistoryEntry(
        id=row["id"],
        value=row["value"],
        value_text=row["value_text"],
        status=row["status"],
        edition=row["edition"],
        vintage=_describe_vintage(find_vintage(ctx, row["vintage"])),
        superseded=_describe_vintage(find_vintage(ctx, superseded_in)) if superseded_in is not None else None,
    )


def _fill_entry(ctx: Context, shape: type[Entry], source: object, **others: object) -> Entry:
    """Return an entry filled with equally named attributes, texts in the language, and the ``others``."""
    kinds = shape.__annotations__
    values: dict[str, Any] = {name: others[name] if name in others else getattr(source, name) for name in kinds}
    texts = (name for name, value in values.items() if kinds[name] is str and isinstance(value, Mapping))
    return cast(Entry, values | {name: choose_text(values[name], ctx.lang) for name in texts})


def _format_moment(moment: object) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _describe_vintage(row: dict[str, object]) -> shapes.Vintage:
    number, note = cast(int, row["number"]), cast(str, row["note"])
    page = build_public_address(locate_vintage("en", number))
    return shapes.Vintage(number=number, created_at=_format_moment(row["created_at"]), note=note, page=page)


def _describe_indicator(ctx: Context, metric: Metric) -> shapes.IndicatorEntry:
    stats = find_stats(ctx, metric.id)
    return _fill_entry(
        ctx,
        shapes.IndicatorEntry,
        metric,
        lower_bound=metric.expected[0],
        upper_bound=metric.expected[1],
        target_value=metric.target_2030,
        break_years=list(metric.break_years),
        comparability=list_stated_parts(ctx, metric),
        caveats=[choose_text(caveat, ctx.lang) for caveat in metric.caveats],
        links=[
            _fill_entry(ctx, shapes.LinkEntry, link, rationale=choose_rationale(ctx, link)) for link in metric.links
        ],
        series=[
            _fill_entry(
                ctx,
                shapes.SeriesEntry,
                series,
                page=build_public_address(locate_series(ctx.lang, series.source, series.series)),
            )
            for series in (*metric.series, *(own.link for own in metric.national))
        ],
        coverage=_fill_entry(ctx, shapes.CoverageEntry, stats),
    )


def _describe_country(ctx: Context, country: Country, figures: int) -> shapes.CountryEntry:
    adopted = find_adoption(ctx, country.iso3)
    return _fill_entry(
        ctx,
        shapes.CountryEntry,
        country,
        name=name_country(ctx, country.iso3),
        world_bank_region=country.wb_region,
        adoption_status=adopted.status,
        adoption_disputed=adopted.disputed,
        adoption_origin=adopted.origin,
        indicators_with_data=figures,
    )


def _describe_adoption(ctx: Context, iso3: str) -> shapes.AdoptionEntry:
    adoption = find_adoption(ctx, iso3)
    return _fill_entry(
        ctx,
        shapes.AdoptionEntry,
        adoption,
        country=iso3,
        counted_by=list_rules(ctx, iso3),
        events=[_describe_event(ctx, event) for event in adoption.events],
    )


def _describe_event(ctx: Context, event: AdoptionEvent) -> shapes.EventEntry:
    return _fill_entry(
        ctx,
        shapes.EventEntry,
        event,
        scope=choose_text(event.scopes, ctx.lang) or event.scope,
        note=choose_text(event.notes, ctx.lang) or event.note,
    )
