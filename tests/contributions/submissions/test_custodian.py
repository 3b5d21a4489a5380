"""UNDP's data call from what was sent: values, methods, what is missing; a plan by its address; the form."""

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest

from dashboard.accounts.model import Role
from dashboard.analysis.measures.surveys import planning
from dashboard.contributions.submissions import publication, workflow
from dashboard.contributions.submissions.custodian import call, pack, questionnaire
from dashboard.contributions.submissions.custodian.call import MissingPart
from dashboard.evidence.codebook.model import Codebook
from dashboard.locales import DESK_LANGUAGES, t
from tests.contributions.submissions.conftest import METHOD, YEAR, Desk, workbook
from tests.contributions.submissions.test_upload import Make, api, person, place

__all__ = ["api", "person", "place"]

Y = int(YEAR)
TODAY = date(Y + 1, 1, 15)
HOUSEHOLDS = METHOD | {
    "How the figures were made": "Household survey", "Sample size and response rate": "1,200",
}  # fmt: skip
HEADS = (
    "Indicator code",
    "Group",
    "Year",
    "Value",
    "People who answered",
    "Lower limit (95 %)",
    "Upper limit (95 %)",
    "Note",
)
ROWS = (
    ("sat_overall_gov", "Total", Y, 71.5, 1200, 68.0, 75.0, ""),
    ("sat_overall_gov", "Women", Y, 73.0, 640, 68.5, 77.5, ""),
    ("sat_overall_gov", "Men", Y, 70.0, 560, None, None, ""),
    ("decision_both", "Total", Y, 40.25, None, None, None, ""),
)  # fmt: skip


@pytest.fixture
def sent(desk: Desk) -> Desk:
    made = desk.send(workbook(ROWS, HEADS, HOUSEHOLDS))
    for by, move in ((desk.by, "submit"), (desk.approver, "approve")):
        workflow.make(desk.settings, by, made.id, move)
    return desk


def lacks(found: call.DataCall, indicator: str) -> list[tuple[str, str]]:
    return [(one.kind, one.what) for one in found.missing if one.indicator == indicator]


def test_what_was_sent_is_in_the_call_and_what_is_not_is_named(sent: Desk, book: Codebook) -> None:
    found = call.collect(sent.settings, book, "AZE", TODAY)
    assert [(one.code, one.indicator, one.dimensions, one.value, one.answers, one.state) for one in found.figures] == [
        ("16.6.2", "sat_overall_gov", "{}", 71.5, 1200, "approved"),
        ("16.6.2", "sat_overall_gov", '{"Sex":"FEMALE"}', 73.0, 640, "approved"),
        ("16.6.2", "sat_overall_gov", '{"Sex":"MALE"}', 70.0, 560, "approved"),
        ("16.7.2", "decision_both", "{}", 40.25, None, "approved"),
    ]
    assert lacks(found, "sat_overall_gov") == [
        ("group", "Quantile"), ("group", "Location"), ("group", "Region"), ("group", "Age"),
        ("group", "Disability status"), ("interval", ""), ("approved", ""), ("method", "address"),
    ]  # fmt: skip
    assert lacks(found, "decision_both")[:5] == [
        ("group", "Sex"), ("group", "Age"), ("group", "Disability status"), ("interval", ""), ("answers", ""),
    ]  # fmt: skip
    assert lacks(found, "sat_attributes_gov") == [("figure", "")]
    assert [one for one in found.missing if one.code in ("16.3.3", "16.7.1")] == [
        MissingPart("16.3.3", "", "not_here"), MissingPart("16.7.1", "", "not_here"),
    ]  # fmt: skip
    publication.publish(sent.settings, book, sent.reviewer, 1)
    after = call.collect(sent.settings, book, "AZE", date(Y + 4, 1, 15))
    assert {one.state for one in after.figures} == {"published"}
    assert ("approved", "") not in lacks(after, "sat_overall_gov")
    assert lacks(after, "sat_overall_gov")[0] == ("old", YEAR)
    assert [(one.value, one.answers, one.lower) for one in after.figures][:2] == [(71.5, 1200, 68.0), (73.0, 640, 68.5)]
    assert call.collect(sent.settings, book, "GEO", TODAY).figures == ()


