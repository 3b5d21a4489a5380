"""What a visitor's browser sees: bytes before the chart code, the chart code, and a click's repaint on Compare."""

import shutil
from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Page, Response, sync_playwright

from tests.bench.measure import Figure
from tests.bench.product import Server

CLICKS = 24


def figures(server: Server) -> Iterator[Figure]:
    """Open the overview, then an indicator, then click through countries on Compare."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page()
        wire = _wire(page)
        page.goto(f"{server.url}/en/", wait_until="networkidle")
        page.wait_for_selector("#hydrated", state="attached")
        first = dict(wire)
        yield Figure("first view, all bytes over the wire", sum(first.values()) / 1000, "kB", 250)
        page.goto(f"{server.url}/en/indicators/wgi_cc/", wait_until="networkidle")
        page.wait_for_selector('[data-status="ready"]')
        chart = sum(size for url, size in wire.items() if url not in first and url.endswith(".js"))
        yield Figure("chart code, loaded on chart pages only", chart / 1000, "kB")
        spans = _repaints(page, server)
        yield Figure(f"click to repaint on Compare, median of {CLICKS}", median(spans), "ms", 60)
        yield Figure("click to repaint on Compare, p95", sorted(spans)[int(0.95 * len(spans))], "ms")
        browser.close()


def _wire(page: Page) -> dict[str, int]:
    """Bytes per address as they travelled, headers left out."""
    sizes: dict[str, int] = {}

    def note(response: Response) -> None:
        try:
            sizes[response.url] = response.request.sizes()["responseBodySize"]
        except Exception:  # a reply without a body has no size
            sizes[response.url] = 0

    page.on("response", note)
    return sizes


