"""What takes long to make, made once for this tree and day by whichever process asks first, and copied for each."""

import fcntl
import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "test-results/kept"
MADE_OF = ("dashboard", "data_sources", "requirements.lock")


def copy_kept(name: str, make: Callable[[Path], None], folder: Path) -> Path:
    """What ``make`` puts into the folder that it is given, in a folder that is not there yet."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = KEPT / f"{name}-{_stamp()}"
        if not made.exists():
            for old in KEPT.glob(f"{name}-*"):
                shutil.rmtree(old)
            coming = KEPT / f"{name}-coming"
            make(coming)
            coming.rename(made)
        shutil.copytree(made, folder)
    return folder


@cache
def _stamp() -> str:
    """Another one for another tree, and tomorrow."""
    digest = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    for name in MADE_OF:
        for path in sorted([ROOT / name, *(ROOT / name).rglob("*")]):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:20]
