"""Squares, classes and the marks of what is missing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.charts.kinds import tilemap
from dashboard.analysis.charts.layers import classes
from tests.analysis.charts.made_figures import PLAIN, frame, row
from tests.checks import all_of

TILES = {f"C{i:02}": (i % 7, i // 7) for i in range(28)}


def build(*rows, **options):
    given_options = {"tiles": TILES, "group": tuple(TILES)} | options
    return tilemap.build(frame(*rows), replace(PLAIN, **given_options))


def tile(chart, iso3):
    return next(tile for tile in chart.spec["datasets"]["tiles"] if tile["country"] == iso3)


def test_five_classes_of_equal_numbers_from_low_to_high():
    chart = build(*[row(f"C{i:02}", 2020, float(i)) for i in range(25)], group=tuple(f"C{i:02}" for i in range(25)))
    classes = [tile["class"] for tile in chart.spec["datasets"]["tiles"]]
    assert classes == sorted(classes)
    assert [classes.count(i) for i in range(5)] == [5, 5, 5, 5, 5]
    legend = chart.spec["datasets"]["classes"]
    assert [segment["class"] for segment in legend] == [0, 1, 2, 3, 4]
    assert (legend[0]["from"], legend[-1]["to"]) == ("0.00", "24.00")


def test_each_kind_of_no_figure_has_its_mark_and_zero_is_a_figure():
    chart = build(
        row("C00", 2020, 0.0),
        row("C01", 2020, None),
        row("C02", 2020, None, status="not_applicable"),
        row("C03", 2020, None, status="censored", upper=2.5, value_text="<2.5"),
    )
    kinds = {iso3: tile(chart, iso3)["kind"] for iso3 in ("C00", "C01", "C02", "C03", "C04")}
    assert kinds == {"C00": "figure", "C01": "none", "C02": "not_applicable", "C03": "censored", "C04": "none"}
    assert [key["kind"] for key in chart.spec["datasets"]["keys"]] == ["none", "not_applicable", "censored"]
    assert tile(chart, "C03")["figure"] == "<2.5"
    assert tile(chart, "C01")["figure"] == "missing in the source"
    assert tile(chart, "C04")["figure"] == "no figure"
    assert "that never means zero" in chart.sentence


def test_more_missing_than_present_is_said():
    chart = build(*[row(f"C{i:02}", 2020, 1.0) for i in range(13)])
    assert "countries with a figure: 13 of 28, fewer than half" in chart.sentence
    assert "fewer than half" not in build(*[row(f"C{i:02}", 2020, 1.0) for i in range(14)]).sentence


def test_the_chosen_are_outlined_and_others_only_give_orientation():
    chart = build(*[row(f"C{i:02}", 2020, 1.0) for i in range(28)], group=("C00", "C01"), highlighted=("C01",))
    assert tile(chart, "C01")["chosen"] is True
    assert "chosen" not in tile(chart, "C00")
    assert len(chart.spec["datasets"]["outside"]) == 26
    assert all_of(set(mark) == {"x", "y"} for mark in chart.spec["datasets"]["outside"])
    assert "C01 1.00 (2020)" in chart.sentence


def test_a_country_without_a_square_is_counted():
    chart = build(row("C00", 2020, 1.0), row("XXX", 2020, 2.0), group=("C00", "XXX"))
    assert "1 country has no square on this map" in chart.sentence
    assert [r["country"] for r in chart.rows] == ["C00", "XXX"]


def test_yes_and_no_are_words_in_the_legend():
    chart = build(*[row(f"C{i:02}", 2020, float(i % 2), unit="yes_no") for i in range(28)], unit="yes_no", decimals=0)
    assert [segment["word"] for segment in chart.spec["datasets"]["classes"]] == ["No", "Yes"]
    assert "Yes: 14; no: 14" in chart.sentence


def test_fixed_limits_are_kept():
    chart = build(*[row(f"C{i:02}", 2020, float(i)) for i in range(28)], classes=(10.0, 20.0))
    assert [segment["from"] for segment in chart.spec["datasets"]["classes"]] == ["0.00", "10.00", "20.00"]
    assert "Colours follow fixed limits." in chart.sentence


def test_a_map_needs_tiles():
    with pytest.raises(ValueError, match="tiles"):
        build(row("C00", 2020, 1.0), tiles={})


@given(st.lists(st.floats(-1000, 1000), min_size=1, max_size=60), st.integers(0, 3))
def test_limits_rise_lie_among_the_values_and_make_five_classes_at_most(values, decimals):
    inner = classes.choose_limits(values, decimals)
    assert inner == sorted(set(inner))
    assert len(inner) <= 4
    assert all(min(values) < limit <= max(values) for limit in inner)


def test_one_figure_runs_from_nowhere_to_nowhere():
    two, one = (build(*[row(f"C{i:02}", 2020, float(i)) for i in range(n)]) for n in (2, 1))
    assert "run from C00 0.00 (2020) to C01 1.00 (2020)" in two.sentence
    assert "run from" not in one.sentence
