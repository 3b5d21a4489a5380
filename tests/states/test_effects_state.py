"""The page of adoption effects: the plan is its address; what is no choice changes nothing."""

import asyncio

import pytest
from reflex.istate.data import RouterData

from dashboard.pages.effects.state import Chosen, EffectsState, read, written

pytestmark = pytest.mark.usefixtures("embedded")


def arrived(query: dict[str, str]) -> EffectsState:
    state = EffectsState()
    path, asked = "/en/progress/effects/", "&".join(f"{name}={value}" for name, value in query.items())
    state.router = RouterData.from_router_data(
        {"pathname": path, "asPath": f"{path}?{asked}", "query": query, "headers": {"origin": "http://test"}}
    )
    asyncio.run(EffectsState.load.fn(state))
    return state


def test_the_address_holds_the_whole_plan_and_reading_it_gives_it_back() -> None:
    chosen = Chosen(
        country="AFG", outcome="wgi_cc", event="AFG-01", first=2004, last=2020, without=("BGD", "BFA"), own=("BDI",)
    )
    assert read({one["name"]: one["value"] for one in written(chosen)}) == chosen
    assert written(Chosen()) == []
    assert read({"by": "magic", "outcome": "x", "country": "XX", "from": "abc", "job": "../x"}) == Chosen()


def test_a_plan_is_proposed_and_every_choice_is_written_to_the_address() -> None:
    state = arrived({"country": "AFG"})
    assert state.phase == "ready"
    assert (state.plan["country"], state.plan["event"], state.stage) == ("AFG", "AFG-02", "")
    assert len(state.plan["donors"]) == 40
    name = state.plan["name"]
    donor = state.plan["donors"][0]["iso3"]
    assert state.removing[donor] == f"/en/progress/effects/?country=AFG&without={donor}"
    assert state.owning[donor] == f"/en/progress/effects/?country=AFG&own={donor}"
    other = arrived({"country": "AFG", "without": donor})
    assert other.plan["donors"][0]["removed"]
    assert other.plan["name"] != name
    assert other.removing[donor] == "/en/progress/effects/?country=AFG"


def test_an_event_of_another_country_is_said_in_words() -> None:
    state = arrived({"country": "AFG", "when": "UGA-03"})
    assert state.phase == "trouble"
    assert "AFG-02" in state.said