@pytest.mark.parametrize("lang", [*DESK_LANGUAGES])
def test_the_pack_holds_the_same_in_both_forms(sent: Desk, book: Codebook, lang: str) -> None:
    found, now = call.collect(sent.settings, book, "AZE", TODAY), datetime(Y + 1, 1, 15, tzinfo=UTC)
    file = openpyxl.load_workbook(io.BytesIO(pack.write_workbook_of(book, found, lang, now)))
    about, values, method, missing = (file[name] for name in file.sheetnames)
    assert t("custodian.ours", lang) in [row[0].value for row in about.iter_rows()]
    read = [[cell.value for cell in row] for row in values.iter_rows(min_row=2)]
    assert [(row[1], row[6], row[8], row[10]) for row in read][:2] == [
        ("sat_overall_gov", 71.5, 68, 1200), ("sat_overall_gov", 73, 68.5, 640),
    ]  # fmt: skip
    assert {row[0].value for row in method.iter_rows(min_row=2)} == {"16.6.2", "16.7.2"}
    assert missing.max_row == len(found.missing) + 1
    with zipfile.ZipFile(io.BytesIO(pack.write_archive(book, found, lang, now))) as archive:
        assert archive.namelist() == ["read_me.csv", "values.csv", "method.csv", "missing.csv"]
        rows = list(csv.reader(io.StringIO(archive.read("values.csv").decode("utf-8-sig"))))
    assert [float(row[6]) for row in rows[1:]] == [71.5, 73.0, 70.0, 40.25]


async def test_the_pages_show_a_countrys_own_and_files_come_from_them(person: Make) -> None:
    who, reviewer = person(), person(Role.REVIEWER)
    shown = (await who.client.get("/custodian/?country=GEO")).text
    assert "country=AZE" in shown
    assert "pack.xlsx?country=GEO" not in shown
    assert shown.count("<section") == 5
    for form, begins in (("xlsx", b"PK"), ("zip", b"PK")):
        file = await who.client.get(f"/custodian/pack.{form}")
        assert (file.status_code, file.content[:2], file.headers["cache-control"]) == (200, begins, "no-store")
    assert (await who.client.get("/custodian/pack.exe")).status_code == 303
    assert (await reviewer.client.get("/custodian/?country=KAZ")).status_code == 200
    assert (await reviewer.client.get("/custodian/?country=XYZ")).status_code == 303
    who.client.cookies.clear()
    for path in ("/custodian/", "/custodian/pack.xlsx", "/custodian/survey-planner", "/custodian/questionnaire.xlsx"):
        assert (await who.client.get(path)).headers["location"].startswith("/account/login"), path


def numbers_of(page: str, part: str) -> list[str]:
    section = page.split(f'<section id="{part}">')[1].split("</section>")[0]
    return re.findall(r'<bdi dir="ltr">([^<]*)</bdi>', section)


async def test_a_plan_is_its_address(person: Make) -> None:
    who = person()
    asked = "margin=3&share=50&deff=1.5&reached=60&response=70&groups=1&population=0&cost=20&budget=50000"
    page = (await who.client.get(f"/custodian/survey-planner?{asked}&lang=en")).text
    assert numbers_of(page, "wanted") == ["1,601", "2,669", "3,813", "53,380"]
    margin = planning.compute_margin(planning.SurveyPlan(0, 0.03), 1_500)
    assert margin is not None
    assert numbers_of(page, "bought") == ["2,500", "1,500", f"± {100 * margin:.1f}", f"± {100 * margin:.1f}"]
    assert 'value="1.5"' in page
    assert "&amp;reached=60&amp;" in page
    for wrong in (
        "margin=0",
        "share=nan",
        "deff=1e9",
        "population=-1",
        "groups=1.5",
        "cost=0",
        "budget=inf",
        "reached=x",
    ):
        refused = (await who.client.get(f"/custodian/survey-planner?{wrong}")).text
        assert refused.count('aria-invalid="true"') == 1, wrong
        assert 'id="wanted"' not in refused, wrong


@pytest.mark.parametrize("langs", [["en"], ["ar", "en"], [*DESK_LANGUAGES]])
def test_the_form_says_whose_wording_it_is_and_where_the_official_one_belongs(langs: list[str]) -> None:
    body = questionnaire.write_form(langs, datetime(2026, 11, 30, tzinfo=UTC), "A form")
    file = openpyxl.load_workbook(io.BytesIO(body))
    assert file.sheetnames == ["survey", "choices", "settings"]
    heads = [cell.value for cell in file["survey"][1]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in file["survey"].iter_rows(min_row=2)]
    told = next(row for row in rows if row["name"] == "wording")
    for lang in langs:
        assert told[f"label::{DESK_LANGUAGES[lang].endonym} ({lang})"] == t("questionnaire.ours", lang)
    asked = [row for row in rows if str(row["type"]).startswith("select_one") and row["official_item"]]
    assert len(asked) == 4 * 7 + 2
    names = [row["name"] for row in rows if row["name"]]
    assert len(names) == len(set(names))
    lists = {row[0].value for row in file["choices"].iter_rows(min_row=2)}
    assert {str(row["type"]).split()[1] for row in rows if str(row["type"]).startswith("select_one")} == lists
    codes = [row[1].value for row in file["choices"].iter_rows(min_row=2) if row[0].value == "agree"]
    assert list(map(str, codes)) == ["3", "2", "1", "0", "97", "98", "99"]
