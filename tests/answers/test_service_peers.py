"""Whom to compare a country with: reasons in words with both values, what is unknown said, results never looked at."""

import pytest

from dashboard.analysis.measures.peers import MAX_PEERS, MIN_NEIGHBOURS
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.charts.query import MAX_COUNTRIES_APART
from dashboard.answers.countries.peers import REASONS, list_peers, view_peers
from dashboard.answers.countries.views import PeersView
from dashboard.locales import LANGUAGES
from tests.answers.shape import faults
from tests.checks import all_of


@pytest.mark.usefixtures("embedded")
def test_ethiopias_nearest_peer_has_its_reasons_with_both_values_and_years() -> None:
    found = view_peers(open_context(), "ETH")
    assert [it["iso3"] for it in found["peers"][:2]] == ["COD", "UGA"], "four reasons each: the nearer one"
    for it, own in zip(found["peers"][:2], ("population", "gdp_per_head"), strict=True):
        reasons = {reason["id"]: reason["text"].replace("\xa0", " ") for reason in it["reasons"]}
        assert set(reasons) == {"region", "income", "egdi_group", own}
        assert reasons["region"] == "Same region: Sub-Saharan Africa."
        expected = {
            "population": ("1.5", "Democratic Republic of the Congo 99,010,212", "Ethiopia 123,379,924", "(2022)"),
            "gdp_per_head": ("1.25", "Uganda US$ 1,078 (2024)", "Ethiopia US$ 1,134 (2024)"),
        }
        for words in expected[own]:
            assert words in reasons[own]
    assert found["sources"]


@pytest.mark.usefixtures("embedded")
def test_most_reasons_come_first_and_nobody_comes_without_one() -> None:
    found = view_peers(open_context(), "AZE", 50)
    counts = [len(it["reasons"]) for it in found["peers"]]
    assert counts == sorted(counts, reverse=True)
    assert min(counts) >= 1
    assert found["total"] >= len(found["peers"]) == 50
    assert "AZE" not in {it["iso3"] for it in found["peers"]}


@pytest.mark.usefixtures("embedded")
def test_a_near_population_is_a_reason_with_both_figures_whoever_is_asked_from() -> None:
    for one, other in (("AZE", "BLR"), ("BLR", "AZE")):
        found = view_peers(open_context(), one, 50)
        (reason,) = (
            it for peer in found["peers"] if peer["iso3"] == other for it in peer["reasons"] if it["id"] == "population"
        )
        assert reason["text"].startswith("Population within a factor of 1.5: ")
        for words in ("Azerbaijan 10,141,756 people (2022)", "Belarus 9,228,071 people (2022)"):
            assert words in reason["text"]
        assert "population" not in found["missing"]
        assert "Population: World Development Indicators, WDI, downloaded June 2024" in found["sources"]


@pytest.mark.usefixtures("embedded")
def test_what_is_not_known_of_a_country_is_said_and_is_no_reason() -> None:
    found = view_peers(open_context(), "VAT", 50)
    assert {"gdp_per_head", "population"} <= set(found["missing"])
    assert "GDP per capita" in found["missing_text"]
    assert all_of(reason["id"] not in found["missing"] for it in found["peers"] for reason in it["reasons"])


@pytest.mark.usefixtures("embedded")
def test_years_since_opening_are_a_reason_only_where_both_openings_are_dated() -> None:
    for iso3 in ("IDN", "UGA", "UZB"):  # operating since an unknown date
        assert "years_since_opening" in view_peers(open_context(), iso3)["missing"]
    pakistan = next(it for it in view_peers(open_context(), "ETH", 250)["peers"] if it["iso3"] == "PAK")
    (opened,) = (reason["text"] for reason in pakistan["reasons"] if reason["id"] == "years_since_opening")
    assert "Pakistan 14 January 2026" in opened
    assert "Ethiopia April 2025" in opened


@pytest.mark.usefixtures("embedded")
def test_of_a_peer_an_opening_is_unknown_only_where_a_centre_works() -> None:
    entries = view_peers(open_context(), "PAK", 250)["peers"]
    unknown = {it["iso3"] for it in entries if "years_since_opening" in it["unknown"]}
    told = {it["iso3"] for it in entries if "years since opening" in it["unknown_text"]}
    assert told == {it["iso3"] for it in entries if it["iso3"] in unknown and it["adoption_status"] == "operating"}
    assert set() < told < unknown


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_peers_are_told_in_every_language(lang: str) -> None:
    found = view_peers(open_context(lang), "ETH", 50)
    assert faults(found, PeersView) == []
    assert {reason["id"] for it in found["peers"] for reason in it["reasons"]} == set(REASONS)
    assert all_of(reason["text"] and "{" not in reason["text"] for it in found["peers"] for reason in it["reasons"])


@pytest.mark.usefixtures("handmade")
def test_without_figures_region_income_and_openings_are_left() -> None:
    found = view_peers(open_context(), "UGA")
    assert {"egdi_group", "gdp_per_head", "population"} <= set(found["missing"])
    assert found["sources"] == []
    assert {reason["id"] for it in found["peers"] for reason in it["reasons"]} <= {
        "region", "income", "years_since_opening",
    }  # fmt: skip


@pytest.mark.usefixtures("handmade")
def test_a_country_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(Unknown):
        view_peers(open_context(), "XXX")
    with pytest.raises(Invalid):
        view_peers(open_context(), "ET")


@pytest.mark.usefixtures("embedded")
def test_peers_are_those_a_country_is_judged_against_with_its_neighbours_among_them(ctx: Context) -> None:
    for country in ("UZB", "KAZ", "AZE", "ETH"):
        every = [one["iso3"] for one in view_peers(ctx, country, 250)["peers"]]
        assert list_peers(ctx, country) == tuple(every[:MAX_PEERS])
        region = ctx.book.countries[country].subregion
        near = [iso3 for iso3 in every if ctx.book.countries[iso3].subregion == region]
        assert set(near[:MIN_NEIGHBOURS]) <= set(every[:MAX_PEERS])
    assert MAX_PEERS + 1 <= MAX_COUNTRIES_APART, "a comparison with all of them has room"
