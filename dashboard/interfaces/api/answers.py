"""Send an answer: ETag and 304 before any work, compressed once, cached, and named for saving.

The strong ETag covers everything the bytes depend on (dataset, codebook, code, parameters, representation, coding), so
a matching ``If-None-Match`` is answered without computing anything (RFC 9110, 8.8.3 and 13.1.2).
"""

import gzip
import hashlib
import json
from collections.abc import Callable
from typing import Any

from anyio import to_thread
from fastapi import Request
from fastapi.responses import Response
from pydantic_core import to_json

from dashboard.answers.base.cache import BytesCache
from dashboard.answers.base.context import Context
from dashboard.answers.base.stamp import write_stamp
from dashboard.interfaces.protection.admission import WorkPlaces
from dashboard.settings import Settings

LIVE = "public, max-age=0, must-revalidate"
FOREVER = "public, max-age=31536000, immutable"
JSON = "application/json"
CSV = "text/csv; charset=utf-8; header=present"
SVG = "image/svg+xml"
PNG = "image/png"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
COMPRESSED_MEDIA = (PNG, XLSX, PDF, PPTX)
"""Media that are compressed already."""
EXPOSED_HEADERS = "ETag, Content-Disposition, Link"


_kept = BytesCache(48 * 2**20)
"""Finished answers by ETag."""


def get_public_base(request: Request, configured: Settings) -> str:
    """Return scheme and host for addresses in files: the configured ones, or those of the request."""
    return (configured.public_url or str(request.base_url)).rstrip("/")


def may_compress(request: Request) -> bool:
    """Return True if the client accepts gzip with a weight above zero."""
    for part in request.headers.get("accept-encoding", "").split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        if coding in ("gzip", "*"):
            try:
                return not weight or float(weight) > 0
            except ValueError:
                return False
    return False


def encode_json(value: Any) -> bytes:
    """Return a value as compact JSON in UTF-8; NaN is an error, never text."""
    encoded = to_json(value)
    if b"NaN" in encoded or b"Infinity" in encoded:  # as a number, perhaps: Python's own says so
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return encoded


def compute_tag(mark: str, key: tuple[object, ...], coding: str) -> str:
    """Return the strong ETag of an answer, with quotes."""
    made_of = repr((mark, key, coding))
    return f'"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'


def build_headers(
    request: Request, mark: str, tag: str, media: str, filename: str = "", *, save: bool = False
) -> dict[str, str]:
    """Return the headers of an answer; an address whose ``v`` is the current mark is immutable."""
    is_immutable = request.query_params.get("v") == mark
    headers = {
        "ETag": tag,
        "Cache-Control": FOREVER if is_immutable else LIVE,
        "Access-Control-Allow-Origin": "*",  # public data, never with credentials: docs/decisions/0005-api.md
        "Access-Control-Expose-Headers": EXPOSED_HEADERS,
        "Content-Type": media,
    }
    if media not in COMPRESSED_MEDIA:
        headers["Vary"] = "Accept-Encoding"
    if filename:
        headers["Content-Disposition"] = f'{"attachment" if save else "inline"}; filename="{filename}"'
    return headers


def is_unchanged(request: Request, tag: str) -> bool:
    """Return True if the client has these bytes (``If-None-Match`` compares weakly: RFC 9110, 13.1.2)."""
    tags = request.headers.get("if-none-match", "")
    return tags.strip() == "*" or tag in (part.strip().removeprefix("W/") for part in tags.split(","))


def keep_bytes(mark: str, key: tuple[object, ...], make: Callable[[], bytes]) -> bytes:
    """Return an answer's uncompressed bytes, cached under its ETag."""
    tag = compute_tag(mark, key, "")
    body = _kept.get(tag)
    if body is None:
        body = make()
        _kept.put(tag, body)
    return body


def identify(source: Context | str, key: tuple[object, ...]) -> tuple[str, tuple[object, ...]]:
    """Return the mark and the whole key of an answer made from a dataset's context, or from data with this mark."""
    return (source, key) if isinstance(source, str) else (write_stamp(source), (source.key, *key))


async def answer(
    request: Request,
    source: Context | str,
    key: tuple[object, ...],
    make: Callable[[], object],
    media: str = JSON,
    filename: str = "",
    *,
    save: bool = False,
    admission: WorkPlaces | None = None,
    quick: Callable[[], bool] = lambda: False,
) -> Response:
    """Answer a read: 304 before any work, from the cache if it was asked before, else made in a thread.

    Args:
        request: the request, for its conditions.
        source: context of the dataset, or the mark of other data: the ``v`` of addresses that never change.
        key: normalised parameters and representation: equal keys of one source give equal bytes.
        make: returns the uncompressed body, or what is sent as JSON.
        media: its content type.
        filename: the name it is saved under.
        save: browsers should save it rather than show it.
        admission: the places in which it is made; None: any thread.
        quick: returns True if making it takes less than finding a thread for it.
    """
    mark, key = identify(source, key)
    coding = "gzip" if media not in COMPRESSED_MEDIA and may_compress(request) else ""
    tag = compute_tag(mark, key, coding)
    headers = build_headers(request, mark, tag, media, filename, save=save)
    if is_unchanged(request, tag):
        del headers["Content-Type"]
        return Response(status_code=304, headers=headers)

    def encode() -> bytes:
        made = make()
        plain = made if isinstance(made, bytes) else encode_json(made)
        encoded = gzip.compress(plain, 6, mtime=0) if coding else plain
        _kept.put(tag, encoded)
        return encoded

    body = _kept.get(tag)
    if body is None:
        if quick():
            body = encode()
        elif admission is None:
            body = await to_thread.run_sync(encode)
        else:
            body = await admission.run(request, lambda: _kept.get(tag), encode)
    if coding:
        headers["Content-Encoding"] = coding
    return Response(body, headers=headers)
