"""Keep the server running: restart it when it dies, alone on its data folder, and end its children."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

LOCK = ".serve.lock"
MAX_FAILED_STARTS = 5
"""Failed starts in a row after which it is not started again."""

END_SIGNALS = ((signal.SIGINT, 10.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0))
"""Signals that end a process, with the seconds it has: running answers are finished first."""


class Occupied(Exception):
    """Another server runs on this data folder."""


@contextlib.contextmanager
def hold_folder(folder: Path, port: int) -> Iterator[None]:
    """Hold a data folder as its only server; the system releases the lock of a killed one.

    Raises:
        Occupied: another server holds it.
    """
    with (folder / LOCK).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Occupied(
                f"Another server runs on {folder} ({_describe_holder(lock.read())}): "
                "stop it, or choose another folder (MONITOR_DATA_DIR, or --folder of a training workspace)."
            ) from None
        lock.truncate(0)
        lock.write(json.dumps({"process": os.getpid(), "port": port}))
        lock.flush()
        yield


def format_start_command(port: int | str, *, training: bool) -> str:
    """Return the command that starts a server, or one of a training workspace, on a port."""
    return f"python -m dashboard training --port {port}" if training else f"make run PORT={port}"


def _describe_holder(text: str) -> str:
    try:
        document = json.loads(text)
        return f"process {document['process']}, port {document['port']}"
    except (ValueError, KeyError, TypeError):
        return "which one is not known"


class RestartedProcess:
    """A process group that is started again when it ends by itself.

    ``ready`` returns whether it works by now: if it ends before that, it has failed to start.
    """

    def __init__(self, start: Callable[[], "subprocess.Popen[bytes]"], ready: Callable[[], bool]) -> None:
        self._start, self._ready, self._lock = start, ready, threading.Lock()
        self._worked, self._failed, self._ended = False, 0, False
        self.restarts = 0
        self.process = start()

    def look(self) -> bool:
        """Start the process again if it has ended; False when it keeps failing to start."""
        with self._lock:
            if self._ended:
                return True
            if self.process.poll() is None:
                self._worked = self._worked or self._ready()
                return True
            _kill_group(self.process)  # what it had started itself
            self._failed = 0 if self._worked else self._failed + 1
            if self._failed >= MAX_FAILED_STARTS:
                return False
            time.sleep(min(0.1 * 2**self._failed, 2.0) if self._failed else 0.0)
            self.restarts += 1
            self.process, self._worked = self._start(), False
            return True

    def end(self) -> int:
        """End the process for good and return its exit code."""
        with self._lock:
            self._ended = True
            return end_process(self.process)


def end_process(process: "subprocess.Popen[bytes]") -> int:
    """End a process group, first politely so that running answers are finished, then by force."""
    for signal_number, timeout_s in END_SIGNALS:
        try:
            os.killpg(process.pid, signal_number)
            process.wait(timeout_s)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    code = process.wait()
    _kill_group(process)
    return code


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
