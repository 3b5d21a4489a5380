"""What a mistyped address or a lost server looks like: words and a way on, never a blank page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import arrive, settle, watch

pytestmark = pytest.mark.browser


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
    reply = page.goto(path)
    assert reply is not None
    assert reply.status == 404
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)
    assert page.locator("main a:visible").count() >= 3
    assert page.title() != ""
    assert page.evaluate("document.documentElement.lang") == ("ar" if path.startswith("/ar/") else "en")


def test_near_names_are_suggested(page: Page) -> None:
    page.goto("/en/indicators/wgi_xx/")
    page.locator("main").get_by_role("link", name="Rule of law").click()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rule of law")


def test_known_addresses_answer_200_with_their_own_head(page: Page) -> None:
    for path, title in (
        ("/en/countries/UGA/", "Uganda · ASAN SDG Monitor"),
        ("/ar/countries/UGA/", "أوغندا"),
        ("/en/indicators/wgi_cc/", "Control of corruption (WGI) · ASAN SDG Monitor"),
    ):
        reply = page.request.get(path)
        assert reply.status == 200
        assert title in reply.text()
        assert f'<html lang="{path[1:3]}"' in reply.text()
    assert page.request.get("/en/countries/UGA", max_redirects=0).status == 308


def test_what_an_address_says_wrongly_is_named_and_left_out(page: Page) -> None:
    arrive(page, "/en/compare/?country=AZE,XXX&from=20x5")
    expect(page.locator(".tray-note")).to_contain_text("country=XXX")
    expect(page.locator(".tray-note")).to_contain_text("from=20x5")
    expect(page.locator(".chip")).to_have_count(1)


def test_a_date_before_the_first_vintage_is_explained(page: Page) -> None:
    page.goto("/en/indicators/wgi_cc/?as_of=1999-01-01")
    expect(page.get_by_role("alert").first).to_contain_text("1999-01-01")


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
    page.route("**/api/v1/charts/map.json**", lambda route: route.fulfill(status=503, body="no"))
    arrive(page, "/en/indicators/wgi_cc/")
    page.get_by_role("navigation", name="View").get_by_role("link", name="Map").click()
    expect(page.locator("figure.chart [role=alert]")).to_be_visible()
    page.get_by_role("navigation", name="View").get_by_role("link", name="Ranking").click()
    expect(page.locator("figure.chart")).to_have_attribute("data-status", "ready")
    assert [error for error in errors if "503" not in error] == []


def test_a_country_that_does_not_exist_changes_nothing(page: Page) -> None:
    arrive(page, "/en/compare/?country=AZE")
    before = page.url
    page.get_by_role("combobox", name="Add a country").fill("<script>")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No country of this name")).to_be_visible()
    assert page.url == before


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/en/", "ASAN model"),
        ("/en/goals/16/", "16.5"),
        ("/en/indicators/wgi_cc/", "perceptions"),
        ("/ar/countries/UGA/", "أوغندا"),
    ],
)
def test_there_is_something_to_read_without_script(
    new_context: Callable[..., BrowserContext], path: str, words: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(path)
    expect(page.locator("h1")).to_be_visible()
    assert words in (page.locator("main").text_content() or "")  # also what stands in noscript
    assert page.locator("noscript a").count() >= 1
