"""Every request has an id: in its answer (``X-Request-Id``), and in every line of the log that belongs to it."""

from secrets import token_hex

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars


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
