"""The page of adoption effects: the plan is its address; what is no choice changes nothing."""

import asyncio
from typing import Any

import pytest
from reflex.istate.data import RouterData

from dashboard.states.effects import Chosen, EffectsState, read, written

pytestmark = pytest.mark.usefixtures("embedded")


def arrived(query: dict[str, str]) -> EffectsState:
    state = EffectsState()
    path, asked = "/en/progress/effects/", "&".join(f"{name}={value}" for name, value in query.items())
    state.router = RouterData.from_router_data(
        {"pathname": path, "asPath": f"{path}?{asked}", "query": query, "headers": {"origin": "http://test"}}
    )
    asyncio.run(EffectsState.arrive.fn(state))
    return state


def address_of(event: object) -> str:
    return str(getattr(event, "args", ""))


def test_the_address_holds_the_whole_plan_and_reading_it_gives_it_back() -> None:
    chosen = Chosen(
        country="AFG", outcome="wgi_cc", event="AFG-01", first=2004, last=2020, without=("BGD", "BFA"), own=("BDI",)
    )
    query = dict(part.split("=") for part in written(chosen).split("&"))
    assert read(query) == chosen
    assert written(Chosen()) == ""
    assert read({"by": "magic", "outcome": "x", "country": "XX", "from": "abc", "job": "../x"}) == Chosen()


def test_a_plan_is_proposed_and_every_choice_is_written_to_the_address() -> None:
    state = arrived({"country": "AFG"})
    assert state.phase == "ready"
    assert (state.plan["country"], state.plan["event"], state.stage) == ("AFG", "AFG-02", "")
    assert len(state.plan["donors"]) == 40
    name = state.plan["name"]
    assert "outcome=wgi_cc" in address_of(EffectsState.choose.fn(state, "outcome", "wgi_cc"))
    assert "country=UGA" in address_of(EffectsState.choose.fn(state, "country", "UGA"))
    assert "by=callaway_santanna" in address_of(EffectsState.choose.fn(state, "method", "callaway_santanna"))
    donor = state.plan["donors"][0]["iso3"]
    assert f"without={donor}" in address_of(EffectsState.toggle.fn(state, "without", donor))
    assert f"own={donor}" in address_of(EffectsState.toggle.fn(state, "own", donor))
    other = arrived({"country": "AFG", "without": donor})
    assert other.plan["donors"][0]["removed"]
    assert other.plan["name"] != name


@pytest.mark.parametrize(
    ("handler", "arguments"),
    [
        (EffectsState.choose, ("outcome", "no_such")),
        (EffectsState.choose, ("country", "XXX")),
        (EffectsState.choose, ("method", "magic")),
        (EffectsState.choose, ("first", "19")),
        (EffectsState.choose, ("seed", "1")),
        (EffectsState.choose, ("country", 5)),
        (EffectsState.toggle, ("without", "XXX")),
        (EffectsState.toggle, ("job", "AFG")),
    ],
)
def test_what_is_no_choice_changes_nothing(handler: Any, arguments: tuple[Any, ...]) -> None:
    assert handler.fn(arrived({"country": "AFG"}), *arguments) is None


def test_an_event_of_another_country_is_said_in_words() -> None:
    state = arrived({"country": "AFG", "when": "UGA-03"})
    assert state.phase == "trouble"
    assert "AFG-02" in state.said
