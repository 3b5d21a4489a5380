"""HTTP connections: how long one may take to ask, and how much it may say before it has.

``Protocol`` is what the server makes of each connection (``uvicorn.Config(http=…)``): uvicorn itself waits for ever for
a question that does not come or does not end, and keeps whatever head it is sent.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from dashboard.protection import metrics

IDLE = 15
"""Seconds within which a connection has to ask: after it was opened, after each answer, and once it has begun to."""

MOST_HEAD = 2**16
"""Bytes of request line and headers."""


class Protocol(HttpToolsProtocol):
    """A connection that is closed when no question comes, when its head does not end, and when that is too long."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._late: asyncio.TimerHandle | None = None
        self._head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first question."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._heard()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head has grown too long."""
        if self._late is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()
        super().data_received(data)
        if self._late is None:
            return
        self._head += len(data)
        if self._head > MOST_HEAD and not self.transport.is_closing():
            metrics.REFUSED.labels("head").inc()
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        """The head is there: how long its body and answer take is not decided here."""
        self._heard()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._late = self.loop.call_later(IDLE, self.timeout_keep_alive_handler)

    def _heard(self) -> None:
        if self._late is not None:
            self._late.cancel()
        self._late, self._head = None, 0
