"""Files over the real upload: every bad one is named, none is accepted wrongly, and nothing is left half."""

import io
import random
import re
import socket
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from dashboard.accounts import audit, people, sessions
from dashboard.accounts.model import Account, Role
from dashboard.accounts.people import Rights
from dashboard.api import problems
from dashboard.api.accounts import routes as accounts
from dashboard.api.submissions import public, routes
from dashboard.database.engine import engine, reading
from dashboard.settings import Settings, settings
from dashboard.submissions import store
from dashboard.submissions.model import MAX_BYTES
from tests.submissions.conftest import GOOD, HEADS, METHOD, YEAR, workbook

SITE = "https://monitor.test"
Y = int(YEAR)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        database_url=database_url,
        public_url=SITE,
        secret="s" * 40,
        accounts={"enabled": True},
    )


@pytest.fixture
def api(place: Settings) -> FastAPI:
    made = FastAPI()
    problems.install(made)
    made.include_router(public.router, prefix="/api/v1")
    accounts.install(made, place)
    routes.install(made, "/api/v1")
    made.dependency_overrides[settings] = lambda: place
    return made


class Person:
    """A browser in which somebody is logged in."""

    def __init__(self, api: FastAPI, place: Settings, account: Account) -> None:
        self.account, self.place = account, place
        cookie = sessions.begin(place, account, stage="full", cookie_header=None, address="192.0.2.1", agent="test")
        transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(
            transport=transport, base_url=SITE, cookies={cookie.name: cookie.value}, timeout=120
        )

    async def token(self, path: str = "/contribute/") -> str:
        found = re.search(r'name="form_token" value="([0-9a-f]{64})"', (await self.client.get(path)).text)
        assert found, (await self.client.get(path)).text[:500]
        return found[1]

    async def upload(self, body: bytes, name: str = "figures.xlsx", **fields: str) -> httpx.Response:
        form = {"form_token": await self.token(), "period": YEAR, **fields}
        return await self.client.post("/contribute/upload", data=form, files={"file": (name, body)})

    async def post(self, path: str, on: str, **fields: str) -> httpx.Response:
        return await self.client.post(path, data={"form_token": await self.token(on), **fields})


Make = Callable[..., Person]


@pytest.fixture
def person(api: FastAPI, place: Settings) -> Make:
    def made(role: Role = Role.CONTRIBUTOR, country: str = "AZE", email: str = "") -> Person:
        email = email or f"{role}{random.random()}@stat.test".lower()
        rights = Rights(role, country if role.of_country else "", "", f"Office of {role}")
        invitation = people.invite(place, email=email, rights=rights)
        people.accept(place, invitation.link.split("token=")[1].split("&")[0], "lantern orchid gravel 71", "A Name")
        account = people.get(place, invitation.account.id)
        assert account is not None
        return Person(api, place, account)

    return made


@pytest.fixture
async def sender(person: Make) -> AsyncIterator[Person]:
    made = person()
    yield made
    await made.client.aclose()


async def findings(sender: Person, body: bytes, name: str = "figures.xlsx") -> dict[str, list[tuple[str, str]]]:
    """Rule → (cell, what was read) of everything found in a file that was uploaded."""
    sent = await sender.upload(body, name)
    assert sent.status_code == 303, sent.text[:400]
    number = sent.headers["location"].split("/contribute/")[1].split("?")[0]
    told = (await sender.client.get(f"/api/v1/submissions/{number}")).json()
    found: dict[str, list[tuple[str, str]]] = {}
    for one in told["findings"]:
        assert one["expected"]
        assert one["todo"]
        found.setdefault(one["rule"], []).append((f"{one['column']}{one['row'] or ''}", one["read"]))
    return found


def csv(*lines: str, head: str = "Indicator code;Group;Year;Value;Reason if missing") -> str:
    return "\r\n".join((head, *lines))


def rows(*more: Any) -> bytes:
    return workbook([*GOOD[:3], *more])


