"""Whether what is published still is what was published, and whether the record stands behind it.

``checked(folder, manifest, name) -> Path``: a file of a version, looked at before it is read.
``faults(folder, manifest) -> list[str]``: all of a version's files, every byte, whatever was looked at before.
``going_back(folder, issued) -> str``: why a record must not be published over what is published; "" when it may.

A file is hashed when it is first read and again when its inode, size or times of change differ. What changes bytes and
leaves no trace in the file system (a failing disk) is found by ``find_faults``, which the server calls again and again.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from dashboard.dataset import layout
from dashboard.dataset.layout import NotPublished


class Damaged(NotPublished):
    """A published file is gone, or not as it was published; nothing is read from it."""


class GoesBack(Exception):
    """The record holds less than what is published, or something else; the message says what to do."""


Mark = tuple[int, int, int, int]

_seen: dict[Path, tuple[Mark, str]] = {}
"""Files with what they looked like when they were hashed, and their hash."""
_lock = Lock()

WAYS_OUT = (
    "Restore a backup (`python -m dashboard backup restore FILE`), "
    "or build the record anew from what is published (`python -m dashboard dataset rebuild`)"
)


def check_file(folder: Path, manifest: Mapping[str, Any], name: str) -> Path:
    """The path of a file of a version, when its bytes are those that were published.

    Raises:
        Damaged: it is gone, or other than it was published.
    """
    path = folder / name
    expected = manifest["files"].get(name)
    if expected is None:
        raise Damaged(f"{path} is not named in the manifest of its version")
    if _hash_of(path) != expected:
        raise Damaged(f"{path} is not as it was published")
    return path


def find_faults(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Files of a version that are gone or not as they were published, in words; empty when all is well.

    What is found is remembered: ``check_file`` refuses the file from then on.
    """
    result = []
    for name, expected in manifest["files"].items():
        path = folder / name
        try:
            actual = _hash_of(path, again=True)
        except Damaged:
            result.append(f"{name} is gone")
            continue
        if actual != expected:
            result.append(f"{name} is not as it was published")
    return result


def explain_going_back(folder: Path, issued: Iterable[tuple[int, str]]) -> str:
    """Why publishing a record would take back what is published; "" when it would not.

    Args:
        folder: the folder of published datasets.
        issued: number and digest of each vintage of the record.
    """
    version, vintage, digest = read_published(folder)
    if not version:
        return ""
    digests = dict(issued)
    if not digests:
        return f"Version {version} is published, but the database holds no vintage. {WAYS_OUT}"
    if vintage > max(digests):
        newest = max(digests)
        return f"Version {version} is published, but the database ends with vintage {newest}. {WAYS_OUT}"
    if digest and digests.get(vintage) != digest:
        return f"Version {version} is published, but vintage {vintage} of the database holds other figures. {WAYS_OUT}"
    return ""


def read_published(folder: Path) -> tuple[str, int, str]:
    """Name, vintage and digest of the version in force; the digest is "" where its manifest cannot be read.

    Without a pointer it is the newest version there is; ("", 0, "") when there is none.
    """
    named, coming = [], ""
    try:
        name, sha256 = layout.read_pointer(folder / layout.CURRENT)
        named = [name]
        text = (folder / layout.VERSIONS / name / layout.MANIFEST).read_bytes()
        manifest = layout.parse_manifest(text)
        if manifest is not None and sha256 in ("", layout.hash_bytes(text)):
            return name, int(manifest["vintage"]), str(manifest["digest"])
    except (OSError, ValueError):
        pass
    versions = folder / layout.VERSIONS
    with suppress(OSError, ValueError):
        coming = layout.read_pointer(folder / layout.NEXT)[0]
    names = [*named, *(path.name for path in versions.iterdir() if path.name != coming)] if versions.is_dir() else named
    numbered = [(int(number), name) for name in names if (number := name.partition("-")[0]).isdecimal()]
    vintage, name = max(numbered, default=(0, ""))
    return name, vintage, ""


def _hash_of(path: Path, *, again: bool = False) -> str:
    try:
        stat = path.stat()
        mark = (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        held = _seen.get(path)
        if held is not None and held[0] == mark and not again:
            return held[1]
        hashed = layout.hash_file(path)
    except OSError as error:
        raise Damaged(f"{path} cannot be read ({error.strerror})") from None
    with _lock:
        if len(_seen) > 5_000:  # versions come and go
            _seen.clear()
        _seen[path] = (mark, hashed)
    return hashed
