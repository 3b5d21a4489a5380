# ruff: noqa: E501 - a hostile message stands on one line
"""Assistants by the SDK's own client: questions whose answers were read from the files, and those that have none."""

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tests.open import Figure, show, use_embedded
from tests.open.published import Published, list_indicators, read_names, read_published

ANSWERED, UNANSWERED = 320, 240
"""Questions of each kind."""

MOST_SCHEMAS = 14_000
"""Bytes of all tools' schemas together."""

CARRIED = (
    "claim_id",
    "source",
    "edition",
    "vintage",
    "evidence_level",
    "caution",
    "error",
    "text",
    "period",
    "status",
)
"""What goes with every number."""

CAUSES = (
    "Did the adoption of the ASAN model cause the fall of bribery in {}?", "Why did the CPI of {} rise?",
    "What is the impact of service centres on trust in {}?", "Is corruption in {} lower thanks to ASAN?",
    "Was the growth of Internet users in {} due to one-stop shops?", "What effect of ASAN on satisfaction is there in {}?",
)  # fmt: skip
NOWHERE = ("Narnia", "Wakanda", "Freedonia", "Ruritania", "Elbonia", "Genovia", "Zubrowka", "Latveria")


@dataclass(frozen=True)
class Question:
    """A call of a tool, and what the files say of it: a figure, or a kind of nothing."""

    tool: str
    arguments: dict[str, Any]
    claim_id: str = ""
    value: float | None = None
    edition: str = ""
    nothing: str = ""


def make_questions(folder: Path, facts: Published, seed: int = 16) -> list[Question]:
    """Questions from the published files alone."""
    chance = random.Random(seed)
    held = [fact for fact in facts.now.values() if fact.value is not None]
    answered = [
        Question("observations", _of(one.indicator, one.country, one.year), one.id, one.value, one.edition)
        for one in chance.sample(held, ANSWERED - 60)
    ]
    latest = {(one.indicator, one.country): one for one in sorted(held, key=lambda one: one.year)}
    undated = _list_undated(folder)
    for one in chance.sample([one for key, one in latest.items() if key not in undated], 60):
        asked = {"indicators": [one.indicator], "countries": [one.country]}
        answered.append(Question("compare", asked, one.id, one.value, one.edition))
    return answered + _make_unanswerable(facts, chance, undated)


def _of(indicator: str, country: str, year: int) -> dict[str, Any]:
    return {"indicator": indicator, "countries": [country], "first": year, "last": year}


def _make_unanswerable(facts: Published, chance: random.Random, undated: set[tuple[str, str]]) -> list[Question]:
    """Gap years, countries and indicators without a figure, figures withheld, words nobody knows, and causes."""
    with_figures = {
        (one.indicator, one.country) for one in facts.now.values() if one.value is not None or one.status == "censored"
    }
    measured = sorted({indicator for indicator, _ in with_figures})
    countries = sorted(read_names("en"))
    gaps = [
        (indicator, country, year)
        for indicator, country in sorted(with_figures)
        for years in [facts.years(indicator, country)]
        for year in range(min(years, default=2025), max(years, default=2000))
        if (indicator, country, year) not in facts.now
    ]
    asked = [Question("observations", _of(*gap), nothing="not_for_year") for gap in chance.sample(gaps, 60)]
    ahead = chance.sample(sorted(with_figures), 20)
    asked += [Question("observations", _of(i, c, 2049), nothing="not_for_year") for i, c in ahead]
    never = [row["id"] for row in list_indicators() if row["id"] not in {i for i, _ in with_figures | undated}]
    asked += [
        Question("observations", _of(chance.choice(never), chance.choice(countries), 2021), nothing="not_measured")
        for _ in range(40)
    ]
    elsewhere = [(i, c) for i in measured for c in countries if (i, c) not in with_figures | undated]
    elsewhere = [(i, c) for i, c in elsewhere if not any((i, c, year) in facts.now for year in range(1950, 2030))]
    asked += [
        Question("observations", {"indicator": i, "countries": [c]}, nothing="not_in_country")
        for i, c in chance.sample(elsewhere, 40)
    ]
    withheld = [key for key, one in sorted(facts.now.items()) if one.value is None and one.status != "censored"]
    asked += [
        Question("observations", _of(*key), nothing="withheld" if key[0] in measured else "not_measured")
        for key in chance.sample(withheld, min(20, len(withheld)))
    ]
    for name in NOWHERE:
        asked.append(Question("observations", {"indicator": "ti_cpi", "countries": [name]}, nothing="unknown_word"))
        asked.append(Question("search", {"query": f"{name} happiness"}, nothing="unknown_word"))
        asked.append(Question("progress", {"indicator": "ti_cpi", "country": name}, nothing="unknown_word"))
        asked.append(Question("indicator", {"indicator": f"{name.lower()}_index"}, nothing="unknown_word"))
    names = read_names("en")
    while len(asked) < UNANSWERED:
        query = chance.choice(CAUSES).format(names[chance.choice(countries)])
        asked.append(Question("search", {"query": query}, nothing="not_measured"))
    return asked


