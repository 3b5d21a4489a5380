"""From the command to the first page: new checkout with package caches filled, and second start."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Figure
from tests.bench.product import serve
from tests.serving import ROOT, free_port


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
