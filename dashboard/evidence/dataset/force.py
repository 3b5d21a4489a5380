"""Put versions in force: each is built aside, named when complete, announced, and switched to in one step.

A publication that was interrupted is finished if the record holds its announced version, else undone:
docs/decisions/0046-one-step.md. All of it happens under ``lock_folder``.
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

from dashboard.evidence.database import vintages
from dashboard.evidence.dataset import layout
from dashboard.evidence.dataset.store import Dataset, NotPublished
from dashboard.evidence.dataset.wholeness import explain_going_back, read_published

KEEP_VERSIONS = 3
"""Versions kept, the one in force included."""

GRACE_S = 60.0
"""Seconds a version stays after it was last in force, however many followed: for readers who hold it."""

VERSION_NAME = re.compile(r"\d+-\d{4}-\d\d-\d\d-[0-9a-f]{8}")


def begin_version(folder: Path) -> Path:
    """Create a folder, hidden from readers, in which a version is built."""
    work = Path(tempfile.mkdtemp(prefix=layout.UNFINISHED, dir=folder / layout.VERSIONS))
    work.chmod(0o755)
    (work / layout.OBSERVATIONS).mkdir()
    return work


def link_file(before: Dataset, file: str, work: Path) -> bool:
    """Link an unchanged file of an earlier version; return False if it was altered since."""
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
    """Sync a complete version to disk and give it its name."""
    for path in (work / layout.MANIFEST, work / layout.OBSERVATIONS, work):
        sync_to_disk(path)
    versions = work.parent
    target = versions / name
    if target.exists():  # damaged, or it would not be made again
        target.rename(versions / f"{work.name}-damaged")
    work.rename(target)
    sync_to_disk(versions)


def announce_version(folder: Path, version: Path, name: str) -> None:
    """Write durably which version is about to be put in force.

    Args:
        version: the folder of the complete version.
        name: its present or future name.
    """
    new = folder / f"{layout.UNFINISHED}{layout.NEXT}"
    new.write_text(f"{name} {layout.hash_file(version / layout.MANIFEST)}\n", encoding="utf-8")
    sync_to_disk(new)
    new.replace(folder / layout.NEXT)
    sync_to_disk(folder)


def read_announced(folder: Path) -> tuple[str, str]:
    """Return name and manifest hash of the announced version, or ("", "")."""
    try:
        return layout.read_pointer(folder / layout.NEXT)
    except (OSError, ValueError):
        return "", ""


def switch_version(folder: Path) -> None:
    """Put the announced version in force by renaming its pointer."""
    for pointer in (layout.CURRENT, layout.NEXT):
        with suppress(OSError, ValueError):  # its time of modification is when it was last in force
            os.utime(folder / layout.VERSIONS / layout.read_pointer(folder / pointer)[0])
    (folder / layout.NEXT).replace(folder / layout.CURRENT)
    sync_to_disk(folder)


def activate_version(folder: Path, name: str) -> None:
    """Announce and put in force a version that has its name, unless it is in force."""
    version = folder / layout.VERSIONS / name
    with suppress(OSError, ValueError):
        if layout.read_pointer(folder / layout.CURRENT) == (name, layout.hash_file(version / layout.MANIFEST)):
            return
    announce_version(folder, version, name)
    switch_version(folder)


def discard_announced(folder: Path) -> None:
    """Withdraw the announced version and delete it unless it is in force."""
    name, _ = read_announced(folder)
    version = folder / layout.VERSIONS / name
    if name and name != layout.read_current_name(folder) and version.is_dir():
        aside = version.with_name(f"{layout.UNFINISHED}{name}")
        version.rename(aside)
        shutil.rmtree(aside)
    (folder / layout.NEXT).unlink(missing_ok=True)


def clear_unfinished(folder: Path) -> None:
    """Remove what an interrupted publisher left; the caller holds the lock."""
    for path in folder.glob(f"{layout.UNFINISHED}*"):
        path.unlink()
    for path in (folder / layout.VERSIONS).glob(f"{layout.UNFINISHED}*"):
        shutil.rmtree(path)


def clear_old(folder: Path, current: str) -> None:
    """Remove versions beyond the number kept, once their readers have had time."""
    versions = [path for path in (folder / layout.VERSIONS).iterdir() if VERSION_NAME.fullmatch(path.name)]
    versions.sort(key=lambda path: (path.name == current, path.stat().st_mtime), reverse=True)
    for path in versions[KEEP_VERSIONS:]:
        if time() - path.stat().st_mtime > GRACE_S:
            aside = path.with_name(f"{layout.UNFINISHED}{path.name}")
            path.rename(aside)  # at once out of sight: a version that has its name is whole
            shutil.rmtree(aside)


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Prevent others from publishing; the lock is released when its holder dies."""
    (folder / layout.VERSIONS).mkdir(parents=True, exist_ok=True)
    with (folder / layout.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_publishing(folder: Path) -> bool:
    """Return True if a publication is under way."""
    try:
        with (folder / layout.LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def sync_to_disk(path: Path) -> None:
    """Make a file or folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


NextStep = Literal["", "finish", "undo", "refuse"]


@dataclass(frozen=True, slots=True)
class PublicationState:
    """The record compared with what readers are served.

    ``todo`` is "" if they agree, ``finish`` if the record is ahead, ``undo`` if a version was announced that the record
    does not hold, and ``refuse`` if the served version is ahead of the record or belongs to another one.
    """

    recorded: int  # newest vintage of the record, 0 for none
    served: int  # vintage of the version in force, 0 for none
    version: str  # in force, "" for none
    announced: str  # version of a publication under way, or of one that was cut short; "" for none
    todo: NextStep


@dataclass(frozen=True, slots=True)
class SettledPublication:
    """The outcome of an interrupted publication."""

    version: str
    vintage: int
    finished: bool  # False: taken back


def compare_with_record(folder: Path, issued: Sequence[tuple[int, str]]) -> PublicationState:
    """Compare the record with what is served; during a publication, compare twice.

    Args:
        folder: the folder of published datasets.
        issued: number and digest of each vintage of the record, oldest first.
    """
    version, served, _ = read_published(folder)
    announced, _ = read_announced(folder)
    recorded = issued[-1][0] if issued else 0
    todo: NextStep = ""
    if announced:
        todo = "finish" if _open_recorded_announcement(folder, issued) is not None else "undo"
    elif explain_going_back(folder, issued):
        todo = "refuse"
    elif recorded > served:
        todo = "finish"
    return PublicationState(recorded, served, version, announced, todo)


def settle_publication_on(connection: Connection, folder: Path) -> SettledPublication | None:
    """Finish or undo an interrupted publication; return None if there was none.

    Args:
        connection: in a transaction that has read nothing yet.
        folder: the folder of published datasets, locked by the caller.
    """
    name, _ = read_announced(folder)
    if not name:
        (folder / layout.NEXT).unlink(missing_ok=True)  # nothing that anybody can read
        return None
    vintages.wait_for_writers(connection)
    announced = _open_recorded_announcement(folder, vintages.list_digests_on(connection))
    number = int(name.partition("-")[0])
    if announced is None or announced.verify():
        discard_announced(folder)
        return SettledPublication(name, number, finished=False)
    if number > read_published(folder)[1]:
        note_finished(folder, layout.NEXT, name)
    switch_version(folder)
    return SettledPublication(name, number, finished=True)


def note_finished(folder: Path, pointer: str, name: str) -> None:
    """Leave a note for the audit trail that an interrupted publication was finished."""
    note = folder / f"{layout.FINISHED}{name}"
    try:
        os.link(folder / pointer, note)  # needs no room on a disk that is full
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links; readers come before the trail
        with suppress(OSError):
            shutil.copyfile(folder / pointer, note)


def _open_recorded_announcement(folder: Path, issued: Sequence[tuple[int, str]]) -> Dataset | None:
    """Return the announced version if the record holds its vintage and it is not outdated."""
    name, sha256 = read_announced(folder)
    try:
        version = Dataset.open(folder / layout.VERSIONS / name, sha256)
    except NotPublished:
        return None
    is_recorded = dict(issued).get(version.vintage) == version.manifest["digest"]
    return version if is_recorded and version.vintage >= read_published(folder)[1] else None
