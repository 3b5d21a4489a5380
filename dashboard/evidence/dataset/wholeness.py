"""Verify published files, and that the record stands behind them.

A file is hashed when first read and again when its inode, size or times change; ``find_faults`` finds what left no
trace in the file system, such as a failing disk.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from dashboard.evidence.dataset import layout
from dashboard.evidence.dataset.layout import NotPublished


class Damaged(NotPublished):
    """A published file is missing or altered; nothing is read from it."""


class RecordBehind(Exception):
    """The record holds less than what is published, or something else; the message says what to do."""


FileMark = tuple[int, int, int, int]

_hashes: dict[Path, tuple[FileMark, str]] = {}
"""Files with what they looked like when they were hashed, and their hash."""
_lock = Lock()

REBUILD_OMITS = "it leaves out accounts, decisions, counts, opinions and what offices sent"
"""What `dataset rebuild` cannot bring back, because it is in no published dataset."""

RECOVERY_ADVICE = (
    "Restore a backup (`python -m dashboard backup restore FILE`), or, as the last resort, build the record anew "
    f"from what is published (`python -m dashboard dataset rebuild`: {REBUILD_OMITS})"
)


def check_file(folder: Path, manifest: Mapping[str, Any], name: str) -> Path:
    """Return the path of a version's file, or raise Damaged if it is missing or altered."""
    path = folder / name
    expected = manifest["files"].get(name)
    if expected is None:
        raise Damaged(f"{path} is not named in the manifest of its version")
    if _hash_cached(path) != expected:
        raise Damaged(f"{path} is not as it was published")
    return path


def find_faults(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Return the files of a version that are missing or altered; ``check_file`` then refuses them."""
    result = []
    for name, expected in manifest["files"].items():
        path = folder / name
        try:
            actual = _hash_cached(path, again=True)
        except Damaged:
            result.append(f"{name} is gone")
            continue
        if actual != expected:
            result.append(f"{name} is not as it was published")
    return result


def explain_going_back(folder: Path, issued: Iterable[tuple[int, str]]) -> str:
    """Return why publishing a record would take back published figures, or "".

    Args:
        folder: the folder of published datasets.
        issued: number and digest of each vintage of the record.
    """
    version, vintage, digest = read_published(folder)
    if not version:
        return ""
    digests = dict(issued)
    if not digests:
        reason = "the database holds no vintage"
    elif vintage > max(digests):
        reason = f"the database ends with vintage {max(digests)}"
    elif digest and digests.get(vintage) != digest:
        reason = f"vintage {vintage} of the database holds other figures"
    else:
        return ""
    return f"Version {version} is published, but {reason}. {RECOVERY_ADVICE}"


def read_published(folder: Path) -> tuple[str, int, str]:
    """Return name, vintage and digest of the version in force; digest "" if its manifest is unreadable.

    Without a pointer it is the newest version found; ("", 0, "") if there is none.
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


def _hash_cached(path: Path, *, again: bool = False) -> str:
    try:
        stat = path.stat()
        mark = (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        cached = _hashes.get(path)
        if cached is not None and cached[0] == mark and not again:
            return cached[1]
        hashed = layout.hash_file(path)
    except OSError as error:
        raise Damaged(f"{path} cannot be read ({error.strerror})") from None
    with _lock:
        if len(_hashes) > 5_000:  # versions come and go
            _hashes.clear()
        _hashes[path] = (mark, hashed)
    return hashed
