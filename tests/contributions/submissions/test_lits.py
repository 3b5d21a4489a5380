"""Life in Transition Survey: a hand-made file in its layout, estimates by hand, and what is refused."""

import hashlib
import math
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import svy_io
from typer.testing import CliRunner

from dashboard.analysis.measures.surveys.linearised import estimate_shares
from dashboard.analysis.measures.surveys.survey import Design
from dashboard.answers.base.context import open_context
from dashboard.answers.surveys import figures as surveys
from dashboard.answers.surveys.estimated import load_estimated_series
from dashboard.contributions.submissions.microdata import files
from dashboard.contributions.submissions.microdata.lits import Question, RoundResults, estimate_round, list_questions
from dashboard.contributions.submissions.microdata.model import THRESHOLD
from dashboard.contributions.submissions.model import UploadRefused
from dashboard.locales import LANGUAGES
from dashboard.operations.cli import app
from dashboard.settings import settings
from tests.answers.shape import faults

YES = {"1": "YES", "2": "NO", "-97": "Don't know", "-99": "Refusal"}
SATISFIED = {
    "1": "VERY DISSATISFIED", "2": "DISSATISFIED", "3": "NEITHER SATISFIED NOR DISSATISFIED", "4": "SATISFIED",
    "5": "VERY SATISFIED", "-97": "Don't know",
}  # fmt: skip
LABELS = {
    "q_used": "Used: request official documents from authorities",
    "q_paid": "Unofficial payment: request official documents",
    "q_sat": "Satisfaction: request official documents",
    "q_road": "Unofficial payment: road police",
}
COLUMNS: dict[Question, str] = {"used": "q_used", "satisfied": "q_sat", "paid": "q_paid"}
PEOPLE = 10
"""Of each sampling unit."""


def answers(countries: dict[str, int]) -> pl.DataFrame:
    """Rows of the third round: country by name, units numbered anew in each country, weights that differ."""
    rows: list[dict[str, Any]] = [
        {
            "country": country,
            "PSU_number": float(unit),
            "weight_population": 100.0 + 50 * (unit % 3),
            "q_used": 1.0 if person < 8 else 2.0,
            "q_paid": -97.0 if person == 7 else 1.0 if person <= unit % 3 else 2.0,
            "q_sat": (5.0, 4.0, 4.0, 3.0, 2.0, 1.0, 4.0, -97.0, 5.0, 5.0)[(person + unit) % 10],
            "q_road": 1.0,
        }
        for country, units in countries.items()
        for unit in range(1, units + 1)
        for person in range(PEOPLE)
    ]
    return pl.DataFrame(rows)


def stata(rows: pl.DataFrame, place: Path, labels: dict[str, str] | None = None) -> Path:
    path = place / "lits_iii.dta"
    coded = [{"col": name, "labels": SATISFIED if name == "q_sat" else YES} for name in LABELS if name in rows.columns]
    shown = {name: label for name, label in (LABELS if labels is None else labels).items() if name in rows.columns}
    svy_io.write_dta(rows, path, var_labels=shown, value_labels=coded)
    return path


def estimate(
    path: Path, survey_round: str = "lits_iii", columns: dict[Question, str] = COLUMNS, **more: Any
) -> RoundResults:
    return estimate_round(files.read([path.read_bytes()], path.name), survey_round, columns, **more)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return stata(answers({"Kyrgyz Rep.": 12, "Uzbekistan": 9, "Germany": 9, "Ukraine": 4}), tmp_path)


