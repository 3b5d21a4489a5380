"""Read and write backup files: a gzipped tar archive, encrypted with age where there is a key.

An encrypted backup also opens with any age program (``age -d -i key FILE | tar xz``). Everything is streamed.
"""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

MAGIC = b"age-encryption.org/v1\n"
FORMER_MAGIC = b"MONITOR-BACKUP-1\n"
"""Start of files encrypted with a passphrase, before age."""
UNFINISHED_PREFIX = ".unfinished-"


class BadArchive(Exception):
    """The file is not a backup, is incomplete or changed, or the key is wrong; the message says which."""


def make_key() -> str:
    """Return a new age identity, as ``age-keygen`` makes them."""
    from pyrage.x25519 import Identity

    return str(Identity.generate())


def is_encrypted(path: Path) -> bool:
    """Return True if a backup is encrypted."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


@contextmanager
def open_for_writing(
    path: Path, key: str = "", prove: Callable[[Path], object] = lambda written: None
) -> Iterator[BinaryIO]:
    """Open a stream into a new private file, which gets its name once it is complete and synced.

    ``prove`` checks the complete file before; if it raises, nothing is left behind.

    Raises:
        BadArchive: the key is not an age identity.
    """
    identity = _parse_key(key) if key else None
    new = path.with_name(f"{UNFINISHED_PREFIX}{path.name}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with contextlib.suppress(OSError):  # a file system without locks: there nothing is cleared
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with _open_encrypting(file, identity) if identity else contextlib.nullcontext(file) as stream:
                yield stream
            file.flush()
            os.fsync(file.fileno())
            prove(new)
            new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def clear_unfinished(folder: Path, ending: str) -> None:
    """Delete files that killed writers left; those of running writers are locked and stay."""
    for path in folder.glob(f"{UNFINISHED_PREFIX}*{ending}"):
        with contextlib.suppress(OSError), path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


@contextmanager
def open_for_reading(path: Path, key: str = "") -> Iterator[BinaryIO]:
    """Open the stream of a backup.

    Raises:
        BadArchive: the key is missing, invalid or wrong, or the file is of a former format or was changed.
    """
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
        file.seek(0)
        if head.startswith(FORMER_MAGIC):
            raise BadArchive(
                f"{path} was encrypted with a passphrase, by a release before backups were age files: open it with the "
                "release it is of (docs/operator.md, “Backups of earlier releases”)"
            )
        if head != MAGIC:
            yield file
            return
        if not key:
            raise BadArchive(f"{path} is encrypted: set MONITOR_BACKUP_KEY to the key it was made with")
        with _open_decrypting(file, _parse_key(key), path) as stream:
            yield stream


def _parse_key(key: str) -> "Identity":
    from pyrage import IdentityError
    from pyrage.x25519 import Identity

    try:
        return Identity.from_str(key.strip())
    except IdentityError:
        raise BadArchive(
            "MONITOR_BACKUP_KEY is no age key (AGE-SECRET-KEY-1…): `python -m dashboard backup key` makes one"
        ) from None


class _Target:
    """A file that remembers its write error, of which age only passes on the message."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write on, remembering an error."""
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        """Do nothing: the file is flushed when it is complete."""


@contextmanager
def _open_encrypting(file: BinaryIO, identity: "Identity") -> Iterator[BinaryIO]:
    """Open a stream whose bytes arrive encrypted in ``file``, through a pipe that age reads in a thread."""
    from pyrage import EncryptError, encrypt_io

    target, (out, into) = _Target(file), os.pipe()

    def encrypt() -> None:
        with os.fdopen(out, "rb") as plain:
            encrypt_io(plain, target, [identity.to_public()])

    with ThreadPoolExecutor(1) as worker:
        done = worker.submit(encrypt)
        with contextlib.suppress(BrokenPipeError), os.fdopen(into, "wb") as stream:  # it says itself why it ended
            yield stream
        try:
            done.result()
        except EncryptError as error:
            raise target.error or error from error


@contextmanager
def _open_decrypting(file: BinaryIO, identity: "Identity", path: Path) -> Iterator[BinaryIO]:
    """Open the decrypted stream of a file; a changed piece ends it and raises once all is read."""
    from pyrage import DecryptError, decrypt_io

    out, into = os.pipe()

    def decrypt() -> None:
        with os.fdopen(into, "wb") as plain:
            decrypt_io(file, plain, [identity])

    with ThreadPoolExecutor(1) as worker:
        done = worker.submit(decrypt)
        try:
            with os.fdopen(out, "rb") as stream:
                yield stream
                while stream.read(2**20):  # what follows the archive is no part of a backup that is whole
                    pass
            done.result()
        except Exception as error:
            failed = done.exception()
            if isinstance(failed, DecryptError) or failed is error:
                raise BadArchive(
                    f"{path} cannot be opened: MONITOR_BACKUP_KEY is another, or the file is cut short or changed"
                ) from error
            raise
