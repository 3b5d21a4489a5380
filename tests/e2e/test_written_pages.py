"""Pages that the server writes whole: SDMX, a series, a vintage, a figure, code for a table; narrow, in Arabic too."""

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.locales import t

pytestmark = pytest.mark.browser

PLACES = ("sdmx/", "series/world_bank/GOV_WGI_CC.EST/", "series/cpi/CPI%20score/", "vintages/2/", "figure", "code")


def _address(page: Page, lang: str, place: str) -> str:
    if place == "figure":
        asked = "/api/v1/observations.json?indicator=wgi_cc&country=AZE&from=2023&to=2023"
        return f"/{lang}/figures/{page.request.get(asked).json()['rows'][0]['id']}/"
    table = "/code/api/v1/observations.csv?indicator=wgi_cc&country=AZE,GEO&from=2000"
    return f"{table}&lang={lang}" if place == "code" else f"/{lang}/{place}"


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("place", PLACES)
def test_a_page_fits_a_narrow_screen(page: Page, lang: str, place: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(_address(page, lang, place))
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("html").get_attribute("dir") == ("rtl" if lang == "ar" else "ltr")
    for opened in page.locator("details").all():
        opened.evaluate("(one) => { one.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_table_leads_to_the_code_that_reads_it(page: Page) -> None:
    page.goto("/en/indicators/wgi_cc/?country=AZE,GEO&tab=table")
    page.get_by_role("link", name=t("reuse.table.use", "en")).first.click()
    expect(page).to_have_url(re.compile(r"/code/api/v1/observations\.csv\?"))
    expect(page.locator("pre").first).to_contain_text("indicator=wgi_cc&country=AZE%2CGEO")


def test_about_the_data_leads_to_sdmx_and_a_reason_to_its_lines(page: Page) -> None:
    page.goto("/en/sources/")
    page.get_by_role("link", name=t("sdmx.menu", "en"), exact=True).click()
    expect(page).to_have_url(re.compile("/en/sdmx/$"))
    page.get_by_role("link", name=t("sdmx.reason.publisher", "en")).click()
    expect(page.locator("#publisher")).to_be_in_viewport()
