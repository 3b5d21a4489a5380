"""The results frame: every status under its method's name, files with the same rows, gaps and refusals counted."""

import csv
import io
import json
import zipfile
from collections import Counter
from dataclasses import replace
from typing import Any, Literal, get_type_hints

import pytest

from dashboard.analysis.charts.kinds.pipeline import COLUMNS
from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.adoption.pipeline import STAGES, view_pipeline
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.countries.country import view_country
from dashboard.answers.progress.assessment import DEFAULT_METHOD, assess_lines
from dashboard.answers.progress.examples import explain_examples as examples
from dashboard.answers.progress.limitations import list_limitations
from dashboard.answers.progress.results import REFUSED, SORTS, ask, list_results, name_file, write_xlsx
from dashboard.answers.progress.results import write_csv as results_csv
from dashboard.answers.progress.statuses import TONES
from dashboard.answers.progress.views import ResultRow
from dashboard.answers.reported.promise import check_promise
from dashboard.answers.site import counted
from dashboard.answers.site.availability import AvailabilityQuery as Availability
from dashboard.answers.site.availability import view_availability
from dashboard.evidence.codebook.model import Metric, NationalTarget
from dashboard.locales import LANGUAGES
from tests.answers.shape import faults, texts
from tests.answers.test_service_answers import UNFILLED
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("country", ["", "AZE", "ATA"])
def test_answers_have_the_promised_shape_in_every_language(country: str, lang: str) -> None:
    ctx = open_context(lang)
    asked = ask(ctx, country)
    for question, arguments in (
        (list_results, (asked,)), (check_promise, (asked.iso3,)), (view_pipeline, ()),
    ):  # fmt: skip
        answer: Any = question(ctx, *arguments)  # type: ignore[operator]
        assert faults(answer, get_type_hints(question)["return"]) == []
        json.dumps(answer, allow_nan=False)
        assert [text for text in texts(answer) if UNFILLED.search(text[1]) or "results." in text[1]] == []
    assert all_of(one["text"] for one in list_limitations(ctx, asked))


def test_a_row_has_a_status_or_says_why_not_and_what_can_be_said() -> None:
    rows = list_results(open_context(), ask(open_context(), "AZE"))["rows"]
    assert {bool(row["status"]) for row in rows} == {True, False}
    for row in rows:
        assert bool(row["status"]) != bool(row["detail"])
        assert not row["target"] or row["target_source"]
        assert 1 <= row["level"] <= 4
        assert row["self_reported"] == (row["level"] <= 2)


def test_what_sets_a_target_is_said_in_the_language_of_the_page() -> None:
    said = {
        lang: {
            row["indicator"]: row["target_source"]
            for row in list_results(open_context(lang), ask(open_context(lang), "AZE"))["rows"]
        }
        for lang in ("en", "ar", "fr", "az")
    }
    assert said["fr"]["basic_water"] == "cible 1.4 des ODD\u00a0: tous les hommes et les femmes"
    for metric, english in said["en"].items():
        if english and open_context().book.metrics[metric].target_source["en"] == english:
            assert len({words[metric] for words in said.values()}) == 4


def test_adopters_are_counted_and_never_averaged(ctx: Context) -> None:
    members = list_adopters(ctx, "operating")
    for row in list_results(ctx, ask(ctx, rule="operating"))["rows"]:
        assert row["status"] == ""
        assert sum(one["count"] for one in row["counts"]) <= len(members)
        assert all(set(one["countries"]) <= set(members) for one in row["counts"])


def test_filters_and_orders_say_what_they_keep(ctx: Context) -> None:
    everything = list_results(ctx, ask(ctx, "UZB"))["rows"]
    refused = list_results(ctx, ask(ctx, "UZB", status=REFUSED))["rows"]
    assert refused
    assert all_of(row["tone"] == "none" for row in refused)
    integrity = list_results(ctx, ask(ctx, "UZB", theme="integrity"))["rows"]
    assert 0 < len(integrity) < len(everything)
    assert all_of(16 in row["goals"] for row in list_results(ctx, ask(ctx, "UZB", goal=16))["rows"])
    for iso3 in ("UZB", ""):
        for sort in SORTS:
            keys = [_place(row, sort) for row in list_results(ctx, ask(ctx, iso3, sort=sort))["rows"]]
            assert keys == sorted(keys), sort
    worst = list_results(ctx, ask(ctx, "UZB", sort="status"))["rows"]
    order = ["bad", "middle", "good", "met", "none"]
    assert [order.index(row["tone"]) for row in worst] == sorted(order.index(row["tone"]) for row in worst)


