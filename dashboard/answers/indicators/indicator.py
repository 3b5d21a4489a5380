"""Everything the page of one indicator says."""

from collections.abc import Callable

from dashboard.answers.adoption.counting import choose_default_countries
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.lookup import find_countries, find_metric
from dashboard.answers.base.rows import find_latest, find_stats, has_figure
from dashboard.answers.base.views import Choice, make_choice
from dashboard.answers.base.words import count_undated, format_years, name_country, name_unit, translate_term
from dashboard.answers.charts.query import list_kinds
from dashboard.answers.freshness.dataset_status import describe_dataset, describe_update
from dashboard.answers.freshness.editions import DatabaseEditions, describe_newer, describe_next, find_editions
from dashboard.answers.holdings.coverage import is_empty, measure_coverage
from dashboard.answers.holdings.series import explain_computation, list_breakdowns, view_series
from dashboard.answers.indicators.cards import (
    build_card,
    build_link_view,
    explain_empty,
    name_indicator_supplier,
    name_sources,
)
from dashboard.answers.indicators.national import list_series_of_indicator
from dashboard.answers.indicators.table import build_downloads
from dashboard.answers.indicators.views import IndicatorCard, IndicatorView
from dashboard.answers.wording.citation import cite_indicator, cite_indicator_in_styles, summarise_editions
from dashboard.answers.wording.figures import describe_direction
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import format_quantity, t

KNOW = 3
RELATED = 6


@cached
def view_indicator(
    ctx: Context, metric: str, countries: tuple[str, ...] = (), first: int | None = None, last: int | None = None
) -> IndicatorView:
    """Return the indicator page; without countries, of the default selection (origin, then adopters).

    Raises:
        Unknown: no such indicator or country, with suggestions.
        Invalid: a country is named by an alpha-2 or M49 code.
    """
    found = find_metric(ctx, metric)
    chosen = find_countries(ctx, countries) or choose_default_countries(ctx, found.id)
    stats = find_stats(ctx, found.id)
    lang = ctx.lang
    return IndicatorView(
        dataset_status=describe_dataset(ctx),
        id=found.id,
        name=choose_text(found.name, lang),
        definition=choose_text(found.definition, lang),
        unit=name_unit(ctx, found),
        decimals=found.decimals,
        direction=found.direction,
        direction_text=describe_direction(ctx, found),
        theme=found.theme,
        theme_text=translate_term(ctx, "theme", found.theme),
        target_text=_target_text(ctx, found),
        line=found.line,
        source_text=t("ui.list.comma", lang).join(
            filter(None, (name_sources(ctx, found), summarise_editions(ctx, stats.editions)))
        ),
        updated_text=describe_update(ctx, found.id),
        next_text=_describe_feed(ctx, found, describe_next),
        range_text=_range_text(ctx, found),
        coverage=measure_coverage(ctx, found.id),
        chart_kinds=[make_choice(kind, t(f"ui.controls.{kind}", lang)) for kind in list_kinds(ctx, found)],
        countries=[Choice(id=iso3, label=name_country(ctx, iso3), note="", chosen=True) for iso3 in chosen],
        periods=list(stats.years),
        know=[
            *filter(None, [_describe_feed(ctx, found, describe_newer)]),
            *(choose_text(caveat, lang) for caveat in found.caveats[:KNOW]),
        ],
        computed=explain_computation(ctx, found),
        links=[build_link_view(ctx, link) for link in found.links],
        rights_hook=found.rights_hook,
        rights_checked=_rights_text(ctx, found),
        breakdowns=list_breakdowns(ctx, found.id),
        series=view_series(ctx, found),
        national=list_series_of_indicator(ctx, found),
        citation=cite_indicator(ctx, found),
        citations=cite_indicator_in_styles(ctx, found),
        downloads=build_downloads(ctx, found.id, (), None, None, stats.rows, totals_only=False),
        related=_related(ctx, found),
        empty=is_empty(ctx, found.id),
        why_empty=explain_empty(ctx, found),
        who_can_supply=name_indicator_supplier(ctx, found),
    )


def _rights_text(ctx: Context, metric: Metric) -> str:
    """Say whether the human-rights reference was found in a source, or that there is none."""
    if not metric.rights_hook:
        return t("ui.indicator.no_rights_hook", ctx.lang)
    return t(f"answers.indicator.hook_{'found' if metric.rights_hook_checked == 'found' else 'unverified'}", ctx.lang)


def _target_text(ctx: Context, metric: Metric) -> str:
    """Name the numeric target with year and source, or say that the framework sets none."""
    if metric.target_2030 is None:
        return t("ui.indicator.no_target", ctx.lang)
    value = format_quantity(metric.target_2030, metric.unit, ctx.lang)
    if metric.target_year:
        value = t("ui.indicator.target_by", ctx.lang, value=value, year=str(metric.target_year))
    source = choose_text(metric.target_source, ctx.lang)
    return t("answers.indicator.target", ctx.lang, value=value, source=source) if source else value


def _range_text(ctx: Context, metric: Metric) -> str:
    """Name the years of the figures, and count those whose year is not published."""
    stats = find_stats(ctx, metric.id)
    parts = [format_years(stats.first_year, stats.last_year, ctx.lang)]
    if undated := sum(has_figure(row) and row["year"] is None for row in find_latest(ctx, metric.id).values()):
        parts.append(count_undated(undated, ctx.lang))
    return " · ".join(part for part in parts if part)


def _describe_feed(ctx: Context, metric: Metric, describe: Callable[[Context, DatabaseEditions], str]) -> str:
    """Describe the database that the figures shown are from; "" where there are none."""
    feeds = find_stats(ctx, metric.id).feeds
    editions = find_editions(ctx, *feeds[0]) if feeds else None
    return describe(ctx, editions) if editions else ""


def _related(ctx: Context, metric: Metric) -> list[IndicatorCard]:
    """Return the indicators that share most targets, then the theme; those with figures first."""
    own = {link.target for link in metric.links if link.target}

    def closeness(other: Metric) -> tuple[int, bool, bool, str]:
        shared = len(own & {link.target for link in other.links})
        return (
            -shared,
            is_empty(ctx, other.id),
            other.theme != metric.theme,
            choose_text(other.name, ctx.lang).casefold(),
        )

    others = [other for other in ctx.book.metrics.values() if other.id != metric.id]
    near = [other for other in others if own & {link.target for link in other.links} or other.theme == metric.theme]
    return [build_card(ctx, other) for other in sorted(near, key=closeness)[:RELATED]]
