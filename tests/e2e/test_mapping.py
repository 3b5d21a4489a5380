"""The Mapping page: the picture first, its paths held by address, the reader never moved, the same without it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.checks import all_of
from tests.e2e.conftest import load, settle, watch
from tests.languages import SWEPT

pytestmark = pytest.mark.browser

RIBBON = ".chart-box .mark-area path"
FIRST_IS_LEFT = """one => {
    const at = (from) => {
        const range = document.createRange();
        range.setStart(one.firstChild, from);
        range.setEnd(one.firstChild, from + 1);
        return range.getBoundingClientRect().x;
    };
    return at(0) < at(one.firstChild.length - 1);
}"""
PICTURE = "figure.chart[data-status=ready] .chart-box svg"


def scrolled(page: Page) -> float:
    return float(page.evaluate("window.scrollY"))


@pytest.mark.parametrize("lang", SWEPT)
def test_the_picture_fills_the_first_screen_and_the_page_is_short(
    new_context: Callable[..., BrowserContext], lang: str
) -> None:
    page = new_context(viewport={"width": 1280, "height": 800}).new_page()
    load(page, f"/{lang}/mapping/")
    page.locator(PICTURE).wait_for()
    share = page.evaluate(
        """() => {
            const { left, right, top, bottom } = document.querySelector(".chart-box svg").getBoundingClientRect();
            return (right - left) * (Math.min(bottom, innerHeight) - top) / (innerWidth * innerHeight);
        }"""
    )
    assert share >= 0.45
    assert page.evaluate("document.querySelector('main').getBoundingClientRect().bottom") <= 1400  # without the footer
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("lang", SWEPT)
def test_on_a_telephone_dots_stand_for_ribbons(new_context: Callable[..., BrowserContext], lang: str) -> None:
    page = new_context(viewport={"width": 360, "height": 780}, has_touch=True).new_page()
    load(page, f"/{lang}/mapping/")
    matrix = page.locator(".mapping-matrix")
    expect(matrix).to_be_visible()
    expect(page.locator(".chart-stage")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") <= 3 * 1600
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    sizes = matrix.locator("a").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(r => [r.width, r.height])"
    )
    assert all_of(width >= 43.5 and height >= 43.5 for width, height in sizes)
    assert matrix.locator("th .badge", has_text="5.b").evaluate(FIRST_IS_LEFT), "a code is read as it is written"
    matrix.locator("td a").first.tap()
    expect(page.locator(".mapping-pinned")).to_be_in_viewport()


def test_a_ribbon_is_isolated_by_the_pointer_and_held_by_a_click(page: Page) -> None:
    load(page, "/en/mapping/?side=principles")
    page.mouse.wheel(0, 40)
    expect(page.locator(PICTURE)).to_be_visible()
    ribbon = page.locator(RIBBON).last
    ribbon.dispatch_event("pointerover", {"bubbles": True})
    faint = page.locator(f"{RIBBON}[opacity='0.1']")
    expect(faint.first).to_be_attached()
    all_of_them = page.locator(RIBBON).count()
    assert all_of_them - 4 <= faint.count() < all_of_them
    expect(page.locator(".chart-box svg text", has_text="→")).to_have_count(1)
    before = scrolled(page)
    ribbon.dispatch_event("click", {"bubbles": True})
    expect(page).to_have_url(re.compile(r"pin=[a-z]+,[0-9.a-z]+,[a-z_]*"))
    held = page.locator(".mapping-pinned")
    expect(held).to_be_visible()
    assert abs(scrolled(page) - before) <= 4
    assert held.locator("li .strength").count() == held.locator("li .note").count() > 0
    address = page.url
    page.reload()
    settle(page)
    expect(page).to_have_url(address)
    expect(held).to_be_visible()


def test_every_control_is_an_entry_and_leaves_the_reader_where_he_is(page: Page) -> None:
    load(page, "/en/mapping/")
    page.evaluate("window.scrollTo(0, 120)")
    entries = page.evaluate("history.length")
    for name, said in (
        ("Proxy", "strength=proxy"),
        ("Only with figures", "figures=1"),
        ("Goals", "side=goals"),
        ("Table", "view=table"),
    ):
        page.get_by_role("link", name=name, exact=True).and_(page.locator(".segments a")).click()
        expect(page).to_have_url(re.compile(said))
        expect(page.locator(f".segments a[aria-current=true]:has-text('{name}')")).to_be_visible()
        assert abs(scrolled(page) - 120) <= 4, name
        entries += 1
        assert page.evaluate("history.length") == entries, name
    expect(page.locator(".mapping-picture table").first).to_be_visible()
    page.go_back()
    expect(page).not_to_have_url(re.compile("view=table"))
    expect(page.locator("figure.chart")).to_be_visible()
    page.go_back()
    expect(page).not_to_have_url(re.compile("side=goals"))


def test_one_country_colours_the_ribbons_by_its_status_and_its_figures_open(page: Page) -> None:
    load(page, "/en/mapping/")
    page.locator(".mapping-country summary").click()
    page.locator(".mapping-country a", has_text="Kazakhstan").click()
    expect(page).to_have_url(re.compile("country=KAZ"))
    expect(page.locator(".chart-sentence")).to_contain_text("Kazakhstan")
    page.goto(page.url + "&pin=integrity,16.5,")
    settle(page)
    figure = page.locator(".mapping-pinned button.value").first
    expect(figure).to_contain_text(re.compile(r"\(20\d\d\), "))
    figure.click()
    expect(page.get_by_role("dialog", name="How we know")).to_contain_text("Kazakhstan")


def test_the_table_holds_the_same_path_by_keyboard_alone(page: Page) -> None:
    load(page, "/en/mapping/?view=table")
    link = page.locator(".mapping-picture tbody th a", has_text="Integrity → 16.5 → Integrity")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".mapping-pinned h2")).to_have_text("Integrity → 16.5 → Integrity")
    expect(link).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="Picture", exact=True).press("Enter")
    expect(page.locator("figure.chart")).to_be_visible()
    expect(page.locator(".mapping-pinned h2")).to_have_text("Integrity → 16.5 → Integrity")


def test_a_held_path_leads_to_the_table_and_arrow_keys_through_the_picture(page: Page) -> None:
    load(page, "/en/mapping/?pin=,16.5,")
    page.get_by_role("link", name="Show in the table").click()
    expect(page).to_have_url(re.compile("view=table"))
    expect(page.locator(".mapping-pinned")).to_be_visible()
    load(page, "/en/mapping/")
    expect(page.locator(PICTURE)).to_be_visible()
    page.locator("figure.chart [role=img]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".chart-box svg text", has_text="·")).not_to_have_count(0)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("pin=satisfaction,,"))


def test_the_page_says_nothing_wrong_in_dark_and_from_right_to_left(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(color_scheme="dark").new_page()
    errors = watch(page)
    load(page, "/ar/mapping/?side=rights&pin=,16.6,")
    tiles = page.locator(".chart-box .mark-rect path").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().x)"
    )
    assert tiles[0] > max(tiles[6:20]), "themes stand on the right"
    assert errors == []
