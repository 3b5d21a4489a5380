"""A hundred questions of assistants: figures with their error, verdicts of the API, refusals that help."""

import asyncio
import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from dashboard.answers.base.context import open_context
from dashboard.answers.charts.query import MAX_COUNTRIES_APART
from dashboard.answers.compare.compare import compare
from dashboard.answers.files import compare_file
from dashboard.interfaces.api.assistants.server import build_server

pytestmark = pytest.mark.usefixtures("embedded")

with (Path(__file__).parent / "assistant_questions.csv").open(encoding="utf-8", newline="") as _file:
    QUESTIONS = [
        (row["question"], row["tool"], json.loads(row["arguments"]), json.loads(row["expected"]))
        for row in csv.DictReader(_file)
    ]


async def _ask_all() -> list[Any]:
    async with Client(build_server()) as client:
        return [await client.call_tool(tool, arguments) for _, tool, arguments, _ in QUESTIONS]


def _find_fault(tool: str, asked: Mapping[str, Any], expected: Mapping[str, Any], answer: Any) -> str:
    """Why an answer is not what was expected; "" where it is."""
    told = answer.structured_content or {}
    if "refused" in expected:
        said = told.get("nothing", {}).get("text", "")
        return "" if answer.is_error and expected["refused"] in said else f"not refused: {said}"
    if answer.is_error:
        return "refused"
    if "nothing" in expected:
        nothing = told.get("nothing") or told["missing"][0]["nothing"]
        return "" if nothing["kind"] == expected["nothing"] else nothing["kind"]
    figures = [*told.get("figures", []), *(one for line in told.get("changes", []) for one in line["figures"])]
    if [one for one in figures if not one["error"] or not one["claim_id"] or "citation" in one]:
        return "a figure without its error, or with a citation of its own"
    if figures and not told["citation"]:
        return "no citation"
    if "indicator" in expected:
        wanted = {name: expected[name] for name in ("indicator", "country", "period") if name in expected}
        return "" if any(wanted.items() <= one.items() for one in figures) else "another figure"
    if "hit" in expected:
        first = told["hits"][0]
        return "" if [first.get("indicator"), first.get("country")] == expected["hit"] else str(first)
    if "page" in expected:
        return "" if told["hits"][0]["id"] == expected["page"] else str(told["hits"][0])
    if "pairs" in expected:
        question = (tuple(asked["indicators"]), tuple(asked["countries"]), None, None)
        ours = compare_file.list_verdicts(open_context(), question)
        return "" if told["pairs"] == ours and len(ours) == expected["pairs"] else "not the verdicts of the API"
    if "changes" in expected:
        view = compare(open_context(), asked["indicator"], tuple(asked["countries"]), asked["first"], None)
        ours = [(line["change"], line["change_text"]) for line in view["metrics"][0]["lines"]]
        theirs = [(one["verdict"], one["text"]) for one in told["changes"]]
        return "" if theirs == ours and len(ours) == expected["changes"] else "not the changes of the API"
    (name,) = expected
    told["disagreements"] = told.get("text")
    return "" if told.get(name) else f"no {name}"


def test_a_hundred_questions_are_answered_with_errors_and_verdicts() -> None:
    assert len(QUESTIONS) >= 100
    answers = asyncio.run(_ask_all())
    faults = [
        (question, fault)
        for (question, tool, asked, expected), answer in zip(QUESTIONS, answers, strict=True)
        if (fault := _find_fault(tool, asked, expected, answer))
    ]
    assert faults == []
    assert max([len(answer.content[0].text) for answer in answers]) < 40_000


def test_every_parameter_is_described() -> None:
    async def listed() -> Any:
        async with Client(build_server()) as client:
            return (await client.list_tools()).tools

    parameters = [
        (tool.name, name, schema.get("description", ""))
        for tool in asyncio.run(listed())
        for name, schema in tool.input_schema.get("properties", {}).items()
    ]
    assert len(parameters) > 50
    assert [one for one in parameters if not one[2]] == []


@pytest.mark.parametrize(
    ("countries", "is_error"), [(0, True), (1, False), (MAX_COUNTRIES_APART, False), (MAX_COUNTRIES_APART + 1, True)]
)
def test_as_many_countries_as_are_compared_are_answered_and_no_more(countries: int, is_error: bool) -> None:
    chosen = [one for one in open_context().book.countries if one < "CZE"][:countries]

    async def ask() -> Any:
        async with Client(build_server()) as client:
            return await client.call_tool("observations", {"indicator": "ti_cpi", "countries": chosen})

    answer = asyncio.run(ask())
    assert answer.is_error is is_error
    assert ("Name one to 12 countries" in answer.content[0].text) is is_error
