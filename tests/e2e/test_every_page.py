"""Pages of the registry, in each language and theme: accessible, quiet, honest in its head, narrow enough."""

from collections import Counter
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from dashboard.locales import LANGUAGES
from dashboard.pages.registry import PAGES
from tests.e2e.conftest import load, settle, watch

pytestmark = pytest.mark.browser

CHECKED = (
    *(page.example for page in PAGES if page.id != "gallery"),
    "principles/?sort=evidence",
    "countries/AZE/?tab=indicators",
)
"""All pages but the gallery, whose thirty charts stand on the pages themselves too."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
DESK, TELEPHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


NIGHTLY = (pytest.param(lang, marks=pytest.mark.nightly) for lang in ("fr", "az"))
"""Their pages have the skeleton of the others: ``test_skeleton.py``."""


@pytest.mark.parametrize("lang", ["en", pytest.param("ar", marks=pytest.mark.long), *NIGHTLY])
def test_checked_pages_are_accessible_quiet_and_narrow_by_day_and_by_night(
    new_context: Callable[..., BrowserContext], lang: str
) -> None:
    """Each page at a desk in the light theme; then, without a reload, on a telephone in the dark one."""
    page = new_context().new_page()
    errors, findings, titles = watch(page), [], set()
    for example in CHECKED:
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="light")
        load(page, f"/{lang}/{example}")
        titles.add(_head(page, lang))
        words = page.locator("body").inner_text()
        findings += [f"{page.url}: {word} is no word" for word in ("rx_state", "undefined", "[object") if word in words]
        findings += _violations(page, "light")
        page.set_viewport_size(TELEPHONE)
        page.emulate_media(color_scheme="dark")
        page.locator("html.dark").wait_for(state="attached")
        page.wait_for_timeout(100)  # charts notice, and are drawn anew
        settle(page)
        findings += _violations(page, "dark")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > TELEPHONE["width"]:
            findings.append(f"{page.url}: {width} wide on a telephone")
    assert not findings, "\n".join(findings)
    assert errors == []
    assert len(titles) >= len(PAGES) - 2  # a theme and a principle may share a name


def _violations(page: Page, scheme: str) -> list[str]:
    """What axe finds, said with the place; squares of the map may be small, for the list below it does the same."""
    return [
        f"{page.url} {scheme}: {violation['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for violation in Axe().run(page, options=RULES).response["violations"]
        for node in violation["nodes"][:3]
        if not (violation["id"] == "target-size" and 'class="tile"' in node["html"])
    ]


def _head(page: Page, lang: str) -> str:
    """The title; language, direction, title and description are asserted."""
    root = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    assert root == [lang, LANGUAGES[lang].dir]
    assert page.evaluate("document.documentElement.className") == "light"
    assert page.title().strip(" ·") not in ("", "ASAN SDG Monitor")
    assert len(page.locator("head title").all()) == 1
    assert page.locator("head meta[name=description]").first.get_attribute("content")
    assert page.locator("h1").count() == 1
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert [id_ for id_, times in Counter(ids).items() if times > 1] == [], page.url
    return page.title()


def test_text_at_twice_the_size_needs_no_sideways_scrolling(new_context: Callable[..., BrowserContext]) -> None:
    """200 % zoom of a window 1280 wide is a window 640 wide."""
    page = new_context(viewport={"width": 640, "height": 450}, device_scale_factor=2).new_page()
    for example in CHECKED:
        load(page, f"/en/{example}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, page.url
