"""Read a form with a file as it arrives: check the fields first, then stream the file into the private folder.

Only a piece is in memory at a time, and nothing is written before the fields are accepted. So the file comes last and
each field once.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from fastapi import Request
from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool

from dashboard.contributions.submissions import inbox
from dashboard.contributions.submissions.keeping.quota import Room
from dashboard.contributions.submissions.kinds.registry import KINDS
from dashboard.contributions.submissions.microdata import sealed
from dashboard.contributions.submissions.model import MAX_BYTES, UploadRefused
from dashboard.settings import Settings

MAX_FIELD_CHARS = 4_000
MAX_FIELDS = 200
FORM_BYTES = 64 * 1024
"""Allowed size of a form beside its file."""


CheckFields = Callable[[Mapping[str, str]], Room | None]
"""Checks the fields before the file; returns the allowed size, None where only the kind limits it."""


class FormPart(Protocol):
    """Where the file of a form goes, piece by piece."""

    def write(self, chunk: bytes) -> None: ...

    def finish(self) -> inbox.Stored: ...

    def discard(self) -> None: ...


@dataclass(frozen=True, slots=True)
class FileInMemory(inbox.Stored):
    """A complete file, in memory only."""

    body: bytes


class HeldPart:
    """A file that must not reach a disk as it is: citizens' words before redaction."""

    def __init__(self) -> None:
        self._body = bytearray()

    def write(self, chunk: bytes) -> None:
        """Append a piece; ``receive_form`` bounds the size."""
        self._body += chunk

    def finish(self) -> FileInMemory:
        """Return the file."""
        body = bytes(self._body)
        return FileInMemory(hashlib.sha256(body).hexdigest(), len(body), body)

    def discard(self) -> None:
        """Drop the file."""
        self._body.clear()


@dataclass
class Received:
    """A complete form."""

    fields: dict[str, str] = field(default_factory=dict)
    filename: str = ""
    stored: inbox.Stored | None = None


