"""Monthly counts of services as a ministry sends them: read, checked, approved by a second person, in force."""

import html
import io
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import fastexcel
import httpx
import openpyxl
import pytest
from typer.testing import CliRunner

from dashboard.accounts.model import Role
from dashboard.contributions.delivery import pooling
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.delivery.metrics import shifted
from dashboard.contributions.delivery.model import Centre, CentreReport, ServiceMerger
from dashboard.evidence.database.engine import open_engine
from dashboard.locales import DESK_LANGUAGES, format_number, t
from dashboard.operations.cli import app
from dashboard.settings import Settings
from tests.contributions.submissions.test_upload import Make, Person, api, person, place

__all__ = ["api", "person", "place"]

NOW = datetime.now(UTC)
MONTH = shifted(NOW.date(), -1)
SAID = f"{MONTH:%Y-%m}"
BAKU = Centre("baku-1", "AZE", "Baku 1", date(2020, 1, 1), services=(("id", "Identity cards"),))
HEAD = "centre,service,channel,month,started,completed"


@pytest.fixture
def known(place: Settings) -> Settings:
    """A place where one centre of the country is known, and counted the month before; and one of another country."""
    record = open_engine(place)
    delivery.save_centres(record, [BAKU, Centre("kampala-1", "UGA", "Kampala 1", date(2020, 1, 1))])
    past = CentreReport("baku-1", "id", "counter", shifted(MONTH, -1), {"started": 100, "completed": 80})
    delivery.save_reports(record, "AZE", [past], NOW)
    return place


def sheet(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *rows)).encode()


async def sent(who: Person, body: bytes, name: str = "counts.csv", period: str = SAID) -> httpx.Response:
    form = {"form_token": await who.token(), "period": period, "dataset": "counts"}
    return await who.client.post("/contribute/upload", data=form, files={"file": (name, body)})


async def found(who: Person, answer: httpx.Response) -> dict[str, list[tuple[str, str, str]]]:
    """Rule → (sheet, cell, what was read) of an upload."""
    assert answer.status_code == 303, answer.text[:300]
    number = answer.headers["location"].split("/contribute/")[1].split("?")[0]
    told = (await who.client.get(f"/api/v1/submissions/{number}")).json()
    by_rule: dict[str, list[tuple[str, str, str]]] = {}
    for one in told["findings"]:
        assert one["expected"]
        assert one["todo"]
        by_rule.setdefault(one["rule"], []).append((one["sheet"], f"{one['column']}{one['row'] or ''}", one["read"]))
    return by_rule


async def moved(who: Person, number: int, move: str) -> int:
    page = f"/contribute/{number}"
    return (await who.post(f"{page}/move", page, move=move)).status_code


async def test_counts_come_into_force_by_four_eyes_and_their_month_is_closed(person: Make, known: Settings) -> None:
    record = open_engine(known)
    sender, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER, "")
    template = (await sender.client.get(f"/api/v1/templates/AZE/counts.xlsx?lang=ar&period={SAID}")).content
    book = openpyxl.load_workbook(io.BytesIO(template))
    services, centres = book[t("submissions.sheet.services", "ar")], book[t("submissions.sheet.centres", "ar")]
    heads = [cell.value for cell in services[1]]
    assert [cell.value for cell in services[2]][:4] == ["baku-1", "id", "counter", SAID]
    for name, count in (("started", 120), ("completed", 90)):
        services.cell(2, heads.index(name) + 1, count)
    for at, cell in enumerate(("ganja-1", "AZE", "Ganja 1", "2026-01-01"), start=1):
        centres.cell(3, at, cell)
    for at, cell in enumerate(("ganja-1", "id", "web", SAID, "٣٠", 30), start=1):
        services.cell(3, at, cell)
    held = io.BytesIO()
    book.save(held)
    assert await found(sender, await sent(sender, held.getvalue(), "counts.xlsx")) == {}
    page = (await sender.client.get("/contribute/1?lang=en")).text
    assert "name: Ganja 1 · since: 2026-01-01" in page
    assert "Baku 1" not in page, "a row of the template that was left as it is changes nothing"
    assert ">150<" in page
    assert "+50.0" in page, "150 started, 100 the month before"
    assert [await moved(sender, 1, "submit"), await moved(sender, 1, "approve")] == [303, 403]
    assert await moved(approver, 1, "approve") == 303
    assert delivery.reports(record, "AZE", since=MONTH) == []
    assert await moved(reviewer, 1, "publish") == 303
    assert {row.key: row.counts for row in delivery.reports(record, "AZE", since=MONTH)} == {
        ("baku-1", "id", "counter", MONTH): {"started": 120, "completed": 90},
        ("ganja-1", "id", "web", MONTH): {"started": 30, "completed": 30},
    }
    assert set(delivery.centres(record, "AZE")) == {"baku-1", "ganja-1"}
    receipt = (await sender.client.get("/api/v1/submissions/1/receipt.json")).json()
    assert (receipt["period"], receipt["rows"], receipt["evidence_level"], receipt["vintage"]) == (SAID, 2, 2, None)
    late = await sent(sender, sheet(f"baku-1,id,counter,{SAID},130,90"))
    assert (late.status_code, len(delivery.reports(record, "AZE", since=MONTH))) == (409, 2)
    reopened = await reviewer.post("/contribute/1/reopen", "/contribute/1", reason="A count was forgotten")
    assert reopened.status_code == 303
    again = await found(sender, await sent(sender, sheet(f"baku-1,id,counter,{SAID},40,30")))
    assert again == {"counts_report_fallen": [("counts.csv", "E2", "started, completed")]}
    page = (await sender.client.get("/contribute/2?lang=en")).text
    assert (">70<" in page, "−30.0" in page) == (True, True), "40 sent again, 30 of the other centre stay"
    for who, move in ((sender, "submit"), (approver, "approve"), (reviewer, "publish")):
        assert await moved(who, 2, move) == 303
    corrected = {row.key: row.counts["started"] for row in delivery.reports(record, "AZE", since=MONTH)}
    assert corrected == {("baku-1", "id", "counter", MONTH): 40, ("ganja-1", "id", "web", MONTH): 30}


