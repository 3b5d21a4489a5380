"""The coordinator's page, by forms: offices, assignments, deadlines and conflicts, for who may and nobody else."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from dashboard.accounts import people
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Role
from dashboard.accounts.people import Rights
from dashboard.contributions.submissions import publication
from dashboard.contributions.submissions.offices import directory, store
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.locales import DESK_LANGUAGES, t
from dashboard.settings import Settings
from tests.checks import all_of
from tests.contributions.submissions.conftest import YEAR, workbook
from tests.contributions.submissions.test_closed import row
from tests.contributions.submissions.test_upload import Make, Person, api, person, place

__all__ = ["api", "person", "place"]

Of = Callable[[Role, str], Person]


@pytest.fixture
def of(api: FastAPI, person: Make, place: Settings) -> Of:
    """Somebody of an office that the country has."""

    def made(role: Role, office: str) -> Person:
        one = person(Role.REVIEWER, "")  # then given the role in the office, as the operator gives it
        people.change_rights(place, one.account.id, Rights(role, "AZE", office), None)
        account = people.find_account(place, one.account.id)
        assert account is not None
        return Person(api, place, account)

    return made


async def publish(sender: Person, approver: Person, reviewer: Person, *rows: object) -> int:
    sent = await sender.upload(workbook(list(rows)))
    assert sent.status_code == 303, sent.text[:400]
    page = "/contribute/" + sent.headers["location"].split("/contribute/")[1].split("?")[0]
    for who, move in ((sender, "submit"), (approver, "approve"), (reviewer, "publish")):
        assert (await who.post(f"{page}/move", page, move=move)).status_code == 303
    return int(page.rpartition("/")[2])


async def test_two_offices_send_the_same_and_the_coordinator_decides_on_the_page(
    person: Make, of: Of, place: Settings
) -> None:
    sender, approver, reviewer, coordinator = (
        person(Role.CONTRIBUTOR), person(Role.APPROVER), person(Role.REVIEWER, ""), person(Role.COORDINATOR),
    )  # fmt: skip
    assert t("offices.title", "en") not in (await sender.client.get("/contribute/?lang=en")).text, "nothing new"
    added = await coordinator.post("/offices/add", "/offices/", name="  Statistics\nCommittee ", country="GEO")
    assert (added.status_code, added.headers["location"]) == (303, "/offices/?lang=en&done=office_added")
    names = [(it.country, it.name) for it in directory.list_offices(place, "AZE")]
    assert names == [("AZE", "Office of contributor"), ("AZE", "Statistics Committee")]
    assert directory.list_offices(place, "GEO") == [], "a coordinator's country is their own, whatever a form says"
    other, second = of(Role.CONTRIBUTOR, "Statistics Committee"), of(Role.APPROVER, "statistics committee")
    first = await publish(sender, approver, reviewer, row("nps", YEAR, 40))
    third = await publish(other, second, reviewer, row("nps", YEAR, 50))
    assert (await sender.client.get(f"/contribute/{third}")).status_code == 404
    assert f"/contribute/{third}?" not in (await sender.client.get("/contribute/?lang=en")).text
    for who in (sender, other):
        page = (await who.client.get("/contribute/?lang=en")).text
        assert t("offices.conflicts", "en") in page
        assert "40 · <bdi>Office of contributor" in page
        assert "50 · <bdi>Statistics Committee" in page
    page = (await coordinator.client.get("/offices/?lang=en")).text
    assert page.count('name="office" value="2"') == 1, "a button for each side"
    assert all_of(f"/contribute/{number}?" in page for number in (first, third))
    no_reason = await coordinator.post("/offices/conflicts/1", "/offices/", office="2", reason=" ")
    assert no_reason.status_code == 422
    for who in (sender, approver, reviewer):
        refused = await who.post("/offices/conflicts/1", "/account/", office="2", reason="Mine")
        assert (refused.status_code, refused.headers["location"].partition("?")[0]) == (303, "/contribute/")
    admin = person(Role.ADMIN, "")
    refused = await admin.post("/offices/conflicts/1", "/offices/?country=AZE", office="2", reason="Mine")
    assert refused.status_code == 403
    with reading(open_engine(place)) as connection:
        assert [it.state for it in store.conflicts(connection, "AZE")] == ["open"]
    done = await coordinator.post("/offices/conflicts/1", "/offices/", office="2", reason="Theirs is the survey")
    assert done.headers["location"] == "/offices/?lang=en&done=office_decided"
    assert publication.history(place, load_codebook(), "AZE", ["nps"])["value"].to_list() == [50]
    assert "Theirs is the survey" in (await other.client.get(f"/contribute/{third}")).text
    assert t("offices.conflicts", "en") not in (await sender.client.get("/contribute/?lang=en")).text


async def test_indicators_and_deadlines_are_given_to_an_office_on_the_page(person: Make, place: Settings) -> None:
    coordinator, admin, sender = person(Role.COORDINATOR), person(Role.ADMIN, ""), person(Role.CONTRIBUTOR)
    made = await admin.post("/offices/add", "/offices/?country=AZE", name="Statistics", country="AZE")
    assert (made.status_code, made.headers["location"]) == (303, "/offices/?country=AZE&lang=en&done=office_added")
    assert (
        await admin.post("/offices/assign", "/offices/?country=AZE", country="AZE", indicator="nps", office="2")
    ).status_code == 403
    given = await coordinator.post("/offices/assign", "/offices/", indicator="nps", office="2")
    assert (given.status_code, directory.list_assigned(place, "AZE")) == (303, {"nps": 2})
    for office in ("3", "x", "-1", "2222"):
        assert (
            await coordinator.post("/offices/assign", "/offices/", indicator="nps", office=office)
        ).status_code == 422
    named = await coordinator.post("/offices/2/name", "/offices/", name="Statistics Committee")
    assert named.status_code == 303
    due = await coordinator.post("/offices/deadline", "/offices/", office="2", period=YEAR, day="2026-03-31")
    assert due.status_code == 303
    assert (await coordinator.post("/offices/deadline", "/offices/", period=YEAR, day="March")).status_code == 422
    for lang in DESK_LANGUAGES:
        page = (await coordinator.client.get(f"/offices/?lang={lang}")).text
        assert f"{YEAR} · Statistics Committee" in page
        assert t("offices.assigned", lang) in page
    assert "2026-03-31" not in (await sender.client.get("/contribute/?lang=en")).text, "the other office's"
    assert (await sender.client.get("/offices/")).headers["location"].startswith("/contribute/")
    chosen = (await admin.client.get("/offices/?country=AZE&lang=en")).text
    assert "Statistics Committee" in chosen
    assert t("offices.assigned", "en") not in chosen, "an administrator assigns nothing"
    assert "Statistics Committee" not in (await admin.client.get("/offices/?country=GEO&lang=en")).text


async def test_a_country_with_one_office_sees_one(person: Make, place: Settings) -> None:
    coordinator = person(Role.COORDINATOR)
    with writing(open_engine(place)) as connection:
        accounts.name_office(connection, "GEO", 1, "House of Justice")
    page = (await coordinator.client.get("/offices/?lang=en")).text
    assert "House of Justice" not in page
    assert t("offices.assigned", "en") not in page
    assert t("offices.all", "en") not in page
