"""One figure per country, with its year; a country without any stays in the list."""

from collections.abc import Callable

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.measures.latest import select_latest, select_nearest
from dashboard.evidence.dataset.schema import ROWS
from tests.reference import Vector, agree, reproduces


def window(vector: dict, frame: Callable[..., pl.DataFrame]) -> pl.DataFrame:
    inputs = vector["inputs"]
    rows = frame(
        *[{"country": iso3, "year": year, "value": 1.0} for iso3, years in inputs["series"].items() for year in years]
    )
    return select_nearest(rows.lazy(), list(inputs["series"]), inputs["reference_year"], inputs["window"]).collect()


@reproduces("comparison", "year_window_pm2")
def test_the_nearest_year_wins_the_later_of_two(vector: Vector, frame) -> None:
    picked = window(vector, frame)
    agree(vector, {"picked": dict(picked.select("country", "year").rows())})
    assert (picked.filter(pl.col("value").is_null())["status"] == "missing").all()


def test_the_latest_figure_has_its_age_and_skips_a_newer_missing_one(frame):
    rows = frame(
        {"country": "AAA", "year": 2018, "value": 1.0},
        {"country": "AAA", "year": 2021, "value": 2.0},
        {"country": "AAA", "year": 2023, "value": None, "status": "missing"},
        {"country": "BBB", "year": 2020, "value": None, "status": "not_applicable"},
        {"country": "DDD", "year": 2020, "value": None, "status": "censored", "upper": 2.5, "value_text": "<2.5"},
    )
    found = select_latest(rows.lazy(), ["CCC", "BBB", "AAA", "DDD"], this_year=2024).collect()
    assert found.select("country", "year", "value", "status", "age").rows() == [
        ("CCC", None, None, "missing", None),
        ("BBB", 2020, None, "not_applicable", None),
        ("AAA", 2021, 2.0, "normal", 3),
        ("DDD", 2020, None, "censored", 4),
    ]


VALUES = st.one_of(st.none(), st.floats(-10, 10, allow_nan=False))
SERIES = st.dictionaries(st.tuples(st.sampled_from("ABCD"), st.integers(2000, 2024)), VALUES, max_size=30)


@given(SERIES, st.integers(2000, 2024))
def test_each_country_asked_for_has_one_row_and_a_null_is_never_turned_into_a_figure(series, year):
    rows = pl.DataFrame(
        [
            {"country": c, "year": y, "value": v, "status": "normal" if v is not None else "missing"}
            for (c, y), v in series.items()
        ],
        schema=ROWS,
    ).lazy()
    asked = ["D", "A", "B", "E"]
    for found in (select_latest(rows, asked).collect(), select_nearest(rows, asked, year).collect()):
        assert list(found["country"]) == asked
        for row in found.to_dicts():
            if row["value"] is None:
                assert row["status"] == "missing"
            else:
                assert series[row["country"], row["year"]] == row["value"]
    for row in select_nearest(rows, asked, year).collect().to_dicts():
        if row["value"] is not None:
            others = [y for (c, y), v in series.items() if c == row["country"] and v is not None]
            assert abs(row["year"] - year) == min(abs(y - year) for y in others) <= 2


def test_two_years_on_either_side_stand_in_and_the_later_of_two_equally_near(frame):
    rows = frame(
        *[{"country": "AAA", "year": year, "value": float(year)} for year in (2018, 2022, 2023)],
        *[{"country": "BBB", "year": year, "value": float(year)} for year in (2017, 2023)],
        {"country": "CCC", "year": 2020, "value": None, "status": "missing"},
        {"country": "CCC", "year": 2019, "value": 1.0},
    ).lazy()
    found = select_nearest(rows, ["BBB", "AAA", "CCC", "AAA"], 2020).collect()
    assert found.select("country", "year", "status", "age").rows() == [
        ("BBB", None, "missing", None), ("AAA", 2022, "normal", -2), ("CCC", 2019, "normal", 1),
    ]  # fmt: skip
    assert select_nearest(rows, ["BBB"], 2020, window=3).collect()["year"].to_list() == [2023]
    assert select_latest(rows, ["AAA"]).collect()["age"].to_list() == [None]
