"""Reading a reply as JSON, and saying what it is when it is not."""

import json

from data_sources.contract import Reply
from data_sources.errors import Changed, Retriable


class Printed(str):
    """A JSON number, as the publisher printed it: no digit is lost, and a number sent as text reads the same."""

    __slots__ = ()


def read_json(reply: Reply) -> object:
    """The reply's JSON, every number as ``Printed`` text.

    Raises:
        Retriable: ``empty_body``, ``truncated_json``, ``html_instead_of_json``: a gateway's doing, so that
            another try may help.
        Changed: ``xml_instead_of_json``, ``invalid_utf8``, ``invalid_json``.
    """
    body = reply.body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise Retriable("empty_body", "the reply is empty", url=reply.url)
    if body.startswith(b"<"):
        head = body[:300].lower()
        if b"<html" in head or b"<!doctype html" in head:
            raise Retriable("html_instead_of_json", "a web page came where JSON was asked", url=reply.url)
        raise Changed("xml_instead_of_json", "XML came where JSON was asked", url=reply.url)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Changed("invalid_utf8", f"the reply is not UTF-8 at byte {error.start}", url=reply.url) from error
    try:
        return json.loads(text, parse_float=Printed, parse_int=Printed, parse_constant=Printed)
    except json.JSONDecodeError as error:
        closing = {"[": "]", "{": "}"}.get(text[0])
        if closing and (text[-1] != closing or error.pos >= len(text)):
            raise Retriable("truncated_json", f"the reply breaks off after {len(body)} bytes", url=reply.url) from error
        raise Changed("invalid_json", f"not JSON at character {error.pos}: {error.msg}", url=reply.url) from error
    except RecursionError as error:
        raise Changed("invalid_json", "the reply is nested too deeply", url=reply.url) from error
