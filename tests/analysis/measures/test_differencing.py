"""Two releases together: what differs by a few people is found, at the limit exactly."""

import pytest

from dashboard.analysis.measures.surveys.differencing import TOTAL, Group, find_groups_too_near


def group(*n: int, answers: str = "a", weights: str = "w") -> Group:
    return Group(n, answers, weights)


@pytest.mark.parametrize(
    ("after", "near"),
    [
        (group(100, 90), False),
        (group(110, 100, answers="b"), False),
        (group(90, 80, answers="b"), False),
        (group(110, 99, answers="b"), True),  # of one question nine
        (group(109, 100, answers="b"), True),
        (group(100, 90, answers="b"), True),  # as many, who answered otherwise
        (group(101, 91, answers="b"), True),
        (group(100, 90, weights="v"), False),  # the weights of all
        (group(120, answers="b"), True),  # other questions
    ],
)
def test_a_group_is_the_same_or_differs_by_enough(after: Group, near: bool) -> None:
    assert bool(find_groups_too_near({TOTAL: {"": group(100, 90)}}, {TOTAL: {"": after}})) == near


def test_weights_change_in_every_group_or_in_none() -> None:
    before = {TOTAL: {"": group(100)}, "sex": {"F": group(60), "M": group(40)}}
    every = {name: {one: group(*it.n, weights="v") for one, it in groups.items()} for name, groups in before.items()}
    assert find_groups_too_near(before, every) == []
    nobody = {"place": {"": group(0, answers="0", weights="0")}}
    assert find_groups_too_near(before | nobody, every | nobody) == []
    of_women = {**every, "sex": {"F": group(60, weights="v"), "M": group(40)}}
    assert find_groups_too_near(before, of_women) == [("", ""), ("sex", "F")], "of somebody in this group"


def test_a_breakdown_is_compared_where_both_show_the_same_groups() -> None:
    before = {TOTAL: {"": group(100)}, "sex": {"F": group(60), "": group(40)}}
    assert find_groups_too_near(before, {TOTAL: {"": group(100)}, "age": {"<25Y": group(50)}}) == []
    other = {TOTAL: {"": group(100)}, "sex": {"M": group(40), "": group(60)}}
    assert find_groups_too_near(before, other) == [("sex", "F"), ("sex", "M")]
