"""Programs written against this API go on, and every example of docs/api.md is answered with the values there."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboard.settings import Settings
from tests.interfaces.api.contract import FILE, describe, find_breaks

ROWS = "/api/v1/observations.json"


def test_nothing_that_programs_rely_on_has_gone() -> None:
    assert find_breaks(json.loads(FILE.read_text(encoding="utf-8")), describe()) == []


def test_the_committed_description_is_that_of_today() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == describe(), (
        "write it anew: python -m tests.interfaces.api.contract"
    )


def _field(document: dict[str, Any]) -> None:
    del document["components"]["schemas"]["Row"]["properties"]["value"]


def _type(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["Row"]["properties"]["period"]["type"] = "integer"


def _route(document: dict[str, Any]) -> None:
    del document["paths"][ROWS]


def _parameters(document: dict[str, Any]) -> list[dict[str, Any]]:
    return document["paths"][ROWS]["get"]["parameters"]  # type: ignore[no-any-return]


def _parameter(document: dict[str, Any]) -> None:
    _parameters(document)[:] = [one for one in _parameters(document) if one["name"] != "country"]


def _required(document: dict[str, Any]) -> None:
    next(one for one in _parameters(document) if one["name"] == "country")["required"] = True


def _choice(document: dict[str, Any]) -> None:
    next(one for one in _parameters(document) if one["name"] == "dimensions")["schema"]["enum"].remove("total")


def _default(document: dict[str, Any]) -> None:
    next(one for one in _parameters(document) if one["name"] == "series")["schema"]["default"] = "all"


def _new_and_required(document: dict[str, Any]) -> None:
    _parameters(document).append({"name": "key", "in": "query", "required": True, "schema": {"type": "string"}})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_field, "value is gone"),
        (_type, "was string and is integer"),
        (_route, "gone"),
        (_parameter, "country is gone"),
        (_required, "country is required now"),
        (_choice, "no longer takes total"),
        (_default, "another default"),
        (_new_and_required, "key is new and required"),
    ],
)
def test_a_break_is_noticed(change: Callable[[dict[str, Any]], None], told: str) -> None:
    before, after = describe(), copy.deepcopy(describe())
    change(after)
    breaks = find_breaks(before, after)
    assert any(ROWS in line and told in line for line in breaks), breaks


def test_what_is_added_breaks_nothing() -> None:
    before, after = describe(), copy.deepcopy(describe())
    after["paths"]["/api/v1/new"] = {"get": {"responses": {}}}
    after["components"]["schemas"]["Row"]["properties"]["more"] = {"type": "string"}
    _parameters(after).append({"name": "more", "in": "query", "schema": {"type": "string"}})
    assert find_breaks(before, after) == []


TEXT = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
PAIR = re.compile(r'"(\w+)": (-?\d[\d.]*|"[^"…]*"|null|true|false|\[\])(?=[,}\]])')


def _examples() -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Each address that is asked, and the names with their values that are shown of its answer."""
    for block in re.findall(r"^```\n(GET .*?)^```", TEXT, re.DOTALL | re.MULTILINE):
        for asked, shown in re.findall(r"^GET +(\S+)(.*?)(?=^GET |\Z)", block, re.DOTALL | re.MULTILINE):
            if "{" not in asked:
                yield asked, [(name, json.loads(value)) for name, value in PAIR.findall(shown)]


def _held(answer: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(answer, dict):
        for name, value in answer.items():
            yield name, value
            yield from _held(value)
    elif isinstance(answer, list):
        for one in answer:
            yield from _held(one)


@pytest.mark.parametrize(("address", "shown"), list(_examples()), ids=lambda it: it if isinstance(it, str) else "")
async def test_an_example_is_answered_as_it_is_shown(
    embedded: Settings, client: httpx.AsyncClient, address: str, shown: list[tuple[str, Any]]
) -> None:
    reply = await client.get(address)
    assert reply.status_code == 200, reply.text[:200]
    held = list(_held(reply.json())) if shown else []
    assert [pair for pair in shown if pair not in held] == []


def test_examples_are_found_with_their_values() -> None:
    found = dict(_examples())
    assert len(found) > 10
    assert sum(map(len, found.values())) > 30
