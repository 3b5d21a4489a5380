"""First views stay short: the words a reader sees before the first scroll, counted on fourteen pages."""

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import load

pytestmark = pytest.mark.browser

PAGES = (
    "", "countries/", "countries/UGA/", "indicators/", "indicators/wgi_cc/", "compare/", "progress/", "goals/",
    "services/", "statement/", "sources/", "changes/", "disagreements/", "availability/",
)  # fmt: skip
MOST_WORDS = 3_040
"""Of all these pages together at 1280 × 800; 4,562 before pages were shortened."""

COUNT_WORDS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  let count = 0;
  for (let node; (node = walker.nextNode());) {
    for (const { 0: word, index } of node.data.matchAll(/\\S*[\\p{L}\\p{N}]\\S*/gu)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const box = range.getBoundingClientRect();
      const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      const holder = node.parentElement, untouched = getComputedStyle(holder).pointerEvents === "none";
      if (seen && (holder.contains(seen) || (untouched && seen.contains(holder)))) count++;
    }
  }
  return count;
}"""
"""Words with a letter or digit, of text and of charts, that can be seen where they stand in the window."""


def test_the_first_views_of_fourteen_pages_hold_few_words(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    counts = {}
    for path in PAGES:
        load(page, f"/en/{path}")
        counts[path] = page.evaluate(COUNT_WORDS)
    assert min(counts.values()) > 50, counts
    assert sum(counts.values()) <= MOST_WORDS, counts
