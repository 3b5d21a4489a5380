"""Asking services' addresses by the schedule: a task of the server's lifespan, idle where none is listed."""

import asyncio
import logging
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool

from dashboard.operations.trouble import in_words
from dashboard.operations.watching import jobs
from dashboard.settings import Settings, settings

log = logging.getLogger(__name__)

NAME = "ask_addresses"


async def ask_schedule() -> None:
    """Ask in each step of five minutes, until cancelled. Never raises; ends where a setting says so."""
    if not settings().schedule.enabled:
        return
    from dashboard.delivery.probing import STEP, step_of

    while True:
        now = datetime.now(UTC)
        await asyncio.sleep(max(1.0, (step_of(now) + STEP - now).total_seconds()))  # visitors come first
        try:
            await run_in_threadpool(ask_addresses, settings())
        except Exception as error:  # asking must not take the server down, and is done again
            log.error("services' addresses were not asked: %s", in_words(error) or type(error).__name__)


def ask_addresses(now: Settings) -> int:
    """Ask what is listed, unless another server does; gives how many addresses answered or did not.

    An installation whose record is not made yet is not asked for it.
    """
    path = now.sqlite_path
    if path is not None and not path.is_file():
        return 0
    from dashboard.database.engine import open_engine
    from dashboard.delivery.probing import STEP, list_asked, round_of

    engine, moment = open_engine(now), datetime.now(UTC)
    if not list_asked(engine, moment):
        jobs.forget(NAME)
        return 0
    jobs.expect(NAME, STEP.total_seconds())
    with jobs.doing(NAME):
        found = round_of(engine, moment)
    if down := [one for one in found if not one.up]:
        log.info("addresses of services asked: %s, down: %s", len(found), len(down))
    return len(found)
