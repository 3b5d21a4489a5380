"""The browser of a measurement, and what a first visit brings over the wire."""

from collections.abc import Iterator

from playwright.sync_api import Page, Response, ViewportSize, sync_playwright

from tests.bench.measure import Figure
from tests.bench.product import Server
from tests.chromium import launched

SIZE: ViewportSize = {"width": 1280, "height": 900}


def figures(server: Server) -> Iterator[Figure]:
    """Bytes of the overview, and of the code that an indicator's page adds to draw its chart."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = browser.new_page()
        wire = _wire(page)
        page.goto(f"{server.url}/en/", wait_until="networkidle")
        page.wait_for_selector("#hydrated", state="attached")
        yield Figure("first view, all bytes over the wire", sum(wire.values()) / 1000, "kB")
        chart = sum(size for url, size in wire.items() if "/vega_runtime" in url)
        yield Figure("of which code that draws charts", chart / 1000, "kB")
        yield Figure("first view without it", (sum(wire.values()) - chart) / 1000, "kB", 250)
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
