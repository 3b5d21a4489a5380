"""A reader's way through the product: every control is in the address, and reload, Back and sharing bring it back."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import load, settle

pytestmark = pytest.mark.browser


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_a_page_that_is_opened_again_is_alive(page: Page) -> None:
    for _ in range(2):  # the second time the server says that the page it has kept is good
        load(page, "/en/principles/?sort=evidence")
        expect(page.locator("main h1")).to_be_visible()


def test_from_the_overview_to_a_comparison(page: Page) -> None:
    load(page, "/en/")
    page.get_by_label("Main navigation").get_by_role("link", name="Mapping").click()
    page.get_by_role("navigation", name="Mapping", exact=True).get_by_role("link", name="Goals").click()
    expect(page).to_have_url("/en/goals/")
    page.get_by_role("link", name="Peace, justice and strong institutions").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Peace, justice")
    page.get_by_role("heading", name="16.5").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Target 16.5")
    page.locator("main").get_by_role("link", name="Control of corruption").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Control of corruption (WGI)")
    settle(page)
    page.get_by_label("Main navigation").get_by_role("link", name="Countries").click()
    expect(page).to_have_url("/en/countries/")
    settle(page)
    page.locator("main").get_by_role("link", name="Uganda").first.click()
    expect(page).to_have_url("/en/countries/UGA/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Uganda")
    expect(page).to_have_title("Uganda · ASAN SDG Monitor")
    page.locator("main").get_by_role("link", name="Compare", exact=True).first.click()
    expect(page).to_have_url(re.compile(r"/en/compare/\?country=UGA"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare countries")


def test_controls_are_in_the_address_and_reload_restores_them(page: Page) -> None:
    load(page, "/en/compare/?country=AZE,GEO")
    page.get_by_role("combobox", name="Add a country").fill("Ugan")
    page.get_by_role("option", name="Uganda").click()
    expect(page).to_have_url(re.compile("country=AZE,GEO,UGA"))
    sentence = page.locator(".chart-sentence")
    expect(sentence).to_contain_text("Uganda")
    page.get_by_label("From", exact=True).select_option("2010")
    expect(page).to_have_url(re.compile("from=2010"))
    expect(page.locator(".chart-subtitle")).to_contain_text("2010–")
    page.get_by_label("Indicator", exact=True).select_option("wgi_ge")
    expect(page).to_have_url(re.compile("indicator=wgi_ge"))
    settle(page)
    expect(page.locator(".chart-title")).to_contain_text("Government effectiveness")
    expect(sentence).to_contain_text("Uganda")
    expect(page.locator(".chart-subtitle")).to_contain_text("2010–")
    before, controls = sentence.inner_text(), asked(page)
    assert controls == {"country": "AZE,GEO,UGA", "from": "2010", "indicator": "wgi_ge"}
    page.reload()
    settle(page)
    expect(sentence).to_have_text(before)
    expect(page.get_by_label("From", exact=True)).to_have_value("2010")
    expect(page.get_by_label("Indicator", exact=True)).to_have_value("wgi_ge")
    assert asked(page) == controls


def test_back_and_forward_walk_through_the_choices(page: Page) -> None:
    load(page, "/en/compare/?country=AZE")
    page.get_by_role("combobox", name="Add a country").fill("Geo")
    page.get_by_role("option", name="Georgia").first.click()
    expect(page.locator(".chart-sentence")).to_contain_text("Georgia")
    expect(page).to_have_url(re.compile("GEO"))  # the chart may be there before the address is
    page.go_back()
    expect(page.locator(".chart-sentence")).not_to_contain_text("Georgia")
    assert asked(page) == {"country": "AZE"}
    page.go_forward()
    expect(page.locator(".chart-sentence")).to_contain_text("Georgia")


def test_a_tab_is_an_address(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/")
    for name, tab in (("Map", "map"), ("Ranking", "ranking"), ("Distribution", "distribution"), ("Table", "table")):
        page.get_by_role("navigation", name="View").get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(f"tab={tab}"))
        if tab != "table":
            settle(page)
    expect(page.locator(".rows-table tbody tr").first).to_be_visible()


def test_the_selection_goes_along_from_page_to_page(page: Page) -> None:
    load(page, "/en/compare/?country=AZE,GEO&from=2010")
    page.get_by_label("Main navigation").get_by_role("link", name="Mapping").click()
    expect(page).to_have_url("/en/mapping/?country=AZE,GEO&from=2010")
    page.get_by_role("navigation", name="Mapping", exact=True).get_by_role("link", name="Goals").click()
    expect(page).to_have_url("/en/goals/?country=AZE,GEO&from=2010")
    tray = page.get_by_role("complementary", name="Your selection")
    expect(tray).to_contain_text("Azerbaijan")
    expect(tray).to_contain_text("Georgia")
    tray.get_by_role("link", name="Reset the selection").click()
    expect(page).to_have_url("/en/goals/")
    expect(tray).to_be_hidden()


def test_another_language_keeps_page_and_selection(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/?country=AZE,GEO&tab=ranking")
    page.locator("header .languages summary").click()
    page.get_by_role("link", name="العربية").click()
    expect(page).to_have_url("/ar/indicators/wgi_cc/?country=AZE,GEO&tab=ranking")
    settle(page)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("heading", level=1)).to_contain_text("الفساد")


def test_theme_is_kept_in_the_browser(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_class("dark")
    settle(page)
    page.reload()
    settle(page)
    expect(page.locator("html")).to_have_class("dark")


def test_counting_rule_changes_the_count_and_the_address(page: Page) -> None:
    load(page, "/en/")
    rules = page.get_by_role("navigation", name="Counting rule")
    counted = page.locator(".tile[data-counted=true]")
    sentence = page.locator(".overview-pictures .sentence")
    signed, said = counted.count(), sentence.inner_text()
    contact = rules.get_by_role("link", name="any recorded contact")
    contact.click()
    expect(page).to_have_url("/en/?rule=any_contact")
    expect(sentence).not_to_have_text(said)
    every = int(contact.locator("span").inner_text())
    assert every > signed
    expect(counted).to_have_count(every)
    page.reload()
    settle(page)
    expect(rules.locator("a[aria-current=true]")).to_contain_text("any recorded contact")
    expect(counted).to_have_count(every)


def test_filters_of_the_index_are_in_the_address(page: Page) -> None:
    load(page, "/en/indicators/")
    listed, total = page.locator("table.index tbody tr"), page.locator("main [role=status]")
    everything = total.inner_text()
    page.get_by_label("Theme").select_option("integrity")
    expect(page).to_have_url("/en/indicators/?theme=integrity")
    expect(total).not_to_have_text(everything)
    of_theme = total.inner_text()
    page.get_by_role("searchbox").fill("bribe")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url("/en/indicators/?theme=integrity&q=bribe")
    expect(total).not_to_have_text(of_theme)
    expect(listed.first).to_contain_text("ribe")
    found = listed.count()
    expect(total).to_have_text(f"{found} indicators")
    page.reload()
    settle(page)
    expect(listed).to_have_count(found)
    page.get_by_role("link", name="Clear").click()
    expect(page).to_have_url("/en/indicators/")
    expect(total).to_have_text(everything)


def test_the_root_leads_to_the_readers_language(new_context: Callable[..., BrowserContext]) -> None:
    for wish, lang in (("ar-EG", "ar"), ("fr-FR", "fr"), ("az-AZ", "az"), ("pt-PT", "en")):
        page = new_context(locale=wish).new_page()
        page.goto("/?country=AZE")
        expect(page).to_have_url(f"/{lang}/?country=AZE")
