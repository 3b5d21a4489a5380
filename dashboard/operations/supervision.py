"""The server stays up: started again when it dies, alone on its data folder, and gone when whoever started it is.

``alone(folder, port)``: only one server on a data folder. ``RestartedProcess``: a process started again when it ends.
"""

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
MOST_FAILED = 5
"""Failed starts in a row after which it is not tried again."""

POLITELY = ((signal.SIGINT, 10.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0))
"""How a process is asked to end, and seconds it has: answers under way are finished first."""


class Occupied(Exception):
    """Another server runs on this data folder."""


@contextlib.contextmanager
def alone(folder: Path, port: int) -> Iterator[None]:
    """Be the only server on a data folder; the system takes the lock back from one that was killed.

    Raises:
        Occupied: there is one already.
    """
    with (folder / LOCK).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Occupied(
                f"Another server runs on {folder} ({_whose(lock.read())}): "
                "stop it, or choose another folder (MONITOR_DATA_DIR, or --folder of a training workspace)."
            ) from None
        lock.truncate(0)
        lock.write(json.dumps({"process": os.getpid(), "port": port}))
        lock.flush()
        yield


def start_command(port: int | str, *, training: bool) -> str:
    """What is typed to start a server, or one of a training workspace, on a port."""
    return f"python -m dashboard training --port {port}" if training else f"make run PORT={port}"


def _whose(text: str) -> str:
    try:
        document = json.loads(text)
        return f"process {document['process']}, port {document['port']}"
    except (ValueError, KeyError, TypeError):
        return "which one is not known"


class RestartedProcess:
    """A process with its children (one process group) that is started again when it ends by itself.

    ``ready`` says whether it does its work by now: ended before that, it has failed to start.
    """

    def __init__(self, start: Callable[[], "subprocess.Popen[bytes]"], ready: Callable[[], bool]) -> None:
        self._start, self._ready, self._lock = start, ready, threading.Lock()
        self._worked, self._failed, self._ended = False, 0, False
        self.restarts = 0
        self.process = start()

    def look(self) -> bool:
        """Start it again if it has ended; False when it fails to start again and again."""
        with self._lock:
            if self._ended:
                return True
            if self.process.poll() is None:
                self._worked = self._worked or self._ready()
                return True
            _kill_group(self.process)  # what it had started itself
            self._failed = 0 if self._worked else self._failed + 1
            if self._failed >= MOST_FAILED:
                return False
            time.sleep(min(0.1 * 2**self._failed, 2.0) if self._failed else 0.0)
            self.restarts += 1
            self.process, self._worked = self._start(), False
            return True

    def end(self) -> int:
        """End it for good: politely, then by force. Gives its exit code."""
        with self._lock:
            self._ended = True
            return end(self.process)


def end(process: "subprocess.Popen[bytes]") -> int:
    """End a process and its group: politely, so that answers under way are finished, then by force."""
    for number, patience in POLITELY:
        try:
            os.killpg(process.pid, number)
            process.wait(patience)
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
