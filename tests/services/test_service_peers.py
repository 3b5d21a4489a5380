"""Whom to compare a country with: reasons in words with both values, what is unknown said, results never looked at."""

import pytest

from dashboard.locales import LANGUAGES
from dashboard.services.base.context import open_context
from dashboard.services.base.errors import Invalid, Unknown
from dashboard.services.countries.peers import REASONS, view_peers
from dashboard.services.countries.views import PeersView
from tests.services.shape import faults


@pytest.mark.usefixtures("embedded")
def test_ethiopias_nearest_peer_has_its_reasons_with_both_values_and_years() -> None:
    found = view_peers(open_context(), "ETH")
    first = found["peers"][0]
    assert first["iso3"] == "UGA"
    reasons = {reason["id"]: reason["text"] for reason in first["reasons"]}
    assert {"region", "income", "gdp_per_head", "years_since_opening"} <= set(reasons)
    assert reasons["region"] == "Same region: Sub-Saharan Africa."
    assert "July 2023" in reasons["years_since_opening"]
    assert "April 2025" in reasons["years_since_opening"]
    for country in ("Uganda", "Ethiopia"):
        assert country in reasons["gdp_per_head"]
    assert "1.25" in reasons["gdp_per_head"]
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
    assert all(reason["id"] not in found["missing"] for it in found["peers"] for reason in it["reasons"])


@pytest.mark.usefixtures("embedded")
def test_years_since_opening_are_a_reason_only_where_both_openings_are_dated() -> None:
    for iso3 in ("IDN", "UZB"):  # operating since an unknown date
        assert "years_since_opening" in view_peers(open_context(), iso3)["missing"]


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
    found = view_peers(open_context(lang), "UGA", 50)
    assert faults(found, PeersView) == []
    assert {reason["id"] for it in found["peers"] for reason in it["reasons"]} == set(REASONS)
    assert all(reason["text"] and "{" not in reason["text"] for it in found["peers"] for reason in it["reasons"])


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
@pytest.mark.parametrize("country", ["UZB", "KAZ", "AZE", "ETH"])
def test_a_short_list_holds_neighbours_and_nobody_who_is_compared_already(country: str) -> None:
    from dashboard.services.countries.peers import NEIGHBOURS, shortlist_peers

    ctx = open_context()
    compared = (country, "KGZ" if country != "KGZ" else "KAZ")
    found = shortlist_peers(ctx, country, compared, 8)
    region = ctx.book.countries[country].subregion
    assert len(found) == 8
    assert not {one["iso3"] for one in found} & set(compared)
    assert sum(1 for one in found if ctx.book.countries[one["iso3"]].subregion == region) >= NEIGHBOURS
    assert all(one["reasons"] for one in found)
