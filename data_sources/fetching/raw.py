"""The store of what publishers sent: bytes under their own hash, with where and when they came from.

``ab/abcd….gz`` holds the bytes, ``ab/abcd….json`` beside it the first reply that brought them; neither is ever written
again, unless the bytes were damaged. ``requests/….json`` holds the latest good reply to a request, so that a run cut
short can go on, and the next one asks only for what has changed.
"""

import contextlib
import gzip
import hashlib
import json
import os
import re
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from data_sources.contract import Reply, Request

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SECRET = re.compile(r"key|token|secret|password|passwd|signature|auth|credential", re.IGNORECASE)
_HIDDEN = "***"
_HEADERS = {"etag": "etag", "last-modified": "last_modified", "content-type": "media_type"}
"""Header of a reply → where it stands in the sidecar."""


class RawStore:
    """A content-addressed store in a folder, which is made when the first reply is put."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, reply: Reply) -> Path:
        """Keep a reply; the path of its bytes. Safe against a crash: a file is whole or not there."""
        path = self._path(reply.sha256)
        described = json.dumps(describe_reply(reply), ensure_ascii=False, indent=1, sort_keys=True).encode()
        if not self._holds(reply.sha256):
            _write(path, gzip.compress(reply.body, compresslevel=6, mtime=0))
        description = path.with_suffix(".json")
        if not description.exists():
            _write(description, described)
        _write(self._index(reply.request), described)
        return path

    def get(self, sha256: str) -> bytes:
        """Return the bytes with this hash.

        Raises:
            FileNotFoundError: the store does not hold them, or what it holds is damaged.
        """
        path = self._path(sha256)
        try:
            body = gzip.decompress(path.read_bytes())
        except (OSError, EOFError, gzip.zlib.error) as error:  # type: ignore[attr-defined]
            raise FileNotFoundError(f"no whole raw record {sha256} in {self._folder}") from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise FileNotFoundError(f"the raw record {sha256} in {self._folder} is damaged")
        return body

    def latest(self, request: Request) -> Reply | None:
        """Return the latest good reply to a request, without its bytes."""
        try:
            record: dict[str, Any] = json.loads(self._index(request).read_bytes())
            return Reply(
                request=request,
                url=record["url"],
                status=record["status"],
                headers={name: record[field] for name, field in _HEADERS.items() if record[field]},
                body=b"",
                sha256=record["sha256"],
                retrieved_at=datetime.fromisoformat(record["retrieved_at"]),
            )
        except (OSError, ValueError, KeyError):  # absent, or cut short by an old crash: ask the publisher again
            return None

    def find(self, request: Request) -> Reply | None:
        """Return the latest good reply to a request, if its bytes are whole."""
        cached = self.latest(request)
        if cached is None:
            return None
        try:
            return replace(cached, body=self.get(cached.sha256))
        except FileNotFoundError:
            return None

    def forget(self, request: Request) -> None:
        """Do not find the reply to this request any more; its bytes stay."""
        self._index(request).unlink(missing_ok=True)

    def _holds(self, sha256: str) -> bool:
        try:
            self.get(sha256)
        except FileNotFoundError:
            return False
        return True

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise FileNotFoundError(f"{sha256!r} is not a SHA-256 in hexadecimal")
        return self._folder / sha256[:2] / f"{sha256}.gz"

    def _index(self, request: Request) -> Path:
        return self._folder / "requests" / f"{hashlib.sha256(request.question.encode()).hexdigest()}.json"


def describe_reply(reply: Reply) -> dict[str, Any]:
    """What is kept of a reply beside its bytes: address and parameters without secrets, hash, size, headers, moment.

    ``params`` are those of the address and, of a POST, those of its body.
    """
    parameters = {**reply.request.params, **(reply.request.payload or {})}
    return {
        "method": "GET" if reply.request.payload is None else "POST",
        "url": _public_url(reply.url),
        "params": {name: _HIDDEN if _SECRET.search(name) else value for name, value in parameters.items()},
        "sha256": reply.sha256,
        "bytes": len(reply.body),
        "etag": reply.headers.get("etag", ""),
        "last_modified": reply.headers.get("last-modified", ""),
        "retrieved_at": reply.retrieved_at.isoformat(),
        "status": reply.status,
        "media_type": reply.headers.get("content-type", ""),
    }


def _public_url(text: str) -> str:
    """Return the address without user, password and values that look like a key."""
    url = httpx.URL(text)
    params = [(name, _HIDDEN if _SECRET.search(name) else value) for name, value in url.params.multi_items()]
    changed = any(value == _HIDDEN for _, value in params)
    return str(url.copy_with(username=None, password=None, **({"params": params} if changed else {})))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
