"""The pages of accounts: what administrators do there, what everybody does with the own account, and the ways in."""

import re
from collections.abc import Callable
from html import unescape

import httpx
import pyotp
import pytest

from dashboard.accounts import audit, people, sessions
from dashboard.accounts.model import Role, State
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.locales import DESK_LANGUAGES, isolate_ltr, t
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD, Browser
from tests.given import some

Member = Callable[..., Account]
Codes = Callable[[Account], pyotp.TOTP]


def went(answer: httpx.Response) -> str:
    """Where a form led to, without the language."""
    assert answer.status_code == 303, answer.text[:300]
    return re.sub(r"lang=\w+&?", "", answer.headers["location"]).rstrip("?&")


def said(answer: httpx.Response, key: str, **values: str) -> bool:
    return t(f"accounts.{key}", "en", **values) in unescape(answer.text)


@pytest.fixture
async def admin(browser: Browser, member: Member, with_codes: Codes) -> Browser:
    """Somebody who administers, logged in."""
    account = member("admin@office.test", Role.ADMIN)
    app = with_codes(account)
    await browser.log_in(account.email)
    assert went(await browser.post("/account/code", code=app.now())) == "/review/"
    return browser


async def test_an_administrator_changes_rights_makes_links_and_ends_accounts(
    place: Settings, admin: Browser, member: Member, with_codes: Codes
) -> None:
    account = member()
    with_codes(account)
    home = f"/admin/people/{account.id}"
    rights = {"role": "approver", "country": "GEO", "network": "", "office": "Ministry"}
    for change, key in (({"role": "king"}, "role"), ({"country": ""}, "country"), ({"office": ""}, "office")):
        wrong = await admin.post(f"{home}/rights", on=home, **rights | change)
        assert (wrong.status_code, people.find_account(place, account.id).country) == (422, "AZE"), key  # type: ignore[union-attr]
        assert account.email in wrong.text, "the page of the person is shown again"
    assert went(await admin.post(f"{home}/rights", on=home, reason="moved", **rights)) == "/admin/?done=rights_changed"
    found = some(people.find_account(place, account.id))
    assert (found.role, found.country, found.office) == (Role.APPROVER, "GEO", "Ministry")
    assert "moved" in (await admin.get(home)).text
    made = await admin.post(f"{home}/link", on=home)
    assert said(made, "people.no_link", email=isolate_ltr(account.email))
    assert f"python -m dashboard account link {account.email}" in made.text
    link = people.make_link_at_server(place, account).link
    assert (await admin.get(link)).status_code == 200
    assert went(await admin.post(f"{home}/codes", on=home)) == "/admin/?done=codes_taken"
    assert not people.find_account(place, account.id).second_factor  # type: ignore[union-attr]
    assert went(await admin.post(f"{home}/revoke", on=home, reason="left")) == "/admin/?done=revoked"
    assert people.find_account(place, account.id).state is State.REVOKED  # type: ignore[union-attr]
    assert (await admin.get(link)).status_code == 410
    for move in ("rights", "link", "codes", "revoke"):
        gone = await admin.post(f"/admin/people/99/{move}", on="/admin/", **rights)
        assert gone.status_code in (404, 422), move
    own = some(people.find_by_email(place, "admin@office.test"))
    refused = await admin.post(f"/admin/people/{own.id}/revoke", on="/admin/", reason="x")
    assert (refused.status_code, people.find_account(place, own.id).state) == (422, State.ACTIVE)  # type: ignore[union-attr]
    given = {"email": "x", "name": "Kept <name>", "office": "Kept office", **rights}
    again = await admin.post("/admin/invite", on="/admin/", **given | {"office": "Kept office"})
    assert 'value="Kept &lt;name&gt;"' in again.text, "nothing typed is lost"
    made = await admin.post("/admin/invite", on="/admin/", **given | {"email": "new@stat.test"})
    assert 'value="Kept' not in made.text, "the next form is empty"


async def test_the_trail_comes_in_pages_newest_first(place: Settings, admin: Browser) -> None:
    with writing(open_engine(place)) as connection:
        for at in range(60 - audit.verify(open_engine(place)).entries):
            audit.record(connection, action="account.invited", subject=f"account {at % 3 + 100}")
    for asked, number in (("", 1), ("page=2", 2), ("page=3", 3), ("page=0", 1), ("page=x", 1), ("page=-1", 1)):
        page = unescape((await admin.get(f"/admin/audit?{asked}&lang=en")).text)
        assert t("accounts.audit.page", "en", number=str(number), pages="3") in page
        assert ('rel="prev"' in page, 'rel="next"' in page) == (number > 1, number < 3)
        assert f'class="num">{60 - 25 * (number - 1)}</th>' in page
        assert t("accounts.audit.sound", "en", count=60) not in page, "only where it is asked for"
    about = unescape((await admin.get("/admin/audit?subject=account%20101&lang=en")).text)
    assert "account 101" in about
    assert "account 102" not in about
    assert 'rel="next"' not in about
    whole = unescape((await admin.get("/admin/audit?page=3&lang=en")).text)
    assert t("accounts.actions.accepted", "en") in whole
    assert "Aysel" in whole, "who did it is named"


