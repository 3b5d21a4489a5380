"""Limit websockets and HTTP answers per address, and how fast a websocket may send and must read.

A websocket is cut when its backlog exceeds the limit, when it does not read for ``SEND_TIMEOUT_S`` seconds, or when
it sends what no page sends. A client that sends too fast is read more slowly: its messages wait in its own buffers.
"""

import asyncio
import contextlib
import logging
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextvars import ContextVar

from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.interfaces.protection import metrics, rates
from dashboard.interfaces.protection.requests import get_address
from dashboard.settings import settings

log = logging.getLogger(__name__)

SEND_TIMEOUT_S = 20.0
"""Time within which a websocket has to read what it is sent."""

HANDSHAKE_TIMEOUT_S = 30.0
"""Time within which a websocket has to enter the namespace of events, as a loading page does."""

BURST_S = 4.0
"""Allowance of events, in seconds at the normal rate, that may come at once after a silence."""

MAX_REFUSED_EVENTS = 20
"""Refused events after which a websocket is cut."""

MESSAGES = ("4", "3", "1")
"""First characters of messages that a page sends (Engine.IO): message, pong, close."""

TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")

HOSTILE = ("binary", "fault", "hostile", "unreadable")
"""Reasons for which no page of ours is ever cut: addresses that repeat them are refused for a while."""

HEADERS = (
    b"host", b"origin", b"connection", b"upgrade", b"user-agent", b"sec-websocket-key", b"sec-websocket-version",
    b"sec-websocket-protocol", b"sec-websocket-extensions",
)  # fmt: skip
"""Handshake headers that Reflex may see: it stores all it sees as State."""

MAX_HEADER_CHARS = 300
"""Longest accepted value of such a header."""

PROBES = ("/livez", "/readyz")
"""Monitors are answered even when the server is full, or they would stop a working server."""

_open: Counter[str] = Counter()
_answering: Counter[str] = Counter()
"""Open websockets and running HTTP answers by address."""


class OpenWebsocket:
    """A websocket: its address, its event allowance, and whether it has been cut."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.over = asyncio.Event()
        self.why = ""
        self.refused = 0
        limit = settings().limits.events
        self._rate, self._most = float(limit), limit * BURST_S
        self._left, self._seen = self._most, time.monotonic()

    def cut(self, why: str) -> None:
        """End the connection at once; unread messages are dropped."""
        if not self.over.is_set():
            self.why = why
            metrics.CUT.labels(why).inc()
            self.over.set()

    def refuse(self) -> None:
        """Count a refused event; enough of them end the connection."""
        self.refused += 1
        if self.refused >= MAX_REFUSED_EVENTS:
            self.cut("hostile")

    def wait(self) -> float:
        """Take an event from the allowance and return the seconds it has to wait."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._seen) * self._rate) - 1.0
        self._seen = now
        return 0.0 if self._left >= 0 else -self._left / self._rate


current_websocket: ContextVar[OpenWebsocket | None] = ContextVar("connection", default=None)
"""The connection that the running task belongs to."""


def limit_connections(app: ASGIApp) -> ASGIApp:
    """Wrap ``app`` to keep every websocket and HTTP answer within its limits."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or scope["path"] in PROBES:
            await app(scope, receive, send)
            return
        address = get_address(scope)
        if scope["type"] == "http":
            limits = settings().limits
            if status := _check_limit(_answering, address, "answers", limits.answers, limits.all_answers):
                whose = "your address" if status == 429 else "all readers together"
                words = f"Too many answers are under way for {whose}; try again."
                await _send_words(send, "http.response", status, words)
                return
            with _count(_answering, address):
                await app(scope, receive, send)
            return
        if status := await _find_refusal(scope, address):
            await receive()
            await _refuse(scope, send, status)
            return
        connection = OpenWebsocket(address)
        with _count(_open, address):
            metrics.OPEN.inc()
            token = current_websocket.set(connection)
            try:
                await _serve_websocket(app, _filter_handshake(scope, address), receive, send, connection)
            finally:
                if connection.why in HOSTILE:
                    await rates.count_action("cuts", address)
                current_websocket.reset(token)
                metrics.OPEN.dec()

    return handle


@contextlib.contextmanager
def _count(counter: Counter[str], address: str) -> Iterator[None]:
    """Count an address while the block runs."""
    counter[address] += 1
    try:
        yield
    finally:
        counter[address] -= 1
        if not counter[address]:
            del counter[address]


def _check_limit(counter: Counter[str], address: str, name: str, max_of_address: int, max_of_all: int) -> int:
    """Return the HTTP status if an address, or all together, have reached their limit; else 0."""
    if counter[address] >= max_of_address:
        metrics.REFUSED.labels(name).inc()
        return 429
    if counter.total() >= max_of_all:
        metrics.REFUSED.labels(f"all_{name}").inc()
        return 503
    return 0


def _read_token(scope: Scope) -> str:
    """Return the token in a websocket's address; "" where it is missing, malformed or repeated."""
    tokens = QueryParams(scope["query_string"]).getlist("token")
    return tokens[0] if len(tokens) == 1 and TOKEN.fullmatch(tokens[0]) else ""


