"""Two figures may share a line only when they measure the same; each difference is named."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.measures.comparability import KEY, compare_keys, find_differing_parts
from tests.reference import Vector, agree, reproduces


@reproduces("comparison", "comparability_key")
def test_keys(vector: Vector) -> None:
    one, other = vector["inputs"]["a"], vector["inputs"]["b"]
    agree(vector, {"comparable": not compare_keys(one, other), "differences": list(compare_keys(one, other))})


def test_what_only_one_of_two_states_is_a_difference():
    assert compare_keys({"scale": "4"}, {}) == ("scale",)
    assert compare_keys({"scale": ""}, {"scale": None}) == ()


KEYS = st.dictionaries(st.sampled_from(KEY), st.sampled_from(["", "a", "b"]))


@given(KEYS, KEYS, KEYS)
def test_comparable_is_the_same_both_ways_and_passes_on(one, other, third):
    assert not compare_keys(one, one)
    assert compare_keys(one, other) == compare_keys(other, one)
    if not compare_keys(one, other) and not compare_keys(other, third):
        assert not compare_keys(one, third)
    assert set(find_differing_parts([one, other, third])) == {
        *compare_keys(one, other), *compare_keys(other, third), *compare_keys(one, third),
    }  # fmt: skip
