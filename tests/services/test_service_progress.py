"""Progress in words: named methods, arithmetic one can follow, refusals that say why, on real figures."""

import json
import re
from typing import Any, get_type_hints

import pytest

from dashboard.locales import LANGUAGES, has
from dashboard.measures import progress as measure
from dashboard.measures.progress.answers import Caution, Reason
from dashboard.measures.progress.methods.sdsn import TRENDS
from dashboard.services.adoption.counting import adopters
from dashboard.services.base.context import context
from dashboard.services.base.errors import Invalid
from dashboard.services.progress.assessment import DEFAULT_METHOD, METHODS, assessed
from dashboard.services.progress.progress import (
    country_progress,
    indicator_progress,
    matrix,
    programme_progress,
    side_by_side,
)
from dashboard.services.progress.statuses import TONES, status_text
from tests.services.shape import faults, texts
from tests.services.test_service_answers import UNFILLED

pytestmark = pytest.mark.usefixtures("embedded")

KEY = re.compile(r"\bprogress\.[a-z]+\.")
"""A key of the catalogue that reached the reader."""

QUESTIONS: list[tuple[Any, tuple[object, ...]]] = [
    (indicator_progress, ("internet_users",)),
    (indicator_progress, ("internet_users", ("AZE", "GEO"), "sdsn")),
    (indicator_progress, ("wgi_cc", ("AZE",))),
    (indicator_progress, ("sat_overall_gov",)),
    (country_progress, ("AZE", "statcan")),
    (country_progress, ("ATA",)),
    (side_by_side, ("basic_water", "UGA")),
    (programme_progress, ("unsd_2023_basque", "operating")),
    (programme_progress, ("weather",)),
    (matrix, ()),
    (matrix, ("oecd", ("AZE", "ETH"))),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("question", "arguments"), QUESTIONS)
def test_answers_have_the_promised_shape(question: Any, arguments: tuple[object, ...], lang: str) -> None:
    answer = question(context(lang), *arguments)
    assert faults(answer, get_type_hints(question)["return"]) == []
    json.dumps(answer, allow_nan=False)
    assert [text for text in texts(answer) if UNFILLED.search(text[1]) or KEY.search(text[1])] == []


def test_methods_are_those_of_the_measure_and_the_custodians_newest_is_the_default() -> None:
    assert METHODS == measure.METHODS
    assert METHODS[0] == DEFAULT_METHOD == "unsd_2026"


def test_every_status_trend_reason_and_warning_has_words() -> None:
    statuses = {row["status"] for row in assessed(context()) if row["status"]}
    assert statuses <= set(TONES)
    for status in TONES:
        assert has(f"progress.status.{status}.name")
        assert has(f"progress.status.{status}.definition")
    assert all(has(f"progress.trend.{one}.definition") for one in TRENDS)
    assert all(has(f"progress.reason.{one}") for one in Reason.__args__)
    assert all(has(f"progress.warning.{one}") for one in Caution.__args__)
    assert all(has(f"progress.method.{one}.{part}") for one in METHODS for part in ("name", "asks"))


def test_the_arithmetic_of_a_verdict_can_be_followed_from_its_figures() -> None:
    (verdict,) = indicator_progress(context(), "internet_users", ("AZE",))["verdicts"]
    assert verdict["base"]["year"] == 2015
    assert verdict["base"]["text"] in verdict["why"][0]
    assert verdict["latest"]["text"] in verdict["why"][1]
    assert verdict["why"][-1] == f"{verdict['method_name']}: {verdict['status_text']}."
    (row,) = assessed(context(), metrics=["internet_users"], countries=["AZE"], methods=["unsd_2026"])
    years = row["latest_year"] - row["base_year"]
    assert row["observed"] == pytest.approx((row["latest_value"] / row["base_value"]) ** (1 / years) - 1)


