"""The training workspace, made once for this tree and day, and copied for whoever practises in it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.evidence.codebook import load_codebook
from dashboard.operations.training import making, place
from dashboard.settings import Settings, settings
from tests.kept import ROOT, copy_kept


def copied(folder: Path) -> Path:
    """A workspace as ``dashboard training`` makes it, fresh, in a folder that is not there yet.

    Raises:
        CalledProcessError: it could not be made.
    """
    return copy_kept("workspace", _make, folder)


@contextmanager
def in_effect(folder: Path) -> Iterator[tuple[Settings, place.Workspace]]:
    """The product works in the workspace of this folder."""
    done = place.read_workspace(folder)
    assert done is not None
    with pytest.MonkeyPatch.context() as patch:
        for name, value in making.make_environment(folder, 3100, done).items():
            patch.setenv(name, value)
        settings.cache_clear()
        load_codebook.cache_clear()
        yield settings(), done
    settings.cache_clear()
    load_codebook.cache_clear()


def _make(folder: Path) -> None:
    command = [sys.executable, "-m", "dashboard", "training", "--make-only", "--folder", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
