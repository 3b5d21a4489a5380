"""Up to twelve countries on up to four indicators, and what keeps them from being compared."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

import polars as pl

from dashboard.answers.adoption.counting import choose_default_countries
from dashboard.answers.adoption.events import find_start
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.lookup import find_countries, find_metric
from dashboard.answers.base.rows import Row, choose_latest, has_figure, limit_years, select_shown
from dashboard.answers.base.views import Choice
from dashboard.answers.base.words import (
    format_years,
    join_countries,
    join_list,
    join_sentences,
    name_country,
    name_unit,
    translate_term,
)
from dashboard.answers.charts.query import MAX_COUNTRIES_APART, MAX_METRICS, check_event
from dashboard.answers.compare.comparability import compare_parts, list_differences
from dashboard.answers.compare.pairs import JudgedPairs, judge_countries, view_pairs
from dashboard.answers.compare.views import Chip, ComparedMetric, CompareLine, CompareView, HeatCell, HeatRow, Started
from dashboard.answers.freshness.dataset_status import describe_dataset
from dashboard.answers.holdings.coverage import is_empty, is_gathered
from dashboard.answers.holdings.medians import list_comparable_values
from dashboard.answers.indicators.cards import explain_empty, name_indicator_supplier
from dashboard.answers.wording.changes import NOTHING, change_text, describe_change_since_base, find_base_year
from dashboard.answers.wording.citation import summarise_editions
from dashboard.answers.wording.editions import describe_earlier_edition
from dashboard.answers.wording.figures import build_figure
from dashboard.answers.wording.publishers import is_unmodified_only, title_publisher
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import capitalise, format_day, format_period, t

SHADES = 5
ARROWS = {"rise": "↑", "fall": "↓", "unclear": "≈", "same": "=", "error_unknown": "", "": ""}

Found = Mapping[str, Mapping[str, Sequence[Row]]]
"""Indicator → ISO3 → its primary national totals in the period, by year."""


@cached
def compare(
    ctx: Context,
    indicator: str,
    countries: tuple[str, ...] = (),
    first: int | None = None,
    last: int | None = None,
    more: tuple[str, ...] = (),
    sort: str = "",
    event: str = "",
) -> CompareView:
    """Compare countries on indicators; beyond twelve countries ``too_many`` names those left out.

    Args:
        countries: ISO3 codes; none: Azerbaijan and adopters.
        more: further indicators, three at most.
        sort: an indicator, highest first, or lowest first with ``_up`` behind it; "" keeps the reader's order.
        event: the kind of event of ``starts``; "" takes the opening of the first centre.

    Raises:
        Unknown: no such indicator or country.
        Invalid: a country is named by an alpha-2 or M49 code; too many indicators; no such event.
    """
    metrics = [find_metric(ctx, name) for name in dict.fromkeys((indicator, *more))]
    if len(metrics) > MAX_METRICS:
        raise Invalid("indicator", f"At most {MAX_METRICS} indicators are compared; {len(metrics)} were asked for.")
    event = check_event(event)
    metric = metrics[0]
    requested = find_countries(ctx, countries) or choose_default_countries(ctx, metric.id)
    chosen = requested[:MAX_COUNTRIES_APART]
    rows_by_metric = find_rows(ctx, metrics, chosen, first, last)
    compared = [
        _view_metric(ctx, compared_metric, chosen, rows_by_metric[compared_metric.id], of_period=bool(first or last))
        for compared_metric in metrics
    ]
    return CompareView(
        dataset_status=describe_dataset(ctx),
        indicator=metric.id,
        name=choose_text(metric.name, ctx.lang),
        unit=name_unit(ctx, metric),
        line=metric.line,
        countries=[Choice(id=iso3, label=name_country(ctx, iso3), note="", chosen=True) for iso3 in chosen],
        chips=compared[0]["chips"],
        metrics=compared,
        heat=_sort_heat([_view_heat(ctx, metrics, iso3, rows_by_metric) for iso3 in chosen], sort),
        heat_text=t("compare.heat.how", ctx.lang),
        starts=[view_start(ctx, iso3, event) for iso3 in chosen],
        too_many=t(
            "answers.compare.too_many",
            ctx.lang,
            most=str(MAX_COUNTRIES_APART),
            names=join_countries(ctx, requested[MAX_COUNTRIES_APART:]),
        )
        if len(requested) > MAX_COUNTRIES_APART
        else "",
        empty=is_empty(ctx, metric.id),
        why_empty=join_sentences([explain_empty(ctx, metric), name_indicator_supplier(ctx, metric)]),
    )


def find_rows(
    ctx: Context, metrics: Sequence[Metric], chosen: Sequence[str], first: int | None, last: int | None
) -> Found:
    """Return the primary national totals of the indicators and countries in the period."""
    rows = select_shown(ctx, tuple(metric.id for metric in metrics)).filter(pl.col("country").is_in(list(chosen)))
    rows_by_metric: dict[str, dict[str, list[Row]]] = {metric.id: {} for metric in metrics}
    for row in limit_years(rows, first, last).sort("indicator", "country", "year").collect().iter_rows(named=True):
        rows_by_metric[row["indicator"]].setdefault(row["country"], []).append(row)
    return rows_by_metric


def view_start(ctx: Context, iso3: str, event: str) -> Started:
    """Return a country's event with its source, or why years cannot be counted from one."""
    beginning = find_start(ctx, iso3, event)
    name, kind, source_event = name_country(ctx, iso3), translate_term(ctx, "event_type", event, ""), beginning.event
    if source_event is not None and beginning.year is not None:
        when = format_day(source_event.date, ctx.lang, source_event.precision)
        words = t("compare.start.dated", ctx.lang, country=name, event=kind, date=when)
    else:
        words = t(f"compare.start.{beginning.reason}", ctx.lang, country=name, event=kind)
    return Started(
        iso3=iso3,
        name=name,
        drawn=beginning.year is not None,
        text=words,
        disputed=bool(source_event and source_event.disputed),
        source=source_event.source_title if source_event else "",
        reference=source_event.source_ref if source_event else "",
        note=source_event.note if source_event else "",
    )


