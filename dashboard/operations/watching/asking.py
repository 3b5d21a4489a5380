"""Probe the addresses of services on schedule, as a task of the server."""

import asyncio
import logging
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool

from dashboard.operations.trouble import explain_error
from dashboard.operations.watching import jobs
from dashboard.settings import Settings, settings

log = logging.getLogger(__name__)

JOB_NAME = "ask_addresses"


async def ask_schedule() -> None:
    """Probe in each step of five minutes, until cancelled. Never raises; ends where switched off."""
    if not settings().schedule.enabled:
        return
    from dashboard.contributions.delivery.probing import STEP, step_of

    while True:
        now = datetime.now(UTC)
        await asyncio.sleep(max(1.0, (step_of(now) + STEP - now).total_seconds()))  # visitors come first
        try:
            await run_in_threadpool(ask_addresses, settings())
        except Exception as error:  # asking must not take the server down, and is done again
            log.error("services' addresses were not asked: %s", explain_error(error) or type(error).__name__)


def ask_addresses(configured: Settings) -> int:
    """Probe the listed addresses unless another server does, and return how many were probed.

    Without a database nothing is done, and none is made.
    """
    path = configured.sqlite_path
    if path is not None and not path.is_file():
        return 0
    from dashboard.contributions.delivery.probing import STEP, list_asked, round_of
    from dashboard.evidence.database.engine import open_engine

    engine, moment = open_engine(configured), datetime.now(UTC)
    if not list_asked(engine, moment):
        jobs.forget(JOB_NAME)
        return 0
    jobs.expect(JOB_NAME, STEP.total_seconds())
    with jobs.track(JOB_NAME):
        probes = round_of(engine, moment)
    if down := [probe for probe in probes if not probe.up]:
        log.info("addresses of services asked: %s, down: %s", len(probes), len(down))
    return len(probes)
