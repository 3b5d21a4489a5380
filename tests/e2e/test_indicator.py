"""The page of an indicator: its order, its two maps, groups and gaps, status with its method, what can be copied."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.locales import t
from tests.e2e.conftest import load
from tests.e2e.test_every_page import RULES
from tests.languages import SWEPT

pytestmark = pytest.mark.browser

PARTS = {
    "": ("about", "know", "computed", "related"), "figures": ("figures",),
    "links": ("links", "cite", "downloads"), "revisions": ("revisions",), "status": ("status",),
}  # fmt: skip
STATES = (
    "ti_cpi/?tab=world", "basic_water/?tab=breakdown", "internet_users/?country=AZE", "bribe_service_point/",
    "bribery_persons/?country=AZE&tab=breakdown", "wgi_cc/?tab=pie&country=XXX&dimension=%3Cscript%3E",
)  # fmt: skip


@pytest.mark.parametrize("lang", SWEPT)
@pytest.mark.parametrize("part", PARTS)
def test_the_chart_comes_first_and_the_parts_are_tabs(page: Page, lang: str, part: str) -> None:
    load(page, f"/{lang}/indicators/wgi_cc/" + (f"?part={part}" if part else ""))
    found = page.locator("main section[id]").evaluate_all("all => all.map(one => one.id)")
    assert [one for one in found if one in sum(PARTS.values(), ())] == list(PARTS[part])
    chart, first = page.locator("figure.chart").bounding_box(), page.locator(f"#{PARTS[part][0]}").bounding_box()
    assert chart["y"] < first["y"]


@pytest.mark.parametrize("lang", SWEPT)
def test_the_map_opens_on_squares_and_boundaries_are_in_the_address(page: Page, lang: str) -> None:
    load(page, f"/{lang}/indicators/ti_cpi/?country=AZE,GEO&tab=map")
    expect(page.locator(".chart-note")).to_have_count(0)
    with page.expect_response(re.compile(r"/world\.json\?v=")) as shapes:
        page.get_by_role("link", name=t("worldmap.boundaries", lang)).click()
    assert shapes.value.ok
    expect(page).to_have_url(re.compile("tab=world"))
    expect(page.locator(".chart-note")).to_have_text(t("worldmap.note", lang))
    expect(page.locator(".chart-box svg .mark-shape path").nth(150)).to_be_attached()
    page.reload()
    expect(page.locator(".chart-note")).to_be_visible()
    expect(page.get_by_role("link", name=t("ui.controls.map", lang), exact=True)).to_have_attribute(
        "aria-current", "true"
    )


@pytest.mark.parametrize("lang", SWEPT)
def test_groups_are_chosen_by_address_and_each_opens_onto_its_source(page: Page, lang: str) -> None:
    load(page, f"/{lang}/indicators/discrimination/?tab=breakdown")
    page.locator("#by-dimension").select_option("disability status")
    expect(page).to_have_url(re.compile(r"dimension=disability"))
    expect(page.locator("figure.chart[data-status=ready]")).to_be_visible()
    page.reload()
    expect(page.locator("#by-dimension")).to_have_value("disability status")
    load(page, f"/{lang}/indicators/basic_water/?country=AZE,UGA&tab=breakdown&sort=name")
    expect(page.locator("#by-sort")).to_have_value("name")
    page.locator(".figures table tbody tr").first.locator(".value").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("SP_ACS_BSRVH2O")


@pytest.mark.parametrize("lang", SWEPT)
def test_no_status_stands_without_its_method_and_the_arithmetic_is_there(page: Page, lang: str) -> None:
    load(page, f"/{lang}/indicators/internet_users/?country=AZE,UGA&part=status")
    rows = page.locator("#status tbody tr")
    expect(rows).to_have_count(2)
    for row in rows.all():
        expect(row.locator("td").first).to_contain_text(t("progress.method.unsd_2026.name", lang))
        row.get_by_text(t("status.show_why", lang)).click()
        expect(row.locator(".why li").first).to_be_visible()


def test_a_citation_is_copied_as_it_stands(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    load(page, "/en/indicators/wgi_cc/?part=links")
    page.get_by_role("button", name="Copy: BibTeX").click()
    expect(page.locator("#cite")).to_contain_text("BibTeX: copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@misc{asan_wgi_cc_")
    origin = page.evaluate("location.origin")
    assert f"url = {{{origin}/en/indicators/wgi_cc/}}" in copied, "the address finds the figure again"
    assert copied == page.locator("#cite .code").inner_text().strip()


@pytest.mark.parametrize("lang", SWEPT)
@pytest.mark.parametrize("state", STATES)
def test_every_state_of_the_page_is_accessible_and_fits_a_telephone(
    new_context: Callable[..., BrowserContext], lang: str, state: str
) -> None:
    page = new_context(viewport={"width": 360, "height": 800}).new_page()
    load(page, f"/{lang}/indicators/{state}")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []
