"""Two people behind every figure: who waits for a reviewer, who is held, and whose line keeps them apart."""

import importlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from dashboard.accounts import audit, login, mail, people, sessions, standing, store
from dashboard.accounts.model import AccessRefused, Impossible, Principal, Right, Role, State
from dashboard.accounts.people import Rights
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.locales import DESK_LANGUAGES, t
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD, Browser
from tests.given import raising, some

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)

Member = Callable[..., Account]


def add(place: Settings, role: Role, by: int | None = None, **values: Any) -> int:
    """An account in use; its number."""
    with writing(open_engine(place)) as connection:
        count = len(store.list_accounts(connection))
        return store.add_account(
            connection, email=f"p{count}@stat.test", role=role.value, country="AZE" if role.of_country else "",
            state=State.ACTIVE.value, created_at=NOW, **{"given_by": by, "given_at": NOW} | values,
        ).id  # fmt: skip


def refusal(place: Settings, by: int, *hands: int, now: datetime = NOW) -> str:
    """Why somebody may not act on what these had a hand in; "" where they may."""
    with reading(open_engine(place)) as connection:
        known = some(store.find_by_id(connection, by))
        try:
            standing.require_separation(connection, store.make_principal(known.account), hands, now)
        except AccessRefused as error:
            return error.key
    return ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # arithmetic of moments
@pytest.mark.parametrize(
    ("after", "told"),
    [
        (timedelta(0), "held"),
        (standing.HOLD_PERIOD - MOMENT, "held"),
        (standing.HOLD_PERIOD, ""),
        (standing.HOLD_PERIOD + MOMENT, ""),
    ],
)
def test_who_was_reset_by_another_is_held_for_exactly_its_hours(place: Settings, after: timedelta, told: str) -> None:
    assert timedelta(hours=72) == standing.HOLD_PERIOD
    one, other = add(place, Role.REVIEWER), add(place, Role.CONTRIBUTOR)
    with writing(open_engine(place)) as connection:
        standing.hold(connection, one, NOW)
    assert refusal(place, one, other, now=NOW + after) == told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("after", "told"),
    [
        (timedelta(0), "chained"), (standing.CHAIN_PERIOD - MOMENT, "chained"), (standing.CHAIN_PERIOD, ""),
        (standing.CHAIN_PERIOD + MOMENT, ""),
    ],
)  # fmt: skip
def test_who_came_by_the_same_person_is_apart_after_exactly_thirty_days(
    place: Settings, after: timedelta, told: str
) -> None:
    assert timedelta(days=30) == standing.CHAIN_PERIOD
    admin = add(place, Role.ADMIN)
    one, other = add(place, Role.APPROVER, admin), add(place, Role.CONTRIBUTOR, admin)
    assert refusal(place, one, other, now=NOW + after) == told


def test_a_line_is_inviters_their_inviters_and_their_guests(place: Settings) -> None:
    root, other = add(place, Role.ADMIN), add(place, Role.ADMIN)
    child = add(place, Role.ADMIN, root)
    sender, cousin, alone = (add(place, Role.CONTRIBUTOR, by) for by in (child, root, other))
    reviewer = add(place, Role.REVIEWER, child)
    for hand, told in ((sender, "chained"), (cousin, "chained"), (alone, ""), (reviewer, "four_eyes")):
        assert refusal(place, reviewer, hand) == told, hand
    assert refusal(place, reviewer, alone, sender) == "chained", "one of all hands is enough"
    moved = add(place, Role.REVIEWER)  # an administrator who has become a reviewer, by the operator
    with writing(open_engine(place)) as connection:
        store.change_account(connection, sender, given_by=moved)
    assert refusal(place, moved, sender) == "chained", "nobody publishes what somebody sent whom they invited"
    assert refusal(place, moved, alone) == ""
    with writing(open_engine(place)) as connection:
        store.change_account(connection, reviewer, confirmed_by=other)
    assert refusal(place, reviewer, cousin) == "", "who is confirmed has left the line"
    operator = [add(place, Role.REVIEWER), add(place, Role.CONTRIBUTOR)]
    assert refusal(place, *operator) == "", "whom the operator invited is no line"


