"""Progress in words: named methods, arithmetic one can follow, refusals that say why, on real figures."""

import json
import re
from collections import Counter
from typing import Any, get_type_hints

import pytest

from dashboard.analysis.measures.progress.answers import Caution, Reason
from dashboard.analysis.measures.progress.methods.sdsn import TRENDS
from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.mapping.links import list_links
from dashboard.answers.mapping.query import ask as ask_mapping
from dashboard.answers.progress import statuses
from dashboard.answers.progress.assessment import DEFAULT_METHOD, METHODS, assess_lines
from dashboard.answers.progress.progress import (
    assess_country,
    assess_indicator,
    assess_programme,
    build_matrix,
    compare_methods,
)
from dashboard.answers.progress.statuses import TONES, choose_tone, count_statuses, define_status, name_status
from dashboard.answers.progress.views import ProgressVerdict
from dashboard.locales import LANGUAGES, has, t
from tests.answers.shape import faults, texts
from tests.answers.test_service_answers import UNFILLED
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

KEY = re.compile(r"\bprogress\.[a-z]+\.")
"""A key of the catalogue that reached the reader."""

QUESTIONS: list[tuple[Any, tuple[object, ...]]] = [
    (assess_indicator, ("internet_users",)),
    (assess_indicator, ("internet_users", ("AZE", "GEO"), "sdsn")),
    (assess_indicator, ("wgi_cc", ("AZE",))),
    (assess_indicator, ("sat_overall_gov",)),
    (assess_country, ("AZE", "statcan")),
    (assess_country, ("ATA",)),
    (compare_methods, ("basic_water", "UGA")),
    (assess_programme, ("unsd_2023_basque", "operating")),
    (assess_programme, ("weather",)),
    (build_matrix, ()),
    (build_matrix, ("oecd", ("AZE", "ETH"))),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("question", "arguments"), QUESTIONS)
def test_answers_have_the_promised_shape(question: Any, arguments: tuple[object, ...], lang: str) -> None:
    answer = question(open_context(lang), *arguments)
    assert faults(answer, get_type_hints(question)["return"]) == []
    json.dumps(answer, allow_nan=False)
    assert [text for text in texts(answer) if UNFILLED.search(text[1]) or KEY.search(text[1])] == []


def test_the_custodians_newest_method_is_the_default() -> None:
    assert METHODS[0] == DEFAULT_METHOD == "unsd_2026"


def test_every_status_trend_reason_and_warning_has_words() -> None:
    assert {row["status"] for row in assess_lines(open_context()) if row["status"]} <= set(TONES)
    for status in TONES:
        assert has(f"progress.status.{status}.name")
        assert has(f"progress.status.{status}.definition")
    assert all_of(has(f"progress.trend.{one}.definition") for one in TRENDS)
    assert all_of(has(f"progress.reason.{one}") for one in Reason.__args__)
    assert all_of(has(f"progress.warning.{one}") for one in Caution.__args__)
    assert all_of(has(f"progress.method.{one}.{part}") for one in METHODS for part in ("name", "asks"))


def test_the_arithmetic_of_a_verdict_can_be_followed_from_its_figures() -> None:
    (verdict,) = assess_indicator(open_context(), "internet_users", ("AZE",))["verdicts"]
    assert verdict["base"]["year"] == 2015
    assert verdict["base"]["text"] in verdict["why"][0]
    assert verdict["latest"]["text"] in verdict["why"][1]
    assert verdict["why"][-1] == f"{verdict['method_name']}: {verdict['status_text']}."
    (row,) = assess_lines(open_context(), metrics=["internet_users"], countries=["AZE"], methods=["unsd_2026"])
    years = row["latest_year"] - row["base_year"]
    assert row["observed"] == pytest.approx((row["latest_value"] / row["base_value"]) ** (1 / years) - 1)


ROW: dict[str, Any] = {
    "country": "ATA", "method": "unsd_2026", "edition": "2026", "status": None, "reason": "no_target", "trend": None,
    "score": None, "base_year": 2015, "base_value": 40.0, "base_error": None, "latest_year": 2023, "latest_value": 52.0,
    "latest_error": None, "points": 5, "target": None, "observed": None, "required": None, "rate_unit": None,
    "projection": None, "projection_drawn": None, "flag": None, "ratio": None, "gap": None, "factor": None,
    "spread": None, "warnings": [],
}  # fmt: skip
"""Five figures of a country of which the dataset knows nothing, so that all that is said is said of this row."""

