"""An office chooses what it sends: its template holds these rows, and what it leaves empty is not read."""

import io
import re
from dataclasses import replace

import httpx
import openpyxl
import pytest
from sqlalchemy import Engine

from dashboard.accounts import audit
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Principal, Role
from dashboard.contributions.submissions import publication, workflow
from dashboard.contributions.submissions.model import Finding, MoveNotAllowed, Submission
from dashboard.contributions.submissions.offices import choice, store
from dashboard.contributions.submissions.rules.ground import list_accepted
from dashboard.contributions.submissions.workbooks.template import COLUMNS, OPEN, csv_text, lines, workbook
from dashboard.contributions.submissions.workbooks.words import finding_text
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import writing
from dashboard.settings import Settings
from tests.contributions.submissions.conftest import GOOD, YEAR, Desk, person
from tests.contributions.submissions.conftest import workbook as file_of
from tests.contributions.submissions.test_closed import publish
from tests.contributions.submissions.test_desk import words
from tests.contributions.submissions.test_tongues import write_method
from tests.contributions.submissions.test_upload import Make, api, place
from tests.contributions.submissions.test_upload import person as browser

__all__ = ["api", "browser", "place"]

THREE = ["battery_1662_exit", "complaints_in_time", "nps"]


def findings(desk: Desk, one: Submission) -> list[Finding]:
    """All that was found in a file."""
    return list(workflow.detail(desk.settings, desk.by, one.id)[1])


def filled(settings: Settings, book: Codebook, chosen: list[str], values: dict[str, float]) -> bytes:
    """A chosen template in which somebody wrote some values and the method, and touched nothing else."""
    from datetime import date

    rows = lines(book, publication.history(settings, book, "AZE"), chosen)
    file = openpyxl.load_workbook(io.BytesIO(workbook(book, "AZE", YEAR, "en", rows, date(2026, 1, 2), "http://x")))
    sheet = file["Indicators"]
    for line, row in enumerate(rows, start=2):
        if not row.category and row.metric.id in values:
            sheet.cell(line, COLUMNS.index("value") + 1, values[row.metric.id])
    write_method(file["Method"], "en", "registers", ("who", "population", "period_of_work", "numerator_counts"))
    held = io.BytesIO()
    file.save(held)
    return held.getvalue()


def test_a_choice_is_the_offices_own_and_kept(monitor_settings: Settings, record: Engine, book: Codebook) -> None:
    agency, statistics = (replace(person(at, Role.CONTRIBUTOR), office_number=at) for at in (1, 2))
    abroad = person(3, Role.CONTRIBUTOR, "TUR")
    choice.choose(monitor_settings, book, agency, ["nps", "csat_exit_poll"])
    choice.choose(monitor_settings, book, statistics, ["battery_1662_exit"])
    choice.choose(monitor_settings, book, agency, THREE)
    assert sorted(choice.list_chosen(monitor_settings, book, agency)) == THREE
    assert choice.list_chosen(monitor_settings, book, statistics) == ["battery_1662_exit"]
    assert choice.list_chosen(monitor_settings, book, abroad) == []
    kept, _ = audit.list_entries(record, subject="figures AZE")
    assert {tuple(one.after["indicators"]): one.before["indicators"] for one in kept} == {
        ("csat_exit_poll", "nps"): [], ("battery_1662_exit",): [], tuple(THREE): ["csat_exit_poll", "nps"],
    }  # fmt: skip


def test_what_another_office_has_to_itself_is_not_offered(
    monitor_settings: Settings, record: Engine, book: Codebook
) -> None:
    agency, statistics = (replace(person(at, Role.CONTRIBUTOR), office_number=at) for at in (1, 2))
    choice.choose(monitor_settings, book, agency, THREE)
    with writing(record) as connection:
        store.assign(connection, "AZE", "nps", 2)
    assert sorted(choice.list_chosen(monitor_settings, book, agency)) == THREE[:2]
    with pytest.raises(MoveNotAllowed, match="nps"):
        choice.choose(monitor_settings, book, agency, ["nps"])
    choice.choose(monitor_settings, book, statistics, ["nps"])
    assert "nps" not in {one.id for one in choice.list_offered(monitor_settings, book, agency)}


