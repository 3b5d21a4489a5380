"""Imported first by the process that all sandboxes are forked from: it starts anew with no password and no key of ours.

A process keeps the environment it was started with for whoever may read it, whatever is deleted later; so it is
replaced, arguments and pipes the same (``sys.orig_argv``), before anything else of ours is loaded.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

GIVEN = ("PATH", "LD_LIBRARY_PATH", "LANG", "TZ", "TMPDIR")
"""What these processes are given of our environment."""

OWN = {"PYTHONPATH": str(ROOT), "POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
       "MKL_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "PYTHONDONTWRITEBYTECODE": "1",
       "MONITOR_SANDBOX": "1"}  # fmt: skip
"""The systems are small: threads would wait for one another, and take the processors from the server."""


def start_anew() -> None:
    """Replace this process by one with a bare environment; returns where it is one already."""
    if "MONITOR_SANDBOX" not in os.environ:
        bare = {name: os.environ[name] for name in GIVEN if name in os.environ} | OWN
        os.execve(sys.executable, [sys.executable, "-P", *sys.orig_argv[1:]], bare)  # noqa: S606 - ourselves


if "multiprocessing.forkserver" in sys.modules and sys.orig_argv[-1].startswith("from multiprocessing.forkserver"):
    start_anew()
