"""The client waits, tries again and gives up as it should, over real connections."""

import asyncio
import gzip
import hashlib
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from data_sources.contract import Request
from data_sources.errors import Changed, Rejected, Retriable, SourceError
from data_sources.fetching.http import HttpClient, HttpLimits
from tests.data_sources.server import Publisher, Scripted, bad_gateway, gzipped, json_reply, status
from tests.given import raising

QUICK = HttpLimits(
    connect_timeout=0.5, read_timeout=0.2, total_timeout=0.5, max_bytes=100_000, attempts=3, max_retry_after=2.0,
    backoff=0.01, user_agent="test/1",
)  # fmt: skip


PATIENT = replace(QUICK, connect_timeout=5, read_timeout=10, total_timeout=20)
"""For what must succeed or fail at once, however busy the machine is."""


@pytest.fixture
async def client(publisher: Publisher) -> AsyncIterator[HttpClient]:
    async with HttpClient(PATIENT, {publisher.host: 4}) as opened:
        yield opened


async def failure(client: HttpClient, url: str) -> SourceError:
    with pytest.raises(SourceError) as raised:
        await client.get(Request(url))
    assert raised.value.url is None or raised.value.url in str(raised.value)
    return raised.value


async def test_a_reply_is_given_byte_for_byte(publisher: Publisher, client: HttpClient) -> None:
    publisher.on("/data", gzipped(b'{"a": 1}'))
    reply = await client.get(Request(f"{publisher.url}/data?x=1", {"area": ["31", "268"], "y": "2"}))
    assert (reply.body, reply.sha256) == (b'{"a": 1}', hashlib.sha256(b'{"a": 1}').hexdigest())
    assert reply.status == 200
    assert publisher.asked == [("/data", {"x": ["1"], "area": ["31", "268"], "y": ["2"]})]
    assert publisher.headers[0]["user-agent"] == "test/1"
    assert datetime.now(UTC) - reply.retrieved_at < timedelta(seconds=5)


@pytest.mark.parametrize("fault", [status(503), bad_gateway(), Scripted(drop=True), status(500)])
async def test_a_passing_fault_is_tried_again(publisher: Publisher, client: HttpClient, fault: Scripted) -> None:
    publisher.on("/data", fault, fault, json_reply(b"{}"))
    assert (await client.get(Request(f"{publisher.url}/data"))).body == b"{}"
    assert len(publisher.asked) == 3


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (status(503), "http_503"),
        (bad_gateway(), "http_502"),
        (status(429), "http_429"),
        (Scripted(drop=True), "connection_lost"),
        (json_reply(b'{"rows": []}', cut=True), "connection_lost"),
        (json_reply(b"{}", stall=True), "read_timeout"),
        (json_reply(b"{}", delay=1), "read_timeout"),
        (json_reply(b" " * 200, drip=0.01), "total_timeout"),
        (Scripted(b"no gzip", headers={"Content-Encoding": "gzip"}), "corrupt_encoding"),
    ],
)
async def test_a_lasting_fault_is_named(publisher: Publisher, fault: Scripted, code: str) -> None:
    publisher.on("/data", fault)
    limits = QUICK if code.endswith("_timeout") else PATIENT
    async with HttpClient(replace(limits, attempts=2), {publisher.host: 1}) as client:
        error = await failure(client, f"{publisher.url}/data")
    assert isinstance(error, Retriable)
    assert error.code == code
    assert len(publisher.asked) == 2


@pytest.mark.parametrize("code", [400, 401, 404])
async def test_a_refusal_is_not_tried_again(publisher: Publisher, client: HttpClient, code: int) -> None:
    publisher.on("/data", status(code))
    error = await failure(client, f"{publisher.url}/data")
    assert isinstance(error, Rejected)
    assert error.code == f"http_{code}"
    assert len(publisher.asked) == 1


async def test_an_odd_status_is_a_change(publisher: Publisher, client: HttpClient) -> None:
    publisher.on("/data", status(204))
    error = await failure(client, f"{publisher.url}/data")
    assert isinstance(error, Changed)
    assert error.code == "http_204"


@pytest.mark.parametrize("code", [429, 503])
async def test_retry_after_in_seconds_is_obeyed(publisher: Publisher, client: HttpClient, code: int) -> None:
    publisher.on("/data", status(code, Retry_After="1"), json_reply(b"{}"))
    start = time.monotonic()
    await client.get(Request(f"{publisher.url}/data"))
    assert time.monotonic() - start >= 1


