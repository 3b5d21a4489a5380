"""A click on Compare: from the click that adds or removes a country to the frame that shows every chart drawn anew."""

from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Locator, Page, sync_playwright

from tests.bench.browser import SIZE
from tests.bench.measure import Figure, quantile
from tests.bench.product import Server
from tests.chromium import launched

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
    if (!event.target.closest("[role=option], main a")) return;
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
    """Ten countries come and go, beside five others, on one indicator and on four."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = browser.new_page(viewport=SIZE)
        for charts, indicators in ((1, ONE), (4, FOUR)):
            spans = _repaints(page, server, indicators, charts)
            named = f"click to repaint on Compare, 6 countries, {charts} {'chart' if charts == 1 else 'charts'}"
            yield Figure(f"{named}, median of {len(spans)}", median(spans), "ms", 60)
            yield Figure(f"{named}, p95", quantile(sorted(spans), 0.95), "ms", 120)
        browser.close()


def _repaints(page: Page, server: Server, indicators: str, charts: int) -> list[float]:
    page.goto(f"{server.url}/en/compare/?country={FIVE}&indicator={indicators}", wait_until="networkidle")
    page.wait_for_selector('[data-status="ready"]')
    page.evaluate(WATCH)
    picker = page.get_by_role("combobox", name="Add a country")
    for name in ADDED:
        for click in (_option(page, picker, name), page.get_by_role("link", name=f"Remove {name}")):
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
