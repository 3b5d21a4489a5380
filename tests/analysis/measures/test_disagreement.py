"""Two sources of one fact are compared and told apart, never averaged."""

from typing import Any

import polars as pl
import pytest

from dashboard.analysis.measures.moves import compare_sources, find_disagreements


def row(source: str, text: str, primary: bool, **more: Any) -> dict[str, Any]:
    plain = {"indicator": "users", "country": "AZE", "period": "2020", "dimensions": "{}", "source": source}
    return plain | {"value": float(text), "value_text": text, "primary": primary} | more


def test_another_figure_is_told_with_both_sources() -> None:
    (found,) = find_disagreements(pl.DataFrame([row("un_sdg", "84.6", True), row("world_bank", "86.1", False)])).rows()
    assert found[:-1] == ("users", "AZE", "2020", "un_sdg", 84.6, "world_bank", 86.1)
    assert found[-1] == pytest.approx(1.5)


@pytest.mark.parametrize("other", ["84.6", "84.6314", "85"])
def test_rounding_is_no_disagreement(other: str) -> None:
    rows = pl.DataFrame([row("un_sdg", "84.6", True), row("world_bank", other, False)])
    assert find_disagreements(rows).is_empty()
    assert compare_sources(rows).height == 1


def test_other_facts_are_not_compared() -> None:
    shown = row("un_sdg", "84.6", True)
    others = [{"period": "2019"}, {"country": "GEO"}, {"dimensions": '{"Sex":"MALE"}'}, {"source": "un_sdg"}]
    rows = pl.DataFrame([shown, *(row("world_bank", "10", False, **other) if "source" not in other
                                  else row("un_sdg", "10", False) for other in others)])  # fmt: skip
    assert compare_sources(rows).is_empty()


@pytest.mark.parametrize(
    ("shown", "other", "differ"),
    [("84", "85", False), ("84", "86", True), ("84.5", "84.75", True), ("84.50", "84.5", False), ("84.25", "85", False),
     ("84.25", "86", True), (" 84.5 ", "84.75", True), ("84.5", "84.25", True), ("7e-3", "0.5", True),
     ("7e-3", "0.008", False)],
)  # fmt: skip
def test_one_unit_of_the_coarser_last_digit_is_rounding(shown: str, other: str, differ: bool) -> None:
    found = find_disagreements(pl.DataFrame([row("un_sdg", shown, True), row("world_bank", other, False)]))
    assert found.height == differ
    assert found["difference"].to_list() == ([float(other) - float(shown)] if differ else [])


def test_the_largest_difference_comes_first_either_way_and_of_another_source_the_first_row_counts() -> None:
    rows = [row("un_sdg", "50.0", True, country=country) for country in ("AZE", "GEO", "KAZ", "UGA")]
    others = {"AZE": "51.0", "GEO": "45.0", "KAZ": "55.0", "UGA": "50.0"}
    rows += [row("world_bank", text, False, country=country) for country, text in others.items()]
    rows += [row("world_bank", "99.0", False, country="UGA"), row("owid", "50.0", False, country="AZE")]
    rows += [row("owid", "9", False, country="GEO") | {"value": None}]
    assert find_disagreements(pl.DataFrame(rows))["country"].to_list() == ["GEO", "KAZ", "AZE"]
    assert compare_sources(pl.DataFrame(rows)).height == 5


@pytest.mark.parametrize(
    ("other", "earlier", "later", "dated"),
    [
        ("40.0", "40.0", "60.0", "2019"),  # as of 1 January: what the shown source gives for the end of 2019
        ("40.0", "40.05", "60.0", "2019"),
        ("40.0", "40.2", "60.0", None),
        ("60.0", "40.0", "60.0", "2021"),
        ("40.0", "40.0", "40.0", "2019"),
        ("50.9", "50.9", "60.0", None),  # so near that another year's figure may equal it by chance
        ("40", "40.2", "60.0", None),
    ],
)
def test_a_figure_of_the_year_beside_is_told_as_such(other: str, earlier: str, later: str, dated: str | None) -> None:
    years = {"2019": earlier, "2020": "50.0", "2021": later}
    rows = [row("world_bank", text, True, period=period) for period, text in years.items()]
    rows += [row("world_bank", other, True, period="2019", country="GEO"), row("un_sdg", other, False)]
    assert compare_sources(pl.DataFrame(rows))["dated"].to_list() == [dated]
