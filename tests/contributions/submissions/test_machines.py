"""A year through the API alone: rows sent, submitted, approved, returned; scopes and four eyes as on the desk."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from dashboard.accounts import audit, people, standing
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Impossible, Role
from dashboard.contributions.submissions import inbox, store
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.evidence.dataset.store import Dataset
from dashboard.interfaces.api.submissions.rows import MAX_BYTES
from dashboard.settings import Settings
from tests.contributions.submissions.conftest import YEAR
from tests.contributions.submissions.test_programs import SENT, program
from tests.contributions.submissions.test_upload import Make, Person, api, person, place

__all__ = ["api", "person", "place"]

METHOD = {
    "method": "user_survey", "who": "State Agency", "population": "Visitors", "period_of_work": "March to May",
    "question": "How satisfied?", "scale": "Four points", "mode": "Face to face",
}  # fmt: skip
ROWS: list[dict[str, Any]] = [
    {"indicator": "battery_1662_exit", "breakdown": "total", "value": 61.5, "sample": 800},
    {"indicator": "battery_1662_exit", "sex": "F", "value": 63.25, "sample": 420},
    {"indicator": "complaints_in_time", "value": 75, "numerator": 300, "denominator": 400},
]
SAID = {"period": YEAR, "method": METHOD, "rows": ROWS}


def holding(api: FastAPI, place: Settings, who: Person, *scopes: str) -> httpx.AsyncClient:
    return program(api, people.make_token(place, accounts.make_principal(who.account), "script", scopes=scopes))


async def test_rows_are_a_submission_and_go_to_approved_with_tokens_alone(
    person: Make, place: Settings, api: FastAPI
) -> None:
    sender, approver = person(), person(Role.APPROVER)
    client, other = holding(api, place, sender, "submit"), holding(api, place, approver, "approve")
    first, again = [await client.post(SENT, json=SAID, headers={"Idempotency-Key": "a"}) for _ in range(2)]
    told = first.json()
    assert (first.status_code, told["state"], told["rows"], told["counts"]["error"]) == (201, "checked", 3, 0), told
    assert again.json()["id"] == told["id"]
    assert inbox.path_of(place, told["file"]["sha256"]).read_bytes() == first.request.content
    here = first.headers["location"]
    assert (await other.post(f"{here}/comment", json={"words": "Is this the whole year?"})).status_code == 201
    assert (await client.post(f"{here}/submit")).json()["state"] == "submitted"
    assert (await other.post(f"{here}/return", json={"reason": "The sample is missing."})).json()["state"] == "returned"
    assert (await client.get(here)).json()["reason"] == "The sample is missing."
    renewed = (await client.post(SENT, json=SAID | {"rows": ROWS[:2]})).json()
    there = f"{SENT}/{renewed['id']}"
    assert (await client.post(f"{there}/submit")).json()["state"] == "submitted"
    assert (await client.get(here)).json()["state"] == "withdrawn"
    approved = (await other.post(f"{there}/approve")).json()
    assert (approved["state"], approved["approved_by"]) == ("approved", "Office of approver")
    assert (await other.post(f"{there}/take-back")).json()["state"] == "submitted"
    assert (await client.post(f"{there}/withdraw")).json()["state"] == "withdrawn"
    about, _ = audit.list_entries(open_engine(place), subject=f"submission {renewed['id']}")
    assert sorted((one.action, one.actor) for one in about)[:2] == [
        ("submission.approval_taken_back", approver.account.id), ("submission.approved", approver.account.id),
    ]  # fmt: skip


async def test_a_key_is_of_one_file_and_answered_though_its_year_is_closed_since(
    person: Make, place: Settings, api: FastAPI
) -> None:
    """Another file under a key that a program never changes would be thanked for and lost."""
    client, key = holding(api, place, person(), "submit"), {"Idempotency-Key": "monthly"}
    first = await client.post(SENT, json=SAID, headers=key)
    for other in (SAID | {"rows": ROWS[:1]}, SAID | {"period": str(int(YEAR) - 1)}):
        refused = await client.post(SENT, json=other, headers=key)
        assert (refused.status_code, refused.json()["code"]) == (422, "key")
        assert f"submission {first.json()['id']}" in refused.json()["detail"]
    assert [it.name for it in (inbox.folder(place) / "files").iterdir()] == [first.json()["file"]["sha256"]]
    form = {"data": {"period": YEAR}, "files": {"file": ("rows.json", first.request.content)}}
    assert (await client.post(SENT, **form, headers=key)).json()["id"] == first.json()["id"], "the same bytes as a file"
    with writing(open_engine(place)) as connection:
        store.set_period(connection, "AZE", "figures", YEAR, 1, closed=True)
    again = await client.post(SENT, json=SAID, headers=key)
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])


async def test_a_token_does_no_more_than_its_scopes_and_its_owner(person: Make, place: Settings, api: FastAPI) -> None:
    sender, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER)
    whole, reads = holding(api, place, sender, "submit"), holding(api, place, sender, "read")
    number = (await whole.post(SENT, json=SAID)).json()["id"]
    here = f"{SENT}/{number}"
    assert (await reads.get(here)).status_code == 200
    assert (await reads.post(SENT, json=SAID)).status_code == 403
    for move, body in (("submit", None), ("withdraw", None), ("comment", {"words": "x"}), ("release", {"figures": 1})):
        assert (await reads.post(f"{here}/{move}", json=body)).status_code == 403, move
    assert (await whole.post(f"{here}/submit")).status_code == 200
    for client in (whole, reads, holding(api, place, approver, "read")):
        for move, body in (("approve", None), ("return", {"reason": "x"}), ("take-back", None)):
            assert (await client.post(f"{here}/{move}", json=body)).status_code == 403, move
    for who, scopes in (
        (sender, ["approve"]), (sender, ["submit", "approve"]), (approver, ["submit"]), (sender, []),
        (sender, ["publish"]), (approver, ["publish"]), (reviewer, ["read"]), (reviewer, ["publish"]),
    ):  # fmt: skip
        with pytest.raises(Impossible):
            people.make_token(place, accounts.make_principal(who.account), "script", scopes=scopes)
    with writing(open_engine(place)) as connection:  # as tokens are that were made before there were scopes
        connection.execute(text("UPDATE account_token SET scopes = 'submit'"))
    assert (await holding(api, place, approver, "approve").post(f"{here}/approve")).status_code == 200


async def test_a_token_of_before_reads_and_submits_and_approves_nothing(
    person: Make, place: Settings, api: FastAPI
) -> None:
    sender, approver = person(), person(Role.APPROVER)
    client, other = holding(api, place, sender, "read"), holding(api, place, approver, "approve")
    with writing(open_engine(place)) as connection:
        connection.execute(text("UPDATE account_token SET scopes = 'submit'"))
    here = (await client.post(SENT, json=SAID)).headers["location"]
    assert (await client.post(f"{here}/submit")).status_code == 200
    assert (await other.get(here)).json()["state"] == "submitted"
    assert (await other.post(f"{here}/approve")).status_code == 403
    assert (await other.get("/api/v1/account")).json()["scopes"] == ["submit"]


async def test_two_people_stay_two_people(person: Make, place: Settings, api: FastAPI) -> None:
    """Whoever sent it has become an approver since: the right is there, the hand was in it."""
    sender = person()
    here = (await holding(api, place, sender, "submit").post(SENT, json=SAID)).headers["location"]
    assert (await holding(api, place, sender, "submit").post(f"{here}/submit")).status_code == 200
    with writing(open_engine(place)) as connection:
        connection.execute(text("UPDATE account SET role = 'approver' WHERE id = :id"), {"id": sender.account.id})
    now = people.find_account(place, sender.account.id)
    assert now is not None
    client = program(api, people.make_token(place, accounts.make_principal(now), "script", scopes=["approve"]))
    refused = await client.post(f"{here}/approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "four_eyes")


async def test_another_countrys_submission_is_not_there(person: Make, place: Settings, api: FastAPI) -> None:
    here = (await holding(api, place, person(), "submit").post(SENT, json=SAID)).headers["location"]
    stranger = holding(api, place, person(Role.APPROVER, "GEO"), "approve")
    for move, body in (("approve", None), ("return", {"reason": "x"}), ("comment", {"words": "x"}), ("submit", None)):
        assert (await stranger.post(f"{here}/{move}", json=body)).status_code == 404, move
        assert (await program(api).post(f"{here}/{move}", json=body)).status_code == 401, move
    for move, body in (("return", {}), ("return", {"reason": ""}), ("comment", {"words": 3}), ("return", None)):
        assert (await stranger.post(f"{here}/{move}", json=body)).status_code == 422, (move, body)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b'{"period": "2024"}', b'{"rows": {}, "period": "2024"}', b"\xff\xfe{}", b"[" * 200_000,
        json.dumps({"period": 2024, "rows": ROWS}).encode(), json.dumps({**SAID, "country": "GEO"}).encode(),
        json.dumps({**SAID, "method": []}).encode(), json.dumps({**SAID, "method": {"x": "y"}}).encode(),
        json.dumps({**SAID, "dataset": "survey"}).encode(), json.dumps({**SAID, "intent": "removes"}).encode(),
        json.dumps({"rows": ROWS}).encode(),
    ],
)  # fmt: skip
async def test_rows_that_are_none_are_refused_and_leave_nothing(
    person: Make, place: Settings, api: FastAPI, body: bytes
) -> None:
    client = holding(api, place, person(), "submit")
    answer = await client.post(SENT, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [one for one in inbox.folder(place).rglob("*") if one.is_file()] == []


async def test_more_rows_than_are_taken_and_cells_that_are_none(person: Make, place: Settings, api: FastAPI) -> None:
    client = holding(api, place, person(), "submit")
    much = json.dumps({**SAID, "lang": "x" * MAX_BYTES}).encode()
    head = {"Content-Type": "application/json"}
    assert (await client.post(SENT, content=much, headers=head)).status_code == 413
    for rows in ([{"indicator": "battery_1662_exit", "value": {"a": 1}}], [{"value": True}], [1], []):
        answer = await client.post(SENT, json={**SAID, "rows": rows})
        assert [one["rule"] for one in answer.json()["findings"]] == ["refused"], rows
    odd = b'{"period": "%s", "rows": [{"indicator": "battery_1662_exit", "value": 1e999}]}' % YEAR.encode()
    assert (await client.post(SENT, content=odd, headers=head)).json()["counts"]["error"] > 0


def reviewing(api: FastAPI, place: Settings, who: Person, *scopes: str) -> httpx.AsyncClient:
    """A reviewer's program: its token was made with a one-time code (`tests/accounts/test_tokens.py`)."""
    with writing(open_engine(place)) as connection:
        accounts.change_account(connection, who.account.id, totp="kept encrypted")
    by = accounts.make_principal(who.account)
    return program(api, people.make_token(place, by, "script", scopes=scopes, confirmed=True))


