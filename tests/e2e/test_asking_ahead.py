"""A chart shows at once what a control names; where the server says otherwise, or nothing, its word stands."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.e2e.conftest import arrive

pytestmark = pytest.mark.browser

CHARTS = re.compile(r"/api/v1/charts/")


def _asked(page: Page) -> list[str]:
    """The addresses of specifications asked for from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if CHARTS.search(request.url) and ".vega" in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


def _add(page: Page, name: str) -> None:
    page.get_by_role("combobox", name="Add a country").fill(name)
    page.get_by_role("option", name=name).first.click()


def _never_idle(page: Page) -> None:
    """Nothing is drawn by the page itself while its reader does nothing."""
    page.add_init_script("window.requestIdleCallback = () => 0")


def _never(route: Route) -> None:
    """No answer comes."""


def _first_year(page: Page) -> None:
    page.get_by_label("From", exact=True).select_option("2010")


def _other_indicator(page: Page) -> None:
    page.get_by_label("Indicator", exact=True).select_option("wgi_ge")


CONTROLS: list[tuple[Callable[[Page], None], str]] = [
    (lambda page: _add(page, "Uganda"), "country=AZE,GEO,UGA"),
    (lambda page: page.get_by_role("button", name="Remove Georgia").click(), "country=AZE&"),
    (_first_year, "from=2010"),
    (_other_indicator, "indicator=wgi_ge"),
]


@pytest.mark.parametrize(("control", "said"), CONTROLS, ids=["add", "remove", "year", "indicator"])
def test_a_control_asks_once_and_before_the_server_has_answered(
    page: Page, control: Callable[[Page], None], said: str
) -> None:
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda _: sent.append("answer")))
    page.on("request", lambda request: sent.append("chart") if CHARTS.search(request.url) else None)
    _never_idle(page)
    arrive(page, "/en/compare/?country=AZE,GEO")
    page.wait_for_load_state("networkidle")
    asked = _asked(page)
    sent.clear()
    control(page)
    expect(page).to_have_url(re.compile(re.escape(said.strip("&"))))
    expect(page.locator("figure.chart")).to_have_attribute("data-status", "ready")
    page.wait_for_load_state("networkidle")
    assert len(asked) == 1
    assert said in asked[0]
    assert sent[0] == "chart"


def test_the_view_of_a_tab_is_drawn_while_the_pointer_is_on_it_and_shown_whole(page: Page) -> None:
    arrive(page, "/en/indicators/wgi_cc/?country=AZE,GEO")
    tab = page.get_by_role("navigation", name="View").get_by_role("link", name="Ranking")
    with page.expect_response(re.compile("ranking.vega")):
        tab.hover()
    page.wait_for_timeout(500)
    expect(page.locator(".chart-sentence")).to_contain_text("Georgia")  # still the trend
    asked = _asked(page)
    page.evaluate("""() => {
      const box = document.querySelector("figure.chart .chart-box");
      window.shown = [];
      new MutationObserver(() => window.shown.push(box.querySelectorAll("svg.marks path").length > 0))
        .observe(box, { childList: true });
    }""")
    tab.click()
    expect(page.locator(".chart-sentence")).to_contain_text("holds a place")
    assert page.evaluate("window.shown") == [True], "one change, from a finished drawing to a finished drawing"
    assert not [url for url in asked if "ranking" in url]


def test_a_control_beside_countries_that_we_chose_asks_once_too(page: Page) -> None:
    arrive(page, "/en/compare/")
    page.wait_for_load_state("networkidle")
    asked = _asked(page)
    _first_year(page)
    expect(page).to_have_url(re.compile("from=2010"))
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("button", name="Remove Azerbaijan")).to_be_visible()
    assert len(asked) == 1


def test_countries_added_one_right_after_the_other_are_all_there(page: Page) -> None:
    arrive(page, "/en/compare/?country=AZE,GEO")
    for name in ("Uganda", "Rwanda", "Kenya"):
        _add(page, name)
    expect(page).to_have_url(re.compile("country=AZE,GEO,UGA,RWA,KEN"))
    expect(page.get_by_role("button", name="Remove")).to_have_count(5)
    page.go_back()
    expect(page).to_have_url(re.compile("country=AZE,GEO(,UGA)?(,RWA)?$"))
    expect(page.get_by_role("button", name="Remove Kenya")).to_have_count(0)