def _list_undated(folder: Path) -> set[tuple[str, str]]:
    """Indicator and country that have a figure without a year, which is no answer to a question for one."""
    version = folder / "versions" / (folder / "CURRENT").read_text().split()[0]
    found: set[tuple[str, str]] = set()
    for path in sorted((version / "observations").rglob("*.parquet")):
        rows = pl.read_parquet(path).filter(pl.col("year").is_null(), pl.col("primary"), pl.col("superseded").is_null())
        found |= set(rows.select("indicator", "country").iter_rows())
    return found


def is_right(question: Question, answer: Any) -> bool:
    """Whether an answer is the file's figure with all that goes with it, or the kind of nothing it is, and says so."""
    told = answer.structured_content or {}
    figures = told.get("figures", [])
    if question.claim_id:
        found = next((one for one in figures if one["claim_id"] == question.claim_id), None)
        return bool(
            found
            and len(figures) == 1
            and found["value"] == question.value
            and all(name in found for name in CARRIED)
            and all(found[name] for name in ("source", "edition", "vintage", "evidence_level", "error"))
            and told["citation"]
        )
    nothing = told.get("nothing") or next((one["nothing"] for one in told.get("missing", [])), {})
    refused = (
        answer.is_error is True
        if question.nothing == "unknown_word" and question.tool != "search"
        else not answer.is_error
    )
    return nothing.get("kind") == question.nothing and bool(nothing.get("advice")) and not figures and refused


async def ask_all(questions: list[Question]) -> tuple[int, list[Question], dict[str, int]]:
    """How many were right, those that were not, and how many each era of the protocol answered."""
    from mcp import Client

    from dashboard.interfaces.api.assistants.server import build_server

    wrong: list[Question] = []
    eras: Counter[str] = Counter()
    right = 0
    for mode, part in (("legacy", questions[::2]), ("auto", questions[1::2])):
        async with Client(build_server(), mode=mode) as client:
            for question in part:
                answer = await client.call_tool(question.tool, question.arguments)
                if is_right(question, answer):
                    right += 1
                    eras[mode] += 1
                else:
                    wrong.append(question)
    return right, wrong, dict(eras)


async def measure_schemas() -> int:
    """Bytes of what a client is given of all tools."""
    from mcp import Client

    from dashboard.interfaces.api.assistants.server import build_server

    async with Client(build_server()) as client:
        tools = (await client.list_tools()).tools
    return len(json.dumps([one.model_dump(by_alias=True, exclude_none=True) for one in tools]).encode())


HOSTILE: tuple[bytes, ...] = (
    b"", b"{", b"null", b"[]", b"[[[[", b'"x"', b"{}", b'{"jsonrpc":"2.0"}', b'{"jsonrpc":"1.0","id":1,"method":"ping"}',
    b'{"jsonrpc":"2.0","id":1,"method":"no/such/method"}', b'{"jsonrpc":"2.0","id":{},"method":"ping"}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call"}', b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"no_such_tool","arguments":{}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":5}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"observations","arguments":{"indicator":"\\u0000","countries":["x"]}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"observations","arguments":{"indicator":"ti_cpi","countries":[],"first":1e400}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"observations","arguments":{"indicator":"ti_cpi","countries":["KAZ"],"as_of":"0000-99-99"}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"verify","arguments":{"text":""}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"chart","arguments":{"kind":"../../etc","indicator":"ti_cpi","countries":["KAZ"]}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"provenance","arguments":{"claim_id":"\' OR 1=1 --"}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///etc/passwd"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"9999"}}',
    b"\xff\xfe\x00", b'{"a":' * 5_000, b"[" * 100_000, b'{"jsonrpc":"2.0","id":1,"method":"' + b"x" * 900_000 + b'"}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":"' + b"y" * 1_000_000 + b'"}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"observations","arguments":{"indicator":"ti_cpi","countries":["\\ud800"]}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"verify","arguments":{"text":"\\ud800 scored 40 in 2024"}}}',
    b" " * (2**20 + 1),
)  # fmt: skip
"""Bodies that no client sends."""