def test_shares_and_intervals_are_those_of_weights_and_sampling_units(path: Path) -> None:
    made = estimate(path)
    found = {(result.country, result.topic): result for result in made.results}
    assert set(found) == {(c, topic) for c in ("KGZ", "UZB") for topic in ("bribe_documents", "satisfaction")}
    # Of seven valid answers in a unit 1, 2 or 3 say that they paid; weights 100, 150, 200 follow the same order.
    paid = found["KGZ", "bribe_documents"]
    by_hand = [(100 + 50 * (unit % 3), unit % 3 + 1) for unit in range(1, 13)]
    weight = sum(7 * w for w, _ in by_hand)
    share = sum(w * yes for w, yes in by_hand) / weight
    error = math.sqrt(12 / 11 * sum((w * (yes - 7 * share) / weight) ** 2 for w, yes in by_hand))
    margin = 1.795884819 * error / (share * (1 - share))  # t of 11 degrees of freedom, 90 %
    bounds = [1 / (1 + math.exp(-(math.log(share / (1 - share)) + sign * margin))) for sign in (-1, 1)]
    assert (paid.value, paid.lower, paid.upper) == tuple(f"{100 * one:.1f}" for one in (share, *bounds))
    assert (paid.n, paid.year, paid.question) == (12 * 7, 2016, LABELS["q_paid"])
    assert LABELS["q_used"] in paid.population
    assert [one for one in made.too_few if one[0] != "UKR"] == []
    assert made.too_few == (("UKR", "paid", 28), ("UKR", "satisfied", made.too_few[1][2]))
    assert made.too_few[1][2] < THRESHOLD


def test_satisfied_are_the_upper_two_of_five_levels_among_users(path: Path) -> None:
    rows = answers({"Uzbekistan": 9}).filter((pl.col("q_used") == 1) & (pl.col("q_sat") > 0))
    weight = rows["weight_population"]
    share = 100 * (weight * (rows["q_sat"] >= 4)).sum() / weight.sum()
    [found] = [one for one in estimate(path).results if (one.country, one.topic) == ("UZB", "satisfaction")]
    assert (found.value, found.n) == (f"{share:.1f}", rows.height)


def test_the_error_is_that_of_clusters_not_of_single_people(path: Path) -> None:
    rows = answers({"Kyrgyz Rep.": 12}).filter(pl.col("q_used") == 1)
    paid = pl.when(pl.col("q_paid") > 0).then(pl.col("q_paid") == 1)
    single = estimate_shares(rows.lazy(), {"paid": paid}, {"paid": ["paid"]}, Design("weight_population"))[None]["paid"]
    assert single is not None
    [found] = [one for one in estimate(path).results if (one.country, one.topic) == ("KGZ", "bribe_documents")]
    plain = [100 * bound for bound in single.estimate_interval(level=0.9)]
    assert abs((float(found.upper) - float(found.lower)) / (plain[1] - plain[0]) - 1) > 0.1


@pytest.mark.parametrize(("users", "shown"), [(THRESHOLD, 1), (THRESHOLD - 1, 0)])
def test_a_share_of_fewer_than_thirty_answers_is_left_out(tmp_path: Path, users: int, shown: int) -> None:
    rows = answers({"Uzbekistan": 9}).filter(pl.col("q_paid") > 0)
    rows = rows.with_columns(q_used=pl.when(pl.int_range(pl.len()) < users).then(1.0).otherwise(2.0))
    made = estimate(stata(rows, tmp_path), columns={"used": "q_used", "paid": "q_paid"})
    assert (len(made.results), len(made.too_few)) == (shown, 1 - shown)


def test_a_hole_in_the_sample_is_told_with_the_country_it_is_in(path: Path) -> None:
    cautions = {one.country: "Fergana" in one.compare for one in estimate(path).results}
    assert cautions == {"KGZ": False, "UZB": True}


