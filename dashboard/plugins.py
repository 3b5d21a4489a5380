"""What is done to the built pages: each gets its language and direction, where its translations are, and its shell.

A page that is answered at run time has no file of its own: Reflex serves one fallback for all of them, and the browser
learns what the page is made of only after its first scripts have run. Each kind of page gets a shell of its own here,
which names its scripts at once.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reflex.plugins import Plugin

from dashboard.locales import LANGUAGES

SHELL = "shell.html"
DRAWING = "/assets/vega_runtime-"
_HTML = re.compile(r"<html\b[^>]*>")


class HtmlLanguage(Plugin):
    """Reflex writes one language into every file; this writes the page's own, and its direction."""

    def post_build(self, **context: Any) -> None:
        """Rewrite ``<html …>`` of every page below a language's folder, and of ``/{lang}.html``; write the shells."""
        from dashboard.pages.head import alternate_links  # with the codebook: only when something is built

        static = Path(context["static_dir"])
        scripts = dict(_scripts(static))
        fallback = (static / "__spa-fallback.html").read_text(encoding="utf-8")
        for path, names in scripts.items():
            if ":" in path:
                shell = static / path.split("/:")[0] / SHELL
                shell.parent.mkdir(parents=True, exist_ok=True)
                shell.write_text(fallback.replace("<head>", f"<head>{_asked(names)}", 1), encoding="utf-8")
        for code, language in LANGUAGES.items():
            for file in [*static.joinpath(code).rglob("*.html"), static / f"{code}.html"]:
                if file.exists() and file.name != SHELL:
                    opening = f'<html lang="{code}" dir="{language.dir}">'
                    page = _HTML.sub(opening, file.read_text(encoding="utf-8"), count=1)
                    path = file.relative_to(static).with_suffix("").as_posix().removesuffix("/index")
                    below = path.removeprefix(code)
                    drawing = [name for name in scripts.get(path, ()) if DRAWING in name]
                    said = alternate_links(f"{below[1:]}/" if below else "") + _asked(drawing)
                    file.write_text(page.replace("<head>", f"<head>{said}", 1), encoding="utf-8")


def _scripts(static: Path) -> Iterator[tuple[str, list[str]]]:
    """Path of each page (``en/countries/:iso3``) with the addresses of its scripts; the drawing code last."""
    drawing = [f"/{file.relative_to(static).as_posix()}" for file in static.glob(f"{DRAWING[1:]}*.js")]
    for file in static.glob("assets/manifest-*.js"):
        said = file.read_text(encoding="utf-8").partition("=")[2].rstrip().rstrip(";")
        for route in json.loads(said)["routes"].values():
            draws = any("/chart_figure-" in name for name in route["imports"])
            yield route.get("path") or "", [route["module"], *route["imports"], *(drawing if draws else [])]


def _asked(scripts: list[str]) -> str:
    return "".join(f'<link rel="modulepreload" href="{script}"/>' for script in scripts)
