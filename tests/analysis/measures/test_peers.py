"""Peers come with their reasons, never by an outcome; what is unknown is no reason and is said."""

import math
from dataclasses import fields

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dashboard.analysis.measures.peers import (
    GDP_RATIO,
    MAX_PEERS,
    MIN_NEIGHBOURS,
    POPULATION_RATIO,
    Profile,
    classify_egdi,
    rank_peers,
)
from tests.reference import Vector, agree, reproduces

NAMES = {"gdp_pc": "gdp_per_head", "years_since_adoption": "years_since_opening", "code": "country"}


@reproduces("comparison", "peer_picker")
def test_peers_with_reasons(vector: Vector) -> None:
    inputs = vector["inputs"]
    assert (inputs["gdp_ratio"], inputs["population_ratio"]) == (GDP_RATIO, POPULATION_RATIO)
    profile = {
        it["code"]: Profile(**{NAMES.get(key, key): value for key, value in it.items()})
        for it in [inputs["focus"], *inputs["candidates"]]
    }
    found = rank_peers(profile["AAA"], profile.values())
    said = {value: key for key, value in NAMES.items()}
    reasons = {it.country: [said.get(reason, reason) for reason in it.reasons] for it in found}
    others = [it["code"] for it in inputs["candidates"]]
    agree(vector, {
        "reasons": {code: reasons.get(code, []) for code in others},
        "order": [it.country for it in found],
        "no_reason": [code for code in others if code not in reasons],
    })  # fmt: skip
    assert "years_since_opening" in next(it for it in found if it.country == "DDD").unknown


def test_no_outcome_is_among_what_peers_are_chosen_by():
    assert [field.name for field in fields(Profile)] == [
        "country", "region", "income", "egdi_group", "gdp_per_head", "population", "years_since_opening",
    ]  # fmt: skip


def test_of_as_many_reasons_the_nearer_comes_first_and_unknown_distances_last():
    focus = Profile("A", region="R", population=100.0)
    far, near = Profile("B", region="R", population=900.0), Profile("C", region="R", population=300.0)
    unknown = Profile("D", region="R")
    assert [it.country for it in rank_peers(focus, [far, unknown, near, focus])] == ["C", "B", "D"]
    assert rank_peers(focus, [unknown])[0].distance == math.inf


@pytest.mark.parametrize(
    ("index", "group"), [(0.75, "very_high"), (0.7499, "high"), (0.5, "high"), (0.25, "middle"), (0, "low"), (None, "")]
)
def test_groups_of_the_survey(index, group):
    assert classify_egdi(index) == group


NUMBERS = st.one_of(st.none(), st.floats(1, 1e9))
PROFILES = st.builds(
    Profile, st.just(""), st.sampled_from(["", "R", "S"]), st.sampled_from(["", "L", "H"]),
    st.sampled_from(["", "high"]),
    NUMBERS, NUMBERS, st.one_of(st.none(), st.floats(0, 20)),
)  # fmt: skip


@given(PROFILES, PROFILES)
def test_a_reason_holds_both_ways(one, other):
    def found(focus, candidate):
        listed = rank_peers(named(focus, "A"), [named(candidate, "B")])
        return (listed[0].reasons, listed[0].unknown, listed[0].distance) if listed else None

    assert found(one, other) == found(other, one)


@given(st.floats(1, 2e9), st.floats(1, 3), st.booleans())
def test_population_is_near_by_its_ratio_alone_at_any_size_and_either_way(people, ratio, larger):
    assume(abs(ratio - POPULATION_RATIO) > 1e-9)
    focus, other = (people, people * ratio) if larger else (people * ratio, people)
    found = rank_peers(Profile("A", population=focus), [Profile("B", population=other)])
    assert [it.reasons for it in found] == ([("population",)] if ratio < POPULATION_RATIO else [])


def named(profile, country):
    return Profile(country, *(getattr(profile, field.name) for field in fields(Profile)[1:]))


@pytest.mark.parametrize(
    ("mine", "theirs", "reasons"),
    [
        ({"gdp_per_head": 100}, {"gdp_per_head": 124.9}, ("gdp_per_head",)), ({"gdp_per_head": 100},
        {"gdp_per_head": 80.1}, ("gdp_per_head",)),
        ({"gdp_per_head": 100}, {"gdp_per_head": 125.1}, ()), ({"gdp_per_head": 100}, {"gdp_per_head": 79.9}, ()),
        ({"years_since_opening": 5}, {"years_since_opening": 8}, ("years_since_opening",)),
        ({"years_since_opening": 5}, {"years_since_opening": 2}, ("years_since_opening",)),
        ({"years_since_opening": 5}, {"years_since_opening": 8.1}, ()),
        ({"years_since_opening": 0}, {"years_since_opening": 0}, ("years_since_opening",)),
        ({"region": "R", "income": "L"}, {"region": "R", "income": "L"}, ("region", "income")),
        ({"region": "R"}, {"region": "S"}, ()), ({"region": ""}, {"region": ""}, ()),
    ],
)  # fmt: skip
def test_what_is_near_enough_is_a_reason(mine, theirs, reasons):
    found = rank_peers(Profile("A", **mine), [Profile("B", **theirs)])
    assert [it.reasons for it in found] == ([reasons] if reasons else [])


def test_the_distance_is_the_mean_of_what_both_know_and_the_rest_is_unknown():
    focus = Profile("A", region="R", gdp_per_head=100.0, population=10.0)
    both, one = Profile("B", region="R", gdp_per_head=200.0, population=80.0), Profile("C", region="R", population=20.0)
    near, far = rank_peers(focus, [both, one])
    assert (near.country, near.distance) == ("C", pytest.approx(math.log(2)))
    assert (far.country, far.distance) == ("B", pytest.approx(2 * math.log(2)))
    assert near.unknown == ("income", "egdi_group", "gdp_per_head", "years_since_opening")
    more = Profile("D", region="R", gdp_per_head=100.0, population=900.0)
    assert [it.country for it in rank_peers(focus, [one, both, more])] == ["D", "C", "B"]
    equal = [Profile(name, region="R") for name in "ZYX"]
    assert [it.country for it in rank_peers(focus, equal)] == ["X", "Y", "Z"]


def test_the_first_peers_hold_neighbours_though_others_have_more_reasons():
    focus = Profile("A", region="R", income="L", egdi_group="high")
    near = [Profile(f"N{i}", region="R") for i in range(MIN_NEIGHBOURS + 2)]
    far = [Profile(f"F{i:02}", income="L", egdi_group="high") for i in range(MAX_PEERS + 2)]
    found = [it.country for it in rank_peers(focus, [*near, *far])]
    first, rest = found[:MAX_PEERS], found[MAX_PEERS:]
    assert first == [*[f"F{i:02}" for i in range(MAX_PEERS - MIN_NEIGHBOURS)], "N0", "N1", "N2"]
    assert rest == [*[f"F{i:02}" for i in range(MAX_PEERS - MIN_NEIGHBOURS, MAX_PEERS + 2)], "N3", "N4"]
    few = [it.country for it in rank_peers(focus, [near[0], *far])]
    assert few == [*[f"F{i:02}" for i in range(MAX_PEERS - 1)], "N0", *[f"F{i:02}" for i in (10, 11, 12)]]
