"""The websocket server for Reflex, with a bounded backlog per client and a check of every event.

Engine.IO queues what a client has not read without limit; here the queue counts its bytes and cuts the connection.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import engineio
import socketio
from socketio import packet

from dashboard.interfaces.protection import metrics, rates
from dashboard.interfaces.protection.connections import OpenWebsocket, current_websocket
from dashboard.interfaces.protection.events import find_rejection
from dashboard.interfaces.protection.origin import list_allowed_origins
from dashboard.settings import settings

log = logging.getLogger(__name__)

NAMESPACE = "/_event"
"""The only namespace that pages enter."""

MAX_MESSAGE_BYTES = 2**17
"""Largest message of a client; those of pages have a few kilobytes."""

PING_INTERVAL_S, PING_TIMEOUT_S = 12.0, 15.0
"""Time between two pings, and for the answer."""

FAULT_EVENTS = ("handle_frontend_exception", "client_error")

MAX_ARGUMENTS = {"event": 1, "ping": 0, "client_error": 1}
"""Events that pages send, with their largest number of arguments. Socket.IO would take any name."""

PACKET_TYPES = (packet.CONNECT, packet.DISCONNECT, packet.EVENT)
"""Packet types that pages send: no acknowledgements, no attachments."""


class Backlog(asyncio.Queue[Any]):
    """The queue of messages that a client has not read yet."""

    def __init__(self) -> None:
        super().__init__()
        self._connection, self._bytes = current_websocket.get(), 0
        self._most = settings().limits.backlog

    def put_nowait(self, item: Any) -> None:
        """Queue a message; too large a backlog cuts the connection and is dropped."""
        if self._connection is not None and self._connection.over.is_set() and item is not None:
            return
        self._bytes += _measure(item)
        super().put_nowait(item)
        if self._bytes > self._most and self._connection is not None:
            self._connection.cut("backlog")
            while not self.empty():
                self.get_nowait()
                self.task_done()  # never sent: nobody has to wait for it
            super().put_nowait(None)  # ends whoever writes

    def get_nowait(self) -> Any:
        """Return the next message to send."""
        item = super().get_nowait()
        self._bytes -= _measure(item)
        return item


def _measure(item: Any) -> int:
    data = getattr(item, "data", None)
    return len(data) if isinstance(data, str | bytes) else 64


class _Transport(engineio.AsyncServer):  # type: ignore[misc]  # has no types
    def create_queue(self, *args: Any, **kwargs: Any) -> Any:
        return Backlog()


class _Strange(Exception):
    """A message that no page sends."""


class _Packet(packet.Packet):  # type: ignore[misc]  # has no types
    def decode(self, encoded_packet: Any) -> int:
        try:
            attachments: int = super().decode(encoded_packet)
        except (ValueError, TypeError, LookupError, AttributeError) as error:  # no number, no JSON, no text at all
            raise _Strange("unreadable") from error
        if attachments or self.packet_type not in PACKET_TYPES:
            raise _Strange("binary" if attachments else "unreadable")
        return attachments


class Server(socketio.AsyncServer):  # type: ignore[misc]  # has no types
    """Socket.IO whose namespaces see only events that their handlers accept."""

    def _engineio_server_class(self) -> type[engineio.AsyncServer]:
        return _Transport

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        """Take a message; cut the connection if no page sends such a one or it makes us fail.

        Engine.IO would log the error and go on reading more of the same; attachments would have to be kept.
        """
        try:
            await super()._handle_eio_message(eio_sid, data)
        except _Strange as error:
            _cut(str(error))
        except Exception:
            log.exception("a message of a client could not be taken")
            _cut("fault")

    async def _handle_connect(self, eio_sid: str, namespace: str, data: Any) -> None:
        """Admit a client to our namespace once: each time it would become another reader."""
        if namespace != NAMESPACE or self.manager.sid_from_eio_sid(eio_sid, NAMESPACE) is not None:
            _refuse(current_websocket.get(), "stranger")
            return
        await super()._handle_connect(eio_sid, namespace, data)

    async def _handle_event(self, eio_sid: str, namespace: str, id: Any, data: Any) -> None:  # noqa: A002 - its name there
        """Pass on an event that pages send."""
        name, *arguments = data if isinstance(data, list) and data else (None,)
        if not isinstance(name, str) or len(arguments) > MAX_ARGUMENTS.get(name, -1):
            _refuse(current_websocket.get(), "stranger")
            return
        await super()._handle_event(eio_sid, namespace, id, data)

    def register_namespace(self, namespace_handler: Any) -> None:
        """Register a namespace whose events are checked first."""
        namespace_handler.on_event = check_events(namespace_handler, namespace_handler.on_event)
        namespace_handler.on_client_error = limit_reports(namespace_handler.on_client_error)
        super().register_namespace(namespace_handler)


def check_events(namespace: Any, handle: Callable[[str, Any], Awaitable[Any]]) -> Callable[..., Awaitable[None]]:
    """Wrap an event handler so that it gets only acceptable events; too many others cut the connection."""

    async def on_event(sid: str, data: Any = None, *_more: Any) -> None:
        connection = current_websocket.get()
        reason = "stranger" if namespace.sid_to_token.get(sid) is None else find_rejection(data)
        if not reason and data["name"].endswith(FAULT_EVENTS) and not await _may_report(connection):
            reason = "faults"
        if reason:
            _refuse(connection, reason)
            return
        metrics.EVENTS.inc()
        await handle(sid, data)

    return on_event


def limit_reports(handle: Callable[[str, Any], Awaitable[Any]]) -> Callable[..., Awaitable[None]]:
    """Wrap a handler of fault reports so that it gets only a few."""

    async def on_client_error(sid: str, data: Any = None, *_more: Any) -> None:
        if isinstance(data, dict) and await _may_report(current_websocket.get()):
            await handle(sid, data)

    return on_client_error


async def _may_report(connection: OpenWebsocket | None) -> bool:
    """Count a fault report; True if both the address and all readers are within their limits."""
    address = connection.address if connection else ""
    return await rates.count_action("reports", address) and await rates.count_action("faults", "all")


def _cut(why: str) -> None:
    if connection := current_websocket.get():
        connection.cut(why)


def _refuse(connection: OpenWebsocket | None, reason: str) -> None:
    metrics.REFUSED.labels(f"event_{reason}").inc()
    if connection is not None:
        connection.refuse()


def _parse_json(text: str) -> Any:
    """Parse a client's JSON; raise ``ValueError`` if it is invalid or nested too deeply."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def create_server() -> Server:
    """Create the server for ``rx.App``: as Reflex makes its own, but with limits."""
    from reflex.utils import format as formatting

    return Server(
        async_mode="asgi",
        cors_allowed_origins=list_allowed_origins(),
        cors_credentials=True,
        max_http_buffer_size=MAX_MESSAGE_BYTES,
        ping_interval=PING_INTERVAL_S,
        ping_timeout=PING_TIMEOUT_S,
        json=SimpleNamespace(dumps=staticmethod(formatting.json_dumps), loads=staticmethod(_parse_json)),
        allow_upgrades=False,
        transports=["websocket"],
        async_handlers=False,
        serializer=_Packet,
    )
