"""Asking public service addresses whether they are there: on a list, politely, once in a step of five minutes.

``step_of(moment)``; ``probe(client, address, at) -> ServiceProbe``; ``round_of(engine, now)``: all addresses once, by
one of however many servers. Up is an answer of 2xx that holds the text that is expected: an error page, a login wall or
"closed for repair" is down. A step in which nobody asked is unmeasured, neither up nor down.
"""

import asyncio
import html
import os
import re
import secrets
import socket
import time
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import httpx

from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.model import DeliveryError
from dashboard.contributions.delivery.tables import ServiceAddress, ServiceProbe
from dashboard.evidence.database import leases
from dashboard.runtime import outbound

STEP = timedelta(minutes=5)
TIMEOUT = 10.0
"""Seconds for one address, its redirects and the whole of what is read included."""

ROUND = 240.0
"""Seconds of one round after which no further address is begun: they are unmeasured in this step."""

MOST_ADDRESSES = 500
AT_ONCE = 4
MOST_BYTES = 262_144
"""Of a page that are searched."""

MOST_REDIRECTS = 3
LEAST_TEXT, LONGEST_TEXT = 3, 200
"""Characters of the text that is expected: a shorter one stands on every page."""

LEASE = "probe"
USER_AGENT = "asan-sdg-monitor/0.1 (availability of public services; one request in five minutes)"
NO_TEXT, ELSEWHERE = "no_text", "elsewhere"
"""Why an address that answered is down: a page without the text, or a redirect to another host."""

_CHARSETS = re.compile(r"utf-?8|utf-?16(-?[lb]e)?|us-ascii|(windows-|cp)\d{3,4}|iso-8859-\d+|koi8-[ru]", re.IGNORECASE)
"""Those of pages; Python knows others that take long to decode."""


class ProbeRefused(DeliveryError):
    """An address that is no public web address, or a text that says nothing; the message says what is needed."""


def checked_url(url: str) -> str:
    """Return a public address of a service.

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


def checked_text(text: str) -> str:
    """Return the text that a page holds where it is up, as it is looked for.

    Raises:
        ProbeRefused: it is shorter than 3 characters or longer than 200.
    """
    folded = fold(text)
    if not LEAST_TEXT <= len(folded) <= LONGEST_TEXT:
        raise ProbeRefused(
            f"Name {LEAST_TEXT} to {LONGEST_TEXT} characters that stand on the page only where the service is up."
        )
    return folded


def fold(text: str) -> str:
    """Return a text as it is compared: characters written out, one space between words."""
    return " ".join(unicodedata.normalize("NFC", html.unescape(text)).split())


def step_of(moment: datetime) -> datetime:
    """Return the start of the step of five minutes a moment lies in, in UTC."""
    utc = moment.astimezone(UTC)
    return utc.replace(minute=utc.minute - utc.minute % 5, second=0, microsecond=0)


async def probe(client: httpx.AsyncClient, address: ServiceAddress, at: datetime) -> ServiceProbe:
    """Ask once; redirects are followed within the host alone, and of a page its first 256 KiB are read."""
    began = time.monotonic()
    status: int | None = None
    try:
        async with asyncio.timeout(TIMEOUT):
            status, error = await _ask(client, address.url, address.expects)
    except TimeoutError:
        error = "slow"
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as failed:  # the other sites are asked too
        error = outbound.name_failure(failed)
    took = round((time.monotonic() - began) * 1000)
    return ServiceProbe(url=address.url, at=at, up=not error, status=status, milliseconds=took, error=error)


async def _ask(client: httpx.AsyncClient, url: str, expects: str) -> tuple[int, str]:
    """Return the status of the last answer, and why it is down; "" where it is up."""
    for _ in range(MOST_REDIRECTS + 1):
        async with client.stream("GET", url) as reply:
            if reply.is_success:
                return reply.status_code, "" if await _holds(reply, expects) else NO_TEXT
            if not reply.has_redirect_location:
                return reply.status_code, "status"
            before, after = reply.url, reply.url.join(reply.headers["Location"])
            if after.host != before.host or (before.scheme, after.scheme) == ("https", "http"):
                return reply.status_code, ELSEWHERE
            url = str(after)
    return reply.status_code, "status"


async def _holds(reply: httpx.Response, expects: str) -> bool:
    named = reply.charset_encoding or ""
    charset = named if _CHARSETS.fullmatch(named) else "utf-8"
    body = bytearray()
    async for part in reply.aiter_raw():  # as it was sent: a small body may unpack into a large one
        body += part
        if len(body) >= MOST_BYTES:
            break
    try:
        words = body[:MOST_BYTES].decode(charset, "replace")
    except LookupError:  # windows-9999
        words = body[:MOST_BYTES].decode("utf-8", "replace")
    return expects in fold(words)


async def probe_all(
    addresses: Iterable[ServiceAddress], at: datetime, transport: httpx.AsyncBaseTransport | None = None
) -> list[ServiceProbe]:
    """Ask every address once, a few at a time; those that the round has no time for are left out."""
    gate, until = asyncio.Semaphore(AT_ONCE), time.monotonic() + ROUND
    async with httpx.AsyncClient(
        timeout=TIMEOUT, headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}, follow_redirects=False,
        transport=transport or outbound.AsyncPublicTransport(),
    ) as client:  # fmt: skip

        async def ask(address: ServiceAddress) -> ServiceProbe | None:
            async with gate:
                return await probe(client, address, at) if time.monotonic() < until else None

        answers = await asyncio.gather(*(ask(address) for address in addresses))
    return [answer for answer in answers if answer is not None]


def list_asked(engine: store.Engine, at: datetime) -> list[ServiceAddress]:
    """Return addresses that are asked in a step, in another order from step to step.

    Where a round has not time for all, the same ones are not left out each time.
    """
    listed = store.addresses(engine)
    turn = int(at.timestamp() // STEP.total_seconds()) * (AT_ONCE + 1) % len(listed) if listed else 0
    return (listed[turn:] + listed[:turn])[:MOST_ADDRESSES]


def round_of(
    engine: store.Engine, now: datetime, transport: httpx.AsyncBaseTransport | None = None
) -> list[ServiceProbe]:
    """Ask all addresses of the list once and keep the answers under the step of ``now``.

    Of several servers one asks: it holds a lease while it does, and what was asked in this step is not asked again. A
    server that was killed in between is replaced in the next step.

    Returns:
        What was asked now; nothing where another server asks, or has asked.
    """
    at = step_of(now)
    if not list_asked(engine, at):
        return []
    me = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(8)}"
    if not leases.acquire_lease(engine, LEASE, me, STEP.total_seconds()):
        return []
    try:
        asked = store.find_newest_probes(engine, at)
        found = asyncio.run(probe_all([one for one in list_asked(engine, at) if one.url not in asked], at, transport))
        store.save_probes(engine, found)
        return found
    finally:
        leases.release_lease(engine, LEASE, me)