def _place(row: ResultRow, sort: str) -> tuple[object, ...]:
    """Where a row stands in an order: what has no status last, but by theme and evidence only among equals."""
    statuses = [row["status"] if row["tone"] != "none" else "", *(one["status"] for one in row["counts"])]
    best_to_worst = [list(TONES).index(one) for one in statuses if one]
    by_name = (not best_to_worst, row["name"].casefold())
    worst_first = (not best_to_worst, -max(best_to_worst, default=0))
    return {
        "name": (), "status": worst_first, "theme": (row["theme_text"].casefold(),), "evidence": (row["level"],),
    }[sort] + by_name  # fmt: skip


@pytest.mark.parametrize("country", ["", "AZE"])
def test_every_status_offered_leaves_the_rows_that_have_it_and_is_the_chosen_one(country: str, ctx: Context) -> None:
    every = list_results(ctx, ask(ctx, country))
    kept = 0
    for choice in every["statuses"]:
        found = list_results(ctx, ask(ctx, country, status=choice["id"]))
        assert [one["id"] for one in found["statuses"] if one["chosen"]] == [choice["id"]]
        assert [one["id"] for one in found["statuses"]] == [one["id"] for one in every["statuses"]]
        own = {None} if choice["id"] == REFUSED else {choice["id"]}
        assert found["rows"] == [
            row
            for row in every["rows"]
            if own & ({row["status"] or None} if country else {one["status"] for one in row["counts"]} or {None})
        ]
        kept += len(found["rows"])
    assert kept >= len(every["rows"]), "each row has a status that is offered, or is offered as one without"


@pytest.mark.parametrize("country", ["", "UZB"])
def test_the_sentence_counts_the_rows_that_are_shown(country: str, ctx: Context) -> None:
    for filters in ({}, {"theme": "integrity"}, {"goal": 16}, {"status": REFUSED}):
        found = list_results(ctx, ask(ctx, country, **filters))  # type: ignore[arg-type]
        rows = len(found["rows"])
        judged = sum(bool(row["status"] or row["counts"]) for row in found["rows"])
        assert f": {judged} of {rows} indicators with a figure have a status" in found["text"]


def _with(name: str, *metrics: Metric, **parts: object) -> Context:
    """The codebook with some indicators, or other parts of it, changed."""
    plain = open_context()
    changed = {**plain.book.metrics, **{metric.id: metric for metric in metrics}}
    return replace(plain, book=replace(plain.book, metrics=changed, version=name, **parts))  # type: ignore[arg-type]


def test_levels_one_and_two_are_self_reported_and_their_share_is_of_all_figures() -> None:
    book = open_context().book.metrics
    levels = {"basic_water": 1, "basic_sanitation": 2, "internet_users": 3}
    ctx = _with("levels", *(replace(book[id_], evidence_level=level) for id_, level in levels.items()))
    found = list_results(ctx, ask(ctx, "AZE"))
    rows = {row["indicator"]: row for row in found["rows"]}
    assert {id_: rows[id_]["level"] for id_ in levels} == levels
    assert {id_ for id_, row in rows.items() if row["self_reported"]} == {"basic_water", "basic_sanitation"}
    share = f"{200 / len(rows):.0f}\xa0%"
    assert found["self_reported_text"] == f"Self-reported (levels 1 and 2): 2 of {len(rows)} latest figures, {share}."
    programme = {row["indicator"]: row["level"] for row in list_results(ctx, ask(ctx))["rows"]}
    assert {id_: programme[id_] for id_ in levels} == levels


def test_a_countrys_own_target_and_milestones_stand_in_its_row_alone() -> None:
    def aim(country: str, kind: Literal["target", "milestone"], year: int, value: float) -> NationalTarget:
        return NationalTarget("basic_water", country, kind, year, value, f"Plan of {year}", "", "")

    own = (aim("AZE", "milestone", 2027, 97), aim("AZE", "milestone", 2028, 98), aim("AZE", "target", 2029, 98.5),
           aim("AZE", "target", 2030, 99), aim("UZB", "target", 2030, 80))  # fmt: skip
    ctx = _with("own targets", national_targets=own)
    plain = open_context()
    found = list_results(ctx, ask(ctx, "AZE"))
    assert found["milestones_text"] == ""
    assert list_results(plain, ask(plain, "AZE"))["milestones_text"] != ""
    row, other = (
        next(row for row in view["rows"] if row["indicator"] == "basic_water")
        for view in (found, list_results(ctx, ask(ctx, "GEO")))
    )
    assert row["milestones"].replace("\xa0", " ") == "97.0 % (2027); 98.0 % (2028); 98.5 % (2029)"
    assert (row["target"].replace("\xa0", " "), row["target_source"]) == ("99.0 %", "Plan of 2030")
    (judged,) = assess_lines(ctx, metrics=["basic_water"], countries=["AZE"], methods=[DEFAULT_METHOD])
    assert judged["target"] == 99, "that of 2030, not of 2029"
    assert (other["milestones"], other["target"].replace("\xa0", " ")) == ("", "100.0 %")
    assert other["target_source"].startswith("SDG target 1.4")
    early = _with("early target", national_targets=own[2:3])
    row = next(row for row in list_results(early, ask(early, "AZE"))["rows"] if row["indicator"] == "basic_water")
    (judged,) = assess_lines(early, metrics=["basic_water"], countries=["AZE"], methods=[DEFAULT_METHOD])
    assert (judged["target"], row["target"].replace("\xa0", " ")) == (100, "100.0 %"), "the target that is judged by"
    assert row["milestones"].replace("\xa0", " ") == "98.5 % (2029)"