async def test_centres_alone_are_kept_and_leave_their_month_open(person: Make, known: Settings) -> None:
    people = person(), person(Role.APPROVER), person(Role.REVIEWER, "")
    files = (
        sheet("baku-1,AZE,Baku 1,2026-01-01,Absheron", head="code,country,name,since,region"),
        sheet(f"baku-1,id,counter,{SAID},130,90"),
    )
    for id_, body in enumerate(files, start=1):
        assert await found(people[0], await sent(people[0], body)) == {}
        seen = html.unescape((await people[1].client.get(f"/contribute/{id_}?lang=en")).text)
        for part in ("Baku 1 (baku-1)", "since: 2020-01-01 · region: –", "since: 2026-01-01 · region: Absheron"):
            assert (part in seen) == (id_ == 1), "who approves sees what becomes of the centre"
        for who, move in zip(people, ("submit", "approve", "publish"), strict=True):
            assert await moved(who, id_, move) == 303
    rows = delivery.centre(open_engine(known), "baku-1")
    assert [(one.region, one.services) for one in rows] == [("", BAKU.services), ("Absheron", BAKU.services)], (
        "of a column that the file has not, what stands is kept"
    )
    assert [one.counts["started"] for one in pooling.added(open_engine(known), "AZE").monthly] == [100, 130]


async def test_every_fault_is_named_in_its_cell(person: Make, known: Settings) -> None:
    sender = person()
    rows = (
        f"baku-1,id,counter,{SAID},12,13",
        f"nowhere,id,counter,{SAID},12,1",
        f"baku-1,id,door,{SAID},12,1",
        "baku-1,id,web,2001-01,12,1",
        f"baku-1,id,call,{SAID},1.5,",
        f"baku-1,id,app,{SAID},,",
        f"kampala-1,id,web,{SAID},3,1",
        f"baku-1,id,mobile,{SAID},1,200,900",
        f"baku-1,id,mobile,{SAID},1,200,",
    )
    assert await found(sender, await sent(sender, sheet(*rows))) == {
        "counts_report_outcomes": [("counts.csv", "F2", "13")],
        "counts_report_centre": [("counts.csv", "A3", "nowhere"), ("counts.csv", "A8", "kampala-1")],
        "counts_report_channel": [("counts.csv", "C4", "door")],
        "counts_period": [("counts.csv", "D5", "2001-01")],
        "counts_report_count": [("counts.csv", "E6", "1.5")],
        "counts_report_empty": [("counts.csv", "E7", "")],
        "cells_moved": [("counts.csv", "G9", "900"), ("counts.csv", "G10", f"baku-1,id,mobile,{SAID},1,200,")],  # 1200
    }
    (parts,) = (
        one["expected"]
        for one in (await sender.client.get("/api/v1/submissions/1")).json()["findings"]
        if one["rule"] == "counts_report_outcomes"
    )
    assert parts == "No more than started (12): completed is 13."
    marked = fastexcel.read_excel((await sender.client.get("/contribute/1/marked.xlsx")).content)
    assert marked.load_sheet(0, header_row=None).to_polars().height == 1 + len(rows)
    assert await moved(sender, 1, "submit") == 422
    centres = sheet("oslo-1,NOR,Oslo,2026-01-01", "kampala-1,AZE,Mine,2026-01-01", head="code,country,name,since")
    assert await found(sender, await sent(sender, centres)) == {
        "counts_country": [("counts.csv", "B2", "NOR")],
        "counts_taken": [("counts.csv", "A3", "kampala-1")],
    }


