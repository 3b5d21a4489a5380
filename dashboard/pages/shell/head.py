"""What an address answered at run time says before its script runs, to search engines and readers without script."""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard.locales import LANGUAGES, t
from dashboard.services.site.brief import BriefLine
from dashboard.services.wording.citation import address


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


def absent(lang: str, kind: str, **values: str) -> Head:
    """There is no such ``kind``: the words for it, and status 404."""
    return Head(lang, t(f"ui.errors.{kind}", lang, **values), t(f"ui.errors.{kind}_help", lang), found=False)


def figures_as_html(template: str, lang: str, **values: Any) -> str:
    """The figures a page shows first, as HTML that stands until its answer is drawn.

    Args:
        template: ``page/file``: a file in ``templates`` of that page.
        lang: of its words.
        values: what it says.
    """
    page, _, file = template.partition("/")
    return _environment().get_template(f"{page}/templates/{file}").render(t=lambda key: t(key, lang), **values)


@lru_cache(1)
def _environment() -> Environment:
    pages = FileSystemLoader(Path(__file__).parents[1])
    return Environment(loader=pages, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def alternate_links(below: str) -> str:
    """Where the page is in every language, as elements of its head; ``below`` is its path below the language."""
    places = [(lang, f"/{lang}/{below}") for lang in LANGUAGES] + [("x-default", f"/en/{below}")]
    return "".join(
        f'<link data-page rel="alternate" hreflang="{lang}" href="{html.escape(address(place))}"/>'
        for lang, place in places
    )
