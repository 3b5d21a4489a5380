"""A draft held against the published figures: what is sent is read in memory and in a sandbox, and forgotten."""

import json
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from dashboard.api.answers import JSON, compact
from dashboard.api.parameters import Question
from dashboard.api.routes.read import INVALID, opened
from dashboard.locales import t
from dashboard.protection.admission import WorkPlaces
from dashboard.services.base.errors import Invalid
from dashboard.services.drafts.blocks import MOST_CHARACTERS, DraftBlock
from dashboard.services.drafts.draft import check_draft
from dashboard.services.drafts.extraction import DraftRefused
from dashboard.services.drafts.files import MOST_BYTES, read_file
from dashboard.services.drafts.views import DraftCheck

router = APIRouter()

MEGABYTES = str(MOST_BYTES // 2**20)
ROOM = 64 * 1024
"""Bytes that a form may have beside its file."""

PLACES = WorkPlaces(1, counted=True)
"""One draft at a time: the figures of readers come first."""

BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["text"],
                    "properties": {"text": {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS}},
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
    """A form whose file never touches a disk."""

    spool_max_size = MOST_BYTES + ROOM


@router.post(
    "/check", summary="Check a draft", response_model=DraftCheck, responses=INVALID, openapi_extra=BODY, tags=["drafts"]
)
async def check(request: Request, question: Annotated[Question, Query()]) -> Response:
    """Every number of a text that names or implies an indicator, a country and a year: `matches`, `superseded`,
    `differs` or `not_ours`, with our figure and where it comes from. What cannot be told for certain is `not_ours`.

    English, French and Russian are read. The text is kept nowhere."""
    ctx = await opened(question)
    try:
        name, body, text = await receive_draft(request)
        made = await PLACES.made(
            request, lambda: None, lambda: compact(check_draft(ctx, read_draft(name, body, text)))
        )  # fmt: skip
    except DraftRefused as error:
        raise Invalid("file" if error.key not in ("empty",) else "text", tell_refusal(error, ctx.lang)) from error
    return Response(made, media_type=JSON, headers={"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"})


def read_draft(name: str, body: bytes, text: str) -> list[DraftBlock]:
    """The blocks of a draft: of its file, where it has one, in a sandbox.

    Raises:
        DraftRefused: see ``read_file``; a text that is empty or too long.
    """
    if body:
        return read_file(name, body)
    if not text.strip():
        raise DraftRefused("empty")
    if len(text) > MOST_CHARACTERS:
        raise DraftRefused("too_large")
    return read_file("draft.md", text.encode("utf-8", "replace"))  # JSON may hold half a letter


async def receive_draft(request: Request) -> tuple[str, bytes, str]:
    """The file's name and bytes, and the text, of a form or of JSON.

    Raises:
        DraftRefused: larger than a draft may be, or neither.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _receive_form(request)
    body = b"".join([piece async for piece in _limited(request)])
    if kind in ("text/plain", "text/markdown"):
        return "draft.txt", body, ""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise DraftRefused("empty") from error
    text = said.get("text") if isinstance(said, dict) else None
    if not isinstance(text, str):
        raise DraftRefused("empty")
    return "", b"", text


async def _receive_form(request: Request) -> tuple[str, bytes, str]:
    parser = _FormInMemory(
        request.headers, _limited(request), max_files=1, max_fields=4, max_part_size=4 * MOST_CHARACTERS
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


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    """The body as it comes, until it is larger than a draft may be."""
    taken = 0
    async for piece in request.stream():
        taken += len(piece)
        if taken > MOST_BYTES + ROOM:
            raise DraftRefused("too_large")
        yield piece


def tell_refusal(error: DraftRefused, lang: str) -> str:
    """Why a draft was not read, in a sentence."""
    return t(f"drafts.refused.{error.key}", lang, size=MEGABYTES)
