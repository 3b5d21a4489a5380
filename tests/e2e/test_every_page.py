"""Pages of the registry, in each language and theme: accessible, quiet, honest in its head, narrow enough."""

from collections import Counter
from collections.abc import Callable
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize

from dashboard.interfaces.pages.registry import PAGES
from dashboard.locales import LANGUAGES
from tests.e2e.conftest import load, settle, watch

pytestmark = pytest.mark.browser

CHECKED = (
    *(page.example for page in PAGES),
    "principles/?sort=order",
    "countries/AZE/?tab=indicators",
    "mapping/?pin=,16.5,",
)
"""All pages, and views that the example of their page does not show."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"label-content-name-mismatch": {"enabled": True}},  # not on by itself: axe calls it experimental
    "resultTypes": ["violations"],
}
OFTEN = (
    "{lang}/changes/", "{lang}/changes/?kind=status", "{lang}/disagreements/", "{lang}/disagreements/?country=KAZ",
    "{lang}/countries/?q=zzzz", "check/?lang={lang}", "brief/?lang={lang}",
    "brief/?lang={lang}&country=AZE,UGA&indicator=wgi_cc,egdi,sat_overall_gov", "follow/?lang={lang}",
    "follow/?lang={lang}&country=UGA",
)  # fmt: skip
"""Pages that bring readers back, those of the server among them; each is looked at in both themes and widths."""
DRAFT = "In 2024 the E-Government Development Index of Azerbaijan was 0.7607, and control of corruption 55 of 100."
DESK: ViewportSize = {"width": 1280, "height": 900}
TELEPHONE: ViewportSize = {"width": 360, "height": 740}
ZOOMED: ViewportSize = {"width": 640, "height": 450}
"""The desk with text at twice its size: zoom of 200 % halves a window."""


NIGHTLY = (pytest.param(lang, marks=pytest.mark.nightly) for lang in ("fr", "az"))
"""Their pages have the skeleton of the others: ``test_skeleton.py``."""


@pytest.mark.parametrize("lang", ["en", pytest.param("ar", marks=pytest.mark.long), *NIGHTLY])
def test_checked_pages_are_accessible_quiet_and_narrow_by_day_and_by_night(
    new_context: Callable[..., BrowserContext], lang: str
) -> None:
    """Each page at a desk in the light theme; then, without a reload, zoomed and on a telephone in the dark one."""
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
        findings += _too_wide(page, TELEPHONE)
        page.set_viewport_size(ZOOMED)
        page.wait_for_timeout(100)
        settle(page)
        findings += _too_wide(page, ZOOMED)
    assert not findings, "\n".join(findings)
    assert errors == []
    assert len(titles) >= len(PAGES) - 2  # a theme and a principle may share a name


def _too_wide(page: Page, size: ViewportSize) -> list[str]:
    """The page where it needs sideways scrolling in a window of this size."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{page.url}: {width} wide of {size['width']}"] * (width > size["width"])


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


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_brings_readers_back_is_accessible_in_both_themes_and_widths(
    new_context: Callable[..., BrowserContext], lang: str
) -> None:
    page = new_context().new_page()
    errors, findings = watch(page), []

    def look(name: str) -> None:
        for size, scheme in product((DESK, TELEPHONE), ("light", "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(100)
            findings.extend(_violations(page, f"{scheme} {size['width']}"))
            findings.extend(f"{name}: {one}" for one in _too_wide(page, size))

    for path in OFTEN:
        page.goto(f"/{path.format(lang=lang)}")
        if path.startswith("{lang}"):
            settle(page)
        look(path)
    page.goto(f"/check/?lang={lang}")
    page.fill("#text", DRAFT)
    page.locator("form button.primary").click()
    page.locator("[role=status]").wait_for()
    for fold in page.locator("main details").all():
        fold.evaluate("one => { one.open = true; }")
    look("a checked draft")
    assert not findings, "\n".join(findings)
    assert errors == []
