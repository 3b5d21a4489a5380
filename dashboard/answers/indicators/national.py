"""Countries' own series: shown on the page of the country, listed with the indicator, never among other figures."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import polars as pl

from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.lookup import find_metric, find_national
from dashboard.answers.base.rows import Row, choose_latest, has_breakdowns, has_figure, load_holdings, select_own_totals
from dashboard.answers.base.words import format_years, name_country, name_unit, sort_by_name
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.charts.url import write_permanent_url
from dashboard.answers.indicators.views import NationalView
from dashboard.answers.wording.evidence import describe_level
from dashboard.answers.wording.figures import build_figure, describe_series_target
from dashboard.answers.wording.publishers import find_national_series, find_publisher, title_publisher
from dashboard.answers.wording.views import Figure
from dashboard.evidence.codebook.model import Metric, NationalSeries, choose_text
from dashboard.evidence.codebook.tables import THEMES
from dashboard.locales import t
from data_sources.national_submission.made import NATIONAL, SUBMITTED


def list_series_of_country(ctx: Context, iso3: str) -> list[NationalView]:
    """Return every national series of a country by theme, with or without figures."""
    series = [
        (metric, own)
        for metric in ctx.book.metrics.values()
        for own in (*metric.national, *_find_sent(ctx).get(metric.id, ()))
        if own.country == iso3
    ]
    return [_view(ctx, metric, own) for metric, own in sorted(series, key=lambda link: THEMES.index(link[0].theme))]


def list_series_of_indicator(ctx: Context, metric: Metric) -> list[NationalView]:
    """Return all countries' own series under an indicator's number, by the country's name."""
    series = (*metric.national, *_find_sent(ctx).get(metric.id, ()))
    order = sort_by_name(ctx, {own.country for own in series})
    return [_view(ctx, metric, own) for own in sorted(series, key=lambda own: order.index(own.country))]


@kept(2)
def _find_sent(ctx: Context) -> Mapping[str, tuple[NationalSeries, ...]]:
    """Map each indicator to the series countries sent in a definition of their own.

    Of an indicator that has a national series of the country in the codebook only that one is shown.
    """
    own = pl.col("source") == SUBMITTED, pl.col("series").str.ends_with(NATIONAL), pl.col("dimensions") == "{}"
    figures = ctx.dataset.scan().filter(*own, pl.col("value").is_not_null())
    rows = figures.sort("indicator", "country", "period").collect()
    found: dict[tuple[str, str], NationalSeries] = {}
    for row in rows.iter_rows(named=True):
        metric = ctx.book.metrics.get(row["indicator"])
        if metric is None or row["country"] in {series_of_country.country for series_of_country in metric.national}:
            continue
        if series := find_national_series(metric, row):
            found[metric.id, row["country"]] = series
    sent: dict[str, tuple[NationalSeries, ...]] = {}
    for (indicator, _), series in found.items():
        sent[indicator] = (*sent.get(indicator, ()), series)
    return MappingProxyType(sent)


def read_own_rows(ctx: Context, own: NationalSeries) -> list[Row]:
    """Read the rows of a national series in force, without breakdowns, by year."""
    return select_own_totals(ctx, own).collect().to_dicts()


def find_observation_id(ctx: Context, indicator: str, series: str, year: int) -> str:
    """Return the id of the figure of a national series in a year.

    Raises:
        Unknown: no such indicator, or no figure of the series in that year.
        Invalid: the indicator has no such national series.
    """
    own = find_national(find_metric(ctx, indicator), series)
    rows = [row for row in read_own_rows(ctx, own) if row["year"] == year]
    if not rows:
        raise Unknown("observation", f"{indicator} {series} {year}")
    return str(rows[0]["id"])


def _figure(ctx: Context, metric: Metric, rows: Sequence[Row], *, only_breakdowns: bool) -> Figure:
    """Return the latest figure of a national series, or why there is none."""
    view = build_figure(ctx, metric, choose_latest(rows), gathered=bool(rows))
    if only_breakdowns:
        words = t("national.breakdowns", ctx.lang)
        view |= {"text": words, "quantity": words, "why": t("national.breakdowns_why", ctx.lang)}
    return view


def _view(ctx: Context, metric: Metric, own: NationalSeries) -> NationalView:
    rows = read_own_rows(ctx, own)
    only_breakdowns = not rows and has_breakdowns(ctx, own)
    with_figure = [row for row in rows if has_figure(row)]
    info = find_publisher(own.source, own.series)
    drawn = bool(with_figure) and metric.quantity and own in metric.national  # what was sent has no address of a chart
    query = ask_chart(ctx, "trend", metric.id, series=own.series) if drawn else None
    return NationalView(
        indicator=metric.id,
        name=choose_text(metric.name, ctx.lang),
        iso3=own.country,
        country=name_country(ctx, own.country),
        label=t("national.label", ctx.lang),
        series=own.series,
        source_text=title_publisher(own.source, own.series),
        homepage=info.homepage if info else "",
        definition=choose_text(own.definition, ctx.lang),
        question=choose_text(own.question, ctx.lang),
        population=choose_text(own.population, ctx.lang),
        method=choose_text(own.method, ctx.lang),
        compiled_by=choose_text(own.compiled_by, ctx.lang),
        caution=choose_text(own.caution, ctx.lang),
        relation_text=t(f"national.relation.{own.relation}.definition", ctx.lang),
        evidence_text=describe_level(ctx, own.evidence_level),
        unit=name_unit(ctx, metric),
        figure=_figure(ctx, metric, rows, only_breakdowns=only_breakdowns),
        target_text=t("ui.list.semicolon", ctx.lang).join(
            f"{describe_series_target(ctx, metric, target)} ({target.source_title})"
            for target in ctx.book.targets_of_series(own)
        ),
        points=len(with_figure),
        points_text=t("national.breakdowns", ctx.lang)
        if only_breakdowns
        else t("national.elsewhere.points", ctx.lang)
        if not rows and info and info.redistribution != "yes"
        else _points(ctx, with_figure),
        chart=write_permanent_url(query, "json") if query else "",
        csv=write_permanent_url(query, "csv") if query else "",
        elsewhere=t(f"national.elsewhere.{'not_gathered' if info.redistribution == 'yes' else 'no_licence'}", ctx.lang)
        if info and not rows and not only_breakdowns
        else "",
    )


def list_national_holders(ctx: Context, metric: str, group: Sequence[str]) -> list[str]:
    """Return members of a group that have a figure only in their own definition."""
    latest = load_holdings(ctx).latest.get(metric, {})
    return [
        own.country
        for own in ctx.book.metrics[metric].national
        if own.country in group
        and not has_figure(latest.get(own.country))
        and any(has_figure(row) for row in read_own_rows(ctx, own))
    ]


def _points(ctx: Context, rows: Sequence[Row]) -> str:
    if not rows:
        return t("national.none", ctx.lang)
    span = format_years(rows[0]["year"], rows[-1]["year"], ctx.lang)
    return t("national.points", ctx.lang, count=len(rows), years=span)
