"""The browser tests, two at a time, on one running product: ``python -m tests.e2e`` (``make e2e``).

With ``--long`` those of ``make long``, with ``--whole`` these, those and the journeys, with ``--nightly`` those of
``make nightly``. Other arguments go to pytest; the exit code is its own. A test alone needs none of this: it starts a
product for itself.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.e2e.product import SERVED, running
from tests.serving import ROOT

CHOSEN = {
    "--long": "browser and long and not nightly",
    "--whole": "(browser or journey) and not nightly",
    "--nightly": "(browser or journey) and nightly",
}


def main(arguments: list[str]) -> int:
    """Start the product, the second time as built; run the tests; stop it."""
    chosen = next((CHOSEN[one] for one in arguments if one in CHOSEN), "browser and not long and not nightly")
    arguments = [one for one in arguments if one not in CHOSEN]
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-m", chosen, *arguments]
    if not any((ROOT / one.partition("::")[0]).exists() for one in arguments):
        command += browser_tests()
    with tempfile.TemporaryDirectory() as data, running(Path(data) / "product", starts=2) as url:
        return subprocess.run(command, cwd=ROOT, env=os.environ | {SERVED: url}, check=False).returncode


def browser_tests() -> list[str]:
    """The files that hold such tests: to collect all others takes a worker longer than twenty pages."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    marked = ("mark.browser", "mark.journey")
    return [str(file) for file in files if any(mark in file.read_text(encoding="utf-8") for mark in marked)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
