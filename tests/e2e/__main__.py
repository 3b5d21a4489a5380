"""The browser tests, two at a time, on one running product: ``python -m tests.e2e`` (``make e2e``).

With ``--long`` those of ``make long``, with ``--nightly`` those of ``make nightly``. Arguments go to pytest; the exit
code is its own. A test alone needs none of
this: it starts a product for itself.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.e2e.product import ROOT, SERVED, running


def main(arguments: list[str]) -> int:
    """Start the product, the second time as built; run the tests; stop it."""
    chosen = "browser and not long and not nightly"
    if "--long" in arguments:
        chosen = "browser and long and not nightly"
    if "--nightly" in arguments:
        chosen = "browser and nightly"
    arguments = [one for one in arguments if one not in ("--long", "--nightly")]
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-m", chosen, *arguments]
    with tempfile.TemporaryDirectory() as data, running(Path(data) / "product", starts=2) as url:
        return subprocess.run(command, cwd=ROOT, env=os.environ | {SERVED: url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