def _view_line(ctx: Context, metric: Metric, iso3: str, rows: Sequence[Row], *, of_period: bool) -> CompareLine:
    """Return a country's latest figure and its change from the base year or the first year asked for."""
    with_figure = [row for row in rows if has_figure(row)]
    values = [row for row in with_figure if row["value"] is not None and row["year"] is not None]
    change = NOTHING
    if not of_period:
        change = describe_change_since_base(ctx, metric, values)
    elif len(values) > 1:
        change = change_text(ctx, metric, values[0], values[-1])
    return CompareLine(
        iso3=iso3,
        name=name_country(ctx, iso3),
        points=len(with_figure),
        first_year=with_figure[0]["year"] if with_figure else None,
        last_year=with_figure[-1]["year"] if with_figure else None,
        latest=build_figure(ctx, metric, choose_latest(rows), gathered=is_gathered(ctx, metric.id)),
        change=change.kind,
        change_text=change.text,
    )


def judge_all(metric: Metric, chosen: Sequence[str], rows: Mapping[str, Sequence[Row]]) -> JudgedPairs:
    """Judge every pair of the countries: each with those before it."""
    pairs = ((iso3, other) for place, iso3 in enumerate(chosen) for other in chosen[:place])
    return judge_countries(metric, rows, pairs)


def _view_metric(
    ctx: Context, metric: Metric, chosen: Sequence[str], rows: Mapping[str, Sequence[Row]], *, of_period: bool
) -> ComparedMetric:
    latest = _find_latest_rows(chosen, rows)
    figures = [(metric, row) for row in latest.values()]
    differ = list_differences(ctx, figures)
    named = join_list(ctx, (t(f"comparison.part.{chip['id']}", ctx.lang) for chip in differ))
    span = sorted({row["year"] for row in latest.values() if row["year"] is not None})
    verdict = t(
        f"compare.verdict.{_choose_verdict(metric, differ, len(latest), len(span))}",
        ctx.lang,
        parts=named,
        country=join_countries(ctx, latest),
        years=format_years(span[0], span[-1], ctx.lang) if span else "",
    )
    return ComparedMetric(
        id=metric.id,
        name=choose_text(metric.name, ctx.lang),
        unit=name_unit(ctx, metric),
        edition=summarise_editions(ctx, sorted({row["edition"] for row in latest.values()})),
        lines=[_view_line(ctx, metric, iso3, rows.get(iso3, []), of_period=of_period) for iso3 in chosen],
        pairs=view_pairs(ctx, judge_all(metric, chosen, rows), chosen),
        earlier=describe_earlier_edition(
            ctx,
            metric,
            {
                iso3: [
                    row
                    for row in rows.get(iso3, ())
                    if (row["year"] or 0) >= (0 if of_period else find_base_year(metric))
                ]
                for iso3 in chosen
            },
        ),
        chips=_list_chips(ctx, metric, chosen, latest),
        countries=[name_country(ctx, iso3) for iso3 in latest],
        parts=compare_parts(ctx, figures),
        verdict=verdict,
        notes=[
            t(
                "compare.own",
                ctx.lang,
                country=name_country(ctx, own.country),
                text=choose_text(own.definition, ctx.lang),
            )
            for own in metric.national
            if own.country in chosen
        ],
        empty=is_empty(ctx, metric.id),
        why_empty=join_sentences([explain_empty(ctx, metric), name_indicator_supplier(ctx, metric)])
        if is_empty(ctx, metric.id)
        else "",
    )


