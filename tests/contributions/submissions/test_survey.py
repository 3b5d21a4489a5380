"""A survey from upload to publication: answers from labels, intervals, nothing told of a few, nothing left."""

import io
import json
import shutil
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import svy_io
from sqlalchemy import Engine, text

from dashboard.accounts import audit
from dashboard.analysis.measures.surveys.satisfaction import AREAS
from dashboard.analysis.measures.surveys.survey import Design
from dashboard.contributions.submissions import intake, publication, store, workflow
from dashboard.contributions.submissions.kinds.survey import find_survey_file
from dashboard.contributions.submissions.microdata import estimates, files, retention, sealed
from dashboard.contributions.submissions.microdata.model import BLOCKS, SurveyColumn, find_replicates, read_factors
from dashboard.contributions.submissions.microdata.recode import NONE, coding
from dashboard.contributions.submissions.model import (
    Finding,
    MoveNotAllowed,
    Submission,
    SubmissionUnknown,
    UploadRefused,
)
from dashboard.contributions.submissions.rules import survey as rules
from dashboard.evidence.database.engine import reading
from dashboard.evidence.dataset.store import Dataset
from dashboard.settings import Settings
from tests.checks import all_of
from tests.contributions.submissions.conftest import YEAR, Desk

VECTORS = Path(__file__).parents[2] / "analysis" / "measures"
SECRET = "Qarabaglinin-cavabi-7741"
GOV = ("accessibility", "affordability", "effective_process", "equal_treatment", "timeliness")
AGREE = {"1": "Strongly agree", "2": "Agree", "3": "Disagree", "4": "Strongly disagree", "98": "Don't know"}
SATISFIED = {"1": "Very satisfied", "2": "Satisfied", "3": "Dissatisfied", "4": "Very dissatisfied", "99": "Refused"}
MAPPING = {
    "weight": "w", "stratum": "st", "psu": "psu", "group.sex": "sex", "group.age": "age", "group.region": "region",
    "group.location": "place", "item.government_services.overall": "q6",
    **{f"item.government_services.{item}": f"q{at}" for at, item in enumerate(GOV, start=1)},
    "method.who": "State Statistical Committee", "method.population": "Adults", "method.period_of_work": "May",
}  # fmt: skip


def answers(n: int = 600, seed: int = 1) -> pl.DataFrame:
    """Answers to government services in four regions, one of them small; a free text that must never be seen again."""
    draw = np.random.default_rng(seed)
    code = {
        f"q{at}": draw.choice([1.0, 2.0, 3.0, 4.0, 98.0 if at < 6 else 99.0], n, p=[0.3, 0.4, 0.15, 0.1, 0.05])
        for at in range(1, 7)
    }
    region = np.where(np.arange(n) < 20, 4.0, draw.choice([1.0, 2.0, 3.0], n))
    return pl.DataFrame({
        "w": draw.uniform(50, 150, n), "st": draw.integers(1, 5, n).astype(float), "sex": draw.choice([1.0, 2.0], n),
        "age": draw.integers(18, 80, n).astype(float), "place": draw.choice([1.0, 2.0], n), "region": region, **code,
        "words": [f"{SECRET}-{at}" for at in range(n)],
    }).with_columns((pl.col("st") * 100 + pl.Series(draw.integers(1, 11, n))).alias("psu"))  # fmt: skip


def sav(rows: pl.DataFrame, place: Path, name: str = "survey.sav") -> bytes:
    labels = [{"col": f"q{at}", "labels": AGREE if at < 6 else SATISFIED} for at in range(1, 7)]
    labels += [{"col": "sex", "labels": {"1": "Kişi", "2": "Qadın"}},
               {"col": "place", "labels": {"1": "حضر", "2": "ريف"}},
               {"col": "region", "labels": {"1": "Baku", "2": "Gəncə", "3": "Şəki", "4": "Ordubad"}}]  # fmt: skip
    missing = [{"col": "q6", "values": [99.0]}]
    svy_io.write_sav(rows, place / name, value_labels=labels, user_missing=missing)
    return (place / name).read_bytes()


