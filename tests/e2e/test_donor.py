"""A donor's way: progress of a country, another method, why methods disagree, the annex, the same view from a link."""

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.locales import t
from tests.e2e.conftest import load, settle

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("lang", "why", "sdsn"), [("en", "Why?", "SDSN, score and colour (2025)"), ("ar", "لماذا؟", "الدرجة واللون (2025)")]
)
def test_a_donor_switches_the_method_sees_why_they_disagree_and_shares_it(
    page: Page, new_context: Callable[..., BrowserContext], lang: str, why: str, sdsn: str
) -> None:
    load(page, f"/{lang}/")
    page.locator(f'.top .bar a[href^="/{lang}/progress/"]').click()
    expect(page).to_have_url(re.compile(f"/{lang}/progress/"))
    settle(page)
    page.locator("#by-country").select_option("UGA")
    expect(page).to_have_url(re.compile("country=UGA"))
    page.locator("#by-method").select_option("sdsn")
    expect(page).to_have_url(re.compile("method=sdsn"))
    expect(page.locator(".frame-table thead")).to_contain_text(sdsn)
    row = page.locator(".frame-table tbody tr", has=page.locator('a[href*="/indicators/internet_users/"]'))
    row.get_by_role("link", name=why).click()
    expect(page).to_have_url(re.compile("indicator=internet_users"))
    methods = page.locator(".why-list > li")
    expect(methods).to_have_count(9)
    assert len(set(page.locator(".why-list .verdict").all_inner_texts())) > 1
    expect(page.locator('.why-list a[href*="/method/status_"]').first).to_be_visible()
    projection = page.locator("#projection figure.chart")
    expect(projection.locator(".chart-sentence")).to_contain_text(re.compile(r"2030.*90"))
    expect(projection.get_by_role("link", name=re.compile("CSV"))).to_be_visible()
    latest = row.locator("td").nth(2).inner_text().split("\n")[0]
    opened = page.url
    page.goto(opened.replace("indicator=internet_users", "tab=reports"))
    settle(page)
    with page.expect_download() as started:
        annex = t("reports.links.file", lang, kind=t("reports.vnr.kind", lang), form="XLSX")
        page.get_by_role("link", name=annex).click()
    book = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()))
    told = [cells for sheet in book for cells in sheet.iter_rows(values_only=True) if "internet_users" in cells]
    assert [f"{cells[3]} ({cells[7]})" for cells in told] == [latest]
    page.goto(opened)
    settle(page)
    expect(page.locator("#by-method")).to_have_value("sdsn")
    expect(methods).to_have_count(9)
    shared = new_context().new_page()
    load(shared, page.url)
    expect(shared.locator("#by-method")).to_have_value("sdsn")
    expect(shared.locator(".why-list > li")).to_have_count(9)


@pytest.mark.parametrize(("lang", "forward"), [("en", "ArrowRight"), ("ar", "ArrowLeft")])
def test_arrow_keys_walk_the_matrix_and_the_cell_is_said_in_words(page: Page, lang: str, forward: str) -> None:
    load(page, f"/{lang}/progress/")
    stops = page.locator('.goals-matrix a[tabindex="0"]')
    expect(stops).to_have_count(1)
    stops.focus()
    page.keyboard.press(forward)
    page.keyboard.press("ArrowDown")
    here = page.locator(".goals-matrix a:focus")
    assert here.evaluate("one => [one.closest('tr').rowIndex, one.closest('td').cellIndex]") == [2, 2]
    expect(page.locator(".matrix-words")).to_have_text(str(here.get_attribute("title")))


@pytest.mark.parametrize(
    "path",
    [
        "/en/progress/?country=UGA&indicator=internet_users",
        "/ar/progress/?country=AZE",
        "/en/countries/",
        "/en/compare/?country=AZE,GEO",
        "/en/indicators/wgi_cc/?country=AZE&tab=table",
        "/fr/indicators/basic_water/?country=AZE,UGA&tab=breakdown",
    ],
)
def test_on_a_telephone_every_value_stands_below_its_row(new_context: Callable[..., BrowserContext], path: str) -> None:
    """All tables but the matrix of goals and the arithmetic of a comparison, which a reader opens."""
    page = new_context(viewport={"width": 360, "height": 800}).new_page()
    load(page, path)
    tables = page.locator("main .scroll:not(.matrix-scroll):has(> table):visible")
    assert tables.count()
    wide = tables.evaluate_all("all => all.filter((it) => it.scrollWidth > it.clientWidth).map((it) => it.ariaLabel)")
    assert wide == []
