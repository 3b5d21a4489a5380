"""The page on progress: pictures first, the arithmetic beside them, rows with bullets, parts as tabs of the address."""

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.locales import t
from tests.e2e.conftest import load, settle
from tests.languages import SWEPT

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", SWEPT)
def test_three_pictures_stand_in_the_first_screen(page: Page, lang: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    load(page, f"/{lang}/progress/")
    for part in ("#verdicts .verdict-bar", "#matrix table", "#methods .method-bars"):
        box = page.locator(part).bounding_box()
        assert box["y"] + box["height"] <= 900, part
    assert page.locator("#matrix .matrix-scroll").evaluate("one => one.scrollWidth <= one.clientWidth")
    expect(page.locator("#methods .method-bars > li")).to_have_count(9)
    assert page.evaluate("document.documentElement.scrollHeight") <= 2600


def test_on_a_telephone_every_sign_has_its_key(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    load(page, "/en/progress/")
    expect(page.locator(".matrix-key")).to_be_visible()
    expect(page.locator(".verdict-key")).to_be_visible()


def test_counts_of_the_key_are_those_of_the_bar_and_lead_to_definitions(page: Page) -> None:
    load(page, "/en/progress/?country=UGA")
    key = page.locator(".verdict-key li")
    counts = [int(one) for one in key.locator(".num").all_inner_texts()]
    heading = page.locator("#verdicts h2").inner_text()
    assessed, lines = (int(one) for one in re.findall(r"\d+", heading)[:2])
    assert sum(counts) == lines
    assert sum(counts[:-1]) == assessed
    expect(key.first.get_by_role("link")).to_have_attribute("href", re.compile(r"/en/method/status_"))


def test_only_whom_the_rule_counts_is_listed_and_the_origin_is_named_so(page: Page) -> None:
    load(page, "/en/progress/?rule=operating")
    adopters = page.locator("#by-country optgroup").first.locator("option").all_inner_texts()
    assert adopters[0] == "Azerbaijan · origin"
    assert page.locator(".goals-matrix thead th .name").all_inner_texts() == adopters
    assert not [name for name in adopters if name.startswith(("Türkiye", "Romania"))]


def test_a_cell_opens_its_arithmetic_and_back_closes_it(page: Page) -> None:
    load(page, "/en/progress/")
    cell = page.locator('.goals-matrix a[data-cell][href*="cell=UGA-16"]')
    cell.click()
    expect(page).to_have_url(re.compile("cell=UGA-16"))
    dialog = page.get_by_role("dialog", name=t("results.page.arithmetic", "en"))
    expect(dialog).to_contain_text("Uganda · 16")
    expect(dialog.locator(".why-list > li ol li").first).not_to_be_empty()
    page.go_back()
    expect(page).not_to_have_url(re.compile("cell="))
    expect(dialog).to_be_hidden()
    cell.click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=t("ui.buttons.close", "en")).click()
    expect(page).not_to_have_url(re.compile("cell="))


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_rows_come_fourteen_at_a_time_and_the_parts_are_tabs(page: Page, lang: str) -> None:
    load(page, f"/{lang}/progress/?country=UGA")
    rows = page.locator(".frame-table tbody tr")
    expect(rows).to_have_count(14)
    first = rows.first.locator("th").inner_text()
    expect(page.locator(".frame-table .bullet .latest").first).to_be_attached()
    expect(page.locator(".frame-table .age-badge").first).to_be_visible()
    page.locator(".pager a").last.click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(rows.first.locator("th")).not_to_have_text(first)
    for part, place in (
        ("pipeline", "#pipeline"),
        ("promise", "#promise"),
        ("unsaid", "#unsaid"),
        ("reports", "#reports"),
    ):
        page.get_by_role("link", name=t(f"results.tab.{part}", lang), exact=True).click()
        expect(page).to_have_url(re.compile(f"tab={part}"))
        expect(page.locator(place)).to_be_visible()
    page.reload()
    settle(page)
    expect(page.locator("#reports")).to_be_visible()


def test_a_country_is_answered_in_words_and_two_methods_stand_side_by_side_by_one_act(page: Page) -> None:
    load(page, "/en/progress/?country=UGA")
    answers = page.locator(".goal-answers li")
    expect(answers.first).to_contain_text("indicators)")
    expect(page.locator("main nav.tabs")).to_have_count(1)
    page.locator("#methods li[data-method=eurostat] .beside-link").click()
    expect(page).to_have_url(re.compile("beside=eurostat"))
    expect(answers.first.locator("small")).to_contain_text("Eurostat")
    expect(page.locator("#verdicts .verdict-bar")).to_have_count(2)
    expect(page.locator("#frame .verdict.second").first).to_be_visible()
    page.locator("#methods li[data-method=eurostat] .beside-link").click()
    expect(page).not_to_have_url(re.compile("beside="))
    expect(page.locator("#verdicts .verdict-bar")).to_have_count(1)
