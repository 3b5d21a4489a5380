"""A real server for the benchmarks, in a copy of the working tree or in the tree itself."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
LOOKS_EVERY = 0.25  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Server:
    """A running product: where it answers, how long it took to, its process, and where its data are."""

    url: str
    seconds: float
    process: psutil.Process
    data_dir: Path
    seen: list[float] = field(default_factory=list)

    def memory(self) -> float:
        """Resident memory of server and workers, in MiB (shared pages counted once)."""
        total = 0
        for process in [self.process, *self.process.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                total += process.memory_full_info().pss
        return total / 2**20

    def settle(self) -> None:
        """Wait until it has done what it does by itself after its start: for three seconds it works at nothing."""
        quiet, deadline = 0, time.monotonic() + 90
        while quiet < 3 and time.monotonic() < deadline:
            before = self._worked()
            time.sleep(1)
            quiet = quiet + 1 if self._worked() - before < 0.1 else 0

    def _worked(self) -> float:
        total = 0.0
        for process in [self.process, *self.process.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                total += sum(process.cpu_times()[:2])
        return total

    def peak(self) -> float:
        """The most memory seen so far while it ran, in MiB."""
        return max(self.seen)

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Look at the memory again and again until the block ends."""
        ended = threading.Event()
        self.seen.append(self.memory())

        def look() -> None:
            while not ended.wait(LOOKS_EVERY):
                self.seen.append(self.memory())

        looking = threading.Thread(target=look)
        looking.start()
        try:
            yield
        finally:
            ended.set()
            looking.join()


@contextlib.contextmanager
def serve(
    data_dir: Path, *, tree: Path = ROOT, web: str = ".web", port: int = 0, command: Sequence[str] = ("serve",)
) -> Iterator[Server]:
    """Run ``python -m dashboard serve`` until the block ends."""
    port = port or free_port()
    environment = os.environ | {"MONITOR_SCHEDULE__ENABLED": "false"}
    environment |= {"MONITOR_DATA_DIR": str(data_dir), "REFLEX_WEB_WORKDIR": str(tree / web)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's Python keeps what it has compiled
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "dashboard", *command, "--port", str(port)],
        cwd=tree, env=environment, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    url = f"http://localhost:{port}"
    try:
        _wait(child, f"{url}/en/")
        server = Server(url, time.perf_counter() - began, psutil.Process(child.pid), data_dir)
        with server.watched():
            yield server
    finally:
        child.send_signal(signal.SIGINT)
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _wait(child: subprocess.Popen[bytes], page: str) -> None:
    deadline = time.monotonic() + 180
    ready = page.replace("/en/", "/readyz")
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise SystemExit(f"the server ended with {child.returncode}")
        with contextlib.suppress(OSError):
            for url in (ready, page):
                with urllib.request.urlopen(url, timeout=5) as reply:
                    reply.read()
            return
        time.sleep(0.02)
    raise SystemExit("the server did not get ready")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
