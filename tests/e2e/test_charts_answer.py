"""Charts answer to the hand: a year names every country, a name its line; pointer, tap and keys say the same."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, WebSocketRoute, expect

from tests.checks import all_of
from tests.e2e.conftest import load, settle

pytestmark = pytest.mark.browser

TREND = "/en/indicators/wgi_cc/?country=AZE,GEO,UZB"
YEARS = 27  # with a figure, 1996 to 2025
TIP = "#vg-tooltip-element.visible"
COLUMNS = ".chart-box .columns_marks path"


def over(page: Page, year: int) -> None:
    """Bring the pointer between the lines of a year."""
    column = page.locator(COLUMNS).evaluate_all(
        "(all, year) => all.map(one => [one.__data__.datum.year, one.getBoundingClientRect()])"
        ".filter(([own]) => own === year).map(([_, r]) => [r.x + r.width / 2, r.y + 4])[0]",
        year,
    )
    page.mouse.move(*column)


def test_a_year_names_every_country_as_the_table_writes_it(page: Page) -> None:
    load(page, TREND + "&from=2006&to=2006&tab=table")
    expect(page.locator(".rows-table tbody tr")).to_have_count(3)
    written = page.locator(".rows-table tbody .value").all_inner_texts()
    load(page, TREND)
    over(page, 2006)
    tip = page.locator(TIP)
    expect(tip).to_contain_text("2006")
    for name in ("Azerbaijan", "Georgia", "Uzbekistan"):
        expect(tip).to_contain_text(name)
    said = tip.locator("td.value").all_inner_texts()
    assert sorted(words.split(" · ")[0] for words in said) == sorted(words.split(",")[0].strip() for words in written)
    assert not re.search(r"[.]\d{3}", tip.inner_text()), "two decimals, as everywhere else"


def test_what_a_year_says_neither_covers_it_nor_looks_like_a_button(page: Page) -> None:
    load(page, TREND)
    for year in (1996, 2006, 2023):
        over(page, year)
        tip = page.locator(TIP)
        expect(tip).to_contain_text(str(year))
        box = tip.bounding_box()
        marks = page.locator(".chart-box .targets_marks path").evaluate_all(
            "(all, year) => all.filter(one => one.__data__.datum.year === year).map(one => one.getBoundingClientRect())"
            ".map(r => [r.x + r.width / 2, r.y + r.height / 2])",
            year,
        )
        assert len(marks) == 3
        for x, y in marks:
            inside = box["x"] <= x <= box["x"] + box["width"] and box["y"] <= y <= box["y"] + box["height"]
            assert not inside, year
        value = tip.locator("td.value").first
        assert value.evaluate("one => getComputedStyle(one).textDecorationLine") == "none"


def test_a_name_lights_its_line_and_a_mark_its_name(page: Page) -> None:
    load(page, TREND)
    page.locator(".chart-box svg text", has_text="Georgia").last.dispatch_event("pointerover", {"bubbles": True})
    lines = page.locator(".chart-box .mark-line path")
    expect(lines.and_(page.locator("[opacity='0.2']"))).to_have_count(lines.count() * 2 // 3)
    page.mouse.move(5, 5)


def test_a_span_drawn_over_the_years_is_all_that_is_shown_until_it_is_let_go(page: Page) -> None:
    load(page, TREND)
    columns = page.locator(COLUMNS)
    expect(columns).to_have_count(YEARS)
    box = page.locator(".chart-box").bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 420, box["y"] + 70, steps=3)
    page.mouse.move(box["x"] + 520, box["y"] + 70, steps=3)
    page.mouse.up()
    expect(columns).not_to_have_count(YEARS)
    assert 3 <= columns.count() <= 10
    width = page.locator(".chart-box svg").bounding_box()["width"]
    assert width == pytest.approx(box["width"], abs=2), "as wide as before"
    page.mouse.dblclick(box["x"] + 420, box["y"] + 60)
    expect(columns).to_have_count(YEARS)


def test_keys_and_a_tap_say_what_the_pointer_says(page: Page, new_context: Callable[..., BrowserContext]) -> None:
    load(page, TREND)
    over(page, 2005)
    expect(page.locator(TIP)).to_contain_text("2005")
    said = page.locator(TIP).inner_text()
    page.mouse.move(5, 5)
    page.locator("figure.chart [role=img]").focus()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    while "2005" not in page.locator(TIP).inner_text().split("\n")[0]:
        page.keyboard.press("ArrowRight")
    assert page.locator(TIP).inner_text() == said
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="How we know")).to_contain_text("2005")
    touch = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).new_page()
    load(touch, TREND)
    touch.locator(COLUMNS).first.wait_for(state="attached")
    place = touch.locator(COLUMNS).evaluate_all(
        "all => { const one = all.find(one => one.__data__.datum.year === 2005);"
        " one.scrollIntoView({ block: 'center' }); const r = one.getBoundingClientRect();"
        " return [r.x + r.width / 2, r.y + 4]; }"
    )
    touch.touchscreen.tap(*place)
    expect(touch.locator(TIP)).to_contain_text("2005")
    assert touch.locator(TIP).inner_text() == said
    tip = touch.locator(TIP).bounding_box()
    assert tip["x"] >= 0
    assert tip["x"] + tip["width"] <= 390


def lit(page: Page) -> set[str]:
    """The codes or names of what is marked: marks of charts by their country, all else by its words."""
    found: list[str] = page.locator("[data-lit]").evaluate_all(
        "all => all.map(one => (one.__data__?.datum?.datum ?? one.__data__?.datum)?.country"
        " ?? (one.closest('a') ?? one.querySelector('a')).href.match(/countries.([A-Z]{3})/)[1])"
    )
    return set(found)


def test_a_country_pointed_at_is_marked_wherever_the_page_shows_it(page: Page) -> None:
    """On the map, in the chart and in lists, by pointer and by keyboard; what is not of a country marks nothing."""
    load(page, "/en/")
    page.locator(".tiles .tile[href*=UZB]").hover()
    assert lit(page) == {"UZB"}
    for place in (".tile", ".chart-box path", ".chart-box text"):
        expect(page.locator(f"{place}[data-lit]").first).to_be_visible()
    page.locator(".tiles .tile[href*=RWA]").focus()
    assert lit(page) == {"RWA"}
    page.locator("h1").hover()
    assert lit(page) == set()

    load(page, "/en/compare/?country=AZE,GEO,UZB")
    page.locator("main tr", has=page.get_by_role("link", name="Georgia")).first.hover()
    assert lit(page) == {"GEO"}
    expect(page.locator(".chart-box .mark-line path[data-lit], .chart-box path.mark-line[data-lit]")).to_have_count(1)


def test_small_multiples_answer_with_the_year_in_every_panel(page: Page) -> None:
    """Seven countries: a year under the pointer names each, marks it in its panel, and keys walk the years."""
    load(page, "/en/compare/?country=AZE,GEO,UZB,KAZ,UGA,ETH,IDN")
    over(page, 2004)
    tip = page.locator(TIP)
    for name in ("2004", "Azerbaijan", "Georgia", "Uzbekistan", "Kazakhstan", "Uganda", "Ethiopia", "Indonesia"):
        expect(tip).to_contain_text(name)
    dated = page.locator(".chart-box text", has_text="(2004)")
    expect(dated).to_have_count(7)
    page.locator("h1").hover()
    expect(dated).to_have_count(0)
    page.locator(".chart-stage [role=img]").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(tip).to_contain_text("1998")


MARKS = """() => [...document.querySelectorAll("main .chart-box")].map((box) =>
  [...box.querySelectorAll(".role-mark > path, .role-mark > text, .role-mark > line")]
    .filter((one) => one.getAttribute("opacity") !== "0").map((one) => {
      const { x, y, width, height } = one.getBoundingClientRect(), at = box.getBoundingClientRect();
      const place = [x - at.x, y - at.y, width, height].map((n) => Math.round(n));
      return [one.tagName, one.textContent, one.getAttribute("fill"), one.getAttribute("stroke"), ...place].join(" ");
    }).sort())"""
"""What each chart of the page shows, mark by mark, whatever stands above what."""


@pytest.mark.parametrize("view", ["lines", "multiples", "slope", "dumbbell", "ranking"])
def test_rows_that_come_and_go_leave_the_chart_that_a_load_would_draw(page: Page, view: str) -> None:
    asked = f"&indicator=wgi_cc,egdi&view={view}"
    load(page, f"/en/compare/?country=UZB,AZE,GEO{asked}")
    for name in ("Kenya", "Morocco"):
        page.get_by_role("combobox", name="Add a country").fill(name)
        page.get_by_role("option", name=name).click()
        expect(page.get_by_role("link", name=f"Remove {name}")).to_be_visible()
    for name in ("Azerbaijan", "Kenya"):
        page.get_by_role("link", name=f"Remove {name}").click()
        expect(page.get_by_role("link", name=f"Remove {name}")).to_have_count(0)
    expect(page).to_have_url(re.compile("country=UZB,GEO,MAR"))
    settle(page)
    page.mouse.move(0, 0)
    clicked = page.evaluate(MARKS)
    load(page, f"/en/compare/?country=UZB,GEO,MAR{asked}")
    page.mouse.move(0, 0)
    assert clicked == page.evaluate(MARKS)
    assert len(clicked) == 2
    assert all_of(len(marks) > 5 for marks in clicked)


def test_a_click_draws_before_the_page_answers_and_not_for_long_without_it(page: Page) -> None:
    late: list[Callable[[], None]] = []
    waiting = [False]

    def way(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda said: late.append(lambda: socket.send(said)) if waiting[0] else socket.send(said))

    page.route_web_socket(re.compile("_event"), way)
    load(page, "/en/compare/?country=AZE,GEO,UZB")
    georgia = page.locator("main .chart-box .role-mark text").filter(has_text="Georgia")
    waiting[0] = True
    page.get_by_role("link", name="Remove Georgia").click()
    expect(georgia).to_have_count(0)
    expect(page.get_by_role("link", name="Remove Georgia")).to_be_visible()
    expect(georgia.first).to_be_visible()
    waiting[0] = False
    for send in late:
        send()
    expect(georgia).to_have_count(0)
    expect(page.get_by_role("link", name="Remove Georgia")).to_have_count(0)
    settle(page)


def test_a_view_opened_in_another_tab_leaves_the_charts_of_this_one(page: Page) -> None:
    load(page, "/en/compare/?country=AZE,GEO,UZB")
    page.mouse.move(0, 0)
    before = page.evaluate(MARKS)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Remove Georgia").click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(re.compile("country=AZE,UZB"))
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    assert page.evaluate(MARKS) == before


def test_the_picture_says_what_its_marks_are_until_it_is_drawn(page: Page) -> None:
    held: list[Route] = []
    page.route("**/*.vega?*", lambda route: held.append(route))
    page.goto(TREND)
    titles = page.locator("main .chart-image title")
    expect(titles.filter(has_text="2006").first).to_have_text(
        re.compile(r"2006\s+Azerbaijan: −\d\.\d\d · [^:]+ \(90.%\)\s+Georgia: ")
    )
    box = page.locator("main .chart-image path:has(title)").nth(8).bounding_box()
    assert box
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    reached = page.evaluate("([x, y]) => document.elementFromPoint(x, y).querySelector('title').textContent", middle)
    assert re.match(r"(19|20)\d\d\nAzerbaijan: ", reached), "a pointer comes to it"
    for route in held:
        route.continue_()
    settle(page)
    expect(titles).to_have_count(0)
