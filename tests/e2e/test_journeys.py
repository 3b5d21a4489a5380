"""What a reader comes for: each in as many presses as it may take, by the pointer and with the keyboard alone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import t
from tests.e2e.conftest import load, settle, watch

pytestmark = pytest.mark.browser

READERS = ("en", "ar")


@pytest.fixture
def reader(new_context: Callable[..., BrowserContext]) -> Page:
    """A reader whose clipboard can be looked into."""
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context.new_page()


def _press_on(page: Page, name: str) -> None:
    """Go on with Tab until the focused link or button is called ``name``, then press it."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip().startswith(name):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name!r} was not reached with Tab")


@pytest.mark.parametrize("lang", READERS)
def test_find_how_adopters_do_on_bribery_and_cite_kazakhstans_figure(reader: Page, lang: str) -> None:
    errors = watch(reader)
    load(reader, f"/{lang}/")
    indicator = choose_text(load_codebook().metrics["bribery_persons"].name, lang)
    kazakhstan = choose_text(load_codebook().countries["KAZ"].name, lang)
    reader.keyboard.press("/")
    reader.keyboard.type("16.5.1")
    options = reader.get_by_role("option")
    expect(options.filter(has_text=indicator)).to_be_visible()
    for _ in range(options.count()):
        reader.keyboard.press("ArrowDown")
        if indicator in reader.locator("[role=option][aria-selected=true]").inner_text():
            break
    reader.keyboard.press("Enter")
    expect(reader).to_have_url(re.compile(f"/{lang}/indicators/bribery_persons/"))
    settle(reader)
    expect(reader.locator("main")).to_contain_text(re.compile(r"5.*14"))  # adopters with a figure, by the rule named
    _press_on(reader, t("pages.indicator_part.links", lang))
    own = reader.locator("#national")
    expect(own).to_contain_text(t("national.label", lang))
    own.get_by_role("row").filter(has_text=kazakhstan).get_by_role("button").focus()
    reader.keyboard.press("Enter")
    drawer = reader.get_by_role("dialog")
    expect(drawer).to_contain_text(kazakhstan)
    _press_on(reader, t("ui.buttons.copy_citation", lang))
    expect(drawer.get_by_text(t("ui.buttons.citation_copied", lang))).to_be_visible()
    citation = reader.evaluate("navigator.clipboard.readText()")
    for part in (kazakhstan, indicator, "16-5-1", "/figures/"):
        assert part in citation
    assert errors == []


class Hand:
    """Presses what a journey needs, by the pointer or by keys alone, and counts how often."""

    def __init__(self, page: Page, keys: bool) -> None:
        self.page, self.keys, self.presses = page, keys, 0

    def press(self, target: Locator) -> None:
        """Press one link, button or mark."""
        self.presses += 1
        if self.keys:
            self.reach(target)
            self.page.keyboard.press("Enter")
        else:
            target.click()

    def choose(self, target: Locator, value: str) -> None:
        """Choose in a list; by keys: open it, go down, take it."""
        self.presses += 1
        if not self.keys:
            target.select_option(value)
            return
        self.reach(target)
        steps = target.evaluate(
            "(one, value) => [...one.options].findIndex((it) => it.value === value) - one.selectedIndex", value
        )
        self.page.keyboard.press("Space")
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        self.page.keyboard.press("Enter")

    def reach(self, target: Locator) -> None:
        """Go on with Tab until it has the focus."""
        expect(target).to_be_attached()
        for _ in range(200):
            if target.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} was not reached with Tab")


@pytest.fixture(params=["pointer", "keys"])
def hand(request: pytest.FixtureRequest, reader: Page) -> Iterator[Hand]:
    """A reader's hand; nothing is wrong in the console afterwards."""
    errors = watch(reader)
    yield Hand(reader, request.param == "keys")
    assert errors == []


@pytest.mark.parametrize("lang", READERS)
def test_which_targets_satisfaction_serves_and_how_strongly(hand: Hand, lang: str) -> None:
    page = hand.page
    load(page, f"/{lang}/")
    hand.press(page.locator("header").get_by_role("link", name=t("ui.nav.mapping", lang), exact=True))
    expect(page).to_have_url(re.compile(f"/{lang}/mapping/"))
    settle(page)
    picture = page.locator("figure.chart [role=img]")
    if hand.keys:
        hand.reach(picture)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        hand.presses += 1
    else:
        hand.press(page.locator(".chart-box .targets_marks path").first)
    expect(page).to_have_url(re.compile("pin=satisfaction,"))
    held = page.locator(".mapping-pinned")
    expect(held).to_contain_text("16.6")
    assert held.locator("li .strength").count() == held.locator("li .note").count() > 0
    assert hand.presses <= 2


@pytest.mark.parametrize("lang", READERS)
def test_kazakhstans_satisfaction_with_its_source_and_citation(hand: Hand, lang: str) -> None:
    page = hand.page
    load(page, f"/{lang}/")
    page.keyboard.press("/")
    page.keyboard.type(choose_text(load_codebook().countries["KAZ"].name, lang))
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")  # an exact name opens its page
    hand.presses += 1
    expect(page).to_have_url(re.compile(f"/{lang}/countries/KAZ/"))
    settle(page)
    hand.press(page.locator("main button.value", has_text="81").first)
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("16-6-2")
    hand.press(drawer.get_by_role("button", name=t("ui.buttons.copy_citation", lang)))
    expect(drawer.get_by_text(t("ui.buttons.citation_copied", lang))).to_be_visible()
    assert "/figures/" in page.evaluate("navigator.clipboard.readText()")
    assert hand.presses <= 3


@pytest.mark.parametrize("lang", READERS)
def test_whether_uzbekistan_makes_progress_by_which_method_and_what_another_says(hand: Hand, lang: str) -> None:
    page = hand.page
    load(page, f"/{lang}/")
    hand.press(page.locator("header").get_by_role("link", name=t("ui.nav.progress", lang), exact=True))
    expect(page).to_have_url(re.compile(f"/{lang}/progress/"))
    settle(page)
    hand.choose(page.locator("#by-country"), "UZB")
    expect(page).to_have_url(re.compile("country=UZB"))
    settle(page)
    counts = page.locator(".verdict-key li .num")
    by_one = counts.all_inner_texts()
    assert sum(map(int, by_one)) > 10
    method = page.locator("#by-method")
    other = method.locator("option:not([value=''])").last.get_attribute("value")
    hand.choose(method, str(other))
    expect(page).to_have_url(re.compile(f"method={other}"))
    expect(counts).not_to_have_text(by_one)
    assert hand.presses <= 3


@pytest.mark.parametrize("lang", READERS)
def test_what_changed_since_the_last_vintage_and_how_to_subscribe(hand: Hand, lang: str) -> None:
    page = hand.page
    load(page, f"/{lang}/")
    hand.press(page.locator("header a.bell"))
    expect(page).to_have_url(re.compile("#news"))
    expect(page.locator("#news")).to_be_in_viewport()
    expect(page.locator("#news")).to_contain_text(re.compile(r"53[^\d]?687|٥٣"))
    feed = page.locator("#news a[href*='changes.atom']")
    if hand.keys:
        hand.reach(feed)
    hand.presses += 1
    assert "<entry>" in page.request.get(str(feed.get_attribute("href"))).text()
    assert hand.presses <= 2
