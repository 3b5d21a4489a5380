"""The five pages that promises speak of, and when a reader sees their first text and their first chart."""

from dataclasses import dataclass

from playwright.sync_api import Page

IMAGES = "main img.chart-image"
"""The server's own image of a chart, which stands where the drawing will be."""

TITLED = "main .chart-image title"
"""The same once a pointer over its marks is told what they are."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A page: its name, its address, and what its first chart is once it is drawn."""

    name: str
    path: str
    drawing: str = "main .chart-box svg"


PAGES = (
    Opened("overview", "/en/"),
    Opened("mapping", "/en/mapping/"),
    Opened("country", "/en/countries/UZB/", "main .spark svg"),
    Opened("indicator", "/en/indicators/wgi_cc/"),
    Opened("compare", "/en/compare/?country=AZE,GEO,UZB"),
)

_WATCH = """
(([text, chart, drawing]) => {
  const moments = {};
  const there = (selector) => [...document.querySelectorAll(selector)].some((one) =>
    one.tagName === "IMG" ? one.complete && one.naturalWidth && one.height > 99  // one that is seen
      : one.childElementCount || one.textContent.trim());
  window.seen = new Promise((done, fail) => {
    setTimeout(() => fail(new Error(`seen in a minute: ${Object.keys(moments).join(", ") || "nothing"}`)), 60_000);
    const look = () => {
      for (const [name, selector] of Object.entries({ text, chart, drawing })) {
        if (name in moments || !there(selector)) continue;
        moments[name] = 0;
        requestAnimationFrame(() => setTimeout(() => {
          moments[name] = performance.now();
          if (moments.text && moments.chart && moments.drawing) done(moments);
        }));
      }
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
    document.addEventListener("load", look, true);
  });
})
"""
"""Promises, in milliseconds from the navigation, the end of the first frame with the text, the chart, its drawing."""


def opened(page: Page, site: str, one: Opened, path: str = "") -> dict[str, float]:
    """Open it in a fresh page: milliseconds to ``text``, ``chart`` (image or drawing) and ``drawing``."""
    chart = f":is({IMAGES}, {one.drawing})"
    page.add_init_script(f"{_WATCH}({['main h1', chart, f':is({TITLED}, {one.drawing})']!r})")
    page.goto(site + (path or one.path), wait_until="commit")
    moments: dict[str, float] = page.evaluate("() => window.seen")
    return moments
