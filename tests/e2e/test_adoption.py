"""The adoption register: what a published count counts, by keyboard; filters that stay; rows that are the file's."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from dashboard.interfaces.pages.adoption.state import ROWS
from dashboard.locales import t
from tests.e2e.conftest import load, settle
from tests.languages import SWEPT

pytestmark = pytest.mark.browser


def _tab_to(page: Page, wanted: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").strip() == wanted:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{wanted!r} was not reached with Tab")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_four_in_full_operation_counts_is_two_keys_away(page: Page, lang: str) -> None:
    load(page, f"/{lang}/")
    _tab_to(page, t("ui.nav.adoption", lang))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/{lang}/adoption/$"))
    settle(page)
    _tab_to(page, t("register.tab.claims", lang))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?tab=claims$"))
    told = page.locator("#RC-06")
    expect(told).to_contain_text(t("register.claim.RC-06.differs", lang))
    expect(told).to_contain_text("CEPA")
    expect(page.locator("#claims h2")).to_be_visible()
    expect(page.locator("#events")).to_have_count(0)


def test_published_counts_are_seen_before_they_are_read(page: Page) -> None:
    load(page, "/fr/adoption/?tab=claims")
    picture, words = (page.locator(f"#claims {one}").bounding_box() for one in ("figure", "table"))
    assert picture
    assert words
    assert picture["y"] + picture["height"] <= words["y"]


def test_an_anchor_leads_to_its_part_and_an_event_opens_how_it_is_known(page: Page) -> None:
    load(page, "/en/adoption/?q=ETH-03#ETH-03")
    row = page.locator("#ETH-03")
    expect(row).to_be_in_viewport()
    expect(row.locator("details")).to_have_attribute("open", "")
    expect(row.locator("dl")).to_contain_text("azernews 253201, 255021; report.az")
    expect(row).to_contain_text("June 2025")
    load(page, "/en/adoption/?q=ETH-02#ETH-02")
    expect(page.locator("#ETH-02")).to_contain_text("April 2025")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_filters_stay_after_a_reload_and_the_file_holds_the_rows_shown(page: Page, lang: str) -> None:
    load(page, f"/{lang}/adoption/?rule=operating&country=ETH,AFG&tab=events")
    rows = page.locator("table.events tbody tr")
    page.get_by_label(t("register.filter.disputed", lang), exact=True).select_option("yes")
    expect(page).to_have_url(re.compile("disputed=yes"))
    page.get_by_label(t("register.filter.sort", lang), exact=True).select_option("oldest")
    expect(page).to_have_url(re.compile("sort=oldest"))
    expect(rows).to_have_count(6)
    expect(rows.first).to_have_attribute("id", "AFG-02")
    page.reload()
    settle(page)
    expect(rows).to_have_count(6)
    expect(page.get_by_label(t("register.filter.disputed", lang), exact=True)).to_have_value("yes")
    expect(_rule(page, lang, "operating")).to_have_attribute("aria-current", "true")
    address = page.locator("#events a[download]").get_attribute("href")
    reply = page.request.get(str(address))
    lines = [line["id"] for line in csv.DictReader(io.StringIO(reply.text()))]
    assert lines == rows.evaluate_all("all => all.map(one => one.id)")
    page.locator("#from-year").select_option("2025")
    expect(page).to_have_url(re.compile("from=2025"))
    page.get_by_role("link", name=t("ui.buttons.clear", lang), exact=True).click()
    expect(page).to_have_url(re.compile(r"\?rule=operating&tab=events$"))
    expect(rows).to_have_count(ROWS)


def _rule(page: Page, lang: str, rule: str) -> Locator:
    """The link of a counting rule, by its address."""
    return page.get_by_role("navigation", name=t("ui.controls.counting_rule", lang)).locator(f"a[href*='rule={rule}']")


def test_another_rule_changes_count_definition_and_chart(page: Page) -> None:
    load(page, "/en/adoption/")
    expect(page.locator("#count .big-words")).to_have_text("14 countries have signed or gone further")
    expect(page.locator("figure.chart .chart-subtitle")).to_contain_text("14 countries have signed or gone further")
    _rule(page, "en", "operating").click()
    expect(page).to_have_url(re.compile("rule=operating"))
    expect(page.locator("#count .big-words")).to_have_text("6 countries with a working centre")
    expect(page.locator("#count .note").first).to_contain_text(t("terms.counting_rule.operating.definition", "en"))
    expect(page.locator("figure.chart .chart-subtitle")).to_contain_text("6 countries with a working centre")
    page.get_by_role("link", name=t("register.tab.claims", "en"), exact=True).click()
    expect(page.locator("#claims figure.chart")).to_have_attribute("data-status", "ready")
    expect(page.locator("#claims figcaption")).to_contain_text("By our rule “operating” 6 countries")


def test_on_a_telephone_no_map_and_no_legend_of_one(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for place in ("/en/", "/en/adoption/"):
        load(page, place)
        expect(page.locator(".tiles").first).to_be_hidden()
        expect(page.locator(".legend")).to_be_hidden()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_on_a_telephone_a_published_count_and_its_explanation_need_no_sideways_scrolling(
    new_context: Callable[..., BrowserContext], lang: str
) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    for tab in ("?tab=events", "?tab=claims"):
        load(page, f"/{lang}/adoption/{tab}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        regions = page.locator("#claims .scroll, #events .scroll").all()
        assert len(regions) == 1
        assert regions[0].evaluate("it => it.scrollWidth <= it.clientWidth")


@pytest.mark.parametrize("lang", SWEPT)
def test_the_menu_is_one_line_at_1280(page: Page, lang: str) -> None:
    page.goto(f"/{lang}/adoption/")
    assert page.locator("header.top").bounding_box()["height"] < 80
