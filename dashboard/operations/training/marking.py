"""Mark every answer of a training workspace as invented: a header, a field, and the file's name.

Pages and documents carry the words inside; what programs read is marked around the whole application.
"""

import csv
import gzip
import io
import json
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.locales import LANGUAGES, t

NOTICE = "Training: invented figures"
"""The notice for programs, the same in every language."""

MARK_FIELD = "training"
"""Field of JSON objects and column of CSV files with the notice."""

_FILENAME = re.compile(r'filename="(?!training_)')
_LANG = re.compile(rb'<html[^>]*\blang="([a-z]{2})')
_MAIN = re.compile(rb"<main[^>]*>|<body[^>]*>(?![\s\S]*<main)")
_STATIC = ("/embed/", "/voice/")
_TEMPLATES = "/api/v1/templates/"


def mark(app: ASGIApp) -> ASGIApp:
    """Wrap ``app`` so that every HTTP answer says that the figures are invented."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        await app(scope, receive, _MarkingSend(scope, send))

    return handle


class _MarkingSend:
    """Receives an answer's messages, marks them, and sends them on."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._start: Message | None = None  # held back while the body is gathered
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["x-training"] = NOTICE
            if disposition := headers.get("content-disposition"):
                headers["content-disposition"] = _FILENAME.sub('filename="training_', disposition)
            if _classify_answer(self._scope, headers):
                self._start = message
                return
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            await self._whole()
            return
        await self._send(message)

    async def _whole(self) -> None:
        assert self._start is not None
        headers = MutableHeaders(scope=self._start)
        body = self._body
        if body:
            packed = headers.get("content-encoding") == "gzip"
            plain = gzip.decompress(body) if packed else body
            plain = _MARKS[_classify_answer(self._scope, headers)](plain)
            body = gzip.compress(plain, 6, mtime=0) if packed else plain
            headers["content-length"] = str(len(body))
        elif "content-length" in headers:  # an answer to HEAD: of a length that only the marked body has
            del headers["content-length"]
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def mark_json(body: bytes) -> bytes:
    """Put the notice first into a JSON object; leave anything else as it is."""
    value = json.loads(body)
    if not isinstance(value, dict) or "openapi" in value:
        return body
    return json.dumps({MARK_FIELD: NOTICE, **value}, ensure_ascii=False, separators=(",", ":")).encode()


def mark_csv(body: bytes) -> bytes:
    """Append the notice to every row of a CSV file."""
    text = body.decode("utf-8")
    byte_order_mark = "\ufeff" if text.startswith("\ufeff") else ""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n" if "\r\n" in text else "\n")
    for number, row in enumerate(csv.reader(io.StringIO(text.removeprefix(byte_order_mark)))):
        writer.writerow([*row, NOTICE if number else MARK_FIELD] if row else row)
    return (byte_order_mark + buffer.getvalue()).encode()


def mark_html(body: bytes) -> bytes:
    """Put the notice at the top of a page without script that does not show it yet."""
    if b'class="training"' in body:
        return body
    lang = _LANG.search(body)
    code = lang[1].decode() if lang else "en"
    words = t("training.notice", code if code in LANGUAGES else "en")
    return _MAIN.sub(lambda match: match[0] + f"<p><strong>{words}</strong></p>".encode(), body, count=1)


_MARKS = {"json": mark_json, "csv": mark_csv, "html": mark_html}


def _classify_answer(scope: Scope, headers: Headers) -> str:
    """Return what is marked here: ``json``, ``csv`` or ``html``; "" for templates and others.

    Of pages only embedded charts and the form of the voice, which are outside the product's frame.
    """
    media = headers.get("content-type", "").partition(";")[0]
    if media == "text/html" and scope["path"].startswith(_STATIC):
        return "html"
    if not scope["path"].startswith("/api/") or scope["path"].startswith(_TEMPLATES):
        return ""
    return "json" if media.endswith("json") else "csv" if media == "text/csv" else ""
