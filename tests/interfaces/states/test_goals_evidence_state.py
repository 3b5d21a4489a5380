"""Goals, targets, principles and themes: each address is answered by what it names."""

import pytest

from dashboard.interfaces.pages.evidence.state import EvidenceState
from dashboard.interfaces.pages.goals.goal import write_head
from dashboard.interfaces.pages.goals.state import GoalsState
from dashboard.locales import t
from tests.checks import all_of
from tests.interfaces.states.arrival import arrived

pytestmark = pytest.mark.usefixtures("handmade")


def test_all_goals_stand_in_their_order() -> None:
    state = arrived(GoalsState, "/en/goals/")
    numbers = [[one["number"] for one in cards] for cards in (state.cards, state.rest)]
    assert sorted(numbers[0] + numbers[1]) == list(range(1, 18))
    assert numbers == [sorted(part) for part in numbers], "each part in the order of the goals"
    assert all_of(one["indicators"] for one in state.cards)
    assert not any(one["indicators"] for one in state.rest)


def test_a_goal_and_a_target_are_those_of_the_path() -> None:
    state = arrived(GoalsState, "/en/goals/16/", "load_goal")
    assert (state.phase, state.goal_view["number"], state.goal_view["targets"]) == ("ready", 16, [])
    assert state.targets[0]["code"] == "16.1"
    assert arrived(GoalsState, "/en/targets/16.5/", "load_target").target_view["code"] == "16.5"
    for name in ("18", "x", "", "9" * 5_000):  # the last is more than Python makes a number of
        state = arrived(GoalsState, f"/en/goals/{name}/", "load_goal")
        said = t("ui.errors.goal", "en", number=name[:60])
        assert (state.phase, state.targets, state.said) == ("unknown", [], said)
        assert (write_head("en", name, "").heading, write_head("en", name, "").found) == (said, False)


def test_a_target_parts_indicators_with_figures_from_those_without() -> None:
    """16.6 had 35 without: each said why, and the page was 8,000 pixels long."""
    state = arrived(GoalsState, "/en/targets/16.5/", "load_target")
    assert state.having
    assert state.without
    assert not any(one["empty"] for one in state.having)
    assert all_of(one["empty"] for one in state.without)
    assert state.target_view["indicators"] == []


def test_principles_stand_in_the_order_asked_for() -> None:
    for asked, key in (({}, "evidence"), ({"sort": "order"}, "order"), ({"sort": "x"}, "evidence")):
        state = arrived(EvidenceState, "/en/principles/", "load_principles", **asked)
        assert [one["id"] for one in state.columns if one["current"]] == [state.sort] == [key]
        assert len(state.lines) == 11
        assert all_of(one["id"] and one["name"] and one["note"] and one["evidence"] for one in state.lines)
    by_order = arrived(EvidenceState, "/en/principles/", "load_principles", sort="order")
    by_evidence = arrived(EvidenceState, "/en/principles/", "load_principles")
    assert by_evidence.answer.startswith("Measured worst")
    assert by_order.lines != by_evidence.lines
    places = [one["evidence"]["place"] for one in by_evidence.lines]
    assert places == sorted(places)
    assert by_evidence.columns[1]["to"] == "/en/principles/"


def test_themes_are_lines_and_one_of_them_its_indicators() -> None:
    lines = arrived(EvidenceState, "/en/themes/", "load_themes").lines
    assert {one["id"] for one in lines} >= {"integrity", "digital"}
    for path, handler, name in (
        ("/en/themes/integrity/", "load_theme", "Integrity"),
        ("/en/principles/integrity/", "load_principle", "Integrity"),
    ):
        state = arrived(EvidenceState, path, handler)
        assert (state.phase, state.name, bool(state.about)) == ("ready", name, True)
        assert all_of(not one["empty"] for one in state.having)
        assert all_of(one["empty"] for one in state.without)
        assert state.having
        assert state.without
