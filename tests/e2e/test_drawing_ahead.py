"""The chart of a cold load is drawn while the page waits for its answer; what is shown is what the server says."""

import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.e2e.conftest import arrive

pytestmark = pytest.mark.browser

SPECIFICATION = re.compile(r"/api/v1/charts/\w+\.vega")
INDICATOR = "/en/indicators/wgi_cc/"


def _asked(page: Page) -> list[str]:
    """The addresses of specifications asked for from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if SPECIFICATION.search(request.url):
            asked.append(request.url)

    page.on("request", note)
    return asked


@pytest.mark.parametrize(
    "query", ["", "?country=AZE,GEO&from=2010", "?country=AZE,GEO&tab=ranking", "?as_of=2030-01-01", "?tab=table"]
)
def test_one_request_serves_the_chart_of_a_cold_load(page: Page, query: str) -> None:
    asked = _asked(page)
    page.goto(f"{INDICATOR}{query}")
    page.wait_for_selector("#hydrated", state="attached")
    page.locator("main .shape").wait_for(state="detached")
    page.wait_for_load_state("networkidle")
    assert len(asked) == (0 if "as_of" in query or "table" in query else 1)


def test_the_chart_is_asked_for_before_the_page_has_its_answer(page: Page) -> None:
    order: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: order.append(str(frame))))
    page.on("request", lambda request: order.append("chart") if SPECIFICATION.search(request.url) else None)
    arrive(page, f"{INDICATOR}?country=AZE,GEO")
    said = next(place for place, words in enumerate(order) if "/api/v1/charts/" in words)
    assert order.index("chart") < said


def test_nothing_is_shown_until_the_server_says_so(page: Page) -> None:
    page.route_web_socket(re.compile("_event"), lambda socket: None)
    page.route(re.compile("/first/"), lambda route: route.fulfill(status=204))
    with page.expect_response(SPECIFICATION):
        page.goto(INDICATOR)
    page.wait_for_timeout(1000)
    expect(page.locator("main svg.marks, figure.chart")).to_have_count(0)


def test_the_first_chart_is_asked_for_as_the_server_reads_the_address(page: Page) -> None:
    asked = _asked(page)
    arrive(page, f"{INDICATOR}?country=aze,geo,xxx&tab=ranking")
    assert len(asked) == 1
    assert "/ranking.vega?country=AZE,GEO&" in asked[0]


def test_a_chart_that_the_server_does_not_name_is_never_shown(page: Page) -> None:
    page.add_init_script("""
        let other;
        Object.defineProperty(window, "firstChart", {
          get: () => other,
          set: ({ href }) => {
            const wrong = href.replace("GEO", "UGA");
            other = { href: wrong, spec: fetch(wrong).then((reply) => reply.json()) };
          },
        });
    """)
    asked = _asked(page)
    arrive(page, f"{INDICATOR}?country=AZE,GEO")
    assert ["AZE,GEO" in url for url in asked] == [True, False, True]  # the head's, the wrong one, the server's word
    expect(page.locator("figure.chart svg.marks")).to_have_count(1)
    expect(page.locator(".chart-sentence")).to_contain_text("Georgia")
    expect(page.locator(".chart-sentence")).not_to_contain_text("Uganda")


@pytest.mark.parametrize("width", [360, 1280])
def test_what_was_drawn_ahead_fits_and_goes_on_living(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    arrive(page, f"{INDICATOR}?country=AZE,GEO")
    drawing, stage = page.locator("figure.chart svg.marks"), page.locator("figure.chart .chart-box")
    expect(drawing).to_have_count(1)
    box, place = drawing.bounding_box(), stage.bounding_box()
    assert box is not None
    assert place is not None
    assert abs(box["width"] - place["width"]) <= 2
    page.set_viewport_size({"width": width + 60, "height": 900})
    page.wait_for_function(
        "() => { const [a, b] = ['.chart-box', 'svg.marks'].map((name) =>"
        " document.querySelector(`figure.chart ${name}`).getBoundingClientRect().width); return Math.abs(a - b) <= 2; }"
    )
    page.get_by_role("button", name="Remove Georgia").click()
    expect(page.locator(".chart-sentence")).not_to_contain_text("Georgia")
    page.get_by_role("navigation", name="View").get_by_role("link", name="Ranking").click()
    expect(page.locator(".chart-sentence")).to_contain_text("holds a place")
    expect(drawing).to_have_count(1)
