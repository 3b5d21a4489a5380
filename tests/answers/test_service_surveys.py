"""Surveys of others are quoted as printed, one series a question, and nothing that counts reads them."""

import itertools
import re

import pytest

from dashboard.analysis.charts.sparkline import NONE
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.claims import rules
from dashboard.answers.site.kpis import build_kpis
from dashboard.answers.surveys import figures as surveys
from dashboard.evidence.codebook.loader import load_codebook
from dashboard.evidence.codebook.register.surveys import SurveySeries, load_survey_series
from dashboard.locales import LANGUAGES
from tests.answers.shape import faults
from tests.answers.test_service_reported import COUNTED, with_version
from tests.given import raising

pytestmark = pytest.mark.usefixtures("embedded")

SERIES = load_survey_series()
IN_WORDS = {"MNE-IS004": "every fifth", "MNE-IS005": "every tenth", "ROU-IS005": "vier Prozent"}
"""Results that their sentence prints in words."""


def name(series: SurveySeries) -> str:
    return series.id


def test_every_series_of_the_pack_is_taken_or_refused_by_name() -> None:
    assert (len(SERIES), sum(len(series.figures) for series in SERIES)) == (40, 73)  # docs/sources.md names the rest


@pytest.mark.parametrize("series", SERIES, ids=name)
def test_a_series_is_one_question_of_one_survey_and_every_result_stands_in_its_sentence(series: SurveySeries) -> None:
    assert series.figures
    assert [figure.year for figure in series.figures] == sorted({figure.year for figure in series.figures})
    for figure in series.figures:
        said = IN_WORDS.get(figure.id, figure.value)
        assert re.search(rf"(?<![\d.]){re.escape(said)}(?!\d)", figure.quote.replace(",", ".")), figure.quote
        assert len(figure.quote.split()) <= 40
        assert figure.id.startswith(series.country)


def test_what_its_makers_do_not_compare_is_drawn_without_a_line(ctx: Context) -> None:
    drawn = {lane["id"]: lane["spark"] for iso3 in ("AZE", "SEN") for lane in surveys.view_surveys(ctx, iso3)}
    joined = {series: "L" in spark["path"] for series, spark in drawn.items()}
    assert joined["aze_bribe_paid_household_12m"] is True
    assert joined["aze_bribe_paid_service_users"] is False
    assert drawn["aze_bribe_paid_service_users"]["path"].count("M") == 2, "two dots"
    assert drawn["sen_difficult_identity_document"] == NONE


def test_no_chart_and_no_list_joins_two_surveys(ctx: Context) -> None:
    shown = [lane for iso3 in load_codebook().countries for lane in surveys.view_surveys(ctx, iso3)]
    assert sorted(lane["id"] for lane in shown) == sorted(series.id for series in SERIES)
    own = {series.id: {figure.id for figure in series.figures} for series in SERIES}
    assert {lane["id"]: {view["id"] for view in (*lane["first"], *lane["rest"])} for lane in shown} == own
    assert not any(one & other for one, other in itertools.combinations(own.values(), 2))


@pytest.mark.parametrize("counts", COUNTED)
def test_what_counts_never_reads_a_survey(counts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveys, "load_survey_series", raising(AssertionError("a survey was read")))
    monkeypatch.setattr(rules, "describe_experience", lambda *_: "")  # S-06 quotes them in words, beside its figures
    assert len(COUNTED[counts](with_version(open_context(), f"without surveys {counts}"))) > 0


def test_a_margin_needs_the_number_of_people_asked_this_very_question() -> None:
    by_id = {figure.id: (series, figure) for series in SERIES for figure in series.figures}
    rwanda, senegal = by_id["RWA-IS001"], by_id["SEN-IS001"]
    assert surveys.estimate_margin(*rwanda) == pytest.approx(1.5)  # 24.4 % of 2,373: 1.645 · √(0.244 · 0.756 / 2373)
    assert (senegal[1].n, senegal[1].n_is, surveys.estimate_margin(*senegal)) == ("1200", "whole_sample", None)
    assert surveys.estimate_margin(*by_id["IDN-IS013"]) is None, "an index is no share"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_origin_before_and_after_its_first_centre(lang: str) -> None:
    lanes = surveys.view_surveys(open_context(lang), "AZE")
    assert faults(lanes, list[surveys.ReportedLane]) == []
    assert [(lane["label"], [view["period"] for view in (*lane["first"], *lane["rest"])]) for lane in lanes] == [
        ("Caucasus Barometer", ["2011", "2008"]),
        ("Global Corruption Barometer", ["2016", "2010"]),
    ]
    sentence = surveys.describe_experience(open_context(lang), "AZE")
    assert [year in sentence for year in ("2008", "2011", "2010", "2016", "2012")] == [True, True, True, True, False]
    assert surveys.describe_experience(open_context(lang), "FRA") == ""


def test_a_file_holds_every_result_with_its_question_and_printed_digits() -> None:
    rows = {row["id"]: row for row in surveys.file_rows(open_context())}
    assert len(rows) == 73
    assert (rows["IDN-IS009"]["value"], rows["IDN-IS009"]["unit"], rows["IDN-IS009"]["line"]) == (
        "3.70",
        "index_0_5",
        "yes",
    )
    assert set(surveys.FILE_COLUMNS) == set(rows["AZE-IS001"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_overview_names_experience_beside_perception_in_fifteen_words(lang: str) -> None:
    tile = next(it for it in build_kpis(open_context(lang), "signed") if it["id"] == "corruption")
    [lane] = tile["lanes"]
    assert len(f"{lane['label']} {lane['text']}".replace("\u00a0", "").split()) <= 15
    assert [share for share in ("51", "31", "26") if share not in lane["text"]] == []
    if lang == "en":
        assert (tile["text"].startswith("Perception"), lane["label"].startswith("Experience")) == (True, True)