def archive(parts: dict[str, bytes], base: bytes | None = None, level: int = 9) -> bytes:
    """A workbook with parts replaced or added."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or workbook())) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, body in parts.items():
            new.writestr(name, body)
    return held.getvalue()


def sheet_xml(cells: str) -> bytes:
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{cells}</sheetData></worksheet>"
    ).encode()


async def test_a_good_file_has_nothing_to_object_to(sender: Person) -> None:
    told = await findings(sender, workbook())
    assert {rule for rule in told if rule not in ("target_missing",)} == {"few_answers"} - {"few_answers"}


def _formula(book: Any, page: Any) -> None:
    page.write_formula("D2", "=1+1", None, "")


def _merged(book: Any, page: Any) -> None:
    page.merge_range("C5:C6", int(YEAR))


def _hidden(book: Any, page: Any) -> None:
    page.set_row(2, None, None, {"hidden": True})
    page.set_column("F:F", None, None, {"hidden": True})


def _hidden_sheet(book: Any, page: Any) -> None:
    other = book.add_worksheet("Old")
    other.write_row(0, 0, HEADS)
    other.write_row(1, 0, ("nps", "Total", Y, 41, None, None, 300))
    other.hide()


def _older(book: Any, page: Any) -> None:
    stamp = book.add_worksheet("_stamp")
    for line, pair in enumerate({"country": "AZE", "codebook": "2019"}.items()):
        stamp.write_row(line, 0, pair)
    stamp.very_hidden()


def _percent(book: Any, page: Any) -> None:
    page.write_number("D2", 0.615, book.add_format({"num_format": "0.0%"}))


BAD: list[tuple[str, Callable[[], bytes], str, str, str]] = [
    # name, file, its name, rule, cell ("" where none)
    ("formula_without_value", lambda: workbook(more=_formula), "f.xlsx", "formula_no_value", "D2"),
    ("formula_text", lambda: rows(("nps", "Total", Y, "=cmd|' /C calc'!A0")), "f.xlsx", "formula_text", "D5"),
    ("hidden_rows", lambda: workbook(more=_hidden), "f.xlsx", "hidden_rows", "3"),
    ("hidden_sheet", lambda: workbook(more=_hidden_sheet), "f.xlsx", "hidden_sheet", ""),
    ("merged_cells", lambda: workbook(GOOD[:3], more=_merged), "f.xlsx", "cells_merged", "C5"),
    ("doubled_heads", lambda: workbook(heads=(*HEADS, "Value")), "f.xlsx", "column_twice", "K1"),
    ("unknown_column", lambda: workbook(heads=(*HEADS, "Colour")), "f.xlsx", "column_unknown", "K1"),
    (
        "renamed_column",
        lambda: workbook(heads=("Indicator code", "Group", "Year", "Result of ours", *HEADS[4:])),
        "f.xlsx",
        "column_missing",
        "1",
    ),
    (
        "wrong_country",
        lambda: workbook(
            [("nps", "Total", Y, 40, 900, "TUR")],
            ("Indicator code", "Group", "Year", "Value", "People who answered", "Country"),
        ),
        "f.xlsx",
        "country_wrong",
        "F2",
    ),
    ("future", lambda: rows(("nps", "Total", Y + 30, 40)), "f.xlsx", "period_future", "C5"),
    ("wrong_period", lambda: rows(("nps", "Total", Y + 1, 40)), "f.xlsx", "period_wrong", "C5"),
    ("month", lambda: rows(("nps", "Total", f"{YEAR}-03", 40)), "f.xlsx", "period_not_year", "C5"),
    ("no_period", lambda: rows(("nps", "Total", "last year", 40)), "f.xlsx", "period_unread", "C5"),
    ("unknown_indicator", lambda: rows(("npz", "Total", Y, 40)), "f.xlsx", "indicator_unknown", "A5"),
    ("custodian_s", lambda: rows(("wgi_cc", "Total", Y, 0.4)), "f.xlsx", "indicator_not_accepted", "A5"),
    ("unknown_group", lambda: rows(("nps", "Martians", Y, 40)), "f.xlsx", "breakdown_unknown", "B5"),
    (
        "unit",
        lambda: rows(("waiting_median", "Total", Y, 12, None, None, None, "hours")),
        "f.xlsx",
        "unit_differs",
        "H5",
    ),
    ("percent_of_minutes", lambda: rows(("waiting_median", "Total", Y, "12 %")), "f.xlsx", "percent_sign", "D5"),
    ("words_for_a_number", lambda: rows(("nps", "Total", Y, "about forty")), "f.xlsx", "number_unread", "D5"),
    ("earlier", lambda: rows(("nps", "Total", Y - 1, 40)), "f.xlsx", "period_earlier", "C5"),
    ("half_a_case", lambda: rows(("complaints_in_time", "Total", Y, 75, 7.5, 10)), "f.xlsx", "count_not_whole", "E5"),
    ("hidden_column", lambda: workbook(more=_hidden), "f.xlsx", "hidden_column", "F"),
    (
        "unit_in_head",
        lambda: workbook(
            [("waiting_median", "Total", Y, 12)], ("Indicator code", "Group", "Year", "Value (hours)"), METHOD
        ),
        "f.xlsx",
        "unit_differs",
        "",
    ),
    ("older_template", lambda: workbook(more=_older), "f.xlsx", "template_version", ""),
    ("infinite", lambda: rows(("nps", "Total", Y, "inf")), "f.xlsx", "number_unread", "D5"),
    ("not_a_number", lambda: rows(("nps", "Total", Y, "nan")), "f.xlsx", "number_unread", "D5"),
    ("ambiguous", lambda: rows(("handling_time", "Total", Y, "1,234")), "f.xlsx", "number_ambiguous", "D5"),
    ("bounds", lambda: rows(("battery_1662_exit", "Urban", Y, 161.5)), "f.xlsx", "out_of_bounds", "D5"),
    (
        "numerator",
        lambda: rows(("complaints_in_time", "Total", Y, 75, 500, 400)),
        "f.xlsx",
        "numerator_too_large",
        "E5",
    ),
    (
        "not_its_ratio",
        lambda: rows(("complaints_in_time", "Total", Y, 70, 300, 400)),
        "f.xlsx",
        "value_not_ratio",
        "D5",
    ),
    (
        "total_outside",
        lambda: workbook([("battery_1662_exit", "Total", Y, 71.5), *GOOD[1:3]]),
        "f.xlsx",
        "total_outside_parts",
        "D2",
    ),
    (
        "parts_exceed",
        lambda: workbook(
            [
                ("battery_1662_exit", "Total", Y, 61.5, None, 500),
                ("battery_1662_exit", "Women", Y, 63.0, None, 400),
                ("battery_1662_exit", "Men", Y, 60.0, None, 400),
            ]
        ),
        "f.xlsx",
        "parts_exceed_total",
        "F2",
    ),
    ("duplicate", lambda: rows(GOOD[0]), "f.xlsx", "row_twice", "A5"),
    ("missing", lambda: rows(("nps", "Total", Y, "n/a")), "f.xlsx", "missing_no_reason", "I5"),
    ("dash", lambda: rows(("nps", "Total", Y, "–")), "f.xlsx", "missing_no_reason", "I5"),
    (
        "unknown_reason",
        lambda: rows(("nps", "Total", Y, None, None, None, None, None, "the dog ate it")),
        "f.xlsx",
        "reason_unknown",
        "I5",
    ),
    (
        "value_and_reason",
        lambda: rows(("nps", "Total", Y, 40, None, None, None, None, "Not collected")),
        "f.xlsx",
        "value_and_reason",
        "I5",
    ),
    ("small_cell", lambda: rows(("nps", "Total", Y, 40, None, None, 6)), "f.xlsx", "small_cell", "G5"),
    ("fractions", lambda: workbook([("completion_rate", "Total", Y, 0.8)]), "f.xlsx", "share_as_fraction", "D2"),
    ("no_method", lambda: workbook(method=None), "f.xlsx", "method_missing", ""),
    ("note_below", lambda: rows((), ("Source: our own survey",)), "f.xlsx", "note_left_out", "A6"),
    ("error_value", lambda: rows(("nps", "Total", Y, "#DIV/0!")), "f.xlsx", "error_value", "D5"),
    ("no_figures", lambda: workbook([]), "f.xlsx", "rows_none", ""),
    ("no_table", lambda: workbook(heads=("a", "b", "c")), "f.xlsx", "no_table", ""),
    ("text_that_is_no_table", lambda: b"\x00\x01\x02garbage", "f.xlsx", "refused", ""),
    ("not_a_workbook", lambda: b"PK\x03\x04" + b"x" * 200, "f.xlsx", "refused", ""),
    ("macro", lambda: archive({"xl/vbaProject.bin": b"x"}), "f.xlsm", "refused", ""),
    ("external_link", lambda: archive({"xl/externalLinks/externalLink1.xml": b"<a/>"}), "f.xlsx", "refused", ""),
    (
        "encrypted",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600,
        "f.xlsx",
        "refused",
        "",
    ),
    (
        "bomb_by_ratio",
        lambda: archive({"xl/worksheets/sheet1.xml": sheet_xml("<row>" + " " * 40_000_000 + "</row>")}),
        "f.xlsx",
        "refused",
        "",
    ),
    (
        "bomb_by_address",
        lambda: archive(
            {
                "xl/worksheets/sheet1.xml": sheet_xml(
                    '<row r="1"><c r="A1"><v>1</v></c></row><row r="500000"><c r="CV500000"><v>1</v></c></row>'
                )
            }
        ),
        "f.xlsx",
        "refused",
        "",
    ),
    ("million_rows", lambda: ("Indicator code;Value\n" + "nps;1\n" * 1_000_000).encode(), "f.csv", "refused", ""),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is read of a file is the same on any engine
@pytest.mark.parametrize(("name", "body", "filename", "rule", "cell"), BAD, ids=[case[0] for case in BAD])
@pytest.mark.long
async def test_every_bad_file_is_named(
    sender: Person, name: str, body: Callable[[], bytes], filename: str, rule: str, cell: str
) -> None:
    told = await findings(sender, body(), filename)
    assert rule in told, told
    if cell:
        assert cell in [place for place, _ in told[rule]], told[rule]


REFUSED = {
    "not_a_workbook": "cannot be read as a workbook", "macro": "holds macros", "external_link": "refers to other files",
    "encrypted": "protected by a password", "bomb_by_ratio": "unpacks to more than", "million_rows": "250,000 rows",
    "bomb_by_address": "reaches from A1 to CV500000",
}  # fmt: skip
"""What is said of a file that is not read, by the name of its case."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is read of a file is the same on any engine
@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.long
async def test_a_file_that_is_not_read_says_why(sender: Person, name: str) -> None:
    body, filename = next((case[1], case[2]) for case in BAD if case[0] == name)
    sent = await sender.upload(body(), filename)
    number = sent.headers["location"].split("/contribute/")[1].split("?")[0]
    (told,) = (await sender.client.get(f"/api/v1/submissions/{number}")).json()["findings"]
    assert REFUSED[name] in told["expected"]
    back = await sender.client.get(f"/contribute/{number}/marked.xlsx")
    with zipfile.ZipFile(io.BytesIO(back.content)) as book:  # the findings alone: what was refused is not opened again
        assert sum(entry.file_size for entry in book.infolist()) < 100_000