RATES = {"observed": 0.021, "required": 0.0348, "rate_unit": "growth"}


def _said(metric: str, **changes: Any) -> ProgressVerdict:
    view = statuses.build_verdict(
        open_context(), open_context().book.metrics[metric], {**ROW, "indicator": metric, **changes}
    )
    return {**view, "why": [step.replace("\xa0", " ") for step in view["why"]]}


@pytest.mark.parametrize(
    ("metric", "changes", "steps"),
    [
        ("internet_users", {"points": 1, "base_value": None}, ["1 figure since 2015."]),
        ("internet_users", {"method": "sdsn", "target": 80.0}, ["Green from 80.0 % on."]),
        ("internet_users", {"target": 80.0}, ["Target for 2030, set by the country: 80.0 %."]),
        ("basic_water", {"target": 100.0}, ["Target for 2030: 100.0 %."]),
        ("basic_water", {"target": 99.0}, ["Target for 2030, set by the country: 99.0 %."]),
        ("budget_reliability", {"target": 100.0}, ["Target for 2030: 100.0 %."]),
        ("internet_users", RATES, ["Growth a year: +2.10 %.",
                                   "Growth a year that leads from the first figure to the target: +3.48 %."]),
        ("internet_users", RATES | {"rate_unit": "units", "required": -1.5},
         ["Change a year: +0.02 percentage points.", "Change a year that the target needs: −1.50 percentage points."]),
        ("internet_users", RATES | {"rate_unit": "score", "observed": 1.527, "required": None},
         ["Score points a year: +1.53."]),
        ("internet_users", {"projection": 104.25, "projection_drawn": 100.0, "flag": "projection_clipped_at_limit"},
         ["Projection for 2030: 100.0 %.", "Projection capped (104.3 %)"]),
        ("budget_reliability", {"projection": 3.0, "projection_drawn": 3.0},
         ["Projected distance to the best value in 2030: 3.0 %."]),
        ("internet_users", {"ratio": 0.25},
         ["Of the way from the first figure to the target, 25 % would be done by 2030."]),
        ("internet_users", {"method": "eurostat", "ratio": 0.25}, ["Growth is 0.25 times the growth needed."]),
        ("internet_users", {"method": "escap", "gap": 20.0}, ["Of the way, 20 % would be missing in 2030."]),
        ("internet_users", {"method": "weather", "gap": 0.2}, ["Of the way, 20 % would be missing in 2030."]),
        ("internet_users", {"method": "statcan", "factor": 0.6867},
         ["So near to the end of the scale, the limits of growth are multiplied by 0.69."]),
        ("internet_users", {"method": "oecd", "spread": 21.46},
         ["Standard deviation of all countries: 21.5 percentage points."]),
        ("internet_users", {"score": 3.738}, ["Score: 3.74, on a scale from 0 to 5."]),
        ("internet_users", {"method": "eurostat", "score": 3.738}, []),
    ],
)  # fmt: skip
def test_every_step_of_the_arithmetic_is_said_with_its_number(
    metric: str, changes: dict[str, Any], steps: list[str]
) -> None:
    why, plain = (_said(metric, **it)["why"] for it in (changes, {}))
    assert [step for step in why[:-1] if step not in plain] == steps


@pytest.mark.parametrize(
    ("status", "trend", "reason", "ending"),
    [
        ("green", "on_track", None, ["SDSN, score and colour (2025): green, on track."]),
        ("green", None, "too_few_points",
         ["SDSN, score and colour (2025): green.", "Too few years since 2015."]),
        (None, None, "no_target",
         ["SDSN, score and colour (2025): no status. The method needs a numeric target, and none is set."]),
    ],
)  # fmt: skip
def test_the_arithmetic_ends_in_the_verdict_or_in_why_there_is_none(
    status: str | None, trend: str | None, reason: str | None, ending: list[str]
) -> None:
    view = _said("internet_users", method="sdsn", status=status, trend=trend, reason=reason)
    assert view["why"][-len(ending) :] == ending
    assert bool(view["instead"]) == (status is None)
    assert (view["tone"], bool(view["trend_text"])) == ("met" if status else "none", bool(trend))
    assert bool(view["definition"]) == bool(view["status_text"]) == bool(status)


