"""What every page of accounts does alike: its language, what of the address stays, its status, what a mistake says."""

import re
from collections.abc import Callable
from html import unescape

import pyotp
import pytest

from dashboard.accounts import mail, people, sessions
from dashboard.accounts.mail import Undelivered
from dashboard.accounts.model import AccessRefused, AccountError, Impossible, Role, TooMany, Unconfigured
from dashboard.accounts.tables import Account
from dashboard.interfaces.desk.page import AREAS, get_status, words
from dashboard.locales import DESK_LANGUAGES, t
from dashboard.locales.catalogue import load_messages
from dashboard.settings import Settings
from tests.accounts.conftest import Browser, Member


def _other_languages(text: str) -> dict[str, str]:
    """Where the page leads in each other language."""
    found = re.findall(r'<a lang="(\w+)" hreflang="\w+" href="([^"]+)"', text)
    return {lang: unescape(href) for lang, href in found}


async def test_another_language_keeps_the_page_and_where_one_wanted_to_go_but_no_token(browser: Browser) -> None:
    page = await browser.get("/account/login", params={"lang": "en", "next": "/admin/audit?page=2", "token": "secret"})
    links = _other_languages(page.text)
    assert set(links) == set(DESK_LANGUAGES) - {"en"}
    for lang, href in links.items():
        assert href == f"/account/login?lang={lang}&next=%2Fadmin%2Faudit%3Fpage%3D2"
        assert f'<html lang="{lang}" dir="{DESK_LANGUAGES[lang].dir}"' in (await browser.get(href)).text


async def test_after_a_form_the_language_links_lead_to_a_page_that_can_be_asked_for(browser: Browser) -> None:
    refused = await browser.log_in("nobody@stat.test", "x", lang="en")
    assert refused.status_code == 403
    assert {href.split("?")[0] for href in _other_languages(refused.text).values()} == {"/account/"}


@pytest.mark.parametrize(
    ("asked", "accepted", "chosen", "shown"),
    [
        ("fr", "ar", "az", "fr"), ("", "ar", "az", "az"), ("xx", "fr", "az", "az"), ("", "ar;q=1, fr", "", "ar"),
        ("xx", "xx", "", "en"), ("", "", "", "en"),
    ],
)  # fmt: skip
async def test_the_language_is_the_one_asked_for_then_the_persons_then_the_browsers(
    browser: Browser, member: Member, asked: str, accepted: str, chosen: str, shown: str
) -> None:
    path = "/account/login"
    if chosen:
        await browser.log_in(member().email)
        await browser.post("/account/language", on="/account/", language=chosen)
        path = "/account/"
    page = await browser.get(path, params={"lang": asked}, headers={"Accept-Language": accepted})
    assert f'<html lang="{shown}"' in page.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (TooMany("x", 30), 429), (AccessRefused("x"), 403), (Impossible("x"), 422), (Undelivered("x"), 502),
        (Unconfigured("x"), 500), (AccountError("x"), 503),
    ],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_each_mistake_has_its_status_and_one_without_words_of_its_own_says_so(error: AccountError, status: int) -> None:
    assert get_status(error) == status
    assert words(AccessRefused("x", "no_such_key"), "en") == t("accounts.errors.other", "en")


async def test_a_token_that_cannot_be_made_is_said_on_the_page(
    place: Settings, browser: Browser, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = member()
    await browser.log_in(account.email)
    monkeypatch.setattr(people, "MAX_TOKENS", 1)
    assert (await browser.post("/account/tokens", on="/account/", name="first", scope_submit="1")).status_code == 200
    refused = await browser.post("/account/tokens", on="/account/", name="second", scope_submit="1", lang="en")
    assert refused.status_code == 422
    assert t("accounts.errors.many_tokens", "en", most="1") in unescape(refused.text)
    assert [one.name for one in people.list_tokens(place, account.id)] == ["first"]


async def test_too_many_who_forgot_their_password_are_told_and_nothing_is_said_to_be_sent(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "is_configured", lambda _: True)
    asked = [await browser.post("/account/forgotten", email="a@stat.test", lang="en") for _ in range(11)]
    sent = t("accounts.forgotten.sent", "en")
    assert [sent in unescape(one.text) for one in asked] == [True] * 10 + [False]
    assert [one.status_code for one in asked] == [200] * 10 + [429]
    assert 'name="email"' in asked[-1].text, "the form is there to try again"
    assert 0 < int(asked[-1].headers["retry-after"]) <= 901


async def test_a_page_of_the_trail_that_is_no_number_is_the_first(
    browser: Browser, member: Member, with_codes: Callable[[Account], pyotp.TOTP]
) -> None:
    account = member("admin@office.test", Role.ADMIN)
    codes = with_codes(account)
    await browser.log_in(account.email)
    await browser.post("/account/code", code=codes.now())
    entries = {
        page: (await browser.get("/admin/audit", params={"page": page})).text.count('<th scope="row" class="num">')
        for page in ("1", "0", "-1", "x", "٢", "1234567", "", "2", "123456")
    }
    first = entries["1"]
    assert first > 0
    assert entries == dict.fromkeys(entries, first) | {"2": 0, "123456": 0}


async def test_a_program_is_told_a_mistake_as_a_problem_and_not_as_a_page(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise AccountError("The accounts cannot be read just now")

    monkeypatch.setattr(sessions, "find_token_principal", down)
    reply = await browser.get("/api/v1/account", headers={"Authorization": "Bearer x"})
    assert (reply.status_code, reply.headers["content-type"]) == (503, "application/problem+json")
    assert reply.json()["detail"] == "The accounts cannot be read just now"


def test_what_came_of_a_form_has_a_name_in_one_catalogue_alone() -> None:
    names = [
        key.removeprefix(f"{area}.done.") for area in AREAS for key in load_messages(area, "en") if ".done." in key
    ]
    assert len(names) > 40
    assert len(names) == len(set(names))
