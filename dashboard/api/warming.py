"""Doing once, after the start, what the first visitors would otherwise wait for.

``app.register_lifespan_task(warm)`` in the composition root, and ``noticing`` around the application. Opening the
figures takes a tenth of a second, and so does each shape of a chart (kind, language, theme); a reader who comes earlier
only waits as without this, and never for this: while somebody asks, nothing is warmed.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.locales import LANGUAGES
from dashboard.services import charting, search
from dashboard.services.context import Context, context
from dashboard.services.errors import NotReady
from dashboard.services.goals import goals
from dashboard.services.overview import overview

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds between looks for a published dataset."""

FURTHER = ("multiples", "slope", "dumbbell", "beside", "projection")
"""Kinds that pages draw of countries, beside those of an indicator."""

PAUSE = 0.05
"""Seconds between two pieces of work, and between two looks whether somebody asks."""

QUIET = 0.5
"""Seconds after the last question in which nothing is warmed."""

LONGEST = 10.0
"""Seconds for which a piece gives way: where somebody always asks, it is worth its tenth of a second."""


@dataclass(slots=True)
class Visits:
    """When anything was last asked, on the monotonic clock."""

    last: float = float("-inf")

    def note(self) -> None:
        """Somebody asks now."""
        self.last = time.monotonic()

    def quiet(self) -> bool:
        """Whether nobody has asked for a while."""
        return time.monotonic() - self.last >= QUIET


visits = Visits()


def noticing(app: ASGIApp) -> ASGIApp:
    """``app``, with a note of every request and of every message of a reader."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def heard() -> Message:
            message = await receive()
            visits.note()
            return message

        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            return
        visits.note()
        await app(scope, heard, send)

    return wrapped


async def warm() -> None:
    """Warm this process up, a piece at a time; ends by itself, and at once when it is cancelled. Never raises."""
    try:
        while True:
            try:
                ctx = await run_in_threadpool(context)
                break
            except NotReady:
                await asyncio.sleep(PATIENCE)
        for piece in pieces(ctx):
            await _given_way()
            await run_in_threadpool(piece)
    except Exception:  # a convenience must not take the server down
        log.exception("warming up was given up; pages answer all the same")


async def _given_way() -> None:
    """Wait until nobody asks, but not for ever."""
    for _ in range(round(LONGEST / PAUSE)):
        await asyncio.sleep(PAUSE)
        if visits.quiet():
            return


def pieces(ctx: Context) -> Iterator[Callable[[], object]]:
    """The pieces of work: the first pages, then every shape of chart that indicators have, in the light theme.

    A shape depends on the kind of chart and on whether figures are yes or no; ``charting.drawing`` keeps it.
    """
    for lang in LANGUAGES:
        one = context(lang)
        yield lambda one=one: (overview(one), goals(one))  # type: ignore[misc]
        yield lambda one=one: search.warm(one)  # type: ignore[misc]
    examples: dict[tuple[str, bool], str] = {}
    for metric in ctx.book.metrics.values():
        for kind in charting.kinds_of(ctx, metric):
            examples.setdefault((kind, metric.unit == "yes_no"), metric.id)
    if of_numbers := examples.get(("trend", False)):
        examples |= {(kind, False): of_numbers for kind in FURTHER}
    for lang in LANGUAGES:
        one = context(lang)
        for (kind, _), metric_id in examples.items():
            asked = charting.ask(one, kind, metric_id)
            yield lambda asked=asked: charting.drawing(asked)  # type: ignore[misc]
