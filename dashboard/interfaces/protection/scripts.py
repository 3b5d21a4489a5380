"""The inline scripts of the built pages, by hash, for their content security policy.

Hashes come from the files of the build, never from an answer: a script injected into a page has none.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

_SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.S | re.I)
_DATA = re.compile(r"type=[\"']?application/", re.I)
SHELL = "shell.html"
FALLBACKS = (f"en/{SHELL}", "404.html", "__spa-fallback.html")
"""Pages that may answer at any address."""


def hash_inline_scripts(page: str) -> list[str]:
    """Return the hashes of a page's inline scripts, leaving out data blocks."""
    return [
        hash_script(match["text"])
        for match in _SCRIPT.finditer(page)
        if "src=" not in match["attributes"] and not _DATA.search(match["attributes"])
    ]


def hash_script(text: str) -> str:
    """Return the policy's name of a script (CSP 3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class Scripts:
    """The inline scripts of all pages of a build."""

    def __init__(self, folder: Path, added: Iterable[str] = ()) -> None:
        """Read the built pages in ``folder``; ``added`` are scripts put into pages when they are sent."""
        self._always = [hash_script(text) for text in added]
        self._of = {
            file.relative_to(folder).as_posix(): tuple(hash_inline_scripts(file.read_text(encoding="utf-8")))
            for file in folder.rglob("*.html")
        }

    def list_hashes(self, path: str) -> str:
        """Return the hashes for the page at ``path``, separated by spaces."""
        page = path.strip("/")
        parent, lang = page.rpartition("/")[0], page.partition("/")[0]
        own_files = (f"{page}/index.html", f"{page}.html") if page else ("index.html",)
        files = (*own_files, f"{parent}/{SHELL}", f"{lang}/{SHELL}", *FALLBACKS)
        hashes = [script_hash for file in files for script_hash in self._of.get(file, ())]
        return " ".join(dict.fromkeys([*self._always, *hashes]))
