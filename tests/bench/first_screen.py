"""First screen of five pages against the same pages saved as static files, alternating: what the reader waits for."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from tests.bench.browser import SIZE
from tests.bench.measure import Figure
from tests.bench.moments import PAGES, Opened, opened
from tests.bench.product import Server
from tests.bench.static_copy import save, served
from tests.chromium import launched

LOADS = 7
MOST = 1.6


def figures(server: Server) -> Iterator[Figure]:
    """Each page is opened by a new visitor, in turns from the product and from its copy."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launched(playwright)
        yield from compared(browser, server.url, PAGES, Path(folder))
        browser.close()


def compared(browser: Browser, site: str, pages: Sequence[Opened], folder: Path) -> Iterator[Figure]:
    """Save the pages of a product that runs into a folder, serve it, and open both in turns."""
    for one in pages:
        _copy(browser, site, one, folder)
    with served(folder) as static:
        for one in pages:
            yield from _ratio(browser, site, static, one)


def _copy(browser: Browser, site: str, one: Opened, folder: Path) -> None:
    page = browser.new_page(viewport=SIZE)
    opened(page, site, one)
    page.wait_for_load_state("networkidle")
    save(page, folder, one.name)
    page.close()


def _ratio(browser: Browser, site: str, static: str, one: Opened) -> Iterator[Figure]:
    places = {"product": (site, one.path), "static": (static, f"/{one.name}/")}
    screens: dict[str, list[float]] = {name: [] for name in places}
    drawings = []
    for turn in range(LOADS):
        for name in sorted(places, reverse=bool(turn % 2)):
            page = browser.new_page(viewport=SIZE)
            moments = opened(page, places[name][0], one, places[name][1])
            page.close()
            screens[name].append(max(moments["text"], moments["chart"]))
            if name == "product":
                drawings.append(moments["drawing"])
    product, copy = (median(screens[name]) for name in places)
    yield Figure(f"{one.name}: text and first chart, median of {LOADS}", product, "ms")
    yield Figure(f"{one.name}: the same of its static copy", copy, "ms")
    yield Figure(f"{one.name}: first screen, relative to its static copy", product / copy, "×", MOST)
    yield Figure(f"{one.name}: drawing that answers to the hand", median(drawings), "ms")
