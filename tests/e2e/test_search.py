"""Search with the keyboard alone, in both directions of writing: it offers and never opens by itself."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.conftest import load, settle, watch
from tests.e2e.test_every_page import RULES

pytestmark = pytest.mark.browser

WORDS = {"en": ("Search", "corruption index", "azerbajan"), "ar": ("بحث", "مدركات الفساد", "أذربيحان")}


def _field(page: Page, lang: str) -> Locator:
    return page.locator("header").get_by_role("combobox", name=WORDS[lang][0])


def _typed(page: Page, lang: str, words: str) -> Locator:
    """Open the search with ``/``, type, and wait for the answer."""
    page.keyboard.press("/")
    expect(_field(page, lang)).to_be_focused()
    page.keyboard.type(words)
    expect(page.locator(".find [role=status]")).not_to_be_empty()
    return _field(page, lang)


@pytest.mark.parametrize("lang", WORDS)
def test_from_any_page_to_an_indicator(page: Page, lang: str) -> None:
    load(page, f"/{lang}/countries/UGA/?as_of=2026-11-24")
    field = _typed(page, lang, WORDS[lang][1])
    expect(field).to_have_attribute("aria-expanded", "true")
    assert field.get_attribute("aria-activedescendant") is None, "nothing is chosen for the reader"
    expect(page.locator(".find [role=status]")).to_have_text("2 results" if lang == "en" else "نتيجة واحدة")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"[id='{field.get_attribute('aria-activedescendant')}']")
    expect(chosen).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"/{lang}/indicators/ti_cpi/?as_of=2026-11-24")
    settle(page)
    expect(page.locator(".find-panel")).to_be_hidden()


@pytest.mark.parametrize("lang", WORDS)
def test_a_typing_error_is_asked_about_and_never_opened(page: Page, lang: str) -> None:
    load(page, f"/{lang}/")
    _typed(page, lang, WORDS[lang][2])
    expect(page.get_by_role("option").first).to_be_visible()
    expect(page.locator(".find-group")).to_have_count(1)
    page.keyboard.press("Enter")  # nothing was chosen
    expect(page).to_have_url(re.compile(f"/{lang}/search/"))
    settle(page)
    expect(page.locator("main .hits a").first).to_have_attribute("href", f"/{lang}/countries/AZE/")
    expect(page.locator("main h2")).to_have_count(1)


def test_slash_and_control_k_lead_to_the_field_and_escape_away(page: Page) -> None:
    load(page, "/en/indicators/")
    page.keyboard.press("Control+k")
    field = _field(page, "en")
    expect(field).to_be_focused()
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("a/b")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    page.locator("#q").focus()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_have_value("/")


def test_arrows_go_round_the_list_to_all_results(page: Page) -> None:
    load(page, "/en/")
    _typed(page, "en", "bribery")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".find-all")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/en/search/?q=bribery")


def test_results_are_restored_by_their_address(page: Page) -> None:
    load(page, "/en/search/?q=16.6.2")
    expect(page.locator("main .hits a").first).to_have_attribute("href", "/en/targets/16.6/#sdg-16.6.2")
    page.locator("#kind").select_option("indicator")
    expect(page).to_have_url("/en/search/?q=16.6.2&kind=indicator")
    settle(page)
    expect(page.locator("main h2").first).to_have_text("Indicators")
    page.reload()
    settle(page)
    expect(page.locator("#q")).to_have_value("16.6.2")
    expect(page.locator("#kind")).to_have_value("indicator")
    expect(page.locator("main h2").first).to_have_text("Indicators")
    page.locator("#q").fill("egdi")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/en/search/?q=egdi&kind=indicator")


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.nightly)])
def test_the_open_list_is_accessible(new_context: Callable[..., BrowserContext], lang: str, scheme: str) -> None:
    for width in (1280, 360):
        page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
        errors = watch(page)
        load(page, f"/{lang}/goals/")
        for words in WORDS[lang][1:]:
            _typed(page, lang, words)
            page.keyboard.press("ArrowDown")
            found = Axe().run(page, options=RULES).response["violations"]
            assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            page.locator("#main").focus()
        assert errors == []


@pytest.mark.parametrize("lang", WORDS)
def test_on_a_telephone_it_is_a_panel_as_wide_as_the_window(
    new_context: Callable[..., BrowserContext], lang: str
) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    load(page, f"/{lang}/")
    expect(_field(page, lang)).to_be_hidden()
    opener = page.locator(".find-open")
    opener.click()
    expect(_field(page, lang)).to_be_focused()
    page.keyboard.type(WORDS[lang][1])
    panel = page.locator(".find-panel")
    expect(panel.get_by_role("option").first).to_be_visible()
    box = panel.bounding_box()
    assert (round(box["x"]), round(box["width"])) == (0, 360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_when_it_cannot_be_reached_the_page_of_results_is_offered(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    load(page, "/en/")
    page.route("**/api/v1/search*", lambda route: route.abort())
    _typed(page, "en", "egdi")
    expect(page.locator(".find-panel a")).to_have_attribute("href", "/en/search/?q=egdi")


def test_arabic_letters_of_two_parts_of_a_line_are_not_joined(page: Page) -> None:
    """A name and its kind stand side by side without a space between them, which a margin alone would let join."""
    load(page, "/ar/search/?q=corruption")
    parts = page.locator("main .hits .after")
    assert parts.count()
    assert set(parts.evaluate_all("all => all.map((it) => getComputedStyle(it).unicodeBidi)")) == {"isolate"}
