"""Every page of the registry, in each language and theme: accessible, quiet, honest in its head, narrow enough."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from dashboard.locales import LANGUAGES
from dashboard.pages.registry import PAGES
from tests.e2e.conftest import arrive, watch

pytestmark = pytest.mark.browser

EXAMPLES = (
    *(page.example for page in PAGES),
    "indicators/wgi_cc/?country=AZE,GEO&tab=table",
    "indicators/sat_overall_gov/",
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_accessible_and_quiet(new_context: Callable[..., BrowserContext], lang: str, scheme: str) -> None:
    page = new_context(color_scheme=scheme).new_page()
    errors, findings = watch(page), []
    for example in EXAMPLES:
        arrive(page, f"/{lang}/{example}")
        assert page.evaluate("document.documentElement.className").split() == [scheme]
        for violation in Axe().run(page, options=RULES).response["violations"]:
            nodes = [f"{node['html'][:160]} ({node['failureSummary'][:200]})" for node in violation["nodes"][:3]]
            findings.append(f"{page.url}: {violation['id']}: {nodes}")
    assert not findings, "\n".join(findings)
    assert errors == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_head_says_language_direction_title_and_description(page: Page, lang: str) -> None:
    titles = set()
    for example in EXAMPLES:
        arrive(page, f"/{lang}/{example}")
        root = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        assert root == [lang, LANGUAGES[lang].dir]
        assert page.title().strip(" ·") not in ("", "ASAN SDG Monitor")
        assert len(page.locator("head title").all()) == 1
        assert page.locator("head meta[name=description]").first.get_attribute("content")
        assert page.locator("h1").count() == 1
        titles.add(page.title())
    assert len(titles) >= len(PAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_wider_than_a_telephone(new_context: Callable[..., BrowserContext], lang: str) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    wide = []
    for example in EXAMPLES:
        arrive(page, f"/{lang}/{example}")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide.append(f"{page.url}: {width}")
    assert wide == []


def test_text_at_twice_the_size_needs_no_sideways_scrolling(new_context: Callable[..., BrowserContext]) -> None:
    """200 % zoom of a window 1280 wide is a window 640 wide."""
    page = new_context(viewport={"width": 640, "height": 450}, device_scale_factor=2).new_page()
    for example in EXAMPLES:
        arrive(page, f"/en/{example}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, page.url
