"""What an address answered at run time says before its script runs, to search engines and readers without script."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboard.locales import LANGUAGES, t
from dashboard.services.site.brief import BriefLine
from dashboard.services.wording.citation import build_public_address


@dataclass(frozen=True)
class Head:
    """What a shell says of the page it will become; ``files`` are the same figures for readers without script."""

    lang: str
    heading: str
    description: str
    found: bool
    lines: tuple[BriefLine, ...] = ()  # what the page says, line by line
    files: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)  # schema.org, without context, name and description
    ready: bool = True  # False: what it says is damaged here and being restored

    @property
    def status(self) -> int:
        """The status of HTTP that says so."""
        return 503 if not self.ready else 200 if self.found else 404

    @property
    def title(self) -> str:
        """The title of the window."""
        return f"{self.heading} · {t('ui.product.name', self.lang)}"

    def linked_data(self) -> str:
        """The page as JSON-LD, safe inside a script element; "" where it is no dataset."""
        if not self.data:
            return ""
        document = {
            "@context": "https://schema.org",
            "name": self.heading,
            "description": self.description,
            **self.data,
        }
        return json.dumps(document, ensure_ascii=False).replace("<", "\\u003c")


def describe_absent(lang: str, kind: str, **values: str) -> Head:
    """There is no such ``kind``: the words for it, and status 404."""
    return Head(lang, t(f"ui.errors.{kind}", lang, **values), t(f"ui.errors.{kind}_help", lang), found=False)


def list_alternates(below: str) -> list[tuple[str, str]]:
    """Where a page is in every language, and in the one for all others; ``below`` is its path below the language."""
    places = [(lang, f"/{lang}/{below}") for lang in LANGUAGES] + [("x-default", f"/en/{below}")]
    return [(lang, build_public_address(place)) for lang, place in places]
