"""Paper without backgrounds, as browsers print unless asked otherwise: what colours tell apart is told apart still."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.checks import all_of
from tests.e2e.conftest import load

pytestmark = pytest.mark.browser

LOOK = """(all) => all.map((one) => {
  const { borderTopWidth, borderTopStyle, borderBottomWidth, borderBottomStyle, borderLeftStyle, borderRightWidth,
    borderRightColor, textDecorationLine, fontWeight } = getComputedStyle(one);
  return [borderTopWidth, borderTopStyle, borderBottomWidth, borderBottomStyle, borderLeftStyle, borderRightWidth,
    textDecorationLine, fontWeight].join(" ");
})"""
"""What is to be seen of an element where neither background nor colour is."""


def _looks(page: Page, selector: str, mark: str, values: tuple[str, ...]) -> dict[str, str]:
    """How each of the values that occur looks on paper."""
    found = {value: page.locator(f'{selector}[{mark}="{value}"]') for value in values}
    return {value: place.first.evaluate_all(LOOK)[0] for value, place in found.items() if place.count()}


@pytest.fixture
def paper(new_context: Callable[..., BrowserContext]) -> Page:
    """A page as it is printed."""
    page = new_context().new_page()
    page.emulate_media(media="print")
    return page


def test_statuses_of_the_map_are_told_apart_by_borders(paper: Page) -> None:
    load(paper, "/en/")
    looks = _looks(paper, ".tiles .tile", "data-status", ("interest", "signed", "pilot", "operating"))
    assert len(looks) == 4
    assert len(set(looks.values())) == 4, looks
    assert looks == _looks(paper, ".legend .tile", "data-status", tuple(looks)), "the key shows the same"


def test_what_rose_and_fell_points_up_and_down(paper: Page) -> None:
    load(paper, "/en/")
    rose = paper.locator('.country-dots > [data-tone="rose"]').first
    assert rose.evaluate("one => getComputedStyle(one).borderBottomWidth") == "11px"
    assert rose.evaluate("one => getComputedStyle(one).clipPath") == "none"


def test_verdicts_and_figures_of_progress_are_told_apart(paper: Page) -> None:
    load(paper, "/en/progress/?country=KAZ")
    looks = _looks(paper, "#verdicts .verdict-bar > span", "data-tone", ("met", "good", "middle", "bad", "none"))
    assert len(looks) > 2
    assert len(set(looks.values())) == len(looks), looks
    for name, width in (("base", "2px"), ("latest", "5px")):
        mark = paper.locator(f".bullet > .{name}").first
        assert mark.evaluate("one => getComputedStyle(one).borderTopWidth") == width, "hollow is before, full is now"


@pytest.mark.parametrize(
    ("path", "marks"), [("countries/MAR/", ".goal-tiles .tone-met"), ("availability/", '.matrix [data-state="recent"]')]
)
def test_black_words_stand_on_no_colour_where_backgrounds_are_printed_too(paper: Page, path: str, marks: str) -> None:
    load(paper, f"/en/{path}")
    grounds = "all => all.map((one) => getComputedStyle(one).backgroundColor)"
    assert set(paper.locator(marks).evaluate_all(grounds)) == {"rgba(0, 0, 0, 0)"}


def test_folded_figures_and_pairs_of_several_indicators_are_printed(paper: Page) -> None:
    load(paper, "/en/compare/?indicator=wgi_cc,egdi&country=AZE,GEO,UZB")
    tables = paper.locator(".judgement details .judged table")
    assert tables.count() >= 3
    assert all_of(tables.evaluate_all("all => all.map((one) => one.checkVisibility())"))
    paper.emulate_media(media="screen")
    assert not any(tables.evaluate_all("all => all.map((one) => one.checkVisibility())"))
