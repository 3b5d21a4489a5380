"""What is sent of a page has one skeleton in all languages, and a head in its own: axe looks at two of them."""

import re
import urllib.request
from html.parser import HTMLParser

import pytest

from dashboard.interfaces.pages.registry import PAGES
from dashboard.locales import LANGUAGES
from dashboard.operations.cli import frontend
from dashboard.settings import Settings
from tests.serving import ROOT

pytestmark = pytest.mark.browser

NAMED = (
    "id",
    "class",
    "role",
    "for",
    "type",
    "name",
    "aria-controls",
    "aria-describedby",
    "aria-labelledby",
    "tabindex",
)
"""Attributes that say the same in all languages."""
SAID = ("alt", "aria-label", "title", "placeholder", "lang")
"""Attributes that are there in all of them and say the same in other words."""
FREE = {"script", "style"}
REACT_ID = re.compile(r"_R_\w+?_")
"""What React's ``useId`` numbers by place: the page that is not there holds all languages, each at its own place."""


class Skeleton(HTMLParser):
    """Elements and attributes without words; ``html`` and ``head`` are kept apart, ``noscript`` is left out."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.body: list[tuple[object, ...]] = []
        self.html: dict[str, str | None] = {}
        self.title, self.description = "", ""
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of the body, or what the head says."""
        has = dict(attrs)
        if tag == "html":
            self.html = has
        if tag == "meta" and has.get("name") == "description":
            self.description = has.get("content") or ""
        if tag in ("body", "title", "noscript"):
            self._inside.append(tag)
        if self._inside[-1:] == ["body"] and tag not in FREE:
            named = tuple((name, REACT_ID.sub("", has[name] or "")) for name in NAMED if name in has)
            self.body.append((tag, named, tuple(name for name in SAID if has.get(name))))

    def handle_endtag(self, tag: str) -> None:
        """Out of it again."""
        if self._inside[-1:] == [tag]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        """The title."""
        if self._inside[-1:] == ["title"]:
            self.title += data


def _skeleton(url: str) -> Skeleton:
    with urllib.request.urlopen(url, timeout=60) as reply:
        return Skeleton(reply.read().decode())


def test_every_page_has_its_head_in_every_language(product: str) -> None:
    for page in PAGES:
        for lang in LANGUAGES:
            one = _skeleton(f"{product}/{lang}/{page.example}")
            assert (one.html["lang"], one.html["dir"]) == (lang, LANGUAGES[lang].dir), page.id
            assert one.title.strip(" ·") not in ("", "ASAN SDG Monitor"), (page.id, lang)
            assert one.description, (page.id, lang)


def test_every_page_is_built_with_the_skeleton_of_the_english_one(product: str) -> None:
    """As it is built, before the first answer and its picture are written into it."""
    built = frontend.get_build_folder(ROOT, frontend.compute_stamp(ROOT, Settings(_env_file=None))) / "build/client"
    elements = 0
    for file in [built / "en.html", *sorted((built / "en").rglob("*.html"))]:
        english = Skeleton(file.read_text(encoding="utf-8"))
        elements += len(english.body)
        for lang in LANGUAGES:
            other = built / file.relative_to(built).as_posix().replace("en", lang, 1)
            one = Skeleton(other.read_text(encoding="utf-8"))
            assert [(a, b) for a, b in zip(english.body, one.body, strict=False) if a != b][:3] == [], other
            assert len(one.body) == len(english.body), other
    assert elements > 500
