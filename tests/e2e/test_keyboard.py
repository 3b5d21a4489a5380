"""The product with the keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.locales import t
from tests.e2e.conftest import load, settle

pytestmark = pytest.mark.browser


def _tab_to(page: Page, wanted: str, most: int = 60) -> None:
    """Press Tab until the focused element's text or label is ``wanted``."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { const e = document.activeElement; return (e.getAttribute('aria-label') || e.innerText ||"
            " (e.labels && e.labels[0] && e.labels[0].innerText) || '').replace(/\\s+/g, ' ').trim(); })()"
        )
        if focused.startswith(wanted):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{wanted}: the focus cannot be seen"
            return
    raise AssertionError(f"{wanted!r} was not reached with Tab")


def test_the_first_tab_skips_to_the_content(page: Page) -> None:
    load(page, "/en/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_from_the_menu_to_a_figures_source(page: Page) -> None:
    load(page, "/en/")
    _tab_to(page, "Countries")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/en/countries/")
    settle(page)
    page.locator("#main").focus()
    _tab_to(page, "Azerbaijan", most=150)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/en/countries/AZE/")
    settle(page)
    page.locator("#main").focus()
    _tab_to(page, "Compare")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/en/compare/?country=AZE")
    settle(page)
    page.locator("#main").focus()
    _tab_to(page, "Add a country")
    page.keyboard.type("Geor")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("country=AZE,GEO"))
    expect(page.get_by_role("link", name="Remove Georgia")).to_be_visible()  # the address is ahead of its answer
    settle(page)
    page.locator("#main").focus()
    _tab_to(page, "Remove Azerbaijan")  # the first chip
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("country=GEO"))
    expect(page.get_by_role("link", name="Remove Azerbaijan")).to_have_count(0)
    expect(page.get_by_role("link", name="Remove Georgia")).to_be_focused()  # not lost: on the next chip
    settle(page)
    page.goto("/en/compare/?country=AZE,GEO,UZB,KAZ")
    page.goto("/en/compare/?country=AZE,GEO")  # the server shows the four for a moment: nobody removed one
    settle(page)
    assert page.evaluate("document.activeElement === document.body")
    page.locator("#main").focus()
    _tab_to(page, "Figures")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("view=rows"))
    page.locator(".rows-table .value").first.wait_for()
    page.locator(".rows-table .value").first.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer).to_be_visible()
    for _ in range(8):  # the focus stays inside
        page.keyboard.press("Tab")
        inside = "document.querySelector('dialog').contains(document.activeElement)"
        assert page.evaluate(f"{inside} || document.activeElement === document.body")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


def test_the_list_of_countries_answers_to_arrows_and_escape(page: Page) -> None:
    load(page, "/en/compare/?country=AZE")
    field = page.get_by_role("combobox", name="Add a country")
    field.focus()
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    chosen = field.get_attribute("aria-activedescendant")
    assert chosen
    expect(page.locator(f"[id='{chosen}']")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("uzb")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("UZB"))


def test_the_focus_stays_where_no_more_countries_can_be_added(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/?country=AZE,GEO,KAZ,UZB,IDN")
    field = page.get_by_role("combobox", name="Add a country")
    field.focus()
    page.keyboard.type("paki")
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("aria-disabled", "true")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "false")


def test_who_turns_pages_keeps_the_focus_on_the_last_one(page: Page) -> None:
    load(page, "/en/adoption/?tab=events")
    turn = page.locator(".pager").get_by_role("link", name=t("ui.buttons.next", "en"), exact=True)
    pages = int(page.locator(".pager span").inner_text().split("/")[1])
    turn.focus()
    for number in range(2, pages + 1):
        page.keyboard.press("Enter")
        expect(page.locator(".pager")).to_contain_text(f"{number} / {pages}")
        expect(turn).to_be_focused()
    expect(turn).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"page={pages}$"))
    expect(turn).to_be_focused()


def test_wide_tables_scroll_by_keyboard(page: Page) -> None:
    load(page, "/en/countries/AZE/")
    for region in page.locator(".scroll").all():
        assert region.get_attribute("tabindex") == "0"
        assert region.get_attribute("aria-label")


@pytest.mark.parametrize(("lang", "column"), [("en", "Strength of evidence"), ("ar", "قوة الأدلة")])
def test_which_principle_has_the_weakest_evidence(page: Page, lang: str, column: str) -> None:
    load(page, f"/{lang}/principles/?sort=figures")
    _tab_to(page, column)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"/{lang}/principles/")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text(column)
    places = [int(text.split()[0]) for text in page.locator("tbody td:nth-child(2)").all_inner_texts()]
    assert places == sorted(places)
    assert places[0] == 1
    page.reload()
    settle(page)
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text(column)
    page.locator("tbody a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/{lang}/principles/[a-z_]+/"))