READ_RIGHT: list[tuple[str, bytes, str, list[float | None]]] = [
    ("comma_decimals", csv(f"nps;Total;{YEAR};40,5").encode(), "a.csv", [40.5]),
    ("per_cent", csv(f"completion_rate;Total;{YEAR};12,5 %").encode(), "a.csv", [12.5]),
    (
        "arabic_digits",
        csv(f"nps;Total;{YEAR};٤٠٫٥".replace(YEAR, YEAR.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))).encode(),
        "a.csv",
        [40.5],
    ),
    ("persian_digits", csv(f"nps;Total;{YEAR};۴۰٫۵").encode(), "a.csv", [40.5]),
    ("no_break_space", csv(f"handling_time;Total;{YEAR};1\u00a0234,5").encode(), "a.csv", [1234.5]),
    (
        "settled_by_its_column",
        csv(f"handling_time;Total;{YEAR};1.234", f"waiting_median;Total;{YEAR};12,5").encode(),
        "a.csv",
        [1234.0, 12.5],
    ),
    ("utf_8_mark", csv(f"nps;Total;{YEAR};40").encode("utf-8-sig"), "a.csv", [40.0]),
    ("utf_16", csv(f"nps;Total;{YEAR};40").encode("utf-16"), "a.csv", [40.0]),
    ("utf_16_be", csv(f"nps;Total;{YEAR};40").encode("utf-16-be"), "a.csv", [40.0]),
    ("tab", csv(f"nps;Total;{YEAR};40").replace(";", "\t").encode(), "a.tsv", [40.0]),
    ("comma", csv(f"nps;Total;{YEAR};40.5").replace(";", ",").encode(), "a.csv", [40.5]),
    ("serial", csv(f"nps;Total;{(Y - 1900) * 365 + (Y - 1901) // 4 + 2};40").encode(), "a.csv", [40.0]),
    (
        "head_in_arabic",
        csv(f"nps;المجموع;{YEAR};40", head="رمز المؤشر;المجموعة;السنة;القيمة;السبب").encode("cp1256"),
        "a.csv",
        [40.0],
    ),
    ("shown_as_per_cent", workbook(GOOD[:3], more=_percent), "a.xlsx", [61.5, 63.0, 60.0]),
    ("not_at_a1", workbook(GOOD[:3], start=(3, 2)), "a.xlsx", [61.5, 63.0, 60.0]),
    (
        "sdmx_csv",
        (
            "DATAFLOW,INDICATOR,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE,UNIT_MULT\r\n"
            f"A:B(1.0),battery_1662_exit,AZ,F,{YEAR},63\r\nA:B(1.0),battery_1662_exit,AZ,_T,{YEAR},61.5"
        ).encode(),
        "a.csv",
        [63.0, 61.5],
    ),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is read of a file is the same on any engine
