"""A form with a file as it comes: whole in pieces of any size, within its bounds, or refused by name."""

import hashlib
from collections.abc import Mapping

import pytest
from starlette.requests import Request

from dashboard.contributions.submissions.model import UploadRefused
from dashboard.interfaces.api.submissions.upload import (
    FORM_BYTES,
    MAX_FIELD_CHARS,
    MAX_FIELDS,
    FileInMemory,
    HeldPart,
    Received,
    receive_form,
)
from dashboard.settings import Settings

BOUNDARY = "--line"
KIND = {"content-type": "multipart/form-data; boundary=line"}
FILE = b"centre;text\r\nbaku-1;--lin\r\n"


def field(name: str, value: str) -> bytes:
    return f'{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def file(body: bytes = FILE, name: str = "ə.csv", more: str = "") -> bytes:
    head = f'{BOUNDARY}\r\n{more}Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + body + b"\r\n"


END = f"{BOUNDARY}--\r\n".encode()


class Watched(HeldPart):
    """What is held, and whether it was thrown away."""

    def __init__(self) -> None:
        super().__init__()
        self.discarded = False

    def finish(self) -> FileInMemory:
        raise AssertionError("a form that does not come whole puts no file under its name")

    def discard(self) -> None:
        self.discarded = True


async def taken(
    *parts: bytes, most: int = 1000, size: int = 65_536, seen: dict[str, str] | None = None,
    part: HeldPart | None = None, headers: Mapping[str, str] = KIND,
) -> Received:  # fmt: skip
    """What is received of a body that comes in pieces of that size; ``seen``: the fields before the file."""
    body = b"".join(parts)
    pieces = [body[at : at + size] for at in range(0, len(body), size)] + [b""]

    async def come() -> dict[str, object]:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    def ready(fields: Mapping[str, str]) -> None:
        if seen is not None:
            seen.update(fields)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = Request({"type": "http", "method": "POST", "headers": raw}, come)
    return await receive_form(request, Settings(database_url=None), ready, lambda: part or HeldPart(), most)


@pytest.mark.parametrize("size", [1, 7, 65_536])
async def test_a_form_is_the_same_in_pieces_of_any_size(size: int) -> None:
    seen: dict[str, str] = {}
    came = await taken(field("period", "2025"), field("lang", ""), field("who", "é"), file(), END, size=size, seen=seen)
    assert seen == {"period": "2025", "lang": "", "who": "é"}, "the file waits until its fields are found good"
    assert came.fields == seen, "what is used is what was looked at"
    assert isinstance(came.stored, FileInMemory)
    assert (came.filename, came.stored.body, came.stored.size) == ("ə.csv", FILE, len(FILE))
    assert came.stored.sha256 == hashlib.sha256(FILE).hexdigest()


NUMBERED = [field(f"f{at}", "x") for at in range(MAX_FIELDS + 1)]
REFUSED = [
    ([field("period", "2025"), END], {}, "form", "no file"),
    ([file()], {}, "form", "incomplete"),
    ([file()[:-20]], {}, "form", "incomplete"),
    ([field("period", "2025"), file()], {}, "form", "incomplete"),
    ([field("period", "2025"), file(), field("period", "soon"), END], {}, "form", "“period” stands after the file"),
    ([file(), field("other", "x"), END], {}, "form", "“other” stands after the file"),
    ([field("period", "2025"), field("period", "soon"), file(), END], {}, "form", "“period” is there twice"),
    ([file(), file(), END], {}, "form", "One file"),
    ([field("words", "x" * (MAX_FIELD_CHARS + 1)), file(), END], {}, "form", "“words” is too long"),
    ([*NUMBERED, file(), END], {}, "form", "too many fields"),
    ([file(more=f"X: {'x' * (MAX_FIELD_CHARS + 1)}\r\n"), END], {}, "form", "head"),
    ([file(), END], {"content-type": "application/json"}, "form", "multipart/form-data"),
    ([file(), END], {"content-type": "application/json; boundary=line"}, "form", "multipart/form-data"),
    ([file(), END], {"content-type": "multipart/form-data"}, "form", "multipart/form-data"),
    ([file(), END], {"content-length": str(2 * 2**20 + FORM_BYTES + 1)}, "too_large", "2 MB"),
    ([file(b"x" * (2 * 2**20 + FORM_BYTES)), END], {}, "too_large", "2 MB"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "headers", "code", "words"), REFUSED)
async def test_what_is_no_such_form_is_refused_by_name(
    parts: list[bytes], headers: dict[str, str], code: str, words: str
) -> None:
    with pytest.raises(UploadRefused) as refused:
        await taken(*parts, most=2 * 2**20, headers=KIND | headers)
    assert (refused.value.code, words in str(refused.value)) == (code, True)


UNFINISHED = {
    "cut short": [file()[:-20]],
    "too large": [file(b"x" * 100_000)],
    "a field after it": [file(), field("period", "soon"), END],
    "another file": [file(), file(), END],
    "no end": [file()],
}


@pytest.mark.parametrize("parts", UNFINISHED.values(), ids=UNFINISHED)
async def test_of_a_file_that_does_not_come_whole_nothing_is_kept(parts: list[bytes]) -> None:
    part = Watched()
    with pytest.raises(UploadRefused):
        await taken(*parts, part=part)
    assert part.discarded


async def test_what_is_just_within_the_bounds_is_taken() -> None:
    parts = [field("words", "x" * MAX_FIELD_CHARS), *NUMBERED[1:-1], file(more=f"X: {'x' * MAX_FIELD_CHARS}\r\n"), END]
    length = {"content-length": str(1000 + FORM_BYTES)}
    assert len((await taken(*parts, headers=KIND | length)).fields) == MAX_FIELDS
    whole = b"x" * (1000 + FORM_BYTES - len(file(b"")) - len(END))
    assert isinstance((stored := (await taken(file(whole), END)).stored), FileInMemory)
    assert stored.size == len(whole)
