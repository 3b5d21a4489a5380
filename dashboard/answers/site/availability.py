"""What there is of which adopter: points, latest year, and the kind of each gap, of every indicator."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median_low
from typing import Any

import polars as pl

from dashboard.analysis.measures.latest import has_figure as figure
from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.adoption.counting import DEFAULT_RULE, check_rule, describe_count, list_adopters
from dashboard.answers.adoption.groups import UN_GROUPS
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import require_among
from dashboard.answers.base.lookup import find_goal
from dashboard.answers.base.rows import select_lean_totals
from dashboard.answers.base.views import Choice, make_choice
from dashboard.answers.base.words import make_slug, name_country, name_metric, name_unit, sort_by_name, translate_term
from dashboard.answers.holdings.coverage import RECENT
from dashboard.answers.holdings.gaps import classify_gap
from dashboard.answers.public.availability import Availability, AvailableCountry, AvailableIndicator, GapEntry
from dashboard.answers.wording.figures import define_missing, describe_missing, format_share
from dashboard.answers.wording.publishers import check_sources, list_publishers
from dashboard.evidence.codebook.model import Country, Metric
from dashboard.evidence.codebook.tables import THEMES
from dashboard.locales import format_number, order, t

GAPS = ("not_reported", "not_collected", "not_gathered", "not_applicable", "suppressed", "not_comparable", "missing")
"""Kinds of no figure, in the order of the legend."""

SORTS = ("theme", "name", "most", "least", "newest")
COLUMNS = (
    "indicator", "indicator_name", "theme", "country", "country_name", "points", "first_year", "latest_year", "gap",
    "gap_name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AvailabilityQuery:
    """Which part of the matrix; "" and 0 mean all. ``group``: a region, an income group or a United Nations group."""

    theme: str = ""
    goal: int = 0
    source: str = ""
    rule: str = DEFAULT_RULE
    group: str = ""
    gap: str = ""
    sort: str = "theme"


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """One indicator of one country; ``gap`` is "" where there is a figure."""

    points: int
    first: int | None
    latest: int | None
    gap: str


def ask(
    ctx: Context,
    theme: str = "",
    goal: int = 0,
    source: str = "",
    rule: str = "",
    group: str = "",
    gap: str = "",
    sort: str = "",
) -> AvailabilityQuery:
    """Check the question.

    Raises:
        Invalid, Unknown: a filter or an order that there is not; the message lists those there are.
    """
    require_among("theme", theme, THEMES)
    require_among("group", group, [choice["id"] for choice in list_groups(ctx)])
    require_among("gap", gap, GAPS)
    require_among("sort", sort, SORTS)
    if goal:
        find_goal(ctx, goal)
    if source:
        check_sources((source,))
    return AvailabilityQuery(theme, goal, source, check_rule(rule or DEFAULT_RULE), group, gap, sort or SORTS[0])


def list_groups(ctx: Context) -> list[Choice]:
    """Return groups of the register's countries: regions by name, income, then those of the UN."""
    countries = [ctx.book.countries[iso3] for iso3 in list_adopters(ctx, "any_contact")]
    regions = {make_slug(country.region): translate_term(ctx, "region", country.region, "") for country in countries}
    names = dict(sorted(regions.items(), key=lambda pair: order(pair[1], ctx.lang)))
    for country in sorted(countries, key=lambda member: member.income):
        if country.income:
            names[make_slug(country.income)] = translate_term(ctx, "income", country.income, "")
    for name in UN_GROUPS:
        if any(getattr(country, name) for country in countries):
            names[name] = translate_term(ctx, "country_group", name, "")
    return [make_choice(id_, label) for id_, label in names.items()]


def list_sources(ctx: Context) -> list[Choice]:
    """Return the publishers that have a series of an indicator, by title."""
    named = {source for metric in ctx.book.metrics.values() for source in _publishers(metric)}
    return [
        make_choice(info.id, info.title, note=info.publisher) for info in list_publishers().values() if info.id in named
    ]


