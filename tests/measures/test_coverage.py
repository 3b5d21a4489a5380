"""Every comparison says who is missing."""

import polars as pl

from dashboard.measures.coverage import coverage


def test_coverage_counts_the_group_asked_for(frame):
    rows = frame(
        {"country": "AAA", "year": 2018, "value": 1.0},
        {"country": "AAA", "year": 2024, "value": 1.0},
        {"country": "BBB", "year": 2019, "value": None, "status": "censored", "upper": 2.5},
        {"country": "CCC", "year": 2020, "value": None, "status": "missing"},
        {"country": "ZZZ", "year": 2020, "value": 5.0},
    )
    found = coverage(rows.lazy(), ["AAA", "BBB", "CCC", "DDD"])
    assert found.with_figure == ("AAA", "BBB")
    assert found.without == ("CCC", "DDD")
    assert (found.of, found.first_year, found.last_year) == (4, 2019, 2024)
    assert not found.mostly_missing


def test_more_than_half_missing_is_said(frame):
    rows = frame({"country": "AAA", "year": 2018, "value": 1.0}).lazy()
    assert coverage(rows, ["AAA", "BBB", "CCC"]).mostly_missing
    empty = coverage(pl.LazyFrame(schema=frame().schema), ["AAA"])
    assert (empty.with_figure, empty.first_year, empty.last_year) == ((), None, None)
