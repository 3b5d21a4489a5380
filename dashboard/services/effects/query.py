"""From what a reader chooses to a plan: outcome, event, donors and window, with the figures they take.

With ``reading``, one of the few modules of the services that touch frames.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import polars as pl

from dashboard.codebook.model import AdoptionEvent, Country, Metric
from dashboard.codebook.register.adoption import is_counted
from dashboard.measures.effects import METHODS as METHODS
from dashboard.measures.effects import Outcome, Plan, Treated, foresee_admission
from dashboard.measures.intervals import read_std_errors
from dashboard.services.adoption.counting import find_adoption, register
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.base.errors import Invalid, NoOption, quote_given
from dashboard.services.base.lookup import find_countries, find_country, find_metric
from dashboard.services.base.words import sort_by_name
from dashboard.services.wording.evidence import is_claim_without_method
from dashboard.services.wording.publishers import is_unmodified_only

EVENTS = ("centre_opened", "pilot", "legal_basis", "agreement", "mou", "expanded")
"""Kinds of events that can be the adoption whose effect is asked for, the one that is proposed first."""

MOST_DONORS = 40
DEPENDENT = frozenset({"national", "computed", "submission"})
"""Sources of figures that the treated body may have reported itself."""

LAST_QUARTER = 10
"""The month from which an event leaves its own year before it (ours)."""

COMMON = 0.5
"""The window proposed begins with the first year from which at least this share of countries always has a figure."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one edition of an outcome: country → year → value, and the published standard errors."""

    values: MappingProxyType[str, dict[int, float]]
    errors: MappingProxyType[str, dict[int, float]]
    edition: str
    first: int
    last: int
    source: str = ""
    series: str = ""


@dataclass(frozen=True, slots=True)
class EffectQuery:
    """A plan with what the register and the catalogue say of it."""

    ctx: Context
    metric: Metric
    event: AdoptionEvent | None
    kind: str  # of events that count as adoption, for group-time effects; "" for a synthetic control
    plan: Plan


def independent(metric: Metric) -> bool:
    """Whether the figures come from others than the body whose adoption is studied."""
    return not DEPENDENT & set(metric.source_type)


def estimated(metric: Metric) -> bool:
    """Whether its publisher gives errors or intervals of the figures, be they in the edition at hand or not."""
    return any(link.interval for link in metric.series)


def derivable(metric: Metric) -> bool:
    """Whether the licences of its publishers allow figures derived from theirs."""
    return not any(is_unmodified_only(link.source) for link in metric.series)


def outcomes(ctx: Context) -> list[Metric]:
    """Indicators that can be an outcome: independent quantities in yearly lines, with figures."""
    held = ctx.dataset.indicators()
    return [
        metric
        for metric in ctx.book.metrics.values()
        if metric.id in held
        and metric.quantity
        and metric.line
        and metric.unit != "yes_no"
        and independent(metric)
        and derivable(metric)
    ]


def events_of(ctx: Context, iso3: str) -> list[AdoptionEvent]:
    """Events of a country that count in the register and can be its adoption: dated first, centres before papers."""
    events = [event for event in find_adoption(ctx, iso3).events if is_counted(event) and event.type in EVENTS]
    return sorted(events, key=lambda event: (not event.date, EVENTS.index(event.type), event.date))


def treatable(ctx: Context) -> list[str]:
    """ISO3 of the countries that have such an event, the origin included."""
    return [iso3 for iso3 in register(ctx) if events_of(ctx, iso3)]


def proposed_country(ctx: Context, outcome: str) -> str:
    """The country a reader starts with: of those whose estimate can be admitted, the one with most years since.

    Where none can, the first by name: its plan says what is missing.
    """
    return _proposed(ctx.timeless, outcome) or sort_by_name(ctx, treatable(ctx))[0]


@kept(64)
def _proposed(ctx: Context, outcome: str) -> str:
    candidates: list[tuple[int, str]] = []
    for iso3 in treatable(ctx):
        query = ask(ctx, METHODS[0], outcome, iso3)
        admitted, years = foresee_admission(query.plan, outcome_of(query))
        if not admitted.reasons:
            candidates.append((-years, iso3))
    return min(candidates, default=(0, ""))[1]