@pytest.mark.parametrize(
    ("by", "ticked", "code"),
    [
        (person(1, Role.APPROVER), ["nps"], "right"),
        (person(1, Role.REVIEWER, ""), ["nps"], "right"),
        (person(1, Role.CONTRIBUTOR), [], "nothing_chosen"),
        (person(1, Role.CONTRIBUTOR), ["nps", "wgi_cc"], "indicator"),
        (person(1, Role.CONTRIBUTOR), ["nps", "x" * 5000], "indicator"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_changes_nothing(
    monitor_settings: Settings, record: Engine, book: Codebook, by: Principal, ticked: list[str], code: str
) -> None:
    assert record is not None
    with pytest.raises(MoveNotAllowed) as refused:
        choice.choose(monitor_settings, book, by, ticked)
    assert refused.value.code == code
    assert choice.list_chosen(monitor_settings, book, by) == []


def test_a_chosen_template_holds_these_rows_with_the_last_values_and_all_but_heads_can_be_changed(
    desk: Desk, book: Codebook
) -> None:
    publish(desk, desk.send(file_of(GOOD)))
    rows = lines(book, publication.history(desk.settings, book, "AZE"), THREE)
    assert [(one.metric.id, one.category, one.last_value) for one in rows] == [
        ("battery_1662_exit", "", 61.5), ("battery_1662_exit", "FEMALE", 63.0), ("battery_1662_exit", "MALE", 60.0),
        ("nps", "", None), ("complaints_in_time", "", 75.0),
    ]  # fmt: skip
    file = openpyxl.load_workbook(io.BytesIO(filled(desk.settings, book, THREE, {})))
    sheet, lists = file["Indicators"], file["Lists"]
    assert lists.protection.sheet  # what cells may hold is no one's to change
    assert lists.cell(2, 1).protection.locked
    assert [sheet.cell(line, 1).value for line in range(2, 8)] == [one.metric.id for one in rows] + [None]
    assert sheet.protection.sheet
    assert not sheet.protection.deleteRows  # allowed: the flag says what is locked
    for at in range(1, len(COLUMNS) + 1):
        assert sheet.cell(1, at).protection.locked
        assert not any(sheet.cell(line, at).protection.locked for line in range(2, len(rows) + 3))
    assert len(csv_text("AZE", YEAR, "en", rows).decode("utf-8-sig").splitlines()) == len(rows) + 1


def test_without_a_choice_it_holds_everything(desk: Desk, book: Codebook) -> None:
    rows = lines(book, publication.history(desk.settings, book, "AZE"))
    assert {one.metric.id for one in rows} == {one.id for one in list_accepted(book)}


def test_rows_left_empty_are_not_read_and_told_in_one_line(desk: Desk, book: Codebook) -> None:
    """Of 57 rows two are filled: one line tells the others, and no error hides behind them."""
    every = [one.id for one in list_accepted(book)]
    made = desk.send(filled(desk.settings, book, every, {"nps": 40.0, "complaints_in_time": 75.0}))
    told = findings(desk, made)
    assert [one.rule for one in told if one.severity == "error"] == []
    empty = [one for one in told if one.rule == "left_empty"]
    assert [one.values["count"] for one in empty] == [str(len(every) - 2)]
    named = finding_text(empty[0], "en").read
    assert "Exit-poll customer satisfaction" in named
    assert "Net promoter" not in named
    publish(desk, made)
    known = publication.history(desk.settings, book, "AZE")
    assert sorted(known["indicator"]) == ["complaints_in_time", "nps"]


@pytest.mark.parametrize("cell", [name for name in OPEN if name not in ("breakdown", "period", "value", "reason")])
def test_a_row_in_which_something_is_said_needs_a_figure_or_a_reason(desk: Desk, book: Codebook, cell: str) -> None:
    file = openpyxl.load_workbook(io.BytesIO(filled(desk.settings, book, THREE, {"complaints_in_time": 75.0})))
    sheet = file["Indicators"]
    line = next(line for line in range(2, 9) if sheet.cell(line, 1).value == "nps")
    sheet.cell(line, COLUMNS.index(cell) + 1, "see the report" if cell == "note" else 12)
    held = io.BytesIO()
    file.save(held)
    told = findings(desk, desk.send(held.getvalue()))
    assert [one.row for one in told if one.rule == "missing_no_reason"] == [line]
    assert [one.read for one in told if one.rule == "left_empty"] == ["battery_1662_exit"]


async def test_chosen_on_the_page_and_fetched(browser: Make) -> None:
    who = browser()
    page = await who.client.get("/contribute/indicators")
    assert "checked" not in page.text
    assert words(page).count("Overall satisfaction, government services") == 1
    ticked = {f"indicator:{one}": "1" for one in THREE}
    answered = await who.post("/contribute/indicators", "/contribute/indicators", **ticked)
    shown = await who.client.get(answered.headers["location"])
    assert "Your template holds these indicators now." in words(shown)
    assert "Your template, 3 indicators:" in words(shown)
    again = await who.client.get("/contribute/indicators")
    assert re.findall(r'name="indicator:(\w+)" value="1" checked', again.text) == sorted(THREE, key=again.text.index)
    address = re.findall(r'href="([^"]*indicator=[^"]*)"', shown.text)[0].replace("&amp;", "&")
    file = openpyxl.load_workbook(io.BytesIO((await who.client.get(address)).content))
    assert {row[0].value for row in file["Indicators"].iter_rows(min_row=2)} - {None} == set(THREE)
    none = await who.post("/contribute/indicators", "/contribute/indicators")
    assert none.status_code == 422
    assert "Tick at least one indicator." in words_of(none)


def words_of(page: httpx.Response) -> str:
    """What a refusal says."""
    return re.sub(r"<[^>]+>", " ", page.text)


async def test_what_is_published_is_ticked_at_first_unless_it_may_be_another_offices(
    browser: Make, place: Settings, record: Engine, desk: Desk
) -> None:
    assert desk.settings.database_url == place.database_url
    publish(desk, desk.send(file_of(GOOD)))
    who = browser()

    async def ticked() -> list[str]:
        page = (await who.client.get("/contribute/indicators")).text
        return sorted(re.findall(r'name="indicator:(\w+)" value="1" checked', page))

    assert await ticked() == ["battery_1662_exit", "complaints_in_time"]
    with writing(record) as connection:
        for number, name in ((1, "Agency"), (2, "Statistics")):
            accounts.name_office(connection, "AZE", number, name)
    assert await ticked() == []


async def test_who_sends_nothing_is_not_asked(browser: Make) -> None:
    for role in (Role.APPROVER, Role.REVIEWER):
        answered = await browser(role).client.get("/contribute/indicators")
        assert answered.status_code == 303
        assert answered.headers["location"].startswith(("/contribute/?", "/review/?"))


async def test_a_template_of_an_unknown_indicator_is_refused(browser: Make) -> None:
    answered = await browser().client.get("/api/v1/templates/AZE.xlsx?indicator=nps&indicator=complaint_in_time")
    assert answered.status_code == 404
    assert "complaints_in_time" in answered.text
