"""From a choice to a plan: which figures it takes, from when to when, whom it is compared with, and since when."""

from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from dashboard.analysis.measures.effects.plan import Treated
from dashboard.analysis.measures.effects.study import foresee_admission, run_study
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.effects import query
from dashboard.answers.effects.query import (
    METHODS,
    Figures,
    ask_plan,
    build_outcome,
    find_opening,
    fit_window,
    load_figures,
    propose_country,
    propose_donors,
)

pytestmark = pytest.mark.usefixtures("embedded")

ROW = {
    "indicator": "wgi_ge", "country": "UZB", "year": 2010, "value": 1.0, "std_error": None, "lower": None,
    "upper": None, "interval_level": None, "source": "a", "series": "s", "unit": "score", "edition": "2024",
    "primary": True, "dimensions": "{}", "retrieved_at": datetime(2026, 1, 1, tzinfo=UTC),
}  # fmt: skip

FLOATS = dict.fromkeys(("value", "std_error", "lower", "upper", "interval_level"), pl.Float64)


def holding(*rows: dict[str, Any]) -> Context:
    """A dataset of these rows alone."""
    frame = pl.DataFrame([ROW | row for row in rows], schema_overrides=FLOATS)
    dataset = SimpleNamespace(
        version=str(frame.hash_rows().sum()), vintage=1, created_at=datetime(2026, 1, 1, tzinfo=UTC),
        rows=lambda _: frame.lazy(), indicators=lambda: {"wgi_ge"},
    )  # fmt: skip
    return replace(open_context(), dataset=cast(Any, dataset))


def over(**years: tuple[int, ...]) -> list[dict[str, Any]]:
    return [{"country": country, "year": year} for country, own in years.items() for year in own]


@pytest.mark.parametrize(
    ("held", "window"),
    [
        # of four countries half is two: 2011 to 2015
        (over(UZB=(*range(2010, 2017),), TJK=(*range(2011, 2016),), KAZ=(2012, 2014), GEO=(2012, 2013, 2014)),
         (2011, 2015)),
        (over(UZB=(2010, 2011, 2013, 2014), TJK=(2010, 2011, 2013, 2014)), (2013, 2014)),  # a gap ends it
        (over(UZB=(2010, 2012), TJK=(2012,), KAZ=(2012,)), (2012, 2012)),
    ],
)  # fmt: skip
def test_the_window_is_the_latest_run_of_years_in_which_half_of_the_countries_have_a_figure(
    held: list[dict[str, Any]], window: tuple[int, int]
) -> None:
    ctx = holding(*held)
    found = load_figures(ctx, ctx.book.metrics["wgi_ge"])
    assert (found.first, found.last) == window


def test_figures_are_the_national_totals_of_the_largest_edition() -> None:
    ctx = holding(
        {"value": 0.5, "std_error": 0.1}, {"year": 2011, "value": 0.6}, {"year": 2012, "edition": "2023"},
        {"year": 2013, "primary": False}, {"year": 2014, "dimensions": '{"Sex":"MALE"}'}, {"year": 2015, "value": None},
        {"year": 2016, "value": float("nan")}, {"year": 0},
    )  # fmt: skip
    found = load_figures(ctx, ctx.book.metrics["wgi_ge"])
    assert dict(found.values) == {"UZB": {2010: 0.5, 2011: 0.6}}
    assert dict(found.errors) == {"UZB": {2010: 0.1}}
    assert found.edition == "2024"
    nothing = holding({"value": None})
    assert load_figures(nothing, nothing.book.metrics["wgi_ge"]).values == {}


