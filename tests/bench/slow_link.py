"""A link of 400 kbit/s and 300 ms: first text and chart of five pages, what moves, how soon a click answers."""

from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.browser import SIZE
from tests.bench.measure import Figure
from tests.bench.moments import PAGES, opened
from tests.bench.product import Server
from tests.chromium import MOST_SHIFT, SHIFTS, launched

BYTES = 400_000 / 8  # per second, either way
LATENCY = 300  # milliseconds
LOADS = 3
CLICKS = 6

ANSWERS = """() => {
  window.answers = [];
  const main = document.getElementById("main");
  document.addEventListener("click", ({ target }) => {
    if (!target.closest("main a")) return;
    const began = performance.now();
    const look = () => {
      const bar = getComputedStyle(main, "::before");
      if (bar.content === "none" || bar.visibility !== "visible") return requestAnimationFrame(look);
      setTimeout(() => window.answers.push(performance.now() - began));
    };
    look();
  }, true);
}"""
"""From a click to the end of the first frame with the bar of a page that is busy (``base.css``)."""


def figures(server: Server) -> Iterator[Figure]:
    """Every page by a visitor who was never here."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for one in PAGES:
            found, shifts = [], []
            for _ in range(LOADS):
                page = open_far(browser)
                page.add_init_script(SHIFTS)
                found.append(opened(page, server.url, one))
                page.wait_for_load_state("networkidle")
                shifts.append(page.evaluate("shifted"))
                page.close()
            text, chart, drawing = (
                median(moments[of] for moments in found) / 1000 for of in ("text", "chart", "drawing")
            )
            yield Figure(f"slow link, {one.name}: first text, median of {LOADS}", text, "s", 2)
            yield Figure(f"slow link, {one.name}: first chart", chart, "s", 6)
            yield Figure(f"slow link, {one.name}: layout shift, the largest", max(shifts), "", MOST_SHIFT)
            yield Figure(f"slow link, {one.name}: drawing or picture that answers to the hand", drawing, "s", 7)
        yield Figure(
            f"slow link: a click answers visibly, median of {CLICKS}", median(_answers(browser, server)), "ms", 100
        )
        browser.close()


def open_far(browser: Browser) -> Page:
    """A fresh page at the end of such a link."""
    page = browser.new_page(viewport=SIZE)
    link = page.context.new_cdp_session(page)
    link.send("Network.enable")
    link.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY, "downloadThroughput": BYTES, "uploadThroughput": BYTES},
    )
    return page


def _answers(browser: Browser, server: Server) -> list[float]:
    """Milliseconds from a click on a form of Compare to what it changes on the page."""
    page = open_far(browser)
    page.set_default_timeout(60_000)
    page.goto(f"{server.url}/en/compare/?country=AZE,GEO,UZB", wait_until="networkidle")
    page.wait_for_selector("[data-status=ready]")
    page.evaluate(ANSWERS)
    forms = page.locator("main .tabs").first.get_by_role("link")
    for turn in range(CLICKS):
        forms.nth(1 - turn % 2).click()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(3 * LATENCY)
    found: list[float] = page.evaluate("answers")
    return found
