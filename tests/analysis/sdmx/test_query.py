"""Queries as SDMX writes them, and what is refused."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.sdmx.model import QueryRefused
from dashboard.analysis.sdmx.query import (
    MAX_KEYS,
    FilterTerm,
    find_first_year,
    find_last_year,
    read_conditions,
    read_key_sets,
    read_keys,
    read_moment,
    read_period,
    read_query_v1,
    read_query_v2,
    split_parameters,
)
from tests.analysis.sdmx.shapes import STRUCTURE

CODE = st.text("ABCxyz019_@$-", min_size=1, max_size=6)
PART = CODE | st.just("*")


@given(st.lists(st.lists(PART, min_size=1, max_size=3), min_size=1, max_size=6))
def test_a_key_of_rest_2_means_what_it_says(keys: list[list[str]]) -> None:
    found = read_keys(",".join(".".join(key) for key in keys), STRUCTURE)
    named = [{name: part for name, part in zip(STRUCTURE.dimensions, key, strict=False) if part != "*"} for key in keys]
    if any(not one for one in named):
        assert found == {}
        return
    assert {frozenset(one.items()) for one in named} == {
        frozenset(zip(pattern, codes, strict=True)) for pattern, every in found.items() for codes in every
    }


@given(st.lists(st.lists(CODE, max_size=4), min_size=3, max_size=3))
def test_a_key_of_rest_1_means_what_it_says(parts: list[list[str]]) -> None:
    found = read_key_sets(".".join("+".join(codes) for codes in parts), STRUCTURE)
    assert found == {name: frozenset(codes) for name, codes in zip(STRUCTURE.dimensions, parts, strict=True) if codes}


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for read in (
        lambda: read_keys(text, STRUCTURE),
        lambda: read_key_sets(text, STRUCTURE),
        lambda: read_query_v2("*", text, STRUCTURE),
        lambda: read_query_v1("all", text, STRUCTURE),
        lambda: read_query_v2("*", f"c[AREA]={text}", STRUCTURE),
        lambda: read_query_v2("*", f"c[TIME_PERIOD]={text}&asOf={text}", STRUCTURE),
        lambda: read_period(text),
        lambda: read_moment("asOf", text),
    ):
        refused = None
        try:
            read()
        except QueryRefused as error:
            refused = error
        assert refused is None or refused.code in (140, 150, 501, 510)
        assert refused is None or str(refused).endswith(".")


@pytest.mark.parametrize("key", ["A.B.C.D", "A..B", "A+B.C", "../../etc/passwd", "A.B C", "A.%", "A,", "a\n"])
def test_what_is_no_key_of_rest_2_is_refused(key: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        read_keys(key, STRUCTURE)
    assert refused.value.code == 140


@pytest.mark.parametrize("key", ["A.B", "A.B.C.D", "A.*.B", "A,B..", "A.B+.C"])
def test_what_is_no_key_of_rest_1_is_refused(key: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        read_key_sets(key, STRUCTURE)
    assert refused.value.code == 140


def test_as_many_keys_as_are_allowed_are_read_and_one_more_is_not() -> None:
    began = time.monotonic()
    most = ",".join(f"A.X{number}" for number in range(MAX_KEYS))
    assert len(read_keys(most, STRUCTURE)["FREQ", "AREA"]) == MAX_KEYS
    with pytest.raises(QueryRefused) as refused:
        read_keys(f"{most},A", STRUCTURE)
    assert refused.value.code == 510
    assert time.monotonic() - began < 10


def test_a_plus_stays_a_plus_and_a_comma_is_an_or() -> None:
    given_ = split_parameters("c[TIME_PERIOD]=ge:2010+le:2015,ge%3A2020&c%5BAREA%5D=A%2CB", ("c",))
    assert given_ == {"c[TIME_PERIOD]": "ge:2010+le:2015,ge:2020", "c[AREA]": "A,B"}
    time_, area = read_conditions(given_, STRUCTURE)
    assert time_.alternatives == (
        (FilterTerm("ge", "2010"), FilterTerm("le", "2015")),
        (FilterTerm("ge", "2020"),),
    )
    assert (area.plain, area.alternatives) == ({"A", "B"}, ())


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("nothing=1", 140), ("c[AREA]=A&c[AREA]=B", 140), ("c[NOWHERE]=A", 150), ("c[AREA]=", 140),
        ("c[AREA]=ne:", 140),
        ("lastNObservations=0", 140), ("lastNObservations=x", 140), ("limit=-1", 140), ("includeHistory=yes", 140),
        ("asOf=yesterday", 140), ("asOf=2026-02-30", 140), ("asOf=2026-01-01&updatedAfter=2026-02-01", 150),
        ("sort=AREA", 501), ("dimensionAtObservation=AREA", 501), ("attributes=NOTHING", 150), ("measures=NOTE", 150),
        ("c[AREA]=%FF", 140),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_its_code(query: str, code: int) -> None:
    with pytest.raises(QueryRefused) as refused:
        read_query_v2("*", query, STRUCTURE)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("", None),
        ("attributes=none", ("OBS_VALUE",)),
        ("measures=none&attributes=none", ()),
        ("attributes=series", ("OBS_VALUE", "UNIT")),
        ("attributes=obs&measures=none", ("OBS_STATUS", "NOTE")),
        ("attributes=NOTE,UNIT", ("OBS_VALUE", "UNIT", "NOTE")),
    ],
)
def test_columns_are_those_asked_for_in_the_order_of_the_structure(query: str, columns: tuple[str, ...] | None) -> None:
    assert read_query_v2("*", query, STRUCTURE).columns == columns


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", 2020, 2020), ("2020-01", 2020, 2019), ("2020-02", 2021, 2019), ("2020-12", 2021, 2020),
        ("2020-Q1", 2020, 2019), ("2020-Q4", 2021, 2020),
        ("2020-S2", 2021, 2020), ("2020-01-01", 2020, 2019), ("2020-01-15", 2021, 2019),
        ("2020-12-30", 2021, 2019),
        ("2020-12-31", 2021, 2020), ("2020-06-30T12:00:00Z", 2021, 2019),
    ],
)  # fmt: skip
def test_a_year_counts_where_it_lies_wholly_within_the_period(text: str, first: int, last: int) -> None:
    assert (find_first_year(text), find_last_year(text)) == (first, last)


def test_the_end_of_february_is_known() -> None:
    assert read_period("2024-02")[1].day == 29
    assert read_period("1900-02")[1].day == 28


def test_a_day_is_its_end_for_as_of_and_its_beginning_otherwise() -> None:
    assert read_moment("asOf", "2026-03-01") == datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)
    assert read_moment("updatedAfter", "2026-03-01") == datetime(2026, 3, 1, tzinfo=UTC)
    assert read_moment("asOf", "2026-03-01T12:00:00+04:00") == datetime(2026, 3, 1, 8, tzinfo=UTC)
