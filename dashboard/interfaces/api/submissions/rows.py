"""Figures sent as JSON: the form's fields and ``rows``, stored as the file they are."""

import json
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from dashboard.contributions.submissions import inbox
from dashboard.contributions.submissions.model import METHOD_FIELDS, UploadRefused
from dashboard.interfaces.api.submissions.upload import CheckFields, Received
from dashboard.settings import Settings

MAX_BYTES = 5 * 2**20
"""Largest body; larger ones are sent as a file."""

_PLAIN = ("period", "lang", "dataset", "intent")
EXAMPLE = '{"period": "2025", "rows": [{"indicator": …, "breakdown": "total", "value": 61.5}]}'

_TEXT = {"type": "string", "maxLength": 4_000}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["period", "rows"],
    "additionalProperties": False,
    "properties": {
        "period": {"type": "string", "description": "The year.", "examples": ["2025"]},
        "lang": {"type": "string"},
        "dataset": {"type": "string", "enum": ["figures"]},
        "intent": {"type": "string", "enum": ["corrects", "replaces"]},
        "method": {
            "type": "object",
            "description": "How the figures were made.",
            "properties": dict.fromkeys(METHOD_FIELDS, _TEXT),
            "additionalProperties": False,
        },
        "rows": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}},
            "description": "Figures by the template's columns: `indicator`, `breakdown`, `period`, `value`, `sample`, "
            "`lower`, `upper`, `numerator`, `denominator`, `unit`, `reason`, `note`.",
        },
    },
}
"""The body in the description of the API."""

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["period", "file"],
                    "properties": {
                        "period": {"type": "string"},
                        "lang": {"type": "string"},
                        "dataset": {"type": "string"},
                        "intent": {"type": "string"},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            },
            "application/json": {"schema": SCHEMA},
        },
    }
}


def is_json(request: Request) -> bool:
    """Return True if a request brings rows instead of a form."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


async def receive_rows(request: Request, settings: Settings, ready: CheckFields) -> Received:
    """Store rows as the file they came in.

    Raises:
        UploadRefused: the body is malformed or too large; nothing was kept.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BYTES:
            limit = f"{MAX_BYTES // 2**20} MB"
            raise UploadRefused("too_large", f"These rows are more than {limit}. Send them in parts, or as a file.")
    return await run_in_threadpool(_store_rows, bytes(body), settings, ready)


def _store_rows(body: bytes, settings: Settings, ready: CheckFields) -> Received:
    fields = _read_fields(body)
    room = ready(fields)
    if room is not None and room.full is not None and len(body) > room.size:
        raise room.full
    part = inbox.begin(settings)
    try:
        part.write(body)
        return Received(fields, "rows.json", part.finish())
    except BaseException:
        part.discard()
        raise


def _read_fields(body: bytes) -> dict[str, str]:
    """Return the fields beside the rows, as a form has them."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UploadRefused("not_json", f"The body is no JSON in UTF-8. Send {EXAMPLE}.") from error
    if not isinstance(document, dict) or not isinstance(document.get("rows"), list):
        raise UploadRefused("not_rows", f"The body has no list “rows”. Send {EXAMPLE}.")
    method = document.get("method", {})
    if not isinstance(method, dict) or (odd := sorted({*document} - {*_PLAIN, "rows", "method"})):
        name = "method" if not isinstance(method, dict) else odd[0][:40]
        raise UploadRefused("form", f"“{name}” is no field of this. Send {EXAMPLE}.")
    if odd := sorted({*method} - {*METHOD_FIELDS}):
        raise UploadRefused("form", f"“{odd[0][:40]}” is no field of a method: {', '.join(METHOD_FIELDS)}.")
    fields = {name: document[name] for name in _PLAIN if name in document} | {
        f"method.{name}": method[name] for name in method
    }
    if wrong := [name for name, text in fields.items() if not isinstance(text, str)]:
        raise UploadRefused("form", f"“{wrong[0]}” is a text.")
    if fields.get("dataset", "figures") != "figures":
        raise UploadRefused("form", "Rows are figures: other datasets are sent as a file.")
    return fields
