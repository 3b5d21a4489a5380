"""The adoption register: what a published count counts, by keyboard; filters that stay; rows that are the file's."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.locales import LANGUAGES, t
from tests.e2e.conftest import arrive, settle

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
    arrive(page, f"/{lang}/")
    _tab_to(page, t("ui.nav.adoption", lang))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/{lang}/adoption/$"))
    settle(page)
    _tab_to(page, t("register.page.claims", lang))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#claims$"))
    expect(page.locator("#claims")).to_have_attribute("data-here", "")
    told = page.locator("#RC-06")
    expect(told).to_contain_text(t("register.claim.RC-06.differs", lang))
    expect(told).to_contain_text(t("register.claim.no_public_source", lang))
    expect(page.locator("#claims h2")).to_be_in_viewport()


def test_an_anchor_leads_to_its_part_and_an_event_opens_how_it_is_known(page: Page) -> None:
    arrive(page, "/en/adoption/#ETH-03")
    row = page.locator("#ETH-03")
    expect(row).to_be_in_viewport()
    expect(row.locator("details")).to_have_attribute("open", "")
    expect(row.locator("dl")).to_contain_text("azernews 253201, 255021; report.az")
    expect(page.locator("#ETH-02")).to_contain_text("April 2025")
    expect(row).to_contain_text("June 2025")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_filters_stay_after_a_reload_and_the_file_holds_the_rows_shown(page: Page, lang: str) -> None:
    arrive(page, f"/{lang}/adoption/?rule=operating&country=ETH,AFG")
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
    expect(page.locator("input[name=rule][value=operating]")).to_be_checked()
    address = page.locator("#events a[download]").get_attribute("href")
    reply = page.request.get(str(address))
    lines = [line["id"] for line in csv.DictReader(io.StringIO(reply.text()))]
    assert lines == rows.evaluate_all("all => all.map(one => one.id)")
    page.locator("#from-year").select_option("2025")
    expect(page).to_have_url(re.compile("from=2025"))
    page.get_by_role("button", name=t("ui.buttons.clear", lang), exact=True).click()
    expect(rows).to_have_count(49)
    expect(page).to_have_url(re.compile(r"\?rule=operating#events$"))


def test_another_rule_changes_count_definition_and_chart(page: Page) -> None:
    arrive(page, "/en/adoption/")
    expect(page.locator("#count")).to_contain_text("14 countries with a signed instrument or more")
    page.locator("input[name=rule][value=operating]").press("Space")
    expect(page).to_have_url(re.compile("rule=operating"))
    expect(page.locator("#count .big-words")).to_have_text("6 countries with a working centre")
    expect(page.locator("#claims figure.chart")).to_have_attribute("data-status", "ready")
    expect(page.locator("#claims figcaption")).to_contain_text("By our rule “operating” 6 countries")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_on_a_telephone_a_published_count_and_its_explanation_need_no_sideways_scrolling(
    new_context: Callable[..., BrowserContext], lang: str
) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    arrive(page, f"/{lang}/adoption/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for region in page.locator("#claims .scroll, #events .scroll").all():
        assert region.evaluate("it => it.scrollWidth <= it.clientWidth")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_menu_is_one_line_at_1280(page: Page, lang: str) -> None:
    page.goto(f"/{lang}/adoption/")
    box = page.locator("header.top").bounding_box()
    assert box is not None
    assert box["height"] < 80


def test_without_script_the_counts_and_events_are_text(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/en/adoption/")
    assert page.locator("noscript li").filter(has_text="in full operation in 4 of 25").count() == 1
    assert page.locator("noscript li").filter(has_text="ETH-02").count() == 1