@cached
def view_availability(ctx: Context, query: AvailabilityQuery) -> Availability:
    """Return the matrix of adopters and indicators, with its summary in words."""
    countries, rows, cells = _matrix(ctx, query)
    shown = [cell for row in cells.values() for cell in row if _gap_matches(cell, query)]
    gaps = Counter(cell.gap for cell in shown if cell.gap)
    return Availability(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        rule=query.rule,
        text=_text(ctx, query, countries, rows, cells),
        recent=ctx.today.year - RECENT,
        cells=len(shown),
        with_figure=sum(1 for cell in shown if not cell.gap),
        countries=[
            AvailableCountry(
                iso3=iso3, name=name_country(ctx, iso3), covered=sum(1 for row in cells.values() if not row[place].gap)
            )
            for place, iso3 in enumerate(countries)
        ],
        indicators=[_row(ctx, query, metric, cells[metric.id]) for metric in rows],
        gaps=[
            GapEntry(id=gap, name=describe_missing(ctx, gap), definition=define_missing(ctx, gap), cells=gaps[gap])  # type: ignore[arg-type, typeddict-item]
            for gap in GAPS
            if gaps[gap]
        ],
    )


def write_csv(ctx: Context, query: AvailabilityQuery) -> bytes:
    """Write the cells of the matrix as lines, row by row: the same that the page shows."""
    return write_csv_file(_lines(ctx, query), COLUMNS)


def describe_availability(ctx: Context, rule: str) -> str:
    """Summarise what there is of the adopters by a rule; for the overview."""
    query = AvailabilityQuery(rule=check_rule(rule))
    return _text(ctx, query, *_matrix(ctx, query))


def _lines(ctx: Context, query: AvailabilityQuery) -> Iterator[dict[str, Any]]:
    countries, rows, cells = _matrix(ctx, query)
    for metric in rows:
        for iso3, cell in zip(countries, cells[metric.id], strict=True):
            if _gap_matches(cell, query):
                yield {
                    "indicator": metric.id,
                    "indicator_name": name_metric(ctx, metric.id),
                    "theme": metric.theme,
                    "country": iso3,
                    "country_name": name_country(ctx, iso3),
                    "points": cell.points,
                    "first_year": cell.first,
                    "latest_year": cell.latest,
                    "gap": cell.gap,
                    "gap_name": describe_missing(ctx, cell.gap),  # type: ignore[arg-type]
                }


def _matrix(ctx: Context, query: AvailabilityQuery) -> tuple[list[str], list[Metric], dict[str, list[CoverageCell]]]:
    """Return countries, indicators in their order, and the cells of each indicator."""
    countries = [
        iso3
        for iso3 in sort_by_name(ctx, list_adopters(ctx, check_rule(query.rule)))
        if not query.group or _belongs(ctx.book.countries[iso3], query.group)
    ]
    metrics = [metric for metric in ctx.book.metrics.values() if _matches(ctx, metric, query)]
    spans = _spans(ctx, metrics)
    cells = {metric.id: [_cell(ctx, metric, iso3, spans) for iso3 in countries] for metric in metrics}
    rows = [metric for metric in metrics if any(_gap_matches(cell, query) for cell in cells[metric.id])]
    return countries, _sorted(ctx, rows, cells, query.sort), cells


