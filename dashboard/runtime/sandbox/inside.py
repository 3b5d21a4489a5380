"""What runs in a sandbox: its start, its limits, and one job after another."""

import os
import signal
import threading
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from multiprocessing import parent_process
from typing import Any, Literal, NamedTuple

POLITE = 10
"""How far behind the server's its turn at the processor is (``nice``)."""


class JobOutcome(NamedTuple):
    """How a job ended: what was made of it, or in words why nothing was."""

    how: Literal["made", "no_memory", "fault"]
    what: Any


def begin(polite: int) -> None:
    """Make this process the head of a group that ends with the server, silent, and behind it in turn.

    Raises:
        RuntimeError: it has our environment, which ``bare`` should have taken.
    """
    os.setpgid(0, 0)
    if "MONITOR_SANDBOX" not in os.environ:
        raise RuntimeError("the process has not started anew")
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # what a library says of a fault may hold what it read
        os.dup2(silent, stream)
    with suppress(OSError):
        os.nice(polite)
    threading.Thread(target=_end_with_server, name="ends-with-server", daemon=True).start()


def _end_with_server() -> None:
    server = parent_process()
    if server is not None:
        server.join()
        os.killpg(0, signal.SIGKILL)


def work(function: str, job: Any, memory: int, seconds: int, environment: Mapping[str, str]) -> JobOutcome:
    """Return what a function makes of a job, within limits (see ``pools.JobLimits``)."""
    os.environ.update(environment)
    limit(memory, seconds)
    module, name = function.split(":")
    try:
        return JobOutcome("made", getattr(import_module(module), name)(job))
    except MemoryError:
        return JobOutcome("no_memory", "")
    except BaseException as error:  # a panic of a library among them
        return JobOutcome("fault", f"{type(error).__name__}: {error}")


def limit(memory: int, seconds: int) -> None:
    """Bound the address space this process may take in bytes (0: not), and the processor's seconds from now on."""
    with suppress(ImportError):  # a system without such limits keeps that of the time
        import resource

        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, most), 256 if most >= 256 else most))