@pytest.mark.parametrize(("name", "body", "filename", "values"), READ_RIGHT, ids=[case[0] for case in READ_RIGHT])
async def test_what_people_write_is_read_right(
    sender: Person, place: Settings, name: str, body: bytes, filename: str, values: list[float]
) -> None:
    told = await findings(sender, body, filename)
    assert not {
        rule for rule in told if rule.startswith(("number", "period_", "breakdown", "column_missing", "refused"))
    }, told
    with reading(engine(place)) as connection:
        figures = store.figures_of(connection, 1)
    assert figures is not None
    assert figures["value"].to_list() == values
    assert set(figures["period"]) == {YEAR}


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1251", "Отчёт о качестве обслуживания населения"),
        ("cp1254", "Müşteri memnuniyeti düzeyi, çağrı"),
        ("cp1256", "نسبة رضا المتعاملين عن الخدمات الحكومية"),
    ],
)
async def test_encodings_without_a_mark_are_found_and_said(
    sender: Person, place: Settings, encoding: str, words: str
) -> None:
    body = csv(f"nps;Total;{YEAR};40;;{words}", head="Indicator code;Group;Year;Value;Reason if missing;Note").encode(
        encoding
    )
    told = await findings(sender, body, "a.csv")
    assert told["encoding"] == [("", encoding)]
    with reading(engine(place)) as connection:
        figures = store.figures_of(connection, 1)
    assert figures is not None
    assert figures["note"].to_list() == [words]


