"""Files as received: streamed into a private folder, hashed on the way, whole or not there.

``begin(settings) -> Part``; ``path_of(settings, sha256)``; ``remove``; ``unfinished``; ``tidy(settings)``. Nobody else
may enter the folder (0700), no web server serves it, and no file in it has its owner's name.
"""

import hashlib
import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dashboard.contributions.submissions.model import MAX_BYTES, SubmissionUnknown, UploadRefused
from dashboard.settings import Settings

ABANDONED = 24 * 3600.0
"""Seconds after which a part that was never finished, or what a killed reading left, is removed."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is whole and on disk."""

    sha256: str
    size: int


class IncomingFile:
    """A file that is being received."""

    too_large = "Remove pictures and sheets that are not needed, or send it in parts."
    empty = "Choose the file with the figures."

    def __init__(self, folder: Path, most: int) -> None:
        self.name = secrets.token_hex(16)
        self.path = folder / "incoming" / f"{self.name}.part"
        self._folder, self._most = folder, most
        self._hash, self._size = hashlib.sha256(), 0
        self._file = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def write(self, chunk: bytes) -> None:
        """Append what has come.

        Raises:
            UploadRefused: ``too_large``; the part is gone.
        """
        self._size += len(chunk)
        if self._size > self._most:
            self.discard()
            raise UploadRefused(
                "too_large",
                f"The file is larger than {self._most // 2**20} MB. {self.too_large}",
            )
        self._hash.update(chunk)
        self.keep(chunk)

    def keep(self, chunk: bytes) -> None:
        """Write it as it lies on the disk."""
        self._file.write(chunk)

    def finish(self) -> Stored:
        """Make it durable under its hash.

        Raises:
            UploadRefused: ``empty``; the part is gone.
        """
        stored = self.close()
        self.move(self._folder / "files" / stored.sha256)
        return stored

    def close(self) -> Stored:
        """Write the rest of it to the disk.

        Raises:
            UploadRefused: ``empty``; the part is gone.
        """
        if not self._size:
            self.discard()
            raise UploadRefused("empty", f"The file is empty. {self.empty}")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return Stored(self._hash.hexdigest(), self._size)

    def move(self, target: Path) -> None:
        """Put it where it stays."""
        self.path.replace(target)
        sync(target.parent)

    def discard(self) -> None:
        """Forget it."""
        self._file.close()
        self.path.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Make durable which files are in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def begin(settings: Settings, most: int = MAX_BYTES) -> IncomingFile:
    """Return a new part in the private folder."""
    return IncomingFile(folder(settings), most)


def path_of(settings: Settings, sha256: str) -> Path:
    """Where the file of this hash lies.

    Raises:
        SubmissionUnknown: it is not there.
    """
    path = folder(settings) / "files" / sha256
    if not _SHA256.fullmatch(sha256) or not path.is_file():
        raise SubmissionUnknown("The file of this submission is not kept here any more.")
    return path


def remove(settings: Settings, sha256: str, before: datetime) -> bool:
    """Remove a file that was stored before a moment; whoever sends the same bytes now keeps them."""
    path = folder(settings) / "files" / sha256
    if not _SHA256.fullmatch(sha256) or not path.is_file() or path.stat().st_mtime > before.timestamp():
        return False
    path.unlink(missing_ok=True)
    return True


def unfinished(settings: Settings) -> Path:
    """Where anything may lie that is not kept: it is in no backup, and what a killed process left goes after a day."""
    return folder(settings) / "incoming"


def tidy(settings: Settings) -> int:
    """Remove what was cut short, a day after; gives how many files and folders went.

    No file that is whole goes: a server that was given another database would take all of them to be nobody's.
    """
    place, limit, gone = folder(settings), time.time() - ABANDONED, 0
    # Earlier releases read among the files.
    for path in (*(place / "incoming").iterdir(), *(place / "files").glob("reading-*")):
        try:
            if path.lstat().st_mtime >= limit:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        except FileNotFoundError:  # another server was faster
            continue
        gone += 1
    return gone


def folder(settings: Settings) -> Path:
    """Return the private folder, made where it is not there."""
    place = settings.submissions_dir
    for one in (place, place / "incoming", place / "files"):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
        if one.stat().st_mode & 0o077:
            one.chmod(0o700)
    return place