def send(desk: Desk, body: bytes, name: str = "survey.sav", mapping: Mapping[str, str] | None = MAPPING) -> Submission:
    intake.may_send(desk.settings, desk.by, "survey", YEAR)
    part = sealed.SealedPart(desk.settings)
    for at in range(0, len(body), 65_536):
        part.write(body[at : at + 65_536])
    made = intake.receive(
        desk.settings, desk.by, part.finish(), filename=name, period=YEAR, lang="en", dataset="survey"
    )
    if mapping is None:
        return intake.check(desk.settings, desk.book, desk.by, made.id)
    intake.map_survey(desk.settings, desk.by, made.id, mapping)
    return intake.check(desk.settings, desk.book, desk.by, made.id)


def test_of_a_survey_that_is_not_taken_no_answer_waits(desk: Desk) -> None:
    part = sealed.SealedPart(desk.settings)
    part.write(b"answers")
    stored = part.finish()
    with pytest.raises(MoveNotAllowed):
        intake.receive(desk.settings, desk.by, stored, filename="a.sav", period="soon", lang="en", dataset="survey")
    assert sealed.names(desk.settings) == []


def found(desk: Desk, number: int) -> list[Finding]:
    return workflow.detail(desk.settings, desk.by, number)[1]


def figures(desk: Desk, number: int) -> pl.DataFrame:
    with reading(store_engine(desk.settings)) as connection:
        kept = store.figures_of(connection, number)
    assert kept is not None
    return kept


def store_engine(settings: Settings) -> Engine:
    from dashboard.evidence.database.engine import open_engine

    return open_engine(settings)


def ground_of(rows: pl.DataFrame, mapping: Mapping[str, str]) -> rules.SurveyGround:
    return rules.ground(files.Survey(rows, {name: SurveyColumn(name) for name in rows.columns}), mapping)


@pytest.mark.usefixtures("read_apart")
def test_a_survey_is_published_with_intervals_and_its_file_is_gone(desk: Desk, tmp_path: Path, record: Engine) -> None:
    rows = answers()
    sent = send(desk, sav(rows, tmp_path))
    assert sent.errors == 0, found(desk, sent.id)
    kept = figures(desk, sent.id)
    total = kept.filter(pl.col("dimensions") == "{}", pl.col("indicator") == "sat_overall_gov").row(0, named=True)
    plain = rows.filter(pl.col("q6") < 90)
    assert total["value"] == round(100 * (plain.filter(pl.col("q6") <= 2)["w"].sum() / plain["w"].sum()), 1)
    assert total["sample"] == plain.height
    assert total["lower"] < total["value"] < total["upper"]
    workflow.make(desk.settings, desk.by, sent.id, "submit")
    with pytest.raises(MoveNotAllowed):
        intake.map_survey(desk.settings, desk.by, sent.id, MAPPING)
    workflow.make(desk.settings, desk.approver, sent.id, "approve")
    publication.publish(desk.settings, desk.book, desk.reviewer, sent.id)
    published = Dataset.current(desk.settings.dataset_dir).rows("sat_overall_gov").filter(
        pl.col("edition") == sent.edition
    ).collect()  # fmt: skip
    one = published.filter(pl.col("dimensions") == "{}").row(0, named=True)
    assert (one["value"], one["interval_level"]) == (total["value"], 95.0)
    assert one["footnote"].startswith(f"n = {plain.height}")
    file = find_survey_file(desk.settings, sent.id)
    assert retention.receipt(file, sent.sha256)["why"] == "published"
    assert sealed.names(desk.settings) == []
    with pytest.raises(SubmissionUnknown, match="destroyed"):
        sealed.key_of(desk.settings, file.name)
    assert audit.verify(record).broken == 0