def test_a_scale_with_negative_values_has_the_difference_test_in_the_place_of_a_status() -> None:
    for verdict in indicator_progress(context(), "wgi_cc", ("AZE", "GEO", "UGA", "ROU"))["verdicts"]:
        assert verdict["status"] == ""
        assert verdict["reason"] in ("growth_undefined_negative_scale", "growth_undefined_sign_change",
                                     "change_within_error")  # fmt: skip
        assert verdict["instead"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_stands_instead_is_a_sentence_that_does_not_say_the_reason_again(lang: str) -> None:
    for metric in ("wgi_cc", "coverage_2g", "coverage_3g", "ti_cpi"):
        for verdict in indicator_progress(context(lang), metric, ("AZE", "GEO", "UGA", "ROU"))["verdicts"]:
            said = verdict["instead"]
            if verdict["status"] or not said:
                continue
            assert said == said[:1].upper() + said[1:]
            assert said.endswith(".")
            assert said.strip(".") not in verdict["reason_text"]
    (verdict,) = indicator_progress(context(), "wgi_cc", ("AZE",))["verdicts"]
    assert verdict["reason"] == "growth_undefined_negative_scale"  # the edition of 2025 publishes no errors to test by
    assert verdict["instead"] == "+0.16 from 2015 to 2024; no error is published."


def test_separate_surveys_and_editions_make_no_line() -> None:
    ctx = context()
    for metric in ("egdi", "birth_registration"):
        rows = assessed(ctx, metrics=[metric], methods=["unsd_2026", "statcan", "weather"])
        assert {row["reason"] for row in rows if row["points"] > 1} <= {
            "series_break", "censored_value", "latest_meets_target",
        }  # fmt: skip
    colours = assessed(ctx, metrics=["birth_registration"], methods=["sdsn"])
    assert any(row["status"] for row in colours)
    assert not any(row["trend"] for row in colours)


def test_methods_stand_side_by_side_under_their_names() -> None:
    found = side_by_side(context(), "basic_water", "UGA")["verdicts"]
    assert [one["method"] for one in found] == list(METHODS)
    assert len({one["method_name"] for one in found}) == len(METHODS)
    assert all(one["method_name"] in " ".join(one["why"]) for one in found)


def test_a_range_needs_four_figures_of_one_line_and_holds_the_middle() -> None:
    found = indicator_progress(context(), "internet_users", ("AZE", "GEO"))
    assert found["ranges"]
    for one in found["ranges"]:
        assert 0 <= one["low"] <= one["middle"] <= one["high"] <= 100
    assert indicator_progress(context(), "egdi", ("AZE",))["ranges"] == []
    assert indicator_progress(context(), "sat_overall_gov")["ranges"] == []


def test_the_programme_counts_adopters_and_never_averages() -> None:
    ctx = context()
    members = set(adopters(ctx))
    found = programme_progress(ctx)
    for row in found["rows"]:
        counted = [iso3 for one in row["counts"] for iso3 in one["countries"]]
        assert len(counted) == len(set(counted)) == sum(one["count"] for one in row["counts"])
        assert set(counted) <= members
        assert len(counted) + row["refused"] <= row["of"] == len(members)


def test_a_cell_counts_the_indicators_of_its_goal() -> None:
    ctx = context()
    found = matrix(ctx)
    assert len(found["cells"]) == len(found["goals"]) * len(found["countries"])
    for cell in found["cells"]:
        assert cell["assessed"] == sum(int(part[:-1]) for part in cell["letters"].split())
        assert (cell["tone"] == "none") == (cell["assessed"] == 0)


def test_an_unknown_method_is_refused_with_those_there_are() -> None:
    with pytest.raises(Invalid, match="unsd_2026"):
        country_progress(context(), "AZE", "best")


def test_figures_that_may_only_be_shown_as_published_get_no_derived_status_score_or_range() -> None:
    ctx = context()
    rows = assessed(ctx, metrics=["ti_cpi"])
    assert {row["method"] for row in rows} == set(METHODS)
    assert {row["reason"] for row in rows if row["points"]} == {"licence_unmodified_only"}
    derived = ("score", "base_score", "observed", "required", "projection", "ratio", "gap", "factor", "spread")
    assert not any(row[name] is not None for row in rows for name in derived)
    found = indicator_progress(ctx, "ti_cpi", ("AZE", "GEO"), "sdsn")
    assert found["ranges"] == []
    for verdict in found["verdicts"]:
        assert verdict["tone"] == "none"
        assert verdict["latest"]["text"]
        assert "licence" in verdict["reason_text"]


def test_on_track_without_a_target_claims_no_target() -> None:
    """A target would be claimed that nobody set; and a regression be called a lack of one."""
    ctx = context()
    without = status_text(ctx, "on_track", None)
    assert status_text(ctx, "on_track_or_met", None) == without
    others = [status_text(ctx, "on_track", 80.0), status_text(ctx, "regression", None), status_text(ctx, "on_track")]
    assert without not in others
    assert others[0] == others[2]
    assert status_text(ctx, "", None) == ""