def test_every_role_but_two_waits_for_a_reviewer_when_a_person_gave_it(place: Settings, member: Member) -> None:
    admin = store.make_principal(member("admin@office.test", Role.ADMIN))
    for role in Role:
        office = Rights(role, "AZE", "Office") if role.of_country else Rights(role)
        mine = people.invite(place, email=f"{role}@a.test", rights=office, by=admin).account
        operators = people.invite(place, email=f"{role}@b.test", rights=office).account
        assert (mine.waits, mine.given_by) == (role not in (Role.CONTRIBUTOR, Role.ADMIN), admin.id), role
        assert (operators.waits, operators.given_by) == (False, None)
        by = store.make_principal(mine)
        assert [right for right in Right if by.may(right)] == ([] if mine.waits else [*RIGHT[role]])


RIGHT = {Role.CONTRIBUTOR: (Right.SUBMIT,), Role.ADMIN: (Right.ADMINISTER,)}


def test_a_role_given_later_waits_too_and_another_office_does_not(place: Settings, member: Member) -> None:
    admin, one = store.make_principal(member("admin@office.test", Role.ADMIN)), member(role=Role.APPROVER)
    people.change_rights(place, one.id, Rights(Role.APPROVER, "AZE", "Another name"), admin)
    found = some(people.find_account(place, one.id))
    assert (found.waits, found.given_by, found.office) == (False, None, "Another name")
    for rights in (Rights(Role.APPROVER, "GEO", "Office"), Rights(Role.REVIEWER)):
        people.change_rights(place, one.id, rights, None)
        assert not people.find_account(place, one.id).waits, "the operator's word is enough"  # type: ignore[union-attr]
        people.change_rights(place, one.id, Rights(Role.CONTRIBUTOR, "GEO", "Office"), admin)
        people.change_rights(place, one.id, rights, admin)
        found = some(people.find_account(place, one.id))
        assert (found.waits, found.given_by, found.confirmed_by) == (True, admin.id, None)


def test_sending_an_invitation_again_changes_nobodys_line(place: Settings, member: Member) -> None:
    admin = store.make_principal(member("admin@office.test", Role.ADMIN))
    other = store.make_principal(member("second@office.test", Role.ADMIN))
    operators = people.invite(place, email="r@office.test", rights=Rights(Role.REVIEWER)).account
    people.renew_link(place, operators, admin)
    assert not people.find_account(place, operators.id).waits  # type: ignore[union-attr]
    mine = people.invite(place, email="q@office.test", rights=Rights(Role.REVIEWER), by=admin).account
    people.renew_link(place, mine, other)
    assert people.find_account(place, mine.id).given_by == admin.id  # type: ignore[union-attr]
    people.make_link_at_server(place, mine)
    assert people.find_account(place, mine.id).waits, "a link from the server is no confirmation"  # type: ignore[union-attr]
    people.invite(place, email="q@office.test", rights=Rights(Role.APPROVER, "AZE", "O"), by=other)
    assert people.find_account(place, mine.id).given_by == other.id  # type: ignore[union-attr]
    people.revoke(place, operators.id, admin)
    people.renew_link(place, people.find_account(place, operators.id), admin)  # type: ignore[arg-type]
    assert people.find_account(place, operators.id).waits, "who was revoked comes back by whoever invites"  # type: ignore[union-attr]


def principal(place: Settings, account: int) -> Principal:
    return store.make_principal(some(people.find_account(place, account)))


def confirmable(place: Settings, by: int) -> list[int]:
    return [one.id for one in standing.list_confirmable(place, principal(place, by))]


