"""Doing once, after the start, what the first visitors would otherwise wait for.

``app.register_lifespan_task(warm)`` in the composition root. Opening the figures takes a tenth of a second, and so does
each shape of a chart (kind, unit, direction, language, theme); a reader who comes earlier only waits as without this.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator

from starlette.concurrency import run_in_threadpool

from dashboard.locales import LANGUAGES
from dashboard.services import charting, search
from dashboard.services.context import Context, context
from dashboard.services.errors import NotReady
from dashboard.services.goals import goals
from dashboard.services.overview import overview

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds between looks for a published dataset."""

PAUSE = 0.05
"""Seconds left to visitors between two pieces of work."""


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
            await run_in_threadpool(piece)
            await asyncio.sleep(PAUSE)
    except Exception:  # a convenience must not take the server down
        log.exception("warming up was given up; pages answer all the same")


def pieces(ctx: Context) -> Iterator[Callable[[], object]]:
    """The pieces of work: the first pages, then every shape of chart that pages offer, in the light theme."""
    for lang in LANGUAGES:
        one = context(lang)
        yield lambda one=one: (overview(one), goals(one))  # type: ignore[misc]
        yield lambda one=one: search.warm(one)  # type: ignore[misc]
    examples: dict[tuple[str, str, str], str] = {}
    for metric in ctx.book.metrics.values():
        for kind in charting.kinds_of(ctx, metric):
            examples.setdefault((kind, metric.unit, metric.direction), metric.id)
    for lang in LANGUAGES:
        one = context(lang)
        for (kind, _, _), metric_id in examples.items():
            asked = charting.ask(one, kind, metric_id)
            yield lambda asked=asked: charting.specification(asked)  # type: ignore[misc]
