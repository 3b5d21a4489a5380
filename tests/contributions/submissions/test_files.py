"""Files that leave: the marked workbook, the calendar, and the command for a file that has not been sent."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import fastexcel
import openpyxl
import pytest
from typer.testing import CliRunner

from dashboard.accounts.model import Role
from dashboard.contributions.submissions import deadlines, inbox, workflow
from dashboard.contributions.submissions.workbooks.marked import marked
from dashboard.evidence.codebook.model import Codebook
from dashboard.interfaces.pages.availability import state
from dashboard.operations.cli import app
from tests.checks import all_of
from tests.contributions.submissions.conftest import GOOD, YEAR, Desk, person, workbook

BAD = [*GOOD[:3], ("nps", "Total", int(YEAR), 140)]


def test_the_marked_workbook_is_the_ministry_s_own(desk: Desk) -> None:
    def picture(book: object, page: object) -> None:
        page.write(20, 9, "kept as it was")  # type: ignore[attr-defined]

    body = workbook(BAD, more=picture)
    sent = desk.send(body)
    _, findings, _ = workflow.detail(desk.settings, desk.by, sent.id)
    made = marked(inbox.path_of(desk.settings, sent.sha256), sent.filename, findings, "ar")
    before, after = zipfile.ZipFile(io.BytesIO(body)), zipfile.ZipFile(io.BytesIO(made))
    for name in before.namelist():
        if name.startswith(("xl/sharedStrings", "xl/styles", "xl/theme", "docProps/app")):
            assert after.read(name) == before.read(name)
    book = fastexcel.read_excel(made)
    assert book.sheet_names == ["Indicators", "Method", "الملاحظات"]
    rows = book.load_sheet(2, header_row=None).to_polars().rows()
    assert ("خطأ", "Indicators", "D5", "140") in [row[:4] for row in rows]
    assert 'ref="D5"' in after.read("xl/findings_1.xml").decode()
    assert book.load_sheet(0, header_row=None).to_polars().height == 21


def test_marks_survive_when_the_marked_workbook_is_sent_again(desk: Desk) -> None:
    sent = desk.send(workbook(BAD))
    _, findings, _ = workflow.detail(desk.settings, desk.by, sent.id)
    again = desk.send(marked(inbox.path_of(desk.settings, sent.sha256), sent.filename, findings, "en"))
    _, same, _ = workflow.detail(desk.settings, desk.by, again.id)
    assert same == findings
    twice = marked(inbox.path_of(desk.settings, again.sha256), again.filename, same, "en")
    parts = zipfile.ZipFile(io.BytesIO(twice)).namelist()
    assert len(parts) == len(set(parts))
    assert openpyxl.load_workbook(io.BytesIO(twice)).sheetnames == ["Indicators", "Method", "Findings", "Findings 2"]


def test_deadlines_as_a_calendar_and_overdue(desk: Desk, book: Codebook) -> None:
    admin = person(4, Role.ADMIN, "")
    deadlines.set_due(desk.settings, admin, ["AZE"], "2024", date(2025, 3, 31))
    deadlines.set_due(desk.settings, admin, ["AZE"], YEAR, date(2999, 3, 31))
    found = deadlines.listing(desk.settings, datetime(2026, 1, 1, tzinfo=UTC))
    assert [(it.period, it.standing, it.public) for it in found] == [
        (YEAR, "due", "due"),
        ("2024", "overdue", "overdue"),
    ]
    now, accounts = datetime(2026, 1, 1, tzinfo=UTC), desk.settings.accounts.model_copy(update={"enabled": True})
    taking = desk.settings.model_copy(update={"accounts": accounts})
    assert deadlines.find_next(taking, now, "AZE") == (date(2025, 3, 31), "2024"), "what is overdue comes first"
    assert deadlines.find_next(taking, now, "KAZ") is None
    assert deadlines.find_next(desk.settings, now, "AZE") is None, "nobody can send anything"
    workflow.not_reported(desk.settings, desk.by, "figures", "2024", "not_collected", "")
    assert deadlines.find_next(taking, now, "AZE") == (date(2999, 3, 31), YEAR)
    found = deadlines.listing(desk.settings, datetime(2026, 1, 1, tzinfo=UTC))
    assert (found[1].public, found[1].reason) == ("not_reported", "not_collected")
    lines = deadlines.calendar(found, book, "ar", {}).decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "DTSTART;VALUE=DATE:20250331" in lines
    assert all_of(len(line.encode()) <= 75 for line in lines)


def test_the_page_of_what_there_is_lists_what_is_due_and_in_review(
    desk: Desk, book: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadlines.set_due(desk.settings, person(4, Role.ADMIN, ""), ["TUR"], "2024", date(2999, 3, 31))
    workflow.make(desk.settings, desk.by, desk.send(workbook()).id, "submit")
    desk.send(workbook(), period=str(int(YEAR) - 1))  # not submitted: the office's own affair
    asked = SimpleNamespace(book=book, lang="en")
    for enabled in (True, False):
        accounts = desk.settings.accounts.model_copy(update={"enabled": enabled})
        now = desk.settings.model_copy(update={"accounts": accounts})
        monkeypatch.setattr("dashboard.settings.settings", lambda now=now: now)
        monkeypatch.setattr(state, "settings", lambda now=now: now)
        told = [(it["country"], it["period"], it["standing"]) for it in state._list_standings(asked)]  # type: ignore[arg-type]
        assert told == ([("Azerbaijan", YEAR, "In review"), ("Türkiye", "2024", "Due")] if enabled else [])


def test_the_command_says_what_the_upload_would(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(workbook())
    bad.write_bytes(workbook(BAD))
    run = CliRunner().invoke(app, ["submission", "check", str(good), "--country", "AZE", "--period", YEAR])
    assert (run.exit_code, "0 errors" in run.output) == (0, True)
    out = tmp_path / "marked.xlsx"
    run = CliRunner().invoke(
        app, ["submission", "check", str(bad), "--country", "aze", "--period", YEAR, "--marked", str(out)]
    )
    assert run.exit_code == 1
    assert "Indicators!D5 “140”" in run.output
    assert zipfile.is_zipfile(out)
    before = bad.read_bytes()
    run = CliRunner().invoke(app, ["submission", "check", str(bad), "--country", "AZE", "--marked", str(bad)])
    assert (run.exit_code, "would write over" in run.output, bad.read_bytes() == before) == (2, True, True)
    survey = ["submission", "check", str(good), "--country", "AZE", "--dataset", "survey"]
    run = CliRunner().invoke(app, [*survey, "--marked", str(tmp_path / "survey.xlsx")])
    assert (run.exit_code, run.output.count("\n"), "--marked" in run.output) == (2, 1, True)
    assert not (tmp_path / "survey.xlsx").exists()
    (tmp_path / "no.xlsx").write_bytes(b"PK\x03\x04nothing")
    run = CliRunner().invoke(app, ["submission", "check", str(tmp_path / "no.xlsx"), "--country", "AZE"])
    assert (run.exit_code, run.output) == (2, "no.xlsx is no workbook, or a damaged one: save it again as XLSX.\n")
    (tmp_path / "own.csv").write_text(f"indicator,period,value,shade\nnps,{YEAR},40,fine\n", encoding="utf-8")
    run = CliRunner().invoke(app, ["submission", "check", str(tmp_path / "own.csv"), "--country", "AZE"])
    assert "1 row, " in run.output
    assert "1 error\n" in run.output
    assert ("column_unknown" in run.output, "below" in run.output) == (True, False)  # the form is on the server's page
