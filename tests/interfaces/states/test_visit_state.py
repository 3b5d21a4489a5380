"""What changed since the last visit: the day is the browser's word, and only a day."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.answers.changes import between
from dashboard.interfaces.pages.overview.visit import MAX_STORED_CHARS, VisitState
from tests.interfaces.states.arrival import at

pytestmark = pytest.mark.usefixtures("handmade")
TODAY = datetime.now(UTC).date()


def greeted(visits: str, **asked: str) -> VisitState:
    state = at(VisitState(), "/en/", asked)
    state.visits = visits
    asyncio.run(VisitState.greet.fn(state))
    return state


def test_a_first_visit_tells_nothing_and_is_remembered() -> None:
    state = greeted("")
    assert (state.told, state.since, state.visits) == ("", "", TODAY.isoformat())


def test_a_return_tells_what_came_since_and_is_remembered() -> None:
    state = greeted("2026-03-01")
    assert state.told == "1 figure revised beyond rounding since 1 March 2026."
    assert (state.since, state.visits) == ("2026-03-01", f"2026-03-01 {TODAY}")


def test_the_same_day_again_tells_the_same() -> None:
    state = greeted(f"2026-03-01 {TODAY}")
    assert state.told == "1 figure revised beyond rounding since 1 March 2026."
    assert state.visits == f"2026-03-01 {TODAY}"
    later = greeted(f"2026-03-01 {TODAY - timedelta(days=1)}")
    assert later.since == (TODAY - timedelta(days=1)).isoformat()


def test_where_nothing_came_that_is_told() -> None:
    assert greeted("2026-03-02").told == "nothing changed since 2 March 2026."
    assert greeted("2026-03-01", as_of="2026-03-01").told == ""  # an earlier day is looked at


@pytest.mark.parametrize("visits", ["yesterday", "9999-12-31", "<script>", "[]", "2026-13-01 2026-02-30", "9" * 10_000])
def test_what_is_no_day_is_forgotten(visits: str) -> None:
    state = greeted(visits)
    assert (state.told, state.visits) == ("", TODAY.isoformat())
    assert len(state.visits) <= MAX_STORED_CHARS


def test_whatever_goes_wrong_the_page_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("dashboard.interfaces.pages.overview.visit.tell_since", fail)
    state = greeted("2026-03-01")
    assert (state.told, state.phase) == ("", "ready")
    assert between.tell_since is not fail
