"""Logging in: the same answer and the same work whoever asks, each code once, and not too often."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import argon2
import pyotp
import pytest
from pydantic import SecretStr

from dashboard.accounts import credentials, login, people, sessions, tokens
from dashboard.accounts.login import Browser as From
from dashboard.accounts.model import AccessRefused, Impossible, Role, TooMany
from dashboard.accounts.tables import Account
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD, Browser, Counting
from tests.given import some

Member = Callable[..., Account]
HERE = From("", "192.0.2.1", "test")


@pytest.fixture
def unpatched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()


@pytest.mark.usefixtures("unpatched")
def test_passwords_are_hashed_with_the_defaults_of_the_library() -> None:
    encoded = credentials.hash_password(PASSWORD)
    assert argon2.extract_parameters(encoded) == argon2.profiles.get_default_parameters()
    assert encoded.startswith("$argon2id$")
    assert credentials.verify_password(encoded, PASSWORD)
    assert not credentials.verify_password(encoded, PASSWORD + ".")


def attempts(place: Settings, member: Member) -> dict[str, tuple[str, str]]:
    known = member()
    people.invite(place, email="new@stat.test", rights=people.Rights(Role.ADMIN))
    gone = member("gone@stat.test")
    people.revoke(place, gone.id, None)
    return {
        "wrong": (known.email, "another password"),
        "unknown": ("nobody@stat.test", PASSWORD),
        "invited": ("new@stat.test", ""),
        "revoked": (gone.email, PASSWORD),
        "no address": ("' OR 1=1", PASSWORD),
        "endless": (known.email, "a" * 1_000_000),
    }


def test_every_refusal_says_the_same_and_costs_one_hash(place: Settings, member: Member, hasher: Counting) -> None:
    answers = set()
    for kind, (email, password) in attempts(place, member).items():
        credentials._make_dummy_hash()
        before = (hasher.hashes, hasher.checks)
        with pytest.raises(AccessRefused) as refused:
            login.check_password(place, email, password, HERE)
        answers.add((str(refused.value), refused.value.key, tuple(refused.value.values)))
        assert (kind, hasher.hashes - before[0], hasher.checks - before[1]) == (kind, 0, 1)
    assert len(answers) == 1


async def test_the_page_says_the_same_too(place: Settings, member: Member, browser: Browser) -> None:
    pages = set()
    for kind, (email, password) in attempts(place, member).items():
        answer = await browser.log_in(email, password[:200])
        assert (kind, answer.status_code, browser.session) == (kind, 403, "")
        pages.add(answer.text.replace(email.replace("'", "&#39;"), "…"))
    assert len(pages) == 1


def test_a_password_of_weaker_values_is_hashed_anew_at_login(place: Settings, member: Member, hasher: Counting) -> None:
    account = member()
    hasher.check_needs_rehash = lambda encoded: True  # type: ignore[method-assign]
    credentials._make_dummy_hash()
    before = hasher.hashes
    assert login.check_password(place, account.email, PASSWORD, HERE)[1] == "full"
    assert hasher.hashes == before + 1
    assert login.check_password(place, account.email, PASSWORD, HERE)[1] == "full"


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("short", "password_short"), ("password1234", "password_common"), ("qwertyuiop12", "password_common"),
        ("aaaaaaaaaaaaaaaa", "password_common"), ("aysel@stat.test1", "password_common"), ("1" * 201, "password_long"),
    ],
)  # fmt: skip
def test_passwords_that_are_easily_guessed_are_refused(password: str, key: str) -> None:
    with pytest.raises(Impossible) as refused:
        credentials.check_strength(password, "aysel@stat.test", "Aysel")
    assert refused.value.key == key
    credentials.check_strength(PASSWORD, "aysel@stat.test", "Aysel")
    credentials.check_strength("مصباح ورد حصى بستان", "aysel@stat.test")


def test_attempts_on_one_account_are_limited_and_success_forgets_them(place: Settings, member: Member) -> None:
    account = member()
    for _ in range(9):
        with pytest.raises(AccessRefused, match="do not fit"):
            login.check_password(place, account.email, "x", HERE)
    login.check_password(place, account.email, PASSWORD, HERE)
    for _ in range(10):
        with pytest.raises(AccessRefused, match="do not fit"):
            login.check_password(place, account.email.upper() + " ", "x", HERE)
    with pytest.raises(TooMany) as refused:
        login.check_password(place, account.email, PASSWORD, HERE)
    assert 0 < refused.value.seconds <= 15 * 60 + 1


def test_unknown_addresses_are_limited_alike(place: Settings) -> None:
    for _ in range(10):
        with pytest.raises(AccessRefused, match="do not fit"):
            login.check_password(place, "nobody@stat.test", "x", HERE)
    with pytest.raises(TooMany):
        login.check_password(place, "nobody@stat.test", "x", HERE)


def test_attempts_from_one_network_are_limited_over_all_accounts(place: Settings, hasher: Counting) -> None:
    for number in range(50):
        with pytest.raises(AccessRefused, match="do not fit"):
            login.check_password(place, f"{number}@stat.test", "x", From("", f"2001:db8::{number:x}", ""))
    before = hasher.checks
    with pytest.raises(TooMany):
        login.check_password(place, "fresh@stat.test", "x", From("", "2001:db8::ffff", ""))
    assert hasher.checks == before  # refused before any work
    with pytest.raises(AccessRefused, match="do not fit"):
        login.check_password(place, "fresh@stat.test", "x", From("", "2001:db8:0:1::1", ""))


def test_attempts_are_counted_in_redis_where_several_servers_share_it(place: Settings, redis_url: str) -> None:
    import redis

    shared = place.model_copy(
        update={"accounts": place.accounts.model_copy(update={"limits_url": SecretStr(redis_url), "attempts": 2})}
    )
    for _ in range(2):
        with pytest.raises(AccessRefused, match="do not fit"):
            login.check_password(shared, "nobody@stat.test", "x", HERE)
        login._get_limiter.cache_clear()  # another process
    with pytest.raises(TooMany):
        login.check_password(shared, "nobody@stat.test", "x", HERE)
    with redis.Redis.from_url(redis_url) as database:
        keys = b" ".join(database.keys())
    assert keys
    assert b"nobody" not in keys


def test_where_attempts_cannot_be_counted_nobody_logs_in(place: Settings, member: Member) -> None:
    account = member()
    lost = place.model_copy(
        update={"accounts": place.accounts.model_copy(update={"limits_url": SecretStr("redis://127.0.0.1:1")})}
    )
    with pytest.raises(Exception, match="not possible at the moment") as refused:
        login.check_password(lost, account.email, PASSWORD, HERE)
    assert refused.value.key == "limits"


async def test_too_many_attempts_are_429_with_the_time_to_wait(browser: Browser) -> None:
    for _ in range(10):
        await browser.log_in("nobody@stat.test", "x")
    answer = await browser.log_in("nobody@stat.test", "x")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 901
    assert "Too many attempts. Try again in 15" in answer.text


async def test_a_reviewer_sets_up_codes_at_the_first_login(
    place: Settings, browser: Browser, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = member("rev@office.test", Role.REVIEWER)
    answer = await browser.log_in(account.email, next="/admin/")
    assert answer.headers["location"].startswith("/account/codes")
    first = browser.session
    assert sessions.find_principal(browser.cookie_header, place) is None
    page = (await browser.get("/account/codes")).text
    key = page.split("<code>")[1].split("</code>")[0].replace(" ", "")
    sealed = page.split('name="secret" value="')[1].split('"')[0]
    token = page.split('name="form_token" value="')[1][:64]
    wrong = await browser.client.post("/account/codes", data={"form_token": token, "secret": sealed, "code": "000000"})
    assert wrong.status_code == 403
    assert wrong.text.split("<code>")[1].split("</code>")[0].replace(" ", "") == key, "the app has that one already"
    assert sessions.find_principal(browser.cookie_header, place) is None
    code = pyotp.TOTP(key).now()
    done = await browser.client.post(
        "/account/codes", data={"form_token": token, "secret": sealed, "code": f"{code[:3]} {code[3:]}"}
    )
    assert done.headers["location"].startswith("/review/?"), "what waits for a reviewer"
    assert browser.session != first
    assert some(sessions.find_principal(browser.cookie_header, place)).role is Role.REVIEWER
    again = Browser(browser.client._transport.app)
    await again.log_in(account.email)
    refused = await again.post("/account/code", code=code)  # that code was used to set up
    assert refused.status_code == 403
    await again.client.aclose()


def half(place: Settings, account: Account) -> tuple[From, "login.Found"]:
    cookie, stage = login.check_password(place, account.email, PASSWORD, HERE)
    assert stage == "code"
    header = f"{cookie.name}={cookie.value}"
    found = some(sessions.find_session(header, place))
    return From(header, "192.0.2.1", ""), found


def test_a_code_is_taken_once_and_none_before_it(
    place: Settings, member: Member, with_codes: Callable[[Account], pyotp.TOTP]
) -> None:
    account = member()
    app, now = with_codes(account), datetime.now(UTC)
    browser, found = half(place, account)
    cookie = login.check_code(place, found, app.at(now), browser)
    assert sessions.find_principal(f"{cookie.name}={cookie.value}", place) is not None
    assert sessions.find_session(browser.cookie_header, place) is None  # rotated
    for code in (app.at(now), app.at(now - timedelta(seconds=30)), "", "000000", "abcdef", "١٢٣"):
        browser, found = half(place, account)
        with pytest.raises(AccessRefused, match="wrong or was used"):
            login.check_code(place, found, code, browser)
    browser, found = half(place, account)
    ahead = str(app.at(now + timedelta(seconds=30)))
    login.check_code(place, found, ahead.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), browser)


def test_two_browsers_with_the_same_code_at_once_are_one(
    place: Settings, member: Member, with_codes: Callable[[Account], pyotp.TOTP]
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    account = member()
    code = with_codes(account).now()
    waiting = [half(place, account) for _ in range(4)]

    def enter(one: tuple) -> bool:
        try:
            login.check_code(place, one[1], code, one[0])
        except AccessRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(enter, waiting)) == [False, False, False, True]


def test_codes_are_limited_too(place: Settings, member: Member, with_codes: Callable[[Account], pyotp.TOTP]) -> None:
    account = member()
    with_codes(account)
    browser, found = half(place, account)
    for _ in range(10):
        with pytest.raises(AccessRefused, match="wrong"):
            login.check_code(place, found, "000000", browser)
    with pytest.raises(TooMany):
        login.check_code(place, found, "000000", browser)


def test_the_secret_of_codes_is_not_in_the_database(
    place: Settings, member: Member, with_codes: Callable[[Account], pyotp.TOTP]
) -> None:
    from dashboard.accounts import store
    from dashboard.accounts.model import Unconfigured
    from dashboard.evidence.database.engine import open_engine, reading

    app = with_codes(account := member())
    with reading(open_engine(place)) as connection:
        known = store.find_by_id(connection, account.id)
    assert app.secret not in known.totp
    assert tokens.decrypt(place, known.totp) == app.secret
    with pytest.raises(Unconfigured, match="MONITOR_SECRET"):
        tokens.decrypt(place.model_copy(update={"secret": type(place.secret)("t" * 40)}), known.totp)


def test_who_needs_codes_cannot_drop_them_and_an_open_session_cannot_replace_them(
    place: Settings, member: Member, with_codes: Callable[[Account], pyotp.TOTP]
) -> None:
    account = member("rev@office.test", Role.REVIEWER)
    app = with_codes(account)
    browser, found = half(place, account)
    cookie = login.check_code(place, found, app.now(), browser)
    full = some(sessions.find_session(f"{cookie.name}={cookie.value}", place))
    with pytest.raises(Impossible, match="needs a second factor"):
        login.remove_code(place, full, PASSWORD, browser)
    fresh = credentials.generate_code_secret()
    with pytest.raises(Impossible, match="already"):
        login.set_up_code(place, full, fresh, pyotp.TOTP(fresh).now(), browser)
    with pytest.raises(Impossible, match="second factor"):
        people.make_token(place, full.principal, "script")


async def test_changing_the_password_ends_every_other_session(
    place: Settings, browser: Browser, other: Browser, member: Member
) -> None:
    account = member()
    await browser.log_in(account.email)
    await other.log_in(account.email)
    before = browser.session
    new = "copper window seventeen rain"
    wrong = await browser.post("/account/password", on="/account/", old="x", password=new, again=new)
    assert wrong.status_code == 403
    done = await browser.post("/account/password", on="/account/", old=PASSWORD, password=new, again=new)
    assert (done.status_code, browser.session != before) == (303, True)
    assert sessions.find_principal(browser.cookie_header, place) is not None
    assert sessions.find_principal(other.cookie_header, place) is None
    assert (await other.log_in(account.email)).status_code == 403
    assert (await other.log_in(account.email, new)).status_code == 303


@pytest.mark.parametrize(
    ("wish", "to"),
    [
        ("/fr/contribute/?period=2026-10", "/fr/contribute/?period=2026-10&lang=en"),
        ("https://evil.test/", "/contribute/?lang=en"), ("//evil.test/", "/contribute/?lang=en"),
        ("/\\evil.test", "/contribute/?lang=en"), ("/a\r\nSet-Cookie: x=y", "/contribute/?lang=en"),
        ("javascript:alert(1)", "/contribute/?lang=en"), ("/%09/evil.test", "/%09/evil.test?lang=en"),
        ("/contribute/#//evil.test", "/contribute/?lang=en"),
        ("/contribute/12?x=//evil.test", "/contribute/12?x=//evil.test&lang=en"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it says the same on any engine
async def test_after_login_one_goes_on_to_addresses_of_ours_only(
    browser: Browser, member: Member, wish: str, to: str
) -> None:
    assert (await browser.log_in(member().email, next=wish)).headers["location"] == to


async def test_no_secret_is_in_a_log(
    place: Settings, browser: Browser, member: Member, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    invitation = people.invite(place, email="new@stat.test", rights=people.Rights(Role.ADMIN))
    secret = invitation.link.split("token=")[1].split("&")[0]
    await browser.get(f"/account/link?token={secret}")
    await browser.post(
        "/account/link", on=f"/account/link?token={secret}", token=secret, password="short", again="short"
    )
    account = member()
    await browser.log_in("typed my " + PASSWORD, "x")
    await browser.log_in(account.email)
    made = await browser.post("/account/tokens", on="/account/", name="script", scope_submit="1")
    token = made.text.split("monitor_")[1].split("<")[0]
    await browser.get("/api/v1/account", headers={"authorization": f"Bearer monitor_{token}"})
    said = capsys.readouterr()
    written = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    )
    written += said.out + said.err
    assert "Login refused for" in written
    for kept in (secret, token, browser.session, PASSWORD, "s" * 40):
        assert kept not in written
