"""The training workspace, made once for this tree and day, and copied for whoever practises in it."""

import subprocess
import sys
from pathlib import Path

from tests.kept import ROOT, copy_kept


def copied(folder: Path) -> Path:
    """A workspace as ``dashboard training`` makes it, fresh, in a folder that is not there yet.

    Raises:
        CalledProcessError: it could not be made.
    """
    return copy_kept("workspace", _make, folder)


def _make(folder: Path) -> None:
    command = [sys.executable, "-m", "dashboard", "training", "--make-only", "--folder", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
