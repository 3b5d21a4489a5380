"""A figure whose year is not published: shown as what it is, in no trend, and said wherever it stands."""

import json

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.base.rows import find_latest
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.compare.compare import compare
from dashboard.answers.countries.country import view_country
from dashboard.answers.holdings.coverage import measure_coverage
from dashboard.answers.holdings.observations import Selection, read_page
from dashboard.answers.indicators.table import view_table
from dashboard.answers.progress.assessment import assess_lines
from dashboard.answers.site.availability import ask as ask_availability
from dashboard.answers.site.availability import view_availability
from dashboard.answers.site.matrix import view_matrix_page
from dashboard.locales import LANGUAGES, capitalise, t
from tests.checks import all_of

HEALTH, SERVICES = "sat_overall_hlth", "sat_overall_gov"

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_a_country_says_the_span_and_what_is_known_against_the_figure(lang: str) -> None:
    view = view_country(open_context(lang), "AZE")
    found = next(row for theme in view["themes"] for row in theme["rows"] if row["indicator"] == SERVICES)["figure"]
    assert (found["value"], found["year"], found["age"]) == (99.9, None, None)
    assert "2015–2025" in found["period"]
    assert found["age_text"] == t("period.no_year", lang)
    assert "46" in found["caution"]
    assert "2015–2025" in found["caution"]


def test_the_interface_gives_the_span_as_published() -> None:
    rows = read_page(open_context(), Selection(indicators=(SERVICES,), countries=("AZE",), totals=True), 10)["rows"]
    assert [(row["period"], row["value"]) for row in rows] == [("2015/2025", 99.9)]
    later = read_page(open_context(), Selection(indicators=(SERVICES,), countries=("AZE",), first=2000, last=2030), 10)[
        "rows"
    ]
    assert later == [], "a figure of no year lies in no range of years"


def test_a_trend_leaves_it_out_and_says_so() -> None:
    chart = build_chart(ask_chart(open_context(), "trend", HEALTH, ("AZE", "SEN")))
    assert {row["country"] for row in chart.rows if row["value"] is not None} == {"SEN"}
    assert "Not drawn: 1 figure whose" in chart.sentence
    assert "o figure with a year for Azerbaijan" in chart.sentence
    assert "2015–2025" in chart.sentence


@pytest.mark.parametrize(("metric", "second"), [("egdi", HEALTH), (HEALTH, "egdi")])
def test_a_scatter_leaves_it_out_on_either_axis_and_says_of_how_many_countries(metric: str, second: str) -> None:
    """Of fourteen countries with the figure twelve have it without a year, whoever is chosen."""
    undated = sum(row["year"] is None for row in find_latest(open_context(), HEALTH).values())
    assert undated > 1
    chart = build_chart(ask_chart(open_context(), "scatter", metric, ("SEN",), second=second))
    assert {row["country"] for row in chart.rows} == {
        iso3 for iso3, row in find_latest(open_context(), HEALTH).items() if row["year"] is not None
    }
    assert f"Not drawn: {undated} figures whose year is not published" in chart.sentence
    assert "datasets" in chart.spec
    both = build_chart(ask_chart(open_context(), "scatter", HEALTH, ("SEN",), second=SERVICES))
    more = sum(row["year"] is None for row in find_latest(open_context(), SERVICES).values())
    assert f"Not drawn: {undated + more} figures" in both.sentence


def test_a_ranking_draws_it_hollow_and_warns() -> None:
    chart = build_chart(ask_chart(open_context(), "ranking", HEALTH, ("UZB",)))
    lines = [line for line in chart.spec["datasets"]["lines"] if line.get("kind") == "figure"]
    spanned = [line for line in lines if line["spanned"]]
    assert 0 < len(spanned) < len(lines)
    assert all_of("2015–2025" in line["when"] for line in spanned)
    assert "they may be of different years" in chart.sentence
    assert "Uzbekistan: 81.0\u00a0% (2015–2025), not ranked." in chart.sentence
    assert json.dumps(chart.spec).count('"filled": false') > 0


