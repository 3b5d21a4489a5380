"""Where things lie in a published dataset, and how its pointer is read.

``<folder>/CURRENT`` names the version in force and the hash of its manifest, ``<folder>/NEXT`` the one that a
publication under way is about to put in its place; ``<folder>/versions/<name>/`` holds a version and never changes:
``manifest.json``, ``observations/<indicator>.parquet`` and the tables below. A version is built in a folder beside them
whose name starts with ``UNFINISHED`` and gets its own name only when it is complete.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

FORMAT = 1
"""Changes when the files of a version change their shape; versions of another format are not read or linked to."""

CURRENT, NEXT, VERSIONS, LOCK, UNFINISHED = "CURRENT", "NEXT", "versions", ".lock", ".unfinished-"
FINISHED = ".finished-"
"""Begins the name of a note: a publication that was killed was finished, and the audit trail has yet to say so."""
MANIFEST, OBSERVATIONS = "manifest.json", "observations"
RECORDS, VINTAGES, OUTCOMES = "records.parquet", "vintages.parquet", "outcomes.parquet"
INDEX, LATEST, COVERAGE = "index.parquet", "latest.parquet", "coverage.parquet"


@dataclass(frozen=True, slots=True)
class Version:
    """What was published."""

    name: str
    vintage: int
    created_at: datetime
    rows: int  # in force
    folder: Path
    fresh: bool  # False: the same content was published already


class NotPublished(Exception):
    """There is no published dataset, or not one that this version of the product reads."""


def locate_observations(indicator: str) -> str:
    """Path of an indicator's rows within a version."""
    return f"{OBSERVATIONS}/{quote(indicator, safe='')}.parquet"


def hash_file(path: Path) -> str:
    """Hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_bytes(text: bytes) -> str:
    """Hash of bytes that were read."""
    return hashlib.sha256(text).hexdigest()


def read_pointer(pointer: Path) -> tuple[str, str]:
    """Name of the version in force, and the hash of its manifest ("" in pointers of older releases).

    Raises:
        OSError: the pointer cannot be read.
        ValueError: it does not name a version.
    """
    name, *rest = pointer.read_text(encoding="ascii").split()
    if len(rest) > 1 or "/" in name or name.startswith("."):
        raise ValueError(f"{pointer} does not name a version")
    return name, rest[0] if rest else ""


def parse_manifest(text: bytes) -> dict[str, Any] | None:
    """What a manifest says, when it says all that a manifest does; None when it is broken."""
    try:
        manifest = json.loads(text)
        if manifest["format"] != FORMAT:
            return dict(manifest)
        whole = isinstance(manifest["files"], dict) and isinstance(manifest["indicators"], dict)
        whole = whole and all(isinstance(hashed, str) for hashed in manifest["files"].values())
        return manifest if whole and {"version", "vintage", "digest", "codebook", "rows"} <= manifest.keys() else None
    except (ValueError, KeyError, TypeError):
        return None
