"""Reading a reply as JSON or as a file, and saying what it is when it is not."""

import json

from data_sources.contract import Reply
from data_sources.errors import Changed, Retriable


class Printed(str):
    """A JSON number, as the publisher printed it: no digit is lost, and a number sent as text reads the same."""

    __slots__ = ()


def read_json(reply: Reply) -> object:
    """Return the reply's JSON, every number as ``Printed`` text; decoded once, so leave it as it is.

    Raises:
        Retriable: ``empty_body``, ``truncated_json``, ``html_instead_of_json``: a gateway's doing, so that
            another try may help.
        Changed: ``xml_instead_of_json``, ``invalid_utf8``, ``invalid_json``.
    """
    return reply.document.of(reply.body, lambda: parse_json(reply.body, reply.url))


def read_text(body: bytes, where: str) -> str:
    """Return the words of a body that may be anything but a web page; a byte-order mark is dropped.

    Raises:
        Retriable: ``empty_body``, ``html_instead_of_data``.
        Changed: ``invalid_utf8``.
    """
    body = body.removeprefix(b"\xef\xbb\xbf")
    if not body.strip():
        raise Retriable("empty_body", "the reply is empty", url=where)
    if _is_page(body):
        raise Retriable("html_instead_of_data", "a web page came where data was asked", url=where)
    return _decoded(body, where)


def parse_json(body: bytes, url: str) -> object:
    """See ``read_json``; ``url`` is an address or a file's name, for messages."""
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise Retriable("empty_body", "the reply is empty", url=url)
    if body.startswith(b"<"):
        if _is_page(body):
            raise Retriable("html_instead_of_json", "a web page came where JSON was asked", url=url)
        raise Changed("xml_instead_of_json", "XML came where JSON was asked", url=url)
    text = _decoded(body, url)
    try:
        return json.loads(text, parse_float=Printed, parse_int=Printed, parse_constant=Printed)
    except json.JSONDecodeError as error:
        closing = {"[": "]", "{": "}"}.get(text[0])
        if closing and (text[-1] != closing or error.pos >= len(text)):
            raise Retriable("truncated_json", f"the reply breaks off after {len(body)} bytes", url=url) from error
        raise Changed("invalid_json", f"not JSON at character {error.pos}: {error.msg}", url=url) from error
    except RecursionError as error:
        raise Changed("invalid_json", "the reply is nested too deeply", url=url) from error


def look_at_file(reply: Reply) -> None:
    """See that a reply may be the file that was asked for; what is in it is the room's to judge.

    Raises:
        Retriable: ``empty_body``, ``html_instead_of_data``: a gateway's doing, so that another try may help.
    """
    if not reply.body.removeprefix(b"\xef\xbb\xbf").strip():
        raise Retriable("empty_body", "the reply is empty", url=reply.url)
    if _is_page(reply.body.removeprefix(b"\xef\xbb\xbf")):
        raise Retriable("html_instead_of_data", "a web page came where a file was asked", url=reply.url)


def _is_page(body: bytes) -> bool:
    head = body.lstrip()[:300].lower()
    return head.startswith(b"<") and (b"<html" in head or b"<!doctype html" in head)


def _decoded(body: bytes, where: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Changed("invalid_utf8", f"the reply is not UTF-8 at byte {error.start}", url=where) from error
