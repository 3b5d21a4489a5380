"""What differs between two states: rounding is no revision, and steps join to the whole way."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.measures.moves import (
    FACT,
    MOVES,
    compare_figures,
    has_reached,
    is_revised,
    measure_move,
    measure_spread,
)

SHOWN = {"trust": 1, "users": 0}
SCHEMA = {
    "indicator": pl.String, "country": pl.String, "period": pl.String, "year": pl.Int32, "value": pl.Float64,
    "value_text": pl.String, "source": pl.String, "series": pl.String, "edition": pl.String, "id": pl.String,
    "status": pl.String,
}  # fmt: skip


def row(country: str, text: str, period: str = "2020", indicator: str = "trust", **more: Any) -> dict[str, Any]:
    plain = {
        "indicator": indicator, "country": country, "period": period, "year": int(period[:4]), "value_text": text,
        "value": None if text.startswith("<") else float(text), "source": "un_sdg", "series": "S", "edition": "2024",
        "id": f"{indicator}{country}{period}{text}", "status": "censored" if text.startswith("<") else "normal",
    }  # fmt: skip
    return plain | more


def state(*rows: dict[str, Any]) -> pl.LazyFrame:
    return pl.LazyFrame(list(rows), schema=SCHEMA)


def kinds(before: pl.LazyFrame, after: pl.LazyFrame) -> dict[str, str]:
    moves = compare_figures(before, after, SHOWN)
    assert tuple(moves.columns) == MOVES
    return dict(moves.select("country", "kind").iter_rows())


@pytest.mark.parametrize(
    ("before", "after", "shown", "revised"),
    [
        ("61.4", "61.44", 1, False),  # one more digit, shown alike
        ("61.4", "61.5", 1, True),  # the least that can be read
        ("61.44", "61.46", 1, True),  # reads 61.4 and 61.5, though two hundredths apart
        ("61.36", "61.44", 1, False),  # both read 61.4
        ("61", "61.4", 1, False),  # the earlier edition had whole numbers
        ("61", "61.6", 1, True),  # would have been published as 62
        ("61", "62.6", 1, True),
        ("61.5", "61", 1, False),  # 61.46 is published as either
        ("61.0", "62.0", 0, True),
        ("61", "62", 1, True),
        ("-0.95", "-0.954", 2, False),
        ("-0.95", "-0.96", 2, True),
        ("0.05", "-0.05", 1, True),
        ("99.96", "100", 1, False),
        ("5e-1", "0.5", 1, False),
    ],
)
def test_a_revision_is_more_than_rounding(before: str, after: str, shown: int, revised: bool) -> None:
    assert is_revised(float(before), before, float(after), after, shown) is revised
    assert is_revised(float(after), after, float(before), before, shown) is revised  # either way round


def test_a_text_of_another_unit_says_nothing_of_digits() -> None:
    """A share published as 0.614 and kept as 61.4; one with a thousands separator."""
    assert not is_revised(61.4, "0.614", 61.44, "0.6144", 1)
    assert is_revised(61.4, "0.614", 62.4, "0.624", 1)
    assert is_revised(1234.4, "1,234.4", 1235.4, "1,235.4", 1)
    assert is_revised(61.4, "61,4", 61.9, "61,9", 1)


def test_bounds_are_compared_by_their_words() -> None:
    assert is_revised(None, "<2.5", 2.1, "2.1", 1)
    assert is_revised(2.1, "2.1", None, "<2.5", 1)
    assert is_revised(None, "<2.5", None, "<5", 1)
    assert not is_revised(None, "<2.5", None, " <2.5 ", 1)


def test_kinds_of_changes() -> None:
    before = state(row("AZE", "61.4"), row("GEO", "50.0"), row("KAZ", "7.0"), row("UGA", "<2.5"), row("MNE", "3.0"))
    after = state(row("AZE", "61.44"), row("GEO", "53.0"), row("ARM", "1.0"), row("UGA", "2.1"), row("MNE", "3.0"))
    assert kinds(before, after) == {
        "AZE": "rounded", "GEO": "revised", "KAZ": "withdrawn", "ARM": "new", "UGA": "revised",
    }  # fmt: skip
    sizes = compare_figures(before, after, SHOWN).filter(pl.col("kind") == "revised")
    assert dict(sizes.select("country", "size").iter_rows()) == {"GEO": 3.0, "UGA": None}


def test_a_country_withdrawn_is_withdrawn_figure_by_figure() -> None:
    before = state(*(row("KAZ", "7.0", str(year)) for year in (2019, 2020, 2021)), row("GEO", "1.0"))
    moves = compare_figures(before, state(row("GEO", "1.0")), SHOWN)
    assert moves.select("country", "period", "kind").rows() == [
        ("KAZ", str(year), "withdrawn") for year in (2019, 2020, 2021)
    ]


def test_a_row_without_a_figure_is_none() -> None:
    gap = row("AZE", "0") | {"value": None, "value_text": "NaN", "status": "missing"}
    assert kinds(state(gap), state(row("AZE", "5.0"))) == {"AZE": "new"}
    assert kinds(state(row("AZE", "5.0")), state(gap)) == {"AZE": "withdrawn"}
    assert kinds(state(gap), state()) == {}


def test_another_publisher_or_edition_with_the_same_figure_is_no_change() -> None:
    after = row("AZE", "61.40", source="world_bank", edition="2026")
    assert kinds(state(row("AZE", "61.4")), state(after)) == {}


TEXTS = st.sampled_from(["61", "61.4", "61.44", "61.46", "61.5", "62", "<2.5", "<5", "0", "-0.0"])
STATES = st.dictionaries(st.sampled_from(["AZE", "GEO", "KAZ", "ARM"]), TEXTS, max_size=4)


def whole(figures: dict[str, str]) -> pl.LazyFrame:
    return state(*(row(country, text) for country, text in figures.items()))


def told(before: dict[str, str], after: dict[str, str]) -> dict[tuple[str, ...], tuple[object, object, str]]:
    moves = compare_figures(whole(before), whole(after), SHOWN)
    return {
        tuple(one[name] for name in FACT): (
            (one["value_before"], one["value_text_before"], one["id_before"]),
            (one["value_after"], one["value_text_after"], one["id_after"]),
            one["kind"],
        )
        for one in moves.iter_rows(named=True)
    }


@given(STATES, STATES, STATES)
def test_two_steps_join_to_the_whole_way(first: dict[str, str], between: dict[str, str], last: dict[str, str]) -> None:
    """Of facts in either step: before the first, after the second; what is the same again is no change."""
    one, two, both = told(first, between), told(between, last), told(first, last)
    joined = {}
    for fact in {*one, *two}:
        before = one[fact][0] if fact in one else two[fact][0]
        after = two[fact][1] if fact in two else one[fact][1]
        if before[0] != after[0] or (before[0] is None and before[1] != after[1]):
            joined[fact] = (before, after)
    assert joined.keys() == both.keys()
    for fact, (before, after) in joined.items():
        assert (before[0], after[0]) == (both[fact][0][0], both[fact][1][0])


@given(STATES)
def test_a_state_differs_in_nothing_from_itself(figures: dict[str, str]) -> None:
    assert told(figures, figures) == {}


@given(STATES, STATES)
def test_the_way_back_is_the_way_there_turned(first: dict[str, str], last: dict[str, str]) -> None:
    turned = {"new": "withdrawn", "withdrawn": "new"}
    there, back = told(first, last), told(last, first)
    assert {fact: (one[1], one[0], turned.get(one[2], one[2])) for fact, one in there.items()} == back


def test_a_move_is_counted_in_standard_deviations_across_countries() -> None:
    assert measure_move(50.0, 55.0, 10.0) == pytest.approx(0.5)
    assert measure_move(-0.5, -0.75, 0.5) == pytest.approx(-0.5)
    assert (measure_move(1.0, 2.0, None), measure_move(1.0, 2.0, 0.0)) == (None, None)
    ten = [float(value) for value in range(10)]
    mean = sum(ten) / 10
    assert measure_spread(ten) == pytest.approx((sum((one - mean) ** 2 for one in ten) / 9) ** 0.5)
    assert measure_spread(ten[:9]) is None, "nine countries are too few"


@pytest.mark.parametrize(
    ("value", "target", "direction", "slack", "met"),
    [
        (80.0, 80.0, "higher", 0, True), (79.9, 80.0, "higher", 0, False), (5.0, 5.0, "lower", 0, True),
        (5.1, 5.0, "lower", 0, False), (95.0, 100.0, "centre", 5, True), (94.9, 100.0, "centre", 5, False),
        (105.0, 100.0, "centre", 5, True), (105.1, 100.0, "centre", 5, False), (1.1, 1.0, "centre", 0.1, True),
    ],
)  # fmt: skip
def test_a_target_is_met_exactly_on_it(value: float, target: float, direction: str, slack: float, met: bool) -> None:
    assert has_reached(value, target, direction, slack) is met
