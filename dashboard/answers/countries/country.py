"""Everything the page of one country says."""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboard.analysis.measures.comparability import MIN_FIGURES
from dashboard.answers.adoption.counting import DEFAULT_RULE
from dashboard.answers.adoption.documents import (
    list_founding_acts,
    list_legal_acts,
    list_sought,
    list_strategies,
    list_targets_apart,
)
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.lookup import find_country, find_metric
from dashboard.answers.base.rows import Row, find_latest, has_figure, load_holdings, select_lean_totals
from dashboard.answers.base.words import format_years, name_country, name_unit, translate_term
from dashboard.answers.countries.countries import view_adoption
from dashboard.answers.countries.goal_strip import build_goal_strip, explain_strip, list_legend
from dashboard.answers.countries.reported import list_voices
from dashboard.answers.countries.standing import view_standing
from dashboard.answers.countries.summary import summarise_country
from dashboard.answers.countries.views import CountryRow, CountryView, Median, MedianRow, MedianView, ThemeRows
from dashboard.answers.countries.worklist import list_work
from dashboard.answers.freshness.dataset_status import describe_dataset
from dashboard.answers.holdings.medians import Middle, compute_medians, find_groups, list_figures_behind
from dashboard.answers.holdings.missing import count_kinds, summarise_missing
from dashboard.answers.indicators.national import list_series_of_country
from dashboard.answers.wording.changes import describe_change_since_base
from dashboard.answers.wording.evidence import is_claim
from dashboard.answers.wording.figures import build_figure, describe_direction, format_value
from dashboard.answers.wording.publishers import is_unmodified_only, title_publisher
from dashboard.answers.wording.views import Term
from dashboard.evidence.codebook.model import Country, Metric, choose_text
from dashboard.evidence.codebook.tables import THEMES
from dashboard.locales import format_number, t
from dashboard.settings import settings

GROUPS = ("region", "income", "world", "adopters")
BRIEF_THEMES = ("satisfaction", "integrity")
"""Themes whose rows are all in the brief of two pages; of the others only indicators with a direct link."""
NOT_BRIEF = "statistics"
"""The theme that the brief leaves to the page."""


@cached
def view_country(ctx: Context, iso3: str) -> CountryView:
    """Return the page of a country: facts, adoption, indicators against medians, and gaps.

    Raises:
        Unknown: no such country, with suggestions.
        Invalid: the code is an alpha-2 or M49 code.
    """
    entry = find_country(ctx, iso3)
    code = entry.iso3
    own = {metric: row for metric in load_holdings(ctx).latest if has_figure(row := find_latest(ctx, metric).get(code))}
    figures: dict[str, Row] = {metric: row for metric, row in own.items() if row is not None}
    rows = _list_rows(ctx, entry, figures)
    national = list_series_of_country(ctx, code)
    gaps, strip = list_work(ctx, code), build_goal_strip(ctx, code, figures)
    heard = list_voices(ctx, code, figures)
    return CountryView(
        summary=summarise_country(ctx, code, rows, _load_history(ctx, code, tuple(figures)), heard, national, strip),
        standing=view_standing(ctx, code),
        dataset_status=describe_dataset(ctx),
        iso3=code,
        iso2=entry.iso2,
        m49=entry.m49,
        name=name_country(ctx, code),
        facts=_list_facts(ctx, entry),
        adoption=view_adoption(ctx, code),
        strip=strip,
        strip_how=explain_strip(ctx, strip),
        strip_legend=list_legend(ctx),
        voices=heard,
        legal=list_founding_acts(ctx, code),
        acts=list_legal_acts(ctx, code),
        plans=list_strategies(ctx, code),
        targets=list_targets_apart(ctx, code),
        sought=list_sought(ctx, code),
        themes=[
            ThemeRows(
                theme=theme,
                label=translate_term(ctx, "theme", theme),
                note=translate_term(ctx, "theme", theme, "definition"),
                rows=[row for row in rows if ctx.book.metrics[row["indicator"]].theme == theme],
            )
            for theme in THEMES
        ],
        national=national,
        national_note=t("national.note", ctx.lang, country=name_country(ctx, code)),
        missing=gaps,
        missing_text=summarise_missing(ctx, code, gaps),
        missing_kinds=count_kinds(ctx, gaps),
        missing_csv=f"/api/v1/countries/{code}/missing.csv?lang={ctx.lang}" + (f"&as_of={ctx.day}" if ctx.day else ""),
        with_data=len(figures),
        total=len(ctx.book.metrics),
        text=t(
            "answers.country.text",
            ctx.lang,
            country=name_country(ctx, code),
            with_data=str(len(figures)),
            of=str(len(ctx.book.metrics)),
        ),
        medians_how=t(
            "answers.medians.how",
            ctx.lang,
            fewest=str(MIN_FIGURES),
            rule=translate_term(ctx, "counting_rule", DEFAULT_RULE),
        ),
    )


def _list_facts(ctx: Context, country: Country) -> list[Term]:
    region = translate_term(ctx, "region", country.subregion or country.region, "")
    facts = [
        *((("region", t("ui.controls.region", ctx.lang), region),) if region else ()),
        (
            "income",
            t("ui.controls.income", ctx.lang),
            translate_term(ctx, "income", country.income or "unclassified", ""),
        ),
    ]
    listed_by_publishers = not country.m49_area and not settings().training  # what is invented says so in its name
    groups = {"ldc": country.ldc, "lldc": country.lldc, "sids": country.sids, "not_m49": listed_by_publishers}
    label = t("ui.controls.group", ctx.lang)
    facts += [
        (group, label, translate_term(ctx, "country_group", group, "")) for group, member in groups.items() if member
    ]
    return [Term(id=name, label=label, definition=value) for name, label, value in facts]


