"""The websocket server that Reflex uses, with a bounded backlog for each socket and every event looked at first.

``rx.App(sio=server())``. Engine.IO keeps what a client has not read in a queue without an end; here the queue knows how
much it holds, and cuts its connection when that is too much.
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

from dashboard.protection import metrics, rates
from dashboard.protection.connections import OpenWebsocket, current
from dashboard.protection.events import acceptable
from dashboard.protection.origin import allowed_origins
from dashboard.settings import settings

log = logging.getLogger(__name__)

NAMESPACE = "/_event"
"""The one namespace that pages enter."""

MOST_BYTES = 2**17
"""Largest message of a client: a page's own are a few kilobytes."""

EVERY, WITHIN = 12.0, 15.0
"""Seconds between two questions whether the client is there, and for its answer."""

FAULTS = ("handle_frontend_exception", "client_error")

ARGUMENTS = {"event": 1, "ping": 0, "client_error": 1}
"""Events that a page sends, and with how many arguments at most. Socket.IO would take any name, ``connect`` too."""

KINDS = (packet.CONNECT, packet.DISCONNECT, packet.EVENT)
"""Messages that a page sends: nothing it is sent asks for an answer, and no event of ours has attachments."""


class Backlog(asyncio.Queue[Any]):
    """What a client has not read yet; ``put`` and ``get`` of the queue come through here."""

    def __init__(self) -> None:
        super().__init__()
        self._connection, self._bytes = current.get(), 0
        self._most = settings().limits.backlog

    def put_nowait(self, item: Any) -> None:
        """Keep what is to be sent; what is too much ends the connection, and nothing of it is sent any more."""
        if self._connection is not None and self._connection.over.is_set() and item is not None:
            return
        self._bytes += _size(item)
        super().put_nowait(item)
        if self._bytes > self._most and self._connection is not None:
            self._connection.cut("backlog")
            while not self.empty():
                self.get_nowait()
                self.task_done()  # never sent: nobody has to wait for it
            super().put_nowait(None)  # ends whoever writes

    def get_nowait(self) -> Any:
        """The next that is to be sent."""
        item = super().get_nowait()
        self._bytes -= _size(item)
        return item


def _size(item: Any) -> int:
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
        if attachments or self.packet_type not in KINDS:
            raise _Strange("binary" if attachments else "unreadable")
        return attachments


class Server(socketio.AsyncServer):  # type: ignore[misc]  # has no types
    """Socket.IO whose namespaces see only events that their handlers can take."""

    def _engineio_server_class(self) -> type[engineio.AsyncServer]:
        return _Transport

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        """Take a message; one that no page sends ends the connection, as attachments do: they would have to be kept.

        So does one that makes us fail: Engine.IO would write down how, and go on reading more of the same.
        """
        try:
            await super()._handle_eio_message(eio_sid, data)
        except _Strange as error:
            _cut(str(error))
        except Exception:
            log.exception("a message of a client could not be taken")
            _cut("fault")

    async def _handle_connect(self, eio_sid: str, namespace: str, data: Any) -> None:
        """Let a client enter the namespace that there is, once: each time it would be a reader of its own, for ever."""
        if namespace != NAMESPACE or self.manager.sid_from_eio_sid(eio_sid, NAMESPACE) is not None:
            _refused(current.get(), "stranger")
            return
        await super()._handle_connect(eio_sid, namespace, data)

    async def _handle_event(self, eio_sid: str, namespace: str, id: Any, data: Any) -> None:  # noqa: A002 - its name there
        """Give an event on, if it is one that pages send."""
        name, *arguments = data if isinstance(data, list) and data else (None,)
        if not isinstance(name, str) or len(arguments) > ARGUMENTS.get(name, -1):
            _refused(current.get(), "stranger")
            return
        await super()._handle_event(eio_sid, namespace, id, data)

    def register_namespace(self, namespace_handler: Any) -> None:
        """Register a namespace; its events are looked at before it sees them."""
        namespace_handler.on_event = looked_at(namespace_handler, namespace_handler.on_event)
        namespace_handler.on_client_error = reported(namespace_handler.on_client_error)
        super().register_namespace(namespace_handler)


def looked_at(namespace: Any, take: Callable[[str, Any], Awaitable[Any]]) -> Callable[..., Awaitable[None]]:
    """A handler of events that gives ``take`` those it can take; enough of the others end the connection."""

    async def on_event(sid: str, data: Any = None, *_more: Any) -> None:
        connection = current.get()
        reason = "stranger" if namespace.sid_to_token.get(sid) is None else acceptable(data)
        if not reason and data["name"].endswith(FAULTS) and not await _may_report(connection):
            reason = "faults"
        if reason:
            _refused(connection, reason)
            return
        metrics.EVENTS.inc()
        await take(sid, data)

    return on_event


def reported(take: Callable[[str, Any], Awaitable[Any]]) -> Callable[..., Awaitable[None]]:
    """A handler of reports of faults that gives ``take`` a few of them."""

    async def on_client_error(sid: str, data: Any = None, *_more: Any) -> None:
        if isinstance(data, dict) and await _may_report(current.get()):
            await take(sid, data)

    return on_client_error


async def _may_report(connection: OpenWebsocket | None) -> bool:
    """Whether one more report of a fault is written down: of this address, and of all."""
    address = connection.address if connection else ""
    return await rates.allowed("reports", address) and await rates.allowed("faults", "all")


def _cut(why: str) -> None:
    if connection := current.get():
        connection.cut(why)


def _refused(connection: OpenWebsocket | None, reason: str) -> None:
    metrics.REFUSED.labels(f"event_{reason}").inc()
    if connection is not None:
        connection.refuse()


def _loads(text: str) -> Any:
    """JSON of a client.

    Raises:
        ValueError: it is none, or nested too deeply.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


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
        json=SimpleNamespace(dumps=staticmethod(written.json_dumps), loads=staticmethod(_loads)),
        allow_upgrades=False,
        transports=["websocket"],
        async_handlers=False,
        serializer=_Packet,
    )