def test_a_tab_asks_ahead_for_its_kind_of_chart(page: Page) -> None:
    arrive(page, "/en/indicators/wgi_cc/?country=AZE,GEO")
    asked = _asked(page)
    page.get_by_role("navigation", name="View").get_by_role("link", name="Ranking").click()
    expect(page).to_have_url(re.compile("tab=ranking"))
    expect(page.locator(".chart-sentence")).to_contain_text("holds a place")
    page.wait_for_load_state("networkidle")
    assert [re.search(r"charts/(\w+)", url).group(1) for url in asked] == ["ranking"]  # type: ignore[union-attr]


def test_years_the_wrong_way_round_are_asked_for_the_right_way(page: Page) -> None:
    arrive(page, "/en/indicators/wgi_cc/?country=AZE,GEO&to=2010")
    asked = _asked(page)
    page.get_by_label("From", exact=True).select_option("2015")
    expect(page).to_have_url(re.compile("from=2010&to=2015"))
    page.wait_for_load_state("networkidle")
    assert len(asked) == 1
    assert "from=2010" in asked[0]
    assert "to=2015" in asked[0]


def test_a_control_is_drawn_before_the_server_has_answered(page: Page) -> None:
    page.route_web_socket(re.compile("_event"), _deaf_to_clicks)
    arrive(page, "/en/compare/?country=AZE,GEO")
    _add(page, "Uganda")
    expect(page.locator(".chart-sentence")).to_contain_text("Uganda", timeout=3000)
    expect(page.locator("figure.chart svg.marks")).to_have_count(1)


def test_what_the_server_never_confirms_is_taken_back(page: Page) -> None:
    page.route_web_socket(re.compile("_event"), _deaf_to_clicks)
    arrive(page, "/en/compare/?country=AZE,GEO")
    sentence = page.locator(".chart-sentence")
    before = sentence.inner_text()
    _add(page, "Uganda")
    expect(sentence).to_contain_text("Uganda", timeout=3000)
    expect(sentence).to_have_text(before, timeout=8000)
    expect(page.locator("figure.chart")).to_have_attribute("data-status", "ready")
    expect(page.locator(".chip")).to_have_count(2)


def test_after_quick_choices_chart_and_controls_agree(page: Page) -> None:
    arrive(page, "/en/compare/?country=AZE,GEO")
    for name in ("Uganda", "Rwanda"):
        _add(page, name)
    expect(page).to_have_url(re.compile("RWA"))
    page.wait_for_load_state("networkidle")
    chosen = re.search(r"country=([A-Z,]+)", page.url).group(1).split(",")  # type: ignore[union-attr]
    expect(page.locator(".chip")).to_have_count(len(chosen))
    link = page.locator("figure.chart .actions a").first
    expect(link).to_have_attribute("href", re.compile(f"country={','.join(chosen)}&"))
    expect(page.locator(".chart-sentence")).to_contain_text("Rwanda")
    told = "Uganda" in page.locator(".chart-sentence").inner_text()
    assert told == ("UGA" in chosen)


def test_what_the_keyboard_or_the_pointer_reaches_is_asked_for_and_not_drawn(page: Page) -> None:
    arrive(page, "/en/indicators/wgi_cc/?country=AZE,GEO")
    asked, before = _asked(page), page.locator(".chart-sentence").inner_text()
    tab = page.get_by_role("navigation", name="View").get_by_role("link", name="Ranking")
    with page.expect_response(CHARTS):
        tab.hover()
    page.wait_for_timeout(300)
    expect(page.locator(".chart-sentence")).to_have_text(before)
    tab.click()
    expect(page.locator(".chart-sentence")).to_contain_text("holds a place")
    assert len(asked) == 1


def _deaf_to_clicks(socket: object) -> None:
    """Everything passes but the choice of a country: as if the server refused it."""
    server = socket.connect_to_server()  # type: ignore[attr-defined]
    socket.on_message(lambda message: None if "add_country" in str(message) else server.send(message))  # type: ignore[attr-defined]


