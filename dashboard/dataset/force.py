"""A version is put together aside, gets its name when it is whole, and is put in force in a single step.

Whoever makes one, from the record or from what another machine published, does so under ``locked(folder)``:
``work = begun(folder)``, files and manifest written there (``linked`` takes over those that a version before has),
``name_version(work, name)``, ``point(folder, name)``, ``clear_old(folder, name)``.
"""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import time

from dashboard.dataset import layout
from dashboard.dataset.store import Dataset

KEEP = 3
"""Versions kept, the one in force included."""

GRACE = 60.0
"""Seconds a version stays after it was last in force, however many followed: for readers who hold it."""

VERSION_NAME = re.compile(r"\d+-\d{4}-\d\d-\d\d-[0-9a-f]{8}")


def begun(folder: Path) -> Path:
    """A folder in which a version is put together, out of sight of readers."""
    work = Path(tempfile.mkdtemp(prefix=layout.UNFINISHED, dir=folder / layout.VERSIONS))
    work.chmod(0o755)
    (work / layout.OBSERVATIONS).mkdir()
    return work


def linked(before: Dataset, file: str, work: Path) -> bool:
    """Take over a file of a version as it is, when it still is what was published."""
    origin = before.folder / file
    if not origin.is_file() or layout.sha256_of(origin) != before.manifest["files"].get(file):
        return False
    try:
        os.link(origin, work / file)
    except OSError:  # a file system without hard links
        shutil.copyfile(origin, work / file)
        to_disk(work / file)
    return True


def name_version(work: Path, name: str) -> None:
    """Give a version that is whole its name, once it is on the disk."""
    for path in (work / layout.MANIFEST, work / layout.OBSERVATIONS, work):
        to_disk(path)
    versions = work.parent
    target = versions / name
    if target.exists():  # damaged, or it would not be made again
        target.rename(versions / f"{work.name}-damaged")
    work.rename(target)
    to_disk(versions)


def point(folder: Path, name: str) -> None:
    """Put a version in force: a new pointer file takes the place of the old one in a single step."""
    pointer = folder / layout.CURRENT
    manifest = layout.sha256_of(folder / layout.VERSIONS / name / layout.MANIFEST)
    try:
        before, known = layout.pointed(pointer)
    except (OSError, ValueError):
        before, known = "", ""
    if (before, known) == (name, manifest):
        return
    for version in filter(None, (before, name)):
        if (folder / layout.VERSIONS / version).is_dir():
            os.utime(folder / layout.VERSIONS / version)  # its time of modification is when it was last in force
    new = folder / f"{layout.UNFINISHED}{layout.CURRENT}"
    new.write_text(f"{name} {manifest}\n", encoding="utf-8")
    to_disk(new)
    new.replace(pointer)
    to_disk(folder)


def clear_unfinished(folder: Path) -> None:
    """Remove what a publisher left that was stopped half-way; there is no other at work, we hold the lock."""
    for path in folder.glob(f"{layout.UNFINISHED}*"):
        path.unlink()
    for path in (folder / layout.VERSIONS).glob(f"{layout.UNFINISHED}*"):
        shutil.rmtree(path)


def clear_old(folder: Path, current: str) -> None:
    """Remove versions beyond those kept, when their readers have had their time."""
    versions = [path for path in (folder / layout.VERSIONS).iterdir() if VERSION_NAME.fullmatch(path.name)]
    versions.sort(key=lambda path: (path.name == current, path.stat().st_mtime), reverse=True)
    for path in versions[KEEP:]:
        if time() - path.stat().st_mtime > GRACE:
            aside = path.with_name(f"{layout.UNFINISHED}{path.name}")
            path.rename(aside)  # at once out of sight: a version that has its name is whole
            shutil.rmtree(aside)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nothing is published meanwhile but by us; the system gives the lock back when its holder dies."""
    (folder / layout.VERSIONS).mkdir(parents=True, exist_ok=True)
    with (folder / layout.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def to_disk(path: Path) -> None:
    """Make sure that a file or folder outlives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
