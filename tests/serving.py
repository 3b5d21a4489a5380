"""Processes that tests start: on a port nobody listens on, until the block ends, killed with all that they started."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def started(
    command: Sequence[str | Path],
    *,
    by: signal.Signals = signal.SIGINT,
    within: float = 25,
    log: Path | None = None,
    **how: Any,
) -> Iterator[subprocess.Popen[bytes]]:
    """Python with this command, in a session of its own; told to end with the block, and killed after so many seconds.

    What it says goes to ``log``; ``how`` is what ``Popen`` is given besides.
    """
    with contextlib.ExitStack() as files:
        if log is not None:
            how |= {"stdout": files.enter_context(log.open("wb")), "stderr": subprocess.STDOUT}
        process = subprocess.Popen([sys.executable, *command], cwd=how.pop("cwd", ROOT), start_new_session=True, **how)
    try:
        yield process
    finally:
        process.send_signal(by)
        try:
            process.wait(within)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def served_product(port: int, command: Sequence[str] = ("serve",)) -> list[str]:
    """The command of the product as a user starts it."""
    return ["-m", "dashboard", *command, "--port", str(port)]


def served_desks(port: int) -> list[str]:
    """The command that serves the desks and the citizens' form alone."""
    return ["-m", "uvicorn", "dashboard.interfaces.desk.site:api", "--port", str(port), "--log-level", "warning"]


def wait_for(
    process: subprocess.Popen[bytes], *urls: str, within: float, every: float = 0.1, log: Path | None = None
) -> None:
    """Until each address answers.

    Raises:
        RuntimeError: the process has ended, or they do not; the message ends with what it said.
    """
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            for url in urls:
                with urllib.request.urlopen(url, timeout=5) as reply:
                    reply.read()
            return
        time.sleep(every)
    said = log.read_text(errors="replace")[-3000:] if log else "nothing that was kept"
    raise RuntimeError(f"{urls[-1]} did not get ready; the process said:\n{said}")


def settle(product: psutil.Process) -> None:
    """Wait until a product has done what it does by itself after its start: for three seconds it works at nothing."""
    quiet, deadline = 0, time.monotonic() + 90
    while quiet < 3 and time.monotonic() < deadline:
        before = _worked(product)
        time.sleep(1)
        quiet = quiet + 1 if _worked(product) - before < 0.1 else 0


def _worked(product: psutil.Process) -> float:
    """Seconds of the processor that it and its processes have taken."""
    total = 0.0
    for process in [product, *product.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            total += sum(process.cpu_times()[:2])
    return total