@pytest.mark.usefixtures("read_apart")
def test_no_letter_of_the_file_is_on_disk_in_the_database_in_a_backup_or_in_a_log(
    desk: Desk, tmp_path: Path, record: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    body = sav(answers(), tmp_path)
    (tmp_path / "survey.sav").unlink()
    assert SECRET.encode() in body
    sent = send(desk, body)
    assert sent.errors == 0
    backup = tmp_path / "backup"
    shutil.copytree(desk.settings.data_dir, backup)

    def clean() -> None:
        for place in (desk.settings.data_dir, backup, desk.settings.survey_keys_dir):
            for path in place.rglob("*"):
                assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path
        with record.connect() as connection:
            for table in ("submission", "survey_file", "submission_move", "audit"):
                for row in connection.execute(text(f"SELECT * FROM {table}")):
                    for value in row:
                        held = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                        assert SECRET.encode() not in held
        assert SECRET not in caplog.text

    clean()
    file = find_survey_file(desk.settings, sent.id)
    key = sealed.key_of(desk.settings, file.name)
    copied = next(backup.rglob(file.name))
    assert SECRET.encode() in b"".join(sealed.pieces(copied, key))  # so the search above looks in the right place
    assert all_of(key not in path.read_bytes() for path in backup.rglob("*") if path.is_file())
    workflow.make(desk.settings, desk.by, sent.id, "withdraw")
    clean()
    assert not any(path.name == file.name for path in desk.settings.data_dir.rglob("*"))
    assert not any(desk.settings.survey_keys_dir.iterdir())


def test_a_file_is_destroyed_after_thirty_days_and_twice_is_once(desk: Desk, tmp_path: Path) -> None:
    sent = send(desk, sav(answers(), tmp_path), mapping=None)
    now = datetime.now(UTC)
    assert retention.sweep(desk.settings, now + timedelta(days=29)) == 0
    assert retention.sweep(desk.settings, now + timedelta(days=31)) == 1
    assert retention.sweep(desk.settings, now + timedelta(days=31)) == 0
    assert find_survey_file(desk.settings, sent.id).destroyed_why == "expired"
    with pytest.raises(SubmissionUnknown, match="Upload it again"):
        intake.check(desk.settings, desk.book, desk.by, sent.id)


def test_only_the_server_that_holds_a_file_writes_that_it_destroyed_it(desk: Desk, tmp_path: Path) -> None:
    sent = send(desk, sav(answers(), tmp_path), mapping=None)
    later = datetime.now(UTC) + timedelta(days=31)
    other = desk.settings.model_copy(update={"data_dir": tmp_path / "web", "keys_dir": None})  # of the same database
    assert retention.sweep(other, later) == 0
    file = find_survey_file(desk.settings, sent.id)
    assert file.destroyed_at is None
    sealed.destroy_key(desk.settings, file.name)  # and killed before it was written
    assert retention.sweep(desk.settings, later) == 1
    file = find_survey_file(desk.settings, sent.id)
    assert file.destroyed_why == "expired"
    assert sealed.names(desk.settings) == []


def test_a_file_whose_end_was_written_and_that_was_left_is_removed_a_day_later(desk: Desk, tmp_path: Path) -> None:
    file = find_survey_file(desk.settings, send(desk, sav(answers(), tmp_path), mapping=None).id)
    later = datetime.now(UTC) + timedelta(days=31)
    left, _ = sealed.places(desk.settings, file.name)
    noise = left.read_bytes()
    retention.sweep(desk.settings, later)
    left.write_bytes(noise)  # killed before it was removed
    assert retention.sweep(desk.settings, later) == 1
    assert not left.exists()


def test_an_encrypted_file_that_was_touched_is_refused(desk: Desk) -> None:
    part = sealed.SealedPart(desk.settings)
    part.write(b"x" * (2 * sealed.PIECE + 5))
    stored = part.finish()
    path, key = sealed.sealed_path(desk.settings, stored.name), sealed.key_of(desk.settings, stored.name)
    whole = path.read_bytes()
    assert b"".join(sealed.pieces(path, key)) == b"x" * (2 * sealed.PIECE + 5)
    piece = sealed.PIECE + 16
    for harmed in (
        whole[:piece],
        whole[: 2 * piece],
        whole[piece:],
        whole[piece : 2 * piece] + whole[:piece],
        bytes([whole[0] ^ 1]) + whole[1:],  # never the byte that stood there
    ):
        path.write_bytes(harmed)
        with pytest.raises(UploadRefused, match="damaged"):
            b"".join(sealed.pieces(path, key))


def test_small_groups_are_missing_and_cannot_be_computed_back(desk: Desk, tmp_path: Path) -> None:
    from scipy.optimize import linprog

    sent = send(desk, sav(answers(), tmp_path))
    kept = figures(desk, sent.id).filter(pl.col("indicator") == "sat_overall_gov")
    regions = kept.filter(pl.col("dimensions").str.contains("Region"))
    hidden = regions.filter(pl.col("value").is_null())
    assert '{"Region":"Ordubad"}' in hidden["dimensions"].to_list()
    assert set(hidden["reason"]) == {"too_few"}
    assert hidden.select(pl.col("value", "lower", "upper", "sample").is_null().all()).row(0) == (True,) * 4
    assert hidden.height == 2  # one more protects it
    rest = kept.filter(pl.col("dimensions") == "{}")["sample"].item() - regions["sample"].sum()
    for at in range(2):
        goal = np.eye(2)[at]
        bounds = [linprog(sign * goal, A_eq=[[1, 1]], b_eq=[rest], bounds=(0, None)).fun * sign for sign in (1, -1)]
        assert bounds[1] - bounds[0] >= 30, bounds
    assert all_of(one["valid"] is None or one["valid"] >= 30 for one in _results(desk, sent.id)["counts"])


def _results(desk: Desk, number: int) -> Mapping[str, Any]:
    return find_survey_file(desk.settings, number).results


def test_the_reference_survey_gives_its_known_average_and_error() -> None:
    vectors = [json.loads(line) for line in _lines((VECTORS / "vectors_satisfaction.json").read_text())]
    toy = next(one for one in vectors if one["id"] == "satisfaction.microdata_toy")
    rows = pl.DataFrame(toy["inputs"]["rows"], schema=toy["inputs"]["columns"], orient="row")
    mapping = {
        "weight": "w", "stratum": "stratum", "psu": "psu", "item.government_services.overall": "overall",
        **{f"item.government_services.{item}": f"a{at}" for at, item in enumerate(GOV, start=1)},
    }  # fmt: skip
    cells = {cell.indicator: cell for cell in estimates.estimate(ground_of(rows, mapping)).cells}
    expected = toy["expected"]
    average, overall = cells["sat_attributes_gov"].estimate, cells["sat_overall_gov"].estimate
    assert overall is not None
    assert average.value == pytest.approx(expected["average"], abs=1e-6)
    assert average.std_error == pytest.approx(expected["average_se_with_covariance"], abs=1e-6)
    assert overall.estimate_interval() == pytest.approx(expected["overall_ci_95"]["logit"], abs=1e-6)
    assert cells["sat_overall_gov"].n == expected["valid"][5]


def _lines(body: str) -> list[str]:
    return [line.strip().rstrip(",") for line in body.splitlines() if line.strip().startswith('{"id"')]


@pytest.mark.parametrize(("sample", "stratum", "psu"), [("apistrat", "stype", ""), ("apiclus1", "", "dnum")])
def test_samples_of_r_give_what_the_library_checked_against_r_gives(sample: str, stratum: str, psu: str) -> None:
    from tests.analysis.measures.library import share

    rows = pl.read_csv(VECTORS / f"{sample}.csv")
    yes = next(name for name in ("sch.wide", "awards", "sch_wide") if name in rows.columns)
    mapping = {
        "weight": "pw", "stratum": stratum, "psu": psu, "population": "fpc", "item.discrimination.any": yes,
    }  # fmt: skip
    cell = estimates.estimate(ground_of(rows, mapping)).cells[0].estimate
    direct = share(rows, pl.col(yes) == "Yes", Design("pw", stratum, psu, "fpc"))
    assert (cell.value, cell.std_error) == pytest.approx((direct.value, direct.std_error), rel=1e-12)
    assert (cell.n, cell.df) == (direct.n, direct.df)


def test_bribery_counts_each_person_once_among_those_with_a_contact() -> None:
    rows = pl.DataFrame({
        "w": [1.0] * 2500, "contact": ["Yes"] * 1200 + ["No"] * 1300,
        "paid": ["Yes"] * 90 + ["No"] * 2410, "asked": ["No"] * 40 + ["Yes"] * 110 + ["No"] * 2350,
    })  # fmt: skip
    mapping = {"weight": "w", **{f"item.bribery.{item}": item for item in ("contact", "asked", "paid")}}
    cell = estimates.estimate(ground_of(rows, mapping)).cells[0]
    assert (cell.estimate.value, cell.n) == (pytest.approx(0.125), 1200)  # 90 paid, 60 asked only


def test_say_in_decisions_is_the_mean_of_two_shares_of_three_levels() -> None:
    def answered(*shares: int) -> list[str]:
        words = ("A great deal", "A lot", "Some", "Very little", "Not at all", "Do not know")
        return [word for word, count in zip(words, shares, strict=True) for _ in range(count)]

    rows = pl.DataFrame({
        "w": [1.0] * 1000, "one": answered(100, 340, 260, 200, 100, 0), "two": answered(140, 140, 260, 260, 200, 0)
    })  # fmt: skip
    mapping = {"weight": "w", "item.decision.inclusive": "one", "item.decision.responsive": "two"}
    cells = estimates.estimate(ground_of(rows, mapping)).cells
    shares = [cell.estimate.value for cell in cells if cell.estimate]
    assert shares == [pytest.approx(0.70), pytest.approx(0.54), pytest.approx(0.62)]


def test_answers_come_from_labels_and_never_from_numbers() -> None:
    values = pl.Series(["1", "2", "3", "4", "98", "97"])
    labelled = SurveyColumn("q", "", {**AGREE, "97": "Tətbiq olunmur"})
    read = coding(labelled, values, "four", (), ())
    assert read.levels == {"1": 3, "2": 2, "3": 1, "4": 0, "98": NONE, "97": NONE}
    assert (read.unknown, read.unlabelled) == ((), False)
    # 98 that is called an answer is one; 99 without a label is a finding, not a guess
    assert coding(SurveyColumn("q", "", {"98": "Agree"}), pl.Series(["98"]), "four", (), ()).levels == {"98": 2}
    assert coding(labelled, pl.Series(["1", "99"]), "four", (), ()).unlabelled
    middle = coding(SurveyColumn("q", "", {"1": "Agree", "2": "Neither"}), pl.Series(["1", "2"]), "four", (), ())
    assert middle.unknown == ("Neither",)
    stated = coding(SurveyColumn("q"), pl.Series(["4", "9"]), "four", ("4", "3", "2", "1"), ("9",))
    assert (stated.levels["4"], stated.levels["1"], stated.levels["9"], stated.unlabelled) == (3, 0, NONE, False)


def test_no_finding_holds_what_somebody_answered(desk: Desk) -> None:
    rows = answers().with_columns(pl.format("{}-{}", pl.lit(SECRET), "st").alias("st"))
    rows = rows.with_columns(pl.format("{}-{}", pl.lit(SECRET), "q1").alias("q1"), psu="st")
    held = io.BytesIO()
    rows.write_csv(held)
    sent = send(desk, held.getvalue(), "survey.csv", MAPPING | {"group.sex": "words"})
    told = [(it.rule, it.read, it.values["count"]) for it in found(desk, sent.id) if "count" in it.values]
    assert told == [
        ("survey_answer_unknown", "q1", "5"), ("survey_answer_unknown", "words", "600"), ("survey_single_psu", "", "4"),
    ]  # fmt: skip
    assert SECRET not in str(found(desk, sent.id))
    workflow.make(desk.settings, desk.by, sent.id, "withdraw")
    with reading(store_engine(desk.settings)) as connection:
        for table in ("submission", "survey_file", "submission_move", "audit"):
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                packed = [zlib.decompress(it) for it in row if isinstance(it, bytes) and it[:1] == b"\x78"]
                assert SECRET not in f"{row}{packed}", table


def test_labels_of_the_file_s_own_list_are_named(tmp_path: Path) -> None:
    survey = files.read([sav(answers(), tmp_path)], "survey.sav")
    told = rules.check_survey(rules.ground(survey, MAPPING | {"group.sex": "region"}))
    assert [it.values["labels"] for it in told if it.rule == "survey_label_unknown"] == ["Baku, Gəncə, Şəki, Ordubad"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"weight": ""}, "survey_weight_missing"),
        ({"weight": "nothing"}, "survey_column_unknown"),
        ({"item.government_services.timeliness": ""}, "survey_block_incomplete"),
        ({"item.government_services.timeliness": "q1"}, "survey_column_twice"),
        ({"stratum": "", "psu": ""}, "survey_design_missing"),
        ({"group.sex": "region"}, "survey_label_unknown"),
        ({"codes.government_services": "4 3 2"}, "survey_codes_wrong"),
        ({"weight": "words"}, "survey_weight_bad"),
        ({"psu": "st"}, "survey_single_psu"),
        ({"psu": "st", "single_psu": "center"}, "survey_single_psu_choice"),
        ({"group.age": "w"}, "survey_age"),
        ({"group.income": "age"}, "survey_income"),
        ({"group.region": "words"}, "survey_regions"),
        ({"method.who": ""}, "method_field"),
    ],
)
def test_every_problem_of_a_mapping_is_a_finding(change: Mapping[str, str], rule: str, tmp_path: Path) -> None:
    survey = files.read([sav(answers(), tmp_path)], "survey.sav")
    mapping = {name: value for name, value in {**MAPPING, **change}.items() if value}
    assert rule in {finding.rule for finding in rules.check_survey(rules.ground(survey, mapping))}