async def test_retry_after_as_a_date_is_obeyed(publisher: Publisher, client: HttpClient) -> None:
    when = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    publisher.on("/data", status(429, Retry_After=format_datetime(when, usegmt=True)), json_reply(b"{}"))
    await client.get(Request(f"{publisher.url}/data"))
    assert datetime.now(UTC) >= when


@pytest.mark.parametrize(
    "wait", ["3600", format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)], ids=["seconds", "date"]
)
async def test_a_long_retry_after_is_a_failure_at_once(publisher: Publisher, client: HttpClient, wait: str) -> None:
    publisher.on("/data", status(429, Retry_After=wait))
    error = await failure(client, f"{publisher.url}/data")
    assert error.code == "http_429"
    assert "gather again later" in str(error)
    assert len(publisher.asked) == 1


@pytest.mark.parametrize("wait", ["0", "soon", "Thu, 01 Jan 1970 00:00:00 GMT"])
async def test_a_past_or_odd_retry_after_does_no_harm(publisher: Publisher, client: HttpClient, wait: str) -> None:
    publisher.on("/data", status(429, Retry_After=wait), json_reply(b"{}"))
    assert (await client.get(Request(f"{publisher.url}/data"))).body == b"{}"


@pytest.mark.parametrize(
    "reply",
    [
        Scripted(b"x" * 100_001),
        gzipped(b"\0" * 20_000_000),
        Scripted(gzip.compress(gzip.compress(b"\0" * 20_000_000)), headers={"Content-Encoding": "gzip, gzip"}),
    ],
    ids=["large", "gzip bomb", "gzip in gzip"],
)
async def test_too_much_is_not_swallowed(publisher: Publisher, client: HttpClient, reply: Scripted) -> None:
    publisher.on("/data", reply)
    error = await failure(client, f"{publisher.url}/data")
    assert isinstance(error, Changed)
    assert error.code in ("too_large", "content_encoding")
    assert len(publisher.asked) == 1


async def test_only_the_publishers_hosts_are_asked(publisher: Publisher, client: HttpClient) -> None:
    for url in ("http://127.0.0.1:9/", "https://example.org/", "file:///etc/passwd", f"http://u:p@{publisher.host}/"):
        error = await failure(client, url)
        assert error.code == "host_not_allowed"
        assert "u:p" not in str(error)
    assert publisher.asked == []


async def test_redirects_stay_with_the_publisher(publisher: Publisher, client: HttpClient) -> None:
    publisher.on("/old", status(301, Location="/new"))
    publisher.on("/new", json_reply(b"{}"))
    publisher.on("/away", status(302, Location="http://169.254.169.254/latest"))
    publisher.on("/round", status(302, Location="/round"))
    assert (await client.get(Request(f"{publisher.url}/old"))).url == f"{publisher.url}/new"
    assert (await failure(client, f"{publisher.url}/away")).code == "redirect_not_allowed"
    assert (await failure(client, f"{publisher.url}/round")).code == "too_many_redirects"


async def test_nobody_at_the_address_is_said(publisher: Publisher) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{taken.getsockname()[1]}"  # bound, not listening
        async with HttpClient(QUICK, {host: 1, "no-such-host.invalid": 1}) as client:
            assert (await failure(client, f"http://{host}/")).code == "connection_refused"


async def test_an_unknown_name_is_said(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", raising(socket.gaierror(socket.EAI_NONAME, "Name or service not known")))
    async with HttpClient(QUICK, {"no-such-host.invalid": 1}) as client:
        assert (await failure(client, "http://no-such-host.invalid/")).code == "dns_failure"


async def test_a_host_bears_only_so_many_at_once(publisher: Publisher) -> None:
    publisher.on("/data", json_reply(b"{}", delay=0.05))
    async with HttpClient(PATIENT, {publisher.host: 2}) as client:
        await asyncio.gather(*(client.get(Request(f"{publisher.url}/data")) for _ in range(6)))
    assert publisher.most_at_once == 2


async def test_an_optional_request_is_asked_once(publisher: Publisher, client: HttpClient) -> None:
    publisher.on("/list", json_reply(b"[]", delay=0.05))
    request = Request(f"{publisher.url}/list", key="release", optional=True)
    await asyncio.gather(*(client.get(request) for _ in range(5)))
    await client.get(request)
    assert publisher.paths() == ["/list"]


async def test_a_check_can_ask_for_another_try(publisher: Publisher, client: HttpClient) -> None:
    def look(reply: object) -> None:
        if len(publisher.asked) == 1:
            raise Retriable("truncated_json", "cut")

    publisher.on("/data", json_reply(b"{}"))
    await client.get(Request(f"{publisher.url}/data"), check=look)
    assert len(publisher.asked) == 2
