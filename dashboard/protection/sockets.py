"""The websocket server that Reflex uses, with a bounded backlog for each socket and every event looked at first.

``rx.App(sio=server())``. Engine.IO keeps what a client has not read in a queue without an end; here the queue knows how
much it holds, and cuts its connection when that is too much.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import engineio
import socketio

from dashboard.protection import metrics, rates
from dashboard.protection.connections import Connection, current
from dashboard.protection.events import acceptable
from dashboard.protection.origin import allowed_origins
from dashboard.settings import settings

MOST_BYTES = 2**17
"""Largest message of a client: a page's own are a few kilobytes."""

EVERY, WITHIN = 12.0, 15.0
"""Seconds between two questions whether the client is there, and for its answer."""

FAULTS = ("handle_frontend_exception", "client_error")


class Backlog(asyncio.Queue[Any]):
    """What a client has not read yet."""

    _queue: deque[Any]  # of asyncio.Queue, as is the count of what is not yet done
    _unfinished_tasks: int

    def __init__(self) -> None:
        super().__init__()
        self._connection, self._bytes = current.get(), 0
        self._most = settings().limits.backlog

    def _put(self, item: Any) -> None:
        if self._connection is not None and self._connection.over.is_set() and item is not None:
            self._unfinished_tasks -= 1  # never sent: nobody has to wait for it
            return
        self._bytes += _size(item)
        super()._put(item)
        if self._bytes > self._most and self._connection is not None:
            self._connection.cut("backlog")
            self._unfinished_tasks -= len(self._queue) - 1
            self._queue.clear()
            self._bytes = 0
            super()._put(None)  # ends whoever writes

    def _get(self) -> Any:
        item = super()._get()
        self._bytes = max(0, self._bytes - _size(item))
        return item


def _size(item: Any) -> int:
    data = getattr(item, "data", None)
    return len(data) if isinstance(data, str | bytes) else 64


class _Transport(engineio.AsyncServer):  # type: ignore[misc]  # has no types
    def create_queue(self, *args: Any, **kwargs: Any) -> Any:
        return Backlog()


class Server(socketio.AsyncServer):  # type: ignore[misc]  # has no types
    """Socket.IO whose namespaces see only events that their handlers can take."""

    def _engineio_server_class(self) -> type[engineio.AsyncServer]:
        return _Transport

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        """Take a message; one that announces attachments ends the connection: they would be held till all have come."""
        await super()._handle_eio_message(eio_sid, data)
        connection = current.get()
        if self._binary_packet.pop(eio_sid, None) is not None and connection is not None:  # no page sends any
            connection.cut("binary")

    def register_namespace(self, namespace_handler: Any) -> None:
        """Register a namespace; its events are looked at before it sees them."""
        namespace_handler.on_event = _looked_at(namespace_handler, namespace_handler.on_event)
        namespace_handler.on_client_error = _reported(namespace_handler.on_client_error)
        super().register_namespace(namespace_handler)


def _looked_at(namespace: Any, take: Callable[[str, Any], Awaitable[Any]]) -> Callable[..., Awaitable[None]]:
    async def on_event(sid: str, data: Any = None, *_more: Any) -> None:
        connection = current.get()
        reason = "stranger" if namespace.sid_to_token.get(sid) is None else acceptable(data)
        if not reason and str(data["name"]).endswith(FAULTS) and not await rates.allowed("faults", "all"):
            reason = "faults"
        if reason:
            _refused(connection, reason)
            return
        metrics.EVENTS.inc()
        await take(sid, data)

    return on_event


def _reported(take: Callable[[str, Any], Awaitable[Any]]) -> Callable[..., Awaitable[None]]:
    async def on_client_error(sid: str, data: Any = None, *_more: Any) -> None:
        if isinstance(data, dict) and await rates.allowed("faults", "all"):
            await take(sid, data)

    return on_client_error


def _refused(connection: Connection | None, reason: str) -> None:
    metrics.REFUSED.labels(f"event_{reason}").inc()
    if connection is not None:
        connection.refuse()


def server() -> Server:
    """The server for ``rx.App``; as Reflex makes its own, but for the limits."""
    from reflex.utils import format as written

    return Server(
        async_mode="asgi",
        cors_allowed_origins=allowed_origins(),
        cors_credentials=True,
        max_http_buffer_size=MOST_BYTES,
        ping_interval=EVERY,
        ping_timeout=WITHIN,
        json=SimpleNamespace(dumps=staticmethod(written.json_dumps), loads=staticmethod(json.loads)),
        allow_upgrades=False,
        transports=["websocket"],
        async_handlers=False,
    )
