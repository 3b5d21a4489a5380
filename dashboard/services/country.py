"""Everything the page of one country says."""

from collections.abc import Mapping, Sequence

from dashboard.codebook.model import Country, Metric, text
from dashboard.codebook.tables import THEMES
from dashboard.locales import t
from dashboard.services.cards import is_empty
from dashboard.services.changes import since_base
from dashboard.services.context import Context
from dashboard.services.counting import DEFAULT_RULE, adopters
from dashboard.services.countries import adoption_of
from dashboard.services.figures import direction_text, figure, kind_of, kind_text, who_can_supply, written
from dashboard.services.find import find_country
from dashboard.services.keeping import kept
from dashboard.services.medians import FEWEST, Middle, medians
from dashboard.services.national import of_country
from dashboard.services.publishers import title_of, unmodified_only
from dashboard.services.reading import Row, has_figure, holdings, latest_of, lean_totals
from dashboard.services.stand import stand
from dashboard.services.views import CountryRow, CountryView, GoalStrip, Median, MissingRow, Term, ThemeRows
from dashboard.services.weakest import weakest
from dashboard.services.words import country_name, metric_name, term, unit_words, years

GROUPS = ("region", "world", "adopters")


@kept
def country(ctx: Context, iso3: str) -> CountryView:
    """Facts, adoption with sources, indicators by theme against medians, and what is missing.

    Raises:
        Unknown: no such country, with suggestions.
        Invalid: the code is an alpha-2 or M49 code.
    """
    found = find_country(ctx, iso3)
    code = found.iso3
    own = {metric: row for metric in holdings(ctx).latest if has_figure(row := latest_of(ctx, metric).get(code))}
    figures: dict[str, Row] = {metric: row for metric, row in own.items() if row is not None}
    rows = _rows(ctx, found, figures)
    weak = weakest(ctx, code)
    national = of_country(ctx, code)
    gaps = _missing(ctx, code, [view["indicator"] for view in national if view["points"]])
    return CountryView(
        stand=stand(ctx),
        iso3=code,
        iso2=found.iso2,
        m49=found.m49,
        name=country_name(ctx, code),
        facts=_facts(ctx, found),
        adoption=adoption_of(ctx, code),
        strip=_strip(ctx, figures),
        themes=[
            ThemeRows(
                theme=theme,
                label=term(ctx, "theme", theme),
                note=term(ctx, "theme", theme, "definition"),
                rows=[row for row in rows if ctx.book.metrics[row["indicator"]].theme == theme],
            )
            for theme in THEMES
        ],
        national=national,
        national_note=t("national.note", ctx.lang, country=country_name(ctx, code)),
        missing=gaps,
        missing_text=t("answers.country.missing", ctx.lang, missing=str(len(gaps)), of=str(len(ctx.book.metrics))),
        weakest=weak,
        weakest_how=t("answers.weakest.how" if weak else "answers.weakest.none", ctx.lang),
        with_data=len(figures),
        total=len(ctx.book.metrics),
        text=t(
            "answers.country.text",
            ctx.lang,
            country=country_name(ctx, code),
            with_data=str(len(figures)),
            of=str(len(ctx.book.metrics)),
        ),
        medians_how=t(
            "answers.medians.how", ctx.lang, fewest=str(FEWEST), rule=term(ctx, "counting_rule", DEFAULT_RULE)
        ),
    )


def _facts(ctx: Context, it: Country) -> list[Term]:
    region = term(ctx, "region", it.subregion or it.region, "")
    facts = [
        ("region", t("ui.controls.region", ctx.lang), region),
        ("income", t("ui.controls.income", ctx.lang), term(ctx, "income", it.income or "unclassified", "")),
    ]
    groups = {"ldc": it.ldc, "lldc": it.lldc, "sids": it.sids, "not_m49": not it.m49_area}
    label = t("ui.controls.group", ctx.lang)
    facts += [(group, label, term(ctx, "country_group", group, "")) for group, member in groups.items() if member]
    return [Term(id=name, label=label, definition=value) for name, label, value in facts]