@pytest.mark.parametrize(
    ("metric", "changes", "said"),
    [
        ("internet_users", {}, "+12.0 percentage points from 2015 to 2023; no margin of error published."),
        ("internet_users", {"base_error": 1.0, "latest_error": 1.0}, "+12.0 percentage points from 2015 to 2023, "
                                                                     "beyond the margin of error."),
        ("internet_users", {"reason": "change_within_error"}, "No detectable change from 2015 to 2023."),
        ("internet_users", {"points": 1}, "Latest figure: 52.0 % (2023)."),
        ("internet_users", {"base_value": None}, "Latest figure: 52.0 % (2023)."),
        ("internet_users", {"latest_value": None}, ""),
        ("internet_users", {"reason": "series_break"}, "Latest figure: 52.0 % (2023)."),
        ("internet_users", {"reason": "censored_value"}, "Latest figure: 52.0 % (2023)."),
        ("internet_users", {"reason": "too_few_points"}, "Latest figure: 52.0 % (2023)."),
    ],
)  # fmt: skip
def test_what_stands_in_the_place_of_a_status(metric: str, changes: dict[str, Any], said: str) -> None:
    """A difference would be claimed between figures that nobody may compare."""
    assert _said(metric, **changes)["instead"].replace("\xa0", " ") == said


def test_statuses_are_counted_the_best_first_with_their_countries_by_name() -> None:
    found = [("regression", "UZB"), ("on_track", "GEO"), (None, "ROU"), ("no_data", "ETH"), ("on_track", "AZE")]
    rows = [{**ROW, "status": status, "country": country} for status, country in found]
    assert [
        (one["status"], one["tone"], one["count"], one["countries"]) for one in count_statuses(open_context(), rows)
    ] == [
        ("on_track", "met", 2, ["AZE", "GEO"]),
        ("regression", "bad", 1, ["UZB"]),
    ]
    assert [choose_tone(row) for row in rows] == ["bad", "met", "none", "none", "met"]


def test_governance_has_no_status_on_either_of_its_scales(ctx: Context) -> None:
    """The overview tests its change against errors; a growth rate of the same estimate would contradict it."""
    for metric in (name for name in ctx.book.metrics if name.startswith("wgi_")):
        verdicts = assess_indicator(ctx, metric, ("AZE", "UGA", "UZB"))["verdicts"]
        assert {verdict["status"] for verdict in verdicts} == {""}, metric
        if metric.endswith("_score"):
            assert {verdict["reason"] for verdict in verdicts} <= {"growth_undefined_rescaled", "change_within_error"}


def test_a_count_never_says_on_track_of_a_target_that_nobody_set(ctx: Context) -> None:
    for row in assess_programme(ctx)["rows"]:
        metric = ctx.book.metrics[row["indicator"]]
        if metric.target_2030 is None and metric.direction != "centre":
            assert not [one["text"] for one in row["counts"] if "target met" in one["text"]], metric.id
    mixed = [{**ROW, "status": "on_track", "target": target, "country": "AZE"} for target in (None, 100.0)]
    assert [(one["text"], one["count"]) for one in count_statuses(ctx, mixed)] == [
        (name_status(ctx, "on_track"), 1), (name_status(ctx, "on_track", None), 1),
    ]  # fmt: skip
    words = name_status(ctx, "on_track", None)
    assert define_status(ctx, "on_track", words) == t("progress.status.no_target.definition", "en")
    pinned = list_links(ask_mapping(ctx, {"country": "UZB"})[0])
    told = {it.metric: it.status for it in pinned if it.metric in ("fixed_broadband", "basic_water")}
    assert told == {"fixed_broadband": words, "basic_water": name_status(ctx, "on_track")}


