"""What is done to the built pages: each gets its language and direction, where its translations are, and its shell.

A page that is answered at run time has no file of its own: Reflex serves one fallback for all of them, and the browser
learns what the page is made of only after its first scripts have run. Each kind of page gets a shell of its own here,
which names its scripts at once. Every page asks for its answer while they are on their way.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from reflex.plugins import Plugin

from dashboard.locales import LANGUAGES

SHELL = "shell.html"
FIRST = "/first"
"""Below this address is what the page of an address answers: ``/first/en/countries/AZE/``."""

_FIRST_ANSWER = f"""<script data-page>(() => {{
const at = location.pathname + location.search;
const said = fetch("{FIRST}" + at).then((reply) => (reply.status === 200 ? reply.json() : null)).catch(() => null);
window.firstAnswer = {{ at, said }};
said.then((answer) => {{ if (window.firstAnswer) window.firstAnswer.answer = answer; }});
}})()</script>"""
"""Taken by ``FirstAnswer``. It stands before the style sheets, which it would wait for."""

DRAWS, DRAWING = "/assets/drawing-", "/assets/vega_runtime-"
_LARGEST = (DRAWING, "/assets/react-", "/assets/frame-")
"""A browser asks for six files at a time: those that take longest are asked for first."""

_GROUPS = "codeSplitting: {\n          groups: ["
_SHARED = r"""
            { name: "react", test: /node_modules\/(react-dom|scheduler)\// },
            { name: "drawing", test: /\/drawing\.js/ },
            { name: "frame", minShareCount: 60 },"""
"""What most of the hundred pages use is one file; what draws any page, and never changes with ours, another."""

_HTML = re.compile(r"<html\b[^>]*>")


class Pages(Plugin):
    """Reflex writes one language into every file; this writes the page's own, and its direction.

    And it puts the code that all pages share into two files: a browser asks for six at a time, and the others wait.
    """

    def pre_compile(self, **context: Any) -> None:
        """Say how code is shared out among files."""
        context["add_modify_task"]("vite.config.js", _shared_out)

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
                needed = [name for name in names if not name.startswith(DRAWING)]  # the server sends a picture first
                page = fallback.replace("<head>", f"<head>{_asked(needed)}", 1)
                shell.write_text(_asking(page, names), encoding="utf-8")
        for code, language in LANGUAGES.items():
            for file in [*static.joinpath(code).rglob("*.html"), static / f"{code}.html"]:
                if file.exists() and file.name != SHELL:
                    opening = f'<html lang="{code}" dir="{language.dir}">'
                    page = _HTML.sub(opening, file.read_text(encoding="utf-8"), count=1)
                    path = file.relative_to(static).with_suffix("").as_posix().removesuffix("/index")
                    below = path.removeprefix(code)
                    drawing = [name for name in scripts.get(path, ()) if name.startswith((DRAWING, DRAWS))]
                    said = alternate_links(f"{below[1:]}/" if below else "") + _asked(drawing)
                    file.write_text(_asking(page.replace("<head>", f"<head>{said}", 1), drawing), encoding="utf-8")


def _shared_out(config: str) -> str:
    """The configuration of Vite with the groups of ``_SHARED`` before Reflex's own.

    Raises:
        ValueError: the configuration has no groups; Reflex writes it differently now.
    """
    if _GROUPS not in config:
        raise ValueError("vite.config.js: no groups of code were found to add ours to")
    return config.replace(_GROUPS, _GROUPS + _SHARED, 1)


def _asking(page: str, scripts: Iterable[str]) -> str:
    """The page with what asks for its answer, and what draws its chart at once: other scripts wait for each other."""
    drawn = [f'<script type="module" async src="{name}"></script>' for name in scripts if name.startswith(DRAWS)]
    return page.replace("</script>", "".join(["</script>", _FIRST_ANSWER, *drawn]), 1)


def _scripts(static: Path) -> Iterator[tuple[str, list[str]]]:
    """Path of each page (``en/countries/:iso3``) with the addresses of its scripts; the drawing code last."""
    drawing = [f"/{file.relative_to(static).as_posix()}" for file in static.glob(f"{DRAWING[1:]}*.js")]
    for file in static.glob("assets/manifest-*.js"):
        said = file.read_text(encoding="utf-8").partition("=")[2].rstrip().rstrip(";")
        for route in json.loads(said)["routes"].values():
            draws = any(name.startswith(DRAWS) for name in route["imports"])
            yield route.get("path") or "", [route["module"], *route["imports"], *(drawing if draws else [])]


def _asked(scripts: list[str]) -> str:
    names = sorted(scripts, key=lambda name: not name.startswith(_LARGEST))
    return "".join(f'<link rel="modulepreload" href="{name}"/>' for name in names)