def test_a_round_without_sampling_units_has_shares_and_no_intervals(path: Path, tmp_path: Path) -> None:
    codes = {"Kyrgyz Rep.": 17.0, "Uzbekistan": 36.0}
    rows = answers({"Kyrgyz Rep.": 12, "Uzbekistan": 9}).rename({"weight_population": "weight_pop"})
    rows = rows.with_columns(pl.col("country").replace_strict(codes, return_dtype=pl.Float64))
    coded = [{"col": name, "labels": SATISFIED if name == "q_sat" else YES} for name in LABELS]
    coded.append({"col": "country", "labels": {"17": "Kyrgyz Republic", "36": "Uzbekistan"}})
    fourth = tmp_path / "lits_iv.dta"
    svy_io.write_dta(rows, fourth, var_labels=LABELS, value_labels=coded)
    third = {(one.country, one.topic): one for one in estimate(path).results}
    without = {(one.country, one.topic): one for one in estimate(fourth, "lits_iv").results}
    units = {(one.country, one.topic): one for one in estimate(fourth, "lits_iv", psu="PSU_number").results}
    assert without.keys() == third.keys() == units.keys()
    assert {key: (one.value, one.lower) for key, one in without.items()} == {
        key: (one.value, "") for key, one in third.items()
    }
    assert {key: (one.lower, one.upper) for key, one in units.items()} == {
        key: (one.lower, one.upper) for key, one in third.items()
    }
    assert {one.year for one in units.values()} == {2023}


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"used": "q_used", "paid": "q_road"}, "question"),  # labelled as another question
        ({"used": "q_used", "paid": "q_none"}, "columns"),
        ({"paid": "q_paid"}, "columns"),  # whose share would it be?
        ({"used": "q_used", "paid": "q_sat"}, "labels"),  # satisfaction is no yes or no
        ({"used": "q_used", "satisfied": "q_paid"}, "labels"),
    ],
)
def test_a_column_that_is_not_the_question_is_refused(path: Path, columns: dict[Question, str], code: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        estimate(path, columns=columns)
    assert refused.value.code == code


def test_a_file_without_weights_units_or_known_countries_is_refused(tmp_path: Path) -> None:
    rows = answers({"Uzbekistan": 9})
    weight = pl.col("weight_population")
    bad = {
        "design": rows.with_columns(weight_population=pl.when(pl.col("PSU_number") > 1).then(weight)),
        "countries": rows.with_columns(country=pl.lit("Germany")),
        "columns": rows.drop("PSU_number"),
        "labels": rows.with_columns(q_paid=pl.lit(3.0)),  # a code that the file does not explain
    }  # fmt: skip
    for code, table in bad.items():
        with pytest.raises(UploadRefused) as refused:
            estimate(stata(table, tmp_path))
        assert refused.value.code == code


def test_only_columns_on_documents_are_listed(path: Path) -> None:
    listed = [column.name for column in list_questions(files.read([path.read_bytes()], path.name))]
    assert listed == ["q_used", "q_paid", "q_sat"]


@pytest.mark.usefixtures("embedded")
def test_the_source_is_off_until_the_terms_are_accepted_and_off_again_without_its_file(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "surveys"
    monkeypatch.setattr(type(settings()), "surveys_dir", folder)
    run = ["survey", "lits", str(path), "--round", "lits_iii", "--used", "q_used", "--paid", "q_paid"]
    quoted = [lane["id"] for lane in surveys.view_surveys(open_context(), "KGZ")]

    assert CliRunner().invoke(app, run).exit_code == 0
    assert not folder.exists()

    assert CliRunner().invoke(app, [*run, "--accept-terms"]).exit_code == 0
    [result] = load_estimated_series(folder, "KGZ")
    assert hashlib.sha256(path.read_bytes()).hexdigest() in result.licence
    for lang in LANGUAGES:
        lanes = surveys.view_surveys(open_context(lang), "KGZ")
        assert faults(lanes, list[surveys.ReportedLane]) == []
        *before, lane = lanes
        assert [one["id"] for one in before] == quoted
        assert (lane["id"], len(lane["first"]), lane["rest"]) == ("kgz_lits_iii_bribe_documents", 1, [])
        assert "L" not in lane["spark"]["path"]
        assert "±" not in lane["first"][0]["opened"], "a margin as of a simple random sample"
    assert "kgz_lits_iii_bribe_documents" not in {row["series"] for row in surveys.file_rows(open_context())}

    (folder / "lits_iii.json").unlink()
    assert [lane["id"] for lane in surveys.view_surveys(open_context(), "KGZ")] == quoted
