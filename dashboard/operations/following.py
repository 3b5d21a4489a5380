"""Put versions that another machine publishes in force here within two seconds.

With SQLite there is no other machine. The newest version is queried four times a second:
docs/decisions/0033-many-machines.md.
"""

import asyncio
import logging

from starlette.concurrency import run_in_threadpool

from dashboard.operations.trouble import explain_error
from dashboard.settings import settings

log = logging.getLogger(__name__)

POLL_S = 0.25
"""Time between two queries for a newer version."""


async def follow_publications() -> None:
    """Put newer versions in force until cancelled. Never raises; ends at once with SQLite."""
    current = settings()
    if current.sqlite_path is not None:
        return
    from dashboard.evidence.database.engine import open_engine
    from dashboard.evidence.dataset.travel import pull_newest

    last_error = ""
    while True:
        await asyncio.sleep(POLL_S)
        try:
            name = await run_in_threadpool(pull_newest, open_engine(current), current.dataset_dir)
        except Exception as error:  # what is in force stays, and it is looked again
            message = explain_error(error) or type(error).__name__
            if message != last_error:
                log.error("what is published elsewhere could not be taken over: %s", message)
            last_error = message
            continue
        last_error = ""
        if name:
            log.info("the dataset version %s, published elsewhere, is in force", name)