async def test_too_large_and_empty_files_leave_nothing(sender: Person, place: Settings) -> None:
    large = await sender.upload(b"x" * (MAX_BYTES + 200_000), "large.csv")
    empty = await sender.upload(b"", "empty.csv")
    assert (large.status_code, empty.status_code) == (413, 422)
    assert [path for path in (place.data_dir / "submissions").rglob("*") if path.is_file()] == []
    with reading(engine(place)) as connection:
        assert store.listing(connection) == []


async def test_a_file_of_51_mb_without_its_length_is_cut_off(sender: Person, place: Settings) -> None:
    token = await sender.token()

    async def body() -> AsyncIterator[bytes]:
        for name, value in (("form_token", token), ("period", YEAR)):
            yield f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(51 * 16):
            yield b"x" * 65_536
        yield b"\r\n--b--\r\n"

    sent = await sender.client.post(
        "/contribute/upload", content=body(), headers={"content-type": "multipart/form-data; boundary=b"}
    )
    assert sent.status_code == 413
    assert [path for path in (place.data_dir / "submissions").rglob("*") if path.is_file()] == []


async def test_a_connection_that_is_lost_leaves_nothing(sender: Person, place: Settings) -> None:
    fields = {"form_token": await sender.token(), "period": YEAR}
    disposition = "--b\r\nContent-Disposition: form-data; name="
    head = "".join(f'{disposition}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    cut = f'{head}{disposition}"file"; filename="a.csv"\r\n\r\nIndicator code;Val'.encode()
    sent = await sender.client.post(
        "/contribute/upload", content=cut, headers={"content-type": "multipart/form-data; boundary=b"}
    )
    assert sent.status_code == 422
    assert [path for path in (place.data_dir / "submissions").rglob("*") if path.is_file()] == []


async def test_the_inbox_is_private(sender: Person, place: Settings) -> None:
    await sender.upload(workbook(), "../../etc/passwd")
    folder = place.data_dir / "submissions"
    assert {oct(path.stat().st_mode & 0o777) for path in (folder, *folder.rglob("*")) if path.is_dir()} == {"0o700"}
    assert {oct(path.stat().st_mode & 0o777) for path in folder.rglob("*") if path.is_file()} == {"0o600"}
    with reading(engine(place)) as connection:
        assert store.listing(connection)[0].filename == "passwd"


async def test_a_form_of_another_site_is_not_taken(sender: Person, person: Make, place: Settings) -> None:
    token, files = await sender.token(), {"file": ("a.xlsx", workbook())}
    without = await sender.client.post("/contribute/upload", data={"period": YEAR}, files=files)
    foreign = await sender.client.post(
        "/contribute/upload",
        data={"form_token": token, "period": YEAR},
        files=files,
        headers={"origin": "https://evil.test"},
    )
    other = person()
    theirs = await other.client.post("/contribute/upload", data={"form_token": token, "period": YEAR}, files=files)
    assert [it.status_code for it in (without, foreign, theirs)] == [422, 422, 422]
    with reading(engine(place)) as connection:
        assert store.listing(connection) == []


async def test_nobody_and_others_are_turned_away(sender: Person, person: Make, api: FastAPI) -> None:
    number = (await sender.upload(workbook())).headers["location"].split("/contribute/")[1].split("?")[0]
    stranger = httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url=SITE)
    assert (await stranger.get("/contribute/")).headers["location"].startswith("/account/login?next=/contribute/")
    assert (await stranger.get(f"/api/v1/submissions/{number}")).status_code == 401
    turkish = person(country="TUR")
    for path in (f"/contribute/{number}", f"/api/v1/submissions/{number}", f"/contribute/{number}/marked.xlsx"):
        assert (await turkish.client.get(path)).status_code == 404
    people.revoke(sender.place, sender.account.id, None, "", "left")
    assert (await sender.client.get(f"/contribute/{number}")).headers["location"].startswith("/account/login")