def _choose_verdict(metric: Metric, differ: Sequence[Chip], countries: int, of_years: int) -> str:
    """Return which sentence says whether the latest figures measure the same."""
    if countries < 2:
        return "one" if countries else "none"
    if differ:
        return "differ"
    return "points" if not metric.line and metric.unit != "yes_no" else "years" if of_years > 1 else "same"


def _find_latest_rows(chosen: Sequence[str], rows: Mapping[str, Sequence[Row]]) -> dict[str, Row]:
    return {
        iso3: with_figure[-1]
        for iso3 in chosen
        if (with_figure := [row for row in rows.get(iso3, []) if has_figure(row)])
    }


def _list_chips(ctx: Context, metric: Metric, chosen: Sequence[str], latest: Mapping[str, Row]) -> list[Chip]:
    """Return in what the latest figures differ, who has none, and what holds for all."""
    chips = []

    def chip(name: str, **values: str) -> None:
        label, words = (t(f"answers.chip.{name}.{part}", ctx.lang, **values) for part in ("label", "text"))
        chips.append(Chip(id=name, label=label, text=words))

    years_shown = sorted({row["year"] for row in latest.values() if row["year"] is not None})
    if spanned := sorted({row["period"] for row in latest.values() if row["year"] is None}):
        label, words = (
            t("period.no_year", ctx.lang),
            t("period.within", ctx.lang, years=format_period(spanned[0], ctx.lang)),
        )
        chips.append(Chip(id="no_year", label=label, text=capitalise(f"{words}.", ctx.lang)))
    if len(years_shown) > 1:
        chip("mixed_years", years=format_years(years_shown[0], years_shown[-1], ctx.lang))
    chips += list_differences(ctx, [(metric, row) for row in latest.values()])
    if not metric.line:
        chip("answers" if metric.unit == "yes_no" else "points")
    elif metric.break_years:
        chip("breaks", years=join_list(ctx, (str(year) for year in metric.break_years)))
    if latest and not any(row["lower"] is not None for row in latest.values()):
        chip("no_error")
    licensed = {row["source"] for row in latest.values() if is_unmodified_only(row["source"])}
    if licensed:
        chip("licence", source=join_list(ctx, (title_publisher(source) for source in sorted(licensed))))
    without = [iso3 for iso3 in chosen if iso3 not in latest]
    if without:
        chip("without", countries=join_countries(ctx, without))
    return chips


def _view_heat(ctx: Context, metrics: Sequence[Metric], iso3: str, rows: Found) -> HeatRow:
    name = name_country(ctx, iso3)
    return HeatRow(
        iso3=iso3,
        name=name,
        cells=[_view_cell(ctx, metric, iso3, name, rows[metric.id].get(iso3, [])) for metric in metrics],
    )


def _view_cell(ctx: Context, metric: Metric, iso3: str, name: str, rows: Sequence[Row]) -> HeatCell:
    row = choose_latest(rows)
    change = describe_change_since_base(ctx, metric, rows)
    return HeatCell(
        metric=metric.id,
        label=f"{name}, {choose_text(metric.name, ctx.lang)}",
        figure=build_figure(ctx, metric, row, gathered=is_gathered(ctx, metric.id)),
        change=change.kind,
        arrow=ARROWS[change.kind],
        change_text=change.text,
        shade=_find_shade(ctx, metric, row),
    )


def _find_shade(ctx: Context, metric: Metric, row: Row | None) -> int:
    """Return in which fifth of all like figures of about its year a value lies, 1 the lowest; 0: none."""
    if row is None or not metric.quantity:
        return 0
    values = list_comparable_values(ctx, metric.id, row)
    return min(SHADES, 1 + SHADES * bisect_left(values, row["value"]) // len(values)) if values else 0


def _sort_heat(rows: list[HeatRow], sort: str) -> list[HeatRow]:
    """Sort by an indicator's value, countries without one last; other sorts keep the order."""
    metric, up = sort.removesuffix("_up"), sort.endswith("_up")
    place = next((i for i, cell in enumerate(rows[0]["cells"]) if cell["metric"] == metric), None) if rows else None
    if place is None:
        return rows

    def key(row: HeatRow) -> tuple[bool, float]:
        value = row["cells"][place]["figure"]["value"]
        return value is None, 0.0 if value is None else value if up else -value

    return sorted(rows, key=key)
