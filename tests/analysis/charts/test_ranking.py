"""Places are ranges, years are printed, and what is left out is counted."""

from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.charts.kinds import ranking
from tests.analysis.charts.made_figures import PLAIN, error, frame, row
from tests.checks import all_of


def build(*rows, **options):
    return ranking.build(frame(*rows), replace(PLAIN, **options))


def lines(chart, kind="figure"):
    return [line for line in chart.spec["datasets"]["lines"] if line["kind"] == kind]


FIVE = [error(iso3, 2023, value, 0.15) for iso3, value in zip("ABCDE", (0.9, 0.75, 0.2, 0.15, -0.6), strict=True)]


def test_places_are_ranges_and_the_best_is_first():
    chart = build(*FIVE, highlighted=("B",))
    assert [(line["country"], line["place"]) for line in lines(chart)] == [
        ("A", "1–2"), ("B", "1–2"), ("C", "3–4"), ("D", "3–4"), ("E", "5"),
    ]  # fmt: skip
    assert "B (0.75, 2023) ranks between 1 and 2 of 5" in chart.sentence
    assert "beyond the margin of error (90\u00a0% for all pairs of these countries together)" in chart.sentence
    assert [(r["rank_best"], r["rank_worst"]) for r in chart.rows] == [(1, 2), (1, 2), (3, 4), (3, 4), (5, 5)]


def test_without_errors_that_is_said():
    chart = build(*[row(iso3, 2023, float(i)) for i, iso3 in enumerate("ABCDE")])
    assert [line["place"] for line in lines(chart)] == ["1", "2", "3", "4", "5"]
    assert "No margin of error is published" in chart.sentence


def test_the_year_stands_in_every_row_and_unusual_ones_are_marked():
    chart = build(error("A", 2019, 0.9, 0.15), *FIVE[1:])
    assert [(line["when"], line["odd"]) for line in lines(chart)][:2] == [("2019", True), ("2023", False)]
    assert "The years differ" in chart.sentence
    assert "The years differ" not in build(*FIVE).sentence


def test_no_direction_or_too_few_means_no_places():
    undirected = build(*FIVE, direction="none")
    assert all_of("place" not in line for line in lines(undirected))
    assert "without ranks" in undirected.sentence
    few = build(*FIVE[:4])
    assert all_of("place" not in line for line in lines(few))
    assert "Fewer than 5 countries have a figure" in few.sentence


def test_a_chosen_country_without_a_figure_is_shown_with_its_reason():
    chart = build(*FIVE, row("F", 2023, None, status="not_applicable"), highlighted=("F",), group=tuple("ABCDEFG"))
    assert [(line["country"], line["label"]) for line in lines(chart, "none")] == [("F", "not applicable")]
    assert "Countries with a figure: 5 of 7." in chart.sentence
    assert "F: not applicable" in chart.sentence
    assert [r["status"] for r in chart.rows[-2:]] == ["not_applicable", "missing"]


def test_a_bound_has_no_place():
    bound = row("F", 2023, None, status="censored", upper=2.5, value_text="<2.5")
    chart = build(*FIVE, bound, highlighted=("F",))
    assert [(line["shown"], line["value"]) for line in lines(chart, "at_most")] == [("<2.5", 2.5)]
    assert "F: <2.5 (2023), not ranked" in chart.sentence


def test_a_long_list_is_cut_in_words_never_silently():
    many = [error(f"C{i:03}", 2023, -float(i), 0.1) for i in range(200)]
    chart = build(*many, highlighted=("C050", "C120"))
    drawn = lines(chart)
    gaps = lines(chart, "gap")
    assert len(chart.spec["datasets"]["lines"]) <= ranking.MAX_ROWS
    assert {"C000", "C199", "C047", "C050", "C053", "C120"} <= {line["country"] for line in drawn}
    left_out = sum(int(gap["label"].split()[0]) for gap in gaps)
    assert len(drawn) + left_out == 200 == len(chart.rows)
    assert f"{left_out} more are in the table." in chart.sentence


@given(st.integers(46, 250), st.lists(st.integers(0, 249), max_size=6, unique=True))
def test_any_choice_in_a_long_list_is_drawn_within_the_limit(count, chosen):
    chosen = [place for place in chosen if place < count]
    places = ranking.choose_places(count, chosen)
    gaps = sum(later - earlier > 1 for earlier, later in pairwise(places))
    assert len(places) + gaps <= ranking.MAX_ROWS
    assert set(chosen) | {0, count - 1} <= set(places)
    assert places == sorted(set(places))


def test_the_reference_year_takes_the_nearest_figure_and_lists_the_rest_as_missing():
    rows = [row("A", 2018, 1.0), row("A", 2021, 2.0), row("B", 2023, 3.0), row("C", 2015, 4.0)]
    chart = build(*rows, year=2022)
    assert [(line["country"], line["when"]) for line in lines(chart)] == [("B", "2023"), ("A", "2021")]
    assert {r["country"]: r["value"] for r in chart.rows}["C"] is None
    assert "2022, or the nearest figure within two years" in chart.sentence


def test_nearness_to_a_centre_orders_and_lower_can_be_better():
    near = build(
        *[row(c, 2020, v) for c, v in zip("ABC", (100.0, 80.0, 110.0), strict=True)], direction="centre", centre=100.0
    )
    assert [line["country"] for line in lines(near)] == ["A", "C", "B"]
    low = build(*[row(c, 2020, v) for c, v in zip("ABC", (3.0, 1.0, 2.0), strict=True)], direction="lower")
    assert [line["country"] for line in lines(low)] == ["B", "C", "A"]


def test_right_to_left_the_scale_runs_the_other_way():
    def ends(lang):
        spec = build(*FIVE, lang=lang).spec
        x = next(layer["encoding"]["x"] for layer in spec["layer"] if "scale" in layer["encoding"].get("x", {}))
        return [end["expr"] for end in x["scale"]["range"]]

    assert not ends("en")[0].startswith("width - (")
    assert ends("ar")[0].startswith("width - (")


@pytest.mark.parametrize("rows", [[], [row("A", 2020, None)]])
def test_nothing_to_rank_is_said(rows):
    chart = ranking.build(pl.DataFrame(rows, schema=frame().schema), replace(PLAIN, group=("A", "B")))
    assert chart.sentence == "Test index. None of the 2 countries has a figure."
    assert "words" in chart.spec["datasets"]
