"""The file a backup is: a tar archive in gzip, and around it, where there is a key, age (age-encryption.org/v1).

``writing(path, key, prove)``, ``reading(path, key)``: streams of bytes. The key is an age identity; what is written
with it is opened by any age program too (``age -d -i key FILE | tar xz``). Nothing is in memory as a whole.
``clear_unfinished(folder, ending)``: removes what writers left that were killed.
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
FORMER = b"MONITOR-BACKUP-1\n"
"""How files begin that were encrypted by a passphrase, before age."""
UNFINISHED = ".unfinished-"


class BadArchive(Exception):
    """The file is no backup, is cut short or changed, or the key is another; the message says which."""


def make_key() -> str:
    """A new key for backups: an age identity, as ``age-keygen`` makes them."""
    from pyrage.x25519 import Identity

    return str(Identity.generate())


def encrypted(path: Path) -> bool:
    """Whether a backup is encrypted."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


@contextmanager
def writing(path: Path, key: str = "", prove: Callable[[Path], object] = lambda written: None) -> Iterator[BinaryIO]:
    """A stream into a new file that only its owner reads; it gets its name when it is whole and on the disk.

    ``prove`` is given the file before: what it raises leaves nothing behind.

    Raises:
        BadArchive: the key is none.
    """
    identity = _identity(key) if key else None
    new = path.with_name(f"{UNFINISHED}{path.name}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with contextlib.suppress(OSError):  # a file system without locks: there nothing is cleared
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with _encrypting(file, identity) if identity else contextlib.nullcontext(file) as stream:
                yield stream
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
def reading(path: Path, key: str = "") -> Iterator[BinaryIO]:
    """The stream that was written.

    Raises:
        BadArchive: the key is missing, none or another, the file is of a former format, or not as it was written.
    """
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
        file.seek(0)
        if head.startswith(FORMER):
            raise BadArchive(
                f"{path} was encrypted with a passphrase, by a release before backups were age files: open it with the "
                "release it is of (docs/operator.md, “Backups of earlier releases”)"
            )
        if head != MAGIC:
            yield file
            return
        if not key:
            raise BadArchive(f"{path} is encrypted: set MONITOR_BACKUP_KEY to the key it was made with")
        with _decrypting(file, _identity(key), path) as stream:
            yield stream


def _identity(key: str) -> "Identity":
    from pyrage import IdentityError
    from pyrage.x25519 import Identity

    try:
        return Identity.from_str(key.strip())
    except IdentityError:
        raise BadArchive(
            "MONITOR_BACKUP_KEY is no age key (AGE-SECRET-KEY-1…): `python -m dashboard backup key` makes one"
        ) from None


class _Target:
    """A file that remembers why it could not be written to: age gives only the words of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write on."""
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        """The file is flushed when it is whole."""


@contextmanager
def _encrypting(file: BinaryIO, identity: "Identity") -> Iterator[BinaryIO]:
    """A stream whose bytes arrive in ``file`` encrypted: age reads, we write, so a pipe and a thread are between."""
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
def _decrypting(file: BinaryIO, identity: "Identity", path: Path) -> Iterator[BinaryIO]:
    """What an encrypted file holds; a piece that is not as it was written ends it, and is an error once all is read."""
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
