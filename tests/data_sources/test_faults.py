"""Every fault of the way and of the reply, for every publisher, ends in a named finding and leaves no trace."""

import ast
import gzip
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

import data_sources
from data_sources.contract import SeriesRef, Source
from data_sources.errors import Retriable, SourceError
from data_sources.fetching.fetch import Collected, collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.registry import build_sources, list_hosts
from tests.data_sources.server import Publisher, Scripted, bad_gateway, gzipped, json_reply, status
from tests.data_sources.test_source_contract import CASES, EVERY, Case

PATIENT = HttpLimits(
    connect_timeout=5, read_timeout=10, total_timeout=20, attempts=1, backoff=0.01, max_bytes=200_000, max_retry_after=5
)
SHORT = replace(PATIENT, read_timeout=0.1)
"""For replies that never come: what does come is waited for."""
SOON = datetime.now(UTC) + timedelta(hours=1)


@dataclass(frozen=True)
class Fault:
    """What the publisher does, and the findings that may name it."""

    name: str
    reply: Scripted
    codes: tuple[str, ...]
    retriable: bool = False


FAULTS = [
    Fault("no answer", Scripted(drop=True), ("connection_lost",), retriable=True),
    Fault("timeout before headers", json_reply(b"{}", delay=1), ("read_timeout",), retriable=True),
    Fault("stall mid-body", json_reply(b'{"rows": []}', stall=True), ("read_timeout",), retriable=True),
    Fault("body cut short", json_reply(b'{"rows": []}', cut=True), ("connection_lost",), retriable=True),
    Fault("429 with seconds", status(429, Retry_After="900"), ("http_429",), retriable=True),
    Fault("429 with date", status(429, Retry_After=format_datetime(SOON, usegmt=True)), ("http_429",), retriable=True),
    Fault("500", status(500), ("http_500",), retriable=True),
    Fault("502 with HTML", bad_gateway(), ("http_502",), retriable=True),
    Fault("404 for the series", status(404), ("http_404",)),
    Fault("304 unasked", status(304), ("http_304",)),
    Fault("200 with HTML", json_reply(b"<!DOCTYPE html><html>Sign in</html>"),
          ("html_instead_of_json", "html_instead_of_data"), retriable=True),
    Fault("200 with nothing", json_reply(b""), ("empty_body",), retriable=True),
    Fault("gzip bomb", gzipped(b"\0" * 5_000_000), ("too_large",)),
    Fault("gzip in gzip", Scripted(gzip.compress(b"{}"), headers={"Content-Encoding": "gzip, gzip"}),
          ("content_encoding",)),
    Fault("broken gzip", Scripted(b"no gzip", headers={"Content-Encoding": "gzip"}), ("corrupt_encoding",),
          retriable=True),
]  # fmt: skip


def room(publisher: Publisher, case: Case) -> Source:
    return build_sources({case.id: publisher.url + case.base})[case.id]


def serve(publisher: Publisher, case: Case) -> None:
    for path, body in case.replies.items():
        publisher.on(path, json_reply(body))


async def run(source: Source, case: Case, store: RawStore, limits: HttpLimits = PATIENT) -> Collected:
    (task,) = source.plan([SeriesRef(case.series, "an_indicator", options=case.options)])
    async with HttpClient(limits, list_hosts([source])) as client:
        return await collect(client, source, task, store)


@EVERY
@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
async def test_a_fault_is_named_and_the_next_run_is_whole(
    publisher: Publisher, case: Case, store: RawStore, fault: Fault
) -> None:
    source = room(publisher, case)
    for path in case.replies:
        publisher.on(path, fault.reply)
    with pytest.raises(SourceError) as raised:
        await run(source, case, store, SHORT if "read_timeout" in fault.codes else PATIENT)
    assert raised.value.code in fault.codes
    assert isinstance(raised.value, Retriable) == fault.retriable
    assert publisher.url in str(raised.value)
    serve(publisher, case)
    collected = await run(source, case, store)
    assert (collected.parsed.observations.height, collected.unchanged) == (case.rows, False)


@EVERY
async def test_503_then_success_is_no_fault(publisher: Publisher, case: Case, store: RawStore) -> None:
    source = room(publisher, case)
    for path, body in case.replies.items():
        publisher.on(path, status(503), json_reply(body))
    collected = await run(source, case, store, replace(PATIENT, attempts=5))
    assert collected.parsed.observations.height == case.rows


@EVERY
async def test_nobody_there_is_named(publisher: Publisher, case: Case, store: RawStore) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Retriable) as raised:
            await run(build_sources({case.id: closed + case.base})[case.id], case, store)
    assert raised.value.code == "connection_refused"


@EVERY
@pytest.mark.parametrize("body", [b'{"cut": [1, 2', b"\xff\xfe\xfa", b"<?xml version='1.0'?><error/>"])
async def test_what_is_no_answer_is_named_and_forgotten(
    publisher: Publisher, case: Case, store: RawStore, body: bytes
) -> None:
    source = room(publisher, case)
    for path in case.replies:
        publisher.on(path, json_reply(body, headers={"ETag": '"1"'}))
    with pytest.raises(SourceError) as raised:
        await run(source, case, store)
    assert re.fullmatch(r"[a-z0-9_]+", raised.value.code)
    publisher.headers.clear()
    serve(publisher, case)
    await run(source, case, store)
    assert not any("if-none-match" in headers for headers in publisher.headers)


@EVERY
async def test_a_second_run_transfers_nothing(publisher: Publisher, case: Case, store: RawStore) -> None:
    source = room(publisher, case)
    for path, body in case.replies.items():
        publisher.on(path, json_reply(body, headers={"ETag": '"1"'}))
    first = await run(source, case, store)
    sent = publisher.bytes_sent
    again = await run(source, case, store)
    assert again.unchanged
    assert again.parsed.observations.equals(first.parsed.observations)
    if not any(publisher.bodies):  # a POST knows no conditions
        assert publisher.bytes_sent == sent


async def test_a_fault_takes_no_longer_than_allowed(publisher: Publisher, store: RawStore) -> None:
    publisher.on("/country/all/indicator/IT.NET.USER.ZS", json_reply(b" " * 500, drip=0.01))
    case = next(case for case in CASES if case.id == "world_bank")
    start = time.monotonic()
    with pytest.raises(Retriable) as raised:
        await run(room(publisher, case), case, store, replace(PATIENT, total_timeout=0.5))
    assert raised.value.code == "total_timeout"
    assert time.monotonic() - start < 2


IN_THEIR_ROOMS = ("open_sdg", "sdmx", "components.py", "records.py", "sites.py", "site_choice.py")
"""Whose findings stand in the READMEs of those rooms."""
RAISED = ("Retriable", "Rejected", "Changed", "Finding", "add", "reject")


def codes() -> Iterator[tuple[str, str]]:
    """Every finding id that is written out in this library, with its file."""
    folder = Path(data_sources.__file__).parent
    for path in folder.rglob("*.py"):
        if path.relative_to(folder).parts[0] in IN_THEIR_ROOMS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                first = node.args[0]
                if called in RAISED and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, path.name


def test_every_finding_is_in_the_table_of_faults() -> None:
    table = (Path(data_sources.__file__).parents[1] / "docs" / "faults.md").read_text(encoding="utf-8")
    found = dict(codes())
    assert {"disk_full", "clock_skew", "http_429"} <= set(re.findall(r"`([a-z0-9_]+)`", table))
    assert {code: file for code, file in found.items() if f"`{code}`" not in table} == {}