async def test_three_people_through_the_pages(sender: Person, person: Make, api: FastAPI, place: Settings) -> None:
    approver, reviewer = person(Role.APPROVER), person(Role.REVIEWER)
    wrong = (await sender.upload(rows(("nps", "Total", Y, 140)))).headers["location"].split("?")[0]
    page = (await sender.client.get(wrong)).text
    assert "D5" in page
    assert "A value from -100 to 100." in page
    refused = await sender.post(f"{wrong}/move", wrong, move="submit")
    assert refused.status_code == 422
    back = await sender.client.get(f"{wrong}/marked.xlsx")
    with zipfile.ZipFile(io.BytesIO(back.content)) as book:
        assert "A value from -100 to 100." in book.read("xl/findings1.xml").decode()
    right = (await sender.upload(workbook())).headers["location"].split("?")[0]
    assert (await sender.post(f"{right}/move", right, move="submit")).status_code == 303
    assert (await sender.post(f"{right}/move", right, move="approve")).status_code == 403
    assert (await approver.post(f"{right}/move", right, move="approve")).status_code == 303
    queue = (await reviewer.client.get("/review/")).text
    assert "Azerbaijan" in queue
    assert (await reviewer.post(f"{right}/move", right, move="publish")).status_code == 303
    number = right.split("/")[-1]
    reader = httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url=SITE)
    receipt = (await reader.get(f"/api/v1/submissions/{number}/receipt.json")).json()
    assert (receipt["submitted_by"], receipt["approved_by"], receipt["rows"]) == (
        "Office of contributor",
        "Office of approver",
        4,
    )
    assert "A Name" not in str(receipt)
    assert (await reader.get(f"/api/v1/submissions/{number}/receipt.pdf")).content.startswith(b"%PDF")
    assert (await reader.get(f"/api/v1/submissions/{wrong.split('/')[-1]}/receipt.json")).status_code == 404
    assert audit.verify(engine(place)).broken == 0


