"""Figures on the page: the published ones, the same as in the file, and each with the way back to its source."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.evidence.codebook import load_codebook
from dashboard.locales import format_number
from tests.e2e.conftest import load

pytestmark = pytest.mark.browser

FACTS = (Path(__file__).parents[1] / "evidence" / "gathering" / "spot_checks.csv").read_text(encoding="utf-8")
CHECKS = list(csv.DictReader(io.StringIO(FACTS)))


def test_known_figures_are_on_the_indicator_page(page: Page) -> None:
    wrong = []
    for check in CHECKS:
        year = check["year"]
        load(page, f"/en/indicators/{check['indicator']}/?country={check['country']}&from={year}&to={year}&tab=table")
        metric = load_codebook().metrics[check["indicator"]]
        expected = format_number(float(check["value"]), "en", metric.decimals)
        if metric.unit == "yes_no":
            expected = "Yes" if float(check["value"]) else "No"
        shown = page.locator(".rows-table tbody tr .value").all_inner_texts()
        if not any(text.split(",")[0] == expected or text.startswith(expected) for text in shown):
            wrong.append(f"{check}: {shown}")
    assert wrong == []


def test_rows_on_the_page_are_the_rows_of_the_file(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/?country=AZE,GEO&from=2014&tab=table")
    link = page.locator(".rows-table a[download]", has_text="CSV")
    rows = list(csv.DictReader(io.StringIO(page.request.get(link.get_attribute("href") or "").text())))
    promised = int(re.sub(r"\D", "", link.inner_text()))
    shown = page.locator(".rows-table tbody tr")
    assert len(rows) == promised == shown.count()
    pairs = [(row.locator("th").inner_text(), row.locator("td").first.inner_text()) for row in shown.all()]
    names = {"AZE": "Azerbaijan", "GEO": "Georgia"}
    assert sorted(pairs) == sorted((names[row["country"]], row["period"]) for row in rows)


def test_rows_of_the_chart_are_the_rows_of_its_file(page: Page) -> None:
    for kind in ("trend", "ranking", "map", "world", "distribution"):
        load(page, f"/en/indicators/wgi_cc/?country=AZE,GEO&tab={kind}")
        link = page.locator("figure.chart a[download]", has_text="CSV")
        rows = list(csv.reader(io.StringIO(page.request.get(link.get_attribute("href") or "").text())))
        assert int(re.sub(r"\D", "", link.inner_text())) == len(rows) - 1, kind


@pytest.mark.parametrize("view", ["indicators/wgi_cc/?tab=table", "countries/UGA/?tab=indicators"])
def test_no_column_of_a_table_is_empty(page: Page, view: str) -> None:
    load(page, f"/en/{view}")
    empty = """table => [...table.tHead.rows[0].cells].map((head) => head.textContent).filter((_, place) =>
        [...table.tBodies[0].rows].every((row) => row.cells[place].textContent.trim() === ""))"""
    assert page.locator(".scroll > table").first.evaluate(empty) == []


def test_a_long_table_is_paged(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/?country=AZE,GEO,UZB,UGA,IDN,PAK&tab=table")
    rows = page.locator(".rows-table tbody tr")
    first = rows.first.inner_text()
    assert rows.count() <= 100
    page.get_by_role("link", name="Next page").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(rows.first).not_to_have_text(first)
    page.reload()
    expect(rows.first).not_to_have_text(first)


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


def test_a_reloaded_page_is_not_covered_by_the_drawer(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/?country=AZE&tab=table")
    page.locator(".rows-table .value").first.click()
    drawer = page.get_by_role("dialog", name="How we know")
    expect(drawer).to_be_visible()
    page.reload()
    page.locator(".rows-table .value").first.wait_for()
    expect(drawer).to_be_hidden()


def test_a_point_of_a_chart_opens_its_figure(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/?country=AZE")
    page.locator(".chart-box svg .mark-symbol path").last.click(force=True)
    drawer = page.get_by_role("dialog", name="How we know")
    expect(drawer).to_be_visible()
    expect(drawer).to_contain_text("Azerbaijan")


def test_an_indicator_without_figures_says_why_and_who_can_supply_them(page: Page) -> None:
    load(page, "/en/indicators/bribe_service_point/")
    empty = page.locator(".empty")
    expect(empty).to_contain_text("no figures")
    assert len(empty.locator("p").all()) >= 3
    assert page.locator("figure.chart").count() == 0


def test_a_country_without_figures_in_the_period_is_not_a_blank_chart(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/?country=AZE&from=1960&to=1961")
    expect(page.locator(".chart-sentence")).not_to_be_empty()
