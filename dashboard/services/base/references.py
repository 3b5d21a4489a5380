"""Addresses in a reference of the register, so that what is cited with one can be opened."""

import re
from typing import TypedDict

ADDRESS = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?")


class ReferencePart(TypedDict):
    """One of the works that a reference names."""

    text: str
    href: str  # "" where the reference holds no address of it


def reference_parts(reference: str) -> list[ReferencePart]:
    """What a reference names, one by one.

    Only what is written as an address is one (``kknews.uz``, ``yeniavropa.az/article/az/41219``): a publisher with the
    number of an article (``trend.az 3682067``) is cited, and where the article stands is not guessed.
    """
    return [ReferencePart(text=part, href=_address(part)) for part in reference.split("; ") if part]


def _address(part: str) -> str:
    if not ADDRESS.fullmatch(part):
        return ""
    return part if part.startswith("http") else f"https://{part}"