def test_donors_have_every_year_of_the_treated_country_and_those_most_like_it_come_first() -> None:
    """Tajikistan shares region and income with Uzbekistan, Kazakhstan the region, Iran the continent."""
    years = dict.fromkeys(range(2010, 2015), 1.0)
    without = {year: 1.0 for year in years if year != 2012}
    lines = dict.fromkeys(("DEU", "IRN", "KAZ", "TJK", "UZB", "KGZ", "XKX"), years) | {"GEO": without, "TKM": without}
    figures = Figures(MappingProxyType(lines), MappingProxyType({}), "", 2010, 2014)
    ctx = open_context()
    found = propose_donors(ctx, figures, "UZB", 2010, 2014)
    assert list(found.items()) == [
        ("TJK", ["complete", "subregion", "income"]), ("IRN", ["complete", "region"]),
        ("KAZ", ["complete", "subregion"]), ("DEU", ["complete"]),
    ]  # fmt: skip
    assert set(propose_donors(ctx, figures, "UZB", 2013, 2014)) == {*found, "GEO", "TKM"}
    assert set(propose_donors(ctx, figures, "UZB", 2011, 2012)) == set(found), "the last year counts too"
    gap = replace(figures, values=MappingProxyType(lines | {"UZB": without}))
    assert set(propose_donors(ctx, gap, "UZB", 2010, 2014)) == {*found, "GEO", "TKM"}, (
        "what the country lacks, nobody needs"
    )
    assert propose_donors(ctx, figures, "UZB", 2020, 2024) == {}
    assert propose_donors(ctx, figures, "", 2010, 2014) == {iso3: ["complete"] for iso3 in ("DEU", "IRN", "KAZ", "TJK")}


def test_one_country_has_forty_donors_at_most_and_a_group_all_of_them(ctx: Context) -> None:
    alone, group = (ask_plan(ctx, *asked).plan for asked in ((METHODS[0], "wgi_ge", "AFG"), (METHODS[1], "wgi_ge")))
    assert len(alone.donors) + alone.drawn == 40
    assert len(group.donors) > 100


def test_treatment_begins_when_a_first_centre_opened_and_with_nothing_else(ctx: Context) -> None:
    """A memorandum, a decree, an announced pilot and an opening without a date begin nothing; the origin is none of
    those who adopted."""
    opened = {iso3: (it.id, it.date) for iso3 in query.list_treatable(ctx) if (it := find_opening(ctx, iso3))}
    assert opened == {
        "AFG": ("AFG-02", "2019-01"), "AZE": ("AZE-01", "2012-12"), "ETH": ("ETH-02", "2025-04"),
        "PAK": ("PAK-02", "2026-01-14"),
    }  # fmt: skip
    treated = ask_plan(ctx, "callaway_santanna", "wgi_ge").plan.treated
    assert {it.country: (it.event, it.year) for it in treated} == {
        "AFG": ("AFG-02", 2019), "ETH": ("ETH-02", 2025), "PAK": ("PAK-02", 2026),
    }  # fmt: skip
    with pytest.raises(Invalid, match="name none, or take synthetic_control"):
        ask_plan(ctx, "callaway_santanna", "wgi_ge", "AZE")


@pytest.mark.parametrize("iso3", ["IDN", "UZB", "MNE", "MAR", "UGA", "DEU"])
def test_a_country_without_a_dated_opening_is_refused_for_that_reason_alone(iso3: str) -> None:
    asked = ask_plan(open_context(), "synthetic_control", "wgi_ge", iso3)
    assert asked.plan.treated == (Treated(iso3, "", 0),)
    found = run_study(asked.plan, build_outcome(asked))
    assert (found["verdict"], found["reasons"], found["estimate"]) == ("not_identifiable", ["no_treatment_date"], None)


@pytest.mark.parametrize("outcome", ["gdp_per_capita", "secondary_enrolment", "women_parliament", "wgi_pv"])
def test_an_outcome_that_no_theory_ties_to_the_model_is_refused_and_on_no_list(outcome: str, ctx: Context) -> None:
    assert outcome not in {metric.id for metric in query.list_outcomes(ctx)}
    assert outcome in {metric.id for metric in query.list_quantities(ctx)}
    asked = ask_plan(ctx, "synthetic_control", outcome, "AZE")
    assert run_study(asked.plan, build_outcome(asked))["reasons"][0] == "outcome_without_theory"


