"""A thousand readers at once, and how soon answers follow each other: how much one process on this machine bears.

Readers are websockets from addresses of their own (127.0.0.0/8), as behind a proxy that names them; each opens a page
as a browser does (``hydrate_and_load``) and goes on to others. Those who ask run on the same cores as the product.
"""

import asyncio
import itertools
import random
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import cast
from urllib.parse import urlsplit

import uvloop

from dashboard.evidence.codebook import load_codebook
from tests.attack.reader import Reader
from tests.attack.sockets import BOOT, LOAD
from tests.bench.measure import Figure, quantile
from tests.bench.product import Server
from tests.serving import settle

AT_ONCE, READERS, EVENTS, SECONDS = 300, 1_000, 100, 20
"""Readers who open a page in one moment; readers connected; events a second of all of them together, for so long."""

DONE = '"is_hydrated_rx_state_":true'
"""In the last message of a page that loads."""

LINKS, ASKED = 16, 1_600
"""Connections by HTTP, and what all of them ask for together."""

COUNTRIES = ("AZE", "GEO", "KAZ", "UZB", "UGA", "SEN", "PAK", "IDN", "KEN", "RWA")
PAGES = [f"/en/{kind}/{name}/" for kind, names in (
    ("countries", COUNTRIES), ("indicators", ("wgi_cc", "internet_users", "egdi")), ("goals", ("16", "9"))
) for name in names]  # fmt: skip


def figures(server: Server) -> Iterator[Figure]:
    """What readers wait for when there are many, and what the routes give."""
    settle(server.process)
    yield from asyncio.run(_readers(server))
    known = sorted(load_codebook().countries)
    metrics = [one.id for one in load_codebook().metrics.values() if one.quantity][:40]
    pairs = list(itertools.combinations(known[:60], 2))
    random.Random(15).shuffle(pairs)
    kinds = ("trend", "slope", "dumbbell")
    charts = [
        f"/api/v1/charts/{kinds[at % 3]}.vega?indicator={metrics[at % len(metrics)]}&country={one},{two}"
        for at, (one, two) in enumerate(pairs[:ASKED])
    ]
    rows = [
        f"/api/v1/observations.json?indicator={metrics[at % len(metrics)]}&country={two},{one}&from=2005"
        for at, (one, two) in enumerate(pairs[:ASKED])
    ]
    countries = [f"/en/countries/{COUNTRIES[at % len(COUNTRIES)]}/" for at in range(ASKED)]
    for name, paths, least, latest in (
        ("pages of countries", countries, 400, None),
        ("varied charts, most of them never asked for", charts, 250, None),
        ("observations with parameters never asked for", rows, None, 15),
    ):
        every, late = _asked(server, paths)
        yield Figure(f"{name}, at {LINKS} connections: one every", every, "ms", 1000 / least if least else None)
        yield Figure(f"{name}, 95 %", late, "ms", latest)


async def _readers(server: Server) -> list[Figure]:
    port = urlsplit(server.url).port or 0
    readers = [Reader(port, str(uuid.uuid4()), f"127.1.{at // 250}.{at % 250 + 1}") for at in range(READERS)]
    early = Reader(port, str(uuid.uuid4()), "127.2.0.1")
    await _open(early)
    for path in PAGES:  # what pages answer has been worked out
        await _goes_on(early, path, [])
    before = server.memory()
    cold = sorted(await asyncio.gather(*(_open(one) for one in readers[:AT_ONCE])))
    for at in range(AT_ONCE, READERS, 10):
        await asyncio.gather(*(_open(one) for one in readers[at : at + 10]))
    each = 1024 * (server.memory() - before) / READERS
    spans: list[float] = []
    going: list[asyncio.Task[None]] = []
    began = time.perf_counter()
    for at in range(EVENTS * SECONDS):
        await asyncio.sleep(max(0.0, began + at / EVENTS - time.perf_counter()))
        going.append(asyncio.create_task(_goes_on(readers[at * 7 % READERS], PAGES[at % len(PAGES)], spans)))
    await asyncio.gather(*going)
    for one in readers:
        await one.leave()
    return [
        Figure(f"{AT_ONCE} readers open a page at once, 95 %", quantile(cold, 0.95), "s", 2),
        Figure(f"memory for each of {READERS:,} readers", each, "kB", 150),
        Figure(f"an event at {EVENTS} a second of {READERS:,} readers, 95 % of {len(spans):,}",
               1000 * quantile(sorted(spans), 0.95), "ms", 150),
    ]  # fmt: skip


async def _open(reader: Reader) -> float:
    """Seconds until a page is there, from nothing."""
    began = time.perf_counter()
    assert await reader.open() == 101
    await reader.greet()
    await reader.ask(BOOT, path=random.choice(PAGES))
    await _done(reader)
    return time.perf_counter() - began


async def _goes_on(reader: Reader, path: str, spans: list[float]) -> None:
    began = time.perf_counter()
    await reader.ask(LOAD, path=path)
    await _done(reader)
    spans.append(time.perf_counter() - began)


async def _done(reader: Reader) -> None:
    while DONE not in (text := await reader.hear() or ""):
        assert text, "the server hung up"


def _asked(server: Server, paths: Sequence[str]) -> tuple[float, float]:
    """Milliseconds from answer to answer, and those that 95 % of them stayed below."""
    place = urlsplit(server.url)
    spans: list[float] = []

    async def ask() -> float:
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        links = [_Link(place.netloc, paths[at::LINKS], spans) for at in range(LINKS)]
        for link in links:
            await loop.create_connection(lambda link=link: link, place.hostname, place.port)  # type: ignore[misc]
        async with asyncio.timeout(120):
            await asyncio.gather(*(link.done for link in links))
        return time.perf_counter() - began

    return 1000 * uvloop.run(ask()) / len(spans), quantile(sorted(spans), 0.95)


class _Link(asyncio.Protocol):
    """A connection that asks for one address after the other. It does little itself: the server is what is measured."""

    def __init__(self, host: str, paths: Sequence[str], spans: list[float]) -> None:
        self._host, self._coming, self._spans = host, iter(paths), spans
        self._heard = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own
        self._next()

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, ended, body = self._heard.partition(b"\r\n\r\n")
        if not ended or len(body) < int(head.lower().partition(b"content-length: ")[2].split(b"\r", 1)[0]):
            return
        self._spans.append(1000 * (time.perf_counter() - self._began))
        if not head.startswith(b"HTTP/1.1 200 "):
            self.done.set_exception(AssertionError((self._path, head)))
            return
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or AssertionError("the server hung up"))

    def _next(self) -> None:
        self._path = next(self._coming, "")
        if not self._path:
            self.done.set_result(None)
            self._transport.close()
            return
        self._heard, self._began = b"", time.perf_counter()
        self._transport.write(f"GET {self._path} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())