def _filter_handshake(scope: Scope, address: str) -> Scope:
    """Return the scope with only the query and headers that pages send, and the client's address."""
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if name in HEADERS and len(value) <= MAX_HEADER_CHARS and value.isascii()
    ]
    query = f"EIO=4&transport=websocket&token={_read_token(scope)}".encode()
    return {**scope, "headers": headers, "query_string": query, "client": (address, 0)}


async def _find_refusal(scope: Scope, address: str) -> int:
    """Return the HTTP status with which a websocket is refused; 0 when it is welcome."""
    limits = settings().limits
    if not _read_token(scope):
        metrics.REFUSED.labels("token").inc()
        return 400
    if await rates.is_exhausted("cuts", address):
        metrics.REFUSED.labels("hostile").inc()
        return 429
    if status := _check_limit(_open, address, "connections", limits.connections, limits.all_connections):
        return status
    return 0 if await rates.count_action("readers", address) else 429


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1013})
        return
    text = {400: "This is not a page of the monitor.", 429: "Too many pages are open from your address."}
    await _send_words(send, "websocket.http.response", status, text.get(status, "Too many pages are open just now."))


async def _send_words(send: Send, kind: str, status: int, words: str) -> None:
    body = words.encode() + b"\n"
    headers = [(b"content-type", b"text/plain"), (b"retry-after", b"60"), (b"content-length", str(len(body)).encode())]
    await send({"type": f"{kind}.start", "status": status, "headers": headers})
    await send({"type": f"{kind}.body", "body": body})


async def _serve_websocket(app: ASGIApp, scope: Scope, receive: Receive, send: Send, connection: OpenWebsocket) -> None:
    cut_task = asyncio.ensure_future(connection.over.wait())
    handshake_timer = asyncio.get_running_loop().call_later(HANDSHAKE_TIMEOUT_S, connection.cut, "silent")

    async def receive_limited() -> Message:
        if pause := connection.wait():
            await asyncio.wait({cut_task}, timeout=pause)
        incoming = asyncio.ensure_future(receive())
        await asyncio.wait({incoming, cut_task}, return_when=asyncio.FIRST_COMPLETED)
        if cut_task.done():
            incoming.cancel()
            return {"type": "websocket.disconnect", "code": 1008, "reason": connection.why}
        message = incoming.result()
        text = message.get("text") or ""
        if message["type"] == "websocket.receive" and not text.startswith(MESSAGES):
            connection.cut("unreadable")
            return {"type": "websocket.disconnect", "code": 1008, "reason": connection.why}
        if text.startswith("40"):
            handshake_timer.cancel()
        return message

    async def send_limited(message: Message) -> None:
        if cut_task.done():
            raise OSError("the connection was cut")
        outgoing = asyncio.ensure_future(send(message))
        await asyncio.wait({outgoing, cut_task}, timeout=SEND_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED)
        if outgoing.done():
            outgoing.result()
            return
        connection.cut("unread")
        outgoing.cancel()
        raise OSError("the connection was cut")

    try:
        await app(scope, receive_limited, send_limited)
    finally:
        handshake_timer.cancel()
        cut_task.cancel()
        if connection.why:
            log.info("a websocket was cut: %s", connection.why)
            with contextlib.suppress(Exception):
                await asyncio.wait_for(send({"type": "websocket.close", "code": 1008}), 0.5)
