"""The page of one country: goals marked by direct indicators only, voices kept apart, gaps by kind, law with source."""

import csv
import io
from collections import Counter

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.countries.country import view_country
from dashboard.answers.countries.worklist import write_missing_csv
from dashboard.answers.progress.assessment import assess_lines
from dashboard.answers.progress.statuses import TONES
from dashboard.evidence.codebook import load_codebook
from dashboard.locales import t
from tests.checks import all_of

DIRECT = {
    (metric.id, load_codebook().targets[link.target].goal)
    for metric in load_codebook().metrics.values()
    for link in metric.links
    if link.target and link.strength == "direct"
}


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("iso3", ["AZE", "KAZ", "ETH", "FRA"])
def test_only_direct_indicators_move_a_goal_and_their_verdicts_are_counted(iso3: str) -> None:
    rows = assess_lines(open_context(), countries=[iso3], methods=["unsd_2026"])
    counted: dict[int, Counter[str]] = {goal: Counter() for goal in load_codebook().goals}
    for row in rows:
        for goal in {goal for metric, goal in DIRECT if metric == row["indicator"]}:
            counted[goal][TONES.get(row["status"] or "", "none")] += 1
    for goal in view_country(open_context(), iso3)["strip"]:
        marks = {mark["tone"]: mark["count"] for mark in goal["marks"]}
        assert marks == {tone: n for tone, n in counted[goal["number"]].items() if tone != "none"}


@pytest.mark.usefixtures("handmade")
def test_a_goal_with_proxies_alone_says_so_and_has_no_sign() -> None:
    strip = {goal["number"]: goal for goal in view_country(open_context(), "ROU")["strip"]}
    assert (strip[16]["evidence"], strip[16]["marks"]) == ("indirect", [])  # only control of corruption has a figure
    assert "No direct figure" in strip[16]["text"]
    assert (strip[14]["evidence"], strip[14]["letter"]) == ("not_measured", "×")


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_mark_is_said_in_words_with_the_method_named(lang: str) -> None:
    view = view_country(open_context(lang), "AZE")
    legend = "".join(view["strip_legend"])
    for goal in view["strip"]:
        assert goal["letter"] in legend
        assert goal["text"]
        assert bool(goal["status_text"]) >= bool(goal["marks"])
        for mark in goal["marks"]:
            assert mark["sign"] in legend
    assert "2026" in view["strip_how"]
    direct = [m for m in load_codebook().metrics.values() if any(link.strength == "direct" for link in m.links)]
    assert str(len(direct)) in view["strip_how"]


@pytest.mark.usefixtures("embedded")
def test_the_brief_has_satisfaction_integrity_and_what_serves_a_target_directly_but_no_statistics() -> None:
    metrics = load_codebook().metrics
    rows = {
        row["indicator"]: row["brief"]
        for theme in view_country(open_context(), "KAZ")["themes"]
        for row in theme["rows"]
    }
    assert rows
    for id_, brief in rows.items():
        direct = any(link.strength == "direct" for link in metrics[id_].links)
        kept = metrics[id_].theme in ("satisfaction", "integrity") or (direct and metrics[id_].theme != "statistics")
        assert brief == kept, id_
    assert len(set(rows.values())) == 2


@pytest.mark.usefixtures("embedded")
def test_three_voices_on_satisfaction_are_never_one() -> None:
    for iso3 in ("AZE", "FRA"):
        voices = view_country(open_context(), iso3)["voices"]
        assert [it["id"] for it in voices] == ["agency", "users", "household"]
        assert all_of(bool(it["empty"]) != bool(it["reports"] or it["figures"]) for it in voices)
    agency = view_country(open_context(), "AZE")["voices"][0]
    assert agency["figures"] == []
    assert [it["value_text"] for it in agency["reports"]] == ["more than 99\N{NO-BREAK SPACE}%"]
    assert all_of(it["source"] and it["date_text"] for it in agency["reports"])


@pytest.mark.usefixtures("embedded")
def test_law_is_told_with_date_and_source_also_where_it_came_before_the_agreement() -> None:
    azerbaijan = view_country(open_context(), "AZE")
    (decree,) = azerbaijan["legal"]
    assert (decree["kind_text"], decree["symbol"], decree["date_text"]) == ("decree", "No. 685", "13 July 2012")
    assert "turan.az" in decree["source_ref"]
    assert [act["id"] for act in azerbaijan["acts"]] == ["decree_685", "AZE-L02", "AZE-L01"]
    assert view_country(open_context(), "FRA")["legal"] == []