def _spans(ctx: Context, metrics: list[Metric]) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Map indicator and country to the number of years with a figure, the first and the last."""
    spans = (
        select_lean_totals(ctx, [metric.id for metric in metrics])
        .filter(figure())
        .group_by("indicator", "country")
        .agg(pl.col("year").n_unique(), first=pl.col("year").min(), last=pl.col("year").max())
        .collect()
    )
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in spans.iter_rows()}


def _cell(ctx: Context, metric: Metric, iso3: str, spans: dict[tuple[str, str], tuple[int, int, int]]) -> CoverageCell:
    if (metric.id, iso3) in spans:
        return CoverageCell(*spans[metric.id, iso3], gap="")
    return CoverageCell(0, None, None, classify_gap(ctx, metric, iso3))


def _gap_matches(cell: CoverageCell, query: AvailabilityQuery) -> bool:
    return not query.gap or cell.gap == query.gap


def _matches(ctx: Context, metric: Metric, query: AvailabilityQuery) -> bool:
    return (
        (not query.theme or metric.theme == query.theme)
        and (not query.goal or query.goal in _goals(ctx, metric))
        and (not query.source or query.source in _publishers(metric))
    )


def _goals(ctx: Context, metric: Metric) -> list[int]:
    return sorted({ctx.book.targets[link.target].goal for link in metric.links if link.target in ctx.book.targets})


def _publishers(metric: Metric) -> set[str]:
    """Return the sources of an indicator's series, countries' own ones included."""
    return {link.source for link in metric.series} | {own.source for own in metric.national}


def _belongs(country: Country, group: str) -> bool:
    if group in UN_GROUPS:
        return bool(getattr(country, group))
    return group in (make_slug(country.region), make_slug(country.income))


def _sorted(ctx: Context, rows: list[Metric], cells: dict[str, list[CoverageCell]], sort: str) -> list[Metric]:
    """Sort by theme or as ``sort`` says; equals by how many countries have a figure."""

    def place(metric: Metric) -> tuple[float, int, str]:
        row = cells[metric.id]
        covered = sum(1 for cell in row if not cell.gap)
        newest = max((cell.latest or 0 for cell in row), default=0)
        first = {"theme": THEMES.index(metric.theme), "name": 0, "most": -covered, "least": covered, "newest": -newest}
        return first[sort], 0 if sort == "name" else -covered, name_metric(ctx, metric.id).casefold()

    return sorted(rows, key=place)


def _row(ctx: Context, query: AvailabilityQuery, metric: Metric, cells: list[CoverageCell]) -> AvailableIndicator:
    shown = [cell if _gap_matches(cell, query) else None for cell in cells]
    return AvailableIndicator(
        id=metric.id,
        name=name_metric(ctx, metric.id),
        theme=metric.theme,
        theme_name=translate_term(ctx, "theme", metric.theme),
        goals=_goals(ctx, metric),
        unit=name_unit(ctx, metric),
        covered=sum(1 for cell in cells if not cell.gap),
        points=[cell.points if cell else None for cell in shown],
        first=[cell.first if cell else None for cell in shown],
        latest=[cell.latest if cell else None for cell in shown],
        gap=[(cell.gap or None) if cell else None for cell in shown],  # type: ignore[misc]
    )


def _text(
    ctx: Context,
    query: AvailabilityQuery,
    countries: list[str],
    rows: list[Metric],
    cells: dict[str, list[CoverageCell]],
) -> str:
    """Say how many pairs have a figure, how old the latest are, and why most others have none."""
    lang = ctx.lang
    all_cells = [cell for metric in rows for cell in cells[metric.id]]
    if not all_cells:
        return t("availability.text.nothing", lang)
    years = [cell.latest for cell in all_cells if cell.latest is not None]
    covered = sum(1 for cell in all_cells if not cell.gap)
    gaps = Counter(cell.gap for cell in all_cells if cell.gap)
    who = (
        t("availability.text.group", lang, countries=format_number(len(countries), lang))
        if query.group
        else describe_count(ctx, check_rule(query.rule), len(countries))
    )
    values = {
        "pairs": format_number(len(all_cells), lang),
        "who": who,
        "indicators": t("ui.coverage.indicators", lang, count=len(rows)),
    }
    if not covered:
        parts = [t("availability.text.none", lang, **values)]
    else:
        values |= {
            "having": format_number(covered, lang),
            "share": format_share(100 * covered / len(all_cells), lang),
            "middle": str(median_low(years)) if years else "",
        }
        parts = [t(f"availability.text.{'some' if years else 'undated'}", lang, **values)]
    if gaps:
        gap = max(gaps, key=gaps.__getitem__)
        why = describe_missing(ctx, gap)  # type: ignore[arg-type]
        parts.append(t("availability.text.why", lang, kind=why, count=gaps[gap]))
    return " ".join(parts)
