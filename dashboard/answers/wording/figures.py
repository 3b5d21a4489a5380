"""From a row of the dataset to a figure on a page: rounded once, with interval, age and where it comes from."""

import json

from dashboard.analysis.measures.rounding import choose_decimals, round_for_print
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row
from dashboard.answers.base.words import name_dimension, translate_term
from dashboard.answers.wording.publishers import title_publisher
from dashboard.answers.wording.views import Figure, MissingKind
from dashboard.evidence.codebook.model import Metric, NationalTarget, choose_text
from dashboard.locales import (
    capitalise,
    format_day,
    format_edition,
    format_number,
    format_period,
    format_quantity,
    format_unit,
    format_year,
    t,
)

PUBLISHED_BY_ITSELF = ("cpi", "egdi", "gcb", "gtmi", "spi")
"""Publishers that make their figures themselves; the others print what countries report to them."""

NO_ROW: Row = {
    **dict.fromkeys(("value", "lower", "upper", "interval_level", "year")),
    **dict.fromkeys(("id", "period", "nature", "source", "series", "edition"), ""),
    "status": "missing", "dimensions": "{}",
}  # fmt: skip
"""Stands for the row of a country that a publisher says nothing of."""


def format_value(
    ctx: Context, metric: Metric, value: float, std_error: float | None = None, *, unit: bool = False
) -> str:
    """Round a value for reading, with its unit if asked: ``−0.95``, ``> 99``, ``12.5 %``, ``Yes``."""
    if not metric.quantity:  # a code or a year: printed as it is, never grouped
        return format_year(int(value), ctx.lang) if value == int(value) else format_number(value, ctx.lang)
    if metric.unit == "yes_no" and value in (0, 1):
        return format_quantity(value, metric.unit, ctx.lang)
    decimals = choose_decimals(metric.decimals, metric.unit, std_error)
    rounded = round_for_print(value, decimals, metric.unit)
    text = (
        format_quantity(rounded.value, metric.unit, ctx.lang, decimals)
        if unit
        else format_number(rounded.value, ctx.lang, decimals)
    )
    return f"{rounded.sign} {text}" if rounded.sign else text


def format_share(percent: float, lang: str) -> str:
    """Format a share in whole per cent; ``> 99 %`` and ``< 1 %`` where it is not all or nothing."""
    rounded = round_for_print(percent, 0, "percent")
    text = format_quantity(rounded.value, "percent", lang, 0)
    return f"{rounded.sign} {text}" if rounded.sign else text


def _bound(ctx: Context, metric: Metric, row: Row, *, unit: bool) -> str:
    """Put a censored figure into words, or as published where its bound could not be read."""
    reached = any(sign in str(row["value_text"]) for sign in "=≤≥")  # ``>=80`` is 80 or more
    for side, key in (("upper", "at_most" if reached else "below"), ("lower", "at_least" if reached else "above")):
        if row[side] is not None:
            bound = format_quantity(row[side], metric.unit, ctx.lang) if unit else format_number(row[side], ctx.lang)
            return t(f"ui.value.{key}", ctx.lang, bound=bound)
    return str(row["value_text"])


def describe_interval(ctx: Context, metric: Metric, row: Row) -> str:
    """Write ``between −1.20 and −0.70 (90 %)``; "" where the publisher gives no interval."""
    low, high, level = row["lower"], row["upper"], row["interval_level"]
    if row["value"] is None or low is None or high is None:
        return ""
    ends = {"low": format_value(ctx, metric, low), "high": format_value(ctx, metric, high)}
    if level is None:
        return t("ui.value.interval", ctx.lang, **ends)
    return t("ui.value.interval_level", ctx.lang, level=format_number(level, ctx.lang), **ends)


def count_years_old(ctx: Context, year: int | None) -> int | None:
    """Return the years between a figure's year and the dataset's date, at least 0."""
    return None if year is None else max(0, ctx.today.year - year)


def describe_age(ctx: Context, year: int | None) -> str:
    """Write ``2 years old``; "" without a year."""
    age = count_years_old(ctx, year)
    if age is None:
        return ""
    return t("ui.value.this_year", ctx.lang) if age == 0 else t("ui.value.age", ctx.lang, count=age)


def classify_missing(metric: Metric, row: Row | None, *, gathered: bool) -> MissingKind:
    """Return why there is no number: what the publisher says, else what is known of the series."""
    if row is not None:
        if row["value"] is not None:
            return ""
        if row["status"] in ("censored", "not_applicable"):
            return "censored" if row["status"] == "censored" else "not_applicable"
        return "missing"
    if gathered:
        sources = {link.source for link in metric.series}
        return "not_collected" if sources and sources <= {*PUBLISHED_BY_ITSELF} else "not_reported"
    return "not_gathered" if metric.series else "not_reported"


