"""A plan is carried out the same way for everybody, refuses with all its reasons, and never says more than it knows."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.measures.effects.admission import AdmissionFacts, decide_admission
from dashboard.analysis.measures.effects.plan import Plan, Treated, hash_plan
from dashboard.analysis.measures.effects.result import Outcome
from dashboard.analysis.measures.effects.study import foresee_admission, run_study
from dashboard.analysis.measures.effects.synthetic import (
    fit,
    fit_earlier_adoption,
    leave_one_out,
    place_among_donors,
    scale_fit,
)
from dashboard.analysis.measures.effects.verdict import judge_effect
from tests.analysis.measures.adoption import exact_donors
from tests.checks import all_of

YEARS = range(2000, 2021)
PRE, POST = range(2000, 2012), range(2012, 2021)


def walks(units: int, seed: int = 1, jump: float = 0.0) -> dict[str, dict[int, float]]:
    """Random walks that share a trend; the first one, ``T``, changes by ``jump`` in 2012."""
    lots = random.Random(seed)
    panel = {}
    for at in range(units):
        level, name = lots.gauss(50, 10), "T" if at == 0 else f"D{at:02}"
        panel[name] = {}
        for year in YEARS:
            level += 0.4 + lots.gauss(0, 0.3)
            panel[name][year] = level + (jump if name == "T" and year >= 2012 else 0)
    if units > 2:  # so that the treated one can be matched
        panel["T"] = {
            year: (panel["D01"][year] + panel["D02"][year]) / 2 + lots.gauss(0, 0.1) + (jump if year >= 2012 else 0)
            for year in YEARS
        }
    return panel


def plan(panel, **changes):
    donors = tuple(name for name in panel if name != "T")
    base = Plan("synthetic_control", "x", (Treated("T", "event", 2012),), donors, (), 2000, 2020)
    return replace(base, **changes)


def asked(panel, **changes):
    told = {name: changes.pop(name) for name in ("errors", "independent", "breaks", "with_errors") if name in changes}
    return run_study(plan(panel, **changes), Outcome(panel, **({"independent": True} | told)))


@given(st.permutations("ABCD"))
@settings(max_examples=3)
def test_the_order_of_donors_does_not_matter(order):
    panel = exact_donors()
    assert fit(panel, "T", order, PRE, POST) == fit(panel, "T", "ABCD", PRE, POST)
    base = plan(panel, donors=tuple("ABCD"))
    assert hash_plan(replace(base, donors=tuple(order))) == hash_plan(base)


@given(st.floats(-500, 500), st.floats(0.01, 100))
@settings(max_examples=12)
def test_a_constant_added_to_all_and_another_unit_change_nothing_but_the_unit(shift, factor):
    panel = walks(8, jump=3)
    moved = {unit: {year: factor * value + shift for year, value in line.items()} for unit, line in panel.items()}
    donors = [name for name in panel if name != "T"]
    one, other = fit(panel, "T", donors, PRE, POST), fit(moved, "T", donors, PRE, POST)
    assert other.att == pytest.approx(factor * one.att, rel=0.02)
    assert other.weights == pytest.approx(one.weights, abs=0.01)


def test_weights_are_shares():
    panel = walks(20, seed=4)
    weights = fit(panel, "T", list(panel), PRE, POST).weights
    assert "T" not in weights
    assert sum(weights.values()) == pytest.approx(1)
    assert min(weights.values()) >= 0


def test_every_donor_is_a_placebo_and_none_is_compared_with_the_treated():
    panel = walks(12, jump=4)
    found = place_among_donors(panel, "T", list(panel), PRE, POST)
    assert set(found.ratios) == set(panel)
    hidden = {name: line for name, line in panel.items() if name != "T"}
    assert found.gaps["D05"] == fit(hidden, "D05", list(hidden), PRE, POST).gaps


def test_an_effect_that_stands_out_is_consistent_with_an_effect():
    found = asked(walks(12, jump=6))
    assert (found["verdict"], found["doubts"], found["sets"][0]["rank"]) == ("consistent_with_effect", [], 1)
    assert found["p"] == found["floor"] == 1 / 12
    assert found["estimate"] == pytest.approx(6, abs=1)
    assert abs(found["in_time"]["att"]) < 1
    assert set(found["left_one_out"]) <= set(found["weights"])


def test_no_effect_is_not_distinguishable():
    found = asked(walks(12, seed=3))
    assert found["verdict"] == "no_detectable_effect"
    assert found["p"] > 0.1


def test_a_second_set_of_donors_that_finds_the_same_casts_no_doubt():
    """An effect that both sets show would be called uncertain."""
    found = asked(walks(14, jump=6), other_models=("D01", "D02"))
    assert [len(one["donors"]) for one in found["sets"]] == [13, 11]
    assert [one["p"] for one in found["sets"]] == [1 / 14, 1 / 12]
    assert (found["verdict"], found["doubts"]) == ("consistent_with_effect", [])


def test_a_result_that_one_donor_set_denies_cannot_be_told():
    """Donors that adopted too jump as well: with them nothing stands out, and without them it does."""
    panel, others = walks(15, jump=6), ("D11", "D12", "D13", "D14")
    for name in others:
        panel[name] = {year: value + 40 * (year >= 2012) for year, value in panel[name].items()}
    found = asked(panel, other_models=others)
    with_them, without = (one["p"] for one in found["sets"])
    assert with_them > 0.1 > without == 1 / 11
    assert found["verdict"] == "cannot_tell"
    assert "donor_sets_disagree" in found["doubts"]


def test_figures_within_their_errors_cannot_be_told_and_draws_repeat():
    panel = walks(12, jump=6)
    wide = {unit: dict.fromkeys(line, 40.0) for unit, line in panel.items()}
    first, again = (asked(panel, errors=wide, with_errors=True) for _ in range(2))
    assert first == again
    low, high = first["error_interval"]
    assert low < 0 < high
    assert (first["verdict"], first["doubts"]) == ("cannot_tell", ["within_error_of_figures"])
    narrow = {unit: dict.fromkeys(line, 0.001) for unit, line in panel.items()}
    assert asked(panel, errors=narrow, with_errors=True)["verdict"] == "consistent_with_effect"


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"first": 2007}, ["too_few_pre_points"]),
        ({"last": 2013}, ["too_few_post_points"]),
        ({"donors": ("D01", "D02")}, ["too_few_donors"]),
        ({"independent": False, "breaks": (2010,)}, ["outcome_not_independent", "outcome_series_break"]),
        ({"treated": (Treated("T", "event", 2000),)}, ["no_pre_period"]),
        ({"treated": ()}, ["no_pre_period", "too_few_post_points", "too_few_donors"]),
    ],
)
def test_a_refusal_gives_every_reason_and_no_estimate(changes, reasons):
    found = asked(walks(20, jump=6), **changes)
    assert (found["verdict"], found["reasons"]) == ("not_identifiable", reasons)
    assert (found["estimate"], found["p"], found["path"], found["sets"]) == (None, None, [], [])


def test_a_poor_fit_shows_the_years_before_adoption_and_no_estimate():
    panel = walks(20)
    panel["T"] = {year: 500 + (year % 3) * 40.0 for year in YEARS}
    found = asked(panel)
    assert found["reasons"] == ["poor_pre_fit"]
    assert [line["year"] for line in found["path"]] == list(PRE)
    assert found["estimate"] is found["p"] is found["sets"][0]["att"] is None


def test_donors_with_missing_years_are_left_out_by_name():
    panel = walks(20)
    del panel["D07"][2005]
    found = asked(panel, last=2013)  # too few years afterwards: nothing is fitted
    assert (found["left_out"], found["counts"]["donors"]) == (["D07"], 18)


def test_a_run_can_be_followed_and_stopped():
    seen = []
    run_study(plan(walks(12)), Outcome(walks(12), independent=True), lambda done, of: seen.append((done, of)))
    assert seen[-1][0] == seen[-1][1]
    assert seen == sorted(seen)
    errors, drawn = {unit: dict.fromkeys(line, 0.01) for unit, line in walks(12).items()}, []
    run_study(plan(walks(12)), Outcome(walks(12), independent=True, errors=errors), lambda *told: drawn.append(told))
    assert len(drawn) - len(seen) == drawn[0][1] - seen[0][1] == 100  # one step for each draw

    def stop(done, of):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        run_study(plan(walks(12)), Outcome(walks(12), independent=True), stop)


@pytest.mark.parametrize(
    "change",
    [{"outcome": "y"}, {"last": 2019}, {"seed": 1}, {"other_models": ("D01",)}, {"edition": "x"}],
)
def test_a_plan_that_differs_has_another_name(change):
    base = plan(walks(12))
    assert hash_plan(replace(base, **change)) != hash_plan(base)


@pytest.mark.parametrize(
    "change", [{"first": 2030}, {"donors": ("T",)}, {"treated": (Treated("T", "a", 2012), Treated("T", "b", 2013))}]
)
def test_plans_without_sense_are_not_made(change):
    with pytest.raises(ValueError):  # noqa: PT011
        plan(walks(12), **change)


@pytest.mark.parametrize("seed", range(6))
def test_no_other_mix_of_donors_is_nearer(seed):
    """Weights are checked against moving a little weight to any single donor, on figures where a solver can stall."""
    panel = walks(41, seed=seed)
    panel["T"] = {year: value * (-1 if seed % 2 else 3) for year, value in panel["T"].items()}
    found = fit(panel, "T", list(panel), PRE, POST)

    def square(weights):
        return sum((panel["T"][year] - sum(w * panel[d][year] for d, w in weights.items())) ** 2 for year in PRE)

    best = square(found.weights)
    for donor in found.weights:
        moved = {name: 0.99 * weight + 0.01 * (name == donor) for name, weight in found.weights.items()}
        assert square(moved) >= best * 0.999 - 1e-6


@pytest.mark.parametrize(("misfit", "relative"), [(0.2, float("inf")), (0.0, 0.0)])
def test_donors_that_do_not_differ_make_every_misfit_endless(misfit: float, relative: float) -> None:
    panel = {name: {2010: 1.0, 2011: 3.0} for name in ("A", "B", "C")}
    assert scale_fit(panel, ["A", "B", "C"], [2010, 2011], misfit) == relative


def told(changes: dict[str, Any], panel: dict[str, dict[int, float]] | None = None, **outcome: Any) -> tuple[Any, ...]:
    panel = panel or walks(12)
    admitted, after = foresee_admission(plan(panel, **changes), Outcome(panel, **({"independent": True} | outcome)))
    return (*admitted.reasons, after)


@pytest.mark.parametrize(
    ("changes", "outcome", "expected"),
    [
        ({}, {}, (9,)), ({"first": 2004, "last": 2014}, {}, (3,)),  # eight years before and three after are enough
        ({"first": 2005}, {}, ("too_few_pre_points", 9)), ({"last": 2013}, {}, ("too_few_post_points", 2)),
        ({"first": 2012}, {}, ("no_pre_period", 9)), ({"last": 2011}, {}, ("too_few_post_points", 0)),
        ({"donors": tuple(f"D{at:02}" for at in range(1, 11))}, {}, (9,)),
        ({"donors": tuple(f"D{at:02}" for at in range(1, 10))}, {}, ("too_few_donors", 9)),
        ({"treated": (Treated("X", "e", 2012),)}, {}, ("no_pre_period", "too_few_post_points", "too_few_donors", 0)),
        ({}, {"dated": False}, ("no_treatment_date", 0)), ({}, {"tied": False}, ("outcome_without_theory", 9)),
        ({}, {"precision": "decade"}, ("treatment_date_not_precise", 9)), ({}, {"precision": "month"}, (9,)),
        ({}, {"independent": False}, ("outcome_not_independent", 9)),
        ({}, {"breaks": (2001,)}, ("outcome_series_break", 9)), ({}, {"breaks": (2020,)}, ("outcome_series_break", 9)),
        ({}, {"breaks": (2000, 2021)}, (9,)),
    ],
)  # fmt: skip
def test_what_a_plan_lacks_is_known_before_anything_is_fitted(changes, outcome, expected):
    assert told(changes, **outcome) == expected


def test_donors_without_a_year_of_the_treated_one_do_not_count():
    panel = walks(12)
    del panel["D03"][2000], panel["D04"][2020]
    assert told({}, panel) == ("too_few_donors", 9)
    assert told({"first": 2001}, panel) == (9,)
    del panel["T"][2020]
    assert told({}, panel) == (8,)


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({"relative_fit": 0.25}, ()), ({"relative_fit": 0.26}, ("poor_pre_fit",)),
        ({"relative_fit": 1e-4}, ()), ({"relative_fit": 0.99e-4}, ("perfect_pre_fit",)),
        ({"controls": 9}, ("too_few_donors",)),
        ({"controls": 10, "pre": 8, "post": 3}, ()),
        ({"pre": 7, "post": 2}, ("too_few_pre_points", "too_few_post_points")),
        ({"exists_before": False, "pre": 0}, ("no_pre_period",)),
        ({"dated": False, "precision": "decade"}, ("no_treatment_date",)),
        ({"treated": 0}, ("too_few_treated",)), ({"treated": 1}, ()),
    ],
)  # fmt: skip
def test_what_a_synthetic_control_needs(facts, reasons):
    assert decide_admission(AdmissionFacts("synthetic_control", **facts)).reasons == reasons


@pytest.mark.parametrize(
    ("ps", "doubts", "word"),
    [((0.1,), (), "consistent_with_effect"), ((0.11,), (), "no_detectable_effect"),
     ((0.1,), ("pre_trend",), "cannot_tell"), ((0.11,), ("pre_trend",), "no_detectable_effect"),
     ((0.11,), ("donor_sets_disagree",), "cannot_tell"), ((0.1, 0.02, 0.1), (), "consistent_with_effect"),
     ((0.1, 0.1, 0.11), (), "not_robust"), ((0.3, 0.4, 0.1), (), "not_robust"), ((0.1, None), (), "not_robust"),
     ((0.3, None), (), "no_detectable_effect"), ((0.1, 0.11), ("donor_sets_disagree",), "not_robust"),
     ((0.1, 0.1), ("donor_sets_disagree",), "cannot_tell")],
)  # fmt: skip
def test_a_p_of_a_tenth_stands_out_and_must_in_every_draw(ps, doubts, word):
    found = judge_effect(decide_admission(AdmissionFacts("synthetic_control")), ps, doubts)
    assert (found.word, found.doubts) == (word, doubts)


def test_draws_are_of_the_tied_alone_repeat_and_do_not_hang_on_an_order():
    base = plan(walks(41), donors=("D01", "D02"), tied=tuple(f"D{at:02}" for at in range(3, 33)), drawn=10)
    draws = base.draw_donors()
    assert len(draws) == 20
    assert {len(one) for one in draws} == {12}
    assert len({tuple(one) for one in draws}) == 20
    for one in draws:
        assert {"D01", "D02"} < set(one) <= {*base.donors, *base.tied}
        assert one == sorted(one)
    assert set().union(*draws) == {*base.donors, *base.tied}, "each of them is drawn at least once"
    assert replace(base, tied=base.tied[::-1]).draw_donors() == draws
    assert hash_plan(replace(base, tied=base.tied[::-1])) == hash_plan(base)
    assert replace(base, seed=1).draw_donors() != draws
    assert replace(base, drawn=30).draw_donors() == [sorted({*base.donors, *base.tied})], "all of them: no draw"
    assert replace(base, drawn=0).draw_donors() == [["D01", "D02"]]
    with pytest.raises(ValueError, match="more are drawn"):
        replace(base, drawn=31)
    with pytest.raises(ValueError, match="no donor"):
        replace(base, tied=("T",), drawn=1)


def test_an_answer_that_hangs_on_the_draw_is_not_robust_and_shows_the_draw_in_the_middle():
    """Twelve quiet countries, and as many that leave their course in 2012 farther than the treated one: where three of
    those are drawn its place is no longer among the first tenth."""
    panel = walks(25, jump=6)
    for at in range(13, 25):
        name = f"D{at:02}"
        panel[name] = {year: value + 40 * (year >= 2012) for year, value in panel[name].items()}
    sure, tied = tuple(f"D{at:02}" for at in range(1, 9)), tuple(f"D{at:02}" for at in range(9, 25))
    found = asked(panel, donors=sure, tied=tied, drawn=4)
    ps = [one["p"] for one in found["draws"]]
    assert min(ps) <= 0.1 < max(ps)
    assert (found["verdict"], len(ps)) == ("not_robust", 20)
    assert found["p"] == sorted(ps)[10]
    shown = found["draws"][found["shown_draw"] - 1]
    assert (shown["p"], shown["att"], shown["donors"]) == (found["p"], found["estimate"], found["sets"][0]["donors"])
    assert asked(panel, donors=sure, tied=tied[:4], drawn=4)["verdict"] == "consistent_with_effect", "no tie, no draw"


def test_a_perfect_fit_is_refused():
    panel = walks(12, jump=6)
    panel["T"] = {year: panel["D01"][year] + (year >= 2012) for year in YEARS}
    found = asked(panel)
    assert (found["verdict"], found["reasons"]) == ("not_identifiable", ["perfect_pre_fit"])
    assert found["estimate"] is found["p"] is None
    assert [line["year"] for line in found["path"]] == list(PRE)


def test_an_opening_that_sources_dispute_is_doubted():
    panel = walks(12, jump=6)
    found = run_study(plan(panel), Outcome(panel, independent=True, disputed=True))
    assert (found["verdict"], found["doubts"]) == ("cannot_tell", ["opening_disputed"])


def test_a_fit_by_hand_and_what_it_needs():
    """T is the mean of both donors, and two more in each of the two years after."""
    panel = {
        "A": {1: 0.0, 2: 4.0, 3: 0.0, 4: 8.0}, "B": {1: 4.0, 2: 0.0, 3: 8.0, 4: 0.0},
        "T": {1: 2.0, 2: 2.0, 3: 5.0, 4: 7.0},
    }  # fmt: skip
    found = fit(panel, "T", "AB", [1, 2], [3, 4])
    assert found.weights == pytest.approx({"A": 0.5, "B": 0.5}, abs=1e-3)
    assert [found.gaps[year] for year in (1, 2, 3, 4)] == pytest.approx([0, 0, 1, 3], abs=0.01)
    assert (found.att, found.att_se) == (pytest.approx(2, abs=0.01), pytest.approx(1, abs=0.01))
    assert found.post_rmspe == pytest.approx(5**0.5, abs=0.01)
    assert fit(panel, "T", "AB", [1, 2], [3]).att_se is None
    assert list(fit(panel, "T", "AB", [1], [4], between=[3]).synthetic) == [1, 3, 4]
    assert fit(panel, "T", "A", [1, 2], [3]).weights == {"A": 1.0}
    for donors, pre, post in (("T", [1], [2]), ("AB", [], [2]), ("AB", [1], [])):
        with pytest.raises(ValueError, match="needs donors"):
            fit(panel, "T", donors, pre, post)
    with pytest.raises(ValueError, match="two donors"):
        place_among_donors(panel, "T", "A", [1, 2], [3])
    with pytest.raises(ValueError, match="no spread"):
        scale_fit(panel, ["A"], [1, 2], 1.0)
    assert scale_fit({"A": {1: 1.0, 2: 3.0}, "B": {1: 5.0, 2: 7.0}}, ["A", "B"], [1, 2], 4.0) == pytest.approx(2**0.5)


def test_donors_that_carry_weight_are_left_out_in_turn():
    panel = walks(6)
    whole = fit(panel, "T", list(panel), PRE, POST)
    found = leave_one_out(panel, "T", whole, PRE, POST)
    assert set(found) == {name for name, weight in whole.weights.items() if weight > 0.01}
    assert all_of(name not in one.weights and len(one.weights) == 4 for name, one in found.items())
    assert leave_one_out(panel, "T", fit(panel, "T", ["D01"], PRE, POST), PRE, POST) == {}


@pytest.mark.parametrize(("years", "cut"), [(6, None), (7, 5), (8, 5), (9, 6), (12, 8), (15, 10)])
def test_an_earlier_adoption_is_put_after_two_thirds_of_the_years(years, cut):
    panel = walks(4)
    found = fit_earlier_adoption(panel, "T", list(panel), range(2000, 2000 + years))
    assert (found and found[0]) == (cut and 2000 + cut)
    if found:
        assert found[1] == fit(panel, "T", list(panel), range(2000, 2000 + cut), range(2000 + cut, 2000 + years))


def test_an_estimate_that_one_donor_makes_is_doubted():
    """T goes with D01 alone; all others rise after 2012, so that without D01 its gap has the other sign."""
    lots = random.Random(5)
    panel = {f"D{at:02}": {year: 50 + lots.gauss(0, 3) + 10 * (year >= 2012) for year in YEARS} for at in range(2, 13)}
    panel["D01"] = {year: 50 + lots.gauss(0, 3) for year in YEARS}
    panel["T"] = {year: value + (year >= 2012) + lots.gauss(0, 0.05) for year, value in panel["D01"].items()}
    found = asked(panel)
    assert found["weights"]["D01"] == pytest.approx(1, abs=0.01)
    assert found["left_one_out"]["D01"] < 0 < found["estimate"]
    assert "rests_on_one_donor" in found["doubts"]
    assert "rests_on_one_donor" not in asked(walks(12, jump=6))["doubts"]


def test_a_gap_that_opens_before_adoption_is_doubted():
    panel = walks(12)
    panel["T"] = {year: value + 4 * (year >= 2008) for year, value in panel["T"].items()}
    found = asked(panel)
    assert found["in_time"]["year"] == 2008
    assert abs(found["in_time"]["att"]) >= abs(found["estimate"]) / 2
    assert "gap_before_adoption" in found["doubts"]


def test_errors_that_should_be_there_and_are_not_are_said():
    panel = walks(12, jump=6)
    one_lacks = {unit: dict.fromkeys(line, 0.01) for unit, line in panel.items() if unit != "D07"}
    for errors in (None, one_lacks):
        found = asked(panel, errors=errors, with_errors=True)
        assert (found["verdict"], found["doubts"], found["error_interval"]) == (
            "cannot_tell",
            ["errors_not_published"],
            None,
        )
        assert asked(panel, errors=errors)["doubts"] == []


def test_numbers_of_a_result_are_those_of_its_parts():
    panel = walks(12, jump=6)
    donors = sorted(set(panel) - {"T"})
    found, whole = asked(panel, last=2018), fit(panel, "T", donors, PRE, range(2012, 2019))
    assert found["counts"] == {"pre": 12, "post": 7, "donors": 11, "treated": 1}
    assert [line["year"] for line in found["path"]] == list(range(2000, 2019))
    assert [line["gap"] for line in found["path"]] == list(whole.gaps.values())
    assert (found["estimate"], found["weights"]) == (whole.att, whole.weights)
    (of_all,) = found["sets"]
    assert (of_all["att"], of_all["ratio"], of_all["post_rmspe"]) == (whole.att, whole.ratio, whole.post_rmspe)
    assert (of_all["p"], of_all["rank"], of_all["floor"]) == (1 / 12, 1, 1 / 12)
    assert of_all["relative_fit"] == scale_fit(panel, donors, PRE, whole.pre_rmspe)
    assert set(found["ratios"]) == set(found["placebo_gaps"]) == set(panel)
    fewer = asked(panel, other_models=("D01", "D02"))["sets"][1]
    assert (fewer["reasons"], fewer["donors"], fewer["att"], fewer["floor"]) == (
        ["too_few_donors"],
        donors[2:],
        None,
        1 / 10,
    )


def test_a_second_set_that_fits_poorly_shows_its_reason_and_no_estimate():
    panel = walks(14, jump=6)
    panel["D01"] = {year: 500 + (year % 3) * 40.0 for year in YEARS}
    panel["T"] = {year: value + 1 for year, value in panel["D01"].items()}
    with_it, without = asked(panel, other_models=("D01",))["sets"]
    assert (with_it["reasons"], with_it["att"]) == ([], pytest.approx(1, abs=0.1))
    assert (without["reasons"], without["p"], without["rank"]) == (["poor_pre_fit"], None, None)
    assert without["att"] is without["ratio"] is without["post_rmspe"] is None
    assert without["relative_fit"] > 1