def test_a_guess_that_fails_is_asked_again(page: Page) -> None:
    arrive(page, "/en/compare/?country=AZE,GEO")
    failed: list[str] = []

    def once(route: Route) -> None:
        if failed:
            route.continue_()
        else:
            failed.append(route.request.url)
            route.fulfill(status=404, body="{}")

    page.route(CHARTS, once)
    _add(page, "Uganda")
    expect(page.locator(".chart-sentence")).to_contain_text("Uganda")
    assert failed


def test_what_was_shown_a_moment_ago_needs_no_request(page: Page) -> None:
    arrive(page, "/en/compare/?country=AZE,GEO")
    before = page.locator(".chart-sentence").inner_text()
    _add(page, "Uganda")
    expect(page.locator(".chart-sentence")).to_contain_text("Uganda")
    expect(page.get_by_role("button", name="Remove Uganda")).to_be_visible()
    page.route(CHARTS, _never)
    page.get_by_role("button", name="Remove Uganda").click()
    expect(page.locator(".chart-sentence")).to_have_text(before)
    expect(page.locator(".chip")).to_have_count(2)


def test_what_is_shown_again_after_a_while_is_asked_anew_and_gives_way_to_newer_figures(page: Page) -> None:
    arrive(page, "/en/compare/?country=AZE,GEO")
    _add(page, "Uganda")
    expect(page.get_by_role("button", name="Remove Uganda")).to_be_visible()
    page.wait_for_timeout(5100)

    def published(route: Route) -> None:
        said = route.fetch().json()
        said["usermeta"] |= {"dataset": "newer", "sentence": "Newer figures."}
        route.fulfill(json=said)

    page.route(CHARTS, published)
    page.get_by_role("button", name="Remove Uganda").click()
    expect(page.locator(".chart-sentence")).to_have_text("Newer figures.")


def test_a_reader_with_a_pointer_finds_the_views_behind_the_tabs_drawn(page: Page) -> None:
    arrive(page, "/en/indicators/wgi_cc/?country=AZE,GEO")
    page.wait_for_timeout(3500)
    page.route(CHARTS, _never)
    for tab, said in (("Ranking", "holds a place"), ("Trend", "Georgia"), ("Ranking", "holds a place")):
        page.get_by_role("navigation", name="View").get_by_role("link", name=tab).click()
        expect(page.locator(".chart-sentence")).to_contain_text(said)
        expect(page.locator("figure.chart svg.marks")).to_have_count(1)
    page.unroute(CHARTS, _never)
    page.get_by_role("button", name="Remove Georgia").click()
    expect(page.locator(".chart-sentence")).not_to_contain_text("Georgia")


def test_a_reader_who_touches_is_sent_nothing_that_was_not_asked_for(
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context(has_touch=True, is_mobile=True).new_page()
    asked = _asked(page)
    arrive(page, "/en/indicators/wgi_cc/?country=AZE,GEO")
    page.wait_for_timeout(2500)
    assert len(asked) == 1


def test_the_server_hears_of_clicks_in_their_order_though_a_drawing_is_late(page: Page) -> None:
    held: list[str] = []

    def late(route: Route) -> None:
        if "UGA" in route.request.url and not held:
            held.append(route.request.url)
            return  # never answered
        route.continue_()

    page.route(CHARTS, late)
    arrive(page, "/en/compare/?country=AZE,GEO")
    for name in ("Uganda", "Rwanda"):
        _add(page, name)
    expect(page).to_have_url(re.compile("country=AZE,GEO,UGA,RWA"))


def test_a_view_whose_drawing_was_given_up_is_drawn_when_its_tab_is_reached_again(page: Page) -> None:
    _never_idle(page)
    arrive(page, "/en/indicators/wgi_cc/?country=AZE,GEO")
    held: list[Route] = []
    page.route(re.compile("ranking.vega"), lambda route: held.append(route))
    tabs = page.get_by_role("navigation", name="View")
    tabs.get_by_role("link", name="Ranking").hover()
    page.wait_for_timeout(100)
    tabs.get_by_role("link", name="Distribution").hover()  # gives the ranking up
    page.wait_for_timeout(300)
    page.unroute(re.compile("ranking.vega"))
    page.wait_for_timeout(200)
    with page.expect_response(re.compile("ranking.vega")):
        tabs.get_by_role("link", name="Ranking").hover()
    tabs.get_by_role("link", name="Ranking").click()
    expect(page.locator(".chart-sentence")).to_contain_text("holds a place")
