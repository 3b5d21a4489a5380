"""What a mistyped address or a lost server looks like: words and a way on, never a blank page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from dashboard.locales import t
from tests.e2e.conftest import load, settle, watch

pytestmark = pytest.mark.browser

CUTTABLE = """
    Object.assign(window, { cut: false, sockets: [] });
    const Real = WebSocket;
    window.WebSocket = class extends Real {
        constructor(url, ...rest) {
            super(window.cut ? String(url).replace(/:[0-9]+/, ":9") : url, ...rest);
            window.sockets.push(this);
        }
    };
"""
"""A browser goes offline with its websocket open: this closes it, and lets the next ones reach nobody."""


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/en/indicators/wgi_xx/", "There is no indicator with the id wgi_xx"),
        ("/en/countries/AZB/", "There is no country with the code AZB"),
        ("/en/targets/16.99/", "There is no target 16.99"),
        ("/en/goals/18/", "There is no goal 18"),
        ("/en/nothing/here/", "There is no page at this address"),
        ("/xx/", "There is no page at this address"),
        ("/ar/indicators/wgi_xx/", "wgi_xx"),
    ],
)
def test_unknown_addresses_answer_404_in_words(page: Page, path: str, words: str) -> None:
    assert page.goto(path).status == 404
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)
    assert page.locator("main a:visible").count() >= 3
    assert page.title() != ""
    assert page.evaluate("document.documentElement.lang") == ("ar" if path.startswith("/ar/") else "en")


def test_what_an_address_says_wrongly_is_named_and_left_out(page: Page) -> None:
    load(page, "/en/compare/?country=AZE,XXX&from=20x5")
    expect(page.locator(".tray-note")).to_contain_text("country=XXX")
    expect(page.locator(".tray-note")).to_contain_text("from=20x5")
    expect(page.locator(".picker .chip")).to_have_count(1)


def test_a_chart_that_cannot_be_had_offers_to_try_again(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    down = True
    page.route("**/api/v1/charts/**", lambda route: route.abort() if down else route.continue_())
    page.goto("/en/indicators/wgi_cc/")
    alert = page.locator("figure.chart [role=alert]")
    expect(alert).to_be_visible()
    down = False
    alert.get_by_role("button", name="Try again").click()
    expect(page.locator("figure.chart")).to_have_attribute("data-status", "ready")
    expect(alert).to_be_hidden()


def test_a_chart_says_when_one_view_fails_and_the_next_works(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    errors = watch(page)
    page.route("**/api/v1/charts/map.vega**", lambda route: route.fulfill(status=503, body="no"))
    load(page, "/en/indicators/wgi_cc/")
    page.get_by_role("navigation", name="View").get_by_role("link", name="Map").click()
    expect(page.locator("figure.chart [role=alert]")).to_be_visible()
    page.get_by_role("navigation", name="View").get_by_role("link", name="Ranking").click()
    expect(page.locator("figure.chart")).to_have_attribute("data-status", "ready")
    assert [error for error in errors if "503" not in error] == []


def test_a_country_that_does_not_exist_changes_nothing(page: Page) -> None:
    load(page, "/en/compare/?country=AZE")
    before = page.url
    page.get_by_role("combobox", name="Add a country").fill("<script>")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No country of this name")).to_be_visible()
    assert page.url == before


def test_a_slow_answer_is_said_to_be_slow_and_can_be_asked_for_anew(page: Page) -> None:
    hanging, held = True, 0

    def answered(route: Route) -> None:
        nonlocal held
        held += hanging
        if not hanging:
            route.continue_()

    page.route("**/api/v1/charts/ranking.vega**", answered)
    load(page, "/en/indicators/wgi_cc/?country=AZE")
    before = page.locator(".chart-sentence").inner_text()
    page.get_by_role("navigation", name="View").get_by_role("link", name="Ranking").click()
    slow = page.locator("figure.chart [role=status]").filter(has_text=t("ui.chart.slow", "en"))
    expect(slow).to_be_visible()
    expect(page.locator("figure.chart")).to_have_attribute("aria-busy", "true")
    assert page.locator(".chart-sentence").inner_text() == before
    hanging = False
    slow.get_by_role("button", name="Try again").click()
    expect(page.locator("figure.chart")).to_have_attribute("data-status", "ready")
    expect(slow).to_be_hidden()
    expect(page.locator(".chart-sentence")).not_to_have_text(before)
    assert held


def test_a_page_keeps_what_it_shows_when_the_network_goes_and_goes_on_when_it_is_back(
    new_context: Callable[..., BrowserContext],
) -> None:
    context = new_context()
    page = context.new_page()
    page.add_init_script(CUTTABLE)
    load(page, "/en/indicators/wgi_cc/?country=AZE")
    sentence = page.locator(".chart-sentence").inner_text()
    notice = page.get_by_role("alert").filter(has_text=t("ui.errors.offline", "en"))
    context.set_offline(True)
    page.evaluate("window.cut = true; window.sockets.forEach(one => one.close());")
    expect(notice).to_be_visible()
    assert page.locator(".chart-sentence").inner_text() == sentence
    expect(page.locator(".chart-box svg").first).to_be_visible()
    context.set_offline(False)
    page.evaluate("window.cut = false")
    expect(notice).to_be_hidden(timeout=30_000)
    page.get_by_role("navigation", name="View").get_by_role("link", name="Ranking").click()
    expect(page.locator(".chart-sentence")).not_to_have_text(sentence)


def test_a_table_without_rows_says_so(page: Page) -> None:
    load(page, "/en/indicators/wgi_cc/?country=ATA&tab=table")
    expect(page.locator(".rows-table .empty")).to_contain_text(t("ui.empty.no_data_help", "en"))
    expect(page.locator(".rows-table tbody tr")).to_have_count(0)
