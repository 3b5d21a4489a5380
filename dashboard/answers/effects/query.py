"""From what a reader chooses to a plan: outcome, event, donors and window, with the figures they take.

With ``reading``, one of the few modules of the services that touch frames.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import polars as pl

from dashboard.analysis.measures.effects.admission import METHODS as METHODS
from dashboard.analysis.measures.effects.plan import Plan, Treated
from dashboard.analysis.measures.effects.result import Outcome
from dashboard.analysis.measures.effects.study import foresee_admission
from dashboard.analysis.measures.intervals import read_std_errors
from dashboard.analysis.measures.latest import is_in_line
from dashboard.answers.adoption.counting import find_adoption, register
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid, NoOption, quote_given
from dashboard.answers.base.lookup import find_countries, find_country, find_metric
from dashboard.answers.base.words import sort_by_name
from dashboard.answers.wording.evidence import is_claim_without_method
from dashboard.answers.wording.publishers import is_unmodified_only
from dashboard.evidence.codebook.model import AdoptionEvent, Country, Metric
from dashboard.evidence.codebook.register.adoption import is_counted

THEORY = frozenset({"competence", "integrity"})
"""Principles that the model is meant to serve in yearly figures of a country: services that work, and no bribes. An
outcome is tied to the model where a link that is more than background leads to one of them."""

MAX_DONORS = 40
DEPENDENT = frozenset({"national", "computed", "submission"})
"""Sources of figures that the treated body may have reported itself."""

LAST_QUARTER = 10
"""The month from which an event leaves its own year before it (ours)."""

MIN_SHARE_OF_COUNTRIES = 0.5
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
    plan: Plan


def is_tied_to_model(metric: Metric) -> bool:
    """Return True if a theory says that the model could change these figures."""
    return any(link.principle in THEORY and link.strength != "enabling" for link in metric.links)


def is_independent(metric: Metric) -> bool:
    """Return True if the figures come from others than the body studied."""
    return not DEPENDENT & set(metric.source_type)


def may_be_derived(metric: Metric) -> bool:
    """Return True if the publishers' licences allow derived figures."""
    return not any(is_unmodified_only(link.source) for link in metric.series)


def list_outcomes(ctx: Context) -> list[Metric]:
    """Return indicators that can be an outcome: independent, derivable, and tied to the model."""
    return [
        metric
        for metric in list_quantities(ctx)
        if is_tied_to_model(metric) and is_independent(metric) and may_be_derived(metric)
    ]


def list_quantities(ctx: Context) -> list[Metric]:
    """Return indicators with figures in yearly lines, outcomes or not."""
    with_figures = ctx.dataset.indicators()
    return [
        metric
        for metric in ctx.book.metrics.values()
        if metric.id in with_figures and metric.quantity and metric.line and metric.unit != "yes_no"
    ]


def find_opening(ctx: Context, iso3: str) -> AdoptionEvent | None:
    """Return the dated opening of a country's first centre: only it begins a treatment."""
    adoption = find_adoption(ctx, iso3)
    openings = (
        event for event in adoption.events if is_counted(event) and event.type == "centre_opened" and not event.reported
    )
    return next((event for event in openings if event.date and event.date == adoption.opened), None)


def list_treatable(ctx: Context) -> list[str]:
    """Return ISO3 of the origin and of countries that signed or went further."""
    return [iso3 for iso3, adoption in register(ctx).items() if adoption.status not in ("no_record", "interest")]


def propose_country(ctx: Context, outcome: str) -> str:
    """Return the country a reader starts with: an admitted one with most years since adoption.

    Where none can, the first by name: its plan says what is missing.
    """
    return _propose_admitted(ctx.timeless, outcome) or sort_by_name(ctx, list_treatable(ctx))[0]


@kept(64)
def _propose_admitted(ctx: Context, outcome: str) -> str:
    candidates: list[tuple[int, str]] = []
    for iso3 in list_treatable(ctx):
        query = ask_plan(ctx, METHODS[0], outcome, iso3)
        admitted, years = foresee_admission(query.plan, build_outcome(query))
        if not admitted.reasons:
            candidates.append((-years, iso3))
    return min(candidates, default=(0, ""))[1]


