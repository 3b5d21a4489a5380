"""What is done to the built pages: state of an address, language, direction, translations, and when scripts begin.

Reflex builds each page twice: for the browser, and for React Router's server, from which ``runtime.renderer`` makes the
document of an address with its figures. Both read the first answer of the page as their state. Pages of addresses that
are answered at run time get a shell here: the document without figures, which leaves where no renderer answers.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from reflex.plugins import Plugin

from dashboard.locales import LANGUAGES
from dashboard.runtime.renderer import START_TIMEOUT_S, Renderer

SHELL = "shell.html"
SERVER = "build/server/index.js"
"""React Router's server build, in the folder of a build."""

ANSWER = "answer"
"""The element of a document that holds the first answer of its page."""

BUILT_FOR = "http://localhost:1"
"""The origin that Reflex writes into a build; ``_use_own_origin`` takes it out again."""

STATE_STORE = "utils/context.jsx"
STATE_PATCHES = {
    "  mergeInitialState(initialState);\n\n": f"""  mergeInitialState(initialState);
  const answer = JSON.parse(document.getElementById("{ANSWER}")?.textContent ?? "{{}}");
  for (const [name, vars] of Object.entries(answer)) if (state[name]) state[name] = {{ ...state[name], ...vars }};

""",
    "getSnapshot: (substateName) => initialState[substateName]": (
        "getSnapshot: (substateName) => ({ ...initialState[substateName], ...globalThis.pageState?.[substateName] })"
    ),
}
"""Where Reflex's store of states begins in the browser, and reads on the server, and what stands there instead."""

_BEGIN = """(() => {
const scripts = SCRIPTS, image = document.querySelector("img.chart-image");
const made = (kind, how) => document.head.append(Object.assign(document.createElement(kind), how));
const begin = () => {
  const [src, ...others] = scripts.splice(0);
  for (const href of others) made("link", { rel: "modulepreload", href });
  if (src) made("script", { type: "module", src });
};
const painted = () => requestAnimationFrame(() => setTimeout(begin));
if (!image || image.complete || image.getBoundingClientRect().top > innerHeight) painted();
else for (const kind of ["load", "error"]) image.addEventListener(kind, painted);
setTimeout(begin, 1500);
})()"""
"""Begins the scripts once style and first chart are there and painted, and after 1.5 s in any case: nothing is painted
in a tab that nobody looks at. It stands behind the style sheets, which it waits for."""

_ENTRY = re.compile(r'<script type="module" async="">(.*?)</script>', re.S)
_PRELOAD = re.compile(r'<link rel="modulepreload" href="([^"]*)"/>')


class Pages(Plugin):
    """Lets pages begin with the answer of their address, and writes what serves them."""

    def pre_compile(self, **context: Any) -> None:
        """Let the store of states begin with the first answer, in the browser and on the server."""
        context["add_modify_task"](STATE_STORE, patch_state_store)

    def post_build(self, **context: Any) -> None:
        """Write language, direction and scripts of every page, and a shell for each that is answered at run time.

        Raises:
            RuntimeError: Reflex no longer says in the file we know where its websocket is.
        """
        static = Path(context["static_dir"])
        _use_own_origin(static)
        for code in LANGUAGES:
            for file in (*static.joinpath(code).rglob("*.html"), static / f"{code}.html"):
                if file.exists():
                    path = file.relative_to(static).with_suffix("").as_posix().removesuffix("/index")
                    document = finish_document(file.read_text(encoding="utf-8"), f"/{path}/", static)
                    file.write_text(document, encoding="utf-8")
        renderer = Renderer(static.parents[1] / SERVER)
        folders = [path.split("/:")[0] for path in _list_paths(static) if ":" in path]
        for folder in (*LANGUAGES, *folders):
            document = renderer.render(f"/{folder}/-/", {}, START_TIMEOUT_S)
            (static / folder).mkdir(parents=True, exist_ok=True)
            (static / folder / SHELL).write_text(finish_document(document, f"/{folder}/-/", static), encoding="utf-8")
        renderer.close()


def patch_state_store(text: str) -> str:
    """Return the module of Reflex's store with ``STATE_PATCHES``; raise RuntimeError where it is written otherwise."""
    for before, after in STATE_PATCHES.items():
        if text.count(before) != 1:
            raise RuntimeError(f"{STATE_STORE} of Reflex no longer says {before!r}")
        text = text.replace(before, after)
    return text


def finish_document(document: str, path: str, static: Path | None = None) -> str:
    """Return a rendered document with its language and direction, and with scripts that begin once it is painted.

    Scripts would share a slow link with the style sheet, without which nothing is shown, and with the first chart, and
    a fast processor with the first painting. What begins them is written into ``static`` while building: a file of its
    own needs no hash in the policy of the page.
    """
    code = path.split("/")[1]
    document = document.replace('<html lang="en">', f'<html lang="{code}" dir="{LANGUAGES[code].dir}">', 1)
    document = document.replace('"ssr":true', '"ssr":false', 1)  # as in the build: no answers of a React server
    entry = _ENTRY.search(document)
    if entry is None:
        return document
    name = f"/assets/start-{hashlib.sha256(entry[1].encode()).hexdigest()[:8]}.js"
    if static:
        (static / name[1:]).write_text(entry[1], encoding="utf-8")
    scripts = json.dumps([name, *_PRELOAD.findall(document)])
    document = document.replace(entry[0], f"<script>{_BEGIN.replace('SCRIPTS', scripts)}</script>", 1)
    return _PRELOAD.sub("", document)


def insert_answer(document: str, answer: str) -> str:
    """Return the document with the first answer of its page as data, before its scripts begin."""
    data = answer.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    block = f'<script id="{ANSWER}" type="application/json">{data}</script>'
    before, begin, after = document.partition(f"<script>{_BEGIN.partition('SCRIPTS')[0]}")
    return f"{before}{block}{begin}{after}"


def _use_own_origin(static: Path) -> None:
    """Websocket and server are where the page came from: one build serves under every port and address."""
    written = [*static.glob("assets/reflex-env-*.js")]
    for file in written:
        said = file.read_text(encoding="utf-8")
        said = said.replace(f"`{BUILT_FOR}/", "location.origin+`/")
        said = said.replace(f"`{BUILT_FOR.replace('http', 'ws')}/", "location.origin.replace(/^http/,`ws`)+`/")
        file.write_text(said, encoding="utf-8")
    left = [file.name for file in static.rglob("*.js") if BUILT_FOR.removeprefix("http:") in file.read_text("utf-8")]
    if left or not written:
        raise RuntimeError(f"the build still names the origin {BUILT_FOR} in {left}")


def _list_paths(static: Path) -> list[str]:
    """Return the path of each page: ``en/countries/:iso3``."""
    texts = [file.read_text(encoding="utf-8") for file in static.glob("assets/manifest-*.js")]
    manifests = [json.loads(text.partition("=")[2].rstrip().rstrip(";")) for text in texts]
    return [route.get("path") or "" for manifest in manifests for route in manifest["routes"].values()]