def describe_missing(ctx: Context, kind: MissingKind) -> str:
    """Return the kind of no data in words; "" where there is a number."""
    if not kind:
        return ""
    return t("answers.not_gathered.name", ctx.lang) if kind == "not_gathered" else translate_term(ctx, "no_data", kind)


def define_missing(ctx: Context, kind: str) -> str:
    """Return what a kind of no data means."""
    if kind == "not_gathered":
        return t("answers.not_gathered.definition", ctx.lang)
    return translate_term(ctx, "no_data", kind, "definition")


def name_supplier(ctx: Context, metric: Metric, kind: MissingKind) -> str:
    """Say in a sentence who can fill the gap."""
    if not kind:
        return ""
    if kind == "not_gathered":
        return t("answers.not_gathered.who", ctx.lang)
    if not metric.series:
        return t("answers.empty.who_national", ctx.lang)
    return translate_term(ctx, "no_data", kind, "who")


def describe_breakdown(ctx: Context, dimensions: str) -> str:
    """Write the breakdown of a row: ``Sex: female``; "" for the national total."""
    pairs = json.loads(dimensions or "{}")
    colon = t("ui.list.colon", ctx.lang)
    return t("ui.list.semicolon", ctx.lang).join(
        name_dimension(ctx, name) + colon + name_dimension(ctx, name, value) for name, value in pairs.items()
    )


def build_figure(ctx: Context, metric: Metric, row: Row | None, *, gathered: bool = True) -> Figure:
    """Build the figure of a row; without a row, the gap in words.

    Args:
        row: the row, or None when the publisher says nothing of this country.
        gathered: whether the dataset holds any row of the indicator.
    """
    kind = classify_missing(metric, row, gathered=gathered)
    why = (
        ""
        if not kind or kind == "censored"
        else t("answers.figure.why", ctx.lang, kind=describe_missing(ctx, kind), who=name_supplier(ctx, metric, kind))
    )
    is_published = row is not None
    row = row or NO_ROW
    value = row["value"]
    if value is not None:
        text = format_value(ctx, metric, value, row["std_error"])
        whole = format_value(ctx, metric, value, row["std_error"], unit=True)
    elif kind == "censored":
        text, whole = _bound(ctx, metric, row, unit=False), _bound(ctx, metric, row, unit=True)
    else:
        text = whole = describe_missing(ctx, kind)
    return Figure(
        id=row["id"],
        value=value,
        text=text,
        quantity=whole,
        unit=format_unit(metric.unit, ctx.lang),
        lower=row["lower"],
        upper=row["upper"],
        interval=describe_interval(ctx, metric, row),
        year=row["year"],
        period=format_period(row["period"], ctx.lang),
        age=count_years_old(ctx, row["year"]),
        age_text=describe_age(ctx, row["year"])
        if row["year"] is not None or not is_published
        else t("period.no_year", ctx.lang),
        status=row["status"],
        status_text=translate_term(ctx, "value_status", row["status"]),
        nature_text=translate_term(ctx, "nature", row["nature"] or "unstated") if is_published else "",
        source=row["source"],
        source_text=title_publisher(row["source"], row["series"]),
        edition=format_edition(row["edition"], ctx.lang),
        dimensions=describe_breakdown(ctx, row["dimensions"]),
        kind=kind,
        why=why,
        caution="" if kind else describe_caution(ctx, metric, row),
    )


def describe_caution(ctx: Context, metric: Metric, row: Row) -> str:
    """Return what to be careful about with this figure; "" where nothing is known against it.

    What is known of a country is said of the totals of its primary series, not of the country's own.
    """
    total = row["dimensions"] == "{}"
    caution = ctx.book.cautions.get((metric.id, row["country"])) if total and row.get("primary") else None
    parts = [choose_text(caution, ctx.lang)] if caution else []
    if row["status"] == "unreliable":
        parts.append(translate_term(ctx, "value_status", "unreliable", "definition"))
    if total and row["year"] is None:
        words = t("period.within", ctx.lang, years=format_period(row["period"], ctx.lang))
        parts.append(f"{capitalise(words, ctx.lang)}.")
    return " ".join(parts)


def describe_direction(ctx: Context, metric: Metric) -> str:
    """Say in words which way is better."""
    centre = "" if metric.centre is None else format_number(metric.centre, ctx.lang)
    return translate_term(ctx, "direction", metric.direction, centre=centre)


def describe_series_target(ctx: Context, metric: Metric, target: NationalTarget) -> str:
    """Say what a country aims at in its own definition, and by when."""
    value = format_quantity(target.value, metric.unit, ctx.lang)
    year = format_day(str(target.year), ctx.lang)
    return t(f"national.target.{target.comparison or 'exact'}", ctx.lang, value=value, year=year)
