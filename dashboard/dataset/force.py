"""A version is put together aside, gets its name when it is whole, and is put in force in a single step.

Whoever makes one, from the record or from what another machine published, does so under ``locked(folder)``:
``work = begun(folder)``, files and manifest written there (``link_file`` takes over those that a version before has),
``announce(folder, work, name)``, ``name_version(work, name)``, ``switch(folder)``, ``clear_old(folder, name)``. What
``announce`` writes takes its room before anything is decided: the switch itself only renames it.

``standing(folder, issued) -> Standing``: which vintage the record says, which one is served, and what is to be done;
looks and changes nothing. ``settle_on(connection, folder) -> Settled | None``: the end of a publication that was cut
short. It announces its version, commits the record, and switches: an announced version that the record holds was
decided and is finished, one that it does not hold never was and is taken back: docs/decisions/0046-one-step.md.
"""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Literal

from sqlalchemy import Connection

from dashboard.database import vintages
from dashboard.dataset import layout
from dashboard.dataset.store import Dataset, NotPublished
from dashboard.dataset.wholeness import explain_going_back, read_published

KEEP = 3
"""Versions kept, the one in force included."""

GRACE = 60.0
"""Seconds a version stays after it was last in force, however many followed: for readers who hold it."""

VERSION_NAME = re.compile(r"\d+-\d{4}-\d\d-\d\d-[0-9a-f]{8}")


def begin_version(folder: Path) -> Path:
    """A folder in which a version is put together, out of sight of readers."""
    work = Path(tempfile.mkdtemp(prefix=layout.UNFINISHED, dir=folder / layout.VERSIONS))
    work.chmod(0o755)
    (work / layout.OBSERVATIONS).mkdir()
    return work


def link_file(before: Dataset, file: str, work: Path) -> bool:
    """Take over a file of a version as it is, when it still is what was published."""
    origin = before.folder / file
    if not origin.is_file() or layout.hash_file(origin) != before.manifest["files"].get(file):
        return False
    try:
        os.link(origin, work / file)
    except OSError:  # a file system without hard links
        shutil.copyfile(origin, work / file)
        sync_to_disk(work / file)
    return True


def name_version(work: Path, name: str) -> None:
    """Give a version that is whole its name, once it is on the disk."""
    for path in (work / layout.MANIFEST, work / layout.OBSERVATIONS, work):
        sync_to_disk(path)
    versions = work.parent
    target = versions / name
    if target.exists():  # damaged, or it would not be made again
        target.rename(versions / f"{work.name}-damaged")
    work.rename(target)
    sync_to_disk(versions)


def announce(folder: Path, version: Path, name: str) -> None:
    """Say durably which version is about to be put in force: the pointer to it, ready beside the one in force.

    Args:
        folder: the folder of published datasets.
        version: where the version lies now, complete.
        name: what it is or will be called.
    """
    new = folder / f"{layout.UNFINISHED}{layout.NEXT}"
    new.write_text(f"{name} {layout.hash_file(version / layout.MANIFEST)}\n", encoding="utf-8")
    sync_to_disk(new)
    new.replace(folder / layout.NEXT)
    sync_to_disk(folder)


def read_announced(folder: Path) -> tuple[str, str]:
    """Name and hash of the manifest of the version that was announced; ("", "") when none is."""
    try:
        return layout.read_pointer(folder / layout.NEXT)
    except (OSError, ValueError):
        return "", ""


def switch(folder: Path) -> None:
    """Put the announced version in force: its pointer takes the place of the old one in a single step."""
    for pointer in (layout.CURRENT, layout.NEXT):
        with suppress(OSError, ValueError):  # its time of modification is when it was last in force
            os.utime(folder / layout.VERSIONS / layout.read_pointer(folder / pointer)[0])
    (folder / layout.NEXT).replace(folder / layout.CURRENT)
    sync_to_disk(folder)


def put_in_force(folder: Path, name: str) -> None:
    """Put a version in force that has its name; nothing is done where it is."""
    version = folder / layout.VERSIONS / name
    with suppress(OSError, ValueError):
        if layout.read_pointer(folder / layout.CURRENT) == (name, layout.hash_file(version / layout.MANIFEST)):
            return
    announce(folder, version, name)
    switch(folder)


