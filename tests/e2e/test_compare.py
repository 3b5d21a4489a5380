"""A ministry official's way: peers with reasons, alignment, what keeps figures apart, a workbook, a link."""

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import format_number, t
from tests.checks import all_of
from tests.e2e.conftest import load, settle

pytestmark = pytest.mark.browser

METRICS = ("wgi_cc", "bribery_firms")
CHOSEN = "main .chip:not(.peers .chip)"
"""Countries and further indicators that are compared, each with its way out; not the peers that may be added."""


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_an_official_of_ethiopia_finds_peers_aligns_by_adoption_and_leaves_with_a_workbook(
    page: Page, new_context: Callable[..., BrowserContext], lang: str, tmp_path: Path
) -> None:
    ethiopia, uganda = (choose_text(load_codebook().countries[iso3].name, lang) for iso3 in ("ETH", "UGA"))
    wgi, bribery = (choose_text(load_codebook().metrics[metric].name, lang) for metric in METRICS)
    load(page, f"/{lang}/countries/ETH/")
    page.get_by_role("link", name=t("country.head.compare", lang)).click()
    expect(page).to_have_url(re.compile(f"/{lang}/compare/\\?country=ETH$"))
    settle(page)

    asked = page.request.get(f"/api/v1/peers?country=ETH&lang={lang}&limit=50").json()["peers"]
    proposed = page.locator(".peers li")
    expect(proposed).to_have_count(8)
    told = {peer["name"]: peer for peer in asked}
    assert uganda in told
    for shown in proposed.all():
        named = str(shown.get_by_role("link").evaluate("link => link.childNodes[1].textContent")).strip()
        assert told[named]["reasons"]
        for reason in told[named]["reasons"]:
            expect(shown).to_contain_text(reason["text"])
    proposed.filter(has_text=uganda).get_by_role("link").click()
    expect(page).to_have_url(re.compile("country=ETH,UGA"))
    expect(page.locator(".chart-sentence").first).to_contain_text(uganda)

    page.locator("#event").select_option("centre_opened")
    expect(page).to_have_url(re.compile("event=centre_opened"))
    starts = page.locator("#starts li")
    expect(starts).to_have_count(2)
    for country, year, line in zip((ethiopia, uganda), ("2025", "2023"), starts.all(), strict=True):
        expect(line).to_contain_text(country)
        expect(line).to_contain_text(year)
        line.locator("summary").click()
        expect(line.locator("details p").first).not_to_be_empty()
    expect(page.locator("figure.chart > details").first).to_contain_text(t("terms.event_type.centre_opened", lang))

    indicators = page.get_by_role("combobox", name=t("compare.page.further", lang))
    indicators.fill(bribery[3:])
    indicators.press("Enter")
    expect(page).to_have_url(re.compile("indicator=wgi_cc,bribery_firms"))
    settle(page)
    heading = page.get_by_role("heading", name=f"{t('compare.why.heading', lang)} {bribery}")
    judged = page.locator(".judgement", has=page.get_by_role("heading", name=bribery, level=2))
    expect(judged).to_contain_text(t("compare.verdict.points", lang))
    judged.get_by_text(t("compare.pair.fold", lang)).click()
    why = page.locator("section:not(:has(section))", has=heading)
    chip = why.locator(".difference", has_text=t("answers.chip.mixed_years.label", lang))
    chip.locator("summary").click()
    expect(chip.locator("p")).to_contain_text("2013")
    expect(chip.locator("p")).to_contain_text("2015")
    why.get_by_text(t("compare.why.open", lang)).click()
    years = why.get_by_role("row", name=t("compare.part.year", lang))
    expect(years).to_contain_text(t("compare.why.differs", lang))
    assert years.locator("td").all_inner_texts() == ["2015", "2013"]

    page.get_by_role("link", name=t("compare.view.table", lang)).click()
    expect(page).to_have_url(re.compile("view=table"))
    expect(page.locator(".heat thead th")).to_have_count(3)
    seen = _figures(page, len(METRICS))
    assert set(seen) == {(name, metric) for name in (ethiopia, uganda) for metric in METRICS}
    with page.expect_download() as started:
        page.get_by_role("link", name=t("compare.page.xlsx", lang)).click()
    file = tmp_path / "compare.xlsx"
    started.value.save_as(file)
    assert _written(file, lang) == seen

    page.reload()
    settle(page)
    assert _figures(page, len(METRICS)) == seen
    shared = new_context().new_page()
    load(shared, page.url)
    assert _figures(shared, len(METRICS)) == seen
    expect(shared.get_by_role("link", name=t("compare.view.table", lang))).to_have_attribute("aria-current", "true")
    for name in (wgi, bribery):
        expect(shared.locator(".heat thead")).to_contain_text(name)
    expect(shared.locator(CHOSEN)).to_have_count(3)


