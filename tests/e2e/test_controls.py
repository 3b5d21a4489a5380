"""A control is a link: it changes the address, leaves the reader where she is, and Back undoes it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import load, settle

pytestmark = pytest.mark.browser

MOST = 4  # pixels that a control may move what it is
LINKS = {
    "": [".segments a[aria-current=false]"],
    "indicators/?theme=integrity": [".controls a.plain"],
    "indicators/wgi_cc/?country=AZE,GEO": [".tabs a[aria-current=false]", ".chip", ".controls > a.plain"],
    "indicators/wgi_cc/?country=AZE,GEO,KAZ,UZB,IDN,PAK&tab=table": [".pager a[aria-disabled=false]"],
    "indicators/wgi_cc/?tab=map": [".forms a[aria-current=false]"],
    "compare/?country=AZE,GEO&indicator=wgi_cc,egdi": [
        ".tabs a[aria-current=false]",
        ".chip",
        ".check",
        ".peers a.chip",
    ],
    "compare/?country=AZE,GEO&indicator=wgi_cc,egdi&view=table": ["thead a.plain"],
    "progress/?theme=integrity": [".controls a.plain", "#matrix .matrix-foot a.plain"],
    "adoption/": [".segments a[aria-current=false]"],
    "adoption/?evidence=E1": [".within a.plain"],
    "availability/": [".tabs a[aria-current=false]"],
    "sources/": [".tabs a[aria-current=false]"],
    "principles/": ["thead a"],
    "progress/effects/?country=AFG&indicator=wgi_cc": ["tbody a.plain", "tbody a.check"],
}
"""Page → controls that are links, by what finds them; the last of several is used."""

LISTS = {
    "indicators/": ["#by-theme", "#by-goal", "#by-principle"],
    "indicators/wgi_cc/?country=AZE,GEO": ["#from-year", "#to-year"],
    "indicators/basic_water/?tab=breakdown": ["#by-sort"],
    "countries/": ["#by-status", "#by-group", "#by-sort"],
    "countries/AZE/?tab=indicators": ["#drawn"],
    "compare/?country=AZE,GEO": ["#indicator", "#group", "#from-year", "#event"],
    "compare/?country=AZE,GEO&view=scatter": ["#across"],
    "progress/": ["#by-country", "#by-method", "#by-rule", "#by-theme", "#by-goal", "#by-sort"],
    "adoption/?tab=events": ["#by-event", "#by-source", "#by-evidence", "#by-disputed", "#by-sort"],
    "availability/": ["#by-theme", "#by-goal", "#by-source", "#by-rule", "#by-group", "#by-gap", "#by-sort"],
    "search/?q=corruption": ["#kind"],
    "progress/effects/?country=AFG&indicator=wgi_cc": ["#plan-method", "#plan-outcome", "#plan-from"],
}
"""Page → lists that send their form."""


def _stays(page: Page, control: Locator, use: object) -> None:
    """Use the control: the address changes, the scroll does not, and Back brings the address and the control back."""
    control.scroll_into_view_if_needed()
    before, place = page.url, page.evaluate("scrollY")
    use(control)  # type: ignore[operator]
    expect(page).not_to_have_url(before)
    settle(page)
    moved = abs(page.evaluate("scrollY") - place)
    assert moved <= MOST, f"{page.url}: {control} moved the page by {moved} px"
    page.go_back()
    expect(page).to_have_url(before)
    settle(page)
    expect(control).to_be_visible()


@pytest.mark.parametrize("path", LINKS)
def test_a_link_leaves_the_reader_in_place_and_back_undoes_it(page: Page, path: str) -> None:
    for selector in LINKS[path]:
        load(page, f"/en/{path}")
        for fold in page.locator("main details:not([open])").all():
            if fold.locator(selector).count():
                fold.locator("summary").first.click()
        control = page.locator(f"main {selector}:visible").last
        assert re.match(r"/en/", control.get_attribute("href") or ""), f"{selector} is no link with an address"
        _stays(page, control, lambda one: one.click())


@pytest.mark.parametrize("path", LISTS)
def test_a_list_leaves_the_reader_in_place_and_back_undoes_it(page: Page, path: str) -> None:
    for selector in LISTS[path]:
        load(page, f"/en/{path}")
        control = page.locator(selector)
        chosen = control.input_value()
        other = [
            value
            for value in control.locator("option").evaluate_all("all => all.map((one) => one.value)")
            if value not in (chosen, "")
        ]
        _stays(page, control, lambda one, value=other[-1]: one.select_option(value))
        expect(control).to_have_value(chosen)


def test_two_controls_one_after_the_other_are_undone_one_after_the_other(page: Page) -> None:
    load(page, "/en/compare/?country=AZE,GEO")
    page.locator("main .chip:not(.peers .chip)").first.click()
    expect(page.locator("main .chip:not(.peers .chip)")).to_have_count(1)
    page.locator("#from-year").select_option("2010")
    expect(page).to_have_url(re.compile(r"country=GEO&from=2010"))
    page.go_back()
    expect(page.locator("#from-year")).to_have_value("")
    page.go_back()
    expect(page.locator("main .chip:not(.peers .chip)")).to_have_count(2)


def test_the_chart_behind_a_control_is_asked_for_before_the_click(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/?country=AZE,GEO")
    tab = page.get_by_role("link", name="Ranking")
    with page.expect_request(re.compile(r"/charts/ranking\.")):
        tab.hover()


def test_all_charts_of_a_country_to_add_are_asked_for_while_it_is_pressed(page: Page) -> None:
    load(page, "/en/compare/?country=AZE,GEO&indicator=wgi_cc,egdi")
    page.get_by_role("combobox", name="Add a country").fill("Kenya")
    page.get_by_role("option", name="Kenya").first.hover()
    asked = {
        name: re.compile(rf"/charts/trend\.vega\?indicator={name}&country=AZE,GEO,KEN&") for name in ("wgi_cc", "egdi")
    }
    with page.expect_request(asked["wgi_cc"]), page.expect_request(asked["egdi"]):
        page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile("country=AZE,GEO,KEN"))


def test_a_chart_that_was_asked_for_ahead_is_drawn_without_asking_again(page: Page) -> None:
    load(page, "/en/compare/?country=AZE,GEO,KEN&indicator=wgi_cc")
    sought = "/charts/trend.vega?indicator=wgi_cc&country=AZE,GEO&"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if sought in request.url else None)
    chip = page.get_by_role("link", name="Remove Kenya")
    with page.expect_response(lambda reply: sought in reply.url):
        chip.hover()
    chip.click()
    expect(page.locator(".chart-sentence").first).not_to_contain_text("Kenya")
    assert len(asked) == 1


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("indicators/", "tbody th a"), ("goals/16/", "a[href*='/indicators/']:visible"),
        ("progress/?country=AZE", "tbody th a"), ("countries/KAZ/?tab=indicators&theme=integrity", "tbody th a"),
    ],
)  # fmt: skip
def test_back_from_another_page_finds_the_place_that_was_left(page: Page, path: str, link: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    load(page, f"/en/{path}")
    last = page.locator(f"main :is({link})" if ":" not in link else f"main {link}").last
    last.scroll_into_view_if_needed()
    page.wait_for_timeout(300)  # the place is noted when scrolling has ended
    place = page.evaluate("scrollY")
    assert place > page.viewport_size["height"]
    last.click()
    expect(page).not_to_have_url(re.compile(re.escape(path) + "$"))
    settle(page)
    page.go_back()
    expect(page).to_have_url(re.compile(re.escape(path) + "$"))
    settle(page)
    assert abs(page.evaluate("scrollY") - place) <= MOST


def test_a_filter_leads_to_the_first_page_of_a_table(page: Page) -> None:
    """Who filtered on the second page would not see what was found first."""
    load(page, "/en/indicators/?page=2")
    page.locator("#by-theme").select_option("integrity")
    expect(page).to_have_url(re.compile(r"/en/indicators/\?theme=integrity$"))