def ask_plan(
    ctx: Context,
    method: str,
    outcome: str,
    country: str = "",
    without: Sequence[str] = (),
    own: Sequence[str] = (),
    first: int | None = None,
    last: int | None = None,
    event: str = "",
) -> EffectQuery:
    """Build the plan of these choices; what is left out is proposed.

    Args:
        method: of ``METHODS``.
        country: the treated one, for a synthetic control alone.
        without: proposed donors that are taken out.
        own: donors that run a one-stop model of their own.
        event: the opening that begins the treatment; nothing else can.

    Raises:
        Unknown: no such indicator or country.
        Invalid: no such method; an event that is not the opening; a country where all adopters are treated; a window
            that ends before it begins; a donor that is none.
    """
    if method not in METHODS:
        raise NoOption(
            "method", method, METHODS, f"There is no method {quote_given(method)}: there are {', '.join(METHODS)}."
        )
    metric = find_metric(ctx, outcome)
    figures = load_figures(ctx, metric)
    if method == "synthetic_control":
        iso3 = find_country(ctx, country).iso3
        opening = find_opening(ctx, iso3)
        treated: tuple[Treated, ...] = (_treat(iso3, opening) if opening else Treated(iso3, "", 0),)
    else:
        if country:
            raise Invalid("country", f"{method} is of all countries that adopted: name none, or take {METHODS[0]}.")
        iso3, opening = "", None
        treated = tuple(
            _treat(code, found)
            for code in list_treatable(ctx)
            if not find_adoption(ctx, code).origin and (found := find_opening(ctx, code))
        )
    beginning = (opening.id if opening else "") if iso3 else "centre_opened"
    if event and event != beginning:
        words = f"A treatment begins when a first centre opened, and not with {quote_given(event)}; there is: "
        raise NoOption("event", event, (beginning,) if beginning else (), f"{words}{beginning or 'no dated opening'}.")
    begin, end = first or figures.first, last or figures.last
    if begin > end and not figures.values:
        raise Invalid("from", f"There are no figures of {metric.id}, and so no window that begins in {begin}.")
    if begin > end:
        words = f"The window ends in {end} and cannot begin in {begin}."
        raise Invalid("from", words, "period", first=str(begin), last=str(end))
    proposed = propose_donors(ctx, figures, iso3, begin, end)
    out, theirs = find_countries(ctx, tuple(without)), find_countries(ctx, tuple(own))
    if stray := [code for code in theirs if code not in proposed]:
        raise NoOption("own", stray[0], (), f"{', '.join(stray)} is no proposed donor of this plan.")
    pool = {code: reasons for code, reasons in proposed.items() if code not in out}
    sure, tied = split_tie(pool) if iso3 else (tuple(pool), ())
    plan = Plan(
        method=method,
        outcome=metric.id,
        treated=treated,
        donors=sure,
        tied=tied,
        drawn=MAX_DONORS - len(sure) if tied else 0,
        other_models=tuple(code for code in theirs if code not in out),
        first=begin,
        last=end,
    )
    return EffectQuery(ctx, metric, opening, plan)


def fit_window(ctx: Context, outcome: str, first: int | None, last: int | None) -> tuple[int | None, int | None]:
    """Return the years of a window that the outcome has figures of, None for those outside.

    Both are None where what is left, with what is proposed beside it, would end before it begins.

    Raises:
        Unknown: no such indicator.
    """
    figures = load_figures(ctx, find_metric(ctx, outcome))
    years = [year for line in figures.values.values() for year in line]
    first, last = (year if year and years and min(years) <= year <= max(years) else None for year in (first, last))
    return (first, last) if (first or figures.first) <= (last or figures.last) else (None, None)


def build_outcome(query: EffectQuery) -> Outcome:
    """Return the figures that the plan takes, with what the catalogue says of them."""
    figures, plan = load_figures(query.ctx, query.metric), query.plan
    units = {*plan.donors, *plan.tied, *(unit.country for unit in plan.treated)}
    years = range(plan.first, plan.last + 1)

    def cut(panel: Any) -> dict[str, dict[int, float]]:
        return {unit: {year: panel[unit][year] for year in years if year in panel.get(unit, {})} for unit in units}

    dated = bool(plan.treated) and all(unit.year for unit in plan.treated)
    return Outcome(
        panel=cut(figures.values),
        tied=is_tied_to_model(query.metric),
        independent=is_independent(query.metric),
        derivable=may_be_derived(query.metric),
        breaks=query.metric.break_years if query.metric.line else tuple(years)[1:],
        errors=cut(figures.errors) if figures.errors else None,
        with_errors=query.metric.has_published_errors or bool(figures.errors),
        precision=query.event.precision if query.event and dated else "year",
        dated=dated,
        disputed=query.event is not None and query.event.disputed,
    )


