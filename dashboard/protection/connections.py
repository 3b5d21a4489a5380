"""Websockets: how many an address may hold and open, how fast it may speak, and what it may leave unread.

``guarded`` stands around the whole product. A socket is cut when its backlog grows past the limit, when it does not
read for ``PATIENCE`` seconds, or when it says nothing a reader's page says. One that speaks too fast is not read any
faster: what it sends waits in its own buffers.
"""

import asyncio
import contextlib
import logging
import re
import time
from collections import Counter
from contextvars import ContextVar

from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.protection import metrics, rates
from dashboard.protection.requests import address_of
from dashboard.settings import settings

log = logging.getLogger(__name__)

PATIENCE = 20.0
"""Seconds within which a socket has to take what it is sent."""

GREETING = 30.0
"""Seconds within which a socket has to enter the namespace of events: a page that is loading does."""

BURST = 4.0
"""Seconds' worth of events that may come at once, after a silence."""

MOST_REFUSED = 20
"""Refused events after which a socket is cut."""

MESSAGES = ("4", "3", "1")
"""How what a page sends begins (Engine.IO): a message, an answer whether it is there, a farewell."""

TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")

HOSTILE = ("binary", "fault", "hostile", "unreadable")
"""Reasons for which no page of ours is ever cut: who gives them again and again is refused for a while."""

HEADERS = (
    b"host", b"origin", b"connection", b"upgrade", b"user-agent", b"sec-websocket-key", b"sec-websocket-version",
    b"sec-websocket-protocol", b"sec-websocket-extensions",
)  # fmt: skip
"""What Reflex may see of a handshake: it keeps all it sees as State, by names it takes for its own."""

LONGEST_HEADER = 300
"""Characters of one of them."""

_open: Counter[str] = Counter()


class OpenWebsocket:
    """One websocket: who it is from, and whether it has been cut."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.over = asyncio.Event()
        self.why = ""
        self.refused = 0
        limit = settings().limits.events
        self._rate, self._most = float(limit), limit * BURST
        self._left, self._seen = self._most, time.monotonic()

    def cut(self, why: str) -> None:
        """End the connection at once; what it has not read is dropped."""
        if not self.over.is_set():
            self.why = why
            metrics.CUT.labels(why).inc()
            self.over.set()

    def refuse(self) -> None:
        """Note an event that was refused; enough of them end the connection."""
        self.refused += 1
        if self.refused >= MOST_REFUSED:
            self.cut("hostile")

    def wait(self) -> float:
        """Take one event out of the allowance; gives the seconds it has to wait for."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._seen) * self._rate) - 1.0
        self._seen = now
        return 0.0 if self._left >= 0 else -self._left / self._rate


current: ContextVar[OpenWebsocket | None] = ContextVar("connection", default=None)
"""The connection that the task at work belongs to."""


def guarded(app: ASGIApp) -> ASGIApp:
    """``app`` with every websocket within its limits."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await app(scope, receive, send)
            return
        address = address_of(scope)
        if why := await _refusal(scope, address):
            await receive()
            await _refuse(scope, send, why)
            return
        connection = OpenWebsocket(address)
        _open[address] += 1
        metrics.OPEN.inc()
        marked = current.set(connection)
        try:
            await _served(app, _seen(scope, address), receive, send, connection)
        finally:
            if connection.why in HOSTILE:
                await rates.allowed("cuts", address)
            current.reset(marked)
            metrics.OPEN.dec()
            _open[address] -= 1
            if not _open[address]:
                del _open[address]

    return wrapped


def _token(scope: Scope) -> str:
    """The token in the address of a websocket; "" where there is none, or several: one program reads the first of them,
    another the last.
    """
    given = QueryParams(scope["query_string"]).getlist("token")
    return given[0] if len(given) == 1 and TOKEN.fullmatch(given[0]) else ""


def _seen(scope: Scope, address: str) -> Scope:
    """What those below see of a handshake: query and headers as pages send them, and the client's address, whoever
    stands before us.
    """
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if name in HEADERS and len(value) <= LONGEST_HEADER and value.isascii()
    ]
    query = f"EIO=4&transport=websocket&token={_token(scope)}".encode()
    return {**scope, "headers": headers, "query_string": query, "client": (address, 0)}


async def _refusal(scope: Scope, address: str) -> int:
    """The HTTP status with which a websocket is refused; 0 when it is welcome."""
    limits = settings().limits
    if not _token(scope):
        metrics.REFUSED.labels("token").inc()
        return 400
    if await rates.exhausted("cuts", address):
        metrics.REFUSED.labels("hostile").inc()
        return 429
    if _open[address] >= limits.connections:
        metrics.REFUSED.labels("connections").inc()
        return 429
    if _open.total() >= limits.all_connections:
        metrics.REFUSED.labels("all_connections").inc()
        return 503
    return 0 if await rates.allowed("readers", address) else 429


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1013})
        return
    text = {400: b"This is not a page of the monitor.", 429: b"Too many pages are open from your address."}
    body = text.get(status, b"Too many pages are open just now.") + b"\n"
    headers = [(b"content-type", b"text/plain"), (b"retry-after", b"60"), (b"content-length", str(len(body)).encode())]
    await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})


async def _served(app: ASGIApp, scope: Scope, receive: Receive, send: Send, connection: OpenWebsocket) -> None:
    over = asyncio.ensure_future(connection.over.wait())
    greeting = asyncio.get_running_loop().call_later(GREETING, connection.cut, "silent")

    async def heard() -> Message:
        if pause := connection.wait():
            await asyncio.wait({over}, timeout=pause)
        coming = asyncio.ensure_future(receive())
        await asyncio.wait({coming, over}, return_when=asyncio.FIRST_COMPLETED)
        if over.done():
            coming.cancel()
            return {"type": "websocket.disconnect", "code": 1008, "reason": connection.why}
        message = coming.result()
        text = message.get("text") or ""
        if message["type"] == "websocket.receive" and not text.startswith(MESSAGES):
            connection.cut("unreadable")
            return {"type": "websocket.disconnect", "code": 1008, "reason": connection.why}
        if text.startswith("40"):
            greeting.cancel()
        return message

    async def sent(message: Message) -> None:
        if over.done():
            raise OSError("the connection was cut")
        going = asyncio.ensure_future(send(message))
        await asyncio.wait({going, over}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if going.done():
            going.result()
            return
        connection.cut("unread")
        going.cancel()
        raise OSError("the connection was cut")

    try:
        await app(scope, heard, sent)
    finally:
        greeting.cancel()
        over.cancel()
        if connection.why:
            log.info("a websocket was cut: %s", connection.why)
            with contextlib.suppress(Exception):
                await asyncio.wait_for(send({"type": "websocket.close", "code": 1008}), 0.5)
