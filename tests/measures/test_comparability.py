"""Two figures may share a line only when they measure the same; each difference is named."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures.comparability import KEY, differences, differing
from tests.reference import Vector, agree, reproduces


@reproduces("comparison", "comparability_key")
def test_keys(vector: Vector) -> None:
    one, other = vector["inputs"]["a"], vector["inputs"]["b"]
    agree(vector, {"comparable": not differences(one, other), "differences": list(differences(one, other))})


def test_what_only_one_of_two_states_is_a_difference():
    assert differences({"scale": "4"}, {}) == ("scale",)
    assert differences({"scale": ""}, {"scale": None}) == ()


KEYS = st.dictionaries(st.sampled_from(KEY), st.sampled_from(["", "a", "b"]))


@given(KEYS, KEYS, KEYS)
def test_comparable_is_the_same_both_ways_and_passes_on(one, other, third):
    assert not differences(one, one)
    assert differences(one, other) == differences(other, one)
    if not differences(one, other) and not differences(other, third):
        assert not differences(one, third)
    assert set(differing([one, other, third])) == {
        *differences(one, other), *differences(other, third), *differences(one, third),
    }  # fmt: skip
