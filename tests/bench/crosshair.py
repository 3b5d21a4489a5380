"""A pointer that moves over a chart: from one year to the next until it has named every country."""

from collections.abc import Iterator
from statistics import median

from playwright.sync_api import sync_playwright

from tests.bench.browser import SIZE
from tests.bench.measure import Figure, quantile
from tests.bench.product import Server
from tests.chromium import launched

MOVES = """async () => {
  const columns = [...document.querySelectorAll(".chart-box .columns_marks path")], times = [];
  const turn = () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
  });
  for (const column of columns) {
    const { x, y, width, height } = column.getBoundingClientRect();
    const event = { bubbles: true, clientX: x + width / 2, clientY: y + height / 2, view: window };
    const began = performance.now();
    for (const kind of ["pointerover", "pointermove"]) column.dispatchEvent(new PointerEvent(kind, event));
    await turn();
    times.push(performance.now() - began);
    column.dispatchEvent(new PointerEvent("pointerout", event));
    await turn();
  }
  return times;
}"""
"""Milliseconds of each move, over all years of the chart."""


def figures(server: Server) -> Iterator[Figure]:
    """Three countries of one indicator; the first round only compiles what is drawn."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{server.url}/en/indicators/wgi_cc/?country=AZE,GEO,UZB", wait_until="networkidle")
        page.wait_for_selector("[data-status=ready] .columns_marks path", state="attached")
        page.evaluate(MOVES)
        moves = sorted(page.evaluate(MOVES))
        yield Figure(f"crosshair, one move, median of {len(moves)}", median(moves), "ms", 16)
        yield Figure("crosshair, one move, p95", quantile(moves, 0.95), "ms")
        browser.close()
