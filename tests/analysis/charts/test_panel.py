"""The panel of years before and since adoption: what stands in a tile, what is counted, and no figure in it."""

import re

import jsonschema
import pytest
from altair.vegalite.v6.schema import core

from dashboard.analysis.charts import ChartOptions, render
from dashboard.analysis.charts.chart import ChartWords
from dashboard.analysis.charts.kinds.panel import COLUMNS, PERIODS, Unit, build
from dashboard.analysis.charts.theme import LOOKS
from dashboard.locales import LANGUAGES

VALIDATOR = jsonschema.Draft7Validator(core.load_schema())
OPTIONS = ChartOptions(
    title="TEST", names={"UZB": "Uzbekistan", "UGA": "Uganda", "SEN": "Senegal"}, source_line="OFFICE"
)
YEARS = range(2014, 2022)
WORDS = ChartWords(("Words.",))
UNITS = (
    Unit("UZB", "UZB-02", "centre opened, 2019", 2019, frozenset(YEARS) - {2016}, (), "", chosen=True),
    Unit("UGA", "UGA-01", "centre opened, 2021", 2021, frozenset(YEARS), ("too_few_post_points",), "Too few."),
    Unit("SEN", "SEN-01", "date not known", None, frozenset({2014, 2015}), ("no_treatment_date",), "No date."),
)


def test_a_tile_is_before_since_undated_or_without_a_figure() -> None:
    chart = build(UNITS, YEARS, WORDS, OPTIONS)
    found = {(row["country"], row["year"]): row["period"] for row in chart.rows}
    assert len(found) == len(chart.rows) == len(UNITS) * len(YEARS)
    assert [found["UZB", year] for year in (2015, 2016, 2018, 2019, 2021)] == [
        "before", "none", "before", "since", "since",
    ]  # fmt: skip
    assert [found["UGA", year] for year in (2020, 2021)] == ["before", "since"]
    assert [found["SEN", year] for year in (2014, 2016)] == ["undated", "none"]
    assert tuple(chart.rows[0]) == COLUMNS
    assert {row["country"]: row["admitted"] for row in chart.rows} == {"UZB": True, "UGA": False, "SEN": False}


def test_a_row_counts_the_years_on_both_sides_and_marks_the_first_since() -> None:
    datasets = build(UNITS, YEARS, WORDS, OPTIONS).spec["datasets"]
    assert [(one["before"], one["since"], one["adopted"], one["chosen"]) for one in datasets["heads"]] == [
        ("4", "3", 5, True), ("7", "1", 7, False), ("0", "0", None, False),
    ]  # fmt: skip
    assert [one["note"] for one in datasets["tiles"][:: len(YEARS)]] == [
        "An estimate can be tried.", "Too few.", "No date.",
    ]  # fmt: skip
    assert [PERIODS[one["period"]] for one in datasets["keys"]] == list(PERIODS)
    assert [one["at"] for one in build(UNITS[:2], YEARS, WORDS, OPTIONS).spec["datasets"]["keys"]] == [0, 1, 2]


def test_an_adoption_outside_the_window_has_no_mark() -> None:
    late, early = (Unit("UGA", "", "", year, frozenset(YEARS), (), "") for year in (2022, 2013))
    heads = build((late, early), YEARS, WORDS, OPTIONS).spec["datasets"]["heads"]
    assert [one["adopted"] for one in heads] == [None, None]
    assert [(one["before"], one["since"]) for one in heads] == [("8", "0"), ("0", "8")]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("theme", LOOKS)
def test_it_is_valid_and_drawn(lang, theme) -> None:
    chart = build(UNITS, YEARS, WORDS, ChartOptions(title="TEST", lang=lang, theme=theme, source_line="OFFICE"))
    assert not [error.message for error in VALIDATOR.iter_errors(chart.spec)]
    picture = render.draw_svg(chart)
    assert "OFFICE" in picture
    assert "undefined" not in picture
    assert "NaN" not in picture


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_years_run_from_left_to_right_between_names_and_counts(lang: str) -> None:
    chart = build(UNITS, YEARS, WORDS, ChartOptions(title="TEST", lang=lang, names={"UGA": "UGANDA"}, width=900))
    picture = render.draw_svg(chart)
    place = {
        text: float(at)
        for at, text in re.findall(r"<text [^>]*translate\(([-0-9.]+)[^>]*>\W*(2015|2020|UGANDA)\W*</text>", picture)
    }
    assert place["2015"] < place["2020"]
    assert (place["UGANDA"] < place["2015"]) == (lang == "en")
    assert (place["UGANDA"] > place["2020"]) == (lang == "ar")


def test_nobody_to_study_is_said_in_words() -> None:
    chart = build((), YEARS, ChartWords(("Nobody.",)), OPTIONS)
    assert chart.rows == []
    assert "Nobody." in str(chart.spec["datasets"])