async def test_more_wrong_documents_than_were_issued_are_named_in_their_cell(person: Make, known: Settings) -> None:
    sender, head = person(), f"{HEAD},documents_issued,documents_wrong,decisions_taken,decisions_overturned"
    rows = (f"baku-1,id,counter,{SAID},120,90,80,81,7,8", f"baku-1,id,web,{SAID},120,90,80,80,,")
    told = await found(sender, await sent(sender, sheet(*rows, head=head)))
    assert told == {"counts_report_parts": [("counts.csv", "H2", "81"), ("counts.csv", "J2", "8")]}


async def test_a_bare_number_is_nobody_who_measured(person: Make, known: Settings) -> None:
    """``1200,50`` under *cost* of a CSV with commas is 1200, and 50 in the next column."""
    rows = (f"baku-1,id,counter,{SAID},120,90,50", f"baku-1,id,web,{SAID},120,90,50 people")
    told = await found(who := person(), await sent(who, sheet(*rows, head=f"{HEAD},measured_by")))
    assert told == {"counts_measured_by": [("counts.csv", "G2", "50")]}


async def test_a_number_that_may_be_a_thousand_times_another_is_asked_about(person: Make, known: Settings) -> None:
    sender, head = person(), f"{HEAD},cost,currency".replace(",", ";")
    rows = (f"baku-1;id;counter;{SAID};2.000;1.000;12.500;AZN", f"baku-1;id;web;{SAID};2000.0;1000.00;12,345;AZN")
    assert await found(sender, await sent(sender, sheet(*rows, head=head))) == {
        "counts_report_ambiguous": [("counts.csv", cell, read) for cell, read in
                                    (("E2", "2.000"), ("F2", "1.000"), ("G2", "12.500"), ("G3", "12,345"))]
    }  # fmt: skip
    told = (await sender.client.get("/api/v1/submissions/1")).json()["findings"]
    assert {f"{one['column']}{one['row']}": one["todo"].split(",")[0] for one in told} == {
        "E2": "Write 2000 or 2", "F2": "Write 1000 or 1", "G2": "Write 12500 or 12.5", "G3": "Write 12345 or 12.3450",
    }  # fmt: skip


async def test_numbers_of_a_workbook_are_as_it_holds_them(person: Make, known: Settings) -> None:
    sender, book, held = person(), openpyxl.Workbook(), io.BytesIO()
    book.active.append([*HEAD.split(","), "cost", "currency"])
    book.active.append(["baku-1", "id", "counter", SAID, 2000, 1000.0, 12.345, "AZN"])
    book.active.append(["baku-1", "id", "web", SAID, "2.000", 1000, "12.345", "AZN"])
    for cell in book.active["E"][1:]:
        cell.number_format = "#,##0.000"
    book.save(held)
    assert await found(sender, await sent(sender, held.getvalue(), "counts.xlsx")) == {
        "counts_report_ambiguous": [("Sheet", "E3", "2.000"), ("Sheet", "G3", "12.345")]
    }


@pytest.mark.parametrize(
    ("body", "rule"),
    [(b"a;b\n1;2\n", "counts_no_table"), (sheet(), "rows_none"), (sheet("x", head=f"{HEAD},started"), "column_twice")],
)
async def test_a_file_without_counts_says_so(person: Make, body: bytes, rule: str) -> None:
    sender = person()
    assert rule in await found(sender, await sent(sender, body))


@pytest.mark.parametrize("period", ["2026", "2999-01", "2026-13", "1980-01", ""])
async def test_a_month_that_is_none_is_refused_before_the_file(person: Make, period: str) -> None:
    answer = await sent(person(), sheet(), period=period)
    assert (answer.status_code, t("submissions.refusal.month", "en") in answer.text) == (422, True)


