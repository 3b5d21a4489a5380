"""From a stranger's click to the login and back to what was asked; without a wish to what waits for the person."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pyotp
import pytest
from fastapi import FastAPI

from dashboard.accounts import people, sessions, store
from dashboard.accounts.model import Role
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.locales import DESK_LANGUAGES, choose_public, t
from dashboard.settings import Settings
from tests.accounts import provider as made
from tests.accounts.conftest import Browser, Member, routes_of, serving
from tests.accounts.test_guard import PROTECTED
from tests.accounts.test_oidc import provider, with_provider

__all__ = ["provider", "with_provider"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it says the same on any engine


@pytest.fixture
def api(place: Settings) -> FastAPI:
    return serving(place)


def desk_addresses(api: FastAPI) -> list[str]:
    """Every page of a desk that needs an account."""
    desks = (*PROTECTED[:-2], "/offices/", "/account/colleagues", "/account/tokens")
    found = {
        re.sub(r"{\w+}", "12", route.path)
        for route in routes_of(api)
        if "GET" in route.methods and (route.path.startswith(desks) or route.path == "/account/")
    }
    return sorted(found)


def wished(answer: httpx.Response) -> str:
    """Where the login that was led to leads back."""
    to = urlsplit(answer.headers["location"])
    assert (answer.status_code, to.path, to.netloc) == (303, "/account/login", "")
    return parse_qs(to.query)["next"][0]


async def test_every_desk_address_leads_to_the_login_and_back(browser: Browser, api: FastAPI) -> None:
    addresses = desk_addresses(api)
    assert {"/contribute/", "/contribute/12", "/contribute/figures", "/contribute/12/survey", "/review/", "/admin/",
            "/offices/", "/voice/review/"} <= set(addresses)  # fmt: skip
    for address in addresses:
        own = address == "/account/" or address.startswith(("/account/tokens", "/account/codes"))
        for query, kept in (("?lang=ar", ""), ("?period=2025&x=%26next%3D//e.test&lang=ar&done=x", None)):
            back = wished(await browser.get(address + query))
            assert back.partition("?")[0] == address
            if kept is None and not own:
                assert parse_qs(urlsplit(back).query) == {"period": ["2025"], "x": ["&next=//e.test"]}, address
            else:
                assert back == address


@pytest.mark.parametrize("asked", ["/contribute/figures?period=2024", "/contribute/12", "/contribute/counts"])
async def test_the_whole_way_by_password(browser: Browser, member: Member, asked: str) -> None:
    account = member()
    login = await browser.get((await browser.get(asked)).headers["location"])
    assert f'name="next" value="{asked}"' in unescape(login.text)
    other = unescape(login.text.split('hreflang="fr" href="')[1].split('"')[0])
    assert f'value="{asked}"' in unescape((await browser.get(other)).text), "in another language, too"
    wrong = await browser.log_in(account.email, "wrong", next=asked)
    assert f'value="{asked}"' in unescape(wrong.text), "after a slip, too"
    landed = await browser.log_in(account.email, next=asked)
    mark = "&" if "?" in asked else "?"
    assert landed.headers["location"] == f"{asked}{mark}lang=en"


async def test_the_whole_way_with_a_second_factor(
    browser: Browser, other: Browser, member: Member, with_codes: Callable[[Account], pyotp.TOTP]
) -> None:
    asked = "/review/?state=returned&country=AZE"
    reviewer, fresh = member("r@un.test", Role.REVIEWER), member("f@un.test", Role.REVIEWER)
    codes = with_codes(reviewer)
    step = (await browser.log_in(reviewer.email, next=asked)).headers["location"]
    assert step.startswith("/account/code?")
    assert asked in unescape((await browser.get(step)).text)
    assert asked in unescape((await browser.post("/account/code", on=step, code="000000", next=asked)).text)
    done = await browser.post("/account/code", on=step, code=codes.now(), next=asked)
    assert done.headers["location"] == f"{asked}&lang=en"
    step = (await other.log_in(fresh.email, next=asked)).headers["location"]
    page = (await other.get(step)).text
    assert f'name="next" value="{asked}"' in unescape(page)
    key = page.split("<code>")[1].split("</code>")[0].replace(" ", "")
    sealed = page.split('name="secret" value="')[1].split('"')[0]
    token = page.split('name="form_token" value="')[1][:64]
    form = {"form_token": token, "secret": sealed, "code": pyotp.TOTP(key).now(), "next": asked}
    done = await other.client.post("/account/codes", data=form)
    assert done.headers["location"].startswith(asked + "&lang=en")


@pytest.mark.parametrize(
    ("wish", "to"),
    [
        ("/contribute/12?x=1", "/contribute/12?x=1&lang=fr"), ("", "/contribute/?lang=fr"),
        ("//evil.test/", "/contribute/?lang=fr"), ("https://evil.test", "/contribute/?lang=fr"),
    ],
)  # fmt: skip
async def test_the_whole_way_by_an_organisations_login(
    with_provider: Settings, provider: made.Provider, wish: str, to: str
) -> None:
    people.invite(with_provider, email="aysel@stat.test", rights=people.Rights(Role.APPROVER, "GEO", "Office"))
    browser = Browser(serving(with_provider))
    login = unescape((await browser.get(f"/account/login?lang=fr&next={quote(wish)}")).text)
    started = await browser.get(login.split('class="primary" href="')[1].split('"')[0])
    query = parse_qs(urlsplit(started.headers["location"]).query)
    provider.asked(query)
    assert wish not in query.values(), "the provider is told nothing of it"
    answer = await browser.get("/account/callback", params={"code": "the-code", "state": query["state"][0]})
    assert answer.headers["location"] == to
    assert sessions.find_principal(browser.cookie_header, with_provider) is not None


@pytest.mark.parametrize(
    ("role", "room"),
    [(Role.CONTRIBUTOR, "/contribute/"), (Role.APPROVER, "/contribute/"), (Role.COORDINATOR, "/contribute/"),
     (Role.REVIEWER, "/review/"), (Role.ADMIN, "/review/"), (Role.MODERATOR, "/voice/review/"),
     (Role.OFFICER, "/voice/integrity/")],
)  # fmt: skip
async def test_without_a_wish_one_lands_on_what_is_due(
    browser: Browser, member: Member, with_codes: Callable[[Account], pyotp.TOTP], role: Role, room: str
) -> None:
    account = member(f"{role}@stat.test", role)
    if role.needs_second_factor:
        codes = with_codes(account)
        assert (await browser.log_in(account.email)).headers["location"].startswith("/account/code?lang")
        landed = await browser.post("/account/code", code=codes.now())
    else:
        landed = await browser.log_in(account.email)
    assert landed.headers["location"].split("?")[0] == room
    assert (await browser.get(landed.headers["location"])).status_code == 200
    assert (await browser.get("/account/login")).headers["location"].split("?")[0] == room


async def test_who_waits_to_be_confirmed_lands_on_their_account(
    place: Settings, browser: Browser, member: Member
) -> None:
    waiting = member("new@stat.test", Role.APPROVER)
    with writing(open_engine(place)) as connection:
        store.change_account(connection, waiting.id, waits=True)
    assert (await browser.log_in(waiting.email)).headers["location"] == "/account/?lang=en"


@pytest.mark.parametrize("bare", ["/contribute", "/review", "/offices", "/admin", "/account", "/voice/review"])
async def test_an_address_without_its_last_slash_is_no_dead_end(browser: Browser, bare: str) -> None:
    answer = await browser.get(f"{bare}?period=2025")
    assert (answer.status_code, answer.headers["location"]) == (308, f"{bare}/?period=2025")
    assert wished(await browser.get(answer.headers["location"])).startswith(f"{bare}/")


@pytest.mark.parametrize("lang", DESK_LANGUAGES)
async def test_the_login_says_who_gives_accounts(browser: Browser, lang: str) -> None:
    page = await browser.get(f"/account/login?lang={lang}")
    assert f'href="/{choose_public(lang)}/sending/#accounts">{t("accounts.login.who", lang)}' in unescape(page.text)
