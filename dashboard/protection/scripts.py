"""The scripts a page may run: those that stand in the built pages, each by its hash, and no others.

``Scripts(folder).hashes(path)``: what belongs into ``script-src`` of the page at an address. Hashes come from the files
of the build, never from an answer: what somebody manages to write into a page has none.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

_SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.S | re.I)
_DATA = re.compile(r"type=[\"']?application/", re.I)
FALLBACKS = ("404.html", "__spa-fallback.html")
"""What may answer at any address."""

SHELL = "shell.html"


def inline(page: str) -> list[str]:
    """The hashes of the scripts that stand in a page, as a policy names them; blocks of data are none."""
    return [
        hash_of(match["text"])
        for match in _SCRIPT.finditer(page)
        if "src=" not in match["attributes"] and not _DATA.search(match["attributes"])
    ]


def hash_of(text: str) -> str:
    """How a policy names a script (CSP 3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class Scripts:
    """The scripts of all pages of a build."""

    def __init__(self, folder: Path, written: Iterable[str] = ()) -> None:
        """``folder``: the built pages. ``written``: texts of scripts that are put into pages when they leave."""
        self._always = [hash_of(text) for text in written]
        self._of = {
            file.relative_to(folder).as_posix(): tuple(inline(file.read_text(encoding="utf-8")))
            for file in folder.rglob("*.html")
        }

    def hashes(self, path: str) -> str:
        """The hashes for the page at ``path``, separated by spaces."""
        place = path.strip("/")
        above = place.rpartition("/")[0]
        whole = (f"{place}/index.html", f"{place}.html") if place else ("index.html",)
        files = (*whole, f"{above}/{SHELL}", *FALLBACKS)
        hashes = [hashed for file in files for hashed in self._of.get(file, ())]
        return " ".join(dict.fromkeys([*self._always, *hashes]))
