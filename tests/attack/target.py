"""The product under attack: started as a user starts it, with its memory, its log and its processes in sight."""

import contextlib
import http.client
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.serving import ROOT, free_port, served_product, started

STARTS_WITHIN = 300.0
SECRET = "a secret of the product under attack, of no other use"


@dataclass(frozen=True, slots=True)
class Target:
    """A running product."""

    port: int
    data_dir: Path
    serve: psutil.Process

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    def memory(self) -> float:
        """Resident memory of the server and its worker, in MiB."""
        total = 0
        for process in self.serve.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
        return total / 2**20

    def log(self) -> list[str]:
        """Lines of all files of the log, the oldest first."""
        files = sorted(self.data_dir.glob("serve.log*"), key=lambda path: path.stat().st_mtime)
        return [line for file in files for line in file.read_text(errors="replace").splitlines()]

    def log_bytes(self) -> int:
        """Size of all files of the log."""
        return sum(path.stat().st_size for path in self.data_dir.glob("serve.log*"))

    def get(
        self, path: str, own: str = "127.0.0.1", timeout: float = 60.0, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (names in lower case) and body of an answer; ``own`` is the address it is asked from."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout, source_address=(own, 0))
        try:
            link.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            reply = link.getresponse()
            return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
        finally:
            link.close()

    def answers(self) -> bool:
        """Whether it is ready."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.get("/readyz", timeout=2)[0] == 200
        return False

    def metrics(self, name: str) -> float:
        """Sum of a metric over its labels."""
        text = self.get("/metrics")[2].decode()
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))


@contextlib.contextmanager
def running(data_dir: Path, **settings: str) -> Iterator[Target]:
    """The product until the block ends; ``settings`` go into its environment.

    Raises:
        RuntimeError: it did not get ready.
    """
    port = int(os.environ.get("ATTACK_PORT") or free_port())
    said = data_dir / "attack.log"
    data_dir.mkdir(parents=True, exist_ok=True)
    usual = {
        "MONITOR_DATA_DIR": str(data_dir), "MONITOR_SCHEDULE__ENABLED": "false", "MONITOR_ACCOUNTS__ENABLED": "true",
        "MONITOR_PUBLIC_URL": f"http://localhost:{port}", "MONITOR_SECRET": SECRET,
        "MONITOR_VOICE__KEYS": f'["attack:{"A" * 43}="]',
    }  # fmt: skip
    environment = os.environ | usual | settings
    environment.setdefault("REFLEX_WEB_WORKDIR", str(ROOT / ".web-test"))
    with started(served_product(port), env=environment, log=said) as server:
        target = Target(port, data_dir, psutil.Process(server.pid))
        deadline = time.monotonic() + STARTS_WITHIN
        while not target.answers():
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the product did not get ready; it said:\n{said.read_text(errors='replace')}")
            time.sleep(0.2)
        yield target


def events(target: Target) -> list[dict[str, object]]:
    """The log as what its lines say.

    Raises:
        AssertionError: a line is not JSON, or has no time.
    """
    found = []
    for line in target.log():
        said = json.loads(line)
        assert said["time"], line
        assert said["level"], line
        found.append(said)
    return found