def ask(
    ctx: Context,
    method: str,
    outcome: str,
    country: str = "",
    event: str = "",
    without: Sequence[str] = (),
    own: Sequence[str] = (),
    first: int | None = None,
    last: int | None = None,
) -> EffectQuery:
    """The plan of these choices; what is left out is proposed.

    Args:
        ctx: dataset, codebook and language.
        method: of ``METHODS``.
        outcome: an indicator.
        country: the treated one, for a synthetic control alone.
        event: id of one of its events; for group-time effects the kind of event that counts as adoption.
        without: proposed donors that are taken out.
        own: donors that run a one-stop model of their own.
        first: first year of the window.
        last: last year of the window.

    Raises:
        Unknown: no such indicator or country.
        Invalid: no such method or event; a country where all adopters are treated; a window that ends before it
            begins; a donor that is none.
    """
    if method not in METHODS:
        raise NoOption(
            "method", method, METHODS, f"There is no method {quote_given(method)}: there are {', '.join(METHODS)}."
        )
    metric = find_metric(ctx, outcome)
    figures = figures_of(ctx, metric)
    if method == "synthetic_control":
        iso3 = find_country(ctx, country).iso3
        chosen, kind = _event(ctx, iso3, event), ""
        treated = (Treated(iso3, chosen.id, find_first_year_after(chosen) or 0),) if chosen else ()
    else:
        if country:
            raise Invalid("country", f"{method} is of all countries that adopted: name none, or take {METHODS[0]}.")
        iso3, chosen, kind = "", None, event or EVENTS[0]
        treated = _adopters(ctx, kind)
    begin, end = first or figures.first, last or figures.last
    if begin > end and not figures.values:
        raise Invalid("from", f"There are no figures of {metric.id}, and so no window that begins in {begin}.")
    if begin > end:
        words = f"The window ends in {end} and cannot begin in {begin}."
        raise Invalid("from", words, "period", first=str(begin), last=str(end))
    proposed = donors(ctx, figures, iso3, begin, end)
    out, theirs = find_countries(ctx, tuple(without)), find_countries(ctx, tuple(own))
    if stray := [code for code in theirs if code not in proposed]:
        raise NoOption("own", stray[0], (), f"{', '.join(stray)} is no proposed donor of this plan.")
    plan = Plan(
        method=method,
        outcome=metric.id,
        treated=treated,
        donors=tuple(code for code in proposed if code not in out),
        other_models=tuple(code for code in theirs if code not in out),
        first=begin,
        last=end,
    )
    return EffectQuery(ctx, metric, chosen, kind, plan)


def usable_window(ctx: Context, outcome: str, first: int | None, last: int | None) -> tuple[int | None, int | None]:
    """The years of a window that its outcome has figures of; None for a year before or after all of them.

    Both are None where what is left, with what is proposed beside it, would end before it begins.

    Raises:
        Unknown: no such indicator.
    """
    figures = figures_of(ctx, find_metric(ctx, outcome))
    years = [year for line in figures.values.values() for year in line]
    first, last = (year if year and years and min(years) <= year <= max(years) else None for year in (first, last))
    return (first, last) if (first or figures.first) <= (last or figures.last) else (None, None)


def outcome_of(query: EffectQuery) -> Outcome:
    """The figures the plan takes, with what the catalogue says of them."""
    figures, plan = figures_of(query.ctx, query.metric), query.plan
    units = {*plan.donors, *(it.country for it in plan.treated)}
    years = range(plan.first, plan.last + 1)

    def cut(panel: Any) -> dict[str, dict[int, float]]:
        return {unit: {year: panel[unit][year] for year in years if year in panel.get(unit, {})} for unit in units}

    dated = bool(plan.treated) and all(it.year for it in plan.treated)
    return Outcome(
        panel=cut(figures.values),
        independent=independent(query.metric),
        derivable=derivable(query.metric),
        breaks=query.metric.break_years if query.metric.line else tuple(years)[1:],
        errors=cut(figures.errors) if figures.errors else None,
        with_errors=estimated(query.metric) or bool(figures.errors),
        precision=query.event.precision if query.event and dated else "year",
        dated=dated,
    )


def donors(ctx: Context, figures: Figures, treated: str, first: int, last: int) -> dict[str, list[str]]:
    """ISO3 → reasons, of countries without a record of adoption whose figures are complete; never a total of countries.

    The years are those the treated country has; without one (group-time effects), every year of the window. At most
    ``MOST_DONORS`` for one country, those with most reasons first; the outcome's values play no part.
    """
    wanted = [year for year in range(first, last + 1) if not treated or year in figures.values.get(treated, {})]
    focus = ctx.book.countries.get(treated)
    candidates = {
        iso3: _reasons(focus, ctx.book.countries[iso3])
        for iso3, line in figures.values.items()
        if iso3 in ctx.book.countries
        and ctx.book.countries[iso3].m49_area
        and find_adoption(ctx, iso3).status == "no_record"
        and iso3 != treated
        and wanted
        and all(year in line for year in wanted)
    }
    ranked = sorted(candidates, key=lambda iso3: (-len(candidates[iso3]), iso3))
    return {iso3: candidates[iso3] for iso3 in (ranked[:MOST_DONORS] if treated else ranked)}


