"""Who of the adopters has a figure, and how old it is."""

from dashboard.locales import t
from dashboard.services.context import Context
from dashboard.services.counting import DEFAULT_RULE, adopters
from dashboard.services.figures import age_of
from dashboard.services.reading import Row, has_figure, latest_of, stats_of
from dashboard.services.views import Coverage, StripMark
from dashboard.services.words import by_name, country_name, term, years

RECENT = 5
"""A figure at most this many years old is drawn as recent (ours)."""


def _mark(ctx: Context, iso3: str, row: Row | None) -> StripMark:
    name = country_name(ctx, iso3)
    if row is None or not has_figure(row):
        words = t("answers.coverage.mark_none", ctx.lang, country=name)
        return StripMark(iso3=iso3, name=name, year=None, state="none", text=words)
    recent = (age_of(ctx, row["year"]) or 0) <= RECENT
    return StripMark(
        iso3=iso3,
        name=name,
        year=row["year"],
        state="recent" if recent else "older",
        text=t("ui.assistive.square", ctx.lang, country=name, value=str(row["year"])),
    )


def coverage(ctx: Context, metric: str) -> Coverage:
    """Coverage of one indicator among the adopters by the default rule; the country of origin is not one of them."""
    rows = latest_of(ctx, metric)
    stats = stats_of(ctx, metric)
    group = by_name(ctx, adopters(ctx))
    strip = [_mark(ctx, iso3, rows.get(iso3)) for iso3 in group]
    found = sorted(mark["year"] for mark in strip if mark["year"] is not None)
    first, last = (found[0], found[-1]) if found else (None, None)
    rule = term(ctx, "counting_rule", DEFAULT_RULE)
    if found:
        words = t(
            "answers.coverage.adopters",
            ctx.lang,
            covered=str(len(found)),
            of=str(len(group)),
            rule=rule,
            years=years(first, last, ctx.lang),
        )
    else:
        words = t("answers.coverage.nobody", ctx.lang, of=str(len(group)), rule=rule)
    return Coverage(
        covered=len(found),
        of=len(group),
        first_year=first,
        last_year=last,
        countries=stats.countries,
        rows=stats.rows,
        text=words,
        strip=strip,
    )
