"""What a trend joins, marks and says."""

from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest

from dashboard.analysis.charts.kinds import trend
from tests.analysis.charts.made_figures import PLAIN, error, frame, row


def build(*rows, **options):
    return trend.build(frame(*rows), replace(PLAIN, **options))


def run_of(chart):
    return {(point["country"], point["year"]): point["run"] for point in chart.spec["datasets"]["figures"]}


def test_one_line_runs_over_consecutive_figures_of_one_edition():
    assert len(set(run_of(build(*[row("AAA", year, 1.0) for year in range(2015, 2020)])).values())) == 1


@pytest.mark.parametrize(
    "later",
    [
        {"edition": "2"},
        {"series": "OTHER"},
        {"source": "other"},
        {"unit": "index"},
        {"nature": "E"},
    ],
)
def test_a_line_never_joins_two_series_or_editions(later):
    runs = run_of(build(row("AAA", 2018, 1.0), row("AAA", 2019, 1.0, **later)))
    assert runs["AAA", 2018] != runs["AAA", 2019]


def test_a_known_gap_a_bound_and_a_method_break_stop_the_line():
    gap = run_of(build(row("AAA", 2018, 1.0), row("AAA", 2019, None), row("AAA", 2020, 1.0)))
    assert gap["AAA", 2018] != gap["AAA", 2020]
    bound = row("AAA", 2019, None, status="censored", upper=2.5, value_text="<2.5")
    held = run_of(build(row("AAA", 2018, 1.0), bound, row("AAA", 2020, 1.0)))
    assert held["AAA", 2018] != held["AAA", 2020]
    chart = build(row("AAA", 2018, 1.0), row("AAA", 2019, 1.0), row("AAA", 2020, 1.0), breaks=(2019,))
    broken = run_of(chart)
    assert broken["AAA", 2018] != broken["AAA", 2019] == broken["AAA", 2020]
    assert [mark["year"] for mark in chart.spec["datasets"]["breaks"]] == [2018.5]
    assert "The method changed before 2019." in chart.sentence


def test_years_without_rows_are_joined_only_when_the_distance_is_usual():
    biennial = [row("AAA", year, 1.0) for year in (1996, 1998, 2000, 2002, 2003, 2004, 2005, 2006, 2007)]
    assert len(set(run_of(build(*biennial)).values())) == 1
    runs = run_of(build(*[row("AAA", year, 1.0) for year in (2001, 2002, 2003, 2007, 2008)]))
    assert runs["AAA", 2003] != runs["AAA", 2007]


def test_without_a_line_every_figure_stands_alone():
    assert len(set(run_of(build(row("AAA", 2018, 1.0), row("AAA", 2019, 1.0), line=False)).values())) == 2


def test_marks_tell_estimates_provisional_figures_and_bounds():
    chart = build(
        row("AAA", 2016, None, status="censored", upper=2.5, value_text="<2.5"),
        row("AAA", 2017, 1.0),
        row("AAA", 2018, 1.0, status="estimated"),
        row("AAA", 2019, 1.0, nature="M"),
        row("AAA", 2020, 1.0, status="provisional"),
        row("AAA", 2021, None, status="censored", lower=95.0, value_text=">95"),
    )
    data = chart.spec["datasets"]
    assert [point["mark"] for point in data["figures"]] == ["full", "hollow", "hollow", "provisional"]
    assert [(bound["mark"], bound["value"]) for bound in data["bounds"]] == [("at_most", 2.5), ("at_least", 95.0)]
    told = [column["said"] for column in data["columns"]]
    assert [list(said.values()) for said in (told[0], told[-1])] == [["2016", "<2.5"], ["2021", ">95"]]
    for words in ("Hollow marks are estimates.", "Triangles are provisional.", "is a bound"):
        assert words in chart.sentence


def test_a_country_keeps_its_colour_whatever_stands_beside_it():
    rows = [row(iso3, 2020, 1.0) for iso3 in ("AAA", "BBB", "CCC")]
    alone = build(*rows, highlighted=("CCC",), colours={"CCC": 4})
    beside = build(*rows, highlighted=("AAA", "CCC"), colours={"AAA": 0, "CCC": 4})
    assert [end["slot"] for end in alone.spec["datasets"]["ends"]] == [4]
    assert {end["country"]: end["slot"] for end in beside.spec["datasets"]["ends"]} == {"AAA": 0, "CCC": 4}