def figures_of(ctx: Context, metric: Metric) -> Figures:
    """The shown national totals of the edition that holds most of them; figures of others are in none of the lines, nor
    claims without a method. Of editions that hold as many: the one with the latest year, then the last that came."""
    return _figures(ctx.timeless, metric.id)


@kept(16)
def _figures(ctx: Context, metric: str) -> Figures:
    rows = (
        ctx.dataset.rows(metric)
        .filter(pl.col("primary"), pl.col("dimensions") == "{}", pl.col("value").is_finite(), pl.col("year") > 0)
        .select(
            "country",
            "year",
            "value",
            read_std_errors().alias("error"),
            "source",
            "series",
            "unit",
            "edition",
            "retrieved_at",
        )
        .collect()
    )
    for source, series in rows.select("source", "series").unique().rows():
        if is_claim_without_method(ctx.book.metrics[metric], source, series):
            rows = rows.filter((pl.col("source") != source) | (pl.col("series") != series))
    one = ("source", "series", "unit", "edition")
    if rows.is_empty():
        return Figures(MappingProxyType({}), MappingProxyType({}), "", 0, 0)
    newest = ("len", "year", "retrieved_at", "edition")
    sizes = rows.group_by(one).agg(pl.len(), pl.col("year", "retrieved_at").max())
    most = sizes.sort(*newest, "source", "series", "unit").row(-1, named=True)
    rows = rows.filter(*(pl.col(name) == most[name] for name in one)).unique(["country", "year"], keep="last")
    values: dict[str, dict[int, float]] = {}
    errors: dict[str, dict[int, float]] = {}
    for row in rows.sort("country", "year").iter_rows(named=True):
        values.setdefault(row["country"], {})[row["year"]] = row["value"]
        if row["error"] is not None:
            errors.setdefault(row["country"], {})[row["year"]] = row["error"]
    per_year = dict(rows.group_by("year").len().rows())
    enough = COMMON * max(per_year.values())
    last = max(year for year, number in per_year.items() if number >= enough)
    first = last
    while per_year.get(first - 1, 0) >= enough:
        first -= 1
    return Figures(
        MappingProxyType(values),
        MappingProxyType(errors),
        str(most["edition"] or ""),
        first,
        last,
        most["source"],
        most["series"],
    )


def _event(ctx: Context, iso3: str, event: str) -> AdoptionEvent | None:
    events = events_of(ctx, iso3)
    if not event:
        return events[0] if events else None
    chosen = next((it for it in events if it.id == event), None)
    if chosen is None:
        there = [it.id for it in events]
        words = f"{iso3} has no event {quote_given(event)} that can be its adoption; there are: "
        raise NoOption("event", event, there, f"{words}{', '.join(there) or 'none'}.")
    return chosen


def _adopters(ctx: Context, kind: str) -> tuple[Any, ...]:
    """Each country's first dated event of a kind; the origin is no adopter."""
    if kind not in EVENTS:
        words = f"There is no kind of event {quote_given(kind)}: there are {', '.join(EVENTS)}."
        raise NoOption("event", kind, EVENTS, words)
    treated = []
    for iso3 in register(ctx):
        dated = [it for it in events_of(ctx, iso3) if it.type == kind and find_first_year_after(it)]
        if dated and not find_adoption(ctx, iso3).origin:
            first = min(dated, key=lambda it: it.date)
            treated.append(Treated(iso3, first.id, find_first_year_after(first) or 0))
    return tuple(treated)


def find_first_year_after(event: AdoptionEvent) -> int | None:
    """The first year that counts as after an event: its own, or the next where it is known to lie in the last quarter,
    of which yearly figures hold too little. None where its year is not known."""
    if not event.date or event.precision not in ("day", "month", "year"):
        return None
    late = event.precision != "year" and int(event.date[5:7]) >= LAST_QUARTER
    return int(event.date[:4]) + late


def _reasons(focus: Country | None, other: Country) -> list[str]:
    if focus is None:
        return ["complete"]
    reasons = [
        ("subregion", bool(focus.subregion) and focus.subregion == other.subregion),
        ("region", bool(focus.region) and focus.region == other.region and focus.subregion != other.subregion),
        ("income", bool(focus.income) and focus.income == other.income),
    ]
    return ["complete", *(reason for reason, holds in reasons if holds)]
