"""Addresses in a reference of the register, so that what is cited with one can be opened."""

import re
from typing import TypedDict
from urllib.parse import urlsplit

ADDRESS = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?")


_PLAIN = re.compile(r"[^\s\\\x00-\x1f\x7f]+")
"""Signs of an address: browsers leave out blanks and line breaks, and take a backslash for a slash."""


def keep_web_address(value: object) -> str:
    """Return an address that may become a link, as it is; "" for any other."""
    address = str(value)
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        return ""
    return address if named and parts.scheme in ("http", "https") and _PLAIN.fullmatch(address) else ""


class ReferencePart(TypedDict):
    """One of the works that a reference names."""

    text: str
    href: str  # "" where the reference holds no address of it


def split_reference(reference: str) -> list[ReferencePart]:
    """Split a reference into the works it names, each with its address if it has one.

    Only what is written as an address is one (``kknews.uz``, ``yeniavropa.az/article/az/41219``): a publisher with the
    number of an article (``trend.az 3682067``) is cited, and where the article stands is not guessed.
    """
    return [ReferencePart(text=part, href=_find_address(part)) for part in reference.split("; ") if part]


def _find_address(part: str) -> str:
    if not ADDRESS.fullmatch(part):
        return ""
    return part if part.startswith("http") else f"https://{part}"
