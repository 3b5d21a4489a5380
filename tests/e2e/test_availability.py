"""The matrix of adopters and indicators: by mouse, by keyboard, on a telephone, as a table, as a file."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from dashboard.locales import format_number
from tests.e2e.conftest import load, settle

pytestmark = pytest.mark.browser
CELLS = ".matrix-scroll td[data-state]"


def focused(page: Page) -> Locator:
    return page.locator(".matrix-scroll a:focus")


def test_filters_are_in_the_address_and_the_file_holds_what_is_shown(page: Page) -> None:
    load(page, "/en/availability/")
    everything = page.locator(CELLS).count()
    page.get_by_label("Theme").select_option("integrity")
    expect(page).to_have_url(re.compile(r"\?theme=integrity$"))
    expect(page.locator(CELLS)).not_to_have_count(everything)
    page.get_by_label("Kind of gap").select_option("not_reported")
    expect(page).to_have_url(re.compile(r"theme=integrity&gap=not_reported"))
    expect(page.locator('.matrix-scroll td[data-state="recent"]')).to_have_count(0)
    page.get_by_label("Order").select_option("least")
    expect(page).to_have_url(re.compile("sort=least"))
    shown = page.locator(CELLS)
    before = shown.count()
    page.reload()
    expect(page.get_by_label("Kind of gap")).to_have_value("not_reported")
    expect(shown).to_have_count(before)
    reply = page.request.get(str(page.get_by_role("link", name="The cells as CSV").get_attribute("href")))
    assert len(list(csv.DictReader(io.StringIO(reply.text())))) == before > 0
    page.get_by_role("link", name="Clear").click()
    expect(shown).to_have_count(everything)
    expect(page).to_have_url(re.compile(r"/en/availability/$"))


@pytest.mark.parametrize(
    ("lang", "forward", "back"), [("en", "ArrowRight", "ArrowLeft"), ("ar", "ArrowLeft", "ArrowRight")]
)
def test_arrow_keys_walk_the_cells_and_enter_opens_one(page: Page, lang: str, forward: str, back: str) -> None:
    load(page, f"/{lang}/availability/?theme=integrity")
    stops = page.locator('.matrix-scroll a[tabindex="0"]')
    expect(stops).to_have_count(1)
    stops.focus()
    here = focused(page)
    place = "(it) => [it.closest('tr').sectionRowIndex, it.closest('td').cellIndex]"
    row, column = here.evaluate(place)
    for key, down, along in (
        (forward, 0, 1), ("ArrowDown", 1, 1), (back, 1, 0), ("Home", 1, 0), ("ArrowUp", 0, 0), ("ArrowUp", 0, 0),
        ("PageDown", 10, 0), ("PageUp", 0, 0),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert here.evaluate(place) == [row + down, column + along], key
        expect(stops).to_have_count(1)
    words, to = here.get_attribute("title"), here.get_attribute("href")
    assert words
    assert to
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(to) + "$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.split("[,،]", words)[0])


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_on_a_telephone_the_matrix_scrolls_and_the_page_does_not(
    new_context: Callable[..., BrowserContext], lang: str
) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    load(page, f"/{lang}/availability/?rule=any_contact")
    region = page.locator(".matrix-scroll")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert region.evaluate("it => it.scrollWidth > it.clientWidth && it.scrollHeight > it.clientHeight")
    first = region.locator("tbody tr:not(.theme) th[scope=row]").first
    edges = []
    for part in (0, 200):
        region.evaluate("(it, by) => { it.scrollLeft = document.documentElement.dir === 'rtl' ? -by : by }", part)
        edges.append(round(first.bounding_box()["x"]))
    assert edges[0] == edges[1], "the names stay while the years move"
    small = region.locator("td a").evaluate_all(
        "all => all.map((it) => it.getBoundingClientRect()).filter((box) => box.width < 44 || box.height < 44).length"
    )
    assert small == 0


def test_the_same_as_a_table_by_address(page: Page) -> None:
    load(page, "/en/availability/?theme=integrity")
    rows = page.locator(".matrix-scroll tbody tr:not(.theme) th[scope=row]").count()
    page.get_by_role("navigation", name="View").get_by_role("link", name="Table").click()
    expect(page).to_have_url(re.compile("tab=table"))
    expect(page.locator(".matrix tbody th[scope=row]")).to_have_count(rows)
    expect(page.locator(".matrix table")).to_contain_text("13 of 14")
    page.reload()
    expect(page.locator(".matrix tbody th[scope=row]")).to_have_count(rows)


def test_sources_show_the_same_matrix_and_lead_to_one_publisher(page: Page) -> None:
    load(page, "/en/sources/")
    expect(page.locator("#coverage .matrix-scroll td[data-state]").first).to_be_visible()
    page.locator("#egdi > summary").click()
    page.locator("#egdi").get_by_role("link", name="What this publisher covers").click()
    expect(page).to_have_url(re.compile(r"/en/availability/\?source=egdi$"))
    expect(page.get_by_label("Publisher")).to_have_value("egdi")


@pytest.mark.parametrize(("lang", "name"), [("en", "whole matrix"), ("ar", "المصفوفة كاملة")])
def test_the_overview_leads_there_and_the_matrix_is_said_in_a_sentence(page: Page, lang: str, name: str) -> None:
    load(page, f"/{lang}/")
    page.get_by_role("link", name=name).click()
    expect(page).to_have_url(re.compile(f"/{lang}/availability/$"))
    settle(page)
    address = page.locator("main a[download][href*='availability.csv']").get_attribute("href")
    cells = len(list(csv.DictReader(io.StringIO(page.request.get(str(address)).text()))))
    assert cells > 1000
    expect(page.locator(".matrix > p").first).to_contain_text(format_number(cells, lang, 0))