def test_a_scale_with_negative_values_has_the_difference_test_in_the_place_of_a_status() -> None:
    for verdict in assess_indicator(open_context(), "wgi_cc", ("AZE", "GEO", "UGA", "ROU"))["verdicts"]:
        assert verdict["status"] == ""
        assert verdict["reason"] in ("growth_undefined_negative_scale", "growth_undefined_sign_change",
                                     "change_within_error")  # fmt: skip
        assert verdict["instead"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_stands_instead_is_a_sentence_that_does_not_say_the_reason_again(lang: str) -> None:
    for metric in ("wgi_cc", "coverage_2g", "coverage_3g", "ti_cpi"):
        for verdict in assess_indicator(open_context(lang), metric, ("AZE", "GEO", "UGA", "ROU"))["verdicts"]:
            said = verdict["instead"]
            if verdict["status"] or not said:
                continue
            assert said == said[:1].upper() + said[1:]
            assert said.endswith(".")
            assert said.strip(".") not in verdict["reason_text"]
    (verdict,) = assess_indicator(open_context(), "wgi_cc", ("AZE",))["verdicts"]
    assert verdict["reason"] == "change_within_error"
    (verdict,) = assess_indicator(open_context(), "wgi_ge", ("IDN",))["verdicts"]
    assert verdict["instead"].endswith(" to 2024; cannot tell: no margin of error published with the WGI 2025 edition.")


def test_separate_surveys_and_editions_make_no_line(ctx: Context) -> None:
    for metric in ("egdi", "birth_registration"):
        rows = assess_lines(ctx, metrics=[metric], methods=["unsd_2026", "statcan", "weather"])
        assert {row["reason"] for row in rows if row["points"] > 1} <= {
            "series_break", "censored_value", "latest_meets_target",
        }  # fmt: skip
    colours = assess_lines(ctx, metrics=["birth_registration"], methods=["sdsn"])
    assert any(row["status"] for row in colours)
    assert not any(row["trend"] for row in colours)


def test_methods_stand_side_by_side_under_their_names_with_targets_in_their_unit() -> None:
    found = compare_methods(open_context(), "basic_water", "UGA")["verdicts"]
    assert [one["method"] for one in found] == list(METHODS)
    assert len({one["method_name"] for one in found}) == len(METHODS)
    assert all_of(one["method_name"] in " ".join(one["why"]) for one in found)
    assert {one["target_text"] for one in found if one["target"] is not None} == {"100.0\u00a0%"}
    assert {one["target_text"] for one in found if one["target"] is None} <= {""}


def test_a_range_needs_four_figures_of_one_line_and_holds_the_middle() -> None:
    found = assess_indicator(open_context(), "internet_users", ("AZE", "GEO"))
    assert found["ranges"]
    for one in found["ranges"]:
        assert 0 <= one["low"] <= one["middle"] <= one["high"] <= 100
        assert one["text"] == (
            f"{one['country']}: between {one['low']:.1f} and {one['high']:.1f}\u00a0% in 2030 (90\u00a0%)."
        )
    assert assess_indicator(open_context(), "egdi", ("AZE",))["ranges"] == []
    assert assess_indicator(open_context(), "sat_overall_gov")["ranges"] == []


def test_the_programme_counts_adopters_and_never_averages(ctx: Context) -> None:
    members = set(list_adopters(ctx))
    found = assess_programme(ctx)
    for row in found["rows"]:
        counted = [iso3 for one in row["counts"] for iso3 in one["countries"]]
        assert len(counted) == len(set(counted)) == sum(one["count"] for one in row["counts"])
        assert set(counted) <= members
        assert len(counted) + row["refused"] <= row["of"] == len(members)
        assert row["text"] == f"{len(counted)} of {len(members)} adopters have a status."
        lines = assess_lines(ctx, metrics=[row["indicator"]], countries=members, methods=[DEFAULT_METHOD])
        assert row["refused"] == len(lines) - len(counted)
    places = [(not row["counts"], row["name"].casefold()) for row in found["rows"]]
    assert places == sorted(places), "what nobody has a status in comes last"


def test_a_country_has_its_verdicts_by_name_those_without_a_status_last() -> None:
    found = assess_country(open_context(), "AZE")
    places = [(one["tone"] == "none", one["name"].casefold()) for one in found["verdicts"]]
    assert places == sorted(places)
    refused = sum(without for without, _ in places)
    assert 0 < refused < len(places)
    assert found["text"].endswith(
        f": {len(places) - refused} indicators with a status, {refused} without; each says why."
    )


def test_a_cell_counts_the_indicators_of_its_goal(ctx: Context) -> None:
    found = build_matrix(ctx)
    assert len(found["cells"]) == len(found["goals"]) * len(found["countries"])
    rows = {(row["indicator"], row["country"]): row for row in assess_lines(ctx, methods=["unsd_2026"])}
    order = ["met", "good", "middle", "bad"]
    for cell in found["cells"]:
        own = [
            rows[metric.id, cell["iso3"]]
            for metric in ctx.book.metrics.values()
            if (metric.id, cell["iso3"]) in rows
            and any(it.strength == "direct" and it.target.split(".")[0] == str(cell["goal"]) for it in metric.links)
        ]
        tones = Counter(choose_tone(row) for row in own)
        assert (cell["assessed"], cell["refused"]) == (len(own) - tones["none"], tones["none"])
        assert cell["letters"] == " ".join(
            f"{tones[tone]}{sign}" for tone, sign in zip(order, "●↗→↘", strict=True) if tones[tone]
        )
        assert cell["tone"] == next((tone for tone in reversed(order) if tones[tone]), "none"), "the worst there is"
        counts = Counter(
            (row["status"], name_status(ctx, row["status"], row["target"])) for row in own if choose_tone(row) != "none"
        )
        counted = "; ".join(
            f"{words}: {counts[one, words]}"
            for one in TONES
            for words in dict.fromkeys((name_status(ctx, one), name_status(ctx, one, None)))
            if counts[one, words]
        )
        assert (counted or ("no status" if own else "no figure")) in cell["text"]
        assert ("Without a status: " in cell["text"]) == bool(tones["none"])


def test_an_unknown_method_is_refused_with_those_there_are() -> None:
    with pytest.raises(Invalid, match="unsd_2026"):
        assess_country(open_context(), "AZE", "best")


def test_figures_that_may_only_be_shown_as_published_get_no_derived_status_score_or_range(ctx: Context) -> None:
    rows = assess_lines(ctx, metrics=["ti_cpi"])
    assert {row["method"] for row in rows} == set(METHODS)
    assert {row["reason"] for row in rows if row["points"]} == {"licence_unmodified_only"}
    derived = ("score", "base_score", "observed", "required", "projection", "ratio", "gap", "factor", "spread")
    assert not any(row[name] is not None for row in rows for name in derived)
    found = assess_indicator(ctx, "ti_cpi", ("AZE", "GEO"), "sdsn")
    assert found["ranges"] == []
    for verdict in found["verdicts"]:
        assert verdict["tone"] == "none"
        assert verdict["latest"]["text"]
        assert "licence" in verdict["reason_text"]


def test_on_track_without_a_target_claims_no_target(ctx: Context) -> None:
    """A target would be claimed that nobody set; and a regression be called a lack of one."""
    without = name_status(ctx, "on_track", None)
    assert name_status(ctx, "on_track_or_met", None) == without
    others = [name_status(ctx, "on_track", 80.0), name_status(ctx, "regression", None), name_status(ctx, "on_track")]
    assert without not in others
    assert others[0] == others[2]
    assert name_status(ctx, "", None) == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_ratio_is_said_to_be_what_its_method_computes(lang: str) -> None:
    """The custodian's is a share of the way done by 2030; of growths it is by Eurostat and Statistics Canada."""
    from dashboard.answers.method.method import view_method

    (section,) = [one for one in view_method(open_context(lang))["sections"] if one["id"] == "progress_constants"]
    labels = {term["id"]: term["label"] for term in section["terms"]}
    ways = [t("progress.constant.way.ratio_on_track", lang), t("progress.constant.way.ratio_moderate", lang)]
    for one, way in zip(("on_track", "moderate"), ways, strict=True):
        assert labels[f"unsd_2026_ratio_{one}"].endswith(way)
    assert labels["eurostat_ratio_moderate"].endswith(t("progress.constant.name.ratio_moderate", lang))
    assert [label for label in labels.values() if KEY.search(label)] == []
