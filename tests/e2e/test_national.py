"""Kazakhstan's and Rwanda's own figures on their pages: labelled, defined, apart, and each opening onto its source."""

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import t
from dashboard.locales.figures import format_number
from tests.e2e.conftest import load, settle
from tests.languages import SWEPT

pytestmark = pytest.mark.browser

SATISFACTION, BRIBERY = "sat_overall_gov", "bribery_persons"
FIGURES = {"KAZ": {SATISFACTION: 81.3, BRIBERY: 28.2}, "RWA": {SATISFACTION: 76.1, BRIBERY: 13.2}}
OFFICE = {"KAZ": "Bureau of National Statistics of Kazakhstan", "RWA": "National Institute of Statistics of Rwanda"}


@pytest.mark.parametrize("iso3", FIGURES)
@pytest.mark.parametrize("lang", SWEPT)
def test_national_figures_stand_with_label_definition_and_caution(page: Page, lang: str, iso3: str) -> None:
    load(page, f"/{lang}/countries/{iso3}/?tab=national")
    for indicator, figure in FIGURES[iso3].items():
        metric = load_codebook().metrics[indicator]
        page.locator("#national tbody").get_by_role("link", name=choose_text(metric.name, lang), exact=True).click()
        expect(page).to_have_url(re.compile(f"indicator={indicator}"))
        expect(page.locator("#national article")).to_have_count(1)
        settle(page)
        (own,) = [series for series in metric.national if series.country == iso3]
        card = page.locator("#national article", has_text=choose_text(metric.name, lang)).first
        expect(card).to_contain_text(t("national.label", lang))
        assert card.locator("dd").first.inner_text().count("%") == 1
        expect(card).to_contain_text(choose_text(own.definition, lang))
        expect(card).to_contain_text(choose_text(own.caution, lang))
        expect(card).to_contain_text(choose_text(own.compiled_by, lang))
        expect(card.locator(".value")).to_contain_text(format_number(figure, lang, 1))
        expect(card.locator(".chart-title")).to_contain_text(choose_text(load_codebook().countries[iso3].name, lang))
        card.locator(".value").click()
        drawer = page.get_by_role("dialog")
        expect(drawer).to_contain_text(OFFICE[iso3])
        expect(drawer).to_contain_text(own.series.partition(":")[2])
        expect(drawer).to_contain_text(t("answers.breakdown.reporting_type.n", lang))
        page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()


def test_a_point_of_a_national_chart_opens_the_national_figure(page: Page) -> None:
    """Kazakhstan has an international figure of birth registration for the same year: that one must not open."""
    load(page, "/en/countries/KAZ/?tab=national&indicator=birth_registration")
    card = page.locator("#national article", has_text="Birth registration")
    card.locator(".chart-box svg .mark-symbol path").last.click(force=True)
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("16-9-1")
    expect(drawer).not_to_contain_text("kaz:")
    expect(drawer).to_contain_text(OFFICE["KAZ"])


def test_the_section_is_another_country_s_after_going_there(page: Page) -> None:
    load(page, "/en/indicators/sat_overall_gov/?part=links")
    listed = page.locator("#national tbody tr")
    expect(listed).to_have_count(6)  # Armenia, Kazakhstan, Kyrgyzstan, Moldova, Rwanda, Uganda
    listed.filter(has_text="Rwanda").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rwanda")
    settle(page)
    page.locator(".country-top").get_by_role("link", name="National figures").click()
    expect(page).to_have_url(re.compile("tab=national"))
    expect(page.locator("#national article").first).to_contain_text(t("national.label", "en"))
    expect(page.locator("#national")).not_to_contain_text("Kazakhstan")
    load(page, "/en/countries/AZE/?tab=national")
    expect(page.locator("#national")).to_have_count(0)
