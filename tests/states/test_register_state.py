"""The register's filters are in the address and in the file's; what is no filter changes nothing."""

import asyncio

import pytest
from reflex.istate.data import RouterData

from dashboard.pages.adoption.state import RegisterState

pytestmark = pytest.mark.usefixtures("embedded")


def arrived(query: dict[str, str]) -> RegisterState:
    state = RegisterState()
    path, asked = "/en/adoption/", "&".join(f"{name}={value}" for name, value in query.items())
    state.router = RouterData.from_router_data(
        {"pathname": path, "asPath": f"{path}?{asked}", "query": query, "headers": {"origin": "http://test"}}
    )
    asyncio.run(RegisterState.load.fn(state))
    return state


def test_the_address_restores_filters_rule_chart_and_file() -> None:
    state = arrived({"rule": "operating", "event": "mou", "source": "press", "evidence": "E3", "disputed": "no"})
    assert (state.event, state.source, state.evidence, state.disputed) == ("mou", "press", "E3", "no")
    assert state.chart == "/api/v1/charts/lanes.json?rule=operating&lang=en"
    assert state.table["csv"] == "/api/v1/adoption.csv?event=mou&source=press&evidence=E3&disputed=no&lang=en"
    assert (state.table["shown"], len(state.table["rows"]), state.pages) == (9, 9, 1)
    assert all(row["type"] == "mou" for row in state.table["rows"])


def test_clearing_takes_the_filters_of_the_table_away_and_keeps_the_rule() -> None:
    state = arrived({"rule": "operating", "evidence": "E3", "country": "AZE"})
    assert state.cleared == "/en/adoption/?rule=operating&tab=events"
    assert {one["to"] for one in state.rules if not one["current"]} >= {
        "/en/adoption/?country=AZE&rule=signed&evidence=E3"
    }