@pytest.mark.parametrize("kind", ["map", "world", "distribution"])
def test_other_charts_that_place_nothing_in_time_show_it_and_warn(kind: str) -> None:
    chart = build_chart(ask_chart(open_context(), kind, HEALTH, ("AZE",)))
    assert "they may be of different years" in chart.sentence
    assert "a rank" not in chart.sentence, "nothing is ranked here"
    assert next(row for row in chart.rows if row["country"] == "AZE")["value"] == 41


@pytest.mark.parametrize("kind", ["trend", "slope", "dumbbell", "multiples", "beside", "projection"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_chart_that_leaves_it_out_never_says_that_there_is_no_figure(kind: str, lang: str) -> None:
    chart = build_chart(ask_chart(open_context(lang), kind, HEALTH, ("AZE",)))
    country_ = chart.options.name("AZE")
    untrue = [
        capitalise(t("charts.trend.none", lang, names=country_), lang) + ".",
        t("charts.nothing", lang, count=1),
        t("country.beside.none", lang, country=country_, why=t("charts.no_figure", lang)),
    ]
    assert not [words for words in untrue if words in chart.sentence]
    assert t("charts.no_figure", lang) + ")" not in chart.sentence


def test_availability_counts_it_and_names_no_year() -> None:
    view = view_availability(open_context(), ask_availability(open_context(), theme="satisfaction"))
    row = next(one for one in view["indicators"] if one["id"] == HEALTH)
    assert row["covered"] == 14
    place = [one["iso3"] for one in view["countries"]].index("UZB")
    assert (row["points"][place], row["latest"][place], row["gap"][place]) == (1, None, None)


def test_coverage_counts_it_and_never_calls_it_recent() -> None:
    found = measure_coverage(open_context(), HEALTH)
    assert found["covered"] == 14
    states = {mark["iso3"]: mark["state"] for mark in found["strip"]}
    assert (states["UZB"], states["SEN"]) == ("older", "recent")


def test_coverage_never_gives_the_year_of_one_as_that_of_all() -> None:
    found = measure_coverage(open_context(), HEALTH)
    assert found["text"].endswith(": 14 of 14, latest of 2023; year not published: 13")
    assert found["brief"] == "14 of 14 · 2015–2025"
    assert measure_coverage(open_context(), "wgi_cc")["text"].endswith(": 14 of 14, latest of 2025")


def test_coverage_gives_the_span_where_no_figure_has_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    undated = {iso3: row for iso3, row in find_latest(open_context(), HEALTH).items() if row["year"] is None}
    monkeypatch.setitem(measure_coverage.__globals__, "find_latest", lambda *_: undated)
    found = measure_coverage(open_context(), HEALTH)
    assert (found["first_year"], found["last_year"]) == (None, None)
    assert found["text"].endswith(": 13 of 14, latest of 2015–2025")
    assert found["brief"] == "13 of 14 · 2015–2025"


def test_a_comparison_marks_it_and_computes_no_change() -> None:
    view = compare(open_context(), HEALTH, ("AZE", "SEN"))
    lines = {line["iso3"]: line for line in view["metrics"][0]["lines"]}
    assert (lines["AZE"]["change"], lines["AZE"]["first_year"]) == ("", None)
    assert "no_year" in {chip["id"] for chip in view["chips"]}


def test_no_status_is_made_of_it() -> None:
    found = assess_lines(open_context(), metrics=(HEALTH,), countries=("AZE",))
    assert {row["reason"] for row in found} == {"too_few_points"}


def test_the_table_of_an_indicator_carries_the_caution() -> None:
    rows = view_table(open_context(), SERVICES, ("AZE", "UGA"), None, None, 1, 20)["rows"]
    cautions = {row["iso3"]: row["figure"]["caution"] for row in rows if not row["figure"]["dimensions"]}
    assert "highest of its 46 areas" in cautions["AZE"]
    assert "Uganda Bureau of Statistics" in cautions["UGA"]


def test_the_matrix_writes_it_hollow_and_explains_the_mark() -> None:
    view = view_matrix_page(open_context(), ask_availability(open_context(), theme="satisfaction"), 1)
    row = next(one for one in view["rows"] if one["id"] == HEALTH)
    assert {(cell["state"], cell["mark"]) for cell in row["cells"]} == {("undated", "○"), ("recent", "2023")}
    assert ("undated", t("period.no_year", "en")) in {(key["state"], key["words"]) for key in view["key"]}
