"""What docs/api.md shows: every example is answered, with the values that stand there."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dashboard.settings import Settings

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