class _Form:
    """Handles the parser's events and writes the file."""

    def __init__(
        self, fields: dict[str, str], ready: CheckFields, begin: Callable[[Mapping[str, str]], FormPart],
        refused: UploadRefused | None,
    ) -> None:  # fmt: skip
        self.received = Received(fields)
        self._ready, self._start, self._refused = ready, begin, refused
        self._name, self._value = "", b""
        self._header = [b"", b""]
        self._headers: dict[bytes, bytes] = {}
        self.complete = False
        self.part: FormPart | None = None
        self._room: Room | None = None
        self._taken = 0
        self.whole = False  # whether the file has come to its end

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin, "on_header_field": self._field, "on_header_value": self._value_of,
            "on_header_end": self._header_end, "on_headers_finished": self._headers_finished,
            "on_part_data": self._data, "on_part_end": self._end, "on_end": self._done,
        }  # fmt: skip

    def _begin(self) -> None:
        self._headers, self._name, self._value = {}, "", b""

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._header[0] += data[start:end]

    def _value_of(self, data: bytes, start: int, end: int) -> None:
        self._header[1] += data[start:end]
        if len(self._header[1]) > MAX_FIELD_CHARS:
            raise UploadRefused("form", "A head of the form is too long.")

    def _header_end(self) -> None:
        self._headers[bytes(self._header[0]).lower()] = bytes(self._header[1])
        self._header = [b"", b""]

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            if self.part is not None:
                raise UploadRefused("form", "One file at a time: send the others by themselves.")
            self._room = self._ready(self.received.fields)
            if self._refused is not None:
                raise self._refused
            self.received.filename = options[b"filename"].decode("utf-8", "replace")
            self.part = self._start(self.received.fields)
        elif self.part is not None:  # nobody has looked at it: what was found good is what came before
            raise UploadRefused("form", f"The field “{self._name[:40]}” stands after the file: the file comes last.")
        elif self._name in self.received.fields:
            raise UploadRefused("form", f"The field “{self._name[:40]}” is there twice: send it once.")
        elif len(self.received.fields) >= MAX_FIELDS:
            raise UploadRefused("form", "The form has too many fields.")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self.part is not None:
            self._taken += end - start
            if self._room is not None and self._room.full is not None and self._taken > self._room.size:
                raise self._room.full
            self.part.write(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > MAX_FIELD_CHARS:
            raise UploadRefused("form", f"The field “{self._name[:40]}” is too long.")

    def _end(self) -> None:
        if self.part is not None:
            self.whole = True
        else:
            self.received.fields[self._name] = self._value.decode("utf-8", "replace")

    def _done(self) -> None:
        self.complete = True

    def finish(self) -> Received:
        """Return the complete form; only now does the file get its name.

        Raises:
            UploadRefused: the form is incomplete or has no file.
        """
        if not self.complete or not self.whole or self.part is None:
            raise UploadRefused("form", "The form arrived incomplete, or holds no file. Send it again.")
        part, self.part = self.part, None
        self.received.stored = part.finish()
        return self.received


def begin_part(settings: Settings, fields: Mapping[str, str]) -> inbox.IncomingFile | sealed.SealedPart:
    """Begin storing the file of a form; a survey is encrypted as it arrives."""
    return sealed.SealedPart(settings) if KINDS[read_dataset(fields)].is_sealed else inbox.begin(settings)


def read_dataset(fields: Mapping[str, str]) -> str:
    """Return the dataset that a form names.

    Raises:
        UploadRefused: it is not one of ``KINDS``.
    """
    dataset = fields.get("dataset", "") or "figures"
    if dataset not in KINDS:
        raise UploadRefused("form", f"The field “dataset” is one of {', '.join(KINDS)}, and stands before the file.")
    return dataset


def read_intent(fields: Mapping[str, str]) -> str:
    """Return what a form's file does to its year: ``corrects`` or ``replaces``.

    Raises:
        UploadRefused: neither, or not of its dataset.
    """
    return KINDS[read_dataset(fields)].choose_intent(fields.get("intent", ""))


async def receive_form(
    request: Request,
    settings: Settings,
    ready: CheckFields,
    part: Callable[[], FormPart] | None = None,
    max_bytes: int = MAX_BYTES,
    fields: dict[str, str] | None = None,
) -> Received:
    """Receive a form with a file.

    Args:
        request: the request, whose body nobody has read.
        settings: where the private folder is.
        ready: called with the fields before the file; raises when nothing is to be received.
        part: where the file goes; by default into the private folder.
        max_bytes: largest file in bytes.
        fields: filled with the fields as they arrive, for whoever answers a refused form.

    Raises:
        UploadRefused: the form is malformed, too large or cut short; what had been written is gone.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise UploadRefused(
            "form", "Send a form (multipart/form-data) with a field “period” and then the field “file”."
        )
    length, refusal = request.headers.get("content-length", ""), None
    if length.isdigit() and int(length) > max_bytes + FORM_BYTES:  # told once the fields before the file have come
        refusal = UploadRefused("too_large", f"The file is larger than {max_bytes // 2**20} MB. Send it in parts.")
    received: dict[str, str] = {} if fields is None else fields
    form = _Form(received, ready, lambda fields: part() if part else begin_part(settings, fields), refusal)
    parser = MultipartParser(boundary, form.callbacks(), max_size=max_bytes + FORM_BYTES)  # type: ignore[arg-type]
    try:
        async for piece in request.stream():
            if piece and await run_in_threadpool(parser.write, piece) < len(piece):
                raise UploadRefused("too_large", f"The file is larger than {max_bytes // 2**20} MB. Send it in parts.")
        parser.finalize()
        return await run_in_threadpool(form.finish)
    except MultipartParseError as error:
        raise UploadRefused("form", "The form arrived incomplete. Send it again.") from error
    finally:
        if form.part is not None:
            form.part.discard()