def test_a_reviewer_confirms_whom_they_stand_apart_from(place: Settings) -> None:
    admin, reviewer, second = add(place, Role.ADMIN), add(place, Role.REVIEWER), add(place, Role.REVIEWER)
    recent = datetime.now(UTC)
    mine = {"given_at": recent, "waits": True}
    approver, invented = add(place, Role.APPROVER, admin, **mine), add(place, Role.REVIEWER, admin, **mine)
    assert confirmable(place, reviewer) == [approver, invented]
    assert confirmable(place, invented) == [], "who waits confirms nobody, nor themselves"
    assert confirmable(place, admin) == []
    with writing(open_engine(place)) as connection:
        standing.hold(connection, reviewer, recent)
    assert confirmable(place, reviewer) == [], "who is held confirms nobody"
    with writing(open_engine(place)) as connection:
        store.change_account(connection, second, waits=True)
    opened = replace(principal(place, second), waits=False)  # as the page was when it was opened
    with pytest.raises(Impossible):
        standing.confirm(place, invented, opened)
    with writing(open_engine(place)) as connection:
        store.change_account(connection, second, waits=False)
    standing.confirm(place, invented, principal(place, second), "192.0.2.7")
    found = some(people.find_account(place, invented))
    assert (found.waits, found.confirmed_by) == (False, second)
    assert confirmable(place, invented) == [approver], "who is confirmed stands apart from whoever gave the role"
    (entry,) = audit.list_entries(open_engine(place), subject=f"account {invented}")[0]
    assert (entry.action, entry.actor, entry.after["given_by"]) == ("account.confirmed", second, admin)
    former = add(place, Role.REVIEWER)  # an administrator once
    guest = add(place, Role.APPROVER, former, **mine)
    nephew = add(place, Role.APPROVER, add(place, Role.ADMIN, former, given_at=NOW), **mine)
    assert {guest, nephew} & set(confirmable(place, former)) == set(), "nor whom they, or their guest, invited"
    assert {guest, nephew} <= set(confirmable(place, second))
    sibling = add(place, Role.REVIEWER, admin, given_at=recent)  # from before roles waited
    assert approver not in confirmable(place, sibling), "nor who came by the same person within thirty days"
    with writing(open_engine(place)) as connection:
        store.change_account(connection, sibling, given_at=recent - standing.CHAIN_PERIOD)
    assert approver in confirmable(place, sibling)
    revoked = add(place, Role.APPROVER, admin, **mine)
    with writing(open_engine(place)) as connection:
        store.change_account(connection, revoked, state=State.INVITED.value)
    assert revoked not in confirmable(place, second), "who has not come yet cannot be asked"
    for nobody in (add(place, Role.CONTRIBUTOR, admin, given_at=recent), second, 999, revoked):
        with pytest.raises(Impossible):
            standing.confirm(place, nobody, principal(place, second))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """Messages that were handed to the mail server."""
    taken: list[EmailMessage] = []
    monkeypatch.setattr(mail, "send", lambda _, message: taken.append(message))
    return taken


def mailing(place: Settings) -> Settings:
    return place.model_copy(update={"mail": place.mail.model_copy(update={"host": "mail.test"})})


