"""Opinions by file and JSON with a personal token: redacted and sealed, counted once, what is wrong by row."""

import hashlib
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
import xlsxwriter
from fastapi import FastAPI
from sqlalchemy import Engine

from dashboard.accounts import audit, people
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Role
from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import NoKey
from dashboard.contributions.voice.moderation.store import add_batch, decide_batch, waiting_batches
from dashboard.contributions.voice.tables import VoiceBatch, VoiceOpinion
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.interfaces.api.routes import opinions as taking
from dashboard.settings import Settings
from tests.accounts.conftest import SITE, hasher
from tests.contributions.voice.test_intake import dump
from tests.contributions.voice.test_officers import account, api, place
from tests.given import raising

__all__ = ["api", "hasher", "place"]

NOW = datetime.now(UTC)
TODAY = NOW.date().isoformat()
CALL = "Növbə uzun idi, zəng edin 050 123 45 67"


def bearer(place: Settings, role: Role = Role.CONTRIBUTOR) -> dict[str, str]:
    by = accounts.make_principal(account(place, role))
    scopes = [one.value for one in people.list_scopes(role)]
    return {"Authorization": f"Bearer {people.make_token(place, by, 'test', scopes=scopes)}"}


@pytest.fixture
async def sender(place: Settings, api: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A contributor's program; the country has a moderator and an officer."""
    account(place, Role.MODERATOR)
    account(place, Role.OFFICER)
    save_centres(open_engine(place), [Centre("hoima", "UGA", "Hoima", date(2020, 1, 1))])
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=SITE, headers=bearer(place)) as client:
        yield client


@pytest.fixture
def inbox(place: Settings) -> Engine:
    return open_engine(place)


def let_in(inbox: Engine, countries: list[str], *, integrity: bool = False) -> list[VoiceOpinion]:
    """Approve the batches that wait, and read the opinions."""
    with writing(inbox) as connection:
        for batch in waiting_batches(connection, "AZE"):
            assert decide_batch(connection, batch.id or 0, "approved", 0, datetime.now(UTC))
    return store.opinions(inbox, countries, integrity=integrity)


def row(**more: object) -> dict[str, object]:
    return {"centre": "baku-1", "said_on": TODAY, "text": CALL, "rating": 2, **more}


def keyed(what: str, headers: dict[str, str]) -> dict[str, str]:
    """Headers with a key of what is sent, where they have none: what is sent again has the same."""
    return {"Idempotency-Key": hashlib.sha256(what.encode()).hexdigest()} | headers


async def sent(client: httpx.AsyncClient, *rows: dict[str, object], **headers: str) -> httpx.Response:
    return await client.post("/api/v1/opinions", json={"opinions": rows}, headers=keyed(str(rows), headers))


async def upload(client: httpx.AsyncClient, body: bytes, name: str = "o.csv", **headers: str) -> httpx.Response:
    return await client.post("/api/v1/opinions", files={"file": (name, body)}, headers=keyed(body.hex(), headers))


