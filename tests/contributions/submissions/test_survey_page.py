"""The survey's page over the real upload: in every desk language, mapped by the form, and with what came of it."""

import re
from pathlib import Path

import polars as pl

from dashboard.accounts.model import Role
from dashboard.contributions.submissions.microdata.model import USUAL_NAMES, fields, proposed
from dashboard.locales import DESK_LANGUAGES
from tests.contributions.submissions.test_desk import words
from tests.contributions.submissions.test_survey import MAPPING, answers, sav
from tests.contributions.submissions.test_upload import Make, api, person, place

__all__ = ["api", "person", "place"]


async def test_a_survey_is_uploaded_mapped_and_told_of(person: Make, tmp_path: Path) -> None:
    who = person()
    sent = await who.upload(sav(answers(), tmp_path), "survey.sav", dataset="survey")
    page = sent.headers["location"].split("?")[0]
    for lang in DESK_LANGUAGES:
        seen = await who.client.get(f"{page}?lang={lang}")
        assert seen.status_code == 200
        assert 'name="item.government_services.overall"' in seen.text
    guessed = re.findall(
        r'<select[^>]* name="([\w.]+)"[^>]*>(?:(?!</select>).)*<option value="(\w+)" selected', seen.text, re.S
    )
    assert dict(guessed) == {
        "psu": "psu", "single_psu": "refuse", "group.sex": "sex", "group.age": "age", "group.region": "region",
    }, "what names suggest is chosen already"  # fmt: skip
    assert "Columns are filled in where their name says" in (await who.client.get(f"{page}?lang=en")).text
    assert (await who.post(page, page, **MAPPING)).headers["location"].endswith("done=check")
    rows, said = answers(), words(await who.client.get(f"{page}?lang=en"))
    assert "Columns are filled in" not in said
    valid = rows.filter(pl.col("q6") < 90)
    share = 100 * valid.filter(pl.col("q6") <= 2)["w"].sum() / valid["w"].sum()
    assert re.search(rf"Not met {share:.1f} \d\d\.\d – \d\d\.\d \(95.%\) {valid.height} ", said)
    for column, item in (("q1", "Easy to reach"), ("q3", "Simple, effective process"), ("q6", "Overall satisfaction")):
        count = rows.filter(pl.col(column) < 90).height
        told = f"{count} {600 - count}" if 600 - count >= 30 else "too few to show too few to show"
        assert f"{item} Government services {told}" in said
    seen = await person(Role.APPROVER).client.get(page)
    assert (seen.status_code, 'name="item.government_services.overall"' in seen.text) == (200, False)
    path = page.removesuffix("/survey")
    one = await who.client.get(path)
    assert one.status_code == 200
    assert (await who.post(f"{path}/comment", path, words="w" * 2000)).headers["location"].endswith("done=comment")
    refused = await who.post(f"{path}/comment", path, words="w" * 2001)
    assert refused.status_code == 422, "one too many is told, not cut"
    assert "marked.xlsx" not in one.text  # the file never leaves


async def test_of_a_survey_that_cannot_be_read_no_columns_are_asked(person: Make) -> None:
    who = person()
    sent = await who.upload(b"neither rows nor columns", "survey.sav", dataset="survey")
    page = sent.headers["location"].split("?")[0]
    answer = await who.client.get(page)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, page.removesuffix("/survey"))
    seen = await who.client.get(page.removesuffix("/survey"))
    assert "The file is no survey file" in words(seen)
    assert (page in seen.text, 'class="primary" href="/contribute/' in seen.text) == (False, True)
    assert "marked.xlsx" not in seen.text


async def test_a_form_names_a_dataset_that_there_is(person: Make) -> None:
    assert (await person().upload(b"x", dataset="secret")).status_code == 422


def test_a_column_is_proposed_where_one_alone_is_called_so() -> None:
    names = ["Sample_Weight", "STRATA", "Cluster ID", "Gender", "sex", "Urban/Rural", "q1", "q_weight", "provinces"]
    assert proposed(names) == {
        "weight": "Sample_Weight", "stratum": "STRATA", "psu": "Cluster ID", "group.location": "Urban/Rural",
    }  # fmt: skip
    assert proposed([]) == {}
    assert proposed(["weight", "WEIGHT"]) == {}, "two of one name"
    assert set(USUAL_NAMES) <= set(fields())
