"""Who of the adopters has a figure, and how old it is."""

from dashboard.answers.adoption.counting import DEFAULT_RULE, list_adopters
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_latest, find_stats, has_figure
from dashboard.answers.base.words import (
    count_undated,
    format_years,
    join_list,
    name_country,
    sort_by_name,
    translate_term,
)
from dashboard.answers.holdings.views import Coverage, StripMark
from dashboard.answers.wording.figures import count_years_old
from dashboard.locales import format_period, t

RECENT = 5
"""A figure at most this many years old is drawn as recent (ours)."""


def _mark(ctx: Context, iso3: str, row: Row | None) -> StripMark:
    name = name_country(ctx, iso3)
    if row is None or not has_figure(row):
        words = t("answers.coverage.mark_none", ctx.lang, country=name)
        return StripMark(iso3=iso3, name=name, year=None, state="none", text=words)
    age = count_years_old(ctx, row["year"])
    return StripMark(
        iso3=iso3,
        name=name,
        year=row["year"],
        state="recent" if age is not None and age <= RECENT else "older",
        text=t("ui.assistive.square", ctx.lang, country=name, value=format_period(row["period"], ctx.lang)),
    )


def _ages(ctx: Context, rows: list[Row]) -> tuple[str, str]:
    """Return the years of figures in words, undated ones counted; then the whole span, shorter."""
    dated = [row["year"] for row in rows if row["year"] is not None]
    spans = [row["period"] for row in rows if row["year"] is None]
    if not dated or not spans:
        text = join_list(ctx, sorted({format_period(span, ctx.lang) for span in spans}))
        text = text or format_years(min(dated), max(dated), ctx.lang)
        return text, text
    ends = [*dated, *(int(end) for span in spans for end in span.split("/") if end.isdigit())]
    text_of_ages = t("ui.list.semicolon", ctx.lang).join(
        (format_years(min(dated), max(dated), ctx.lang), count_undated(len(spans), ctx.lang))
    )
    return text_of_ages, format_period(f"{min(ends)}/{max(ends)}", ctx.lang)


def measure_coverage(ctx: Context, metric: str) -> Coverage:
    """Measure an indicator's coverage among the adopters by the default rule, the origin left out."""
    rows = find_latest(ctx, metric)
    stats = find_stats(ctx, metric)
    group = sort_by_name(ctx, list_adopters(ctx))
    strip = [_mark(ctx, iso3, rows.get(iso3)) for iso3 in group]
    covered = sum(1 for mark in strip if mark["state"] != "none")
    years_present = sorted(mark["year"] for mark in strip if mark["year"] is not None)
    first, last = (years_present[0], years_present[-1]) if years_present else (None, None)
    values = {
        "covered": str(covered),
        "of": str(len(group)),
        "rule": translate_term(ctx, "counting_rule", DEFAULT_RULE),
    }
    if covered:
        span, whole = _ages(ctx, [rows[iso3] for iso3 in group if iso3 in rows and has_figure(rows[iso3])])
        words = t("answers.coverage.adopters", ctx.lang, **values, years=span)
        brief = t("answers.coverage.brief", ctx.lang, **values, years=whole)
    else:
        words = brief = t("answers.coverage.nobody", ctx.lang, **values)
    return Coverage(
        covered=covered,
        of=len(group),
        first_year=first,
        last_year=last,
        countries=stats.countries,
        rows=stats.rows,
        text=words,
        brief=brief,
        strip=strip,
    )


def is_gathered(ctx: Context, metric: str) -> bool:
    """Return True if the dataset holds any row of the indicator, even one without a figure."""
    return bool(find_latest(ctx, metric))


def is_empty(ctx: Context, metric: str) -> bool:
    """Return True if the dataset holds no figure of the indicator."""
    return find_stats(ctx, metric).countries == 0