async def test_the_trail_says_what_was_done_in_the_readers_language(place: Settings, admin: Browser) -> None:
    done = {
        "submission.received", "submission.superseded", "survey.destroyed", "voice.report_read", "action.taken_up",
        "account.logged_in", "submission.due_set", "voice.answered",
    }  # fmt: skip
    with writing(open_engine(place)) as connection:
        for action in sorted(done):
            audit.record(connection, action=action, subject="account 1")
    for lang in DESK_LANGUAGES:
        page = unescape((await admin.get(f"/admin/audit?lang={lang}")).text)
        assert f"<bdi>{t('accounts.roles.admin', lang)}" in page, "of who logged in; the trail holds the code"
        assert not [action for action in done if action in page]
        assert t("accounts.actions.voice.report_read", lang) in page


OWN = {
    "password": {}, "codes/remove": {}, "language": {"language": "fr"}, "sessions/1/end": {}, "tokens": {},
    "tokens/1/end": {}, "codes": {}, "code": {},
}  # fmt: skip


@pytest.mark.parametrize("path", OWN)
async def test_who_is_not_logged_in_is_led_to_the_login(browser: Browser, path: str) -> None:
    answer = await browser.post(f"/account/{path}", on="/account/login", **OWN[path])
    assert went(answer).split("?")[0] == "/account/login"
    for page in ("/account/", "/account/code", "/account/codes", "/account/oidc"):
        assert went(await browser.get(page)).split("?")[0] == "/account/login"
    assert (await browser.get("/account/callback")).status_code == 403, "there is no organisation's login"
    assert (await browser.get("/account/link?token=x")).status_code == 410


async def test_everybody_keeps_their_own_account(
    place: Settings, browser: Browser, other: Browser, member: Member, with_codes: Codes
) -> None:
    account, home = member(), "/account/"
    await browser.log_in(account.email)
    await other.log_in(account.email)
    assert went(await browser.get("/account/login?next=/admin/")) == "/admin/"
    assert went(await browser.get("/account/code")) == "/contribute/"
    new = "copper window seventeen rain"
    differ = await browser.post("/account/password", on=home, old=PASSWORD, password=new, again=f"{new}x")
    assert (differ.status_code, said(differ, "errors.passwords_differ")) == (403, True)
    assert went(await browser.post("/account/language", on=home, language="fr")) == f"{home}?done=language"
    assert some(people.find_account(place, account.id)).language == "fr"
    (elsewhere,) = [one.id for one in sessions.list_sessions(place, account.id) if f"sessions/{one.id}/end" in
                    (await browser.get(home)).text]  # fmt: skip
    ended = await browser.post(f"/account/sessions/{elsewhere}/end", on=home)
    assert (went(ended), (await other.get(home)).status_code) == (f"{home}?done=session_ended", 303)
    await browser.post("/account/tokens", on=home, name="script", scope_read="1")
    (token,) = people.list_tokens(place, account.id)
    assert went(await browser.post(f"/account/tokens/{token.id}/end", on=home)) == f"{home}?done=token_ended"
    assert people.list_tokens(place, account.id) == []
    page = (await browser.get("/account/codes")).text
    key, sealed = (page.split(mark)[1] for mark in ("<code>", 'name="secret" value="'))
    code = pyotp.TOTP(key.split("</code>")[0].replace(" ", "")).now()
    form = {"secret": sealed.split('"')[0], "code": code}
    stranger = member("other@stat.test")
    await other.log_in(stranger.email)
    stolen = await other.post("/account/codes", on=home, **form)
    assert (stolen.status_code, people.find_account(place, stranger.id).second_factor) == (403, False)  # type: ignore[union-attr]
    assert went(await browser.post("/account/codes", on=home, **form)) == f"{home}?done=codes"
    assert went(await browser.get("/account/codes")) == home, "they are set up"
    for old, state in (("x", True), (PASSWORD, False)):
        answer = await browser.post("/account/codes/remove", on=home, old=old)
        assert (answer.status_code == 303) == (not state)
        assert people.find_account(place, account.id).second_factor == state  # type: ignore[union-attr]
    done = await browser.post("/account/password", on=home, old=PASSWORD, password=new, again=new)
    assert went(done) == f"{home}?done=password_changed"
    out = await browser.post("/account/logout", on=home)
    assert (went(out), browser.session) == ("/account/login?done=logged_out", "")
    assert said(await browser.get("/account/login?done=logged_out&lang=en"), "done.logged_out")
    assert "accounts.done" not in (await browser.get("/account/login?done=x&lang=en")).text


async def test_where_no_mail_goes_out_a_forgotten_password_is_said_so(browser: Browser) -> None:
    answer = await browser.post("/account/forgotten", on="/account/login", email="a@stat.test")
    assert said(answer, "forgotten.no_mail")