def replicated(count: int = 10) -> pl.DataFrame:
    """The answers without what says of anyone where they live; each replicate leaves every tenth respondent out."""
    rows = answers()
    left = np.arange(rows.height) % count
    return rows.drop("st", "psu").with_columns(
        *(pl.Series(f"rep{at + 1}", np.where(left == at, 0.0, rows["w"] * count / (count - 1))) for at in range(count)),
        factor=pl.Series(np.where(left == 0, 0.0, count / (count - 1))),
        other=pl.Series(np.where(left == 1, 0.0, count / (count - 1))),
        gap=pl.Series([None, *[1.0] * (rows.height - 1)]), below=pl.Series([-1.0, *[100.0] * (rows.height - 1)]),
    )  # fmt: skip


REPLICATED = {name: column for name, column in MAPPING.items() if name not in ("stratum", "psu")} | {
    "replicates": "rep1-rep10", "replicate_method": "jk1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "rule", "values"),
    [
        ({"replicates": "brr1-brr10"}, "survey_replicates_columns", {"count": "0"}),
        ({"replicates": "rep1"}, "survey_replicates_columns", {"count": "1"}),
        ({"replicates": ""}, "survey_replicates_columns", {"count": "0"}),
        ({"replicate_method": ""}, "survey_replicates_columns", {"count": "10"}),
        ({"replicates": "rep*, gap"}, "survey_replicates_bad", {}),
        ({"replicates": "rep*, below"}, "survey_replicates_bad", {}),
        ({"replicate_method": "fay"}, "survey_replicates_factors", {"count": "10"}),
        ({"replicate_method": "fay", "replicate_factors": "1"}, "survey_replicates_factors", {"count": "10"}),
        ({"replicate_method": "fay", "replicate_factors": "-0.1"}, "survey_replicates_factors", {"count": "10"}),
        ({"replicate_method": "jkn"}, "survey_replicates_factors", {"count": "10"}),
        ({"replicate_method": "jkn", "replicate_factors": "0.5*9"}, "survey_replicates_factors", {"count": "10"}),
        ({"replicate_factors": "0"}, "survey_replicates_factors", {"count": "10"}),
        ({"replicate_factors": "none"}, "survey_replicates_factors", {"count": "10"}),
        ({"replicates": "factor, other"}, "survey_replicates_scale", {"times": "0.01"}),
    ],
)  # fmt: skip
def test_every_problem_of_replicate_weights_is_a_finding(
    change: Mapping[str, str], rule: str, values: Mapping[str, str], tmp_path: Path
) -> None:
    survey = files.read([sav(replicated(), tmp_path)], "survey.sav")
    mapping = {name: value for name, value in {**REPLICATED, **change}.items() if value}
    found = [finding for finding in rules.check_survey(rules.ground(survey, mapping)) if finding.severity == "error"]
    assert [finding.rule for finding in found] == [rule]
    assert found[0].values == values