def test_equally_near_countries_are_all_candidates_and_as_many_are_drawn_as_there_is_room_for() -> None:
    nearest = {f"A{n}": ["complete", "region", "income"] for n in range(15)}
    near = {f"B{n:02}": ["complete", "region"] for n in range(30)}
    assert query.split_tie(nearest | near) == (tuple(nearest), tuple(near))
    fewer = dict(list(near.items())[:25])
    assert query.split_tie(nearest | fewer) == ((*nearest, *fewer), ()), "exactly forty need no draw"
    years = dict.fromkeys(range(2010, 2015), 1.0)
    ctx = open_context()
    lines = dict.fromkeys(ctx.book.countries, years)
    found = propose_donors(
        ctx, Figures(MappingProxyType(lines), MappingProxyType({}), "", 2010, 2014), "UZB", 2010, 2014
    )
    counts = [len(reasons) for reasons in found.values()]
    assert counts == sorted(counts, reverse=True)
    assert counts.count(counts[-1]) > 40 - sum(count > counts[-1] for count in counts) > 0
    plan = ask_plan(ctx, METHODS[0], "wgi_ge", "UZB").plan
    assert len(plan.donors) + plan.drawn == 40
    figures = load_figures(ctx, ctx.book.metrics["wgi_ge"])
    proposed = propose_donors(ctx, figures, "UZB", plan.first, plan.last)
    assert len({len(proposed[iso3]) for iso3 in plan.tied}) == 1


def test_an_outcome_has_the_figures_of_its_units_in_its_window_and_says_what_they_are(ctx: Context) -> None:
    asked = ask_plan(ctx, "synthetic_control", "wgi_ge", "AFG", first=2010, last=2012)
    figures, outcome = load_figures(ctx, asked.metric), build_outcome(asked)
    assert outcome.panel == {
        unit: {year: figures.values[unit][year] for year in (2010, 2011, 2012) if year in figures.values[unit]}
        for unit in ("AFG", *asked.plan.donors, *asked.plan.tied)
    }
    assert (outcome.dated, outcome.precision, outcome.independent) == (True, "month", True)
    assert (outcome.with_errors, outcome.errors, outcome.breaks) == (True, None, asked.metric.break_years)
    with_errors = holding(*over(UZB=(2010, 2011)), {"country": "AFG", "std_error": 0.2})
    known = build_outcome(ask_plan(with_errors, "synthetic_control", "wgi_ge", "AFG", first=2010, last=2010))
    assert (known.with_errors, known.errors) == (True, {"AFG": {2010: 0.2}})
    counted = ask_plan(ctx, "synthetic_control", "internet_users", "AFG")
    assert (build_outcome(counted).with_errors, build_outcome(counted).errors) == (False, None)
    apart = replace(asked, metric=replace(asked.metric, line=False))
    assert build_outcome(apart).breaks == (2011, 2012), "surveys that stand alone break every year"
    group = build_outcome(ask_plan(ctx, "callaway_santanna", "wgi_ge"))
    assert (group.dated, group.precision) == (True, "year")


def test_an_edition_without_the_errors_that_its_publisher_has_is_not_taken_for_exact_figures() -> None:
    """The copy of the WGI's 2025 edition has none: by how much Azerbaijan differs nobody can tell."""
    asked = ask_plan(open_context(), "synthetic_control", "wgi_ge", "AZE")
    found = run_study(asked.plan, build_outcome(asked))
    assert found["p"] is not None
    assert found["doubts"] == ["errors_not_published"]


def test_where_only_the_90_per_cent_interval_is_published_the_error_is_the_one_that_makes_it() -> None:
    bounds = {"lower": 53.55, "upper": 86.45}
    ctx = holding(
        {"value": 70.0, "interval_level": 90.0, **bounds}, {"year": 2011, "interval_level": 95.0, **bounds},
        {"year": 2012, "interval_level": 90.0, "std_error": 3.0, **bounds}, {"year": 2013},
    )  # fmt: skip
    errors = load_figures(ctx, ctx.book.metrics["wgi_ge"]).errors["UZB"]
    assert errors == {2010: pytest.approx(10.0), 2012: 3.0}


