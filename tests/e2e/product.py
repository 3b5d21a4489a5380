"""The real product, started once as a user starts it, with its own data directory; all of them share one build."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from tests.serving import free_port, served_product, started, wait_for

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
    port = free_port()
    data_dir.mkdir(parents=True, exist_ok=True)
    said = data_dir / "e2e.log"
    environment = os.environ | {"MONITOR_SCHEDULE__ENABLED": "false"}
    environment |= {"MONITOR_DATA_DIR": str(data_dir)}
    for name in ("PYTEST_CURRENT_TEST", "PYTEST_VERSION", "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    url = f"http://localhost:{port}"
    for left in reversed(range(starts)):
        with started(served_product(port, command), env=environment, log=said) as server:
            wait_for(server, f"{url}/readyz", f"{url}/en/", within=STARTS_WITHIN, log=said)
            if not left:
                yield url