def workbook(rows: list[list[object]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for at, cells in enumerate(rows):
        sheet.write_row(at, 0, cells)
    book.close()
    return out.getvalue()


async def test_rows_are_redacted_sealed_and_counted_once(
    sender: httpx.AsyncClient, inbox: Engine, place: Settings
) -> None:
    first = await sent(sender, row(timeliness="no"), row(text="işçilər mehribandır", rating="4"))
    assert (first.status_code, first.json()["new"], first.json()["findings"]) == (201, 2, [])
    again = await sent(sender, row(timeliness="no"), row(text="işçilər mehribandır", rating="4"))
    assert (again.status_code, again.json()["new"], again.json()["known"]) == (200, 0, 2)
    kept = let_in(inbox, ["AZE"])
    assert {one.text for one in kept} == {"Növbə uzun idi, zəng edin [phone]", "işçilər mehribandır"}
    assert [one.attributes for one in kept if one.rating == 2] == [{"timeliness": False}]
    assert "123 45 67" not in dump(inbox)
    assert not any(CALL.encode() in path.read_bytes() for path in place.data_dir.rglob("*") if path.is_file())
    (entry, _) = audit.list_entries(inbox, subject="opinions AZE")[0]
    assert (entry.action, entry.after["rows"]) == ("voice.sent", 2)


async def test_the_same_key_counts_once_and_a_corrected_row_is_taken(sender: httpx.AsyncClient, inbox: Engine) -> None:
    key = {"Idempotency-Key": "october"}
    wrong = await sent(sender, row(), row(rating=9), **key)
    assert [(one["row"], one["field"]) for one in wrong.json()["findings"]] == [(2, "rating")]
    right = await sent(sender, row(), row(rating=3), **key)
    assert (right.json()["new"], right.json()["known"]) == (1, 1)
    assert sorted(one.rating or 0 for one in let_in(inbox, ["AZE"])) == [2, 3]


async def test_who_said_the_same_in_two_parts_counts_each(sender: httpx.AsyncClient, inbox: Engine) -> None:
    same: dict[str, object] = {"centre": "baku-1", "said_on": TODAY, "rating": 4}
    for part, many in (("first", 3), ("second", 2), ("second", 2)):
        await sent(sender, *[same] * many, **{"Idempotency-Key": part})
    assert len(let_in(inbox, ["AZE"])) == 5


async def test_without_ids_and_key_nothing_is_taken(sender: httpx.AsyncClient, inbox: Engine) -> None:
    body = {"opinions": [row(id="a-person-1"), row()]}
    answer = await sender.post("/api/v1/opinions", json=body)
    assert (answer.status_code, "Idempotency-Key" in answer.text) == (422, True)
    assert let_in(inbox, ["AZE"]) == []
    body["opinions"][1]["id"] = "a-person-2"
    assert (await sender.post("/api/v1/opinions", json=body)).json()["new"] == 2


async def test_a_csv_and_a_workbook_say_the_same(sender: httpx.AsyncClient, inbox: Engine) -> None:
    head = ["centre", "said_on", "text", "rating", "Colour"]
    text = "\r\n".join(";".join(cells) for cells in (head, ["baku-1", TODAY, "çox sağ olun", "4", "blue"], [""] * 5))
    by_csv = await upload(sender, text.encode("utf-8-sig"))
    assert by_csv.json() | {"findings": []} == {
        "new": 1, "known": 0, "not_taken": 0, "columns_not_read": ["colour"], "findings": [], "more_findings": 0,
    }  # fmt: skip
    by_book = await upload(sender, workbook([head, ["baku-1", TODAY, "əla xidmət", 4, ""], ["nowhere", TODAY, "x", 9]]))
    assert (by_book.status_code, by_book.json()["new"]) == (201, 1)
    assert {(one["row"], one["rule"]) for one in by_book.json()["findings"]} == {(2, "rating")}
    assert {one.rating for one in let_in(inbox, ["AZE"])} == {4}


WRONG: list[tuple[dict[str, object], str, str]] = [
    ({"text": "z" * 4001}, "text", "too_long"),
    ({"text": "\u202e\u200b", "rating": ""}, "text", "empty"),
    ({"rating": True}, "rating", "rating"),
    ({"said_on": "2031-01-01"}, "said_on", "ahead"),
    ({"said_on": "yesterday"}, "said_on", "date"),
    ({"centre": "nowhere"}, "centre", "unknown_centre"),
    ({"centre": "hoima"}, "centre", "unknown_centre"),  # another country's
    ({"centre": {"a": 1}}, "centre", "centre"),
    ({"kind": "rant"}, "kind", "kind"),
    ({"language": "klingon"}, "language", "language"),
    ({"access": "perhaps"}, "attributes", "attributes"),
    ({"days_to_answer": -1}, "days_to_answer", "days"),
]


async def test_rows_that_cannot_be_taken_say_where_and_why_and_the_others_are(
    sender: httpx.AsyncClient, inbox: Engine
) -> None:
    answer = await sent(sender, row(text="all well"), *(row(**change) for change, _, _ in WRONG))
    assert (answer.status_code, answer.json()["new"], answer.json()["not_taken"]) == (201, 1, len(WRONG))
    told = [(one["row"], one["field"], one["rule"]) for one in answer.json()["findings"]]
    assert told == [(at, field, rule) for at, (_, field, rule) in enumerate(WRONG, start=2)]
    assert len(let_in(inbox, ["AZE"])) == 1
    (entry,) = audit.list_entries(inbox, subject="opinions AZE")[0]
    token = {"by_token": entry.after["by_token"], "batch": entry.after["batch"]}
    assert entry.after == {"rows": len(WRONG) + 1, "fresh": 1, "not_taken": len(WRONG)} | token


async def test_a_sender_cannot_mark_what_is_not_theirs_to_say(sender: httpx.AsyncClient, inbox: Engine) -> None:
    await sent(sender, row(id="opinion-1", synthetic=True, country="UGA", received_at="2020-01-01"))
    (kept,) = let_in(inbox, ["AZE"])
    assert (kept.synthetic, kept.country, kept.received_at.date().isoformat()) == (False, "AZE", TODAY)
    assert kept.id != "opinion-1"


async def test_a_report_goes_to_the_officer_and_without_one_is_not_taken(
    sender: httpx.AsyncClient, inbox: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bribe = row(text="Operator məndən rüşvət istədi", rating=1)
    assert (await sent(sender, bribe, row(text="sakit", integrity="yes"))).json()["new"] == 2
    assert let_in(inbox, ["AZE"]) == []
    assert len(let_in(inbox, ["AZE"], integrity=True)) == 2
    assert "rüşvət" not in dump(inbox)
    real = people.list_countries_with
    monkeypatch.setattr(
        people, "list_countries_with", lambda s, role: frozenset() if role is Role.OFFICER else real(s, role)
    )
    refused = await sent(sender, row(text="yenə rüşvət istədi"), row(text="növbə qısa idi"))
    assert [(one["row"], one["rule"]) for one in refused.json()["findings"]] == [(1, "no_officer")]
    assert refused.json()["new"] == 1


UNREADABLE = [
    (b"", "empty"),
    (b"\x00\x01\x02\x03\x00\xff", "not_text"),
    (b"text;rating\nhi;3\n", "head"),
    (b"centre;text;text\nbaku-1;a;b\n", "head"),
    (b"centre;text\n" + b"baku-1;a\n" * (taking.MAX_ROWS + 1), "too_many_rows"),
    (b"PK\x03\x04" + b"\x00" * 400, "not_a_workbook"),
    (b"centre\n", "empty"),
    (b"centre,text\nbaku-1,Two hours, and nobody came\n", "cells_moved"),
    (b"centre,text,service\nbaku-1,Two hours, and nobody came,\n", "cells_moved"),
]


async def test_files_that_cannot_be_read_say_so(sender: httpx.AsyncClient) -> None:
    for body, code in UNREADABLE:
        answer = await upload(sender, body)
        told = answer.status_code, answer.headers["content-type"], answer.json()["code"]
        assert told == (422, "application/problem+json", code), answer.text


async def test_json_that_is_none_and_bodies_that_are_too_large_are_refused(
    sender: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for body in (b"{", b"[]", b'{"opinions": 3}', b'{"opinions": [1]}', b"[" * 100_000, b'{"opinions": []}', b"\xff"):
        answer = await sender.post("/api/v1/opinions", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422, body[:30]
    many = {"opinions": [{}] * (taking.MAX_ROWS + 1)}
    assert (await sender.post("/api/v1/opinions", content=json.dumps(many),
                              headers={"Content-Type": "application/json"})).status_code == 422  # fmt: skip
    monkeypatch.setattr(taking, "MAX_BYTES", 100_000)
    assert (await upload(sender, b"x" * 300_000)).status_code == 413
    assert (await sent(sender, row(text="z" * 200_000))).status_code == 413


async def test_as_much_is_taken_as_is_said_and_no_more(
    sender: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MAX_ROWS", 3)
    monkeypatch.setattr(taking, "MAX_FINDINGS", 2)
    for count, status in ((3, 201), (4, 422)):
        assert (await sent(sender, *(row(text=f"yaxşı {count} {at}") for at in range(count)))).status_code == status
        text = "\n".join(["centre;text", *(f"baku-1;yaxşı fayl {at}" for at in range(count))])
        assert (await upload(sender, text.encode())).status_code == status
    wrong = (await sent(sender, *(row(rating=9) for _ in range(3)))).json()
    assert (len(wrong["findings"]), wrong["more_findings"], wrong["not_taken"]) == (2, 1, 3)
    body = json.dumps({"opinions": [row(text="bir daha", id="once-more")]}).encode()
    for most, status in ((len(body), 201), (len(body) - 1, 413)):
        monkeypatch.setattr(taking, "MAX_BYTES", most)
        kind = {"Content-Type": "application/json; charset=utf-8"}
        assert (await sender.post("/api/v1/opinions", content=body, headers=kind)).status_code == status


async def test_who_may_not_send_is_refused(
    place: Settings, api: FastAPI, sender: httpx.AsyncClient, inbox: Engine
) -> None:
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as nobody:
        assert (await sent(nobody, row())).status_code == 401
        assert (await sent(nobody, row(), Authorization="Bearer monitor_x")).status_code == 401
        assert (await sent(nobody, row(), **bearer(place, Role.APPROVER))).status_code == 403
    from sqlalchemy import text

    with inbox.begin() as connection:
        connection.execute(text("UPDATE account SET state = 'revoked' WHERE role = 'moderator'"))
    answer = await sent(sender, row())
    assert (answer.status_code, answer.json()["code"]) == (409, "no_reader")
    assert let_in(inbox, ["AZE"]) == []


async def test_without_a_key_nothing_is_taken_and_that_is_said(
    sender: httpx.AsyncClient, inbox: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "keyring", raising(NoKey("no key")))
    answer = await sent(sender, row())
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert let_in(inbox, ["AZE"]) == []


async def test_one_sending_at_a_time(sender: httpx.AsyncClient) -> None:
    with taking._one_at_a_time:
        busy = await sent(sender, row())
    assert (busy.status_code, busy.json()["code"]) == (409, "busy")
    assert (await sent(sender, row(said_on=(date.today() - timedelta(days=1)).isoformat()))).status_code == 201


async def test_the_sender_sees_what_became_of_each_file(
    sender: httpx.AsyncClient, inbox: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("first", "second", "third", "third"):  # the last is known: its batch holds nothing
        await sent(sender, row(text=text))
    stranger = add_batch(inbox, VoiceBatch(country="AZE", sender=999, sent_at=NOW, state="approved"))
    third, second, first = (await sender.get("/api/v1/opinions")).json()["batches"]
    assert first["id"] < second["id"] < third["id"]
    assert stranger not in (first["id"], second["id"], third["id"])
    with writing(inbox) as connection:
        decide_batch(connection, first["id"], "approved", 1, NOW)
        decide_batch(connection, second["id"], "refused", 1, NOW)
    later = (await sender.get("/api/v1/opinions")).json()["batches"]
    assert [(one["id"], one["state"]) for one in later] == [
        (third["id"], "waiting"),
        (second["id"], "refused"),
        (first["id"], "approved"),
    ]
    assert [one["decided_at"] is None for one in later] == [True, False, False]
    monkeypatch.setattr(taking, "MAX_BATCHES", 2)
    assert (await sender.get("/api/v1/opinions")).json()["batches"] == later[:2]
    assert (await sender.get("/api/v1/opinions?state=waiting")).status_code == 422
