"""What another machine publishes is in force here, too, within two seconds.

``app.register_lifespan_task(followed)`` in the composition root. With SQLite there is no other machine, and it ends at
once. The newest version is asked for by a query four times a second: docs/decisions/0033-many-machines.md.
"""

import asyncio
import logging

from starlette.concurrency import run_in_threadpool

from dashboard.operations.trouble import in_words
from dashboard.settings import settings

log = logging.getLogger(__name__)

EVERY = 0.25
"""Seconds between two looks for a newer version."""


async def followed() -> None:
    """Take over what is published elsewhere again and again, until cancelled. Never raises."""
    now = settings()
    if now.sqlite_path is not None:
        return
    from dashboard.database.engine import open_engine
    from dashboard.dataset.travel import pull

    trouble = ""
    while True:
        await asyncio.sleep(EVERY)
        try:
            name = await run_in_threadpool(pull, open_engine(now), now.dataset_dir)
        except Exception as error:  # what is in force stays, and it is looked again
            words = in_words(error) or type(error).__name__
            if words != trouble:
                log.error("what is published elsewhere could not be taken over: %s", words)
            trouble = words
            continue
        trouble = ""
        if name:
            log.info("the dataset version %s, published elsewhere, is in force", name)