@pytest.mark.parametrize(
    "change",
    [
        {}, {"replicates": "rep*"}, {"replicates": ", ".join(f"rep{at}" for at in range(1, 11))},
        {"replicate_factors": "0.9"}, {"replicate_method": "jkn", "replicate_factors": "0.9*4 0.9*6"},
    ],
)  # fmt: skip
def test_replicate_weights_stand_in_for_strata_and_sampling_units(change: Mapping[str, str], tmp_path: Path) -> None:
    ground = rules.ground(files.read([sav(replicated(), tmp_path)], "survey.sav"), {**REPLICATED, **change})
    assert {finding.rule for finding in rules.check_survey(ground)} == set()
    (average, overall) = (cell.estimate for cell in estimates.estimate(ground).cells[:2])
    assert (average.df, overall.df) == (9, 9)
    rows = ground.survey.rows.filter(pl.col("q6") != 99)
    shares = [
        (rows[name] * (rows["q6"] <= 2)).sum() / rows[name].sum()
        for name in ("w", *(f"rep{at}" for at in range(1, 11)))
    ]
    assert overall.value == pytest.approx(shares[0])
    variance = 0.9 * sum((one - shares[0]) ** 2 for one in shares[1:])
    assert overall.std_error == pytest.approx(variance**0.5)