def propose_donors(ctx: Context, figures: Figures, treated: str, first: int, last: int) -> dict[str, list[str]]:
    """Return ISO3 → reasons, of countries without adoption whose figures are complete.

    The years are those the treated country has; without one (group-time effects), every year of the window. Those with
    most reasons first; of one country ``MAX_DONORS``, and all that have as many reasons as the last of them. The
    outcome's values play no part.
    """
    wanted = [year for year in range(first, last + 1) if not treated or year in figures.values.get(treated, {})]
    focus = ctx.book.countries.get(treated)
    candidates = {
        iso3: _list_reasons(focus, ctx.book.countries[iso3])
        for iso3, line in figures.values.items()
        if iso3 in ctx.book.countries
        and ctx.book.countries[iso3].m49_area
        and find_adoption(ctx, iso3).status == "no_record"
        and iso3 != treated
        and wanted
        and all(year in line for year in wanted)
    }
    ranked = sorted(candidates, key=lambda iso3: (-len(candidates[iso3]), iso3))
    last = len(candidates[ranked[MAX_DONORS - 1]]) if treated and len(ranked) > MAX_DONORS else 0
    return {iso3: candidates[iso3] for iso3 in ranked if len(candidates[iso3]) >= last}


def split_tie(pool: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the donors for sure, and those equally near of which some must be drawn.

    Where there are more than ``MAX_DONORS``, those with fewest reasons are the ones to draw from.
    """
    if len(pool) <= MAX_DONORS:
        return tuple(pool), ()
    least = min(map(len, pool.values()))
    return tuple(iso3 for iso3 in pool if len(pool[iso3]) > least), tuple(
        iso3 for iso3 in pool if len(pool[iso3]) == least
    )


def load_figures(ctx: Context, metric: Metric) -> Figures:
    """Return the national totals of the edition that covers most figures of adopters, then most of all.

    Figures of others are in none of the lines, nor claims without a method. Of editions that hold as many: the one with
    the latest year, then the last that came.
    """
    return _load_edition(ctx.timeless, metric.id)


@kept(16)
def _load_edition(ctx: Context, metric: str) -> Figures:
    rows = (
        ctx.dataset.rows(metric)
        .filter(pl.col("primary"), pl.col("dimensions") == "{}", pl.col("value").is_finite(), pl.col("year") > 0)
        .filter(is_in_line() if ctx.book.metrics[metric].line else pl.lit(value=True))
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
    edition_key = ("source", "series", "unit", "edition")
    if rows.is_empty():
        return Figures(MappingProxyType({}), MappingProxyType({}), "", 0, 0)
    newest = ("adopters", "len", "year", "retrieved_at", "edition")
    adopters = [iso3 for iso3 in ctx.book.countries if find_adoption(ctx, iso3).status != "no_record"]
    adopted = pl.col("country").is_in(adopters).sum().alias("adopters")
    sizes = rows.group_by(edition_key).agg(adopted, pl.len(), pl.col("year", "retrieved_at").max())
    most = sizes.sort(*newest, "source", "series", "unit").row(-1, named=True)
    rows = rows.filter(*(pl.col(name) == most[name] for name in edition_key)).unique(["country", "year"], keep="last")
    values: dict[str, dict[int, float]] = {}
    errors: dict[str, dict[int, float]] = {}
    for row in rows.sort("country", "year").iter_rows(named=True):
        values.setdefault(row["country"], {})[row["year"]] = row["value"]
        if row["error"] is not None:
            errors.setdefault(row["country"], {})[row["year"]] = row["error"]
    per_year = dict(rows.group_by("year").len().rows())
    enough = MIN_SHARE_OF_COUNTRIES * max(per_year.values())
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


def _treat(iso3: str, opening: AdoptionEvent) -> Treated:
    return Treated(iso3, opening.id, find_first_year_after(opening) or 0)


def find_first_year_after(event: AdoptionEvent) -> int | None:
    """Return the first year after an event: its own, or the next if it lies in the last quarter."""
    if not event.date or event.precision not in ("day", "month", "year"):
        return None
    late = event.precision != "year" and int(event.date[5:7]) >= LAST_QUARTER
    return int(event.date[:4]) + late


def _list_reasons(focus: Country | None, other: Country) -> list[str]:
    if focus is None:
        return ["complete"]
    reasons = [
        ("subregion", bool(focus.subregion) and focus.subregion == other.subregion),
        ("region", bool(focus.region) and focus.region == other.region and focus.subregion != other.subregion),
        ("income", bool(focus.income) and focus.income == other.income),
    ]
    return ["complete", *(reason for reason, holds in reasons if holds)]
