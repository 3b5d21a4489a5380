"""Check a draft against the published figures; it is read in memory and in a sandbox, and not stored."""

import json
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from dashboard.answers.base.errors import Invalid
from dashboard.answers.drafts.blocks import MAX_CHARACTERS, DraftBlock
from dashboard.answers.drafts.draft import DraftCheck, check_draft
from dashboard.answers.drafts.extraction import DraftRefused
from dashboard.answers.drafts.files import MAX_BYTES, read_file
from dashboard.interfaces.api.answers import JSON, encode_json
from dashboard.interfaces.api.parameters import Question
from dashboard.interfaces.api.routes.read import INVALID, open_question
from dashboard.interfaces.protection.admission import WorkPlaces
from dashboard.locales import t

router = APIRouter()

MEGABYTES = str(MAX_BYTES // 2**20)
FORM_BYTES = 64 * 1024
"""Allowed size of a form beside its file."""

PLACES = WorkPlaces(1, counted=True)
"""Drafts are checked one at a time: readers come first."""

BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["text"],
                    "properties": {"text": {"type": "string", "minLength": 1, "maxLength": MAX_CHARACTERS}},
                }
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "text": {"type": "string"},
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "DOCX, PDF, XLSX, Markdown, text.",
                        },
                    },
                }
            },
        },
    }
}


class _FormInMemory(MultiPartParser):
    """A form whose file never reaches a disk."""

    spool_max_size = MAX_BYTES + FORM_BYTES


@router.post(
    "/check", summary="Check a draft", response_model=DraftCheck, responses=INVALID, openapi_extra=BODY, tags=["drafts"]
)
async def check_draft_file(request: Request, question: Annotated[Question, Query()]) -> Response:
    """The figures of a text that we hold, where indicator, country, year and unit are explicit in the sentence or the
    one before: `ours` and the `difference`. Both are null where a number is not checked.

    English, French and Russian are read. The text is kept nowhere."""
    ctx = await open_question(question)
    try:
        name, body, text = await receive_draft(request)
        made = await PLACES.run(
            request, lambda: None, lambda: encode_json(check_draft(ctx, read_draft(name, body, text)))
        )  # fmt: skip
    except DraftRefused as error:
        raise Invalid("file" if error.key not in ("empty",) else "text", describe_refusal(error, ctx.lang)) from error
    return Response(made, media_type=JSON, headers={"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"})


def read_draft(name: str, body: bytes, text: str) -> list[DraftBlock]:
    """Return the blocks of a draft, read from its file in a sandbox or from its text.

    Raises:
        DraftRefused: see ``read_file``; or the text is empty or too long.
    """
    if body:
        return read_file(name, body)
    if not text.strip():
        raise DraftRefused("empty")
    if len(text) > MAX_CHARACTERS:
        raise DraftRefused("too_large")
    return read_file("draft.md", text.encode("utf-8", "replace"))  # JSON may hold half a letter


async def receive_draft(request: Request) -> tuple[str, bytes, str]:
    """Return the file's name and content, and the text, of a form or of JSON.

    Raises:
        DraftRefused: the draft is too large, or there is none.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _receive_form(request)
    body = b"".join([piece async for piece in _read_limited(request)])
    if kind in ("text/plain", "text/markdown"):
        return "draft.txt", body, ""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise DraftRefused("empty") from error
    text = document.get("text") if isinstance(document, dict) else None
    if not isinstance(text, str):
        raise DraftRefused("empty")
    return "", b"", text


async def _receive_form(request: Request) -> tuple[str, bytes, str]:
    parser = _FormInMemory(
        request.headers, _read_limited(request), max_files=1, max_fields=4, max_part_size=4 * MAX_CHARACTERS
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise DraftRefused("unreadable") from error
    file, text = form.get("file"), form.get("text")
    try:
        body = await file.read() if isinstance(file, UploadFile) else b""
        return (
            (file.filename or "" if isinstance(file, UploadFile) else ""),
            body,
            text if isinstance(text, str) else "",
        )
    finally:
        await form.close()


async def _read_limited(request: Request) -> AsyncGenerator[bytes, None]:
    """Yield the body until it is larger than a draft may be."""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_BYTES + FORM_BYTES:
            raise DraftRefused("too_large")
        yield piece


def describe_refusal(error: DraftRefused, lang: str) -> str:
    """Return in a sentence why a draft was not read."""
    return t(f"drafts.refused.{error.key}", lang, size=MEGABYTES)