def test_a_group_fills_the_places_left_and_says_who_found_none(page: Page) -> None:
    load(page, "/en/compare/?country=ETH")
    page.locator("#group").select_option("lldc")
    expect(page).to_have_url(re.compile("group=lldc"))
    said = page.get_by_text("At most 12 countries can be told apart; left out:")
    expect(said).to_contain_text("Zimbabwe")
    expect(page.locator(CHOSEN)).to_have_count(12)
    settle(page)
    page.get_by_role("link", name="Remove Ethiopia").click()
    expect(said).to_have_count(0)


KEPT = """
window.kept = [];
const set = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, text) {
  if (key === "monitor.compared") window.kept.push(JSON.parse(text));
  return set.call(this, key, text);
};
"""
"""Notes every list of comparisons that the page keeps."""


def test_this_browser_alone_remembers_what_was_compared(page: Page, new_context: Callable[..., BrowserContext]) -> None:
    page.add_init_script(KEPT)
    load(page, "/en/compare/?country=ETH,UGA")
    page.get_by_role("link", name="Remove Uganda").click()
    page.wait_for_function("() => kept.at(-1)?.length === 2 && kept.at(-1)[0].to === '/en/compare/?country=ETH'")
    for one in page.evaluate("kept.flat()"):  # never an address under the words of another
        assert ("UGA" in one["to"]) == ("Uganda" in one["name"]), one
    load(page, "/en/compare/?country=KEN,RWA&indicator=egdi")
    recent = page.locator(".recent")
    recent.locator("summary").click()
    expect(recent.locator("li")).to_have_text(["Ethiopia", "Ethiopia, Uganda"])
    recent.get_by_role("link", name="Ethiopia", exact=True).click()
    expect(page).to_have_url(re.compile(r"country=ETH$"))
    expect(page.locator(CHOSEN)).to_have_count(1)
    expect(recent.locator("li")).to_have_text(["Kenya, Rwanda · E-Government Development Index", "Ethiopia, Uganda"])
    recent.get_by_role("button", name="Clear").click()
    expect(recent).to_have_count(0)
    other = new_context().new_page()
    load(other, "/en/compare/?country=ETH")
    expect(other.locator(".recent")).to_have_count(0)


def test_a_drawing_that_gained_and_lost_countries_is_the_one_of_its_address(page: Page) -> None:
    load(page, "/en/compare/?country=AZE,GEO,UZB,KAZ&indicator=wgi_cc,egdi&unequal=1")
    for country in ("Uganda", "Ethiopia"):
        page.get_by_role("combobox", name="Add a country").fill(country)
        page.get_by_role("option", name=country).first.click()
        expect(page.locator(".chart-sentence").last).to_contain_text(country)
    for country in ("Georgia", "Ethiopia"):
        page.get_by_role("link", name=f"Remove {country}").click()
        expect(page.locator(".chart-sentence").last).not_to_contain_text(country)
    expect(page).to_have_url(re.compile("country=AZE,UZB,KAZ,UGA&"))
    settle(page)
    after = _drawn(page)
    page.reload()
    settle(page)
    assert _drawn(page) == after


