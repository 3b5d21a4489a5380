"""Gathering what is due while pages are served: a task of the server's lifespan that starts a process of its own.

``app.register_lifespan_task(scheduled)`` in the composition root. The process is ``python -m dashboard gather --due``,
at low priority: serving never waits for it. Of all workers of all machines one looks at a time, by a lease in the
database.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path

from dashboard.settings import Settings, settings

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[4]
COMMAND = (sys.executable, "-m", "dashboard", "gather", "--due")
FIRST = 60.0
"""Seconds after the start before the first look: visitors come first."""

LEASE = "schedule"
POLITELY = 5.0
"""Seconds a gathering has to end when the server stops."""


async def run_schedule() -> None:
    """Look for what is due again and again, until cancelled. Never raises; ends at once where a setting says so."""
    now = settings()
    if not now.schedule.enabled:
        log.info("the schedule is off (MONITOR_SCHEDULE__ENABLED)")
        return
    holder = f"{socket.gethostname()} {os.getpid()} {uuid.uuid4().hex}"
    await asyncio.sleep(FIRST)
    while True:
        try:
            await look(now, holder)
        except Exception:  # the schedule must not take the server down, and looks again
            log.exception("the schedule could not look for what is due")
        await asyncio.sleep(now.schedule.minutes * 60)


async def look(now: Settings, holder: str, command: Sequence[str] = COMMAND) -> int | None:
    """Gather what is due in a process of its own.

    Args:
        now: the settings, for the database and the time between two looks.
        holder: who looks; until the next look is near no other one does.

    Returns:
        Its exit code; None when another worker has looked.
    """
    if not await asyncio.to_thread(_ours, now, holder):
        return None
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, 10)
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        await _end(process)
        raise
    lines = output.decode("utf-8", "replace").strip().splitlines() or [""]
    level = logging.INFO if process.returncode in (0, 75) else logging.WARNING
    log.log(level, "gathering what is due ended with code %s: %s", process.returncode, lines[-1])
    return process.returncode


def _ours(now: Settings, holder: str) -> bool:
    from dashboard.evidence.database import leases
    from dashboard.evidence.database.engine import open_engine

    return leases.acquire_lease(open_engine(now), LEASE, holder, now.schedule.minutes * 60 * 0.9)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Stop a gathering with the server: politely, then for good; either way the next one goes on where it was."""
    for number in (signal.SIGINT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), POLITELY)
            return
