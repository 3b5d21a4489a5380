"""The figures a chart is about stand in the reader's order; a country without any is there, as missing."""

from typing import Any

import pytest

from dashboard.analysis.charts.gallery import EXAMPLES
from dashboard.analysis.charts.layers.frame import find_comparable_countries, list_figures, strip_rows
from tests.analysis.charts.made_figures import frame, options, row

MIXED = frame(
    row("GEO", 2019, 2.0),
    row("AZE", 2020, 5.0),
    row("AZE", 2018, 9.0, dimensions='{"sex":"F"}'),
    row("AZE", 2019, 4.0) | {"year": None},
    row("AZE", 2010, 1.0, status=None),
    row("AZE", 2015, 7.0, primary=False),
    row("AZE", 2016, 3.0, primary=None),
    row("KAZ", 2019, 8.0),
)


def test_countries_as_asked_then_each_group_by_year_and_what_has_no_year_last() -> None:
    found = [
        (one["country"], one["year"], one["value"], one["status"]) for one in list_figures(MIXED, ("UGA", "AZE", "GEO"))
    ]
    assert found == [
        ("UGA", None, None, "missing"),
        ("AZE", 2018, 9.0, "normal"),
        ("AZE", 2010, 1.0, "missing"),
        ("AZE", 2016, 3.0, "normal"),
        ("AZE", 2020, 5.0, "normal"),
        ("AZE", None, 4.0, "normal"),
        ("GEO", 2019, 2.0, "normal"),
    ]


def test_a_missing_country_has_the_columns_of_the_others() -> None:
    (nothing,) = list_figures(MIXED, ("UGA",))
    assert list(nothing) == MIXED.columns
    assert {name for name, value in nothing.items() if value is not None} == {"country", "status"}
    assert list_figures(MIXED.clear(), ("UGA",)) == [nothing]


def test_a_table_has_the_columns_asked_for_in_their_order_and_no_other() -> None:
    (shown,) = strip_rows(list_figures(MIXED, ("GEO",)), options(EXAMPLES[0]), ("name", "value", "year"))
    assert list(shown.items()) == [("name", "Georgia"), ("value", 2.0), ("year", 2019)]
    with pytest.raises(KeyError):
        strip_rows(list_figures(MIXED, ("GEO",)), options(EXAMPLES[0]), ("valeu",))


def _of(country: str, edition: str, value: float | None = 1.0, unit: str = "percent") -> dict[str, Any]:
    return {"country": country, "source": "un_sdg", "series": "S", "edition": edition, "unit": unit, "value": value}


def test_only_figures_of_one_series_and_edition_are_counted_together() -> None:
    old = [_of("AAA", "old"), _of("BBB", "old"), _of("EEE", "old", unit="x")]
    figures = [*old, _of("CCC", "new"), _of("DDD", "new", None)]
    assert find_comparable_countries(figures, ()) == {"AAA", "BBB"}
    assert find_comparable_countries(figures, ("CCC", "DDD")) == {"CCC"}, (
        "the group of the chosen, though it is smaller"
    )
    assert find_comparable_countries(figures, ("AAA", "CCC")) == {"AAA", "BBB"}
    assert find_comparable_countries([_of("AAA", "old", None)], ("AAA",)) == frozenset()
    assert find_comparable_countries([], ()) == frozenset()