async def test_a_jump_of_ten_times_against_what_is_published_is_named(sender: Person, person: Make) -> None:
    approver, reviewer = person(Role.APPROVER), person(Role.REVIEWER)
    first = workbook([*GOOD, ("handling_time", "Total", Y, 4)])
    page = (await sender.upload(first)).headers["location"].split("?")[0]
    for one, move in ((sender, "submit"), (approver, "approve"), (reviewer, "publish")):
        assert (await one.post(f"{page}/move", page, move=move)).status_code == 303
    sent = await sender.upload(workbook([("handling_time", "Total", Y - 1, 44)]), period=str(Y - 1))
    number = sent.headers["location"].split("/contribute/")[1].split("?")[0]
    told = (await sender.client.get(f"/api/v1/submissions/{number}")).json()["findings"]
    assert [(one["column"], one["row"], one["read"]) for one in told if one["rule"] == "jump"] == [("D", 2, "44")]


async def test_own_column_names_are_mapped_once(sender: Person) -> None:
    body = csv(f"nps;{YEAR};40", head="Kod;Ilimiz;Neticemiz").encode()
    first = (await sender.upload(body, "a.csv")).headers["location"].split("?")[0]
    assert "no_table" in str((await sender.client.get(f"/api/v1/submissions/{first.split('/')[-1]}")).json())
    body = csv(f"nps;{YEAR};40;1", head="Indicator code;Year;Netice;Value of last year").encode()
    page = (await sender.upload(body, "a.csv")).headers["location"].split("?")[0]
    done = await sender.post(f"{page}/columns", page, column0="value", column1="none")
    assert done.status_code == 303
    told = await findings(sender, body, "b.csv")
    assert "column_unknown" not in told
    assert "column_missing" not in told


@pytest.mark.long
async def test_templates_are_read_back_as_they_were_made(sender: Person, api: FastAPI) -> None:
    for lang in ("en", "fr", "ar", "az"):
        made = await sender.client.get(f"/api/v1/templates/AZE.xlsx?lang={lang}&period={YEAR}")
        assert made.status_code == 200
        told = await findings(sender, made.content)
        assert set(told) == {"rows_none", "missing_no_reason"}, (lang, set(told))
        made = await sender.client.get(f"/api/v1/templates/AZE.csv?lang={lang}&period={YEAR}")
        assert set(await findings(sender, made.content, "t.csv")) == {"rows_none", "missing_no_reason"}
    assert (await sender.client.get("/api/v1/templates/ZZZ.xlsx")).status_code == 404
    other = await sender.client.get(f"/api/v1/templates/TUR.xlsx?period={YEAR}")
    assert "template_country" in await findings(sender, other.content)


@pytest.mark.long
async def test_damaged_files_are_never_accepted_as_something_else(sender: Person) -> None:
    seeds = random.Random(16)
    good = workbook()
    for _ in range(6):
        body = bytearray(good)
        for _ in range(seeds.randrange(1, 40)):
            body[seeds.randrange(len(body))] = seeds.randrange(256)
        sent = await sender.upload(bytes(body))
        assert sent.status_code in (303, 422)
        assert "Traceback" not in sent.text


@pytest.fixture
def letters(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A real mail server: its port, and the folder it writes messages to."""
    folder = tmp_path / "mail"
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.accounts.smtp", str(port), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        yield port, folder
        server.kill()


async def test_whoever_acts_next_is_told_by_mail(
    sender: Person, person: Make, place: Settings, letters: tuple[int, Path]
) -> None:
    from email import message_from_bytes, policy

    from dashboard.submissions import notices, workflow
    from tests.submissions.conftest import person as principal_of

    approver, (port, folder) = person(Role.APPROVER), letters
    person(Role.APPROVER, country="TUR")
    mail = place.mail.model_copy(update={"host": "127.0.0.1", "port": port, "encryption": "none"})
    page = (await sender.upload(workbook())).headers["location"].split("?")[0]
    number = int(page.rsplit("/", 1)[1])
    found = workflow.make(place, principal_of(sender.account.id, Role.CONTRIBUTOR), number, "submit")
    assert notices.tell(place, found) == 0  # no server is set
    assert await run_in_threadpool(notices.tell, place.model_copy(update={"mail": mail}), found) == 1
    (sent,) = folder.glob("*.eml")
    message = message_from_bytes(sent.read_bytes(), policy=policy.default)
    assert message["To"] == approver.account.email
    assert f"{SITE}/contribute/{number}?lang=en" in message.get_content()