async def test_a_code_that_came_to_be_another_country_s_is_not_taken_over(person: Make, place: Settings) -> None:
    sender, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER, "")
    await sent(sender, sheet("north-1,AZE,North,2026-01-01", head="code,country,name,since"))
    assert [await moved(sender, 1, "submit"), await moved(approver, 1, "approve")] == [303, 303]
    delivery.save_centres(open_engine(place), [Centre("north-1", "UGA", "Of others", date(2020, 1, 1))])
    answer = await reviewer.post("/contribute/1/move", "/contribute/1", move="publish")
    assert (answer.status_code, t("submissions.refusal.taken", "en") in html.unescape(answer.text)) == (409, True)
    assert [row.country for row in delivery.centre(open_engine(place), "north-1")] == ["UGA"]


@pytest.mark.parametrize("lang", DESK_LANGUAGES)
async def test_the_page_offers_it_and_the_template_is_read_as_it_is(person: Make, known: Settings, lang: str) -> None:
    sender = person()
    page = (await sender.client.get(f"/contribute/counts?lang={lang}")).text
    assert t("submissions.send.counts", lang) in page
    assert f"/api/v1/templates/AZE/counts.xlsx?lang={lang}&amp;period={SAID}" in page
    for form in ("xlsx", "csv"):
        body = (await sender.client.get(f"/api/v1/templates/AZE/counts.{form}?lang={lang}&period={SAID}")).content
        told = await found(sender, await sent(sender, body, f"counts.{form}"))
        assert set(told) == {"counts_report_empty"}, "only the counts are missing"
    for wrong in ("period=2026", "period=2999-01"):
        assert (await sender.client.get(f"/api/v1/templates/AZE/counts.csv?{wrong}")).status_code == 422


@pytest.mark.parametrize("lang", DESK_LANGUAGES)
async def test_what_stands_in_a_column_is_said_in_the_language_where_it_is_filled_in(
    person: Make, known: Settings, lang: str
) -> None:
    sender = person()
    body = (await sender.client.get(f"/api/v1/templates/AZE/counts.xlsx?lang={lang}&period={SAID}")).content
    _start, services, centres, listed = openpyxl.load_workbook(io.BytesIO(body)).worksheets
    said = {one.promptTitle: one.prompt for one in services.data_validations.dataValidation}
    assert list(said) == [cell.value for cell in services[1]]
    assert said["completed"] == t("delivery.count.completed", lang)
    assert said["waiting_15"] == t(
        "delivery.count.waiting", lang, low=format_number(15, lang), high=format_number(20, lang)
    )
    assert said["waiting_120"] == t("delivery.count.waiting_open", lang, low=format_number(120, lang))
    assert list(said.items()) == [row[:2] for row in listed.iter_rows(values_only=True)][-len(said) :]
    of_centres = [one.promptTitle for one in centres.data_validations.dataValidation]
    assert of_centres == [cell.value for cell in centres[1]]


async def test_a_template_is_named_by_country_year_and_language_and_is_of_a_year_one_can_report(
    person: Make, known: Settings
) -> None:
    sender, now = person(), datetime.now(UTC).year

    async def asked(path: str) -> tuple[int, str]:
        reply = await sender.client.get(f"/api/v1/templates/{path}")
        return reply.status_code, reply.headers.get("content-disposition", "")

    for path, name in (
        ("aze.csv", f"Azerbaijan_{now - 1}_en.csv"), ("AZE.csv?lang=ar&period=1990", "Azerbaijan_1990_ar.csv"),
        (f"CIV.csv?period={now}", f"Cte_dIvoire_{now}_en.csv"), ("GNB.xlsx?period=2020", "Guinea-Bissau_2020_en.xlsx"),
        (f"AZE/counts.csv?lang=fr&period={SAID}", f"AZE_counts_{SAID}_fr.csv"),
    ):  # fmt: skip
        assert await asked(path) == (200, f'attachment; filename="{name}"')
    for path, status in (
        ("AZE.csv?period=1989", 422), (f"AZE.csv?period={now + 1}", 422), ("AZE.csv?period=19x0", 422),
        ("AZE.csv?lang=xx", 422), ("ZZZ.csv", 404), ("ZZZ/counts.csv", 404),
    ):  # fmt: skip
        assert (await asked(path))[0] == status, path