def _rows(ctx: Context, it: Country, figures: Mapping[str, Row]) -> list[CountryRow]:
    region = it.subregion or it.region
    members = {
        "region": [one.iso3 for one in ctx.book.countries.values() if (one.subregion or one.region) == region],
        "world": list(ctx.book.countries),
        "adopters": list(adopters(ctx)),
    }
    labels = {
        "region": term(ctx, "region", region, ""),
        "world": term(ctx, "country_group", "world", ""),
        "adopters": t("answers.medians.adopters", ctx.lang, rule=term(ctx, "counting_rule", DEFAULT_RULE)),
    }
    middles = medians(ctx, figures, members)
    past = _history(ctx, it.iso3, tuple(figures))
    rows = []
    for metric in ctx.book.metrics.values():
        if metric.id not in figures:
            continue
        row, found = figures[metric.id], middles.get(metric.id, {})
        change = since_base(ctx, metric, past.get(metric.id, []))
        rows.append(
            CountryRow(
                indicator=metric.id,
                name=text(metric.name, ctx.lang),
                unit=unit_words(ctx, metric),
                direction=metric.direction,
                direction_text=direction_text(ctx, metric),
                figure=figure(ctx, metric, row),
                medians=[
                    _median(ctx, metric, group, labels[group], found[group]) for group in GROUPS if group in found
                ],
                compare_note=_note(ctx, row, found),
                change=change.kind,
                change_text=change.text,
            )
        )
    return rows


def _history(ctx: Context, iso3: str, metrics: Sequence[str]) -> dict[str, list[Row]]:
    """Indicator → the country's primary national totals, by year, with what a comparison needs."""
    import polars as pl

    rows = lean_totals(ctx, metrics).filter(pl.col("country") == iso3).sort("indicator", "year").collect()
    found: dict[str, list[Row]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["indicator"], []).append(row)
    return found


def _median(ctx: Context, metric: Metric, group: str, label: str, it: Middle) -> Median:
    span = years(it.first_year, it.last_year, ctx.lang)
    if it.value is None:
        words = t("answers.medians.too_few", ctx.lang, count=it.n)
    else:
        value = written(ctx, metric, it.value, unit=True)
        words = t("answers.medians.text", ctx.lang, value=value, years=span, count=it.n)
    return Median(
        group=group, label=label, value=it.value, text=words, n=it.n, first_year=it.first_year, last_year=it.last_year
    )


def _note(ctx: Context, row: Row, middles: Mapping[str, Middle]) -> str:
    """Why there is no comparison, or that the years of the compared figures are mixed."""
    if unmodified_only(row["source"]):
        return t("answers.medians.licence", ctx.lang, source=title_of(row["source"]))
    if row["value"] is None:
        return t("answers.medians.censored", ctx.lang)
    if row["unit"] == "yes_no":
        return t("answers.medians.yes_no", ctx.lang)
    if any(it.first_year != it.last_year for it in middles.values()):
        return t("ui.chart.mixed_years", ctx.lang)
    return ""


def _strip(ctx: Context, figures: Mapping[str, Row]) -> list[GoalStrip]:
    strip = []
    for goal in ctx.book.goals.values():
        codes = {target.code for target in ctx.book.targets.values() if target.goal == goal.number}
        ours = [m.id for m in ctx.book.metrics.values() if any(link.target in codes for link in m.links)]
        having = [metric for metric in ours if metric in figures]
        newest = max((figures[metric]["year"] for metric in having), default=None)
        if having:
            words = t(
                "answers.country.goal", ctx.lang, with_data=str(len(having)), of=str(len(ours)), newest=str(newest)
            )
        else:
            words = t("answers.country.goal_empty" if ours else "answers.goal.none", ctx.lang, of=str(len(ours)))
        strip.append(
            GoalStrip(
                number=goal.number,
                short=text(goal.short, ctx.lang),
                colour=goal.colour,
                indicators=len(ours),
                with_data=len(having),
                newest=newest,
                text=words,
            )
        )
    return strip


def _missing(ctx: Context, iso3: str, own: Sequence[str]) -> list[MissingRow]:
    """Every indicator without a figure of the country, by theme, with the kind of the gap and who can end it.

    ``own``: the indicators under whose number the country publishes figures in its own definition.
    """
    gaps = []
    for theme in THEMES:
        for metric in ctx.book.metrics.values():
            row = latest_of(ctx, metric.id).get(iso3)
            if metric.theme != theme or has_figure(row):
                continue
            kind = kind_of(metric, row, gathered=not is_empty(ctx, metric.id))
            gaps.append(
                MissingRow(
                    indicator=metric.id,
                    name=metric_name(ctx, metric.id),
                    theme=theme,
                    theme_text=term(ctx, "theme", theme),
                    kind=kind,
                    kind_text=kind_text(ctx, kind),
                    who=who_can_supply(ctx, metric, kind),
                    own=t("national.also", ctx.lang) if metric.id in own else "",
                )
            )
    return gaps
