"""Looking back: the strip on every page, links that keep the day, the way back, what changed since a day."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.locales import LANGUAGES
from dashboard.pages.registry import PAGES
from tests.e2e.conftest import arrive

pytestmark = pytest.mark.browser
DAY = "2026-11-24"
WITHOUT = re.compile(r"/api/v1/docs|/api/v1/openapi|/api/v1/changes\.atom|^#|^https?:|^mailto:")
"""Links that lead to no figures, and the feed: who follows it wants what is still to come."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_says_the_day_and_every_link_keeps_it(page: Page, lang: str) -> None:
    lost = []
    for one in PAGES:
        path, _, query = one.example.partition("?")
        arrive(page, f"/{lang}/{path}?{query + '&' if query else ''}as_of={DAY}")
        strip = page.locator(".past")
        expect(strip).to_contain_text("2026")
        expect(strip.get_by_role("button")).to_be_visible()
        page.wait_for_timeout(200)  # links take the query of the address after hydration
        found = page.locator("a[href]").evaluate_all("all => all.map((it) => it.getAttribute('href'))")
        assert len(found) > 10
        lost += [f"{one.id}: {to}" for to in found if not WITHOUT.search(to) and f"as_of={DAY}" not in to]
    assert not lost, "\n".join(sorted(set(lost)))


def test_the_way_back_keeps_the_rest_of_the_address(page: Page) -> None:
    arrive(page, f"/en/indicators/wgi_cc/?country=AZE,GEO&tab=ranking&as_of={DAY}")
    with page.expect_request(
        lambda request: "/api/v1/charts/ranking.vega" in request.url and "as_of" not in request.url
    ):
        page.locator(".past").get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"\?country=AZE,GEO&tab=ranking$"))
    expect(page.locator(".past")).to_have_count(0)


def test_a_day_before_the_first_dataset_is_said_with_a_way_back(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    page.goto("/en/indicators/wgi_cc/?as_of=1999-01-01")
    expect(page.locator(".past")).to_contain_text("You asked for the dataset as of 1 January 1999")
    expect(page.get_by_role("heading", level=1)).to_have_text("There was no dataset yet on 1 January 1999")
    page.locator(".past").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Control of corruption")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_changed_since_a_day_is_in_the_address(page: Page, lang: str) -> None:
    arrive(page, f"/{lang}/indicators/wgi_cc/")
    section = page.locator("#revisions")
    expect(section.get_by_role("status")).to_contain_text("2026")
    section.locator("input[type=date]").fill(DAY)
    section.locator("button[type=submit]").click()
    expect(page).to_have_url(re.compile(f"since={DAY}#revisions$"))
    expect(section.locator("input[type=date]")).to_have_value(DAY)
    expect(section).to_be_in_viewport()
    page.reload()
    expect(section.locator("input[type=date]")).to_have_value(DAY)
    section.get_by_role("button").last.click()
    expect(page).to_have_url(re.compile(r"/indicators/wgi_cc/(#revisions)?$"))


def test_the_drawer_tells_that_a_figure_has_had_one_value(page: Page) -> None:
    arrive(page, "/en/indicators/wgi_cc/?country=AZE&tab=table")
    page.locator(".rows-table .value").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("It has had one value since it came with vintage 1")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_name_the_feed(page: Page, lang: str) -> None:
    arrive(page, f"/{lang}/")
    link = page.locator('link[rel="alternate"][type="application/atom+xml"]')
    expect(link).to_have_count(1)
    reply = page.request.get(str(link.get_attribute("href")))
    assert reply.headers["content-type"].startswith("application/atom+xml")
    assert f'xml:lang="{lang}"' in reply.text()
