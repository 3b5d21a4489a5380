"""Response types of ``answers.permalinks``: plain values, every text in the reader's language."""

from typing import Any, TypedDict

from dashboard.answers.base.context import Context
from dashboard.locales import t


class PermalinkFact(TypedDict):
    """A line: what it is, what it says, and where it leads ("" for nowhere)."""

    label: str
    text: str
    href: str


class PermalinkLink(TypedDict):
    """Where the same can be read."""

    text: str
    href: str


class BroughtRow(TypedDict):
    """What a vintage brought of one publisher."""

    publisher: str
    editions: str
    text: str


class Permalink(TypedDict):
    """A named thing. ``path`` is its address below the language, ``data`` what schema.org calls it."""

    heading: str
    lede: str
    path: str
    facts: list[PermalinkFact]
    links: list[PermalinkLink]
    brought: list[BroughtRow]
    nothing: str  # why there is nothing to show; "" otherwise
    citation: str
    data: dict[str, Any]


def make_fact(ctx: Context, key: str, text: str, href: str = "") -> PermalinkFact:
    """Return a line headed by the word of ``key``."""
    return PermalinkFact(label=t(key, ctx.lang), text=text, href=href)