def test_columns_of_replicates_are_read_from_a_file_by_column_and_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    replicated().drop("words").write_parquet(tmp_path / "survey.parquet")
    survey = files.read(
        [(tmp_path / "survey.parquet").read_bytes()], "survey.parquet", {"weight": "w", "replicates": "rep*"}
    )
    assert set(survey.rows.columns) == {"w", *(f"rep{at}" for at in range(1, 11))}
    assert find_replicates("rep*", ["rep10", "rep2", "rep", "rep1", "reply"]) == ("rep1", "rep2", "rep10")
    assert find_replicates("w01-03; x", ["w03", "w01", "w1", "x"]) == ("w01", "w03", "x")
    assert find_replicates("a-b", ["a-b", "a"]) == ("a-b",)
    assert read_factors("0.5*2 0.75") == (0.5, 0.5, 0.75)
    assert read_factors("") == ()
    assert [read_factors(text) for text in ("x", "0.5*", "0.5*0", "nan", "1e999", "0.5*1001")] == [None] * 6


def test_a_survey_that_is_not_mapped_says_so_and_remembers_the_last_mapping(desk: Desk, tmp_path: Path) -> None:
    body = sav(answers(), tmp_path)
    first = send(desk, body, mapping=None)
    assert {"survey_no_block", "survey_weight_missing"} <= {it.rule for it in found(desk, first.id)}
    with pytest.raises(MoveNotAllowed, match="corrected"):
        workflow.make(desk.settings, desk.by, first.id, "submit")
    intake.map_survey(desk.settings, desk.by, first.id, MAPPING)
    assert send(desk, body, mapping=None).errors == 0


