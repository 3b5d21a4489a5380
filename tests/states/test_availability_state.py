"""The filters of the matrix: in state, in its address and in the file's at once; what is no filter changes nothing."""

import asyncio
from typing import Any

import pytest
from reflex.istate.data import RouterData

from dashboard.states.availability import AvailabilityState

pytestmark = pytest.mark.usefixtures("handmade")


def arrived(query: dict[str, str]) -> AvailabilityState:
    state = AvailabilityState()
    path, asked = "/en/availability/", "&".join(f"{name}={value}" for name, value in query.items())
    state.router = RouterData.from_router_data(
        {"pathname": path, "asPath": f"{path}?{asked}", "query": query, "headers": {"origin": "http://test"}}
    )
    asyncio.run(AvailabilityState.arrive.fn(state))
    return state


def address_of(event: object) -> str:
    return str(getattr(event, "args", ""))


def test_the_address_of_the_page_is_that_of_matrix_and_file() -> None:
    state = arrived({"theme": "integrity", "goal": "16", "gap": "not_reported", "sort": "most", "rule": "operating"})
    said = "theme=integrity&goal=16&rule=operating&gap=not_reported&sort=most&lang=en"
    assert state.matrix == f"/api/v1/availability.json?{said}"
    assert state.file == f"/api/v1/availability.csv?{said}"
    assert (state.theme, state.goal_number, state.gap, state.sort) == ("integrity", "16", "not_reported", "most")


def test_a_filter_changes_page_matrix_and_file_in_one_event() -> None:
    state = arrived({"theme": "integrity"})
    event = AvailabilityState.choose.fn(state, "gap", "not_collected")
    assert "theme=integrity&gap=not_collected" in address_of(event)
    assert "gap=not_collected" in state.matrix
    assert "gap=not_collected" in state.file
    assert "sort" not in address_of(AvailabilityState.choose.fn(state, "sort", "theme")), (
        "the order of themes is the default"
    )


@pytest.mark.parametrize(
    ("control", "value"),
    [
        ("gap", "none"),
        ("sort", "random"),
        ("group", "x"),
        ("source", "x"),
        ("as_of", "2026-03-01"),
        ("theme", 5),
        ("", ""),
    ],
)
def test_what_is_no_filter_changes_nothing(control: str, value: Any) -> None:
    state = arrived({})
    before = (state.matrix, state.file)
    assert AvailabilityState.choose.fn(state, control, value) is None
    assert AvailabilityState.choose_countries.fn(state, "everything") is None
    assert (state.matrix, state.file) == before


def test_a_filter_that_there_is_not_is_said_in_words() -> None:
    state = arrived({"group": "atlantis"})
    assert state.phase == "trouble"
    assert "atlantis" in state.said
    assert "africa" in state.said


def test_clearing_takes_every_filter_away_and_keeps_the_day() -> None:
    state = arrived({"theme": "integrity", "rule": "operating", "as_of": "2026-03-01"})
    event = AvailabilityState.clear.fn(state)
    assert '"/en/availability/?as_of=2026-03-01"' in address_of(event)
    assert state.matrix == "/api/v1/availability.json?as_of=2026-03-01&lang=en"
