"""What a reader sees first, measured: how long a page is, how much of its first screen is a picture."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from dashboard.interfaces.pages.registry import PAGES
from dashboard.locales import t
from tests.chromium import MOST_SHIFT, SHIFTS
from tests.e2e.conftest import load
from tests.languages import ARABIC, SWEPT

pytestmark = pytest.mark.browser

DESK, TELEPHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}

LONGEST = 3_500
"""Pixels of any page at 1280 as it opens; at 360 three times that."""

SHORTER = {"overview": 1_800, "mapping": 1_600, "country": 2_400, "adoption": 2_400, "progress": 2_400}

LONGER = {"sources": 3_550}
"""Pages that are longer than they shall be, with what they may not pass."""

PICTURES = (
    "figure.chart, .mapping-picture, .tiles, .ladder, .kpi, .country-panels > *, .goal-tiles, .verdict-bar, "
    ".goals-matrix, .method-bars"
)
"""What counts as a picture: charts, maps of tiles, the ladder of statuses, tiles of a figure, panels of sparklines,
bars of verdicts and the matrix that they colour."""

SHARE = 0.45
PICTURED = ("overview", "mapping", "adoption", "country", "compare", "progress", "effects", "indicator")

MOST_STOPS = 80

COVERED = """(selector) => {
  const cell = 4, across = Math.ceil(innerWidth / cell), down = Math.ceil(innerHeight / cell);
  const grid = new Uint8Array(across * down);
  for (const one of document.querySelectorAll(`main :is(${selector})`)) {
    const { left, right, top, bottom, width, height } = one.getBoundingClientRect();
    if (!width || !height) continue;
    const [from, to] = [Math.max(0, Math.floor(left / cell)), Math.min(across, Math.ceil(right / cell))];
    for (let y = Math.max(0, Math.floor(top / cell)); y < Math.min(down, Math.ceil(bottom / cell)); y++)
      if (to > from) grid.fill(1, y * across + from, y * across + to);
  }
  return grid.reduce((sum, one) => sum + one, 0) / grid.length;
}"""
"""The share of the window that the elements cover together."""

STOPS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((one) => one.tabIndex >= 0 && !one.disabled && one.getClientRects().length
    && getComputedStyle(one).visibility !== "hidden").length"""

CLIPPED = """() => [...document.querySelectorAll("main :is(a, button, label, th, dt, h1, h2, h3, .tag, .badge, .chip)")]
  .filter((one) => one.getClientRects().length && !one.closest(".sr-only, .scroll, svg")
    && ["hidden", "clip"].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 120))"""
"""Words that their own box cuts off."""

LONG_VIEWS = (
    "targets/16.6/", "goals/16/", "goals/17/", "countries/KAZ/?tab=national", "countries/UGA/?tab=national",
    "countries/SOM/?tab=gaps", "indicators/wgi_cc/?part=revisions", "indicators/nhri_status_a/?part=revisions",
    "indicators/wgi_cc/?tab=table", "compare/?country=AZE,GEO,UZB&view=rows", "adoption/?tab=claims",
    "countries/?page=2",
)  # fmt: skip

SHORT_VIEWS = {
    "progress/?country=KAZ&beside=sdsn": SHORTER["progress"],
    "progress/?country=AZE&beside=eurostat": SHORTER["progress"],
    "compare/?indicator=wgi_cc,egdi,ti_cpi,internet_users&country=AZE,GEO,KAZ,UZB": LONGEST,
    "compare/?indicator=wgi_cc,egdi,internet_users,basic_water&country=AZE,GEO,KAZ,UZB,KGZ,RWA,KEN,UGA": LONGEST,
}  # fmt: skip
"""Views with twice the usual, and what they may not pass."""

MOST_ROWS = 25

ROWS = """() => Math.max(0, ...[...document.querySelectorAll("main table")]
  .filter((one) => one.checkVisibility()).map((one) => one.tBodies[0].rows.length))"""

APART = """(all) => all.map((one) => ["label", "select"].map((it) => one.querySelector(it).getBoundingClientRect()))
  .filter(([label, list]) => Math.abs(document.dir === "rtl" ? label.right - list.right : label.left - list.left) > 1)
  .map(([label, list]) => [label.left, list.left])"""
"""Labels of lists that do not start where the list does."""

FORMER = (
    "", "goals/", "goals/16/", "targets/16.5/", "principles/", "principles/integrity/", "themes/", "themes/integrity/",
    "indicators/", "indicators/wgi_cc/", "countries/", "countries/AZE/", "adoption/", "compare/", "progress/",
    "progress/effects/", "sources/", "availability/", "method/", "gallery/", "search/", "goals/5/", "targets/16.6/",
    "indicators/sat_overall_gov/", "countries/KAZ/",
)  # fmt: skip
"""Addresses of each kind that others may have kept."""


