"""Connections that ask slowly, too much or not at all are closed; those that ask as clients do are answered."""

import asyncio
import base64
import contextlib
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn

from dashboard.interfaces.protection import metrics, protocols

IDLE = 0.3

BEGUN: list[str] = []
"""The paths asked for, in the order in which they began."""

LONG = 2**25
"""Bytes of an answer that no buffer of a system takes whole."""


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A port where an app listens that says how much it was sent, and speaks by websocket."""
    monkeypatch.setattr(protocols, "IDLE_S", IDLE)
    monkeypatch.setattr(protocols, "BODY_PAUSE_S", 4 * IDLE)
    monkeypatch.setattr(protocols, "BODY_S", 12 * IDLE)
    config = uvicorn.Config(_app, port=0, http=protocols.Protocol, ws=protocols.Socket, lifespan="off", log_config=None)
    config.timeout_keep_alive = IDLE  # type: ignore[assignment]  # a part of a second
    socket = config.bind_socket()
    server = uvicorn.Server(config)
    going = asyncio.create_task(server.serve(sockets=[socket]))
    while not server.started:  # noqa: ASYNC110 - nobody is told
        await asyncio.sleep(0.01)
    yield socket.getsockname()[1]
    server.should_exit = True
    await going


async def _app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            if message["text"] == "long":
                await send({"type": "websocket.send", "text": "x" * LONG})
                return
            await send({"type": "websocket.send", "text": message["text"]})
        return
    BEGUN.append(scope["path"])
    if scope["path"] == f"/{LONG}":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % LONG)]})
        await send({"type": "http.response.body", "body": b"x" * LONG})
        return
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message["body"]), message["more_body"]
    body = str(size).encode()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(body)).encode())]}
    )
    await send({"type": "http.response.body", "body": body})


@contextlib.asynccontextmanager
async def _connected(port: int, room: int = 2**16) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection; ``room``: bytes that are read before anybody asks for them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=room)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def _rest(reader: asyncio.StreamReader) -> bytes:
    """What comes until the connection is closed, which has to be soon; politely or, while we still write, not."""
    heard = b""
    async with asyncio.timeout(20 * IDLE):
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(4096):
                heard += piece
    return heard


async def _dribble(writer: asyncio.StreamWriter, piece: bytes) -> None:
    """Write a little again and again, until the other side has gone."""
    with contextlib.suppress(ConnectionError):
        while True:
            await asyncio.sleep(IDLE / 10)
            writer.write(piece)
            await writer.drain()


async def test_a_connection_that_asks_nothing_is_closed(port: int) -> None:
    async with _connected(port) as (reader, _):
        assert await _rest(reader) == b""


@pytest.mark.parametrize("piece", [b"x-a: b\r\n", b"a", b""], ids=["headers", "a header", "nothing"])
async def test_a_head_that_does_not_end_is_cut_however_much_comes(port: int, piece: bytes) -> None:
    async with _connected(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n")
        dribbling = asyncio.create_task(_dribble(writer, piece))
        assert await _rest(reader) == b""
        dribbling.cancel()


async def test_blank_lines_after_an_answer_do_not_keep_a_connection_open(port: int) -> None:
    async with _connected(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        dribbling = asyncio.create_task(_dribble(writer, b"\r\n"))
        assert (await _rest(reader)).startswith(b"HTTP/1.1 200 ")
        dribbling.cancel()


@pytest.mark.parametrize("piece", [protocols.MAX_HEAD_BYTES + 100, 1000], ids=["at once", "in pieces"])
async def test_too_long_a_head_is_refused_with_a_reason(port: int, piece: int) -> None:
    async with _connected(port) as (reader, writer):
        head = b"GET / HTTP/1.1\r\nhost: a\r\nx-long: " + b"y" * protocols.MAX_HEAD_BYTES
        for at in range(0, len(head), piece):
            writer.write(head[at : at + piece])
            await asyncio.sleep(0.001)
        answer = await _rest(reader)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert answer.endswith(b"The head of the request is too long.")


async def test_a_body_may_take_its_time_and_the_next_question_finds_the_connection_open(port: int) -> None:
    async with _connected(port) as (reader, writer):
        for _ in range(2):
            writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n")
            for _ in range(5):
                await asyncio.sleep(IDLE / 2.5)
                writer.write(b"x")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
            assert await reader.readexactly(1) == b"5"
            await asyncio.sleep(IDLE / 2)


async def _shaken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Shake hands for a websocket."""
    key = base64.b64encode(os.urandom(16))
    writer.write(
        b"GET / HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        b"sec-websocket-version: 13\r\nsec-websocket-key: " + key + b"\r\n\r\n"
    )
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")


