"""Pictures and reports: a few are made at a time, a few wait, and nothing is made for those who have left.

``WorkPlaces(1).made(request, held, make)``. The same work asked for twice is done once: whoever waited looks
first whether it was made meanwhile. No address takes more than half of the queue, and the
next turn is of the address that has waited longest since its last: one that asks for sixty delays another by one.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from dashboard.protection import metrics, rates
from dashboard.protection.requests import address_of
from dashboard.services.base.errors import Busy
from dashboard.settings import settings

Made = TypeVar("Made")

LOOKS_EVERY = 0.25
"""Seconds between two looks whether whoever waits is still there."""

AGAIN = 5
"""Seconds after which it is worth asking again."""

FULL = "Too many pictures and reports are being made just now; try again in some seconds."
MANY = "Your address has asked for many pictures and reports; try again in a while."


REMEMBERED = 1_000
"""Addresses whose last turn is remembered."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    address: str
    called: "asyncio.Future[None]"


class WorkPlaces:
    """The places in which one kind of work is done."""

    def __init__(self, running: int, *, waiting: int | None = None, counted: bool = False) -> None:
        """What is done at once, and what may wait.

        Args:
            running: how much is done at once.
            waiting: how much may wait; None: as the settings say.
            counted: whether an address may have only so much in a minute.
        """
        self._most, self._room, self._counted = running, waiting, counted
        self._running = 0
        self._waiting: list[_Waiter] = []
        self._served: OrderedDict[str, int] = OrderedDict()  # address → its last turn
        self._turn = 0

    async def made(self, request: Request, held: Callable[[], Made | None], make: Callable[[], Made]) -> Made:
        """What ``make`` gives, made in a thread when there is a place.

        Args:
            request: who asks: dropped from the queue when it has gone.
            held: what another request has had made meanwhile.
            make: does the work.

        Raises:
            Busy: too much waits already, or the client has gone.
        """
        address = address_of(request.scope)
        await self._admit(address)
        await self._place(address, request)
        metrics.RENDERS.labels("running").inc()
        try:
            body = held()
            return body if body is not None else await run_in_threadpool(make)
        finally:
            metrics.RENDERS.labels("running").dec()
            self._running -= 1
            self._next()

    async def _admit(self, address: str) -> None:
        most = settings().limits.waiting if self._room is None else self._room
        if len(self._waiting) >= most:
            metrics.REFUSED.labels("render_queue").inc()
            raise Busy(FULL, AGAIN)
        if sum(waiter.address == address for waiter in self._waiting) >= max(1, most // 2):
            metrics.REFUSED.labels("render_address").inc()
            raise Busy(MANY, AGAIN)
        if self._counted and not await rates.allowed("renders", address):
            raise Busy(MANY, 60)

    async def _place(self, address: str, request: Request) -> None:
        """Wait for a place as long as the client is there."""
        if self._running < self._most and not self._waiting:
            self._take(address)
            return
        waiter = _Waiter(address, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        metrics.RENDERS.labels("waiting").inc()
        try:
            while not waiter.called.done():
                await asyncio.wait({waiter.called}, timeout=LOOKS_EVERY)
                if not waiter.called.done() and await request.is_disconnected():
                    metrics.REFUSED.labels("render_abandoned").inc()
                    raise Busy(FULL, AGAIN)
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
        """Give the place to the address whose last turn is longest ago; of one address, to whoever came first."""
        while self._waiting and self._running < self._most:
            waiter = min(self._waiting, key=lambda one: self._served.get(one.address, 0))
            self._waiting.remove(waiter)
            self._take(waiter.address)
            waiter.called.set_result(None)

    def _take(self, address: str) -> None:
        self._running += 1
        self._turn += 1
        self._served[address] = self._turn
        self._served.move_to_end(address)
        while len(self._served) > REMEMBERED:
            self._served.popitem(last=False)
