"""Whose a request is, its id, and what goes wrong in it, said once, by us.

``address_of(scope)``: the client's address, the peer's or what our own proxies say of theirs.
``asking``: the address of the client that the work at hand is done for; "" where it is nobody's.
``request_ids``: the id is in its answer (``X-Request-Id``), and in every line of the log that belongs to it.
``contained``: nothing raised by the product reaches the server below, which would write it down again.
"""

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

LONGEST_PATH = 200
"""Characters of an address in a line of the log."""

TOLD = "_told_by_the_monitor"
"""Attribute of an error that is in the log already."""

asking: ContextVar[str] = ContextVar("asking", default="")
"""For limits only: it is never written down."""

NETWORK_BITS = 64
"""Of an IPv6 address these bits are one customer's: who has one address has all below it."""


def peer_of(scope: Scope) -> str:
    """The address of the connection; "" where there is none."""
    peer = scope.get("client")
    return str(peer[0]) if peer else ""


def forwarded_for(scope: Scope, hops: int) -> str:
    """What the outermost of ``hops`` proxies of ours says of the client; "" without proxies, or where it says less."""
    addresses = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    entries = [entry.strip() for entry in ",".join(addresses).split(",") if entry.strip()]
    return entries[-hops] if 0 < hops <= len(entries) else ""


def address_of(scope: Scope) -> str:
    """The client's IP address (of IPv6 its /64 network); "unknown" where nobody says.

    ``X-Forwarded-For`` counts only where ``MONITOR_PROXIES`` says that proxies of ours are in front: the entry that
    the outermost of them wrote is taken, whatever a client put before it.
    """
    try:
        known = ip_address(forwarded_for(scope, settings().proxies) or peer_of(scope))
    except ValueError:
        return "unknown"
    if known.version == 6:
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ip_network(f"{known}/{NETWORK_BITS}", strict=False))
    return str(known)


def request_ids(app: ASGIApp) -> ASGIApp:
    """``app`` with an id for each request and each websocket; a client cannot choose it."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
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

    return wrapped


def contained(app: ASGIApp) -> ASGIApp:
    """``app``, which never raises: a fault of ours is one line of the log, a client that has left is none.

    An answer that had not begun is a plain 500 then. Whose work it is can be asked meanwhile (``asking``).
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        marked = asking.set(address_of(scope))
        try:
            await app(scope, receive, sent)
        except ClientDisconnect:
            pass
        except Exception as error:
            tell(error, f"{scope.get('method', 'WEBSOCKET')} {scope['path'][:LONGEST_PATH]}")
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1011})
            elif not begun:
                kind, words = (b"content-type", b"text/plain; charset=utf-8"), b"Internal Server Error"
                await send({"type": "http.response.start", "status": 500, "headers": [kind]})
                await send({"type": "http.response.body", "body": words})
        finally:
            asking.reset(marked)

    return wrapped


def tell(error: Exception, what: str) -> None:
    """Write down that something failed, and how, unless this very error is in the log already."""
    if not getattr(error, TOLD, False):
        log.error("%s failed", what, exc_info=error)
        setattr(error, TOLD, True)
