"""What is done to the built pages: each gets its language and direction, where its translations are, and its shell.

A page that is answered at run time has no file of its own: Reflex serves one fallback for all of them, and the browser
learns what the page is made of only after its first scripts have run. Each kind of page gets a shell of its own here,
which names its scripts at once. Every page asks for its answer while they are on their way.
"""

import hashlib
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

BUILT_FOR = "http://localhost:1"
"""The origin that Reflex writes into a build; ``_use_own_origin`` takes it out again."""

_FIRST_ANSWER = f"""<script data-page>(() => {{
const at = location.pathname + location.search;
const said = fetch("{FIRST}" + at).then((reply) => (reply.status === 200 ? reply.json() : null)).catch(() => null);
window.firstAnswer = {{ at, said }};
}})()</script>"""
"""Taken by ``FirstAnswer``. It stands before the style sheets, which it would wait for."""

_BEGIN = """(() => {
const scripts = SCRIPTS, image = document.querySelector(".first-picture img");
const made = (kind, how) => document.head.append(Object.assign(document.createElement(kind), how));
const begin = () => {
  const [src, ...others] = scripts.splice(0);
  for (const href of others) made("link", { rel: "modulepreload", href });
  if (src) made("script", { type: "module", src });
};
const painted = () => requestAnimationFrame(() => setTimeout(begin));
if (!image || image.complete) painted();
else for (const kind of ["load", "error"]) image.addEventListener(kind, painted);
setTimeout(begin, 1500);
})()"""
"""Begins the scripts once style and first chart are there and painted, and after 1.5 s in any case: nothing is painted
in a tab that nobody looks at. It stands behind the style sheets, which it waits for."""

_ENTRY = re.compile(r'<script type="module" async="">(.*?)</script>', re.S)
_PRELOAD = re.compile(r'<link rel="modulepreload" href="([^"]*)"/>')


class Pages(Plugin):
    """Reflex writes one language into every file; this writes the page's own, and its direction."""

    def post_build(self, **context: Any) -> None:
        """Say language and direction in every page of a language, and where its translations are; write the shells.

        Raises:
            RuntimeError: Reflex no longer says in the file we know where its websocket is.
        """
        from dashboard.interfaces.pages.shell.head import (
            list_alternates,  # with the codebook: only when something is built
        )
        from dashboard.runtime.templates import render

        static = Path(context["static_dir"])
        _use_own_origin(static)
        fallback = (static / "__spa-fallback.html").read_text(encoding="utf-8")
        for code in LANGUAGES:
            for file in (*static.joinpath(code).rglob("*.html"), static / f"{code}.html"):
                if file.exists():
                    path = file.relative_to(static).with_suffix("").as_posix().removesuffix("/index")
                    below = path.removeprefix(code)
                    links = render("alternates.html", code, places=list_alternates(f"{below[1:]}/" if below else ""))
                    page = file.read_text(encoding="utf-8").replace("<head>", f"<head>{links}", 1)
                    _write_page(file, code, _order_scripts(page, static))
            _write_page(static / code / SHELL, code, fallback)  # of what does not exist: it asks for no answer
        for path, names in _list_scripts(static):
            if ":" in path:
                _write_page(static / path.split("/:")[0] / SHELL, path[:2], _order_scripts(fallback, static, names))


def _write_page(file: Path, code: str, page: str) -> None:
    """Write a page that says its language and direction."""
    file.parent.mkdir(parents=True, exist_ok=True)
    opening = f'<html lang="{code}" dir="{LANGUAGES[code].dir}">'
    file.write_text(page.replace('<html lang="en">', opening, 1), encoding="utf-8")


def _use_own_origin(static: Path) -> None:
    """Websocket and server are where the page came from: one build serves under every port and address."""
    files = [*static.glob("assets/reflex-env-*.js")]
    for file in files:
        script = file.read_text(encoding="utf-8")
        script = script.replace(f"`{BUILT_FOR}/", "location.origin+`/")
        script = script.replace(f"`{BUILT_FOR.replace('http', 'ws')}/", "location.origin.replace(/^http/,`ws`)+`/")
        file.write_text(script, encoding="utf-8")
    left = [file.name for file in static.rglob("*.js") if BUILT_FOR.removeprefix("http:") in file.read_text("utf-8")]
    if left or not files:
        raise RuntimeError(f"the build still names the origin {BUILT_FOR} in {left}")


def _order_scripts(page: str, static: Path, own: Iterable[str] = ()) -> str:
    """The page with what asks first for its answer, and for its scripts, its ``own`` first, only once it can be seen.

    They would share a slow link with the style sheet, without which nothing is shown, and with the first chart, and a
    fast processor with the first painting. What begins them is written as a file of its own, which needs no hash in
    the policy of the page.
    """
    page = page.replace("</script>", f"</script>{_FIRST_ANSWER}", 1)
    entry = _ENTRY.search(page)
    if entry is None:
        return page
    name = f"/assets/start-{hashlib.sha256(entry[1].encode()).hexdigest()[:8]}.js"
    (static / name[1:]).write_text(entry[1], encoding="utf-8")
    scripts = [name, *own, *_PRELOAD.findall(page)]
    page = page.replace(entry[0], f"<script>{_BEGIN.replace('SCRIPTS', json.dumps(scripts))}</script>", 1)
    return _PRELOAD.sub("", page)


def _list_scripts(static: Path) -> Iterator[tuple[str, list[str]]]:
    """Path of each page (``en/countries/:iso3``) with the addresses of its scripts."""
    for file in static.glob("assets/manifest-*.js"):
        manifest = file.read_text(encoding="utf-8").partition("=")[2].rstrip().rstrip(";")
        for route in json.loads(manifest)["routes"].values():
            yield route.get("path") or "", [route["module"], *route["imports"]]