def _drawn(page: Page) -> list[str]:
    """All marks and words of the page's drawings, in no order: what joins later is drawn later."""
    found: list[str] = page.evaluate("""() => [...document.querySelectorAll(".chart-box svg :is(path, text, line)")]
        .map((it) => ["d", "transform", "stroke", "fill", "opacity"].map((name) => it.getAttribute(name)).join(" ")
                     + it.textContent).sort()""")
    assert len(found) > 100
    return found


def _figures(page: Page, metrics: int) -> dict[tuple[str, str], tuple[str, str]]:
    """(country, indicator) → value and year as the heatmap shows them."""
    found = {}
    for row in page.locator(".heat tbody tr").all():
        cells = row.locator("td")
        expect(cells).to_have_count(metrics)
        for metric, cell in zip(METRICS, cells.all(), strict=True):
            value = cell.locator("button.value").evaluate("button => button.firstChild.textContent")
            found[row.locator("th").inner_text(), metric] = (value, cell.locator("small").inner_text()[:4])
    return found


def _written(file: Path, lang: str) -> dict[tuple[str, str], tuple[str, str]]:
    """The same of the first sheet, its numbers written as pages write them."""
    head, *rows = openpyxl.load_workbook(file)["figures"].iter_rows(values_only=True)
    told = [dict(zip(head, row, strict=True)) for row in rows]
    return {
        (row["country_name"], row["indicator"]): (
            format_number(row["value"], lang, load_codebook().metrics[row["indicator"]].decimals),
            row["period"],
        )
        for row in told
    }


def test_a_range_of_years_runs_from_left_to_right_in_arabic(page: Page) -> None:
    load(page, "/ar/compare/?country=AZE,GEO")
    spans = page.locator("main td bdi[dir=ltr]")
    expect(spans).to_have_count(2)
    expect(spans.first).to_have_text("1996–2025")


def test_whether_a_gap_is_meaningful_is_said_in_words_and_all_peers_are_one_act(page: Page) -> None:
    load(page, "/en/compare/?country=UGA,GEO")
    answer = page.locator(".judgement .answer-line")
    expect(answer).to_have_text(
        "Georgia is higher than Uganda in 2025: the difference, +0.96, is beyond the margin of error."
    )
    expect(page.locator(".judgement")).to_contain_text("WGI 2026 edition")
    expect(page.locator(".triangle")).to_have_count(0)

    page.locator("#all-peers").click()
    expect(page).to_have_url(re.compile(r"country=UGA(,[A-Z]{3}){11}(&|$)"))
    settle(page)
    expect(answer).to_contain_text(re.compile(r"Gaps beyond the margin of error: \d+ of 66"))
    cells = page.locator(".triangle td")
    expect(cells).to_have_count(66)
    assert {cell.get_attribute("data-pair") for cell in cells.all()} <= {"higher", "lower", "alike", "cannot_tell"}
    assert all_of(cell.get_attribute("title") for cell in cells.all())
    expect(page.locator("#all-peers")).to_have_count(0)
    page.go_back()
    expect(page).to_have_url(re.compile("country=UGA,GEO$"))


def test_where_it_cannot_be_told_the_page_says_why_and_the_heatmap_has_colour(page: Page) -> None:
    load(page, "/en/compare/?country=AZE,GEO,UZB&indicator=egdi&view=table")
    expect(page.locator(".judgement .answer-line")).to_have_text(
        "Uzbekistan 0.7999, Georgia 0.7792, Azerbaijan 0.7607 (2024). No margin of error published"
        " (E-Government Survey 2024), so not tested."
    )
    shaded = page.locator(".heat td[data-shade]:not([data-shade='0'])").first
    ground = "cell => getComputedStyle(cell).backgroundColor"
    assert shaded.evaluate(ground) != page.locator(".heat tbody th").first.evaluate(ground)
