"""Asking public service addresses whether they answer: opt-in, politely, once in a step of five minutes.

``step_of(moment)``; ``probe(client, address, at) -> ServiceProbe``; ``round_of(engine, now)``: all addresses once.
A step in which nobody asked is unmeasured, not up. An answer below 500 is up: a page that refuses us is there.
"""

import asyncio
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx

from dashboard import outbound
from dashboard.delivery import store
from dashboard.delivery.model import DeliveryError
from dashboard.delivery.tables import ServiceProbe

if TYPE_CHECKING:
    from dashboard.delivery.store import Engine

STEP = timedelta(minutes=5)
TIMEOUT = 20.0
MOST_ADDRESSES = 500
AT_ONCE = 4
USER_AGENT = "asan-sdg-monitor/0.1 (availability of public services; one request in five minutes)"


class ProbeRefused(DeliveryError):
    """An address that is no public web address; the message says what is needed."""


def checked_url(url: str) -> str:
    """A public address of a service.

    Raises:
        ProbeRefused: it does not lead to the public network, or is none. What its name says is looked at when it
            is asked.
    """
    try:
        outbound.checked(url.strip())
    except outbound.NotPublic as error:
        raise ProbeRefused(
            f"{url[:80]!r} is no public address: {error}. Write https://name.example/ without user or password."
        ) from error
    return url.strip()


def step_of(moment: datetime) -> datetime:
    """The start of the step of five minutes a moment lies in, in UTC."""
    utc = moment.astimezone(UTC)
    return utc.replace(minute=utc.minute - utc.minute % 5, second=0, microsecond=0)


async def probe(client: httpx.AsyncClient, url: str, at: datetime) -> ServiceProbe:
    """Ask once. A redirect is an answer, and is not followed; the body is not read."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(TIMEOUT), client.stream("GET", url) as reply:
            status: int | None = reply.status_code
        error = ""
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, TimeoutError) as failed:  # the other sites are asked too
        status, error = None, type(failed).__name__
    took = round((time.monotonic() - began) * 1000)
    return ServiceProbe(
        url=url, at=at, up=status is not None and status < 500, status=status, milliseconds=took, error=error
    )


async def probe_all(
    urls: Iterable[str], at: datetime, transport: httpx.AsyncBaseTransport | None = None
) -> list[ServiceProbe]:
    """Ask every address once, a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(
        timeout=TIMEOUT, headers={"User-Agent": USER_AGENT}, follow_redirects=False,
        transport=transport or outbound.AsyncPublicTransport(),
    ) as client:  # fmt: skip

        async def one(url: str) -> ServiceProbe:
            async with gate:
                return await probe(client, url, at)

        return list(await asyncio.gather(*(one(url) for url in list(urls)[:MOST_ADDRESSES])))


def round_of(engine: "Engine", now: datetime, transport: httpx.AsyncBaseTransport | None = None) -> list[ServiceProbe]:
    """Ask all addresses of the list once and keep the answers under the step of ``now``."""
    urls = [address.url for address in store.addresses(engine)]
    found = asyncio.run(probe_all(urls, step_of(now), transport)) if urls else []
    store.save_probes(engine, found)
    return found
