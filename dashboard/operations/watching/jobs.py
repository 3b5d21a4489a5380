"""What each task that a server does by itself last came to, in this process.

``expect(name, every)`` before its first time, then ``with doing(name):`` around each; ``list_jobs()`` tells.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

GRACE = 2.0
"""Times its interval after which a task that did not come to a good end is overdue."""


@dataclass(frozen=True, slots=True)
class Job:
    """A task: seconds between two times, since when it is expected, when it last ended well, whether it failed last."""

    name: str
    every: float
    expected_since: float
    well_at: float | None = None
    failed: bool = False

    def is_overdue(self, now: float) -> bool:
        """Whether it has not ended well for twice its interval: it failed, hangs, or was never begun."""
        return now - (self.expected_since if self.well_at is None else self.well_at) > GRACE * self.every


_jobs: dict[str, Job] = {}
_lock = threading.Lock()


def expect(name: str, every: float) -> None:
    """A task is to end well every so many seconds from now on; one that is expected already is left as it is."""
    with _lock:
        _jobs.setdefault(name, Job(name, every, time.time()))


def forget(name: str) -> None:
    """A task is no longer expected: there is nothing for it to do."""
    with _lock:
        _jobs.pop(name, None)


@contextmanager
def doing(name: str) -> Iterator[None]:
    """Note how the block ends; what it raises goes on."""
    try:
        yield
    except Exception:
        _note(name, failed=True)
        raise
    _note(name, failed=False)


def _note(name: str, *, failed: bool) -> None:
    with _lock:
        if job := _jobs.get(name):
            _jobs[name] = replace(job, failed=failed, well_at=job.well_at if failed else time.time())


def list_jobs() -> list[Job]:
    """All tasks of this process that are expected, by name."""
    with _lock:
        return [_jobs[name] for name in sorted(_jobs)]
