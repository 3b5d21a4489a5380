"""Outcomes of the tasks that this process runs by itself."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

OVERDUE_FACTOR = 2.0
"""A task is overdue when it has not succeeded for this many times its interval."""


@dataclass(frozen=True, slots=True)
class Job:
    """A task: its interval in seconds, since when it is expected, its last success, and whether it failed last."""

    name: str
    every: float
    expected_since: float
    well_at: float | None = None
    failed: bool = False

    def is_overdue(self, now: float) -> bool:
        """Return True if the task has not succeeded for twice its interval: it failed, hangs, or never began."""
        return now - (self.expected_since if self.well_at is None else self.well_at) > OVERDUE_FACTOR * self.every


_jobs: dict[str, Job] = {}
_lock = threading.Lock()


def expect(name: str, every: float) -> None:
    """Expect a task to succeed at this interval in seconds; a task already expected stays as it is."""
    with _lock:
        _jobs.setdefault(name, Job(name, every, time.time()))


def forget(name: str) -> None:
    """Expect a task no longer: there is nothing for it to do."""
    with _lock:
        _jobs.pop(name, None)


@contextmanager
def track(name: str) -> Iterator[None]:
    """Store whether the block succeeds; its errors propagate."""
    try:
        yield
    except Exception:
        _store_result(name, failed=True)
        raise
    _store_result(name, failed=False)


def _store_result(name: str, *, failed: bool) -> None:
    with _lock:
        if job := _jobs.get(name):
            _jobs[name] = replace(job, failed=failed, well_at=job.well_at if failed else time.time())


def list_jobs() -> list[Job]:
    """Return all expected tasks of this process, by name."""
    with _lock:
        return [_jobs[name] for name in sorted(_jobs)]
