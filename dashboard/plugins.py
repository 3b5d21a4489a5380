"""What is done to the built pages: the language and direction of each prerendered file."""

import re
from pathlib import Path
from typing import Any

from reflex.plugins import Plugin

from dashboard.locales import LANGUAGES

_HTML = re.compile(r"<html\b[^>]*>")


class HtmlLanguage(Plugin):
    """Reflex writes one language into every file; this writes the page's own, and its direction."""

    def post_build(self, **context: Any) -> None:
        """Rewrite ``<html …>`` of every page below a language's folder, and of ``/{lang}.html``."""
        static = Path(context["static_dir"])
        for code, language in LANGUAGES.items():
            for path in [*static.joinpath(code).rglob("*.html"), static / f"{code}.html"]:
                if path.exists():
                    opening = f'<html lang="{code}" dir="{language.dir}">'
                    path.write_text(_HTML.sub(opening, path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
