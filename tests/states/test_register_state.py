"""The register's filters are in the address and in the file's; what is no filter changes nothing."""

import asyncio
from typing import Any

import pytest
from reflex.istate.data import RouterData

from dashboard.states.register import RegisterState

pytestmark = pytest.mark.usefixtures("embedded")


def arrived(query: dict[str, str]) -> RegisterState:
    state = RegisterState()
    path, asked = "/en/adoption/", "&".join(f"{name}={value}" for name, value in query.items())
    state.router = RouterData.from_router_data(
        {"pathname": path, "asPath": f"{path}?{asked}", "query": query, "headers": {"origin": "http://test"}}
    )
    asyncio.run(RegisterState.arrive.fn(state))
    return state


def test_the_address_restores_filters_rule_chart_and_file() -> None:
    state = arrived({"rule": "operating", "event": "mou", "source": "press", "evidence": "E3", "disputed": "no"})
    assert (state.event, state.source, state.evidence, state.disputed) == ("mou", "press", "E3", "no")
    assert state.chart == "/api/v1/charts/claims.json?rule=operating&lang=en"
    assert state.table["csv"] == "/api/v1/adoption.csv?event=mou&source=press&evidence=E3&disputed=no&lang=en"
    assert state.table["shown"] == len(state.table["rows"]) > 0
    assert all(row["type"] == "mou" for row in state.table["rows"])


def test_a_filter_is_one_event_that_keeps_the_rest_and_the_place() -> None:
    state = arrived({"rule": "operating", "evidence": "E3"})
    said = str(RegisterState.choose.fn(state, "source", "press").args)
    assert "rule=operating" in said
    assert "source=press&evidence=E3" in said
    assert "#events" in said
    assert "sort" not in str(RegisterState.choose.fn(state, "sort", "newest").args), "the newest first is the default"
    assert "q=mesob" in str(RegisterState.look_for.fn(state, {"q": " mesob "}).args)
    cleared = str(RegisterState.clear.fn(state).args)
    assert "rule=operating" in cleared
    assert "evidence" not in cleared


@pytest.mark.parametrize(
    ("control", "value"), [("event", "x"), ("sort", "random"), ("as_of", "2026-03-01"), ("rule", "signed"), ("", "")]
)
def test_what_is_no_filter_changes_nothing(control: str, value: Any) -> None:
    state = arrived({})
    assert RegisterState.choose.fn(state, control, value) is None
    assert (state.event, state.sort) == ("", "newest")
