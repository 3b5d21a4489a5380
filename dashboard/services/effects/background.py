"""After each publication: estimates of every adopter and outcome by the default plan, behind everything else.

``app.register_lifespan_task(estimated)`` in the composition root. What came with the product and what a publication did
not touch is there already; of several processes with one data folder one makes the rest.
"""

import asyncio
import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.concurrency import run_in_threadpool

from dashboard.sandbox.pools import Sandbox
from dashboard.services.base.context import open_context
from dashboard.services.base.errors import NotReady
from dashboard.services.effects.estimates import default_plans, make
from dashboard.settings import settings

log = logging.getLogger(__name__)

FIRST, EVERY = 30.0, 5.0
"""Seconds after the start before the first look, and between two looks for another dataset: visitors come first."""

PAUSE = 0.1
"""Seconds between two plans."""

LAST = 19
"""How far behind everybody else's its turn at the processor is (``nice``)."""


async def estimated() -> None:
    """Look for a dataset whose estimates are not there, until cancelled. Never raises."""
    done = ""
    await asyncio.sleep(FIRST)
    while True:
        try:
            done = await estimate_missing(done)
        except NotReady:
            pass
        except Exception as error:  # a convenience must not take the server down: readers ask for their own plan
            log.error("adoption effects could not be estimated: %s", f"{type(error).__name__}: {error}")
        await asyncio.sleep(EVERY)


async def estimate_missing(done: str = "") -> str:
    """Make what is missing of the dataset in force, unless it is that of the name ``done``; gives its name."""
    ctx = await run_in_threadpool(open_context)
    if ctx.dataset.name == done:
        return done
    with _alone() as free:
        if not free:
            return done
        sandbox, plans, made = Sandbox(workers=1, tasks=50, polite=LAST), default_plans(ctx), 0
        try:
            while (query := await run_in_threadpool(next, plans, None)) is not None:
                made += bool(await run_in_threadpool(make, query, sandbox))
                await asyncio.sleep(PAUSE)
        finally:
            await run_in_threadpool(sandbox.close)
    if made:
        log.info("%d adoption effects were estimated on the dataset %s", made, ctx.dataset.name)
    return ctx.dataset.name


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other process with this data folder estimates; none begins for as long as the block lasts."""
    folder = settings().effects_dir
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