async def approved(api: FastAPI, place: Settings, sender: Person, approver: Person) -> str:
    """A submission that two programs have brought to where a reviewer publishes; gives its address."""
    here = (await holding(api, place, sender, "submit").post(SENT, json=SAID)).headers["location"]
    assert (await holding(api, place, sender, "submit").post(f"{here}/submit")).status_code == 200
    assert (await holding(api, place, approver, "approve").post(f"{here}/approve")).status_code == 200
    return str(here)


async def test_a_reviewers_token_publishes_and_the_trail_says_by_which(
    person: Make, place: Settings, api: FastAPI
) -> None:
    sender, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER)
    here = await approved(api, place, sender, approver)
    client = reviewing(api, place, reviewer, "publish")
    done = await client.post(f"{here}/publish")
    assert (done.status_code, done.json()["state"], done.json()["vintage"]) == (200, "published", 1)
    again = await client.post(f"{here}/publish")
    assert (again.status_code, again.json()["code"]) == (409, "state")
    rows = Dataset.current(place.dataset_dir).rows("battery_1662_exit").collect()
    assert sorted(rows["value"].to_list()) == [61.5, 63.25]
    trail, _ = audit.list_entries(open_engine(place), subject=f"submission {here.rpartition('/')[2]}")
    [entry] = [one for one in trail if one.action == "submission.published"]
    [token] = people.list_tokens(place, reviewer.account.id)
    assert (entry.actor, entry.after["by_token"]) == (reviewer.account.id, token.id)
    assert audit.verify(open_engine(place)).broken == 0


