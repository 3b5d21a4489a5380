"""The processes of a sandbox (pebble's), what is asked of them, and what becomes of it."""

import atexit
import logging
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from dashboard.runtime.sandbox.bare import ROOT
from dashboard.runtime.sandbox.inside import POLITE, JobOutcome, begin, work

log = logging.getLogger(__name__)

PRELOADED = ["dashboard.runtime.sandbox.bare"]
"""What the process that all others are forked from has loaded: little, because it stays."""

_CODEBOOK = ("MONITOR_TRAINING", "MONITOR_DATA_DIR")
"""What says which codebook is in effect; nothing else of our settings reaches a sandbox."""


class SandboxError(Exception):
    """Nothing was made of a job."""


class TooCostly(SandboxError):
    """It needed more memory, time or processor than it was given, or was killed twice."""


class Crashed(SandboxError):
    """A fault of ours, or of a library that gave up; its words may hold what was read."""


class NotStarted(SandboxError, OSError):
    """There is no process to ask."""


class _Killed(Exception):
    """A process ended before its job did, and not by a limit of its own."""


@dataclass(frozen=True, slots=True)
class JobLimits:
    """What one job may take.

    ``memory``: address space in bytes, 0 for as much as there is; libraries reserve several times what they use.
    ``seconds``: of the processor. ``patience``: seconds from its beginning to its end.
    """

    memory: int
    seconds: int
    patience: float


class _Group(ForkServerProcess):
    """A process that is killed with all that it has started."""

    def terminate(self) -> None:
        if self.pid:
            with suppress(ProcessLookupError):  # it has not come to make the group yet
                os.killpg(self.pid, signal.SIGKILL)
        super().terminate()


class _Context(ForkServerContext):
    Process = _Group


class Sandbox:
    """Processes of one kind, started when the first is needed. For many threads.

    A process that died is replaced; whatever was killed from outside, soon, is asked once more.
    """

    def __init__(self, workers: int, tasks: int, polite: int = POLITE, idle: float = 0.0) -> None:
        """``workers`` at once, each replaced after so many ``tasks``.

        Args:
            workers: at once.
            tasks: after so many jobs a process is replaced.
            polite: how far behind the server its turn at the processor is.
            idle: seconds without a job after which all processes end and give their memory back; 0: they stay.
        """
        self._workers, self._tasks, self._polite, self._idle = workers, tasks, polite, idle
        self._under_way, self._timer = 0, threading.Timer(0.0, self._rest)
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._ended: set[str] = set()
        atexit.register(self.close)

    def call(self, function: str, job: Any, limits: JobLimits) -> Any:
        """What ``package.module:function`` makes of a job in one of the processes; both are plain values.

        Raises:
            TooCostly: it met a limit.
            Crashed: it raised what it should not.
            NotStarted: there is no process to ask.
        """
        with self._at_work():
            return self._call(function, job, limits)

    def _call(self, function: str, job: Any, limits: JobLimits) -> Any:
        began = time.monotonic()
        try:
            try:
                outcome = self._ask(function, job, limits)
            except _Killed:
                if time.monotonic() - began > limits.seconds / 2:
                    raise
                log.warning("A sandbox was killed from outside; %s is asked again", function)
                outcome = self._ask(function, job, limits)
        except _Killed as error:
            if isinstance(error.__cause__, BrokenProcessPool):  # none came so far as to take it
                self._ended.add(function)
                raise NotStarted("No process of a sandbox stays") from error
            raise TooCostly(f"{function} was killed") from error
        except NotStarted:
            self._ended.add(function)
            raise
        if outcome.how == "fault":
            self._ended.add(function)
            raise Crashed(outcome.what)
        self._ended.discard(function)
        if outcome.how == "no_memory":
            raise TooCostly(f"{function} took more memory than it is given")
        return outcome.what

    def trouble(self) -> bool:
        """True if the last job of some function ended in a fault or found no process."""
        return bool(self._ended)

    def close(self) -> None:
        """End all processes; the next job starts new ones."""
        with self._lock:
            self._timer.cancel()
            pool, self._pool = self._pool, None
        _stop(pool)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Count a job; after the last one the processes rest, and end when none has come for long."""
        with self._lock:
            self._under_way += 1
            self._timer.cancel()
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                if self._idle and not self._under_way:
                    self._timer = threading.Timer(self._idle, self._rest)
                    self._timer.daemon = True
                    self._timer.start()

    def _rest(self) -> None:
        with self._lock:
            if self._under_way:
                return
            pool, self._pool = self._pool, None
        _stop(pool)

    def _ask(self, function: str, job: Any, limits: JobLimits) -> JobOutcome:
        environment = {name: os.environ[name] for name in _CODEBOOK if name in os.environ}
        environment["TMPDIR"] = tempfile.gettempdir()
        asked = (function, job, limits.memory, limits.seconds, environment)
        try:
            outcome: JobOutcome = self._scheduled(asked, limits.patience).result()
        except (BrokenProcessPool, CancelledError) as error:  # all processes died, or were closed
            raise _Killed from error
        except ProcessExpired as error:
            if error.exitcode == -signal.SIGKILL:
                raise _Killed from error
            raise TooCostly(f"{function} ended with {error.exitcode}") from error
        except TimeoutError as error:
            raise TooCostly(f"{function} took longer than {limits.patience:g} s") from error
        return outcome

    def _scheduled(self, asked: tuple[Any, ...], patience: float) -> ProcessFuture[JobOutcome]:
        """Return the job in the line of the pool, of a new one where an idle process of it has been killed.

        Raises:
            NotStarted: no process could be started.
        """
        for _ in range(2):
            try:
                return self._started().schedule(work, args=asked, timeout=patience)
            except (RuntimeError, OSError) as error:
                self.close()
                reason = error
        raise NotStarted("A sandbox could not be started") from reason

    def _started(self) -> ProcessPool:
        with self._lock:
            if self._pool is None:
                os.environ.setdefault("PYTHONPATH", str(ROOT))  # from wherever we run, the fork server finds ``bare``
                context = _Context()
                context.set_forkserver_preload(PRELOADED)
                self._pool = ProcessPool(
                    self._workers, self._tasks, initializer=begin, initargs=[self._polite], context=context
                )
            return self._pool


def _stop(pool: ProcessPool | None) -> None:
    if pool is not None:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()
