"""Assistants: figures with all that goes with them, each kind of nothing, and a server that nothing takes down."""

import asyncio
import random
import subprocess
import sys
from typing import Any

import httpx
import pytest
from mcp import Client
from starlette.routing import Route

from dashboard.interfaces.api.assistants import answers
from dashboard.interfaces.api.assistants.endpoint import PATH, AssistantEndpoint
from dashboard.interfaces.api.assistants.server import CHART_APP, build_server
from dashboard.interfaces.desk.site import api
from dashboard.settings import Settings
from tests.checks import all_of
from tests.open import assistants as asked
from tests.open.published import read_published

pytestmark = pytest.mark.usefixtures("embedded")


def _call(tool: str, **arguments: Any) -> Any:
    async def call() -> Any:
        async with Client(build_server()) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(call())


def test_questions_are_answered_as_the_files_say_or_rightly_refused(embedded: Settings) -> None:
    folder = embedded.dataset_dir
    questions = asked.make_questions(folder, read_published(folder))
    assert len(questions) >= 500
    assert sum(bool(one.nothing) for one in questions) >= 200
    right, wrong, eras = asyncio.run(asked.ask_all(random.Random(3).sample(questions, 60)))
    assert (right, wrong) == (60, [])
    assert set(eras) == {"legacy", "auto"}


def test_the_schemas_of_all_tools_are_short_and_every_tool_only_reads() -> None:
    async def listed() -> Any:
        async with Client(build_server()) as client:
            return (await client.list_tools()).tools

    tools = asyncio.run(listed())
    assert {one.name for one in tools} == {
        "search", "indicator", "observations", "compare", "pairs", "changes", "peers", "effects", "disagreements",
        "progress", "adoption", "claims", "provenance", "method",
        "verify", "chart",
    }  # fmt: skip
    assert all_of(one.annotations.read_only_hint for one in tools)
    assert asyncio.run(asked.measure_schemas()) <= asked.MOST_SCHEMAS


def test_the_chart_names_the_app_that_shows_it_and_gives_its_picture_to_all() -> None:
    async def read() -> tuple[dict[str, Any], str, str]:
        async with Client(build_server()) as client:
            (tool,) = [one for one in (await client.list_tools()).tools if one.name == "chart"]
            page = (await client.read_resource(CHART_APP)).contents[0]
            return tool.meta or {}, page.mime_type or "", page.text  # type: ignore[union-attr]

    meta, media, text = asyncio.run(read())
    assert meta == {"ui": {"resourceUri": CHART_APP}}
    assert media == "text/html;profile=mcp-app"
    assert "http://" not in text
    assert "https://" not in text, "it asks nobody for anything"
    answer = _call("chart", kind="trend", indicator="wgi_cc", countries=["AZE"])
    assert [part.type for part in answer.content] == ["text", "image"]


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_both_eras_are_answered_at_the_address_itself(mode: str) -> None:
    status, text = asyncio.run(asked.ask_over_http(mode))
    assert status == 200
    assert '"ti_cpi"' in text


def test_nothing_that_is_sent_is_a_server_error() -> None:
    tally = asyncio.run(asked.send_hostile())
    assert {status for status in tally if status >= 500} == set()
    assert tally[413] == len(asked.HEADERS)


