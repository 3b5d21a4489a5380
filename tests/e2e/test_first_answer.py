"""A page is there before its websocket, which then says the same; clicks made meanwhile are not lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from dashboard.locales import t
from tests.e2e.conftest import load

pytestmark = pytest.mark.browser

EVENTS = re.compile("_event")
PAGES = {
    "/en/": ("main .chart-box svg.marks", "countries"),
    "/ar/countries/AZE/": ("main .country-panels .spark svg", ""),
    "/ar/countries/AZE/?tab=indicators": ("main .chart-box svg.marks", ""),
    "/en/indicators/wgi_cc/?country=AZE,GEO": ("main .chart-box svg.marks", "Georgia"),
    "/fr/compare/?country=AZE,GEO&indicator=wgi_cc,egdi": ("main .chart-box svg.marks", "Géorgie"),
    "/en/progress/": ("main table", ""),
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_there_where_no_websocket_comes(page: Page, path: str) -> None:
    page.route_web_socket(EVENTS, lambda socket: None)
    page.goto(path)
    shown, words = PAGES[path]
    expect(page.locator(shown).first).to_be_visible()
    expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("#hydrated")).to_have_count(0)


def test_where_no_websocket_comes_the_page_says_so_and_a_reload_is_at_hand(page: Page) -> None:
    heard: list[bool] = []
    page.route_web_socket(EVENTS, lambda socket: heard and socket.connect_to_server())
    page.goto("/en/indicators/wgi_cc/?country=AZE,GEO")
    notice = page.get_by_role("alert").filter(has_text=t("ui.errors.offline", "en"))
    expect(notice).to_be_visible()
    expect(page.locator("main .chart-box svg.marks")).to_be_visible()
    heard.append(True)
    page.add_init_script("window.again = true")
    notice.get_by_role("link", name=t("ui.buttons.retry", "en")).click()
    page.wait_for_function("window.again")
    expect(notice).to_have_count(0)


@pytest.mark.parametrize("path", PAGES)
def test_what_the_websocket_says_changes_nothing(page: Page, path: str) -> None:
    held: list[WebSocketRoute] = []
    page.route_web_socket(EVENTS, lambda socket: held.append(socket))
    page.goto(path)
    expect(page.locator(PAGES[path][0]).first).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.evaluate("""() => {
      window.changes = [];
      new MutationObserver((found) => window.changes.push(...found.map(({ target }) => target.textContent)))
        .observe(document.querySelector("main"), { childList: true, subtree: true, characterData: true });
    }""")
    held[0].connect_to_server()
    expect(page.locator("#hydrated")).to_be_attached()
    page.wait_for_timeout(300)
    assert page.evaluate("window.changes") == []


def test_a_click_before_the_websocket_is_heard_when_it_comes(page: Page) -> None:
    held: list[WebSocketRoute] = []
    page.route_web_socket(EVENTS, lambda socket: held.append(socket))
    page.goto("/en/compare/")
    page.get_by_role("link", name="Remove Afghanistan").click()
    expect(page).to_have_url(re.compile(r"country=AZE,ETH,IDN,PAK,UGA"))  # our own choice but for one
    while not held:  # before the scripts it was a link like any other
        page.wait_for_timeout(50)
    held[-1].connect_to_server()
    expect(page.locator(".chart-sentence").first).not_to_contain_text("Afghanistan")
    expect(page.get_by_role("link", name="Remove ")).to_have_count(5)


@pytest.mark.parametrize("path", ["/en/mapping/", "/ar/indicators/wgi_cc/", "/fr/compare/?country=AZE,GEO"])
def test_the_image_of_the_first_chart_stays_until_it_is_drawn(page: Page, path: str) -> None:
    images: list[str] = []
    held: list[Route] = []
    page.on("request", lambda request: images.append(request.url) if ".svg?" in request.url else None)
    page.route("**/*.vega?*", lambda route: held.append(route))
    page.goto(path)
    image = page.locator("main .chart-image")
    expect(image).to_be_visible()
    assert image.evaluate("one => one.complete ? one.naturalWidth > 0 : Boolean(one.querySelector('svg path'))")
    assert len(set(images)) == 1, "the same address from the header to the figure"
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    expect(page.locator("main .chart-box svg.marks")).to_be_visible()
    expect(image).to_have_count(0)


def test_a_click_is_heard_while_its_answer_is_on_the_way(page: Page) -> None:
    answers: list[Callable[[], None]] = []

    def late(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda said: answers.append(lambda: socket.send(said)) if held else socket.send(said))

    held: list[bool] = []
    page.route_web_socket(EVENTS, late)
    load(page, "/en/compare/?country=AZE,GEO")
    main = page.locator("main")
    expect(main).to_have_attribute("aria-busy", "false")
    held.append(True)
    page.get_by_role("link", name="Remove Georgia").click()
    expect(main).to_have_attribute("aria-busy", "true")
    held.clear()
    for send in answers:
        send()
    expect(main).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("link", name="Remove Georgia")).to_have_count(0)
