"""How an answer leaves: ETag and 304 before any work, compressed once, kept, and named for saving.

A strong ETag is made of everything the bytes depend on: dataset, codebook, code, normalised parameters, representation
and content coding. So a matching ``If-None-Match`` is answered without computing anything (RFC 9110, 8.8.3 and 13.1.2).
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

from dashboard.protection.admission import WorkPlaces
from dashboard.services.base.cache import BytesCache
from dashboard.services.base.context import Context
from dashboard.services.base.stamp import stamp
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
PACKED = (PNG, XLSX, PDF, PPTX)
"""Compressed already."""
EXPOSED = "ETag, Content-Disposition, Link"


_kept = BytesCache(48 * 2**20)
"""Finished answers by ETag."""


def public_base(request: Request, configured: Settings) -> str:
    """Scheme and host of addresses that leave with a file: the public ones, or else those that were asked."""
    return (configured.public_url or str(request.base_url)).rstrip("/")


def takes_gzip(request: Request) -> bool:
    """Whether the client accepts gzip with a weight above zero."""
    for part in request.headers.get("accept-encoding", "").split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        if coding in ("gzip", "*"):
            try:
                return not weight or float(weight) > 0
            except ValueError:
                return False
    return False


def compact(value: Any) -> bytes:
    """``value`` as JSON in UTF-8 without spaces; NaN is an error, never text."""
    written = to_json(value)
    if b"NaN" in written or b"Infinity" in written:  # as a number, perhaps: Python's own says so
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return written


def tag_of(mark: str, key: tuple[object, ...], coding: str) -> str:
    """The strong ETag of an answer, quotes included."""
    made_of = repr((mark, key, coding))
    return f'"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'


def headers_of(
    request: Request, mark: str, tag: str, media: str, filename: str = "", *, save: bool = False
) -> dict[str, str]:
    """The headers every answer has. An address whose ``v`` is the current mark never changes: it is kept for ever."""
    fixed = request.query_params.get("v") == mark
    headers = {
        "ETag": tag,
        "Cache-Control": FOREVER if fixed else LIVE,
        "Access-Control-Allow-Origin": "*",  # public data, never with credentials: docs/decisions/0005-api.md
        "Access-Control-Expose-Headers": EXPOSED,
        "Content-Type": media,
    }
    if media not in PACKED:
        headers["Vary"] = "Accept-Encoding"
    if filename:
        headers["Content-Disposition"] = f'{"attachment" if save else "inline"}; filename="{filename}"'
    return headers


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client has these very bytes (``If-None-Match`` compares weakly: RFC 9110, 13.1.2)."""
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or tag in (part.strip().removeprefix("W/") for part in given.split(","))


def keep_bytes(mark: str, key: tuple[object, ...], make: Callable[[], bytes]) -> bytes:
    """The bytes of an answer as ``answer_from`` keeps them uncompressed: from memory where they were made before."""
    tag = tag_of(mark, key, "")
    body = _kept.get(tag)
    if body is None:
        body = make()
        _kept.put(tag, body)
    return body


async def answer(
    request: Request,
    ctx: Context,
    key: tuple[object, ...],
    make: Callable[[], bytes],
    media: str = JSON,
    filename: str = "",
    **how: Any,
) -> Response:
    """The answer to a question to the dataset; the arguments beside ``ctx`` as of ``answer_from``."""
    return await answer_from(request, stamp(ctx), (ctx.key, *key), make, media, filename, **how)


async def answer_from(
    request: Request,
    mark: str,
    key: tuple[object, ...],
    make: Callable[[], bytes],
    media: str = JSON,
    filename: str = "",
    *,
    save: bool = False,
    admission: WorkPlaces | None = None,
    quick: Callable[[], bool] = lambda: False,
) -> Response:
    """The answer to a read: 304 before any work, from memory when it was asked before, else made in a thread.

    Args:
        request: the request, for its conditions.
        mark: the ``v`` of addresses that never change: other data, codebook or code have another.
        key: normalised parameters and representation: equal keys of one mark give equal bytes.
        make: gives the uncompressed body.
        media: its content type.
        filename: the name it is saved under.
        save: whether browsers should save it rather than show it.
        admission: how many such answers are made at once, and how many wait; None: as many as there are threads.
        quick: whether making it takes less than finding a thread for it: then none is looked for.
    """
    coding = "gzip" if media not in PACKED and takes_gzip(request) else ""
    tag = tag_of(mark, key, coding)
    headers = headers_of(request, mark, tag, media, filename, save=save)
    if unchanged(request, tag):
        del headers["Content-Type"]
        return Response(status_code=304, headers=headers)
    body = _kept.get(tag)
    if body is None:

        def made() -> bytes:
            whole = gzip.compress(make(), 6, mtime=0) if coding else make()
            _kept.put(tag, whole)
            return whole

        if quick():
            body = made()
        elif admission is None:
            body = await to_thread.run_sync(made)
        else:
            body = await admission.made(request, lambda: _kept.get(tag), made)
    if coding:
        headers["Content-Encoding"] = coding
    return Response(body, headers=headers)
