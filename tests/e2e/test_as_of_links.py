"""Looking back: the strip on every page, links that keep the day, the way back, what changed since a day."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.interfaces.pages.registry import PAGES
from dashboard.interfaces.pages.shell.page import Page as PageOfProduct
from tests.e2e.conftest import load
from tests.languages import ARABIC, SWEPT

pytestmark = pytest.mark.browser
DAY = "2026-11-24"
WITHOUT = re.compile(
    r"/api/v1/(docs|openapi|changes\.atom|calendar\.ics|templates/|reported-figures|survey-figures)|"
    r"^/(contribute|check|follow)/|^/../sdmx/$|#main$|^https?:|^mailto:"
)
"""Links that lead to no figures of the dataset, to what is still to come (the feed, the calendar, what is sent or
followed), to what somebody printed, to how today's figures fit a structure, or to what is held against them."""


@pytest.mark.parametrize("lang", ARABIC)
@pytest.mark.parametrize("one", [one for one in PAGES if one.id != "compare"], ids=lambda one: one.id)
def test_every_page_says_the_day_and_every_link_keeps_it(page: Page, one: PageOfProduct, lang: str) -> None:
    path, _, query = one.example.partition("?")
    load(page, f"/{lang}/{path}?{query + '&' if query else ''}as_of={DAY}")
    strip = page.locator(".past")
    expect(strip).to_contain_text("2026")
    expect(strip.get_by_role("link")).to_be_visible()
    expect(page.locator(f"header.top a[href*='as_of={DAY}']").first).to_be_attached()  # taken after hydration
    found = page.locator("a[href]").evaluate_all("all => all.map((it) => it.getAttribute('href'))")
    assert len(found) > 10
    back = strip.get_by_role("link").get_attribute("href")
    lost = [to for to in found if not WITHOUT.search(to) and f"as_of={DAY}" not in to and to != back]
    assert not lost, "\n".join(sorted(set(lost)))


def test_the_way_back_keeps_the_rest_of_the_address(page: Page) -> None:
    load(page, f"/en/indicators/wgi_cc/?country=AZE,GEO&tab=ranking&as_of={DAY}")
    with page.expect_request(lambda request: "/api/v1/charts/ranking." in request.url and "as_of" not in request.url):
        page.locator(".past").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"\?country=AZE,GEO&tab=ranking$"))
    expect(page.locator(".past")).to_have_count(0)


def test_a_day_before_the_first_dataset_is_said_with_a_way_back(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    page.goto("/en/indicators/wgi_cc/?as_of=1999-01-01")
    expect(page.locator(".past")).to_contain_text("You asked for the dataset as of 1 January 1999")
    expect(page.get_by_role("heading", level=1)).to_have_text("There was no dataset yet on 1 January 1999")
    page.locator(".past").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Control of corruption")


@pytest.mark.parametrize("lang", SWEPT)
def test_what_changed_since_a_day_is_in_the_address(page: Page, lang: str) -> None:
    load(page, f"/{lang}/indicators/wgi_cc/?part=revisions")
    section = page.locator("section#revisions")
    expect(section.get_by_role("status")).to_contain_text("2026")
    section.locator("input[type=date]").fill(DAY)
    section.locator("button[type=submit]").click()
    expect(page).to_have_url(re.compile(rf"\?part=revisions&since={DAY}$"))
    expect(section.locator("input[type=date]")).to_have_value(DAY)
    expect(section).to_be_in_viewport()
    page.reload()
    expect(section.locator("input[type=date]")).to_have_value(DAY)
    section.locator("form").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/indicators/wgi_cc/\?part=revisions$"))
    expect(section.locator("input[type=date]")).to_have_value("")


def test_the_drawer_tells_that_a_figure_has_had_one_value(page: Page) -> None:
    for metric, vintage in (("egdi", 1), ("wgi_cc", 3)):
        load(page, f"/en/indicators/{metric}/?country=AZE&tab=table")
        page.locator(".rows-table .value").first.click()
        expect(page.get_by_role("dialog")).to_contain_text(
            f"It has had one value since it came with vintage {vintage} of"
        )


@pytest.mark.parametrize("lang", SWEPT)
def test_pages_name_the_feed(page: Page, lang: str) -> None:
    load(page, f"/{lang}/")
    link = page.locator('link[rel="alternate"][type="application/atom+xml"]')
    expect(link).to_have_count(1)
    reply = page.request.get(str(link.get_attribute("href")))
    assert reply.headers["content-type"].startswith("application/atom+xml")
    assert f'xml:lang="{lang}"' in reply.text()
