"""The page of a country and the index of countries: marks with words, print, file, filters, keyboard."""

import io
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from dashboard.interfaces.pages.shell.address import COUNTRY_TABS
from dashboard.locales import t
from tests.e2e.conftest import load, settle

pytestmark = pytest.mark.browser
PATHS = ("", "AZE/", *(f"AZE/?tab={tab}" for tab in COUNTRY_TABS[1:]))

FIRST = "one => one.firstChild.textContent"
SHOWN = "all => all.map((one) => one.firstChild.textContent)"
"""The words of links and buttons without what only a screen reader says."""

FALLING = """() => {
  const counts = [...document.querySelectorAll("main table tbody td:last-child")].map((one) => parseInt(one.innerText));
  return counts.length > 1 && counts.every((count, place) => !place || counts[place - 1] >= count);
}"""
"""Whether the last column of the table falls from row to row."""


@pytest.mark.parametrize("lang", ["en", pytest.param("ar", marks=pytest.mark.long)])
@pytest.mark.parametrize("path", PATHS)
def test_the_page_and_its_folds_are_accessible_and_fit_a_phone(
    new_context: Callable[..., BrowserContext], lang: str, path: str
) -> None:
    page = new_context(viewport={"width": 360, "height": 800}, color_scheme="light").new_page()
    load(page, f"/{lang}/countries/{path}")
    for fold in page.locator("main details").all():
        fold.evaluate("one => { one.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.locator(f"html.{scheme}").wait_for(state="attached")
        page.wait_for_timeout(100)  # charts notice, and are drawn anew
        settle(page)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_the_first_screen_names_the_act_with_number_date_and_link(page: Page) -> None:
    load(page, "/en/countries/AZE/")
    act = page.locator(".law").first
    expect(act).to_contain_text("decree No. 685 · 13 July 2012")
    expect(act.get_by_role("link")).to_have_attribute("href", re.compile("^https://yeniavropa"))
    load(page, "/en/countries/KGZ/")
    expect(page.locator(".law")).to_have_count(0)


def test_a_median_opens_onto_its_figures_and_those_onto_their_source(page: Page) -> None:
    load(page, "/en/countries/UZB/?tab=indicators&theme=integrity")
    row = page.locator("table.beside tbody tr", has_text="Bribery prevalence, persons")
    row.locator("a.median").first.click()
    dialog = page.get_by_role("dialog", name=t("country.median.label", "en"))
    expect(dialog.locator("tbody tr")).to_have_count(6)
    values = [float(text) for text in dialog.locator("tbody button.value").evaluate_all(SHOWN)]
    assert values == sorted(values)
    middle = [float(text) for text in dialog.locator('tbody [data-middle="true"] button.value').evaluate_all(SHOWN)]
    assert middle == values[2:4]
    assert row.locator("a.median").first.evaluate(FIRST) == f"{sum(middle) / 2:.1f}"
    dialog.locator("tbody button.value").first.click()
    expect(page.get_by_role("dialog", name=t("ui.provenance.title", "en"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page).not_to_have_url(re.compile("group="))
    row.locator("a.median").last.click()
    expect(dialog).to_be_visible()
    page.go_back()
    expect(dialog).to_be_hidden()
    expect(page).not_to_have_url(re.compile("group="))


def test_every_sign_of_a_goal_is_said_in_words_and_has_its_key(page: Page) -> None:
    load(page, "/en/countries/AZE/")
    goals, key = page.locator("#goals .goal-tiles > li"), page.locator("#goals details")
    assert goals.count() > 5
    key.locator("summary").click()
    legend = key.inner_text()
    assert "UN Statistics Division, five levels (2026)" in legend
    for goal in goals.all():
        assert goal.locator(".letter").inner_text() in legend
        if goal.locator(".sign").count():
            assert re.search("track|progress|stagnation|regression|improving", goal.inner_text(), re.IGNORECASE)


def test_the_view_that_was_printed_leads_to_the_brief_of_two_pages(page: Page) -> None:
    reply = page.request.get("/fr/countries/AZE/?tab=brief&as_of=2026-11-24")
    assert reply.url.endswith("/api/v1/reports/brief/AZE.pdf?lang=fr&as_of=2026-11-24")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/pdf")


def test_the_index_is_filtered_by_keyboard_and_the_address_restores_it(page: Page) -> None:
    load(page, "/en/countries/")
    page.get_by_role("searchbox", name="Name or code").focus()
    page.keyboard.type("uzb")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=uzb"))
    rows = page.locator("main table tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Uzbekistan")
    page.reload()
    settle(page)
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="Clear").click()
    expect(page).to_have_url(re.compile("/countries/$"))
    expect(page.get_by_role("searchbox", name="Name or code")).to_have_value("")
    page.get_by_label("Adoption status").select_option("operating")
    expect(page).to_have_url(re.compile("status=operating"))
    page.get_by_label("Order").select_option("coverage")
    expect(page).to_have_url(re.compile("sort=coverage"))
    page.wait_for_function(FALLING)  # the address is there before the rows have come


def test_a_country_of_the_register_is_told_how_it_sends_figures(page: Page) -> None:
    load(page, "/en/countries/UZB/")
    page.locator(".country-top .actions summary").click()
    page.get_by_role("link", name="Send figures", exact=True).first.click()
    expect(page).to_have_url(re.compile("/en/sending/$"))
    load(page, "/en/countries/KAZ/")
    expect(page.locator("main").get_by_role("link", name="Send figures", exact=True)).to_have_count(0)


def test_how_a_country_does_against_its_peers_is_said_on_top_and_leaves_as_two_pages(page: Page) -> None:
    load(page, "/en/countries/UGA/")
    standing = page.locator("#standing")
    answer = standing.locator(".answer-line")
    expect(answer).to_contain_text("Uganda against the mean of its 11 peers: better on Government effectiveness, Rule")
    expect(answer).to_contain_text("better than some and worse than others on Voice and accountability")
    expect(answer).to_contain_text("cannot tell on Control of corruption and Political stability.")
    standing.locator("summary").click()
    expect(standing.locator("li")).to_have_count(6)
    expect(standing).to_contain_text("WGI 2026 edition, 2025; 90")
    brief = page.get_by_role("link", name="Two-page brief (PDF)").get_attribute("href") or ""
    reply = page.request.get(brief)
    assert reply.headers["content-type"] == "application/pdf"
    assert len(PdfReader(io.BytesIO(reply.body())).pages) == 2
    standing.get_by_role("link", name="Compare with these peers").click()
    expect(page).to_have_url(re.compile(r"country=UGA(,[A-Z]{3}){11}(&|$)"))
    expect(page.locator(".judgement .answer-line")).to_contain_text(
        re.compile(r"Gaps beyond the margin of error: \d+ of 66")
    )
