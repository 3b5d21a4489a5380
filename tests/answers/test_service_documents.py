"""Documents read in excerpts: shown by their confidence, marked as read, and never bent into the register."""

import csv
import io
from pathlib import Path

import pytest

from dashboard.answers.adoption import documents
from dashboard.answers.adoption.counting import find_adoption
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.countries.country import view_country
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.loader import DATA
from dashboard.locales import LANGUAGES
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

PACK = {"legal_acts.csv": 37, "strategies.csv": 31, "targets_apart.csv": 21, "agreement_activities.csv": 20}
"""Rows that were found; of 23 targets two count what a series held counts and stand in national_targets.csv."""


def rows(file: str) -> list[dict[str, str]]:
    with Path(DATA / file).open(encoding="utf-8", newline="") as held:
        return list(csv.DictReader(held))


def test_every_row_found_is_in_the_codebook_with_how_and_how_surely_it_was_read() -> None:
    assert {file: len(rows(file)) for file in PACK} == PACK
    found = [row for file in PACK for row in rows(file)]
    assert all_of(row["read_on"] == "2026-11-29" and row["evidence"] and row["source_ref"] for row in found)
    assert {row["how_read"] for row in found} == {"excerpt_cut", "excerpt_whole"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_read_with_low_confidence_is_told_nowhere(lang: str) -> None:
    ctx = open_context(lang)
    assert [row["id"] for row in rows("legal_acts.csv") if row["confidence"] == "low"] == ["KGZ-L05"]
    told = documents.list_legal_acts(ctx)
    assert len(told) == 37
    assert "KGZ-L05" not in {note["id"] for note in told}
    assert "KGZ-L05" not in documents.write_documents_csv(ctx).decode()
    read = [*documents.list_strategies(ctx), *documents.list_activities(ctx)]
    read += (note for note in told if note["id"] != "decree_685")
    assert all_of("29" in note["read_text"] and note["detail"] and note["kind_text"] for note in read)


def test_a_country_shows_its_own_documents_and_gaps() -> None:
    rwanda = view_country(open_context(), "RWA")
    (benchmark,) = rwanda["targets"]
    assert (benchmark["value_text"].replace("\u00a0", " "), benchmark["year"]) == ("at least 80 %", "no year set")
    assert benchmark["baseline"].startswith("76.7")
    (over,) = load_codebook().series_targets
    assert (over.country, over.comparison, over.value, over.year) == ("RWA", "more_than", 90, 2029)
    assert {note["id"] for note in rwanda["acts"]} == {"RWA-L01", "RWA-L02", "RWA-L03"}
    assert [gap["question"] for gap in rwanda["sought"]] == ["Law"]


def test_every_text_behind_the_model_is_told_and_says_whether_it_was_verified(ctx: Context) -> None:
    hooks = rows("model_hooks.csv")
    told = documents.list_texts(ctx)
    assert {note["id"] for note in told} == {hook["id"] for hook in hooks if not hook["country"]}
    assert {note["id"]: note["detail"] for note in told if note["id"] == "ohchr_report_hrc56"} == {
        "ohchr_report_hrc56": "Not verified."
    }
    resolutions = [note["note"] for note in told if note["id"].startswith("hrc_") and note["symbol"].startswith("A/")]
    assert len(resolutions) == 2
    assert all_of("not seen" in note for note in resolutions)


def test_the_emirates_memorandum_is_no_adoption() -> None:
    assert find_adoption(open_context(), "ARE").status == "interest"
    assert {note["detail"] for note in documents.list_legal_acts(open_context(), "ARE")} == {
        "Mention of the model not verified.", "Does not name the model in the reports.",
    }  # fmt: skip


def test_a_target_that_counts_something_else_is_no_target_of_an_indicator() -> None:
    assert [(it.metric, it.country, it.year) for it in load_codebook().national_targets] == [("ti_cpi", "IDN", 2024)]
    assert all_of(
        note["nearest"] == "" or "not the same" in note["nearest"]
        for note in documents.list_targets_apart(open_context())
    )


def test_the_register_counts_of_each_country_what_its_own_page_shows(ctx: Context) -> None:
    counted = documents.count_documents(ctx)
    assert {row["iso3"] for row in counted} >= {iso3 for iso3 in ctx.book.countries if find_adoption(ctx, iso3).events}
    assert [row["name"] for row in counted] == sorted(row["name"] for row in counted)
    for row in counted:
        page = view_country(ctx, row["iso3"])
        shown = tuple(len(page[part]) for part in ("acts", "plans", "targets"))
        assert (row["acts"], row["strategies"], row["targets"]) == shown, row["iso3"]
    assert sum(row["acts"] for row in counted) == 37, "one was read with low confidence, one is not of the pack"


def test_groups_have_each_country_once_and_add_up_to_the_register() -> None:
    tables = {table["id"]: table["rows"] for table in documents.list_groups(open_context())}
    for part in ("continent", "income"):
        assert [sum(row[name] for row in tables[part]) for name in ("count", "signed", "operating")] == [18, 14, 6]
        names = [it["iso3"] for row in tables[part] for it in row["countries"]]
        assert len(names) == len(set(names)) == 18


def test_the_file_has_a_line_for_everything_told() -> None:
    lines = list(csv.DictReader(io.StringIO(documents.write_documents_csv(open_context()).decode())))
    assert len(lines) == 37 + 31 + 20 + 13 + 21
    assert all_of(line["source_ref"] for line in lines)
