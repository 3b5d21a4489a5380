"""Questions with an answer: found from the front page within two presses and five seconds, in a sentence."""

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.locales import t
from tests.e2e.conftest import load, settle, watch

pytestmark = pytest.mark.browser

SOON = 5_000
"""Milliseconds from the last press to the answer."""

LOADED = r"no news from publishers and [\d,]+ differences from editions loaded with the product"
"""What a product tells that has gathered nothing yet."""


def press(page: Page, name: str, within: str = "") -> None:
    """Press the first link of this name."""
    (page.locator(within) if within else page).get_by_role("link", name=name, exact=True).first.click()


def test_where_do_publishers_disagree(page: Page) -> None:
    errors = watch(page)
    load(page, "/en/")
    press(page, t("ui.nav.about", "en"), "header nav.bar")
    press(page, t("disagreements.heading", "en"), "nav.section-links")
    answer = page.get_by_text(
        re.compile(r"two publishers differ by more than rounding on [\d,]+ of [\d,]+ \(\d+.% ?\) of the figures")
    )
    expect(answer).to_be_visible(timeout=SOON)
    expect(page.locator("main tbody tr").first).to_contain_text("percentage points")
    assert errors == []


def test_what_changed_since_last_quarter(page: Page) -> None:
    errors = watch(page)
    load(page, "/en/")
    press(page, t("changes.between.link", "en"))
    answer = page.get_by_text(re.compile(f"Between 24 November 2026 and .*{LOADED}"))
    expect(answer).to_be_visible(timeout=SOON)
    shown = page.get_by_role("link", name=t("changes.between.span.quarter", "en"))
    expect(shown).to_have_attribute("aria-current", "true")
    expect(page.locator(".changed tbody tr").first).to_contain_text(re.compile(r"[\d,]+ figures?"))
    expect(page.locator(".moves")).to_have_count(0)
    assert errors == []


def test_which_principle_is_measured_worst(page: Page) -> None:
    errors = watch(page)
    load(page, "/en/")
    press(page, t("ui.nav.mapping", "en"), "header nav.bar")
    press(page, t("ui.nav.principles", "en"), "nav.section-links")
    expect(page.get_by_text(re.compile("Measured worst"))).to_be_visible(timeout=SOON)
    first = page.locator("main tbody th").first.inner_text()
    expect(page.get_by_text(re.compile("Measured worst"))).to_contain_text(first.splitlines()[0].lower())
    assert errors == []


def test_a_return_says_what_changed_since_and_leads_there(page: Page) -> None:
    """The day is kept by the browser; a first visit says nothing."""
    load(page, "/en/")
    settle(page)
    expect(page.locator("#since-last-visit")).to_have_count(0)
    page.evaluate("localStorage.setItem('monitor.visits', '2026-11-24')")
    load(page, "/en/")
    line = page.locator("#since-last-visit")
    expect(line).to_contain_text(re.compile(LOADED))
    expect(page.get_by_role("contentinfo")).to_contain_text(t("answers.stand.loaded", "en"))
    press(page, t("changes.visit.link", "en"))
    expect(page).to_have_url(re.compile(r"/en/changes/\?since=2026-11-24"))
    expect(page.get_by_text(re.compile("Between 24 November 2026 and"))).to_be_visible()