@pytest.mark.parametrize("wrong", [{"method": "best"}, {"rule": "all"}, {"status": "fine"}, {"sort": "luck"}])
def test_what_there_is_not_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        ask(open_context(), **wrong)  # type: ignore[arg-type]


def test_an_unknown_country_or_theme_is_refused() -> None:
    for wrong in ({"country": "XYZ"}, {"theme": "luck"}, {"goal": 18}):
        with pytest.raises(Unknown):
            ask(open_context(), **wrong)  # type: ignore[arg-type]


def test_files_hold_the_rows_shown(ctx: Context) -> None:
    asked = ask(ctx, "UGA", theme="integrity")
    shown = [row["indicator"] for row in list_results(ctx, asked)["rows"]]
    told = list(csv.DictReader(io.StringIO(results_csv(ctx, asked).decode())))
    assert [row["indicator"] for row in told] == shown
    assert {row["method"] for row in told} == {"UN Statistics Division, five levels (2026)"}
    for cells, row in zip(told, list_results(ctx, asked)["rows"], strict=True):
        for name in ("baseline", "milestones", "target", "target_source", "latest", "status", "status_text", "detail"):
            assert cells[name].lstrip("'") == row[name]  # type: ignore[literal-required]
        assert (cells["theme"], cells["evidence_level"]) == (row["theme_text"], str(row["level"]))
    assert name_file(asked, ctx, "csv") == f"progress_UGA_unsd_2026_{ctx.today}.csv"
    assert name_file(ask(ctx), ctx, "xlsx") == f"progress_programme-signed_unsd_2026_{ctx.today}.xlsx"
    book = zipfile.ZipFile(io.BytesIO(write_xlsx(ctx, asked)))
    assert sum(name.startswith("xl/worksheets/") for name in book.namelist()) == 2


def test_the_promise_cannot_be_told_without_a_number_of_answers() -> None:
    found = check_promise(open_context())
    assert found["rows"]
    assert {row["outcome"] for row in found["rows"]} == {"cannot_tell"}
    assert all_of("number of answers" in row["reason"] for row in found["rows"])
    assert "996" in found["rule"]
    assert "299" in found["rule"]
    assert check_promise(open_context(), "UGA")["rows"] == []


def test_only_adopters_with_a_figure_are_counted_and_as_everywhere_else(ctx: Context) -> None:
    silent = find_latest(ctx, "women_local_government")["SOM"]
    assert not has_figure(silent), "a row that only says that the source has no value"
    having = {iso3 for iso3 in list_adopters(ctx) if has_figure(find_latest(ctx, "women_local_government").get(iso3))}
    asked = ask(ctx)
    row = next(row for row in list_results(ctx, asked)["rows"] if row["indicator"] == "women_local_government")
    judged = sum(count["count"] for count in row["counts"])
    assert row["latest"] == f"{len(having)} of {len(list_adopters(ctx))}"
    assert row["detail"] == f"{len(having) - judged} adopters without a status"
    assert judged > 0
    pairs = {
        count["count"].split(" of ")[1] for count in list_limitations(ctx, asked) if count["id"] == "too_few_points"
    }
    assert pairs == {str(view_availability(ctx, Availability())["with_figure"])}


@pytest.mark.parametrize("iso3", ["AZE", "KAZ", "ATA"])
def test_indicators_without_a_figure_are_counted_as_on_the_countrys_page(iso3: str, ctx: Context) -> None:
    view, asked = view_country(ctx, iso3), ask(ctx, iso3)
    told = {one["id"]: one["count"] for one in list_limitations(ctx, asked)}
    assert told["no_figure"] == f"{len(view['missing'])} of {view['total']}"
    assert len(list_results(ctx, asked)["rows"]) == view["with_data"]