def _list_rows(ctx: Context, country: Country, figures: Mapping[str, Row]) -> list[CountryRow]:
    groups = find_groups(ctx, country)
    labels = {group: label for group, (label, _) in groups.items()}
    middles = compute_medians(ctx, figures, {group: members for group, (_, members) in groups.items()})
    past = _load_history(ctx, country.iso3, tuple(figures))
    rows = []
    for metric in ctx.book.metrics.values():
        if metric.id not in figures:
            continue
        row, middle = figures[metric.id], middles.get(metric.id, {})
        change = describe_change_since_base(ctx, metric, past.get(metric.id, []))
        rows.append(
            CountryRow(
                indicator=metric.id,
                name=choose_text(metric.name, ctx.lang),
                unit=name_unit(ctx, metric),
                direction=metric.direction,
                direction_text=describe_direction(ctx, metric),
                brief=_is_in_brief(metric),
                limit_low=metric.limit_low,
                limit_high=metric.limit_high,
                figure=build_figure(ctx, metric, row),
                medians=[
                    _view_median_of(ctx, metric, group, labels[group], middle[group])
                    for group in GROUPS
                    if group in middle
                ],
                compare_note=_explain_comparison(ctx, metric, row, middle),
                change=change.kind,
                change_text=change.text,
            )
        )
    return rows


def _is_in_brief(metric: Metric) -> bool:
    return metric.theme in BRIEF_THEMES or (metric.direct and metric.theme != NOT_BRIEF)


def _load_history(ctx: Context, iso3: str, metrics: Sequence[str]) -> dict[str, list[Row]]:
    """Return indicator → the country's primary national totals by year."""
    rows = select_lean_totals(ctx, metrics).filter(pl.col("country") == iso3).sort("indicator", "year").collect()
    history: dict[str, list[Row]] = {}
    for row in rows.iter_rows(named=True):
        history.setdefault(row["indicator"], []).append(row)
    return history


def _view_median_of(ctx: Context, metric: Metric, group: str, label: str, middle: Middle) -> Median:
    span = format_years(middle.first_year, middle.last_year, ctx.lang)
    if middle.value is None:
        words = t("answers.medians.too_few", ctx.lang, count=middle.n)
    else:
        value = format_value(ctx, metric, middle.value, unit=True)
        words = t(
            "answers.medians.text",
            ctx.lang,
            value=value,
            years=span,
            count=middle.n,
            of=format_number(middle.of, ctx.lang),
        )
    return Median(
        group=group,
        label=label,
        value=middle.value,
        text=words,
        n=middle.n,
        of=middle.of,
        first_year=middle.first_year,
        last_year=middle.last_year,
    )


def _explain_comparison(ctx: Context, metric: Metric, row: Row, middles: Mapping[str, Middle]) -> str:
    """Return why there is no comparison, or that the years of the compared figures are mixed."""
    if is_unmodified_only(row["source"]):
        return t("answers.medians.licence", ctx.lang, source=title_publisher(row["source"]))
    if is_claim(metric, row):
        return t("answers.medians.claim", ctx.lang)
    if row["value"] is None:
        return t("answers.medians.censored", ctx.lang)
    if row["unit"] == "yes_no":
        return t("answers.medians.yes_no", ctx.lang)
    if row["year"] is None:
        return t("period.no_year", ctx.lang)
    if middles and all(middle.value is None for middle in middles.values()):
        return t("answers.medians.too_few", ctx.lang, count=max(middle.n for middle in middles.values()))
    if any(middle.first_year != middle.last_year for middle in middles.values()):
        return t("ui.chart.mixed_years", ctx.lang)
    return ""


@cached
def view_median(ctx: Context, iso3: str, indicator: str, group: str) -> MedianView:
    """Return the figures behind a group's median around a country's latest figure.

    Without rows where there is no such group or too few like figures.

    Raises:
        Unknown: no such country or indicator.
    """
    country, metric = find_country(ctx, iso3), find_metric(ctx, indicator)
    label, members = find_groups(ctx, country).get(group, ("", ()))
    rows = list_figures_behind(ctx, metric.id, country.iso3, members)
    middle = {(len(rows) - 1) // 2, len(rows) // 2}
    value = sum(rows[place]["value"] for place in middle) / len(middle) if rows else None
    return MedianView(
        title=t("country.median.title", ctx.lang, indicator=choose_text(metric.name, ctx.lang), group=label),
        text=""
        if value is None
        else t(
            "country.median.odd" if len(middle) == 1 else "country.median.even",
            ctx.lang,
            value=format_value(ctx, metric, value, unit=True),
            n=format_number(len(rows), ctx.lang),
        ),
        rows=[
            MedianRow(
                iso3=row["country"],
                name=name_country(ctx, row["country"]),
                figure=build_figure(ctx, metric, row),
                middle=place in middle,
                own=row["country"] == country.iso3,
            )
            for place, row in enumerate(rows)
        ],
    )
