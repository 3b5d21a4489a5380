"""The file a backup is: a tar archive in gzip, and around it, where there is a passphrase, encryption in pieces.

``writing(path, passphrase, prove)``, ``reading(path, passphrase)``: streams of bytes. Encrypted is with AES-256-GCM, in
pieces of a mebibyte whose nonce counts them and whose last is marked, so that none can be left out, changed or moved;
the key is made of the passphrase by scrypt. Nothing is ever held in memory as a whole.
``clear_unfinished(folder, ending)``: removes what writers left that were killed.
"""

import contextlib
import fcntl
import io
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"MONITOR-BACKUP-1\n"
PIECE = 2**20
UNFINISHED = ".unfinished-"
_SALT, _PREFIX, _TAG = 16, 7, 16


class BadArchive(Exception):
    """The file is no backup, is cut short or changed, or the passphrase is another; the message says which."""


def encrypted(path: Path) -> bool:
    """Whether a backup is encrypted."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


@contextmanager
def writing(
    path: Path, passphrase: str = "", prove: Callable[[Path], object] = lambda written: None
) -> Iterator[BinaryIO]:
    """A stream into a new file that only its owner reads; it gets its name when it is whole and on the disk.

    ``prove`` is given the file before: what it raises leaves nothing behind.
    """
    new = path.with_name(f"{UNFINISHED}{path.name}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with contextlib.suppress(OSError):  # a file system without locks: there nothing is cleared
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if passphrase:
                sealing = _Sealing(file, passphrase)
                yield sealing  # type: ignore[misc]
                sealing.finish()
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
            prove(new)
            new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def clear_unfinished(folder: Path, ending: str) -> None:
    """Remove what was left by writers that were killed; what one is at work on is locked, and stays."""
    for path in folder.glob(f"{UNFINISHED}*{ending}"):
        with contextlib.suppress(OSError), path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


@contextmanager
def reading(path: Path, passphrase: str = "") -> Iterator[BinaryIO]:
    """The stream that was written.

    Raises:
        BadArchive: the passphrase is missing or another.
    """
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            file.seek(0)
            yield file
            return
        if not passphrase:
            raise BadArchive(f"{path} is encrypted: set MONITOR_BACKUP_KEY to the passphrase it was made with")
        yield io.BufferedReader(_Opening(file, passphrase, path), PIECE)


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


class _Sealing:
    """Encrypts what is written, a piece at a time."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        salt, self._prefix = os.urandom(_SALT), os.urandom(_PREFIX)
        self._file, self._cipher, self._held, self._number = file, _cipher(passphrase, salt), bytearray(), 0
        file.write(MAGIC + salt + self._prefix)

    def write(self, data: bytes) -> int:
        self._held += data
        while len(self._held) > PIECE:
            self._seal(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Whole pieces are on their way already; the last is known only at the end."""

    def finish(self) -> None:
        self._seal(bytes(self._held), last=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last), piece, None))
        self._number += 1


class _Opening(io.RawIOBase):
    """Decrypts what is read; what was not written so is an error, never data."""

    def __init__(self, file: BinaryIO, passphrase: str, path: Path) -> None:
        salt, self._prefix = file.read(_SALT), file.read(_PREFIX)
        self._file, self._path = file, path
        self._cipher = _cipher(passphrase, salt)
        self._number, self._ended, self._held = 0, False, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        if not self._held and not self._ended:
            self._held = self._next()
        taken = self._held[: len(buffer)]
        buffer[: len(taken)] = taken
        self._held = self._held[len(taken) :]
        return len(taken)

    def _next(self) -> bytes:
        piece = self._file.read(PIECE + _TAG)
        self._ended = len(piece) < PIECE + _TAG or not self._file.peek(1)  # type: ignore[attr-defined]
        try:
            plain = self._cipher.decrypt(_nonce(self._prefix, self._number, self._ended), piece, None)
        except InvalidTag:
            raise BadArchive(
                f"{self._path} cannot be opened: MONITOR_BACKUP_KEY is another, or the file is cut short or changed"
            ) from None
        self._number += 1
        return plain