def take_back(folder: Path) -> None:
    """Remove what was announced and shall not come into force, with its version unless that is in force."""
    name, _ = read_announced(folder)
    version = folder / layout.VERSIONS / name
    in_force = ""
    with suppress(OSError, ValueError):
        in_force = layout.read_pointer(folder / layout.CURRENT)[0]
    if name and name != in_force and version.is_dir():
        aside = version.with_name(f"{layout.UNFINISHED}{name}")
        version.rename(aside)
        shutil.rmtree(aside)
    (folder / layout.NEXT).unlink(missing_ok=True)


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
def lock_folder(folder: Path) -> Iterator[None]:
    """Nothing is published meanwhile but by us; the system gives the lock back when its holder dies."""
    (folder / layout.VERSIONS).mkdir(parents=True, exist_ok=True)
    with (folder / layout.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_publishing(folder: Path) -> bool:
    """Whether somebody publishes at this moment."""
    try:
        with (folder / layout.LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def sync_to_disk(path: Path) -> None:
    """Make sure that a file or folder outlives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


Todo = Literal["", "finish", "undo", "refuse"]


@dataclass(frozen=True, slots=True)
class ServedStanding:
    """What the record says beside what readers are served.

    ``todo``: "" where they agree; ``finish`` where the record is ahead; ``undo`` where a version was announced that the
    record does not hold; ``refuse`` where what is served is ahead of the record, or of another one: only a person can
    tell which is right.
    """

    recorded: int  # newest vintage of the record, 0 for none
    served: int  # vintage of the version in force, 0 for none
    version: str  # in force, "" for none
    announced: str  # version of a publication under way, or of one that was cut short; "" for none
    todo: Todo


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a publication that was cut short."""

    version: str
    vintage: int
    finished: bool  # False: taken back


def compare_with_record(folder: Path, issued: Sequence[tuple[int, str]]) -> ServedStanding:
    """Record and served side by side. A publication under way looks like one that was cut short: look twice.

    Args:
        folder: the folder of published datasets.
        issued: number and digest of each vintage of the record, oldest first.
    """
    version, served, _ = read_published(folder)
    coming, _ = read_announced(folder)
    recorded = issued[-1][0] if issued else 0
    todo: Todo = ""
    if coming:
        todo = "finish" if _held(folder, issued) is not None else "undo"
    elif explain_going_back(folder, issued):
        todo = "refuse"
    elif recorded > served:
        todo = "finish"
    return ServedStanding(recorded, served, version, coming, todo)


def settle_on(connection: Connection, folder: Path) -> Settled | None:
    """Finish or take back what was announced and not put in force; None where nothing was.

    Args:
        connection: to the record, in a transaction that has read nothing yet.
        folder: the folder of published datasets, of which the caller holds the lock.
    """
    name, _ = read_announced(folder)
    if not name:
        (folder / layout.NEXT).unlink(missing_ok=True)  # nothing that anybody can read
        return None
    vintages.wait_for_writers(connection)
    held = _held(folder, vintages.list_issued_on(connection))
    number = int(name.partition("-")[0])
    if held is None or held.verify():
        take_back(folder)
        return Settled(name, number, finished=False)
    if number > read_published(folder)[1]:
        note_finished(folder, layout.NEXT, name)
    switch(folder)
    return Settled(name, number, finished=True)


def note_finished(folder: Path, pointer: str, name: str) -> None:
    """Leave word that a publication was finished for one that was cut short, for the audit trail."""
    note = folder / f"{layout.FINISHED}{name}"
    try:
        os.link(folder / pointer, note)  # needs no room on a disk that is full
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links; readers come before the trail
        with suppress(OSError):
            shutil.copyfile(folder / pointer, note)


def _held(folder: Path, issued: Sequence[tuple[int, str]]) -> Dataset | None:
    """The announced version, when the record holds the vintage that it was made of, and nothing newer is served."""
    name, sha256 = read_announced(folder)
    try:
        version = Dataset.open(folder / layout.VERSIONS / name, sha256)
    except NotPublished:
        return None
    held = dict(issued).get(version.vintage) == version.manifest["digest"]
    return version if held and version.vintage >= read_published(folder)[1] else None
