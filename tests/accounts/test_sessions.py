"""A session is what the database says at this moment, and a cookie is only a key to it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import text

from dashboard.accounts import people, sessions, tokens
from dashboard.accounts.model import Role
from dashboard.accounts.people import Rights
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD, SITE, Browser, routes_of

Member = Callable[..., Account]


def rows(place: Settings, query: str) -> list:
    with reading(open_engine(place)) as connection:
        return list(connection.execute(text(query)).mappings())


def change(place: Settings, statement: str, **values: object) -> None:
    with writing(open_engine(place)) as connection:
        connection.execute(text(statement), values)


async def test_the_cookie_is_for_this_host_and_no_script_and_the_database_has_only_its_hash(
    place: Settings, browser: Browser, member: Member
) -> None:
    member()
    answer = await browser.log_in("Aysel@stat.test ")
    assert answer.status_code == 303
    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if "session" in one]
    for part in ("__Host-monitor-session=", "HttpOnly", "Secure", "SameSite=lax", "Path=/", f"Max-Age={7 * 86400}"):
        assert part in cookie
    assert "Domain" not in cookie
    (row,) = rows(place, "SELECT * FROM account_session")
    assert row["hash"] == tokens.hash_secret(browser.session)
    assert browser.session not in str(dict(row))
    assert (row["address"], row["stage"]) == ("192.0.2.10", "full")


async def test_who_asks_is_read_from_the_database_at_every_request(
    place: Settings, browser: Browser, member: Member
) -> None:
    account = member()
    assert sessions.find_principal(browser.cookie_header, place) is None
    await browser.log_in(account.email)
    principal = sessions.find_principal(browser.cookie_header, place)
    assert (principal.id, principal.role, principal.country) == (account.id, Role.CONTRIBUTOR, "AZE")
    people.revoke(place, account.id, None, reason="left")
    assert sessions.find_principal(browser.cookie_header, place) is None
    assert (await browser.get("/account/")).headers["location"].startswith("/account/login")


async def test_a_change_of_rights_ends_the_sessions_of_that_person_alone(
    place: Settings, browser: Browser, other: Browser, member: Member
) -> None:
    account, colleague = member(), member("farid@stat.test")
    await browser.log_in(account.email)
    await other.log_in(colleague.email)
    people.change_rights(place, account.id, Rights(Role.APPROVER, "AZE", "Committee"), None)
    assert sessions.find_principal(browser.cookie_header, place) is None
    assert sessions.find_principal(other.cookie_header, place) is not None
    await browser.log_in(account.email)
    assert sessions.find_principal(browser.cookie_header, place).role is Role.APPROVER


async def test_a_session_put_into_a_browser_before_login_is_worth_nothing_after(
    place: Settings, browser: Browser, other: Browser, member: Member
) -> None:
    attacker, victim = member("mallory@stat.test"), member()
    await other.log_in(attacker.email)
    planted = other.session
    browser.client.cookies.set("__Host-monitor-session", planted, domain="monitor.test")
    await browser.post("/account/login", on="/account/", email=victim.email, password=PASSWORD)
    assert browser.session not in ("", planted)
    assert sessions.find_principal(f"__Host-monitor-session={planted}", place) is None  # ended, not shared
    browser.client.cookies.clear()
    browser.client.cookies.set("__Host-monitor-session", "x" * 43, domain="monitor.test")
    await browser.log_in(victim.email)
    assert sessions.find_principal("__Host-monitor-session=" + "x" * 43, place) is None


async def test_two_cookies_of_one_name_are_none(place: Settings, browser: Browser, member: Member) -> None:
    await browser.log_in(member().email)
    twice = f"{browser.cookie_header}; __Host-monitor-session={'y' * 43}"
    assert sessions.find_principal(twice, place) is None


@pytest.mark.parametrize(
    "header",
    [None, "", "x", ";;;", "__Host-monitor-session", "__Host-monitor-session=", "__Host-monitor-session=\x00",
     "__Host-monitor-session=" + "a" * 5000, "__Host-monitor-session=' OR 1=1 --", "monitor-session=abc"],
)  # fmt: skip
def test_a_cookie_that_is_none_is_nobody(place: Settings, header: str | None) -> None:
    assert sessions.find_principal(header, place) is None


@pytest.mark.parametrize(
    ("column", "ago", "alive"),
    [("used_at", timedelta(hours=11, minutes=59), True), ("used_at", timedelta(hours=12, minutes=1), False)],
)
async def test_a_session_ends_when_it_is_not_used(
    place: Settings, browser: Browser, member: Member, column: str, ago: timedelta, alive: bool
) -> None:
    await browser.log_in(member().email)
    moment = datetime.now(UTC) - ago
    if place.sqlalchemy_url.startswith("sqlite"):
        moment = moment.replace(tzinfo=None)
    change(
        place, f"UPDATE account_session SET {column} = :moment", moment=str(moment) if moment.tzinfo is None else moment
    )
    assert (sessions.find_principal(browser.cookie_header, place) is not None) is alive


async def test_a_session_ends_after_seven_days_however_often_it_is_used(
    place: Settings, browser: Browser, member: Member
) -> None:
    await browser.log_in(member().email)
    (row,) = rows(place, "SELECT started_at, expires_at FROM account_session")
    started, expires = (datetime.fromisoformat(str(row[name])) for name in ("started_at", "expires_at"))
    assert expires - started == timedelta(days=7)
    change(place, "UPDATE account_session SET expires_at = started_at")
    assert sessions.find_principal(browser.cookie_header, place) is None


async def test_its_owner_sees_and_ends_sessions_and_nobody_elses(
    place: Settings, browser: Browser, other: Browser, member: Member
) -> None:
    account, mallory = member(), member("mallory@stat.test")
    await browser.log_in(account.email)
    await other.log_in(mallory.email)
    (mine,) = sessions.list_sessions(place, account.id)
    await other.post(f"/account/sessions/{mine.id}/end", on="/account/")
    assert sessions.find_principal(browser.cookie_header, place) is not None
    second = Browser(browser.client._transport.app)  # the same person elsewhere
    await second.log_in(account.email)
    page = await second.get("/account/")
    assert page.text.count("Log out there") == 2  # the word and its label, of the one other session
    await second.post(f"/account/sessions/{mine.id}/end", on="/account/")
    assert sessions.find_principal(browser.cookie_header, place) is None
    assert sessions.find_principal(second.cookie_header, place) is not None
    await second.client.aclose()


async def test_logging_out_ends_the_session_and_not_only_the_cookie(
    place: Settings, browser: Browser, member: Member
) -> None:
    await browser.log_in(member().email)
    kept = browser.cookie_header
    answer = await browser.post("/account/logout", on="/account/")
    assert answer.headers["location"] == "/account/login?lang=en&done=logged_out"
    assert (browser.session, sessions.find_principal(kept, place)) == ("", None)


async def test_half_a_login_is_none(
    place: Settings, browser: Browser, member: Member, with_codes: Callable[[Account], pyotp.TOTP]
) -> None:
    account = member("rev@office.test", Role.REVIEWER)
    with_codes(account)
    assert (await browser.log_in(account.email)).headers["location"] == "/account/code?lang=en"
    assert sessions.find_principal(browser.cookie_header, place) is None
    for path in ("/account/", "/admin/", "/account/codes", "/api/v1/account"):
        assert (await browser.get(path)).status_code in (303, 401)


def test_switched_off_nobody_is_anybody(place: Settings) -> None:
    off = place.model_copy(update={"accounts": place.accounts.model_copy(update={"enabled": False})})
    assert sessions.find_principal(f"__Host-monitor-session={'a' * 43}", off) is None


def test_on_localhost_without_https_the_cookie_has_a_plain_name(place: Settings) -> None:
    local = place.model_copy(update={"public_url": "http://localhost:3000"})
    assert (sessions.name_cookie(local), sessions.is_secure(local)) == ("monitor-session", False)
    assert sessions.name_cookie(place).startswith("__Host-")
    assert sessions.is_secure(place) is SITE.startswith("https")


async def test_every_form_of_every_page_carries_its_token(browser: Browser, member: Member) -> None:
    await browser.log_in(member().email)
    pages = [await browser.get(path) for path in ("/account/", "/account/codes")]
    browser.client.cookies.clear()
    pages += [await browser.get(path) for path in ("/account/login",)]
    for page in pages:
        assert page.text.count('<form method="post"') == page.text.count('name="form_token"') > 0


POSTS = [
    "/account/login", "/account/code", "/account/codes", "/account/link", "/account/forgotten", "/account/logout",
    "/account/password", "/account/codes/remove", "/account/language", "/account/sessions/1/end", "/account/tokens",
    "/account/tokens/1/end", "/admin/invite", "/admin/people/1/rights", "/admin/people/1/link",
    "/admin/people/1/codes", "/admin/people/1/revoke", "/account/colleagues/1/confirm",
]  # fmt: skip


def test_the_list_of_forms_is_whole(api) -> None:
    posts = {
        re_path.replace("{session}", "1").replace("{token}", "1").replace("{account}", "1")
        for re_path, methods in ((route.path, route.methods) for route in routes_of(api))
        if "POST" in methods and re_path.startswith(("/account/", "/admin/"))  # the other desks have lists of their own
    }
    assert posts == set(POSTS)


@pytest.mark.parametrize("forged", ["none", "empty", "other browser", "other session", "other site"])
async def test_a_forged_form_changes_nothing(
    place: Settings, browser: Browser, other: Browser, member: Member, forged: str
) -> None:
    account = member()
    before = form_token(await browser.get("/account/login"))
    await browser.log_in(account.email)
    fields = {
        "none": {},
        "empty": {"form_token": ""},
        "other browser": {"form_token": form_token(await other.get("/account/login"))},
        "other session": {"form_token": before},  # of this browser, before it was logged in
        "other site": {"form_token": form_token(await browser.get("/account/"))},
    }[forged]
    headers = {"origin": "https://evil.test"} if forged == "other site" else {}
    trail = rows(place, "SELECT count(*) AS n FROM audit")
    for path in POSTS:
        answer = await browser.client.post(path, data={**fields, "name": "x"}, headers=headers)
        assert (path, answer.status_code, "form is old" in answer.text) == (path, 403, True)
    assert rows(place, "SELECT count(*) AS n FROM audit") == trail
    assert sessions.find_principal(browser.cookie_header, place) is not None


def form_token(answer) -> str:
    return answer.text.split('name="form_token" value="')[1][:64]


async def test_a_form_is_no_upload_and_no_json(browser: Browser) -> None:
    assert (await browser.client.post("/account/login", data={"email": "a" * 70_000})).status_code == 403
    assert (await browser.client.post("/account/login", json={"email": "a"})).status_code == 403

    async def endless():
        yield b"email=" + b"a" * 1000

    assert (await browser.client.post("/account/login", content=endless())).status_code == 403
