"""Make a few pictures and reports at a time, queue a few, and drop those whose client has left.

Equal work is done once: whoever waited first checks whether it was made meanwhile. No address takes more than half of
the queue, and the next turn goes to the address that has waited longest since its last.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from dashboard.answers.base.errors import Busy
from dashboard.interfaces.protection import metrics, rates
from dashboard.interfaces.protection.requests import get_address
from dashboard.settings import settings

Result = TypeVar("Result")

POLL_S = 0.25
"""Time between two checks that a waiting client is still connected."""

RETRY_AFTER_S = 5
"""Time after which a refused client may ask again."""

QUEUE_FULL = "Too many pictures and reports are being made just now; try again in some seconds."
TOO_MANY = "Your address has asked for many pictures and reports; try again in a while."


MAX_REMEMBERED = 1_000
"""Addresses whose last turn is remembered."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    address: str
    called: "asyncio.Future[None]"


class WorkPlaces:
    """The places in which a kind of work is done."""

    def __init__(self, running: int, *, waiting: int | None = None, counted: bool = False) -> None:
        """Allow ``running`` jobs at once and ``waiting`` in the queue (None: as the settings say).

        ``counted`` limits the jobs of an address in a minute.
        """
        self._most, self._room, self._counted = running, waiting, counted
        self._running = 0
        self._waiting: list[_Waiter] = []
        self._served: OrderedDict[str, int] = OrderedDict()  # address → its last turn
        self._turn = 0

    async def run(self, request: Request, find_made: Callable[[], Result | None], make: Callable[[], Result]) -> Result:
        """Return what ``make`` gives, made in a thread when there is a place.

        Args:
            request: the request, dropped from the queue when its client leaves.
            find_made: returns the result if another request has had it made meanwhile.
            make: does the work.

        Raises:
            Busy: too much is waiting already, or the client has left.
        """
        address = get_address(request.scope)
        await self._admit(address)
        await self._place(address, request)
        metrics.RENDERS.labels("running").inc()
        try:
            body = find_made()
            return body if body is not None else await run_in_threadpool(make)
        finally:
            metrics.RENDERS.labels("running").dec()
            self._running -= 1
            self._next()

    async def _admit(self, address: str) -> None:
        max_waiting = settings().limits.waiting if self._room is None else self._room
        if len(self._waiting) >= max_waiting:
            metrics.REFUSED.labels("render_queue").inc()
            raise Busy(QUEUE_FULL, RETRY_AFTER_S)
        if sum(waiter.address == address for waiter in self._waiting) >= max(1, max_waiting // 2):
            metrics.REFUSED.labels("render_address").inc()
            raise Busy(TOO_MANY, RETRY_AFTER_S)
        if self._counted and not await rates.count_action("renders", address):
            raise Busy(TOO_MANY, 60)

    async def _place(self, address: str, request: Request) -> None:
        """Wait for a place as long as the client is connected."""
        if self._running < self._most and not self._waiting:
            self._take(address)
            return
        waiter = _Waiter(address, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        metrics.RENDERS.labels("waiting").inc()
        try:
            while not waiter.called.done():
                await asyncio.wait({waiter.called}, timeout=POLL_S)
                if not waiter.called.done() and await request.is_disconnected():
                    metrics.REFUSED.labels("render_abandoned").inc()
                    raise Busy(QUEUE_FULL, RETRY_AFTER_S)
        except BaseException:
            if waiter.called.done():
                self._running -= 1
                self._next()
            else:
                self._waiting.remove(waiter)
            raise
        finally:
            metrics.RENDERS.labels("waiting").dec()

    def _next(self) -> None:
        """Give free places to the address whose last turn is longest ago, in order of arrival."""
        while self._waiting and self._running < self._most:
            waiter = min(self._waiting, key=lambda candidate: self._served.get(candidate.address, 0))
            self._waiting.remove(waiter)
            self._take(waiter.address)
            waiter.called.set_result(None)

    def _take(self, address: str) -> None:
        self._running += 1
        self._turn += 1
        self._served[address] = self._turn
        self._served.move_to_end(address)
        while len(self._served) > MAX_REMEMBERED:
            self._served.popitem(last=False)
