"""A page of the product as it stands in the browser, saved without its scripts and served by a plain file server."""

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page

from tests.serving import free_port, started, wait_for

STARTS_WITHIN = 10.0  # seconds

SAVED = """() => {
  const copy = document.documentElement.cloneNode(true);
  const out = "script, noscript, link[rel=modulepreload], link[rel=alternate], link[as=fetch], #vg-tooltip-element";
  copy.querySelectorAll(out).forEach((one) => one.remove());
  const named = [...copy.querySelectorAll("link[href], img[src]")];
  const files = named.map((one) => one.getAttribute("href") ?? one.getAttribute("src"));
  return ["<!DOCTYPE html>" + copy.outerHTML, files];
}"""
"""Its HTML, where every drawing is an SVG, and the addresses of its style sheets, fonts and images."""


def save(page: Page, folder: Path, name: str) -> None:
    """Write the page that is open as ``name``/index.html, with every file that it names below the same folder."""
    html, files = page.evaluate(SAVED)
    target = folder / name / "index.html"
    target.parent.mkdir(parents=True)
    target.write_text(html, encoding="utf-8")
    for address in files:
        path = folder / urlsplit(address).path.lstrip("/")
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(page.request.get(urljoin(page.url, address)).body())


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a plain file server of the folder, in a process of its own, until the block ends."""
    port = free_port()
    url = f"http://localhost:{port}"
    command = ["--bind", "localhost", "--directory", str(folder), "--protocol", "HTTP/1.1", str(port)]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with started(["-m", "http.server", *command], by=signal.SIGTERM, **silent) as server:
        wait_for(server, url, within=STARTS_WITHIN, every=0.02)
        yield url