def test_labels_at_the_ends_do_not_touch():
    chart = build(*[row(f"C{i}", 2020, 1.0 + i / 1000) for i in range(6)], row("C0", 2010, 0.0))
    data = chart.spec["datasets"]
    low, high = (mark["value"] for mark in data["frame"])
    places = sorted(end["place"] for end in data["ends"])
    pixels = [(later - earlier) / (high - low) * trend.HEIGHT for earlier, later in pairwise(places)]
    assert min(pixels) >= trend.LABEL_GAP_PX - 1e-6
    assert low <= places[0]
    assert places[-1] <= high


def test_one_figure_is_a_labelled_dot_in_the_middle():
    chart = build(row("AAA", 2020, 1.0))
    data = chart.spec["datasets"]
    assert len(data["figures"]) == len(data["ends"]) == 1
    assert [mark["year"] for mark in data["frame"]] == [2019, 2021]
    assert "1.00 in 2020, the only figure." in chart.sentence


def test_nothing_to_draw_is_said_in_words_inside_the_drawing():
    chart = build(row("AAA", 2020, None), names={"AAA": "Aland"})
    assert chart.sentence == "Test index. No figure for Aland."
    assert chart.spec["datasets"]["words"][0]["text"].replace("\n", " ") == chart.sentence
    nobody = build(highlighted=("AAA", "BBB"))
    assert "No figure for AAA and BBB" in nobody.sentence
    assert [one["status"] for one in nobody.rows] == ["missing", "missing"]


def test_a_difference_inside_the_errors_is_no_change():
    first, last = error("AAA", 2015, -0.95, 0.16), error("AAA", 2023, -0.80, 0.15)
    sentence = build(first, last).sentence
    assert "no detectable change" in sentence
    assert "between −1.05 and −0.55, 90\u00a0%" in sentence
    clear = build(first, error("AAA", 2023, -0.40, 0.15)).sentence
    assert "a difference of +0.55, beyond the margin of error." in clear


def test_what_does_not_compare_is_not_compared():
    sentence = build(row("AAA", 2015, 1.0), row("AAA", 2023, 2.0, edition="2")).sentence
    assert "; not comparable: the first is of the 1, the last of the 2." in sentence
    assert "+1.00" not in sentence
    assert "; no margin of error is published." in build(row("AAA", 2015, 1.0), row("AAA", 2023, 2.0)).sentence


def test_a_bound_at_the_start_is_passed_over_for_the_first_exact_figure():
    bound = row("AAA", 2014, None, status="censored", upper=2.5, value_text="<2.5")
    sentence = build(bound, row("AAA", 2015, 3.0), row("AAA", 2023, 4.0)).sentence
    assert "AAA: 3.00 in 2015, 4.00 in 2023;" in sentence
    assert "AAA: <2.5 in 2014, 4.00 in 2023; not comparable" in build(bound, row("AAA", 2023, 4.0)).sentence


def test_more_than_six_countries_are_refused():
    with pytest.raises(ValueError, match="6 countries at most, not 7"):
        build(*[row(f"C{i}", 2020, 1.0) for i in range(7)])


def test_secondary_rows_are_not_drawn():
    chart = build(row("AAA", 2020, 1.0), row("AAA", 2020, 9.0, primary=False, source="other"))
    assert [point["value"] for point in chart.spec["datasets"]["figures"]] == [1.0]


def test_the_axis_of_an_index_does_not_start_at_zero_and_that_of_a_share_stays_within_100():
    index = build(row("AAA", 2019, 61.0), row("AAA", 2020, 66.0)).spec["datasets"]["frame"]
    assert index[0]["value"] > 50
    share = build(row("AAA", 2019, 5.0), row("AAA", 2020, 99.9), unit="percent").spec["datasets"]["frame"]
    assert [mark["value"] for mark in share] == [0, 100]


def test_a_frame_without_rows_is_drawn_in_words():
    chart = trend.build(pl.DataFrame(schema=frame().schema), replace(PLAIN, highlighted=("AAA",)))
    assert "words" in chart.spec["datasets"]
