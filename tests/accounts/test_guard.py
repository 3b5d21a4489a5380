"""Nobody without an account comes past the door of a protected room, whichever page or form they name."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from pyotp import TOTP

from dashboard.accounts.model import Role
from dashboard.accounts.tables import Account
from dashboard.settings import Settings
from tests.accounts.conftest import Browser, routes_of

PROTECTED = ("/contribute/", "/review/", "/admin/", "/voice/review/", "/voice/integrity/", "/actions/desk/",
             "/api/v1/submissions", "/api/v1/opinions")  # fmt: skip
"""Where every page and form needs a right; of ``/account/`` the first page and what changes the account."""

OWN = ("password", "codes/remove", "language", "sessions", "tokens")
PUBLIC = {"/api/v1/submissions/{number}/receipt.{form}"}
"""What readers may know: the receipt of what was published."""


def protected(api: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and address of each protected route, with something in place of its parameters."""
    for route in routes_of(api):
        if route.path in PUBLIC:
            continue
        own = route.path == "/account/" or any(route.path.startswith(f"/account/{part}") for part in OWN)
        if own or route.path.startswith(PROTECTED):
            for method in sorted(route.methods):
                yield method, re.sub(r"\{\w+\}", "1", route.path)


async def turned_away(browser: Browser, api: FastAPI) -> list[tuple[str, str, int]]:
    """Protected routes that do anything but ask for a login or refuse."""
    token = re.search(r'name="form_token" value="(\w+)"', (await browser.get("/account/login")).text)
    assert token
    wrong = []
    for method, path in protected(api):
        form = {"data": {"form_token": token[1]}} if method == "POST" else {}
        answer = await browser.client.request(method, path, **form)  # type: ignore[arg-type]
        to_login = answer.status_code == 303 and answer.headers["location"].startswith("/account/login")
        if not to_login and answer.status_code not in (401, 403):
            wrong.append((method, path, answer.status_code))
    return wrong


async def test_without_an_account_every_protected_page_and_form_leads_to_the_login(
    browser: Browser, api: FastAPI
) -> None:
    assert len(list(protected(api))) > 40
    assert await turned_away(browser, api) == []


async def test_a_revoked_person_is_nobody(browser: Browser, place: Settings, member: Callable[..., Account]) -> None:
    from dashboard.accounts import people

    account = member("approver@stat.test", Role.APPROVER)
    await browser.log_in(account.email)
    assert (await browser.get("/account/")).status_code == 200
    people.revoke(place, account.id, None)
    assert (await browser.get("/account/")).headers["location"].startswith("/account/login")


async def test_a_protected_page_without_its_guard_is_found(browser: Browser, api: FastAPI) -> None:
    @api.get("/review/everything")
    def bare() -> str:
        return "all of it"

    assert await turned_away(browser, api) == [("GET", "/review/everything", 200)]


def test_no_state_of_a_page_knows_rights() -> None:
    """State belongs to whoever knows a client token: what needs a right is a form of the server."""
    pages = Path(__file__).parents[2] / "dashboard" / "interfaces" / "pages"
    named = [path.name for path in pages.rglob("*.py") if re.search(r"dashboard\.accounts|\bRight\.", path.read_text())]
    assert named == []


@pytest.mark.parametrize("number", [2**31, 2**63, 10**40, 0, -1])
async def test_a_number_that_no_row_can_have_is_a_fault_of_who_asks(
    browser: Browser, api: FastAPI, member: Callable[..., Account], with_codes: Callable[..., TOTP], number: int
) -> None:
    """Neither database takes it: both would end in an error of ours."""
    account = member("admin@un.test", Role.ADMIN)
    codes = with_codes(account)
    await browser.log_in(account.email)
    assert (await browser.post("/account/code", code=codes.now())).status_code == 303
    numbered = [route for route in routes_of(api) if re.search(r"\{(number|account)\}", route.path)]
    assert len(numbered) > 12
    found = {}
    for route in numbered:
        path = re.sub(r"\{(number|account)\}", str(number), route.path).replace("{form}", "json")
        for method in route.methods:
            answer = (await browser.client.get(path)) if method == "GET" else await browser.post(path, "/account/")
            found[method, route.path] = answer.status_code
    assert {where: status for where, status in found.items() if not 400 <= status < 500} == {}


async def test_after_the_login_one_is_at_the_page_that_was_asked_for_and_at_the_account_after_a_form_of_it(
    browser: Browser,
) -> None:
    token = re.search(r'name="form_token" value="(\w+)"', (await browser.get("/account/login")).text)
    assert token
    for method, path, back in (
        ("GET", "/review/", "/review/"), ("GET", "/account/", "/account/"), ("POST", "/account/password", "/account/"),
        ("POST", "/account/tokens/1/end", "/account/"),
    ):  # fmt: skip
        form = {"data": {"form_token": token[1]}} if method == "POST" else {}
        answer = await browser.client.request(method, path, **form)  # type: ignore[arg-type]
        assert answer.headers["location"].startswith(f"/account/login?next={back}&"), path