@pytest.mark.parametrize("kind", ["zsav", "dta", "parquet", "csv"])
def test_every_kind_of_file_gives_the_same_figures(kind: str, tmp_path: Path) -> None:
    rows = answers(200).drop("words")
    words = rows.with_columns(
        *(pl.col(f"q{at}").cast(pl.Int64).cast(pl.String).replace(AGREE) for at in range(1, 6)),
        pl.col("q6").cast(pl.Int64).cast(pl.String).replace(SATISFIED),
    )  # fmt: skip
    path = tmp_path / f"survey.{kind}"
    if kind == "zsav":
        labels = [{"col": f"q{at}", "labels": AGREE if at < 6 else SATISFIED} for at in range(1, 7)]
        svy_io.write_sav(rows, path, compress="zsav", value_labels=labels)
    elif kind == "dta":
        svy_io.write_dta(rows, path, value_labels={f"q{at}": AGREE if at < 6 else SATISFIED for at in range(1, 7)})
    elif kind == "parquet":
        words.write_parquet(path)
    else:
        words.write_csv(path, separator=";")
    mapping = {name: column for name, column in MAPPING.items() if not name.startswith("group.")}
    expected = estimates.estimate(
        rules.ground(files.Survey(words, {n: SurveyColumn(n) for n in words.columns}), mapping)
    )
    made = estimates.estimate(rules.ground(files.read([path.read_bytes()], path.name), mapping))
    assert [cell.estimate.value for cell in made.cells if cell.estimate] == pytest.approx(
        [cell.estimate.value for cell in expected.cells if cell.estimate], abs=1e-12
    )
    assert len(made.cells) == 2


