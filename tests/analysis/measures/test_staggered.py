"""Adopters of different years: group-time effects, their event study, and the lots they are placed among."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.measures.effects.admission import AdmissionFacts, decide_admission
from dashboard.analysis.measures.effects.plan import Plan, Treated
from dashboard.analysis.measures.effects.result import Outcome
from dashboard.analysis.measures.effects.staggered import (
    Effect,
    estimate_event_mean,
    estimate_staggered,
    randomise_adoption,
)
from dashboard.analysis.measures.effects.study import run_study
from tests.analysis.measures.adoption import exact_adopters


@given(st.floats(-100, 100))
@settings(max_examples=5)
def test_a_constant_added_to_all_leaves_staggered_effects(shift):
    panel, adopted = exact_adopters()
    moved = {unit: {year: value + shift for year, value in line.items()} for unit, line in panel.items()}
    assert estimate_staggered(moved, adopted).event_mean == pytest.approx(estimate_staggered(panel, adopted).event_mean)


def test_staggered_plans_say_the_pre_trend_and_are_placed_among_lots():
    panel, adopted = exact_adopters()
    treated = tuple(Treated(unit, "e", year) for unit, year in adopted.items())
    donors = tuple(unit for unit in panel if unit not in adopted)
    base = Plan("callaway_santanna", "x", treated, donors, (), 2015, 2024)
    found = run_study(base, Outcome(panel, independent=True))
    assert found["verdict"] == "consistent_with_effect"
    assert found["p"] == found["floor"] == 1 / 999
    assert [row["time"] for row in found["event_study"]] == list(range(-5, 6))
    assert found["pre_p"] == 1.0
    few = run_study(replace(base, treated=treated[:2]), Outcome(panel, independent=True))
    assert (few["reasons"], few["estimate"], few["event_study"]) == (["too_few_treated"], None, [])


def test_a_trend_before_adoption_cannot_be_told():
    panel, adopted = exact_adopters()
    for unit in adopted:
        panel[unit] = {year: value + 3 * (year - 2015) for year, value in panel[unit].items()}
    treated = tuple(Treated(unit, "e", year) for unit, year in adopted.items())
    donors = tuple(unit for unit in panel if unit not in adopted)
    found = run_study(Plan("callaway_santanna", "x", treated, donors, (), 2015, 2024), Outcome(panel, independent=True))
    assert (found["verdict"], found["doubts"]) == ("cannot_tell", ["pre_trend"])


def test_the_mean_that_lots_are_compared_with_is_the_estimate():
    lots = random.Random(2)
    panel, adopted = exact_adopters()
    noisy = {unit: {year: value + lots.gauss(0, 1) for year, value in line.items()} for unit, line in panel.items()}
    assert randomise_adoption(noisy, adopted, seed=1, draws=50) == randomise_adoption(noisy, adopted, seed=1, draws=50)
    assert estimate_event_mean(noisy, adopted) == pytest.approx(estimate_staggered(noisy, adopted).event_mean)


def test_what_staggered_adoption_needs():
    enough = {"treated": 3, "controls": 10, "pre": 3, "post": 2, "relative_fit": 9.0}
    assert decide_admission(AdmissionFacts("callaway_santanna", **enough)).reasons == ()
    for name, reason in (("treated", "too_few_treated"), ("controls", "too_few_controls"),
    ("pre", "too_few_pre_points"),
                         ("post", "too_few_post_points")):  # fmt: skip
        assert decide_admission(AdmissionFacts("callaway_santanna", **(enough | {name: enough[name] - 1}))).reasons == (
            reason,
        )


def staggered_plan(panel, adopted, **changes):
    treated = tuple(Treated(unit, "e", year) for unit, year in adopted.items())
    base = Plan("callaway_santanna", "x", treated, tuple(unit for unit in panel if unit not in adopted), (), 2015, 2024)
    return replace(base, **changes)


@pytest.mark.parametrize(
    ("changes", "reasons", "counts"),
    [
        ({"last": 2021}, ["too_few_post_points"], (4, 1, 12, 3)),
        ({"first": 2017}, ["too_few_pre_points"], (2, 4, 12, 3)),
        ({"last": 2020}, ["too_few_treated"], (4, 2, 12, 2)),
        ({"first": 2019}, ["too_few_treated", "too_few_pre_points"], (2, 4, 12, 1)),
        ({"donors": tuple(map(str, range(3, 12)))}, ["too_few_controls"], (4, 4, 9, 3)),
    ],
)  # fmt: skip
def test_years_before_the_first_and_after_the_last_adoption_are_counted(changes, reasons, counts):
    panel, adopted = exact_adopters()
    found = run_study(staggered_plan(panel, adopted, **changes), Outcome(panel, independent=True))
    assert (found["reasons"], tuple(found["counts"].values())) == (reasons, counts)
    gone = [
        unit for unit, year in adopted.items() if not changes.get("first", 2015) < year <= changes.get("last", 2024)
    ]
    assert found["left_out"] == gone


def test_donors_with_a_model_of_their_own_are_in_one_of_two_estimates_and_not_silently_left_out():
    panel, adopted = exact_adopters()
    donors = [unit for unit in panel if unit not in adopted]
    own = donors[-2:]
    steps = []
    outcome = Outcome(panel, independent=True)
    found = run_study(staggered_plan(panel, adopted, other_models=tuple(own)), outcome, lambda *at: steps.append(at))
    whole, fewer = found["sets"]
    assert (whole["donors"], fewer["donors"]) == (sorted(donors), sorted(set(donors) - set(own)))
    assert (found["left_out"], found["estimate"], found["p"]) == ([], whole["att"], whole["p"])
    held = {unit: line for unit, line in panel.items() if unit not in own}
    assert fewer["att"] == pytest.approx(estimate_staggered(held, adopted).event_mean)
    assert fewer["p"] == randomise_adoption(held, adopted, seed=20261124).p
    assert (steps[-1], found["doubts"]) == ((2 * 998, 2 * 998), [])
    alone = run_study(staggered_plan(panel, adopted), outcome)
    assert (alone["sets"], alone["estimate"]) == ([whole], found["estimate"])


def test_group_time_effects_that_one_donor_set_denies_cannot_be_told():
    """Two countries with a model of their own leapt ahead: beside them the adopters do not stand out."""
    panel, adopted = exact_adopters()
    for unit in ("3", "4"):
        panel[unit] = {year: value + (500.0 if year >= 2019 else 0.0) for year, value in panel[unit].items()}
    found = run_study(staggered_plan(panel, adopted, other_models=("3", "4")), Outcome(panel, independent=True))
    assert found["sets"][0]["p"] > 0.10 >= found["sets"][1]["p"]
    assert (found["verdict"], "donor_sets_disagree" in found["doubts"]) == ("cannot_tell", True)


def test_a_set_of_too_few_donors_says_so_and_leaves_the_estimate_of_all():
    panel, adopted = exact_adopters()
    found = run_study(staggered_plan(panel, adopted, other_models=("3", "4", "5")), Outcome(panel, independent=True))
    whole, fewer = found["sets"]
    assert (len(whole["donors"]), len(fewer["donors"])) == (12, 9)
    assert (fewer["reasons"], fewer["att"], fewer["p"]) == (["too_few_controls"], None, None)
    assert (found["verdict"], found["counts"]["donors"]) == ("consistent_with_effect", 12)


def test_group_time_effects_within_the_errors_of_the_figures_cannot_be_told_and_draws_repeat():
    """They were called consistent with an effect whatever the published errors, or the want of them."""
    panel, adopted = exact_adopters()
    plan, seen = staggered_plan(panel, adopted), []

    def found(error, **changes):
        errors = {unit: dict.fromkeys(line, error) for unit, line in panel.items()} | changes
        return run_study(
            plan, Outcome(panel, independent=True, errors=errors, with_errors=True), lambda *at: seen.append(at)
        )

    wide, narrow, one_lacks = found(40.0), found(0.01), found(0.01, **{"7": {}})
    low, high = wide["error_interval"]
    assert low < 0 < high
    assert (wide["verdict"], wide["doubts"]) == ("cannot_tell", ["within_error_of_figures"])
    assert found(40.0) == wide
    assert set(seen) == {(done, 1098) for done in range(1, 1099)}
    assert (narrow["verdict"], narrow["doubts"]) == ("consistent_with_effect", [])
    assert narrow["error_interval"] == pytest.approx([narrow["estimate"]] * 2, abs=0.02)
    for unknown in (one_lacks, run_study(plan, Outcome(panel, independent=True, with_errors=True))):
        assert (unknown["verdict"], unknown["doubts"]) == ("cannot_tell", ["errors_not_published"])
        assert unknown["error_interval"] is None
        assert unknown["estimate"] == wide["estimate"]


def test_lots_are_compared_by_the_means_after_and_before_adoption():
    """Of four units one adopts; a lot gives it another one's line: as far out is only its own, one of four places."""
    panel = {
        name: {2000 + at: float(slope * at * at) for at in range(6)}
        for name, slope in zip("ABCD", (9, 1, 0, 2), strict=True)
    }
    found = randomise_adoption(panel, {"A": 2003}, seed=3, draws=2000)
    assert (found.p, found.pre_p) == (pytest.approx(0.25, abs=0.04), pytest.approx(0.25, abs=0.04))
    quiet = randomise_adoption(
        panel, {"D": 2003}, seed=3, draws=2000
    )  # between the others: all lie as far out or further
    assert quiet.p > 0.4
    assert randomise_adoption(panel, {"A": 2001}, seed=3, draws=9).pre_p is None