@pytest.mark.parametrize("lang", ARABIC)
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["1280", "360"])
def test_no_page_is_longer_or_wider_than_a_reader_bears(
    new_context: Callable[..., BrowserContext], lang: str, size: dict[str, int]
) -> None:
    page = new_context(viewport=size).new_page()
    found = []
    for one in PAGES:
        load(page, f"/{lang}/{one.example}")
        most = LONGER.get(one.id, SHORTER.get(one.id, LONGEST)) * (1 if size == DESK else 3)
        height, width = page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]")
        found += [f"{one.id}: {height} px long, {most} at most"] * (height > most)
        found += [f"{one.id}: {width} px wide"] * (width > size["width"])
        found += [f"{one.id}: cut off: {html}" for html in page.evaluate(CLIPPED)]
        if page.evaluate(STOPS) > MOST_STOPS:
            found += [f"{one.id}: no way past its stops"] * (not _skips(page))
    assert found == []


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["1280", "360"])
def test_no_view_of_a_page_is_longer_or_wider_than_a_reader_bears(
    new_context: Callable[..., BrowserContext], size: dict[str, int]
) -> None:
    """Views with the most rows, in the language with the longest words."""
    page = new_context(viewport=size).new_page()
    found = []
    for view, longest in (dict.fromkeys(LONG_VIEWS, LONGEST) | SHORT_VIEWS).items():
        load(page, f"/fr/{view}")
        height, most = page.evaluate("document.documentElement.scrollHeight"), longest * (1 if size == DESK else 3)
        found += [f"{view}: {height} px long, {most} at most"] * (height > most)
        rows = page.evaluate(ROWS)
        found += [f"{view}: {rows} rows, {MOST_ROWS} at most"] * (rows > MOST_ROWS)
    assert found == []


def test_revisions_stand_below_each_other_on_a_telephone(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport=TELEPHONE).new_page()
    load(page, "/fr/indicators/wgi_cc/?part=revisions")
    assert page.locator("#revisions .scroll").evaluate("one => one.scrollWidth - one.clientWidth") <= 1


@pytest.mark.parametrize("lang", ARABIC)
def test_a_list_starts_where_its_label_does(new_context: Callable[..., BrowserContext], lang: str) -> None:
    page = new_context(viewport=DESK).new_page()
    load(page, f"/{lang}/progress/")
    assert page.locator(".frame-controls .field").evaluate_all(APART) == []


@pytest.mark.nightly
@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["1280", "360"])
def test_nothing_jumps_while_a_page_fills(new_context: Callable[..., BrowserContext], size: dict[str, int]) -> None:
    """Layout shift of each page as it opens, on a processor four times as slow."""
    found = {}
    for one in PAGES:
        context = new_context(viewport=size)
        page = context.new_page()
        page.add_init_script(SHIFTS)
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        load(page, f"/en/{one.example}")
        found[one.id] = round(page.evaluate("shifted"), 3)
        context.close()
    assert {name: shift for name, shift in found.items() if shift > MOST_SHIFT} == {}


def _skips(page: Page) -> bool:
    """Whether the first stop leads past the menu to what the page is about."""
    first = page.locator("a[href], button, input").first
    return bool(
        first.evaluate("one => one.matches('.skip') && document.querySelector(one.hash)?.matches('main, main *')")
    )


@pytest.mark.parametrize("lang", SWEPT)
def test_the_first_screen_answers_with_a_picture(new_context: Callable[..., BrowserContext], lang: str) -> None:
    page = new_context(viewport=DESK).new_page()
    examples = {one.id: one.example for one in PAGES}
    shares = {}
    for name in PICTURED:
        load(page, f"/{lang}/{examples[name]}")
        shares[name] = round(page.evaluate(COVERED, PICTURES), 2)
    assert {name: share for name, share in shares.items() if share < SHARE} == {}


def test_the_key_of_a_map_is_in_the_first_screen(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport=DESK).new_page()
    none = page.locator("figure.chart svg text").get_by_text(t("charts.map.none", "en"), exact=True)
    places = {"": page.locator(".legend li").last} | dict.fromkeys(
        ("indicators/ti_cpi/?tab=map", "indicators/ti_cpi/?tab=world"), none
    )
    ends = {}
    for path, key in places.items():
        load(page, f"/en/{path}")
        ends[path] = key.evaluate("one => Math.ceil(one.getBoundingClientRect().bottom)")
    assert {path: end for path, end in ends.items() if end > DESK["height"]} == {}


@pytest.mark.parametrize("lang", SWEPT)
def test_former_addresses_still_lead_somewhere(page: Page, lang: str) -> None:
    answers = {path: page.request.get(f"/{lang}/{path}").status for path in FORMER}
    assert {path: status for path, status in answers.items() if status != 200} == {}


GUESSED = (
    *(f"/{page}/" for page in ("effects", "about", "help", "glossary", "targets", "reports", "contact", "data")),
    "/fr/effects/", "/countries/az/", "/en/countries/kazakhstan/", "/ar/countries/UG/", "/en/indicators/WGI_CC/",
    "/indicators/EGDI/", "/en/goals/sdg16/", "/EN/Mapping/", "/uzbekistan/", "/progress/effects/", "/en/method/proxy/",
    "/en/country/KEN/", "/en/targets/16.B/", "/method/#proxy",
)  # fmt: skip
"""Addresses that one would guess, with a language and without."""


def test_no_guessed_address_is_dead(page: Page) -> None:
    answers = {path: page.request.get(path) for path in GUESSED}
    assert {path: reply.status for path, reply in answers.items() if reply.status != 200} == {}


def test_the_page_that_is_not_there_has_menu_and_search(page: Page) -> None:
    load(page, "/fr/no-such-page/")
    page.get_by_role("navigation").get_by_role("link", name=t("ui.nav.mapping", "fr")).first.wait_for()
    field = page.get_by_role("combobox", name=t("search.field.label", "fr"))
    assert field.count() == 1, "one of the language of the address"
    field.fill("wgi_cc")
    field.press("Enter")
    page.wait_for_url("**/fr/indicators/wgi_cc/")


def test_an_address_of_the_method_leads_to_its_term(page: Page) -> None:
    load(page, "/en/method/proxy/")
    assert page.locator(".terms > div").first.get_attribute("class") == "asked"
    load(page, "/en/method/?q=margin of error")
    assert 0 < page.locator(".handbooks li").count() < 20
    load(page, "/en/method/#proxy")
    assert page.locator("li:has(#proxy) > a").get_attribute("href") == "/en/method/strength/"