@pytest.mark.parametrize(
    "newer",
    [
        {"year": 2011, "edition": "2022"},
        {"edition": "2022", "retrieved_at": datetime(2026, 2, 1, tzinfo=UTC)},
        {"edition": "2025"},
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_of_editions_with_as_many_figures_the_newest_is_taken(newer: dict[str, Any], order: int) -> None:
    """By its latest year, else by the day it came, else by its name; it was the first of the alphabet."""
    ctx = holding(*[{"value": 1.0}, {"value": 2.0, **newer}][::order])
    found = load_figures(ctx, ctx.book.metrics["wgi_ge"])
    assert (found.edition, dict(found.values)) == (newer["edition"], {"UZB": {newer.get("year", 2010): 2.0}})


def test_a_window_may_be_one_year_and_cannot_end_before_it_begins() -> None:
    plan = ask_plan(open_context(), "synthetic_control", "wgi_ge", "AFG", first=2010, last=2010).plan
    assert (plan.first, plan.last) == (2010, 2010)
    with pytest.raises(Invalid, match="ends in 2009"):
        ask_plan(open_context(), "synthetic_control", "wgi_ge", "AFG", first=2010, last=2009)


def test_years_that_an_outcome_has_no_figures_of_are_no_part_of_a_window() -> None:
    """Two countries have figures of 2011 to 2014, the window that is proposed; one has them from 2008 to 2017."""
    ctx = holding(*over(UZB=(*range(2008, 2018),), TJK=(*range(2011, 2015),), KAZ=(*range(2011, 2015),)))
    for asked, usable in (
        ((2008, 2017), (2008, 2017)), ((None, None), (None, None)), ((2012, None), (2012, None)),
        ((2007, 2013), (None, 2013)), ((2012, 2018), (2012, None)), ((2018, 2020), (None, None)),
        ((2016, None), (None, None)), ((None, 2009), (None, None)), ((2016, 2018), (None, None)),
    ):  # fmt: skip
        assert fit_window(ctx, "wgi_ge", *asked) == usable, asked
        ask_plan(ctx, "synthetic_control", "wgi_ge", "AFG", first=usable[0], last=usable[1])
    nothing = holding({"value": None})
    assert fit_window(nothing, "wgi_ge", 2010, 2012) == (None, None)
    with pytest.raises(Invalid, match="no figures of wgi_ge"):
        ask_plan(nothing, "synthetic_control", "wgi_ge", "AFG", first=2010)


def test_the_country_proposed_can_be_admitted_and_has_most_years_since(ctx: Context) -> None:
    admitted = {}
    for iso3 in query.list_treatable(ctx):
        asked = ask_plan(ctx, "synthetic_control", "wgi_ge", iso3)
        found, years = foresee_admission(asked.plan, build_outcome(asked))
        if not found.reasons:
            admitted[iso3] = years
    assert admitted[propose_country(ctx, "wgi_ge")] == max(admitted.values())
    assert propose_country(holding({}), "wgi_ge") == "AFG", "where none can, the first by name"


@pytest.mark.parametrize(
    ("date", "precision", "year"),
    [
        ("2012-12-29", "day", 2013),
        ("2012-12", "month", 2013),
        ("2012-10", "month", 2013),
        ("2012-10-01", "day", 2013),
        ("2012-09-30", "day", 2012),
        ("2012-01", "month", 2012),
        ("2012", "year", 2012),
        ("2012-12", "unknown", None),
        ("", "unknown", None),
    ],
)
def test_an_event_of_the_last_quarter_leaves_its_own_year_before_it(
    date: str, precision: str, year: int | None
) -> None:
    assert query.find_first_year_after(cast(Any, SimpleNamespace(date=date, precision=precision))) == year


@pytest.mark.usefixtures("embedded")
def test_azerbaijan_opened_in_december_2012_so_that_2013_is_the_first_year_after() -> None:
    asked = query.ask_plan(open_context(), "synthetic_control", "wgi_ge", "AZE")
    assert (asked.event.date[:7] if asked.event else "", [it.year for it in asked.plan.treated]) == ("2012-12", [2013])