def test_the_address_says_that_nobody_is_there_before_the_start() -> None:
    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app=api)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.post(PATH, json={})

    assert asyncio.run(post()).status_code == 503
    assert [one for one in api.routes if isinstance(one, Route) and one.path == PATH]


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "HEAD"])
async def test_no_stream_is_opened_and_no_session_ended(method: str) -> None:
    transport = httpx.ASGITransport(app=AssistantEndpoint())
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.request(method, PATH, headers={"Accept": "text/event-stream"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_the_first_message_brings_the_server_and_a_product_can_begin_again() -> None:
    """Started in a process of its own: neither the product nor its command imports the protocol before it is asked."""
    code = """
import asyncio, sys, httpx
import dashboard.app
from dashboard.interfaces.api.assistants.endpoint import ENDPOINT, PATH
from dashboard.interfaces.desk.site import api
assert "mcp" not in sys.modules
transport = httpx.ASGITransport(app=api)
PING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
TAKES = {"accept": "application/json, text/event-stream"}
async def life(messages):
    async with ENDPOINT.served(), httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answers = await asyncio.gather(*(client.post(PATH, json=PING, headers=TAKES) for _ in range(messages)))
        return [len(answer.json()["result"]["tools"]) for answer in answers]
print(asyncio.run(life(0)), asyncio.run(life(5)), asyncio.run(life(1)))
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert ended.stdout.strip() == "[] [16, 16, 16, 16, 16] [16]", ended.stderr


def test_an_unknown_id_is_refused_with_suggestions() -> None:
    answer = _call("indicator", indicator="ti_cp")
    assert answer.is_error
    assert answer.structured_content["suggestions"] == ["ti_cpi"]
    assert answer.structured_content["nothing"]["kind"] == "unknown_word"


def test_a_word_that_is_unknown_is_asked_again_and_no_figure_is_denied() -> None:
    told = _call("search", query="Kazakstan corruption perceptions").structured_content
    assert "Ask again" in told["nothing"]["advice"]
    assert ("ti_cpi", "KAZ") in {(one.get("indicator"), one.get("country")) for one in told["near"]}


@pytest.mark.parametrize("query", ["service attributes", "agency responsible for statistics"])
def test_a_word_of_an_indicator_is_no_question_about_causes(query: str) -> None:
    assert _call("search", query=query).structured_content.get("nothing", {}).get("kind") != "not_measured"


def test_all_years_with_a_figure_are_named_where_another_is_asked_for() -> None:
    told = _call("observations", indicator="ti_cpi", countries=["KAZ"], first=1990, last=2000).structured_content
    nothing = told["missing"][0]["nothing"]
    assert nothing["years"] == list(range(2012, 2026))
    assert "Years with a figure: 2012 to 2025." in nothing["text"]


def test_a_chart_without_a_figure_says_which_kind_of_nothing_it_is() -> None:
    told = _call("chart", kind="trend", indicator="ti_cpi", countries=["KAZ"], first=1950, last=1960).structured_content
    assert [one["nothing"]["kind"] for one in told["missing"]] == ["not_for_year"]


def test_years_in_the_wrong_order_and_a_day_without_a_dataset_are_refused() -> None:
    turned = _call("compare", indicators=["ti_cpi"], countries=["KAZ"], first=2025, last=2020)
    early = _call("observations", indicator="ti_cpi", countries=["KAZ"], as_of="2000-01-01")
    assert turned.is_error
    assert early.is_error
    assert "2000-01-01" in early.structured_content["nothing"]["text"]


def test_a_status_never_comes_without_its_method_and_figures() -> None:
    told = _call("progress", indicator="wgi_cc", country="GEO", method="all").structured_content
    assert len(told["statuses"]) == 9
    assert all_of(one["method"] and one["method_name"] for one in told["statuses"])
    assert {one["period"] for one in told["figures"]} >= {str(told["statuses"][0]["latest_year"])}
    assert all_of(one["claim_id"] for one in told["figures"])


def test_a_chart_is_a_picture_and_the_rows_in_it() -> None:
    answer = _call("chart", kind="trend", indicator="ti_cpi", countries=["KAZ"], first=2020, last=2024)
    text, image = answer.content
    assert (text.type, image.type, image.mime_type) == ("text", "image", "image/png")
    figures = answer.structured_content["figures"]
    assert [one["period"] for one in figures] == ["2020", "2021", "2022", "2023", "2024"]
    assert all_of(one["claim_id"] and one["error"] for one in figures)
    assert answer.structured_content["citation"]
    assert _call("chart", kind="pie", indicator="ti_cpi", countries=["KAZ"]).is_error


def test_a_text_is_verified() -> None:
    (one,) = _call("verify", text="Kazakhstan scored 44 on the CPI in 2024.").structured_content["numbers"]
    assert (one["difference"], one["ours"]["value"]) == (4.0, 40.0)


@pytest.mark.parametrize("tool", ["adoption", "claims", "method"])
def test_what_needs_no_word_is_answered_without_one(tool: str) -> None:
    assert not _call(tool).is_error


def test_the_way_of_a_figure_is_traced() -> None:
    (figure,) = _call("observations", indicator="ti_cpi", countries=["KAZ"], first=2024, last=2024).structured_content[
        "figures"
    ]
    told = _call("provenance", claim_id=figure["claim_id"]).structured_content
    assert told["figure"]["claim_id"] == figure["claim_id"]
    assert told["received"]["sha256"]


def test_an_answer_has_only_so_many_figures_and_says_so() -> None:
    told = _call(
        "observations", indicator="ti_cpi", countries=["KAZ", "GEO", "UZB", "AZE", "KGZ", "ROU"]
    ).structured_content
    assert len(told["figures"]) == answers.MAX_FIGURES
    assert told["cut"]