HEADERS: tuple[dict[str, str], ...] = (
    {"content-type": "application/json", "accept": "application/json, text/event-stream"},
    {"content-type": "application/json", "accept": "application/json, text/event-stream", "mcp-protocol-version": "2026-07-28",
     "mcp-method": "tools/call", "mcp-name": "search"},
    {"content-type": "text/plain", "accept": "text/html"},
    {"content-type": "application/json", "accept": "application/json", "mcp-protocol-version": "x" * 500, "mcp-session-id": "\x7f"},
)  # fmt: skip


async def send_hostile() -> Counter[int]:
    """How often each status was answered to what no client sends."""
    import httpx

    from dashboard.interfaces.api.assistants.endpoint import ENDPOINT
    from dashboard.interfaces.desk.site import api

    tally: Counter[int] = Counter()
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    async with ENDPOINT.served(), httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for body in HOSTILE:
            for headers in HEADERS:
                tally[(await client.post("/mcp", content=body, headers=headers)).status_code] += 1
        for method in ("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"):
            # a stream that is asked for is refused: nobody is told anything unasked
            answer = client.request(method, "/mcp", headers={"accept": "application/json"})
            tally[(await asyncio.wait_for(answer, 20)).status_code] += 1
    return tally


async def ask_over_http(mode: str) -> tuple[int, str]:
    """The status of a POST to ``/mcp`` itself, and the text of an answer, by the SDK's client over HTTP."""
    import httpx2
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    from dashboard.interfaces.api.assistants.endpoint import ENDPOINT
    from dashboard.interfaces.desk.site import api

    transport = httpx2.ASGITransport(app=api)
    async with ENDPOINT.served(), httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
        ping = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        status = (await http.post("/mcp", json=ping, headers=HEADERS[0])).status_code
        async with Client(streamable_http_client("http://localhost/mcp", http_client=http), mode=mode) as client:
            answer = await client.call_tool("search", {"query": "Corruption Perceptions Index"})
    return status, answer.content[0].text  # type: ignore[union-attr]


def run(folder: Path | None = None) -> Iterator[Figure]:
    """Publish the embedded dataset, write questions of it, and ask them.

    Args:
        folder: a data folder that has a published dataset; None: one is made.
    """
    with use_embedded(folder) as data:
        questions = make_questions(data / "dataset", read_published(data / "dataset"))
        without = sum(bool(one.nothing) for one in questions)
        right, wrong, eras = asyncio.run(ask_all(questions))
        for question in wrong[:10]:
            sys.stdout.write(f"       wrong: {question}\n")
        yield Figure("questions", len(questions), at_least=500)
        yield Figure("of them without an answer", without, at_least=200)
        yield Figure("answered or refused wrongly", len(questions) - right, at_most=0)
        yield Figure("answered in the era of the handshake", eras.get("legacy", 0), at_least=250)
        yield Figure("answered in the era without", eras.get("auto", 0), at_least=250)
        yield Figure("schemas of all tools", asyncio.run(measure_schemas()), at_most=MOST_SCHEMAS, unit="bytes")
        for mode in ("legacy", "auto"):
            status, text = asyncio.run(ask_over_http(mode))
            yield Figure(f"status of a POST to /mcp ({mode})", status, at_least=200, at_most=200)
            yield Figure(f"answers over HTTP ({mode})", "ti_cpi" in text, at_least=1)
        tally = asyncio.run(send_hostile())
        yield Figure("hostile messages", sum(tally.values()), at_least=100)
        yield Figure("server errors", sum(n for status, n in tally.items() if status >= 500), at_most=0)


if __name__ == "__main__":
    sys.exit(show(run()))
