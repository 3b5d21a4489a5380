"""What the pages of named things show: plain values, every text in the reader's language."""

from typing import Any, TypedDict


class NamedFact(TypedDict):
    """A line: what it is, what it says, and where it leads ("" for nowhere)."""

    label: str
    text: str
    href: str


class NamedLink(TypedDict):
    """Where the same can be read."""

    text: str
    href: str


class BroughtRow(TypedDict):
    """What a vintage brought of one publisher."""

    publisher: str
    editions: str
    text: str


class NamedView(TypedDict):
    """A named thing. ``path`` is its address below the language, ``data`` what schema.org calls it."""

    heading: str
    lede: str
    path: str
    facts: list[NamedFact]
    links: list[NamedLink]
    brought: list[BroughtRow]
    nothing: str  # why there is nothing to show; "" otherwise
    citation: str
    data: dict[str, Any]
