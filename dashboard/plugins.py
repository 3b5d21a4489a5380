"""What is done to the built pages: language and direction of each prerendered file, and where its translations are."""

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
        from dashboard.pages.head import alternate_links  # with the codebook: only when something is built

        static = Path(context["static_dir"])
        for code, language in LANGUAGES.items():
            for path in [*static.joinpath(code).rglob("*.html"), static / f"{code}.html"]:
                if path.exists():
                    opening = f'<html lang="{code}" dir="{language.dir}">'
                    page = _HTML.sub(opening, path.read_text(encoding="utf-8"), count=1)
                    below = (
                        path.relative_to(static).with_suffix("").as_posix().removeprefix(code).removesuffix("/index")
                    )
                    links = alternate_links(f"{below[1:]}/" if below else "")
                    path.write_text(page.replace("<head>", f"<head>{links}", 1), encoding="utf-8")
