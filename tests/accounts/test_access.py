"""What other routes ask of this room: who is asking, and that a request is not forged; and the address it came from."""

from collections.abc import Callable
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from sqlalchemy import text
from starlette.requests import Request

from dashboard.accounts import people, sessions, store
from dashboard.accounts.model import Principal, Right, Role
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.interfaces.api.access import get_address, is_same_site, require_right
from dashboard.settings import Settings
from tests.accounts.conftest import Browser

Member = Callable[..., Account]


@pytest.fixture
def api(api: FastAPI) -> FastAPI:
    """With a route of another room."""

    @api.post("/api/v1/things")
    def make(principal: Annotated[Principal, Depends(require_right(Right.SUBMIT))]) -> dict[str, int]:
        return {"by": principal.id}

    return api


async def test_a_session_needs_the_form_token_and_a_personal_token_does_not(
    place: Settings, browser: Browser, other: Browser, member: Member
) -> None:
    account = member()
    assert (await browser.client.post("/api/v1/things")).status_code == 401
    await browser.log_in(account.email)
    forged = await browser.client.post("/api/v1/things")
    assert (forged.status_code, forged.headers["content-type"]) == (403, "application/problem+json")
    header = {"x-form-token": sessions.make_form_token(place, browser.cookie_header)}
    assert (await browser.client.post("/api/v1/things", headers=header)).json() == {"by": account.id}
    evil = header | {"origin": "https://evil.test"}
    assert (await browser.client.post("/api/v1/things", headers=evil)).status_code == 403
    await other.log_in(account.email)
    assert (await other.client.post("/api/v1/things", headers=header)).status_code == 403  # of another session
    token = people.make_token(place, store.make_principal(account), "script")
    bare = Browser(other.client._transport.app)
    bearer = {"authorization": f"Bearer {token}"}
    assert (await bare.client.post("/api/v1/things", headers=bearer)).json() == {"by": account.id}
    await bare.client.aclose()


async def test_another_role_is_refused(place: Settings, browser: Browser, member: Member) -> None:
    token = people.make_token(
        place, store.make_principal(member("a@stat.test", Role.APPROVER)), "script", scopes=["approve"]
    )
    answer = await browser.client.post("/api/v1/things", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["detail"]) == (403, "The role approver may not submit.")


async def test_an_account_that_is_not_active_has_no_session_whatever_rows_there_are(
    place: Settings, browser: Browser, member: Member
) -> None:
    account = member()
    await browser.log_in(account.email)
    token = people.make_token(place, store.make_principal(account), "script")
    with writing(open_engine(place)) as connection:
        connection.execute(text("UPDATE account SET state = 'revoked'"))
    assert sessions.find_principal(browser.cookie_header, place) is None
    assert sessions.find_token_principal(f"Bearer {token}", place) is None


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, [b"203.0.113.1"], "10.0.0.1"),  # nobody is believed
        (1, [b"6.6.6.6, 203.0.113.1"], "203.0.113.1"), (1, [b"6.6.6.6", b"203.0.113.1"], "203.0.113.1"),
        (2, [b"203.0.113.1, 10.0.0.2"], "203.0.113.1"), (2, [b"203.0.113.1"], "10.0.0.1"), (1, [], "10.0.0.1"),
        (1, [b"nonsense"], "10.0.0.1"), (1, [b"2001:db8::1"], "2001:db8::1"),
    ],
)  # fmt: skip
def test_the_address_is_what_the_nearest_trusted_proxy_says(proxies: int, forwarded: list[bytes], address: str) -> None:
    headers = [(b"x-forwarded-for", value) for value in forwarded]
    request = Request({"type": "http", "client": ("10.0.0.1", 1), "headers": headers})
    assert get_address(request, Settings(proxies=proxies)) == address


@pytest.mark.parametrize("role", Role)
def test_no_role_has_a_hand_in_two_steps(role: Role) -> None:
    principal = Principal(1, role, "AZE" if role.of_country else "", "", "", "", "en")
    held = {right for right in Right if principal.may(right)}
    assert len(held - {Right.DECIDE}) == 1  # what follows from a figure is no step in making it
    assert (Right.DECIDE in held) == (role is Role.APPROVER)


def test_a_scope_is_one_country_or_one_network_in_it() -> None:
    whole = Principal(1, Role.CONTRIBUTOR, "AZE", "", "", "", "en")
    part = Principal(1, Role.CONTRIBUTOR, "AZE", "asan", "", "", "en")
    assert [whole.may(Right.SUBMIT, *where) for where in (("AZE",), ("AZE", "asan"), ("GEO",))] == [True, True, False]
    assert [part.may(Right.SUBMIT, *where) for where in (("AZE",), ("AZE", "asan"), ("AZE", "dost"))] == [
        False, True, False,
    ]  # fmt: skip
    assert Principal(1, Role.REVIEWER, "", "", "", "", "en").may(Right.REVIEW, "GEO")


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"origin": "https://monitor.test"}, True),
        ({"origin": "https://evil.test"}, False),
        ({"origin": "http://monitor.test"}, False),
        ({"origin": "null"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({}, True),
    ],
)
def test_a_form_is_taken_from_our_own_pages_only(headers: dict[str, str], ours: bool) -> None:
    """Forms of our own pages would be refused, or those of another site be taken in the name of who is logged in."""
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    settings = Settings(public_url="https://monitor.test/", database_url=None)
    assert is_same_site(Request({"type": "http", "headers": raw}), settings) is ours
