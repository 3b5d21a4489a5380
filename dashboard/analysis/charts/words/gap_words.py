"""The words of a breakdown: its sentences, its subtitle, and the gap of a country."""

from collections.abc import Sequence
from typing import Any

from dashboard.analysis.charts.chart import MAX_CHOSEN, ChartOptions, ChartWords
from dashboard.analysis.charts.words import wording
from dashboard.analysis.measures.rounding import round_half_away
from dashboard.locales import format_number, format_quantity, format_unit, format_year, t

Rows = Sequence[dict[str, Any]]


def describe_gaps(rows: Rows, options: ChartOptions) -> ChartWords:
    """Return the words of a breakdown: the gap of each chosen country, and how many have figures."""
    rows_with_value = [row for row in rows if row["value"] is not None]
    countries = {row["country"]: row for row in reversed(rows)}
    title, by = options.title, options.dimension_name
    if not rows_with_value:
        nothing = t("breakdown.chart.nothing", options.lang, dimension=by, count=len(countries))
        return ChartWords((nothing,), lead=f"{title}.")
    paired = sum(sum(row["country"] == iso3 for row in rows_with_value) >= 2 for iso3 in countries)
    chosen = [
        options.name(iso3) + t("ui.list.colon", options.lang) + describe_gap(countries[iso3], options)
        for iso3 in options.highlighted
        if iso3 in countries
    ]
    with_figure = format_number(paired, options.lang)
    coverage = t("breakdown.chart.coverage", options.lang, with_figure=with_figure, count=len(countries))
    reading = [t("breakdown.chart.which", options.lang)]
    if len({row["year"] for row in rows_with_value}) > 1:
        reading.append(t("charts.mixed_years", options.lang))
    if len(options.categories) > MAX_CHOSEN:
        more = len(options.categories) - MAX_CHOSEN
        reading.append(t("breakdown.chart.more_groups", options.lang, count=more))
    gaps = [row for row in countries.values() if row["gap"] is not None]
    if any(row["gap_reason"] == "overlapping_groups" for row in countries.values()):
        reading.append(t("breakdown.chart.no_gaps", options.lang))
    elif gaps:
        has_errors = all(row["gap_lower"] is not None for row in gaps)
        reading.append(t(f"breakdown.chart.{'error_known' if has_errors else 'error_unknown'}", options.lang))
    unit, years = format_unit(options.unit, options.lang), _format_span(rows_with_value, options)
    lead = t("breakdown.chart.lead", options.lang, title=title, unit=unit, dimension=by, years=years)
    return ChartWords((wording.join_clauses(chosen, options), coverage), tuple(reading), lead)


def write_gap_subtitle(rows: Rows, options: ChartOptions) -> str:
    """Return unit, breakdown, years and group."""
    years = _format_span(rows, options) if rows else ""
    parts = [format_unit(options.unit, options.lang), options.dimension_name, years, options.group_label]
    return " · ".join(part for part in parts if part)


def describe_gap(row: dict[str, Any], options: ChartOptions, *, interval: bool = True, short: bool = False) -> str:
    """Return the gap of a country, ``women 12.1 points above men, 2021``, or why there is none.

    ``short``: ``women: +12.1 points, 2021``.
    """
    if row["gap"] is None:
        reason = row["gap_reason"] or "no_figure"
        when = format_year(row["year"], options.lang) if row["year"] is not None else ""
        return t(f"breakdown.chart.{reason}", options.lang, year=when)
    unit = "points" if options.unit == "percent" else options.unit
    high, low = (options.people.get(row[end], row[end]) for end in ("gap_high", "gap_low"))
    gap = round_half_away(row["gap"], options.decimals)
    when = format_year(row["year"], options.lang)
    if gap == 0:
        return t("breakdown.chart.same", options.lang, high=high, low=low, year=when)
    if short:
        more = format_quantity(gap, unit, options.lang, options.decimals, signed=True)
        return t("breakdown.chart.gap_short", options.lang, high=high, gap=more, year=when)
    words = t(
        "breakdown.chart.gap", options.lang,
        high=high, low=low, year=when, gap=format_quantity(gap, unit, options.lang, options.decimals),
    )  # fmt: skip
    if row["gap_lower"] is None or not interval:
        return words
    lower, upper = (format_number(row[end], options.lang, options.decimals) for end in ("gap_lower", "gap_upper"))
    return t("breakdown.chart.gap_between", options.lang, gap=words, lower=lower, upper=upper)


def _format_span(rows: Rows, options: ChartOptions) -> str:
    numbers = [row["year"] for row in rows]
    return wording.format_years(min(numbers), max(numbers), options)
