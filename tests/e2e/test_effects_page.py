"""An adoption effect in the browser: assumptions, plan, result, the same again after a reload."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import load

pytestmark = pytest.mark.browser


def test_a_result_is_there_at_once_and_that_of_a_changed_plan_within_seconds(page: Page) -> None:
    load(page, "/en/progress/effects/?country=AZE")
    expect(page.get_by_role("heading", name="What this assumes")).to_be_visible()
    word = page.locator("#result h2")
    expect(word).to_contain_text("Result", ignore_case=True)
    page.get_by_label("Outcome", exact=True).select_option("wgi_cc")
    expect(page).to_have_url(re.compile("indicator=wgi_cc"))
    expect(page.locator("#plan")).to_contain_text("Control of corruption")
    expect(page.locator('#result figure[data-status="ready"]')).to_have_count(2)
    assert page.locator("#result").get_by_text("donor pool of 40").count()
    load(page, "/en/progress/effects/?country=AZE&from=2004")
    expect(word).to_contain_text("Result", ignore_case=True, timeout=90_000)
    expect(page.locator('#result figure[data-status="ready"]')).to_have_count(2)
    said = word.inner_text()
    page.reload()
    expect(word).to_have_text(said)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_tile_says_whole_what_stands_against_an_estimate(page: Page, lang: str) -> None:
    load(page, f"/{lang}/progress/effects/")
    tiles = page.locator('figure[data-status="ready"]').first.locator(".mark-rect path")
    expect(tiles.first).to_be_visible()
    tiles.nth(14 * 23 + 11).hover()  # a year of the last row, which nothing can be estimated of
    said = page.locator("#vg-tooltip-element td.value")
    expect(said).to_have_count(5)
    assert said.evaluate_all("all => all.every((one) => one.scrollWidth <= one.clientWidth + 1)")
    if lang == "en":
        expect(said.last).to_contain_text("not dated in the register")


def test_a_press_on_a_row_proposes_the_plan_of_its_country(page: Page) -> None:
    load(page, "/en/progress/effects/?indicator=wgi_cc")
    tiles = page.locator('figure[data-status="ready"] .mark-rect path')
    expect(tiles.first).to_be_visible()
    names = page.locator("#plan-country option").all_text_contents()
    tiles.nth(5 * 23 + 11).click()
    expect(page).to_have_url(re.compile("country=[A-Z]{3}"))
    assert "indicator=wgi_cc" in page.url
    chosen = page.locator("#plan-country")
    expect(chosen).to_have_value(re.search("country=([A-Z]{3})", page.url).group(1))  # type: ignore[union-attr]
    assert chosen.locator("option:checked").inner_text() in names
    page.go_back()
    expect(page).not_to_have_url(re.compile("country="))


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_plan_that_is_not_identifiable_says_why(page: Page, lang: str) -> None:
    load(page, f"/{lang}/progress/effects/?country=UGA")
    reasons = page.locator("#result li")
    expect(reasons).to_have_count(1, timeout=30_000)
    assert page.locator("#result figure").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_period_or_an_outcome_without_figures_leaves_the_reader_the_controls(page: Page) -> None:
    load(page, "/en/progress/effects/?country=AFG&from=2090")
    expect(page.get_by_role("status").filter(has_text="from=2090")).to_be_visible()
    expect(page.locator("#plan-from")).to_be_visible()
    load(page, "/en/progress/effects/?indicator=bribe_service_point&from=2020")
    expect(page.locator(".empty")).to_contain_text("no figures yet")
    expect(page.locator("#plan, #plan-from")).to_have_count(0)
    page.get_by_label("Outcome", exact=True).select_option("wgi_cc")
    expect(page.locator("#plan")).to_contain_text("Control of corruption")
    expect(page.locator("h1")).to_have_count(1)