async def test_who_does_not_publish_on_the_desk_does_not_by_token(person: Make, place: Settings, api: FastAPI) -> None:
    sender, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER)
    here = await approved(api, place, sender, approver)
    reads = reviewing(api, place, reviewer, "read")
    assert (await reads.get(here)).status_code == 200
    for client in (holding(api, place, sender, "submit"), holding(api, place, approver, "approve"), reads):
        assert (await client.post(f"{here}/publish")).status_code == 403
    publishes = reviewing(api, place, reviewer, "publish")
    for move, body in (("approve", None), ("submit", None), ("withdraw", None), ("release", {"figures": 1})):
        assert (await publishes.post(f"{here}/{move}", json=body)).status_code == 403, move
    assert (await publishes.post(SENT, json=SAID)).status_code == 403
    with writing(open_engine(place)) as connection:  # whoever approved it has become a reviewer since
        accounts.change_account(connection, approver.account.id, role=Role.REVIEWER.value, country="")
    now = people.find_account(place, approver.account.id)
    assert now is not None
    refused = await reviewing(api, place, Person(api, place, now), "publish").post(f"{here}/publish")
    assert (refused.status_code, refused.json()["code"]) == (403, "four_eyes")
    with writing(open_engine(place)) as connection:  # another person has reset the reviewer
        standing.hold(connection, reviewer.account.id, datetime.now(UTC))
    refused = await publishes.post(f"{here}/publish")
    assert (refused.status_code, refused.json()["code"]) == (403, "held")
    assert (await holding(api, place, sender, "read").get(here)).json()["state"] == "approved"


async def test_a_reviewers_token_returns_what_is_approved(person: Make, place: Settings, api: FastAPI) -> None:
    sender, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER)
    here = await approved(api, place, sender, approver)
    done = await reviewing(api, place, reviewer, "publish").post(f"{here}/return", json={"reason": "Whose sample?"})
    assert (done.json()["state"], done.json()["reason"]) == ("returned", "Whose sample?")