def test_an_interval_of_an_effect_is_of_the_normal_distribution():
    assert Effect(2.0, None).interval is None
    assert Effect(2.0, 0.5).interval == pytest.approx((2 - 0.979982, 2 + 0.979982))


@pytest.mark.parametrize(
    ("panel", "adopted"),
    [
        ({"A": {1: 0.0, 2: 0.0}, "B": {1: 0.0}}, {"A": 2}), ({"A": {1: 0.0, 2: 0.0}}, {"A": 2}),
        ({"A": {1: 0.0, 2: 0.0}}, {}),
        ({"A": {1: 0.0, 2: 0.0}, "B": {1: 0.0, 2: 0.0}}, {"A": 1}),
        ({"A": {1: 0.0, 2: 0.0}, "B": {1: 0.0, 2: 0.0}}, {"A": 3}),
    ],
)  # fmt: skip
def test_panels_that_cannot_be_compared_are_refused(panel, adopted):
    for estimate in (estimate_staggered, lambda *told: randomise_adoption(*told, seed=1)):
        with pytest.raises(ValueError, match=r"same years|nobody adopts|outside the years"):
            estimate(panel, adopted)


def test_the_effects_of_a_result_are_those_of_the_estimate_in_order():
    panel, adopted = exact_adopters()
    del panel["7"][2024]
    seen = []
    found = run_study(staggered_plan(panel, adopted), Outcome(panel, independent=True), lambda *at: seen.append(at))
    kept = {unit: line for unit, line in panel.items() if unit != "7"}
    estimate = estimate_staggered(kept, adopted)
    assert (found["left_out"], found["estimate"], found["floor"]) == (["7"], estimate.event_mean, 1 / 999)
    assert [(row["group"], row["time"], row["value"]) for row in found["group_time"]] == [
        (*cell, effect.value) for cell, effect in sorted(estimate.by_group_year.items())
    ]
    assert [row["time"] for row in found["event_study"]] == sorted(estimate.by_event_time)
    assert (seen[0], seen[-1], len(seen)) == ((1, 998), (998, 998), 999)