async def test_what_is_withdrawn_goes_with_its_reason_and_a_merged_service_is_kept(
    person: Make, known: Settings
) -> None:
    record = open_engine(known)
    people = person(), person(Role.APPROVER), person(Role.REVIEWER, "")
    past = [
        CentreReport("baku-1", "id", "counter", MONTH, {"satisfied_1": 3, "answered": 3, "started": 9, "completed": 7}),
        CentreReport("baku-1", "pass", "web", shifted(MONTH, -1), {"started": 5}),
    ]
    delivery.save_reports(record, "AZE", past, NOW)
    head = f"{HEAD},merged_from,withdrawn"
    rows = (
        f"baku-1,id,counter,{SAID},,,,Counted twice",
        f"baku-1,papers,web,{SAID},9,9,pass,",
    )
    told = await found(people[0], await sent(people[0], sheet(*rows, head=head)))
    assert told == {"counts_month_ended": [("counts.csv", "H2", "Counted twice")]}
    for who in people[:2]:
        page = html.unescape((await who.client.get("/contribute/1?lang=en")).text)
        assert (t("submissions.withdrawal.list", "en") in page, "Counted twice" in page) == (True, True)
    assert [one.key[:2] for one in delivery.reports(record, "AZE", since=MONTH)] == [("baku-1", "id")]
    for who, move in zip(people, ("submit", "approve", "publish"), strict=True):
        assert await moved(who, 1, move) == 303
    assert [one.key[:2] for one in delivery.reports(record, "AZE", since=MONTH)] == [("baku-1", "papers")]
    assert delivery.mergers(record, "AZE") == {"pass": ServiceMerger("pass", "papers", MONTH)}
    receipt = (await people[0].client.get("/api/v1/submissions/1/receipt.json")).json()
    assert receipt["withdrawn"] == [
        {"indicator": "completed", "period": SAID, "group": "baku-1 · id · counter", "value": 7,
         "reason": "Counted twice"}
    ], "everybody reads it: a count of work, and no answer of the three people"  # fmt: skip
    template = (await people[0].client.get(f"/api/v1/templates/AZE/counts.csv?period={SAID}")).text
    assert "papers" in template
    assert ",pass," not in template
    reopened = await people[2].post("/contribute/1/reopen", "/contribute/1", reason="It was no merger")
    assert reopened.status_code == 303
    again = (f"baku-1,papers,web,{SAID},9,9,no,", f"baku-1,pass,web,{SAID},2,1,,")
    assert await found(people[0], await sent(people[0], sheet(*again, head=head))) == {
        "counts_month_gone": [("", "", "baku-1 · id · counter")]
    }
    for who, move in zip(people, ("submit", "approve", "publish"), strict=True):
        assert await moved(who, 2, move) == 303
    assert delivery.mergers(record, "AZE") == {}


async def test_another_office_s_places_are_not_missed(person: Make, known: Settings) -> None:
    from dashboard.contributions.submissions.kinds.counts import load_ground

    assert load_ground(known, "AZE", SAID).before == (("baku-1", "id", "counter"),)
    people = person(), person(Role.APPROVER), person(Role.REVIEWER, "")
    await sent(people[0], sheet(f"baku-1,id,counter,{SAID},130,90"))
    for who, move in zip(people, ("submit", "approve", "publish"), strict=True):
        assert await moved(who, 1, move) == 303
    later = f"{shifted(MONTH, 1):%Y-%m}"
    assert load_ground(known, "AZE", later, 1).before == (("baku-1", "id", "counter"),)
    assert load_ground(known, "AZE", later, 2).before == ()


def test_the_command_knows_the_centres_of_the_record(known: Settings, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(import_module("dashboard.operations.cli.submission"), "settings", lambda: known)
    (tmp_path / "counts.csv").write_bytes(sheet(f"baku-1,id,web,{SAID},3,2", f"kampala-1,id,web,{SAID},3,2"))
    asked = ["submission", "check", str(tmp_path / "counts.csv"), "--country", "AZE", "--dataset", "counts"]
    run = CliRunner().invoke(app, [*asked, "--period", SAID])
    assert (run.exit_code, "A2" in run.output, "A3" in run.output) == (1, False, True), run.output
    assert "baku-1 · id · counter" in run.output, "what was sent the month before is missed"


def test_the_command_reads_counts_with_the_centres_of_their_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (HEAD.split(","), ("north-1", "id", "web", SAID, 3, 2), ("south-1", "id", "web", SAID, 3, 2)):
        page.append(row)
    centres = book.create_sheet("Places")
    for row in (("code", "country", "name", "since"), ("north-1", "AZE", "North", "2026-01-01")):
        centres.append(row)
    book.save(tmp_path / "counts.xlsx")
    asked = ["submission", "check", str(tmp_path / "counts.xlsx"), "--country", "AZE", "--dataset", "counts"]
    run = CliRunner().invoke(app, [*asked, "--period", SAID])
    assert (run.exit_code, "Sheet!A3 “south-1”" in run.output, "2 rows" in run.output) == (1, True, False)
    assert CliRunner().invoke(app, [*asked, "--period", "2026"]).exit_code == 2
