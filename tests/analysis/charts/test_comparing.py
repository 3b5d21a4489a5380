"""Charts that compare: two dates, two indicators, years since an event; what is unequal is not joined unasked."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import polars as pl
import pytest

from dashboard.analysis.charts import KINDS, render
from dashboard.analysis.charts.chart import Across
from dashboard.locales import LANGUAGES
from tests.analysis.charts.made_figures import PLAIN, frame, row

SVG = "{http://www.w3.org/2000/svg}"
TWO = replace(PLAIN, highlighted=("AZE", "GEO"), years=(2015, 2022))


def test_a_date_takes_the_nearest_figure_within_two_years_and_of_two_the_later() -> None:
    rows = frame(
        row("AZE", 2015, 1.0), row("AZE", 2018, 2.0), row("AZE", 2021, 3.0),
        row("GEO", 2015, 1.0), row("GEO", 2023, 4.0), row("GEO", 2024, 5.0),
        row("UGA", 2012, 1.0),
    )  # fmt: skip
    chart = KINDS["slope"].build(rows, replace(TWO, highlighted=("AZE", "GEO", "UGA")))
    told = [(one["country"], one["period"]) for one in chart.rows]
    assert told == [("AZE", "2015"), ("AZE", "2021"), ("GEO", "2015"), ("GEO", "2023"), ("UGA", None)]
    assert chart.rows[-1]["value"] is None
    assert "o figure: UGA." in chart.sentence
    assert "nearest within two years" in chart.sentence


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["slope", "dumbbell"])
def test_one_year_is_no_comparison_of_two(kind: str, lang: str) -> None:
    rows = frame(row("AZE", 2019, 1.0), row("GEO", 2019, 2.0))
    chart = KINDS[kind].build(rows, replace(TWO, years=None, lang=lang))
    assert chart.sentence.count("2019") == 3  # once for all, and once for each country
    assert "{" not in chart.sentence
    if lang == "en":
        assert "One year only, 2019, so there is nothing to compare." in chart.sentence
    assert chart.spec["datasets"]["lines"] == []
    assert [head["end"] for head in chart.spec["datasets"].get("heads", [])] == ([1] if kind == "slope" else [])


@pytest.mark.parametrize("kind", ["slope", "dumbbell"])
def test_two_editions_are_joined_only_at_the_readers_wish_and_then_it_is_said(kind: str) -> None:
    rows = frame(
        row("AZE", 2015, 1.0, edition="2015"), row("AZE", 2022, 2.0, edition="2022"),
        row("GEO", 2015, 1.0), row("GEO", 2022, 3.0),
    )  # fmt: skip
    plain, insisted = (KINDS[kind].build(rows, replace(TWO, insist=wish)) for wish in (False, True))
    assert {line["kind"] for line in plain.spec["datasets"]["lines"]} == {"full"}
    assert "ot comparable, so not connected: AZE." in plain.sentence
    assert {line["kind"] for line in insisted.spec["datasets"]["lines"]} == {"full", "dashed"}
    assert "Dashed lines connect non-comparable points" in insisted.sentence


def test_a_trend_bridges_editions_only_at_the_readers_wish_and_never_a_gap_in_the_years() -> None:
    rows = frame(
        row("AZE", 2010, 1.0, edition="a"), row("AZE", 2011, 2.0, edition="b"),
        row("GEO", 2001, 1.0), row("GEO", 2002, 1.0), row("GEO", 2015, 3.0),
    )  # fmt: skip
    plain, insisted = (KINDS["trend"].build(rows, replace(TWO, insist=wish)) for wish in (False, True))
    assert plain.spec["datasets"]["bridges"] == []
    assert {(end["year"], end["slot"]) for end in insisted.spec["datasets"]["bridges"]} == {(2010, 0), (2011, 0)}
    assert "Dashed lines connect" in insisted.sentence
    assert "Dashed lines connect" not in plain.sentence


def test_years_are_counted_from_the_event_and_who_has_none_is_named_not_drawn() -> None:
    rows = frame(row("AZE", 2010, 1.0), row("AZE", 2014, 2.0), row("GEO", 2014, 3.0))
    chart = KINDS["aligned"].build(rows, replace(TWO, starts={"AZE": 2012}, start_label="centre opened"))
    assert [(one["country"], one["years_since"]) for one in chart.rows] == [("AZE", -2), ("AZE", 2)]
    assert {point["country"] for point in chart.spec["datasets"]["figures"]} == {"AZE"}
    assert "Not drawn, for want of a dated event: GEO." in chart.sentence
    assert "No figure for GEO" not in chart.sentence
    assert "The chart does not say whether it changed anything." in chart.sentence


def test_a_scatter_takes_one_year_for_both_and_marks_where_it_cannot() -> None:
    up = frame(row("AZE", 2020, 1.0), row("AZE", 2022, 2.0), row("GEO", 2022, 3.0), row("UGA", 2022, 4.0))
    along = frame(row("AZE", 2020, 10.0), row("GEO", 2020, 20.0), row("UGA", 2010, 30.0))
    options = replace(TWO, highlighted=("AZE", "GEO", "UGA"), across=Across(along, "Other", "score", 1))
    chart = KINDS["scatter"].build(up, options)
    dots = {dot["country"]: (dot["value"], dot["at"], dot["mixed"]) for dot in chart.spec["datasets"]["dots"]}
    assert dots == {"AZE": (1.0, 10.0, False), "GEO": (3.0, 20.0, True)}
    assert "without both figures at most two years apart: UGA." in chart.sentence


def test_no_name_of_a_scatter_lies_on_the_mark_of_another_country() -> None:
    up = frame(row("AZE", 2024, -0.78), row("UZB", 2024, -0.75), row("KAZ", 2024, 1.0), row("UGA", 2024, -2.0))
    along = frame(row("AZE", 2024, 0.7607), row("UZB", 2024, 0.7999), row("KAZ", 2024, 0.1), row("UGA", 2024, 0.2))
    options = replace(TWO, highlighted=("AZE", "UZB"), across=Across(along, "Other", "index", 1))
    ends = {one["country"]: one for one in KINDS["scatter"].build(up, options).spec["datasets"]["ends"]}
    for form in ("wide", "narrow"):  # Uzbekistan's mark lies where Azerbaijan's name would
        assert (ends["AZE"][form]["before"], ends["AZE"][form]["place"]) == (True, -0.78)
        assert (ends["UZB"][form]["before"], ends["UZB"][form]["place"]) == (False, -0.75)


def test_a_scatter_without_a_pair_never_says_that_an_indicator_has_no_figure() -> None:
    options = replace(TWO, across=Across(frame(row("GEO", 2020, None)), "Other", "score", 1))
    words = KINDS["scatter"].build(frame(row("AZE", 2020, 1.0)), options).sentence
    assert "0 countries with both figures; without both figures at most two years apart: AZE and GEO." in words
    assert "has a figure" not in words


def test_a_scatter_of_one_year_has_the_figures_of_that_year_and_says_which_it_has() -> None:
    years = range(2013, 2020)
    up = frame(*(row("AZE", when, when / 1000) for when in years), row("GEO", 2014, 3.0))
    along = frame(*(row("AZE", when, float(when)) for when in years), row("GEO", 2014, 4.0))
    options = replace(TWO, highlighted=("AZE",), across=Across(along, "Other", "score", 1), year=2015)
    chart = KINDS["scatter"].build(up, options)
    assert {one["country"]: (one["period"], one["across_year"]) for one in chart.rows} == {
        "AZE": ("2015", 2015),
        "GEO": ("2014", 2014),
    }
    assert chart.subtitle.endswith(" · 2014–2015")
    assert "The years differ" in chart.sentence
    alone = KINDS["scatter"].build(up.filter(pl.col("country") == "AZE"), replace(options, year=None))
    assert (alone.rows[0]["period"], alone.subtitle[-6:]) == ("2019", "· 2019")
    assert "The years differ" not in alone.sentence


def test_the_forms_say_how_many_countries_they_hold() -> None:
    many = tuple(f"C{place:02d}" for place in range(13))
    rows = frame(*(row(iso3, 2020, 1.0) for iso3 in many))
    for kind, most in (("multiples", 12), ("dumbbell", 12), ("slope", 6), ("aligned", 6)):
        with pytest.raises(ValueError, match=str(most)):
            KINDS[kind].build(rows, replace(PLAIN, highlighted=many[: most + 1]))


@pytest.mark.parametrize(("lang", "first_is_left"), [("en", True), ("ar", False)])
def test_the_first_panel_stands_where_reading_starts(lang: str, first_is_left: bool) -> None:
    rows = frame(row("AZE", 2019, 1.0), row("GEO", 2019, 2.0), row("AZE", 2020, 1.5), row("GEO", 2020, 2.5))
    options = replace(TWO, lang=lang, names={"AZE": "FIRST", "GEO": "SECOND"}, width=900)
    picture = ElementTree.fromstring(render.draw_svg(KINDS["multiples"].build(rows, options)))
    places = {"".join(text.itertext()).strip("\u2067\u2069"): find_left(text) for text in picture.iter(f"{SVG}text")}
    assert (places["FIRST"] < places["SECOND"]) == first_is_left


def find_left(text: ElementTree.Element) -> float:
    """How far to the right a text of a drawing stands, of those in the same group."""
    return float(re.search(r"translate\(([-0-9.]+)", text.get("transform", "translate(0"))[1])  # type: ignore[index]
