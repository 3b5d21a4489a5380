"""From the command to the first page: new checkout with package caches filled, second start, and after a kill."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Figure
from tests.bench.product import serve
from tests.serving import ROOT, free_port, wait_for


def figures() -> Iterator[Figure]:
    """Clone the tree, start it twice."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        tree, data = Path(folder) / "checkout", Path(folder) / "data"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(tree)], check=True)
        (tree / ".venv").symlink_to(Path(sys.executable).parents[1])
        with serve(data, tree=tree, port=port) as server:
            yield Figure("start to answering page, new checkout, caches filled", server.seconds, "s", 15)
        with serve(data, tree=tree, port=port) as server:
            yield Figure("start to answering page, second start", server.seconds, "s", 4)
            serving = next(
                one for one in server.process.children() if "dashboard.operations.cli.server" in one.cmdline()
            )
            serving.kill()
            serving.wait(10)
            began = time.perf_counter()
            wait_for(server.child, f"{server.url}/en/", within=60, every=0.02)
            yield Figure("killed, until the next process answers", time.perf_counter() - began, "s", 6)