def test_an_indicator_of_codes_or_years_is_in_the_frame_without_a_status() -> None:
    plain = open_context()
    years = replace(plain.book.metrics["internet_users"], quantity=False, direction="none", target_2030=None)
    ctx = _with("internet users as codes", years)
    rows = {row["indicator"]: row for row in list_results(ctx, ask(ctx, "AZE"))["rows"]}
    assert len(rows) == len(list_results(plain, ask(plain, "AZE"))["rows"])
    assert (rows["internet_users"]["tone"], rows["internet_users"]["status"]) == ("none", "")
    assert "from 20" not in rows["internet_users"]["detail"], "codes have no difference"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_latest_figure_is_the_latest_at_all_and_the_baseline_the_methods(lang: str) -> None:
    ctx = open_context(lang)
    themes = view_country(ctx, "AZE")["themes"]
    figures = {row["indicator"]: row["figure"] for theme in themes for row in theme["rows"]}
    rows = {row["indicator"]: row for row in list_results(ctx, ask(ctx, "AZE"))["rows"]}
    for metric, row in rows.items():
        assert row["latest"] == f"{figures[metric]['quantity']} ({figures[metric]['period']})"
    for metric, year in (("birth_registration", 2006), ("sat_overall_gov", None), ("extreme_poverty", 2005)):
        assert figures[metric]["year"] == year
        assert rows[metric]["baseline"] == ""


def test_a_programme_row_counts_who_has_a_latest_figure_of_any_year(ctx: Context) -> None:
    rows = {row["indicator"]: row for row in list_results(ctx, ask(ctx))["rows"]}
    based = Counter(row["indicator"] for row in assess_lines(ctx, countries=list_adopters(ctx), methods=["unsd_2026"])
                    if row["base_value"] is not None)  # fmt: skip
    for metric, row in rows.items():
        assert row["baseline"] == f"{based[metric]} of {len(list_adopters(ctx))}"
        having = sum(has_figure(find_latest(ctx, metric).get(iso3)) for iso3 in list_adopters(ctx))
        assert row["latest"] == f"{having} of {len(list_adopters(ctx))}"
    assert rows["birth_registration"]["baseline"] != rows["birth_registration"]["latest"]


def test_the_pipeline_ends_at_what_dated_events_say_and_lists_the_others(ctx: Context) -> None:
    chart = counted.chart_of(counted.ask(ctx, "pipeline"))
    last = {row["stage"]: row["count"] for row in chart.rows}
    assert [last[stage] for stage in STAGES] == sorted(last.values(), reverse=True)
    events = {event.id: event for event in ctx.book.events}
    for row in (*chart.rows, *counted.chart_of(counted.ask(ctx, "lanes")).rows):
        it = events[row["event"]]
        said = (it.date, it.precision, it.reported)
        assert (row["date"], row["precision"], row["reported"]) == said, "no date is that of an article"
        assert row["date"] or row["reported"]
    assert any(row["reported"] for row in chart.rows)
    told = view_pipeline(ctx)
    assert told["undated"]
    assert all_of(one["date_text"] == "" for one in told["undated"])
    assert len(told["steps"]) == len(chart.rows) == len(write_csv_file(chart.rows, COLUMNS).splitlines()) - 1
    members = set(list_adopters(ctx, "operating"))
    assert last["operating"] == len(members), "an opening without a date stands at the report that names it"
    assert {row["country"] for row in counted.chart_of(counted.ask(ctx, "pipeline", "operating")).rows} <= members
    assert "AZE" not in {row["country"] for row in chart.rows}


def test_the_lanes_say_that_one_of_them_is_counted_by_no_rule() -> None:
    for rule, countries in (("signed", 14), ("operating", 6)):
        chart = counted.chart_of(counted.ask(open_context(), "lanes", rule))
        assert f" events in {countries + 1} countries, " in chart.sentence
        assert "One lane is that of Azerbaijan, the country of origin, which is never counted." in chart.sentence
        assert len({row["country"] for row in chart.rows}) == countries + 1


def test_a_step_known_by_its_year_stands_at_the_end_of_it() -> None:
    data = counted.chart_of(counted.ask(open_context(), "pipeline")).spec["datasets"]["marks"]
    afghanistan = next(mark for mark in data if mark["name"] == "Afghanistan" and mark["slot"] == 1)
    assert afghanistan["when"] == "2016"
    assert 2016.99 < afghanistan["at"] < 2017


def test_the_examples_of_the_method_page_are_computed_and_disagree_as_documented() -> None:
    told = {term["id"]: term["definition"] for term in examples(open_context())["terms"]}
    assert len(told) == 18
    assert told["example_a_unsd_2026"].endswith("on track or target met.")
    assert "122 %".replace(" ", "\u00a0") in told["example_a_unsd_2026"]
    assert told["example_b_unsd_2026"].endswith("moderate progress, acceleration needed.")
    assert told["example_b_eurostat"].endswith("insufficient progress.")
    assert "orange" in told["example_b_sdsn"]
    assert "Score: 2.50, on a scale of standard deviations" in told["example_b_oecd"]
