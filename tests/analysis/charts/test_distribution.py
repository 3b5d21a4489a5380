"""Dots, median and the chosen."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.charts.kinds import distribution
from dashboard.analysis.charts.registry import KINDS
from tests.analysis.charts.made_figures import PLAIN, error, frame, row


def build(*rows, **options):
    return distribution.build(frame(*rows), replace(PLAIN, **options))


def test_each_country_with_a_figure_is_one_dot_and_dots_never_share_a_place():
    chart = build(*[row(f"C{i:02}", 2020, float(i // 3)) for i in range(30)], row("X", 2020, None))
    dots = chart.spec["datasets"]["dots"]
    assert len(dots) == 30
    assert len({(dot["at"], dot["level"]) for dot in dots}) == 30
    assert "Countries with a figure: 30 of 31." in chart.sentence


def test_the_median_is_drawn_and_the_chosen_are_told_from_it():
    rows = [row(c, 2020, v) for c, v in zip("ABCD", (1.0, 2.0, 3.0, 9.0), strict=True)]
    chart = build(*rows, error("E", 2020, 2.5, 1.0), highlighted=("A", "D", "E"))
    assert "Half of the countries are at or below 2.50." in chart.sentence
    assert "Above the median: D 9.00 (2020);" in chart.sentence
    assert "below the median: A 1.00 (2020);" in chart.sentence
    assert "within the margin of error of the median: E 2.50 (2020)." in chart.sentence
    assert [label["label"] for label in chart.spec["datasets"]["labels"]] == ["median 2.50", "A", "E", "D"]


def test_a_figure_that_prints_as_the_median_is_at_it():
    chart = build(*[row(c, 2020, v) for c, v in zip("ABC", (1.0, 2.001, 2.003), strict=True)], highlighted=("B", "C"))
    assert "At the median: B 2.00 (2020) and C 2.00 (2020)." in chart.sentence
    assert "bove the" not in chart.sentence


def test_where_the_licence_allows_figures_only_as_published_there_is_no_median():
    rows = [row(c, 2020, v) for c, v in zip("ABCD", (1.0, 2.0, 3.0, 9.0), strict=True)]
    chart = build(*rows, highlighted=("A",), as_published="No median.")
    assert "Latest figures: A 1.00 (2020). Countries with a figure: 4 of 4. No median. Shown" in chart.sentence
    assert "Half" not in chart.sentence
    assert [label["label"] for label in chart.spec["datasets"]["labels"]] == ["A"]
    assert build(*rows, as_published="No median.").spec["datasets"]["labels"] == []


def test_half_of_the_countries_is_never_at_or_below_no():
    rows = [row(c, 2020, v, unit="yes_no") for c, v in zip("ABCD", (0.0, 0.0, 0.0, 1.0), strict=True)]
    chart = build(*rows, highlighted=("A",), unit="yes_no", decimals=0)
    assert "A No (2020). Countries with a figure: 4 of 4. No median of yes and no. Shown" in chart.sentence
    assert "Half" not in chart.sentence
    assert [label["label"] for label in chart.spec["datasets"]["labels"]] == ["A"]


@pytest.mark.parametrize("kind", ["distribution", "map"])
@pytest.mark.parametrize(("near", "words"), [(None, "Latest figures: A 1.00"), (2020, "Chosen countries: A 1.00")])
def test_near_a_year_the_figures_of_the_chosen_are_not_called_the_latest(kind: str, near: int | None, words: str):
    rows = frame(*[row(c, 2020, v) for c, v in zip("ABCD", (1.0, 2.0, 3.0, 9.0), strict=True)])
    tiles = {c: (at, 0) for at, c in enumerate("ABCD")}
    asked = replace(PLAIN, highlighted=("A",), as_published="No median.", year=near, tiles=tiles)
    chart = KINDS[kind].build(rows, asked)
    assert words in chart.sentence
    assert ("Latest" in chart.sentence) == (near is None)


def test_nothing_to_draw_is_said():
    chart = build(row("A", 2020, None))
    assert chart.sentence == "Test index. The country has no figure."
    assert "words" in chart.spec["datasets"]


def test_a_single_value_has_a_place():
    chart = build(*[row(c, 2020, 5.0) for c in "ABC"])
    assert {dot["level"] for dot in chart.spec["datasets"]["dots"]} == {0, 1, 2}


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=6), st.lists(st.integers(3, 24), min_size=6, max_size=6))
def test_labels_of_the_chosen_never_cover_each_other(values, lengths):
    countries = [chr(65 + i) * 3 for i in range(len(values))]
    names = {iso3: "n" * length for iso3, length in zip(countries, lengths, strict=False)}
    rows = [row(iso3, 2020, value) for iso3, value in zip(countries, values, strict=True)]
    data = build(*rows, highlighted=tuple(countries), names=names).spec["datasets"]
    low, high = (mark["at"] for mark in data["frame"])
    lanes: dict[int, list[tuple[float, float]]] = {}
    for label in data["labels"]:
        place = (label["at"] - low) / (high - low) * distribution.MIN_PLOT_PX
        reach = len(label["label"]) * distribution.LETTER_PX
        lanes.setdefault(label["lane"], []).append((place, place + reach) if label["ahead"] else (place - reach, place))
    for extents in lanes.values():
        ordered = sorted(extents)
        assert all(first[1] <= second[0] for first, second in pairwise(ordered))