@pytest.mark.usefixtures("embedded")
def test_no_act_of_a_country_is_told_twice() -> None:
    """Uzbekistan's decree of December 2017 is an event of the register and an act: each list has it once."""
    uzbekistan = view_country(open_context(), "UZB")
    day = "2017-12-12"
    assert [it["type"] for it in uzbekistan["adoption"]["events"] if it["date"] == day] == ["legal_basis"]
    assert [it["symbol"] for it in uzbekistan["acts"] if it["date"] == day] == ["UP-5278", "PP-3430 (ПҚ-3430)"]
    assert uzbekistan["legal"] == []


@pytest.mark.usefixtures("embedded")
def test_gaps_are_counted_by_kind_and_the_file_has_the_same_rows() -> None:
    view = view_country(open_context(), "ETH")
    assert sum(it["count"] for it in view["missing_kinds"]) == len(view["missing"])
    assert len(view["missing"]) + view["with_data"] == view["total"]
    assert all_of(it["definition"] for it in view["missing_kinds"])
    rows = list(csv.DictReader(io.StringIO(write_missing_csv(open_context(), "ETH").decode())))
    told = ("indicator", "kind", "who", "office", "origin", "next_due", "template")
    assert [[row[name] for name in told] for row in rows] == [[row[name] for name in told] for row in view["missing"]]  # type: ignore[literal-required]


@pytest.mark.usefixtures("embedded")
def test_the_income_group_has_its_median_with_its_number_of_countries() -> None:
    rows = [row for theme in view_country(open_context(), "AZE")["themes"] for row in theme["rows"]]
    egdi = next(row for row in rows if row["indicator"] == "egdi")
    median = next(median for median in egdi["medians"] if median["group"] == "income")
    members = [it for it in load_codebook().countries.values() if it.income == load_codebook().countries["AZE"].income]
    assert 5 <= median["n"] <= len(members)
    assert f"({median['n']} of {median['of']} countries)" in median["text"]


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("indicator", ["basic_water", "bribery_persons", "egdi"])
def test_a_median_of_a_group_says_of_how_many_of_its_countries_it_is(indicator: str) -> None:
    """A copy that holds a quarter of the countries is no median of the world without a word."""
    rows = [row for theme in view_country(open_context(), "AZE")["themes"] for row in theme["rows"]]
    world = next(median for row in rows if row["indicator"] == indicator for median in row["medians"]
                 if median["group"] == "world")  # fmt: skip
    mapped = build_chart(ask_chart(open_context(), "map", indicator, ("AZE",)))
    counted = f"countries with a figure: {sum(row['value'] is not None for row in mapped.rows)} of {world['of']}"
    assert counted in mapped.sentence, "a median and a map count the same world"
    assert world["text"].endswith(f"({world['n']} of {world['of']} countries)")
    assert (world["n"] < world["of"] / 3) == (indicator != "egdi")


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("iso3", ["AZE", "UGA", "FRA"])
def test_a_note_beside_a_figure_says_why_it_is_not_compared_and_nothing_else(iso3: str) -> None:
    for row in (row for theme in view_country(open_context(), iso3)["themes"] for row in theme["rows"]):
        mixed = any(median["first_year"] != median["last_year"] for median in row["medians"])
        if "only as published" in row["compare_note"]:
            assert row["medians"] == []
        elif load_codebook().metrics[row["indicator"]].unit == "yes_no":
            assert row["compare_note"] == t("answers.medians.yes_no", "en")
        elif row["figure"]["year"] is None:
            assert row["compare_note"] == "year not published"
        elif all(median["value"] is None for median in row["medians"]):
            most = max(median["n"] for median in row["medians"])
            assert row["compare_note"] == f"too few figures for a median ({most})"
        else:
            assert row["compare_note"] == (t("ui.chart.mixed_years", "en") if mixed else ""), row["indicator"]


@pytest.mark.usefixtures("embedded")
def test_where_there_is_no_status_nothing_is_said_to_support_it() -> None:
    assert view_country(open_context(), "KAZ")["adoption"]["support_text"] == ""
    assert view_country(open_context(), "UZB")["adoption"]["support_text"] == "agency-reported"


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize(
    ("iso3", "facts"),
    [
        ("AZE", {"region": "Western Asia", "income": "Upper middle income", "lldc": "Landlocked developing countries"}),
        ("UGA", {"region": "Sub-Saharan Africa", "income": "Low income", "ldc": "", "lldc": ""}),
        ("ATA", {"income": "Not classified"}), ("FRA", {"region": "Western Europe", "income": "High income"}),
    ],
)  # fmt: skip
def test_a_country_is_told_by_region_income_and_the_groups_it_is_in(iso3: str, facts: dict[str, str]) -> None:
    told = {one["id"]: one["definition"] for one in view_country(open_context(), iso3)["facts"]}
    assert set(told) == set(facts)
    for name, words in facts.items():
        assert told[name].startswith(words), name
        assert told[name]
