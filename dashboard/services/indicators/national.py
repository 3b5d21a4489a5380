"""Countries' own series: shown on the page of the country, listed with the indicator, never among other figures."""

from collections.abc import Sequence

from dashboard.codebook.model import Metric, NationalSeries, choose_text
from dashboard.codebook.tables import THEMES
from dashboard.locales import t
from dashboard.services.base.context import Context
from dashboard.services.base.errors import Unknown
from dashboard.services.base.lookup import find_metric, find_national
from dashboard.services.base.rows import Row, choose_latest, has_breakdowns, has_figure, select_own_totals
from dashboard.services.base.words import format_years, name_country, name_unit, sort_by_name
from dashboard.services.charts.query import ask
from dashboard.services.charts.url import chart_url
from dashboard.services.indicators.views import NationalView
from dashboard.services.wording.evidence import describe_level
from dashboard.services.wording.figures import build_figure
from dashboard.services.wording.publishers import find_publisher, title_publisher
from dashboard.services.wording.views import Figure


def list_series_of_country(ctx: Context, iso3: str) -> list[NationalView]:
    """Every national series of a country, by theme: those of the codebook, with or without figures in the dataset."""
    series = [(metric, own) for metric in ctx.book.metrics.values() for own in metric.national if own.country == iso3]
    return [_view(ctx, metric, own) for metric, own in sorted(series, key=lambda it: THEMES.index(it[0].theme))]


def list_series_of_indicator(ctx: Context, metric: Metric) -> list[NationalView]:
    """The series of all countries that have one under the number of an indicator, by the country's name."""
    order = sort_by_name(ctx, {own.country for own in metric.national})
    return [_view(ctx, metric, own) for own in sorted(metric.national, key=lambda own: order.index(own.country))]


def read_own_rows(ctx: Context, own: NationalSeries) -> list[Row]:
    """The rows of a national series in force, without breakdowns, by year."""
    return select_own_totals(ctx, own).collect().to_dicts()


def find_observation_id(ctx: Context, indicator: str, series: str, year: int) -> str:
    """Id of the figure of a national series in a year.

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
    """The latest figure of a national series, or why there is none."""
    view = build_figure(ctx, metric, choose_latest(rows), gathered=bool(rows))
    if only_breakdowns:
        words = t("national.breakdowns", ctx.lang)
        view |= {"text": words, "quantity": words, "why": t("national.breakdowns_why", ctx.lang)}
    return view


def _view(ctx: Context, metric: Metric, own: NationalSeries) -> NationalView:
    rows = read_own_rows(ctx, own)
    only_breakdowns = not rows and has_breakdowns(ctx, own)
    known = [row for row in rows if has_figure(row)]
    info = find_publisher(own.source, own.series)
    query = ask(ctx, "trend", metric.id, series=own.series) if known and metric.quantity else None
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
        points=len(known),
        points_text=t("national.breakdowns", ctx.lang) if only_breakdowns else _points(ctx, known),
        chart=chart_url(query, "json") if query else "",
        csv=chart_url(query, "csv") if query else "",
    )


def _points(ctx: Context, rows: Sequence[Row]) -> str:
    if not rows:
        return t("national.none", ctx.lang)
    span = format_years(rows[0]["year"], rows[-1]["year"], ctx.lang)
    return t("national.points", ctx.lang, count=len(rows), years=span)
