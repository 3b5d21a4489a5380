"""Connections: how long one may take to ask and to take its answer, how much it may say before, and whose turn it is.

``Protocol`` is what the server makes of each connection (``uvicorn.Config(http=…)``), ``Socket`` of each that becomes a
websocket (``ws=…``). Uvicorn itself waits for ever for a question that does not come or does not end and for a client
that takes nothing of what it is sent, keeps whatever head and however many questions there are, and begins those that
have come together in no order.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from operator import itemgetter
from typing import Any
from weakref import WeakKeyDictionary

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

from dashboard.protection import metrics

IDLE = 15
"""Seconds within which a connection has to ask: after it was opened, after each answer, and once it has begun to."""

STALLED = 120
"""Seconds after which a connection is cut that has taken nothing of what waits for it: a slow link takes a megabyte in
twenty, and the system says so only when a third of its buffer is free."""

MOST_HEAD = 2**16
"""Bytes of request line and headers."""

MOST_AHEAD = 32
"""Questions that may be asked before the first is answered: browsers ask one, HTTP libraries a few."""

PAUSE, WHOLE = 30, 900
"""Seconds between two pieces of a body, and for all of it: the largest that is taken comes by a slow link in 700."""

LAST_WORDS = 2
"""Seconds that a websocket has to take what it was sent last, once nothing more will be."""

_coming: WeakKeyDictionary[asyncio.AbstractEventLoop, list[tuple[float, Callable[[], None]]]] = WeakKeyDictionary()
"""Questions that have come in this round of a loop: when their connections were last answered, and how they begin."""


class Protocol(HttpToolsProtocol):
    """A connection that is closed when no question comes or ends, its head is too long, or nobody takes its answer.

    Of the questions that have come together, those begin first whose connections have waited longest since their last
    answers. The system names first whoever it named before, and answers are mostly made without a pause: a connection
    that asked just after the others waited for all of them, and then for all of them who had asked again.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asking: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        self._sending: asyncio.TimerHandle | None = None
        self._head, self._whole, self._until, self._answered = 0, True, 0.0, 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first question."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
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
                self._sending = self.loop.call_later(min(PAUSE, self._until - self.loop.time()), self._missed)
            return
        self._head += len(data)
        if self._head > MOST_HEAD and not self.transport.is_closing():
            metrics.REFUSED.labels("head").inc()
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        """The head is there, its body may follow.

        Raises:
            RuntimeError: too many are waiting for their answers; the parser stops, and the connection is closed.
        """
        self._asked()
        self._whole, self._until = self.parser.should_upgrade(), self.loop.time() + WHOLE
        if len(self.pipeline) >= MOST_AHEAD:
            metrics.REFUSED.labels("ahead").inc()
            raise RuntimeError("too many requests before an answer")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of it has come."""
        self._whole = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It is answered; another may have been asked already."""
        self._answered = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """More waits for the client than is good: it has to take some of it."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def timeout_keep_alive_handler(self) -> None:
        """Close it, once it has taken what it was sent before."""
        super().timeout_keep_alive_handler()
        self._watch(self.transport.get_write_buffer_size())

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        coming = _coming.setdefault(self.loop, [])
        if not coming:
            self.loop.call_soon(_begin, coming)
        coming.append((self._answered, partial(super()._start_asgi_task, cycle, app)))

    def _wait(self) -> None:
        self._asking = self.loop.call_later(IDLE, self.timeout_keep_alive_handler)

    def _asked(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        self._asking, self._head = None, 0

    def _missed(self) -> None:
        """No more of a body has come; where we have stopped reading ourselves it cannot have."""
        self._sending = None
        if self.flow.read_paused:
            self._sending = self.loop.call_later(PAUSE, self._missed)
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
            self._taking = self.loop.call_later(STALLED, self._look, waiting)

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


def _begin(coming: list[tuple[float, Callable[[], None]]]) -> None:
    together = sorted(coming, key=itemgetter(0))
    coming.clear()  # first: whatever goes wrong below must not keep those who come later waiting
    for _, begin in together:
        begin()


class Socket(WSProtocol):
    """A websocket that ends when the product is done with it, whether the client has taken its last words or not."""

    async def run_asgi(self) -> None:
        """Speak with the client, then hang up."""
        await super().run_asgi()
        self.loop.call_later(LAST_WORDS, self.transport.abort)
