"""Anyone can call a handler: what is not an argument of theirs changes nothing."""

import asyncio
from typing import get_args

import pytest
from reflex.istate.data import RouterData

from dashboard.pages.shell.provenance import ProvenanceState
from dashboard.pages.shell.state import Shell


def at(state: Shell, path: str, query: dict[str, str]) -> Shell:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    state.router = RouterData.from_router_data(
        {"pathname": path, "asPath": f"{path}?{asked}", "query": query, "headers": {"origin": "http://test"}}
    )
    return state


@pytest.mark.parametrize("observation", ["", "..", "0123456789abcde", "0123456789ABCDEF", None, 5, {"id": "x"}])
def test_the_drawer_opens_on_observation_ids_only(observation: object) -> None:
    state = ProvenanceState()
    at(state, "/en/compare/", {})
    asyncio.run(ProvenanceState.show.fn(state, observation))
    assert not state.drawer


@pytest.mark.parametrize(
    "mark", ["", "[]", "null", '{"country": "AZE"}', '{"indicator": 1, "country": 2, "year": "x"}', "2023", '"a"']
)
def test_a_mark_that_is_none_opens_nothing(mark: str) -> None:
    state = ProvenanceState()
    at(state, "/en/compare/", {})
    asyncio.run(ProvenanceState.pick.fn(state, mark))
    assert not state.drawer


def test_pages_and_api_know_the_kinds_of_search() -> None:
    from dashboard.api.parameters import SearchQuestion
    from dashboard.pages.shell.address import KINDS
    from dashboard.services.search.entries import GROUPS

    assert tuple(GROUPS) == KINDS
    assert get_args(SearchQuestion.model_fields["kind"].annotation) == ("", *KINDS)
