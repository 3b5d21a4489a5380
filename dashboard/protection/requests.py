"""Every request has an id, and whatever goes wrong in it is said once, by us.

``request_ids``: the id is in its answer (``X-Request-Id``), and in every line of the log that belongs to it.
``contained``: nothing raised by the product reaches the server below, which would write it down again.
"""

import logging
from secrets import token_hex

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from dashboard.protection.client import address_of, asking

log = logging.getLogger(__name__)

LONGEST_PATH = 200
"""Characters of an address in a line of the log."""

TOLD = "_told_by_the_monitor"
"""Attribute of an error that is in the log already."""


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
