"""How many words a reader meets: ``python -m tests.e2e.words`` counts them on every English page as it opens.

Counted is what is to be seen of ``main`` at 1280 px, folded parts left shut: tokens with a letter, outside drawings,
and without what is said to readers of the screen alone. What surrounds every page is counted once. ``BASE`` is the same
count before the pages were asked to say less; ``MOST`` is the share of it that those pages may still say.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from dashboard.interfaces.pages.registry import PAGES
from tests.chromium import launched
from tests.e2e.conftest import load
from tests.e2e.product import running

BASE = {
    "gallery": 3527, "statement": 1327, "sources": 723, "services": 583, "progress": 529, "effects": 528,
    "overview": 499, "indicator": 472, "goal": 416, "goals": 363, "theme": 355, "country": 349, "availability": 316,
    "compare": 300, "principles": 267, "sending": 254, "target": 251, "adoption": 229, "themes": 226, "claim": 222,
    "search": 222, "mapping": 219, "indicators": 204, "countries": 196, "principle": 181, "method": 165, "frame": 110,
    "country_services": 101,
}  # fmt: skip
"""Words of each page on commit bf0817ac, 13,134 in all. Pages made since then are counted, and told apart."""

MOST = 0.75
"""Share of ``BASE`` that the pages may say."""

COUNTED = """() => {
  const words = (root, left) => {
    let count = 0;
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const around = texts.currentNode.parentElement;
      if (left && around.closest(left) || around.closest("svg, script, style, noscript, .sr-only, .skip")) continue;
      if (!around.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) continue;
      count += (texts.currentNode.textContent.match(/\\S*\\p{L}\\S*/gu) || []).length;
    }
    return count;
  };
  return [words(document.querySelector("main"), ""), words(document.body, "main")];
}"""
"""Visible words of ``main`` and of what surrounds it."""


def count_words(page: Page) -> dict[str, int]:
    """Visible words of each English page by its id, in the order of the registry; ``frame`` is what surrounds them."""
    counts = {"frame": 0}
    for one in PAGES:
        load(page, f"/en/{one.example}")
        inside, around = page.evaluate(COUNTED)
        counts[one.id] = inside
        counts["frame"] = counts["frame"] or around
    return counts


def main() -> int:
    """Count the pages of a product of our own; 1 where they say more than they may."""
    with tempfile.TemporaryDirectory() as data, running(Path(data) / "product") as url, sync_playwright() as playwright:
        browser = launched(playwright)
        counts = count_words(browser.new_context(base_url=url, viewport={"width": 1280, "height": 800}).new_page())
        browser.close()
    for name, count in sorted(counts.items(), key=lambda one: -one[1]):
        sys.stdout.write(f"{count:6,}  {name}, {BASE.get(name, 'new')} before\n")
    before, then = sum(BASE.values()), sum(count for name, count in counts.items() if name in BASE)
    new = sum(counts.values()) - then
    share = f"{then / before:.0%} of {before:,}; at most {MOST:.0%} is wanted"
    sys.stdout.write(f"{then:6,}  words of the pages that were there: {share}; {new:,} of pages made since\n")
    return int(then > MOST * before)


if __name__ == "__main__":
    sys.exit(main())
