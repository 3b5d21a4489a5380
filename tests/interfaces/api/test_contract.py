"""Programs written against this API go on: nothing in its committed description goes or changes its meaning."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

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
