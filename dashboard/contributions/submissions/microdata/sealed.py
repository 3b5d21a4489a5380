"""Files encrypted as they come: no letter of a survey reaches a disk in the clear, and no key lies beside its file.

AES-256-GCM in pieces, one random key a file. A piece's number is its nonce, whether it is the last is authenticated:
pieces cannot be swapped, cut off or added. Keys lie outside the data directory (``Settings.keys_dir``), so a copy of
the data directory and of the database opens nothing.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dashboard.contributions.submissions.inbox import IncomingFile, Stored, folder, sync
from dashboard.contributions.submissions.model import MAX_BYTES, SubmissionUnknown, UploadRefused
from dashboard.settings import Settings

PIECE = 2**20
_TAG = 16
_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class SealedFile(Stored):
    """A file that is whole, encrypted and on disk; ``name`` is that of its file and of its key."""

    name: str


class SealedPart(IncomingFile):
    """A survey that is being received: it is encrypted before it is written."""

    too_large = "Keep only the columns that are mapped, and send it as .zsav or .parquet."
    empty = "Choose the file with the answers."

    def __init__(self, settings: Settings, most: int = MAX_BYTES) -> None:
        super().__init__(folder(settings), most)
        self._settings, self._key = settings, secrets.token_bytes(32)
        self._cipher = AESGCM(self._key)
        self._pieces, self._held = 0, bytearray()

    def keep(self, chunk: bytes) -> None:
        """Encrypt every piece that is whole."""
        self._held += chunk
        while len(self._held) > PIECE:
            self._seal(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]

    def finish(self) -> SealedFile:
        """Make it durable, and then its key.

        Raises:
            UploadRefused: ``empty``, or the folder of keys cannot be written; the part is gone.
        """
        self._seal(bytes(self._held), last=True)
        self._held.clear()
        stored = self.close()
        try:
            _write_key(self._settings, self.name, self._key)
        except OSError as error:
            self.discard()
            raise UploadRefused(
                "keys", "This installation cannot keep keys of surveys: its operator has to set MONITOR_KEYS_DIR."
            ) from error
        self.move(sealed_path(self._settings, self.name))
        return SealedFile(stored.sha256, stored.size, self.name)

    def discard(self) -> None:
        """Forget it."""
        super().discard()
        self._held.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._pieces), piece, _mark(last=last)))
        self._pieces += 1


def pieces(path: Path, key: bytes) -> Iterator[bytes]:
    """Yield the file in the clear, piece by piece, in memory only.

    Raises:
        UploadRefused: it is not as it was written.
    """
    cipher, left = AESGCM(key), path.stat().st_size
    with path.open("rb") as file:
        for at in range(-(-left // (PIECE + _TAG))):
            piece = file.read(PIECE + _TAG)
            left -= len(piece)
            try:
                yield cipher.decrypt(_nonce(at), piece, _mark(last=left == 0))
            except InvalidTag as error:
                raise UploadRefused("damaged", "The file kept here is damaged. Upload it again.") from error


def key_of(settings: Settings, name: str) -> bytes:
    """Return the key of a file.

    Raises:
        SubmissionUnknown: it has been destroyed.
    """
    try:
        return _key_path(settings, name).read_bytes()
    except FileNotFoundError as error:
        raise SubmissionUnknown("The survey file of this submission has been destroyed. Upload it again.") from error


def sealed_path(settings: Settings, name: str) -> Path:
    """Where an encrypted file lies."""
    if not _NAME.fullmatch(name):
        raise SubmissionUnknown("There is no such survey file.")
    place = folder(settings) / "sealed"
    place.mkdir(mode=0o700, exist_ok=True)
    return place / name


def destroy(settings: Settings, name: str) -> None:
    """Destroy the key, then remove the file: once the key is gone, copies of the file are noise. Repeatable."""
    destroy_key(settings, name)
    sealed_path(settings, name).unlink(missing_ok=True)


def destroy_key(settings: Settings, name: str) -> None:
    """Overwrite and remove the key of a file. Repeatable."""
    path = _key_path(settings, name)
    with suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync(path.parent)


def places(settings: Settings, name: str) -> tuple[Path, Path]:
    """Where file and key of this name are, or would be."""
    return sealed_path(settings, name), _key_path(settings, name)


def names(settings: Settings) -> list[str]:
    """Return every file or key that is there."""
    stored = {path.name for path in (folder(settings) / "sealed").glob("*")}
    stored |= {path.name for path in settings.survey_keys_dir.glob("*")}
    return sorted(name for name in stored if _NAME.fullmatch(name))


def _write_key(settings: Settings, name: str, key: bytes) -> None:
    path = _key_path(settings, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)


def _key_path(settings: Settings, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise SubmissionUnknown("There is no such survey file.")
    return settings.survey_keys_dir / name


def _nonce(at: int) -> bytes:
    return at.to_bytes(12, "big")


def _mark(*, last: bool) -> bytes:
    return b"last" if last else b"more"
