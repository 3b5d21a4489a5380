"""Pictures of every page, for people who judge by looking: ``python -m tests.e2e.screenshots`` (``make screenshots``).

Writes ``test-results/screenshots/<page>-<language>-<theme>-<width>.png``.
"""

import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

from dashboard.interfaces.pages.registry import PAGES
from dashboard.locales import LANGUAGES
from tests.chromium import launched
from tests.e2e.conftest import load
from tests.e2e.product import running
from tests.serving import ROOT

FOLDER = ROOT / "test-results" / "screenshots"
WIDTHS = (1280, 360)
EXTRA = {
    "indicator-map": "indicators/ti_cpi/?tab=map",
    "indicator-world": "indicators/ti_cpi/?tab=world",
    "indicator-ranking": "indicators/wgi_cc/?tab=ranking",
    "indicator-distribution": "indicators/wgi_cc/?tab=distribution",
    "indicator-breakdown": "indicators/basic_water/?country=AZE,UGA&tab=breakdown",
    "indicator-table": "indicators/wgi_cc/?country=AZE,GEO&tab=table",
    "indicator-empty": "indicators/sat_overall_gov/",
    "country-national": "countries/KAZ/",
    "country-few": "countries/AFG/",
    "compare-slope": "compare/?country=AZE,GEO,UZB&view=slope",
    "compare-dumbbell": "compare/?country=AZE,GEO,UZB&view=dumbbell",
    "compare-scatter": "compare/?country=AZE,GEO,UZB&view=scatter",
    "compare-ranking": "compare/?country=AZE,GEO,UZB&view=ranking",
    "compare-heat": "compare/?country=AZE,GEO,UZB&view=table",
    "compare-rows": "compare/?country=AZE,GEO,UZB&view=rows",
    "compare-panels": "compare/?country=AZE,GEO,UZB,KAZ,KGZ,RWA,KEN,UGA",
    "progress-programme": "progress/",
    "search-nothing": "search/?q=zzzzqqqq",
    "earlier-day": "countries/AZE/?as_of=2026-01-01",
    "unknown-country": "countries/XXX/",
    "absent": "no-such-page/",
}
"""Views of a page that its example does not show."""


def main() -> None:
    """Start the product on its own data and photograph every page in each language, theme and width."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    shown = {page.id: page.example for page in PAGES} | EXTRA
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as url, sync_playwright() as playwright:
        browser = launched(playwright)
        for lang, theme, width in product(LANGUAGES, ("light", "dark"), WIDTHS):
            context = browser.new_context(base_url=url, viewport={"width": width, "height": 900}, color_scheme=theme)
            page = context.new_page()
            for name, example in shown.items():
                load(page, f"/{lang}/{example}")
                target = FOLDER / f"{name}-{lang}-{theme}-{width}.png"
                page.screenshot(path=target, full_page=True)
                sys.stdout.write(f"{target.relative_to(ROOT)}\n")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