@pytest.mark.parametrize(
    "body", [b"x", b"$FL2 and then nothing", b"PAR1", b"<stata_dta>", b"PK\x03\x04", b"\x00" * 500]
)
def test_what_is_no_survey_is_a_finding_and_nothing_of_it_is_quoted(desk: Desk, body: bytes) -> None:
    sent = send(desk, body, "survey.sav", mapping=None)
    assert [it.rule for it in found(desk, sent.id)] == ["refused"]
    assert sent.errors == 1


@pytest.mark.parametrize("row", ["1,12,5,3", "1,12,5,"])
def test_a_row_that_a_comma_has_moved_is_refused_and_not_quoted(row: str) -> None:
    with pytest.raises(UploadRefused, match="Row 3 has more cells than the head") as refused:
        files.read([f"w,q1,q2\n1,2,3\n{row}\n1,2,3\n".encode()], "survey.csv")
    assert "12" not in str(refused.value)
    assert files.read([b"w,q1,q2\n1,2,3\n"], "survey.csv").rows.height == 1


def test_the_promise_is_told_apart(tmp_path: Path) -> None:
    def verdict(satisfied: int, n: int) -> str:
        code = ["Satisfied"] * satisfied + ["Dissatisfied"] * (n - satisfied)
        rows = pl.DataFrame({"w": [1.0] * n, **{f"q{at}": code for at in range(1, 7)}})
        mapping = {"weight": "w"} | {field: column for field, column in MAPPING.items() if field.startswith("item.")}
        return str(estimates.estimate(ground_of(rows, mapping)).results["promise"][0]["verdict"])

    assert (verdict(3000, 3000), verdict(2900, 3000), verdict(200, 200)) == ("met", "not_met", "cannot_tell")


def test_blocks_are_the_indicators_of_the_codebook(desk: Desk) -> None:
    assert {name for block in BLOCKS.values() for name in block.indicators} <= set(desk.book.metrics)
    assert {block for block in BLOCKS if BLOCKS[block].scale == "four"} == set(AREAS)


def test_the_survey_of_the_guide_is_read_as_the_guide_says(desk: Desk) -> None:
    """Its columns are named after what they hold, and nothing is left to ask."""
    path = Path(__file__).parents[3] / "examples" / "training_XAB_2025_survey.sav"
    named = {"group.sex": "sex", "group.age": "age", "group.location": "location", "group.region": "region"}
    named |= {one: one for one in ("weight", "stratum", "psu")}
    named |= {f"item.government_services.{item}": f"gov_{item}" for item in (*GOV, "overall")}
    method = {name: text for name, text in MAPPING.items() if name.startswith("method.")}
    sent = send(desk, path.read_bytes(), path.name, mapping=named | method)
    assert [one for one in found(desk, sent.id) if one.severity in ("error", "warning")] == []
    kept = figures(desk, sent.id)
    whole = kept.filter(pl.col("dimensions") == "{}", pl.col("indicator") == "sat_overall_gov").row(0, named=True)
    said = svy_io.read_sav(path)[0].filter(pl.col("gov_overall") <= 4)
    share = 100 * said.filter(pl.col("gov_overall") <= 2)["weight"].sum() / said["weight"].sum()
    assert (whole["value"], whole["sample"]) == (pytest.approx(share, abs=0.05), said.height)
    assert 60 < whole["lower"] < whole["value"] < whole["upper"] < 75
    told = _results(desk, sent.id)["promise"][0]  # the page of the survey says the interval that is published
    interval = [round(told[end], told["decimals"]) for end in ("value", "lower", "upper")]
    assert (interval, told["level"]) == ([whole[end] for end in ("value", "lower", "upper")], 95)
    groups = kept.filter(pl.col("indicator") == "sat_overall_gov")["dimensions"].to_list()
    assert len(groups) == len(set(groups)) == 1 + 2 + 6 + 2 + 4
