"""Says on every answer of a training workspace that its figures are invented: a header, a field, the name of the file.

Pages, images and documents carry the words inside (banner, first line, foot of the page); what a program reads is
marked here, around the whole application, so that no route can forget it.
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
"""As programs read it: the same in every language."""

FIELD = "training"
"""Field of JSON objects and column of CSV files that holds it."""

_FILENAME = re.compile(r'filename="(?!training_)')
_LANG = re.compile(rb'<html[^>]*\blang="([a-z]{2})')
_MAIN = re.compile(rb"<main[^>]*>|<body[^>]*>(?![\s\S]*<main)")
_STATIC = ("/embed/", "/voice/")
_TEMPLATES = "/api/v1/templates/"


def mark(app: ASGIApp) -> ASGIApp:
    """``app`` whose every HTTP answer says that the figures are invented."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        await app(scope, receive, _Marked(scope, send))

    return wrapped


class _Marked:
    """Takes an answer's messages, marks it, and sends it on."""

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
            if _kind(self._scope, headers):
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
            plain = _MARKS[_kind(self._scope, headers)](plain)
            body = gzip.compress(plain, 6, mtime=0) if packed else plain
            headers["content-length"] = str(len(body))
        elif "content-length" in headers:  # an answer to HEAD: of a length that only the marked body has
            del headers["content-length"]
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def in_json(body: bytes) -> bytes:
    """A JSON object with the notice as its first field; anything else as it is."""
    value = json.loads(body)
    if not isinstance(value, dict) or "openapi" in value:
        return body
    return json.dumps({FIELD: NOTICE, **value}, ensure_ascii=False, separators=(",", ":")).encode()


def in_csv(body: bytes) -> bytes:
    """A CSV file with the notice in a last column of every row."""
    text = body.decode("utf-8")
    mark_ = "\ufeff" if text.startswith("\ufeff") else ""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n" if "\r\n" in text else "\n")
    for at, row in enumerate(csv.reader(io.StringIO(text.removeprefix(mark_)))):
        writer.writerow([*row, NOTICE if at else FIELD] if row else row)
    return (mark_ + held.getvalue()).encode()


def in_html(body: bytes) -> bytes:
    """A page without script with the notice in its language at the top of what it says; one that has it as it is."""
    if b'class="training"' in body:
        return body
    lang = _LANG.search(body)
    code = lang[1].decode() if lang else "en"
    words = t("training.notice", code if code in LANGUAGES else "en")
    return _MAIN.sub(lambda match: match[0] + f"<p><strong>{words}</strong></p>".encode(), body, count=1)


_MARKS = {"json": in_json, "csv": in_csv, "html": in_html}


def _kind(scope: Scope, headers: Headers) -> str:
    """What of an answer is marked here: ``json``, ``csv``, ``html``; "" for templates, which are filled in, and others.

    Of pages only those outside the frame of the product: charts inside pages of others, and the form of the voice.
    """
    media = headers.get("content-type", "").partition(";")[0]
    if media == "text/html" and scope["path"].startswith(_STATIC):
        return "html"
    if not scope["path"].startswith("/api/") or scope["path"].startswith(_TEMPLATES):
        return ""
    return "json" if media.endswith("json") else "csv" if media == "text/csv" else ""
