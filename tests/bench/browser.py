"""What a visitor's browser sees: bytes before the chart code, the chart code, and a click's repaint on Compare."""

import shutil
from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Browser, Locator, Page, Playwright, Response, sync_playwright

from tests.bench.measure import Figure, quantile
from tests.bench.product import Server

ADDED = (
    "Kenya",
    "Türkiye",
    "Ethiopia",
    "Pakistan",
    "Rwanda",
    "Senegal",
    "Romania",
    "Colombia",
    "Morocco",
    "Indonesia",
)

FIVE = "AZE,GEO,UZB,KAZ,UGA"
ONE = "wgi_cc"
FOUR = "wgi_cc,wgi_ge,internet_users,egdi"

WATCH = """() => {
  window.spans = [];
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[role=option], button")) return;
    const began = performance.now();
    const still = new Set(document.querySelectorAll(".chart-box"));
    for (const box of still) {
      const seen = new MutationObserver(() => {
        seen.disconnect();
        still.delete(box);
        if (!still.size) requestAnimationFrame(() => setTimeout(() => window.spans.push(performance.now() - began)));
      });
      seen.observe(box, { childList: true, subtree: true, attributes: true });
    }
  }, true);
}"""
"""From the click to the end of the first frame that shows every drawing of the page changed."""


def figures(server: Server) -> Iterator[Figure]:
    """Open the overview, then an indicator, then click through countries on Compare."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
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
        for charts, indicators in ((1, ONE), (4, FOUR)):
            spans = _repaints(page, server, indicators, charts)
            named = f"click to repaint on Compare, 6 countries, {charts} {'chart' if charts == 1 else 'charts'}"
            yield Figure(f"{named}, median of {len(spans)}", median(spans), "ms", 60)
            yield Figure(f"{named}, p95", quantile(sorted(spans), 0.95), "ms", 120)
        browser.close()


def launched(playwright: Playwright) -> Browser:
    """The distribution's Chromium, without what would disturb a measurement."""
    return playwright.chromium.launch(
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    )


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


def _repaints(page: Page, server: Server, indicators: str, charts: int) -> list[float]:
    """Milliseconds from a click that adds or removes a country to the frame that shows every chart drawn anew."""
    page.goto(f"{server.url}/en/compare/?country={FIVE}&indicator={indicators}", wait_until="networkidle")
    page.wait_for_selector('[data-status="ready"]')
    page.evaluate(WATCH)
    picker = page.get_by_role("combobox", name="Add a country")
    for name in ADDED:
        for click in (_option(page, picker, name), page.get_by_role("button", name=f"Remove {name}")):
            before = page.evaluate("spans.length")
            click.click()
            page.wait_for_function("before => spans.length > before", arg=before)
            page.wait_for_function(
                "charts => document.querySelectorAll('[data-status=ready]').length === charts", arg=charts
            )
            page.wait_for_timeout(150)
    return [float(span) for span in page.evaluate("spans")]


def _option(page: Page, picker: Locator, name: str) -> Locator:
    picker.fill(name)
    return page.get_by_role("option", name=name).first
