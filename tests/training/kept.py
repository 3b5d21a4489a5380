"""The training workspace, made once for this tree and day, and copied for whoever practises in it."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "test-results/workspaces"
MADE_OF = ("dashboard", "data_sources", "requirements.lock")


def copied(folder: Path) -> Path:
    """A workspace as ``dashboard training`` makes it, fresh, in a folder that is not there yet.

    Raises:
        CalledProcessError: it could not be made.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = KEPT / _stamp()
        if not made.exists():
            for old in KEPT.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            coming = KEPT / "coming"
            command = [sys.executable, "-m", "dashboard", "training", "--make-only", "--folder", str(coming)]
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
            coming.rename(made)
        shutil.copytree(made, folder)
    return folder


def _stamp() -> str:
    digest = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    for name in MADE_OF:
        for path in sorted([ROOT / name, *(ROOT / name).rglob("*")]):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:20]
