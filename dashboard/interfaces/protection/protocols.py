"""Time and size limits of HTTP connections and websockets that Uvicorn does not have, and fair turns.

``Protocol`` is Uvicorn's ``http`` class, ``Socket`` its ``ws`` class. Uvicorn alone waits for ever for a request that
does not end and a client that reads nothing, and accepts any head and any number of pipelined requests.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from operator import itemgetter
from typing import Any
from weakref import WeakKeyDictionary

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

from dashboard.interfaces.protection import metrics

IDLE_S = 15
"""Time for a request's head: from opening, from the last answer, and from its first byte."""

STALLED_S = 120
"""Time after which a connection is cut that has read nothing of what waits for it; a slow link reads a megabyte in
twenty seconds, and the system reports progress only by thirds of its buffer.
"""

MAX_HEAD_BYTES = 2**16
"""Largest request line with headers."""

MAX_PIPELINED = 32
"""Requests that may be sent before the first is answered; browsers send one, HTTP libraries a few."""

BODY_PAUSE_S, BODY_S = 30, 900
"""Seconds between two pieces of a body, and for all of it: the largest that is taken comes by a slow link in 700."""

CLOSING_S = 2
"""Time a websocket has to read the last message before it is closed."""

_arrived: WeakKeyDictionary[asyncio.AbstractEventLoop, list[tuple[float, Callable[[], None]]]] = WeakKeyDictionary()
"""Requests of this round of a loop: when their connections were last answered, and how to start them."""


class Protocol(HttpToolsProtocol):
    """A connection that is closed when no request comes or ends, its head is too long, or no answer is read.

    Of requests that arrive together, those start first whose connections have waited longest since their last answer.
    The system lists connections in a fixed order and answers are mostly made without a pause, so a connection that
    asked just after the others would otherwise wait for all of them again and again.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asking: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        self._sending: asyncio.TimerHandle | None = None
        self._head, self._whole, self._until, self._answered = 0, True, 0.0, 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel all timers."""
        self._asked()
        self._taken()
        self._sent()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head has grown too long."""
        if self._asking is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()
        super().data_received(data)
        self._sent()
        if self._asking is None:
            if not self._whole:
                self._sending = self.loop.call_later(min(BODY_PAUSE_S, self._until - self.loop.time()), self._missed)
            return
        self._head += len(data)
        if self._head > MAX_HEAD_BYTES and not self.transport.is_closing():
            metrics.REFUSED.labels("head").inc()
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        """Accept the head; the body may follow.

        Raises:
            RuntimeError: too many requests wait for their answers; the parser stops, and the connection is closed.
        """
        self._asked()
        self._whole, self._until = self.parser.should_upgrade(), self.loop.time() + BODY_S
        if len(self.pipeline) >= MAX_PIPELINED:
            metrics.REFUSED.labels("ahead").inc()
            raise RuntimeError("too many requests before an answer")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the whole request has arrived."""
        self._whole = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Note when the connection was last answered."""
        self._answered = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Watch that the client reads what waits for it."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection once the client has read what waits for it."""
        super().timeout_keep_alive_handler()
        self._watch(self.transport.get_write_buffer_size())

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        coming = _arrived.setdefault(self.loop, [])
        if not coming:
            self.loop.call_soon(_start_arrived, coming)
        coming.append((self._answered, partial(super()._start_asgi_task, cycle, app)))

    def _wait(self) -> None:
        self._asking = self.loop.call_later(IDLE_S, self.timeout_keep_alive_handler)

    def _asked(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        self._asking, self._head = None, 0

    def _missed(self) -> None:
        """Cut a connection whose body does not arrive, unless we stopped reading ourselves."""
        self._sending = None
        if self.flow.read_paused:
            self._sending = self.loop.call_later(BODY_PAUSE_S, self._missed)
            return
        metrics.CUT.labels("body").inc()
        self.transport.abort()

    def _sent(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
        self._sending = None

    def _watch(self, waiting: int) -> None:
        self._taken()
        if waiting:
            self._taking = self.loop.call_later(STALLED_S, self._look, waiting)

    def _look(self, waiting: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left >= waiting:
            metrics.CUT.labels("stalled").inc()
            self.transport.abort()
        elif self.flow.write_paused or self.transport.is_closing():
            self._watch(left)

    def _taken(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
        self._taking = None


def _start_arrived(arrived: list[tuple[float, Callable[[], None]]]) -> None:
    requests = sorted(arrived, key=itemgetter(0))
    arrived.clear()  # first: whatever goes wrong below must not keep those who come later waiting
    for _, begin in requests:
        begin()


class Socket(WSProtocol):
    """A websocket that closes when the application ends, whether or not the client has read the last message."""

    async def run_asgi(self) -> None:
        """Run the application, then hang up."""
        await super().run_asgi()
        self.loop.call_later(CLOSING_S, self.transport.abort)
