"""The real product, started once as a user starts it, with its own data directory; all of them share one build."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVED = "E2E_PRODUCT"
"""Environment variable with the address of a product that runs already, for several processes of tests."""
STARTS_WITHIN = 240.0  # seconds; the first build installs the front end's packages


@contextlib.contextmanager
def running(data_dir: Path, starts: int = 1, command: tuple[str, ...] = ("serve",)) -> Iterator[str]:
    """Run ``python -m dashboard serve`` (or another command that serves) and give its address until the block ends.

    With ``starts=2`` the product is stopped and started again first: the second time it serves what the first built.

    Raises:
        RuntimeError: it did not get ready; the message ends with what it said.
    """
    port = _free_port()
    data_dir.mkdir(parents=True, exist_ok=True)
    said = data_dir / "e2e.log"
    environment = os.environ | {"MONITOR_SCHEDULE__ENABLED": "false"}
    environment |= {"MONITOR_DATA_DIR": str(data_dir)}
    for name in ("PYTEST_CURRENT_TEST", "PYTEST_VERSION", "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    url = f"http://localhost:{port}"
    for _ in range(starts - 1):
        with _started(port, environment, said, command) as server:
            _wait(server, url, said)
    with _started(port, environment, said, command) as server:
        _wait(server, url, said)
        yield url


@contextlib.contextmanager
def _started(
    port: int, environment: dict[str, str], said: Path, command: tuple[str, ...]
) -> Iterator[subprocess.Popen[bytes]]:
    with said.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "dashboard", *command, "--port", str(port)],
            cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        yield server
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(server: subprocess.Popen[bytes], url: str, said: Path) -> None:
    """Until it answers."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError):
            for path in ("/readyz", "/en/"):
                with urllib.request.urlopen(url + path, timeout=5) as reply:
                    reply.read()
            return
        time.sleep(0.1)
    raise RuntimeError(f"the product did not get ready; it said:\n{said.read_text(errors='replace')[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
