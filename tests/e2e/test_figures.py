"""Figures on the page: the published ones, the same as in the file, and each with the way back to its source."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import load

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("view", ["indicators/wgi_cc/?tab=table", "countries/UGA/?tab=indicators"])
def test_no_column_of_a_table_is_empty(page: Page, view: str) -> None:
    load(page, f"/en/{view}")
    empty = """table => [...table.tHead.rows[0].cells].map((head) => head.textContent).filter((_, place) =>
        [...table.tBodies[0].rows].every((row) => row.cells[place].textContent.trim() === ""))"""
    assert page.locator(".scroll > table").first.evaluate(empty) == []


def test_every_figure_opens_onto_what_was_received(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/?country=AZE&from=2022&to=2022&tab=table")
    figure = page.locator(".rows-table .value").first
    figure.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name="How we know")
    expect(drawer).to_be_visible()
    expect(drawer).to_contain_text(re.compile("[0-9a-f]{64}"))
    for word in ("World Bank", "WGI 2025 edition", "CC BY 4.0", "GOV_WGI_CC.EST"):
        expect(drawer).to_contain_text(word)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(figure).to_be_focused()


def test_the_record_of_a_figure_opens_from_its_drawer(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/?country=AZE&from=2022&to=2022&tab=table")
    page.locator(".rows-table .value").first.click()
    page.get_by_role("dialog", name="How we know").locator("a[href*='/api/v1/provenance/']").first.click()
    page.wait_for_url("**/api/v1/provenance/**")
    expect(page.locator("body")).to_contain_text("GOV_WGI_CC.EST")


def test_a_point_of_a_chart_opens_its_figure(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/?country=AZE")
    page.locator(".chart-box svg .mark-symbol path").last.click(force=True)
    drawer = page.get_by_role("dialog", name="How we know")
    expect(drawer).to_be_visible()
    expect(drawer).to_contain_text("Azerbaijan")
