"""Tokens of a role that needs a second factor: a one-time code for each, for hours, and gone with the codes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pyotp
import pytest

from dashboard.accounts import audit, login, people, sessions, store
from dashboard.accounts.model import CONFIRMED_TOKEN, Impossible, Role, TokenScope, list_scopes
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.locales import t
from dashboard.settings import Settings
from tests.accounts.conftest import Browser, Member

WithCodes = Callable[[Account], pyotp.TOTP]


async def logged_in(browser: Browser, account: Account, codes: pyotp.TOTP) -> None:
    """In a session that has passed the second factor; the code of the login is used up."""
    await browser.log_in(account.email)
    assert (await browser.post("/account/code", code=codes.now())).status_code == 303


def later(codes: pyotp.TOTP) -> str:
    """The code of the step after this one, which an authenticator shows in half a minute and a login takes."""
    return codes.at(datetime.now(UTC) + timedelta(seconds=30))


def shown(page: str) -> str:
    """The token on the page that shows it, "" where there is none."""
    found = re.search(r"<code class=\"secret\">(monitor_[^<]+)</code>", page)
    return found[1] if found else ""


async def test_a_reviewer_makes_a_token_with_a_code_of_its_own(
    place: Settings, browser: Browser, member: Member, with_codes: WithCodes
) -> None:
    reviewer = member("reviewer@office.test", Role.REVIEWER)
    codes = with_codes(reviewer)
    await logged_in(browser, reviewer, codes)
    for code in ("", "000000", codes.now()):  # none, a wrong one, the one that was used to log in
        refused = await browser.post("/account/tokens", on="/account/", name="x", scope_publish="1", code=code)
        assert t("accounts.errors.code", "en") in unescape(refused.text)
        assert not shown(refused.text)
    assert people.list_tokens(place, reviewer.id) == []
    made = await browser.post("/account/tokens", on="/account/", name="x", scope_publish="1", code=later(codes))
    by = sessions.find_token_principal(f"Bearer {shown(made.text)}", place)
    assert (by.id, by.session, by.scopes) == (reviewer.id, None, {TokenScope.PUBLISH})
    [token] = people.list_tokens(place, reviewer.id)
    assert by.token == token.id
    assert token.expires_at - token.created_at == timedelta(hours=12)
    trail, _ = audit.list_entries(open_engine(place), subject=f"account {reviewer.id}")
    assert [one.after["scopes"] for one in trail if one.action == "account.token_made"] == [["publish"]]
    again = await browser.post("/account/tokens", on="/account/", name="y", scope_publish="1", code=later(codes))
    assert not shown(again.text)


async def test_codes_are_not_guessed_by_making_tokens(
    place: Settings, browser: Browser, member: Member, with_codes: WithCodes
) -> None:
    reviewer = member("reviewer@office.test", Role.REVIEWER)
    codes = with_codes(reviewer)
    await logged_in(browser, reviewer, codes)
    for _ in range(place.accounts.attempts):
        await browser.post("/account/tokens", on="/account/", name="x", scope_publish="1", code="000000")
    refused = await browser.post("/account/tokens", on="/account/", name="x", scope_publish="1", code=later(codes))
    assert not shown(refused.text)
    assert people.list_tokens(place, reviewer.id) == []


def test_a_token_of_a_reviewer_ends_by_the_clock_and_with_the_codes(
    place: Settings, member: Member, with_codes: WithCodes
) -> None:
    reviewer = member("reviewer@office.test", Role.REVIEWER)
    with_codes(reviewer)
    by = store.make_principal(reviewer)
    bearer = f"Bearer {people.make_token(place, by, 'script', scopes=['publish'], confirmed=True)}"
    secret = sessions.tokens.hash_secret(bearer.removeprefix("Bearer "))
    now = datetime.now(UTC)
    with reading(open_engine(place)) as connection:
        moments = [now + CONFIRMED_TOKEN + timedelta(seconds=one) for one in (-10, 10)]
        assert [store.find_token(connection, secret, one) is not None for one in moments] == [True, False]
    with writing(open_engine(place)) as connection:  # however long the row says
        connection.exec_driver_sql("UPDATE account_token SET expires_at = '2999-01-01 00:00:00'")
        assert store.find_token(connection, secret, now + CONFIRMED_TOKEN + timedelta(seconds=10)) is None
        store.change_account(connection, reviewer.id, totp="")
    assert sessions.find_token_principal(bearer, place) is None
    with_codes(reviewer)
    assert sessions.find_token_principal(bearer, place) is not None
    login.reset_code(place, reviewer.id, None)
    with_codes(reviewer)
    assert sessions.find_token_principal(bearer, place) is None


@pytest.mark.parametrize("role", Role)
async def test_which_roles_have_tokens_and_what_for(
    place: Settings, browser: Browser, member: Member, with_codes: WithCodes, role: Role
) -> None:
    """Moderators, integrity officers and administrators have none, whatever code they give."""
    may = {
        Role.CONTRIBUTOR: ["read", "submit"], Role.APPROVER: ["read", "approve"], Role.COORDINATOR: ["read"],
        Role.REVIEWER: ["read", "publish"],
    }.get(role, [])  # fmt: skip
    assert list_scopes(role) == may
    account = member(f"{role}@office.test", role)
    for scope in TokenScope:
        if scope in may:
            people.make_token(place, store.make_principal(account), "x", scopes=[scope], confirmed=True)
        else:
            with pytest.raises(Impossible):
                people.make_token(place, store.make_principal(account), "x", scopes=[scope], confirmed=True)
    if role.needs_second_factor:
        await logged_in(browser, account, with_codes(account))
    else:
        await browser.log_in(account.email)
    page = (await browser.get("/account/")).text
    assert re.findall(r'name="scope_(\w+)"', page) == may
    assert (t("accounts.own.tokens_confirmed", "en") in page) == (role is Role.REVIEWER)