@pytest.mark.parametrize("lang", DESK_LANGUAGES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_reviewers_are_told_who_waits_and_who_was_reset(
    place: Settings, member: Member, sent: list[EmailMessage], lang: str
) -> None:
    admin = store.make_principal(member("admin@office.test", Role.ADMIN))
    member("reviewer@office.test", Role.REVIEWER, language=lang)
    place = mailing(place)
    made = people.invite(place, email="new@stat.test", rights=Rights(Role.APPROVER, "AZE", "Office"), by=admin)
    assert (made.mailed, made.link, [message["To"] for message in sent]) == (True, "", ["new@stat.test"])
    secret = str(sent.pop().get_content()).split("token=")[1].split("&")[0]
    account = people.accept(place, secret, PASSWORD, "Leyla")
    (told,) = sent
    assert (told["To"], told["Subject"]) == ("reviewer@office.test", t("accounts.mail.waits_subject", lang))
    assert "Leyla <new@stat.test>" in told.get_content()
    assert "https://monitor.test/account/colleagues" in told.get_content()
    sent.clear()
    login.reset_code(place, account.id, admin)
    assert {message["To"] for message in sent} == {"reviewer@office.test", "new@stat.test"}
    until = people.find_account(place, account.id).held_until  # type: ignore[union-attr]
    assert f"{until:%Y-%m-%d %H:%M} UTC" in sent[0].get_content()
    assert sent[0]["Subject"] == t("accounts.mail.held_subject", lang)
    assert not [message for message in sent if "{" in message.get_content()]


def test_a_password_by_a_link_another_asked_for_holds_and_ones_own_does_not(
    place: Settings, member: Member, sent: list[EmailMessage]
) -> None:
    admin, one = store.make_principal(member("admin@office.test", Role.ADMIN)), member(role=Role.APPROVER)
    place = mailing(place)

    def follow() -> Account:
        return people.accept(place, str(sent[-1].get_content()).split("token=")[1].split("&")[0], PASSWORD)

    people.send_reset_link(place, one.email, "192.0.2.1")
    assert follow().held_until is None
    people.make_reset_link(place, one.email, admin)
    assert people.find_account(place, one.id).held_until is None, "only a link that was used changes something"  # type: ignore[union-attr]
    people.send_reset_link(place, one.email, "192.0.2.1")
    assert follow().held_until is None, "its owner's link ends the other's"
    people.make_reset_link(place, one.email, admin)
    before = datetime.now(UTC)
    held = some(follow().held_until)
    assert before + standing.HOLD_PERIOD <= held <= datetime.now(UTC) + standing.HOLD_PERIOD
    entries, _ = audit.list_entries(open_engine(place), subject=f"account {one.id}")
    assert (entries[0].action, entries[0].after) == ("account.password_reset", {"held": True})
    operators = people.make_link_at_server(place, member("b@stat.test", Role.APPROVER))
    secret = operators.link.split("token=")[1].split("&")[0]
    assert people.accept(place, secret, PASSWORD).held_until is not None, "the operator is another person too"


def test_a_page_never_makes_a_link_to_be_shown(place: Settings, member: Member, sent: list[EmailMessage]) -> None:
    admin, one = store.make_principal(member("admin@office.test", Role.ADMIN)), member()
    rights = Rights(Role.CONTRIBUTOR, "AZE", "Office")
    for made in (
        people.invite(place, email="a@stat.test", rights=rights, by=admin),
        people.make_reset_link(place, one.email, admin),
    ):
        assert (made.link, made.mailed) == ("", False)
    with reading(open_engine(place)) as connection:
        assert not links(connection), "where no mail goes out none is kept"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail, "send", raising(mail.Undelivered("mailbox full")))
        made = people.make_reset_link(mailing(place), one.email, admin)
        assert (made.link, made.mailed, made.fault) == ("", False, "mailbox full")
        with reading(open_engine(place)) as connection:
            assert not links(connection), "nor where the server did not take it"
        assert people.make_reset_link(mailing(place), one.email).link, "the operator at the server gets it"


def links(connection: Any) -> list[Any]:
    from sqlalchemy import text

    return list(connection.execute(text("SELECT * FROM account_link WHERE used_at IS NULL")))


async def test_who_waits_is_told_so_on_every_page_and_the_reviewer_lets_them_in(
    place: Settings, browser: Browser, other: Browser, member: Member, with_codes: Callable
) -> None:
    admin = store.make_principal(member("admin@office.test", Role.ADMIN))
    reviewer = member("reviewer@office.test", Role.REVIEWER)
    app = with_codes(reviewer)
    made = people.invite(
        place, email="new@stat.test", rights=Rights(Role.APPROVER, "AZE", "Ministry"), name="Leyla", by=admin
    )
    people.accept(
        place, people.make_link_at_server(place, made.account).link.split("token=")[1].split("&")[0], PASSWORD
    )
    await other.log_in("new@stat.test")
    own = await other.get("/account/?lang=en")
    assert t("accounts.own.waits", "en") in own.text
    assert "/contribute/" not in own.text
    assert (await other.get("/account/colleagues")).status_code == 403
    await browser.log_in(reviewer.email)
    await browser.post("/account/code", code=app.now())
    page = (await browser.get("/account/colleagues?lang=en")).text
    assert "Leyla" in page
    assert "Ministry" in page
    path = f"/account/colleagues/{made.account.id}/confirm"
    forged = await other.post(path, on="/account/")
    assert (forged.status_code, people.find_account(place, made.account.id).waits) == (403, True)  # type: ignore[union-attr]
    done = await browser.post(path, on="/account/colleagues")
    assert done.headers["location"].startswith("/account/colleagues?")
    assert not people.find_account(place, made.account.id).waits  # type: ignore[union-attr]
    again = await browser.post(path, on="/account/colleagues")
    assert (again.status_code, t("accounts.errors.not_to_confirm", "en") in again.text) == (422, True)
    login.reset_code(place, made.account.id, admin)
    assert "new@stat.test" in (await browser.get("/account/colleagues?lang=en")).text
    await other.log_in("new@stat.test")
    assert "neither approve nor publish" in (await other.get("/account/?lang=en")).text


