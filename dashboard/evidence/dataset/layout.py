"""File layout of a published dataset.

``<folder>/CURRENT`` names the version in force and its manifest's hash, ``<folder>/NEXT`` the announced one;
``<folder>/versions/<name>/`` holds a version that never changes.
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
    """A published version."""

    name: str
    vintage: int
    created_at: datetime
    rows: int  # in force
    folder: Path
    fresh: bool  # False: the same content was published already


EMBEDDED_NOTE_PREFIX = "Embedded dataset"
"""How the notes of vintages begin that came with the product, and from no gathering."""


class NotPublished(Exception):
    """There is no published dataset, or none in a format that this release reads."""


def locate_observations(indicator: str) -> str:
    """Return the path of an indicator's rows within a version."""
    return f"{OBSERVATIONS}/{quote(indicator, safe='')}.parquet"


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_bytes(text: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(text).hexdigest()


def read_pointer(pointer: Path) -> tuple[str, str]:
    """Return a version's name and its manifest's hash ("" in pointers of older releases).

    Raises:
        OSError: the pointer cannot be read.
        ValueError: it does not name a version.
    """
    name, *hashes = pointer.read_text(encoding="ascii").split()
    if len(hashes) > 1 or "/" in name or name.startswith("."):
        raise ValueError(f"{pointer} does not name a version")
    return name, hashes[0] if hashes else ""


def read_current_name(folder: Path) -> str:
    """Return the name of the version in force, or "" if there is none."""
    try:
        return read_pointer(folder / CURRENT)[0]
    except (OSError, ValueError):
        return ""


def parse_manifest(text: bytes) -> dict[str, Any] | None:
    """Return a manifest, or None if it is broken or incomplete."""
    try:
        manifest = json.loads(text)
        if manifest["format"] != FORMAT:
            return dict(manifest)
        complete = isinstance(manifest["files"], dict) and isinstance(manifest["indicators"], dict)
        complete = complete and all(isinstance(sha256, str) for sha256 in manifest["files"].values())
        complete = complete and {"version", "vintage", "digest", "codebook", "rows"} <= manifest.keys()
        return manifest if complete else None
    except (ValueError, KeyError, TypeError):
        return None
