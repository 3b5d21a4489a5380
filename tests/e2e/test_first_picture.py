"""The first chart is a picture until the reader reaches for it; then it is the same, drawn by the browser."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.conftest import arrive, enliven, watch

pytestmark = pytest.mark.browser

INDICATOR = "/en/indicators/wgi_cc/?country=AZE,GEO,UZB"
PICTURE, CODE = re.compile(r"/charts/\w+\.picture\?"), re.compile("/assets/vega_runtime")
LIVING = "figure.chart .chart-box [role=graphics-document]"
MARK = "figure.chart .mark-symbol path[opacity='0']"


@pytest.mark.parametrize(("width", "scheme", "lang"), [(1280, "light", "en"), (360, "dark", "ar")])
@pytest.mark.parametrize(
    "path",
    [
        *(f"indicators/wgi_cc/?country=AZE,GEO,UZB&tab={tab}" for tab in ("trend", "ranking", "distribution")),
        "indicators/basic_water/?tab=breakdown",
        "countries/AZE/",
    ],
)
def test_the_picture_is_what_the_browser_draws(
    new_context: Callable[..., BrowserContext], width: int, scheme: str, lang: str, path: str
) -> None:
    page = new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    errors = watch(page)
    _with_picture(page, f"/{lang}/{path}")
    expect(page.locator(LIVING)).to_have_count(0)
    place = page.locator("figure.chart .chart-box").first
    place.scroll_into_view_if_needed()
    picture = place.screenshot()
    enliven(page)
    page.mouse.move(1, 1)
    page.wait_for_timeout(300)  # a hint fades
    assert place.screenshot() == picture
    assert errors == []


def test_the_first_chart_stands_without_the_code_that_draws(page: Page) -> None:
    page.route(CODE, lambda route: None)
    _with_picture(page, INDICATOR)
    expect(page.locator(".chart-sentence")).to_contain_text("Georgia")
    expect(page.locator(MARK).first).to_be_attached()
    expect(page.locator("figure.chart svg.marks text", has_text="Uzbekistan").first).to_be_visible()


def test_a_point_under_the_pointer_is_told_as_soon_as_it_is_drawn(page: Page) -> None:
    page.route(CODE, _late)
    _with_picture(page, INDICATOR)
    box = page.locator(MARK).nth(40).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)  # and rests there
    expect(page.locator("#vg-tooltip-element.visible")).to_be_visible()


def test_a_press_on_the_picture_opens_the_figure(page: Page) -> None:
    page.route(CODE, _late)
    _with_picture(page, INDICATOR)
    page.locator(MARK).nth(40).click(force=True)
    drawer = page.get_by_role("dialog", name="How we know")
    expect(drawer).to_be_visible()


def test_a_choice_of_countries_goes_on_from_the_picture(page: Page) -> None:
    _with_picture(page, INDICATOR)
    page.get_by_role("button", name="Remove Georgia").click()
    expect(page.locator(".chart-sentence")).not_to_contain_text("Georgia")
    expect(page.locator("figure.chart svg.marks text", has_text="Georgia")).to_have_count(0)
    expect(page.locator(LIVING)).to_have_count(1)


@pytest.mark.parametrize("picture", [lambda route: route.fulfill(status=404), lambda route: None])
def test_where_no_picture_comes_the_browser_draws(page: Page, picture: Callable[[Route], None]) -> None:
    page.route(PICTURE, picture)
    arrive(page, INDICATOR)
    expect(page.locator(LIVING)).to_have_count(1)
    expect(page.locator(".chart-sentence")).to_contain_text("Georgia")


def test_a_style_sheet_that_does_not_come_holds_no_chart_up(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()  # it may complain of the style sheet
    page.route("**/fonts/fonts.css", lambda route: route.abort())
    page.route("**/assets/drawing-*.js", _late)  # what draws comes when that is long over
    arrive(page, INDICATOR)
    expect(page.locator(".chart-sentence")).to_contain_text("Georgia")


def test_where_a_finger_points_the_drawing_is_there_before_it_is_touched(
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context(viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True).new_page()
    errors = watch(page)
    arrive(page, INDICATOR)
    expect(page.locator(LIVING)).to_have_count(1)
    assert errors == []


def test_a_map_is_drawn_by_the_browser_alone(page: Page) -> None:
    asked = []
    page.on("request", lambda request: asked.append(request.url) if PICTURE.search(request.url) else None)
    arrive(page, f"{INDICATOR}&tab=map")
    expect(page.locator(LIVING)).to_have_count(1)
    assert asked == []


def _with_picture(page: Page, path: str) -> None:
    """Arrive where the server has drawn before: how long it takes, with others on this machine, is not the question."""
    with page.expect_response(PICTURE) as reply:
        page.goto(path)
    assert reply.value.ok
    arrive(page, path)


def _late(route: Route) -> None:
    time.sleep(0.7)
    route.continue_()
