"""Client addresses, request ids, and errors logged once."""

import logging
from contextvars import ContextVar
from ipaddress import ip_address, ip_network
from secrets import token_hex

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from dashboard.settings import settings

log = logging.getLogger(__name__)

MAX_PATH_CHARS = 200
"""Longest part of a path in a line of the log."""

LOGGED_ATTRIBUTE = "_told_by_the_monitor"
"""Attribute of an error that has been logged already."""

client_address: ContextVar[str] = ContextVar("asking", default="")
"""The client address of the work at hand, "" for none; for limits only, never logged."""

NETWORK_BITS = 64
"""Prefix of an IPv6 address that belongs to one customer."""


def get_peer(scope: Scope) -> str:
    """Return the address of the connection, or ""."""
    peer = scope.get("client")
    return str(peer[0]) if peer else ""


def get_forwarded_address(scope: Scope, hops: int) -> str:
    """Return the client address that the outermost of ``hops`` proxies reports, or ""."""
    addresses = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    entries = [entry.strip() for entry in ",".join(addresses).split(",") if entry.strip()]
    return entries[-hops] if 0 < hops <= len(entries) else ""


def get_address(scope: Scope) -> str:
    """Return the client's IP address (for IPv6 its /64 network), or "unknown".

    ``X-Forwarded-For`` counts only behind ``MONITOR_PROXIES`` proxies of ours: the entry of the outermost is used,
    whatever a client put before it.
    """
    try:
        address = ip_address(get_forwarded_address(scope, settings().proxies) or get_peer(scope))
    except ValueError:
        return "unknown"
    if address.version == 6:
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network(f"{address}/{NETWORK_BITS}", strict=False))
    return str(address)


def assign_request_ids(app: ASGIApp) -> ASGIApp:
    """Wrap ``app`` to give each request and websocket an id that the client cannot choose."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        number = token_hex(8)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = number
            await send(message)

        with bound_contextvars(**{"request" if scope["type"] == "http" else "socket": number}):
            await app(scope, receive, send_with_id)

    return handle


def contain_errors(app: ASGIApp) -> ASGIApp:
    """Wrap ``app`` so that it never raises: an error is logged once, a client that left is ignored.

    An answer that had not begun becomes a plain 500. The client's address is available meanwhile (``client_address``).
    """

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        has_begun = False

        async def send_noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        token = client_address.set(get_address(scope))
        try:
            await app(scope, receive, send_noting)
        except ClientDisconnect:
            pass
        except Exception as error:
            log_once(error, f"{scope.get('method', 'WEBSOCKET')} {scope['path'][:MAX_PATH_CHARS]}")
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1011})
            elif not has_begun:
                kind, words = (b"content-type", b"text/plain; charset=utf-8"), b"Internal Server Error"
                await send({"type": "http.response.start", "status": 500, "headers": [kind]})
                await send({"type": "http.response.body", "body": words})
        finally:
            client_address.reset(token)

    return handle


def log_once(error: Exception, subject: str) -> None:
    """Log that something failed, unless this very error has been logged already."""
    if not getattr(error, LOGGED_ATTRIBUTE, False):
        log.error("%s failed", subject, exc_info=error)
        setattr(error, LOGGED_ATTRIBUTE, True)
