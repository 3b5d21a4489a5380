"""What programs ask of submissions: a file with a personal token, its findings, templates and days that are due."""

import hashlib
from datetime import UTC, date, datetime

import httpx
import pytest
from fastapi import FastAPI

from dashboard.accounts import people
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Role
from dashboard.contributions.submissions import deadlines, store
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings
from tests.contributions.submissions.conftest import YEAR, workbook
from tests.contributions.submissions.conftest import person as principal
from tests.contributions.submissions.test_desk import laid
from tests.contributions.submissions.test_upload import SITE, Make, api, person, place

__all__ = ["api", "person", "place"]
SENT = "/api/v1/submissions"


def program(api: FastAPI, token: str = "") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(transport=transport, base_url=SITE, headers=headers, timeout=120)


async def test_a_file_is_sent_once_with_a_token_and_its_findings_are_told(
    person: Make, place: Settings, api: FastAPI
) -> None:
    who, body = person(), workbook()
    client = program(api, people.make_token(place, accounts.make_principal(who.account), "script"))

    async def send(**fields: str) -> httpx.Response:
        form, key = {"period": YEAR, "lang": "en", **fields}, {"Idempotency-Key": "october"}
        return await client.post(SENT, data=form, files={"file": ("figures.xlsx", body)}, headers=key)

    first, again = await send(), await send(lang="ar")
    told = first.json()
    assert (first.status_code, first.headers["location"]) == (201, f"{SENT}/{told['id']}")
    assert told["file"] == {"name": "figures.xlsx", "sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
    assert (told["country"], told["period"], told["state"], told["rows"]) == ("AZE", YEAR, "checked", 4)
    assert again.json()["id"] == told["id"]
    with reading(open_engine(place)) as connection:
        assert len(store.listing(connection)) == 1
    read = [(await client.get(f"{SENT}/{told['id']}?lang={lang}")).json() for lang in ("en", "ar")]
    assert read == [told, again.json()]
    assert [one["rule"] for one in told["findings"]] == [one["rule"] for one in read[1]["findings"]]
    assert told["findings"][0]["todo"] != read[1]["findings"][0]["todo"]
    marked = await client.get(f"{SENT}/{told['id']}/marked.xlsx")
    assert marked.headers["content-disposition"] == f'attachment; filename="submission_{told["id"]}_findings.xlsx"'


@pytest.mark.parametrize("names", [["period", "file", "period"], ["period", "period", "file"]])
async def test_no_field_is_used_that_was_not_looked_at(
    person: Make, place: Settings, api: FastAPI, names: list[str]
) -> None:
    client = program(api, people.make_token(place, accounts.make_principal(person().account), "script"))
    periods = iter([YEAR, "soon"])
    parts = [
        (name, ("figures.xlsx", workbook())) if name == "file" else (name, (None, next(periods))) for name in names
    ]
    reply = await client.post(SENT, files=parts)
    assert reply.status_code == 422
    assert "period" in reply.json()["detail"]
    with reading(open_engine(place)) as connection:
        assert store.listing(connection) == []
    assert not any(one.is_file() for one in place.submissions_dir.rglob("*")), "nothing is kept of such a form"


async def test_a_row_that_is_no_year_is_in_nobodys_way(person: Make, place: Settings, api: FastAPI) -> None:
    who, reviewer = person(), person(Role.REVIEWER)
    deadlines.set_due(place, principal(9, Role.ADMIN, ""), ["AZE"], YEAR, date(2100, 3, 14))
    with writing(open_engine(place)) as connection:
        for dataset in ("figures", "counts"):
            store.add(connection, {
                "country": "AZE", "dataset": dataset, "period": "soon", "state": "submitted", "lang": "en", "size": 1,
                "filename": "a.csv", "sha256": "0" * 64, "created_by": who.account.id, "created_office": "Office",
                "created_at": datetime.now(UTC),
            })  # fmt: skip
    calendar = await program(api).get("/api/v1/deadlines.ics")
    assert (calendar.status_code, calendar.text.count("BEGIN:VEVENT")) == (200, 1)
    for one, path in ((who, "/contribute/"), (reviewer, "/review/")):
        page = await one.client.get(path)
        assert (page.status_code, "soon" in page.text) == (200, True)
    latest = [it.period for it in deadlines.listing(place, datetime.now(UTC)) if it.period != "soon"]
    assert latest == [YEAR]


async def test_what_is_refused_has_its_own_type(person: Make, place: Settings, api: FastAPI) -> None:
    who = person()
    client = program(api, people.make_token(place, accounts.make_principal(who.account), "script"))
    other = program(
        api, people.make_token(place, accounts.make_principal(person(Role.APPROVER).account), "script", scopes=["read"])
    )
    draft = laid(place, who, "draft", 2020)
    file = {"file": ("a.csv", b"x")}
    for reply, status, slug in (
        (await client.post(SENT, data={"period": "25"}, files=file), 422, "submission-period"),
        (await client.post(SENT, data={"period": f"0{YEAR}"}, files=file), 422, "submission-period"),
        (await client.post(SENT, data={"period": "\u0662\u0660\u0662\u0664"}, files=file), 422, "submission-period"),
        (await client.post(SENT, data={"period": YEAR, "dataset": "secret"}, files=file), 422, "submission-form"),
        (await other.post(SENT, data={"period": YEAR}, files=file), 403, "submission-right"),
        (await client.get(f"{SENT}/{draft}/marked.xlsx"), 409, "submission-state"),
        (await client.get(f"{SENT}/999"), 404, "unknown-submission"),
        (await client.get(f"{SENT}/{draft}/destruction.json"), 404, "unknown-submission"),
    ):
        assert (reply.status_code, reply.json()["type"].rpartition(":")[2]) == (status, slug), reply.text
    assert (await program(api).post(SENT, data={"period": YEAR}, files=file)).status_code == 401
    assert (await who.client.get(f"/contribute/{draft}/survey")).status_code == 404, "it is no survey"
    assert (await client.get(f"{SENT}/{draft}")).json()["findings"] == []


@pytest.mark.parametrize(
    ("asked", "status", "name"),
    [
        ("aze.csv?period=1990", 200, "Azerbaijan_1990_en.csv"), ("AZE.csv?period=1989", 422, ""),
        (f"AZE.csv?period={datetime.now(UTC).year}", 200, f"Azerbaijan_{datetime.now(UTC).year}_en.csv"),
        (f"AZE.csv?period={datetime.now(UTC).year + 1}", 422, ""), ("AZE.csv?period=19x0", 422, ""),
        ("AZE.csv?lang=fr", 200, f"Azerbaijan_{YEAR}_fr.csv"), ("CIV.csv", 200, f"Cte_dIvoire_{YEAR}_en.csv"),
        ("ZZZ.csv", 404, ""), ("AZE.csv?lang=xx", 422, ""),
    ],
)  # fmt: skip
async def test_a_template_is_of_a_year_that_there_was(api: FastAPI, asked: str, status: int, name: str) -> None:
    reply = await program(api).get(f"/api/v1/templates/{asked}")
    assert (reply.status_code, name in reply.headers.get("content-disposition", "")) == (status, True)


async def test_days_that_are_due_are_a_calendar_of_all_or_of_one_country(place: Settings, api: FastAPI) -> None:
    admin = principal(9, Role.ADMIN, "")
    for country, day in (("AZE", 14), ("GEO", 15)):
        deadlines.set_due(place, admin, [country], YEAR, date(2100, 3, day))
    for query, due in (("", ["14", "15"]), ("country=geo", ["15"]), ("country=TUR", [])):
        reply = await program(api).get(f"/api/v1/deadlines.ics?{query}")
        days = [line[-2:] for line in reply.text.splitlines() if line.startswith("DTSTART")]
        assert (reply.status_code, days) == (200, due)
    assert (await program(api).get("/api/v1/deadlines.ics?country=ZZZ")).status_code == 404
