"""Every reference vector of progress is reproduced, within its tolerance, by the call that pages use."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.analysis.measures.progress.answers import CLIPPED
from dashboard.analysis.measures.progress.constants import METHODS
from dashboard.analysis.measures.progress.declared import build_declarations
from dashboard.analysis.measures.progress.methods.cagr import (
    classify_by_eurostat,
    classify_by_statcan,
    compute_limit_factor,
)
from dashboard.analysis.measures.progress.methods.escap import classify_gap, measure_anticipated_gap
from dashboard.analysis.measures.progress.methods.sdsn import choose_arrow
from dashboard.analysis.measures.progress.methods.unsd import classify_in_three_levels
from dashboard.analysis.measures.progress.panel import RULES, assess_progress
from tests.checks import all_of

VECTORS: dict[str, dict[str, Any]] = {
    vector["id"]: vector
    for vector in json.loads((Path(__file__).parent / "vectors_progress.json").read_text(encoding="utf-8"))
}
USED: set[str] = set()


def of(prefix: str) -> list[Any]:
    """The vectors whose id starts so, as parameters."""
    found = [one for one in VECTORS if one.startswith(prefix)]
    USED.update(found)
    return [pytest.param(VECTORS[one], id=one) for one in found]


def asked(points: dict[int, float | str], methods: tuple[str, ...] = METHODS, **declared: Any) -> dict[str, Any]:
    """Method → its answer for one line; text in the place of a value is censored."""
    rows = pl.DataFrame(
        [
            {"indicator": "x", "country": "AAA", "year": year, "value": None if isinstance(value, str) else value}
            | {"status": "censored" if isinstance(value, str) else "normal"}
            for year, value in points.items()
        ],
        schema_overrides={"value": pl.Float64},
    )
    errors = declared.pop("std_error", None)
    if errors:
        rows = rows.with_columns(std_error=pl.Series(errors))
    told = build_declarations([{"indicator": "x", "direction": "higher"} | declared])
    return {row["method"]: row for row in assess_progress(rows, told, methods=methods).iter_rows(named=True)}


def ends(inputs: dict[str, Any]) -> dict[int, float | str]:
    return {inputs["year_base"]: inputs["v_base"], inputs["year_latest"]: inputs["v_latest"]}


def value_of(expression: pl.Expr, **columns: Any) -> Any:
    """An expression over one row."""
    return pl.DataFrame({name: [value] for name, value in columns.items()}).select(expression.alias("x")).item()


FLOAT = pl.lit(None, pl.Float64)


@pytest.mark.parametrize("vector", of("progress.unsd5."))
def test_five_levels(vector: dict[str, Any]) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    found = asked(ends(inputs), ("unsd_2026",), direction=inputs["better"], target=inputs["target"])["unsd_2026"]
    names = {"on track": "on_track", "insufficient data": None}
    assert found["status"] == names.get(expected["status"], expected["status"])
    assert (found["status"] is None) == (found["reason"] is not None)
    near = {"score": "score", "cagr": "observed", "projected_2030": "projection", "ratio": "ratio"}
    for key, column in near.items():
        if key in expected:
            assert found[column] == pytest.approx(expected[key], abs=vector["tolerance"])


@pytest.mark.parametrize("vector", of("progress.unsd3."))
def test_three_levels(vector: dict[str, Any]) -> None:
    inputs = vector["inputs"]
    sign = -1 if inputs.get("better") == "lower" else 1
    ratio, growth = pl.lit(inputs.get("ratio"), pl.Float64), pl.lit(inputs.get("cagr"), pl.Float64) * sign
    assert value_of(classify_in_three_levels(ratio, growth, RULES), x=0) == vector["expected"]["status"]


EUROSTAT = {
    "significant": "significant_progress", "moderate": "moderate_progress", "insufficient": "insufficient_progress",
    "away": "movement_away",
}  # fmt: skip


@pytest.mark.parametrize("vector", of("progress.cagr_ratio."))
def test_growth_against_the_growth_needed(vector: dict[str, Any]) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    found = asked(ends(inputs), ("eurostat", "statcan"), direction=inputs["better"], target=inputs["target"])
    assert found["eurostat"]["status"] == EUROSTAT[expected["eurostat_class"]]
    assert found["eurostat"]["ratio"] == pytest.approx(expected["ratio"], abs=vector["tolerance"])
    assert found["statcan"]["score"] == pytest.approx(expected["statcan_score"], abs=vector["tolerance"])


@pytest.mark.parametrize("vector", of("progress.cagr_no_target."))
def test_growth_without_a_target(vector: dict[str, Any]) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    wanted = pl.lit(inputs["cagr"] * (-1 if inputs["better"] == "lower" else 1))
    assert value_of(classify_by_eurostat(FLOAT, wanted, RULES), x=0) == expected["eurostat_class"]
    assert value_of(classify_by_statcan(FLOAT, wanted, RULES), x=0) == expected["statcan_class"]


@pytest.mark.parametrize("vector", of("progress.statcan.limit_factor"))
def test_the_factor_near_a_natural_limit(vector: dict[str, Any]) -> None:
    frame = pl.DataFrame({"base": [float(one) for one in vector["inputs"]["base_values"]]})
    found = frame.select(
        compute_limit_factor(pl.col("base"), pl.lit(float(vector["inputs"]["limit"])), RULES)
    ).to_series()
    assert found.to_list() == pytest.approx(vector["expected"]["factors"], abs=vector["tolerance"])


@pytest.mark.parametrize("vector", of("progress.escap.cs."))
def test_the_current_status_index(vector: dict[str, Any]) -> None:
    inputs = vector["inputs"]
    declared = (
        {"direction": inputs["better"], "target": inputs["target"]}
        if "better" in inputs
        else {"direction": "centre", "centre": inputs["target"]}
    )
    found = asked({2015: inputs["i_base"], 2023: inputs["i_latest"]}, ("escap",), **declared)["escap"]
    assert found["score"] == pytest.approx(vector["expected"]["index"], abs=vector["tolerance"])


@pytest.mark.parametrize("vector", of("progress.escap.api."))
def test_the_anticipated_gap(vector: dict[str, Any]) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    base, projected, target = (float(inputs[name]) for name in ("i_2015", "i_2030_projected", "target"))
    sign = -1.0 if inputs["better"] == "lower" else 1.0
    gap = measure_anticipated_gap(pl.lit(base), pl.lit(projected), pl.lit(target), pl.lit(sign))
    assert value_of(gap, x=0) == pytest.approx(expected["gap"], abs=vector["tolerance"])
    assert value_of(classify_gap(gap, RULES), x=0) == expected["class_with_unverified_cuts"]


@pytest.mark.parametrize("vector", of("progress.escap.projection"))
def test_recent_years_weigh_more(vector: dict[str, Any]) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    points = dict(zip(inputs["years"], inputs["values"], strict=True))
    found = asked(points, ("escap",), target=100.0)["escap"]
    assert found["observed"] == pytest.approx(expected["slope"], abs=vector["tolerance"])
    assert found["projection"] == pytest.approx(expected["projected"], abs=vector["tolerance"])


@pytest.mark.parametrize("vector", of("progress.sdsn.norm."))
def test_scores_and_colours(vector: dict[str, Any]) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    bounds = {f"sdsn_{name}": inputs[name] for name in ("optimum", "green", "red")}
    direction = "higher" if inputs["optimum"] > inputs["lower_bound"] else "lower"
    declared = {"direction": direction, "sdsn_lower": inputs["lower_bound"], **bounds}

    def of_value(value: float) -> dict[str, Any]:
        return asked({2023: value}, ("sdsn",), **declared)["sdsn"]

    found = of_value(inputs["value"])
    green, red = of_value(inputs["green"])["score"], of_value(inputs["red"])["score"]
    assert found["score"] == pytest.approx(expected["score"], abs=vector["tolerance"])
    assert green == pytest.approx(expected["score_green"], abs=vector["tolerance"])
    assert red == pytest.approx(expected["score_red"], abs=vector["tolerance"])
    assert found["status"] == expected["colour"]


@pytest.mark.parametrize("vector", of("progress.sdsn.arrow."))
def test_arrows(vector: dict[str, Any]) -> None:
    inputs = vector["inputs"]
    first, last, green = (float(inputs[name]) for name in ("score_base", "score_latest", "score_green"))
    span = float(inputs["year_latest"] - inputs["year_base"])
    found = value_of(choose_arrow(pl.lit(first), pl.lit(last), pl.lit(green), pl.lit(span), RULES), x=0)
    assert found == vector["expected"]["trend"].replace(" ", "_")


@pytest.mark.parametrize("vector", of("progress.oecd."))
def test_distances(vector: dict[str, Any]) -> None:
    inputs = vector["inputs"]
    declared = {"direction": inputs["better"], "target": inputs["target"], "spread": inputs["sd_peers"]}
    found = asked({2023: float(inputs["value"])}, ("oecd",), **declared)["oecd"]
    assert found["score"] == pytest.approx(vector["expected"]["distance"], abs=vector["tolerance"])


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (76.0, "small_distance"),
        (75.9, "medium_distance"),
        (68.0, "medium_distance"),
        (67.9, "large_distance"),
    ],
)
def test_an_edge_belongs_to_the_nearer_band(value: float, band: str) -> None:
    found = asked({2023: value}, ("oecd",), direction="higher", target=80.0, spread=8.0)["oecd"]
    assert found["status"] == band


def test_a_break_in_the_base_year_parts_nothing_and_one_in_the_latest_does() -> None:
    points = {2015: 40.0, 2018: 50.0, 2023: 60.0}
    plain, base, latest = (
        [(row["status"], row["reason"]) for row in asked(points, CHANGE, target=80.0, breaks=breaks).values()]
        for breaks in ([], [2015], [2023])
    )
    assert base == plain
    assert all_of(after != before for after, before in zip(latest, plain, strict=True))


@pytest.mark.parametrize(("latest", "told"), [(48.2, "change_within_error"), (48.3, None)])
@pytest.mark.parametrize("errors", [(3.0, 4.0), (4.0, 3.0)])
def test_a_change_within_the_errors_of_both_ends_is_none(
    latest: float, told: str | None, errors: tuple[float, float]
) -> None:
    """Errors of 3 and 4 make one of 5, and 1.645 times that is 8.225: noise would pass for a change, or hide one."""
    found = asked({2015: 40.0, 2023: latest}, ("unsd_2026",), target=80.0, std_error=list(errors))["unsd_2026"]
    assert found["reason"] == told


@pytest.mark.parametrize("method", ["unsd_2026", "unsd_2023", "eurostat", "statcan"])
def test_the_growth_required_leads_from_the_base_to_the_target(method: Any) -> None:
    """A reader is told at which yearly growth the target would be reached; another number would miss it."""
    found = asked({2015: 40.0, 2023: 44.0}, (method,), target=80.0)[method]
    assert 40.0 * (1 + found["required"]) ** (2030 - 2015) == pytest.approx(80.0)


@pytest.mark.parametrize("vector", of("progress.weather."))
def test_symbols(vector: dict[str, Any]) -> None:
    inputs = vector["inputs"]
    first = inputs["latest_year"] - len(inputs["last_six"]) + 1
    points = {first + at: float(value) for at, value in enumerate(inputs["last_six"])}
    found = asked(points, ("weather",), direction=inputs["better"], target=inputs["target"])["weather"]
    assert found["status"] == vector["expected"]["symbol"].replace("+", "_")


@pytest.mark.parametrize("vector", of("progress.side_by_side."))
def test_one_line_by_all_methods(vector: dict[str, Any]) -> None:
    inputs, expected, tolerance = vector["inputs"], vector["expected"], vector["tolerance"]
    bounds = {f"sdsn_{name}": value for name, value in inputs["sdsn_illustrative_bounds"].items()}
    declared = {"direction": inputs["better"], "target": inputs["target_2030"], "spread": inputs["oecd_sd"], **bounds}
    found = asked({2015: inputs["v_2015"], 2023: inputs["v_2023"]}, **declared)
    words = {
        "unsd5": found["unsd_2026"]["status"].replace("_", " "),
        "unsd3": found["unsd_2023"]["status"],
        "eurostat": found["eurostat"]["status"].removesuffix("_progress"),
        "sdsn_colour": found["sdsn"]["status"],
        "sdsn_arrow": found["sdsn"]["trend"].replace("_", " "),
    }
    assert words == {name: expected[name] for name in words}
    numbers = {
        "unsd_ratio": found["unsd_2026"]["ratio"],
        "cagr_ratio": found["eurostat"]["ratio"],
        "statcan_score": found["statcan"]["score"],
        "escap_status": found["escap"]["score"],
        "linear_2030": found["escap"]["projection"],
        "escap_gap": found["escap"]["gap"],
        "oecd_distance": found["oecd"]["score"],
    }
    assert numbers == {name: pytest.approx(expected[name], abs=tolerance) for name in numbers}
    scores = [found["sdsn"]["base_score"], found["sdsn"]["score"]]
    assert scores == pytest.approx(expected["sdsn_scores"], abs=tolerance)


GROWTH = ("unsd_2026", "unsd_2023", "eurostat", "statcan")
BEYOND_UNSD = ("eurostat", "statcan", "escap", "oecd", "weather")
CHANGE = ("unsd_2026", "unsd_2023", "eurostat", "statcan", "escap", "weather")
REFUSED: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "1": (CHANGE, {}),
    "2": (METHODS, {}),
    "3": (GROWTH, {}),
    "4": (GROWTH, {}),
    "5": (GROWTH, {}),
    "6": (("unsd_2026", "unsd_2023", "eurostat", "statcan", "sdsn", "weather"), {"direction": "centre", "centre": 100}),
    "7": (("unsd_2026", "unsd_2023", "eurostat", "statcan", "sdsn", "weather"), {"direction": "centre", "centre": 1}),
    "8": (CHANGE, {"direction": "lower"}),
    "9": (CHANGE, {"breaks": [2019]}),
    "10": (METHODS, {"direction": None}),
    "11": (CHANGE, {}),
    "12": (("unsd_2026", "unsd_2023", "eurostat"), {"low": 0, "high": 100}),
    "13": (("eurostat", "statcan", "escap"), {}),
    "14": (BEYOND_UNSD, {"spread": 8}),
}


@pytest.mark.parametrize("vector", of("progress.refuse."))
def test_refusals(vector: dict[str, Any]) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    methods, declared = REFUSED[vector["id"].rpartition(".")[2]]
    declared = {"target": inputs.get("target"), "std_error": inputs.get("se"), **declared}
    for row in asked(dict(inputs["points"]), methods, **declared).values():
        status = expected["status"].replace(" ", "_") if expected["status"] else None
        if row["method"] == "unsd_2023_basque":  # names its states
            status = "no_assessment"
        assert (row["status"], row["reason"]) == (status, expected["reason"]), row["method"]


@pytest.mark.parametrize("vector", of("progress.base_rule"))
def test_the_base_is_of_2015_or_the_first_later_year(vector: dict[str, Any]) -> None:
    expected = vector["expected"]
    for found in asked(dict(vector["inputs"]["points"]), target=80.0).values():
        assert [found["base_year"], found["base_value"]] == expected["base"]
        assert [found["latest_year"], found["latest_value"]] == expected["latest"]


@pytest.mark.parametrize("vector", of("progress.bounded_projection"))
def test_a_projection_beyond_the_scale_is_drawn_at_its_end_and_judged_raw(vector: dict[str, Any]) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    low, high = inputs["limits"]
    found = asked(ends(inputs), ("unsd_2026",), target=inputs["target"], low=low, high=high)["unsd_2026"]
    assert found["projection"] == pytest.approx(expected["projected_unclipped"], abs=vector["tolerance"])
    assert found["ratio"] == pytest.approx(expected["ratio_unclipped"], abs=vector["tolerance"])
    assert found["projection_drawn"] == expected["projected_displayed"]
    assert found["flag"] == expected["flag"] == CLIPPED


@pytest.mark.parametrize("vector", of("progress.distance_to_value"))
def test_a_centre_is_approached_from_both_sides(vector: dict[str, Any]) -> None:
    inputs, expected = vector["inputs"], vector["expected"]
    points = dict(inputs["series"])
    found = asked(points, ("escap",), direction="centre", centre=inputs["centre"])["escap"]
    assert found["score"] == pytest.approx(expected["escap_parity_index"], abs=vector["tolerance"])
    assert (found["score"] > 0) is expected["improved"]
    assert found["status"] != "reverse"
    away = [
        asked({year: value}, ("oecd",), direction="centre", centre=inputs["centre"], spread=1.0)["oecd"]["score"]
        for year, value in points.items()
    ]
    assert away == expected["distance"]


def test_no_vector_is_left_out() -> None:
    assert set(VECTORS) == USED
