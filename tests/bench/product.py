"""A real server for the benchmarks, in a copy of the working tree or in the tree itself."""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.serving import ROOT, free_port, served_product, started, wait_for

LOOKS_EVERY = 0.25  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Server:
    """A running product: where it answers, how long it took to, its process, and where its data are."""

    url: str
    seconds: float
    child: "subprocess.Popen[bytes]"
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
    url = f"http://localhost:{port}"
    silent = {"stdout": subprocess.DEVNULL, "cwd": tree, "env": environment}
    with started(served_product(port, command), within=15, **silent) as child:
        try:
            wait_for(child, f"{url}/readyz", f"{url}/en/", within=180, every=0.02)
        except RuntimeError as error:
            raise SystemExit(str(error)) from error
        server = Server(url, time.perf_counter() - began, child, psutil.Process(child.pid), data_dir)
        with server.watched():
            yield server
