"""The filters of the matrix: in state, in its address and in the file's; what is no filter is said."""

import asyncio

import pytest
from reflex.istate.data import RouterData

from dashboard.pages.availability.state import AvailabilityState

pytestmark = pytest.mark.usefixtures("handmade")


def arrived(query: dict[str, str]) -> AvailabilityState:
    state = AvailabilityState()
    path, asked = "/en/availability/", "&".join(f"{name}={value}" for name, value in query.items())
    state.router = RouterData.from_router_data(
        {"pathname": path, "asPath": f"{path}?{asked}", "query": query, "headers": {"origin": "http://test"}}
    )
    asyncio.run(AvailabilityState.load.fn(state))
    return state


def test_the_address_of_the_page_is_that_of_matrix_and_file() -> None:
    state = arrived({"theme": "integrity", "goal": "16", "gap": "not_reported", "sort": "most", "rule": "operating"})
    said = "theme=integrity&goal=16&rule=operating&gap=not_reported&sort=most&lang=en"
    assert state.file == f"/api/v1/availability.csv?{said}"
    assert (state.theme, state.goal_number, state.gap, state.sort) == ("integrity", "16", "not_reported", "most")


def test_a_filter_that_there_is_not_is_said_in_words() -> None:
    state = arrived({"group": "atlantis"})
    assert state.phase == "trouble"
    assert "atlantis" in state.said
    assert "africa" in state.said


def test_clearing_takes_every_filter_away_and_keeps_the_day() -> None:
    state = arrived({"theme": "integrity", "rule": "operating", "as_of": "2026-03-01"})
    assert state.cleared == "/en/availability/?as_of=2026-03-01"
    assert [one["to"] for one in state.views] == [
        "/en/availability/?rule=operating&as_of=2026-03-01&theme=integrity",
        "/en/availability/?rule=operating&as_of=2026-03-01&theme=integrity&tab=table",
    ]