def test_an_officer_who_waits_opens_no_form(place: Settings, member: Member) -> None:
    admin = store.make_principal(member("admin@office.test", Role.ADMIN))
    made = people.invite(place, email="o@stat.test", rights=Rights(Role.OFFICER, "AZE", "Office"), by=admin)
    people.accept(
        place, people.make_link_at_server(place, made.account).link.split("token=")[1].split("&")[0], PASSWORD
    )
    assert people.list_countries_with(place, Role.OFFICER) == frozenset()
    standing.confirm(place, made.account.id, store.make_principal(member("r@office.test", Role.REVIEWER)))
    assert people.list_countries_with(place, Role.OFFICER) == {"AZE"}


def test_the_session_of_now_counts_not_the_one_that_was(place: Settings, member: Member) -> None:
    one = member(role=Role.REVIEWER)
    cookie = sessions.begin_session(place, one, stage="full", cookie_header=None, address="", agent="")
    header = f"{cookie.name}={cookie.value}"
    assert sessions.find_principal(header, place).may(Right.REVIEW)  # type: ignore[union-attr]
    with writing(open_engine(place)) as connection:
        store.change_account(connection, one.id, waits=True)
    assert not sessions.find_principal(header, place).may(Right.REVIEW)  # type: ignore[union-attr]


def test_the_operator_confirms_where_no_reviewer_can_and_the_trail_says_so(place: Settings) -> None:
    admin = add(place, Role.ADMIN)
    one = add(place, Role.REVIEWER, admin, waits=True, held_until=datetime.now(UTC) + standing.HOLD_PERIOD)
    sender = add(place, Role.CONTRIBUTOR, admin)
    standing.confirm_at_server(place, one)
    assert refusal(place, one, sender) == ""
    (entry,) = audit.list_entries(open_engine(place), subject=f"account {one}")[0]
    assert (entry.action, entry.actor, entry.after) == ("account.break_glass", None, {"confirmed": True})
    made = people.invite(place, email="a@stat.test", rights=Rights(Role.REVIEWER)).account
    people.make_link_at_server(place, made)
    (entry, *_) = audit.list_entries(open_engine(place), subject=f"account {made.id}")[0]
    assert (entry.action, entry.after) == ("account.break_glass", {"link": "invitation"})
    people.revoke(place, made.id, None)
    with pytest.raises(Impossible):
        people.make_link_at_server(place, people.find_account(place, made.id))  # type: ignore[arg-type]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_line_prints_confirms_and_says_who_waits(
    place: Settings, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    commands = importlib.import_module("dashboard.operations.cli.account")
    monkeypatch.setattr(commands, "settings", lambda: place)

    def told(*words: str) -> str:
        done = CliRunner().invoke(commands.app, [*words])
        return done.output if done.exit_code == 0 else f"refused: {done.output}"

    admin = store.make_principal(member("admin@office.test", Role.ADMIN))
    people.invite(place, email="new@stat.test", rights=Rights(Role.APPROVER, "AZE", "Office"), by=admin)
    assert "waits for a reviewer" in told("list")
    link = told("link", "new@stat.test").split()[-1]
    assert people.read_link(place, link.split("token=")[1].split("&")[0])[1] == "invitation"
    assert "is confirmed" in told("confirm", "new@stat.test")
    assert "waits" not in told("list")
    login.reset_code(place, admin.id, None)
    assert "held until" in told("list")
    assert "refused" in told("link", "nobody@stat.test")
    assert "refused" in told("confirm", "nobody@stat.test")
    people.revoke(place, people.find_by_email(place, "new@stat.test").id, None)  # type: ignore[union-attr]
    assert "refused" in told("link", "new@stat.test")
    assert "token=" in told("invite", "other@stat.test", "--role", "reviewer")
    (entry, *_) = audit.list_entries(open_engine(place))[0]
    assert entry.action == "account.break_glass", "it is written down before it is shown"


def test_what_a_group_gave_and_a_person_gives_once_more_is_given_by_that_person(place: Settings) -> None:
    admin = principal(place, add(place, Role.ADMIN))
    one = add(place, Role.APPROVER, by_group=True)
    people.change_rights(place, one, Rights(Role.APPROVER, "AZE", "Office"), admin)
    found = some(people.find_account(place, one))
    assert (found.by_group, found.waits, found.given_by) == (False, True, admin.id)