async def test_a_body_that_does_not_come_ends_the_connection(port: int) -> None:
    async with _connected(port) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
        assert await _rest(reader) == b""


async def test_a_body_that_comes_without_end_ends_the_connection(port: int) -> None:
    async with _connected(port) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
        dribbling = asyncio.create_task(_dribble(writer, b"x"))
        assert await _rest(reader) == b""
        await dribbling


@pytest.mark.parametrize(("many", "answered"), [(20, 20), (20_000, 0)])
async def test_who_asks_on_and_on_without_taking_an_answer_is_cut(port: int, many: int, answered: int) -> None:
    async with _connected(port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * many)
        heard = await _rest(reader)
    assert heard.count(b" 200 OK") >= answered
    assert (heard.count(b" 400 Bad Request"), heard.count(b" 200 OK") < 1000) == (int(many > 1000), True)


async def test_a_websocket_is_not_idle(port: int) -> None:
    async with _connected(port) as (reader, writer):
        await _shaken(reader, writer)
        await asyncio.sleep(3 * IDLE)
        writer.write(b"\x81\x82\x00\x00\x00\x00hi")  # a masked text of two letters
        assert await asyncio.wait_for(reader.readexactly(4), 5) == b"\x81\x02hi"


def count_stalled() -> float:
    return sum(
        one.value for metric in metrics.CUT.collect() for one in metric.samples
        if one.name.endswith("_total") and "stalled" in one.labels.values()
    )  # fmt: skip


async def test_who_takes_nothing_of_an_answer_is_cut_and_who_takes_it_slowly_is_not(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocols, "STALLED_S", IDLE)
    cut = count_stalled()
    ask = f"GET /{LONG} HTTP/1.1\r\nhost: a\r\n\r\n".encode()
    async with _connected(port) as (reader, writer):
        writer.write(ask)
        for _ in range(8):  # six times as long as it may take nothing
            await reader.readexactly(LONG // 16)
            await asyncio.sleep(IDLE / 1.3)
        await asyncio.sleep(5 * IDLE)
        assert len(await _rest(reader)) < LONG // 2
    assert count_stalled() == cut + 1


async def test_a_websocket_that_reads_nothing_ends_with_what_served_it(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocols, "CLOSING_S", IDLE)
    async with _connected(port, room=4096) as (reader, writer):
        await _shaken(reader, writer)
        writer.write(b"\x81\x84\x00\x00\x00\x00long")  # it is sent much, and nothing more
        await asyncio.sleep(5 * IDLE)
        assert len(await _rest(reader)) < LONG


async def test_of_those_who_ask_together_who_has_waited_longest_is_first(port: int) -> None:
    """Also where it is heard last: one connection in sixteen waited twice as long as the others."""

    async def ask(who: str, *asking: str) -> None:
        for other in asking:  # all at once: the server hears them in this order, in one look
            ways[other][1].write(f"GET /{other} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for other in asking:
            await ways[other][0].readuntil(b"\r\n\r\n0")
        assert BEGUN[-len(asking) :] == [f"/{other}" for other in who.split()]

    async with _connected(port) as a, _connected(port) as b, _connected(port) as c:
        ways = {"a": a, "b": b, "c": c}
        await ask("c", "c")
        await ask("b", "b")
        await ask("a", "a")
        await ask("c b a", "a", "b", "c")
        await ask("b", "b")
        await ask("c a b", "a", "b", "c")
