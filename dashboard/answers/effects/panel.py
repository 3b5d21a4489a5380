"""What an estimate would have to work with: every country that could be studied, and the years it has figures of."""

from collections.abc import Sequence
from urllib.parse import urlencode

from dashboard.analysis.charts.chart import Chart, ChartWords, Theme
from dashboard.analysis.charts.kinds.panel import Unit, build
from dashboard.analysis.measures.effects.plan import Treated
from dashboard.analysis.measures.effects.study import foresee_admission
from dashboard.answers.base.context import Context
from dashboard.answers.base.stamp import write_stamp
from dashboard.answers.base.words import label_chart, list_country_names, sort_by_name, translate_term
from dashboard.answers.effects.query import (
    EffectQuery,
    Figures,
    ask_plan,
    build_outcome,
    find_opening,
    list_treatable,
    load_figures,
)
from dashboard.answers.wording.citation import name_source_of_edition
from dashboard.evidence.codebook.model import AdoptionEvent, choose_text
from dashboard.locales import format_day, format_number, t

OUTSIDE = "not_in_window"
"""Why a country takes no part in group-time effects: no figure for every year, or adoption outside the window."""


def name_source_estimated(query: EffectQuery) -> str:
    """Name the publisher and the one edition of the series that an estimate is made of."""
    figures = load_figures(query.ctx, query.metric)
    return name_source_of_edition(query.ctx, figures.source, figures.series, figures.edition)


def draw_panel(query: EffectQuery, theme: Theme) -> Chart:
    """Draw which years each country of a plan has figures of; no figure is in it."""
    ctx, plan = query.ctx, query.plan
    names = list_country_names(ctx)
    options = label_chart(ctx, theme, write_title(query), name_source_estimated(query), names=names)
    single = plan.method == "synthetic_control"
    units = sorted(
        _list_units_alone(query) if single else _list_units_together(query),
        key=lambda unit: (bool(unit.reasons), -unit.count_years("since")),
    )
    return build(
        units, range(plan.first, plan.last + 1), _describe(ctx, units, single=single), options, together=not single
    )


def write_title(query: EffectQuery) -> str:
    """Return the title of the panel, known before it is drawn."""
    return t("effects.panel.title", query.ctx.lang, outcome=choose_text(query.metric.name, query.ctx.lang))


def count_rows(query: EffectQuery) -> int:
    """Return how many countries the panel has."""
    joint = query.plan.method == "callaway_santanna"
    return len(query.plan.treated) if joint else len(list_treatable(query.ctx))


def write_query(query: EffectQuery, without: Sequence[str] = (), own: Sequence[str] = ()) -> str:
    """Return a plan as a query of the API, stamped so that its answer never changes."""
    ctx, plan = query.ctx, query.plan
    asked = {
        "method": plan.method,
        "indicator": plan.outcome,
        "country": plan.treated[0].country if plan.method == "synthetic_control" else "",
        "from": plan.first,
        "to": plan.last,
        "without": ",".join(without),
        "own": ",".join(own),
        "lang": ctx.lang,
        "as_of": ctx.day,
        "v": write_stamp(ctx),
    }
    return urlencode({name: value for name, value in asked.items() if value}, safe=",")


def write_address(query: EffectQuery, without: Sequence[str] = ()) -> str:
    """Return the address of a plan's panel."""
    return f"/api/v1/effects/panel.json?{write_query(query, without)}"


def _write_page_path(query: EffectQuery, iso3: str) -> str:
    """Return the path of a country's plan of the same outcome, with years that are not the usual ones."""
    plan, figures = query.plan, load_figures(query.ctx, query.metric)
    asked: dict[str, object] = {"country": iso3, "indicator": plan.outcome}
    if (plan.first, plan.last) != (figures.first, figures.last):
        asked |= {"from": plan.first, "to": plan.last}
    return f"/{query.ctx.lang}/progress/effects/?{urlencode(asked)}"


def _list_units_alone(query: EffectQuery) -> list[Unit]:
    """Return each country with the plan proposed for it; the chosen one with its own."""
    ctx, plan = query.ctx, query.plan
    own = plan.treated[0].country
    units = []
    for iso3 in sort_by_name(ctx, list_treatable(ctx)):
        proposed = (
            query if iso3 == own else ask_plan(ctx, plan.method, plan.outcome, iso3, first=plan.first, last=plan.last)
        )
        admitted, _ = foresee_admission(proposed.plan, build_outcome(proposed))
        units.append(
            _make_unit(proposed, proposed.plan.treated[0], admitted.reasons, proposed.event, chosen=iso3 == own)
        )
    return units


def _list_units_together(query: EffectQuery) -> list[Unit]:
    """Return the adopters, each as a part of one estimate."""
    plan = query.plan
    lines, years = load_figures(query.ctx, query.metric).values, range(plan.first, plan.last + 1)
    units = []
    adopted = {unit.country: unit for unit in plan.treated}
    for unit in (adopted[iso3] for iso3 in sort_by_name(query.ctx, adopted)):
        inside = plan.first < unit.year <= plan.last and all(year in lines.get(unit.country, {}) for year in years)
        units.append(_make_unit(query, unit, () if inside else (OUTSIDE,), find_opening(query.ctx, unit.country)))
    return units


def _make_unit(
    query: EffectQuery, treated: Treated, reasons: Sequence[str], event: AdoptionEvent | None, *, chosen: bool = False
) -> Unit:
    ctx, figures = query.ctx, load_figures(query.ctx, query.metric)
    when = "" if event is None else translate_term(ctx, "event_type", event.type, "")
    if event is not None and event.date:
        when = f"{when}, {format_day(event.date, ctx.lang, event.precision)}"
    return Unit(
        country=treated.country,
        event=treated.event,
        when=when or t("effects.plan.undated", ctx.lang),
        adopted=treated.year or None,
        years=_select_years(figures, treated.country, query.plan.first, query.plan.last),
        reasons=tuple(reasons),
        said=" ".join(_explain_reason(reason, ctx.lang) for reason in reasons),
        chosen=chosen,
        to="" if query.plan.method == "callaway_santanna" else _write_page_path(query, treated.country),
    )


def _select_years(figures: Figures, iso3: str, first: int, last: int) -> frozenset[int]:
    return frozenset(year for year in figures.values.get(iso3, {}) if first <= year <= last)


def _explain_reason(reason: str, lang: str) -> str:
    return t("effects.panel.outside" if reason == OUTSIDE else f"effects.refused.{reason}", lang)


def _describe(ctx: Context, units: Sequence[Unit], *, single: bool) -> ChartWords:
    """Return for how many an estimate can be tried, and what most often prevents it."""
    counts = {
        "n": format_number(sum(not unit.reasons for unit in units), ctx.lang),
        "of": format_number(len(units), ctx.lang),
    }
    if not single:
        return ChartWords((t("effects.panel.together", ctx.lang, **counts),))
    admitted = t("effects.panel.alone", ctx.lang, **counts)
    against = [reason for unit in units for reason in unit.reasons]
    if not against:
        return ChartWords((admitted,))
    most = max(dict.fromkeys(against), key=against.count)
    return ChartWords((admitted, t("effects.panel.most", ctx.lang, reason=_explain_reason(most, ctx.lang))))
