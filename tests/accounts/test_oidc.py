"""An organisation's login: against a real provider process, and against one that makes every token wrong."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from dashboard.accounts import audit, login, oidc, people, sessions
from dashboard.accounts.model import AccessRefused, Impossible, Role, State, Unconfigured
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine
from dashboard.locales import t
from dashboard.settings import Settings
from tests.accounts import provider as made
from tests.accounts.conftest import PASSWORD, Browser, serving
from tests.given import some
from tests.serving import free_port, started, wait_for

Member = Callable[..., Account]
ROLES = {"sdg-admins": "admin", "stat-aze": "contributor:AZE:State Statistical Committee"}


def configured(place: Settings, issuer: str, **more: Any) -> Settings:
    accounts = place.model_dump()["accounts"]
    accounts["oidc"] |= {
        "private_hosts": ("127.0.0.1",),
        "issuer": issuer,
        "client_id": "monitor",
        "client_secret": "client-secret-" * 3,
        "roles": ROLES,
    }
    accounts["oidc"] |= more
    values = place.model_dump() | {"accounts": accounts}
    return Settings.model_validate(values | {"secret": "s" * 40, "database_url": place.sqlalchemy_url})


@pytest.fixture
def provider() -> Iterator[made.Provider]:
    with made.running() as running:
        yield running


@pytest.fixture
def with_provider(place: Settings, provider: made.Provider) -> Settings:
    return configured(place, provider.issuer)


async def to_provider(browser: Browser, provider: made.Provider) -> dict[str, str]:
    answer = await browser.get("/account/oidc?lang=fr")
    assert answer.status_code == 303
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    provider.asked(query)
    return {name: values[0] for name, values in query.items()}


async def back(browser: Browser, provider: made.Provider, **query: str) -> httpx.Response:
    asked = await to_provider(browser, provider)
    return await browser.get("/account/callback", params={"code": "the-code", "state": asked["state"]} | query)


async def test_who_was_invited_comes_in_by_the_verified_e_mail(
    with_provider: Settings, provider: made.Provider
) -> None:
    invitation = people.invite(
        with_provider, email="aysel@stat.test", rights=people.Rights(Role.APPROVER, "GEO", "Office")
    )
    browser = Browser(serving(with_provider))
    asked = await to_provider(browser, provider)
    assert asked["redirect_uri"] == "https://monitor.test/account/callback"
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    answer = await browser.get("/account/callback", params={"code": "the-code", "state": asked["state"]})
    assert answer.headers["location"].startswith("/contribute/?")
    principal = some(sessions.find_principal(browser.cookie_header, with_provider))
    assert (principal.id, principal.role, principal.country) == (invitation.account.id, Role.APPROVER, "GEO")
    assert provider.said[0]["code_verifier"]
    assert provider.authorization == "monitor:" + "client-secret-" * 3
    assert "monitor-oidc" not in browser.cookie_header  # used up


async def test_groups_are_mapped_to_roles_and_followed(with_provider: Settings, provider: made.Provider) -> None:
    provider.claims = {"groups": ["staff", "stat-aze"]}
    browser = Browser(serving(with_provider))
    await back(browser, provider)
    principal = some(sessions.find_principal(browser.cookie_header, with_provider))
    assert (principal.role, principal.country, principal.office) == (
        Role.CONTRIBUTOR, "AZE", "State Statistical Committee",
    )  # fmt: skip
    provider.claims = {"groups": "sdg-admins", "amr": ["pwd", "otp"]}
    other = Browser(serving(with_provider))
    await back(other, provider)
    assert sessions.find_principal(browser.cookie_header, with_provider) is None  # the rights changed: logged out there
    principal = some(sessions.find_principal(other.cookie_header, with_provider))
    assert (principal.role, principal.country) == (Role.ADMIN, "")
    actions = [entry.action for entry in audit.list_entries(open_engine(with_provider))[0]]
    assert actions == ["account.logged_in", "account.rights_changed", "account.logged_in", "account.provisioned"]


async def test_who_has_left_the_group_that_gave_the_role_is_refused(
    with_provider: Settings, provider: made.Provider
) -> None:
    browser = Browser(serving(with_provider))
    provider.claims = {"groups": ["stat-aze"]}
    await back(browser, provider)
    (account,) = people.list_accounts(with_provider)
    principal = some(sessions.find_principal(browser.cookie_header, with_provider))
    bearer = f"Bearer {people.make_token(with_provider, principal, 'script')}"
    provider.claims = {"groups": ["staff"]}
    answer = await back(Browser(serving(with_provider)), provider)
    assert (answer.status_code, t("accounts.errors.group_gone", "en") in unescape(answer.text)) == (403, True)
    assert sessions.find_principal(browser.cookie_header, with_provider) is None
    assert sessions.find_token_principal(bearer, with_provider) is None
    entry = audit.list_entries(open_engine(with_provider))[0][0]
    assert (entry.action, entry.after) == ("account.group_gone", {"sessions": 1, "tokens": 1})
    with pytest.raises(Impossible, match="follows a group"):  # by which they would come back with a password
        people.make_reset_link(with_provider, account.email)
    provider.claims = {"groups": ["stat-aze"]}
    assert (await back(browser, provider)).status_code == 303
    provider.claims = {"groups": []}
    rights = people.Rights(account.role, account.country, account.office)
    people.change_rights(with_provider, account.id, rights, None)  # the same, by hand
    assert (await back(browser, provider)).status_code == 303


async def test_a_role_given_by_hand_stays_and_one_from_a_group_takes_no_password(
    with_provider: Settings, provider: made.Provider, member: Member
) -> None:
    account = member("aysel@stat.test", Role.CONTRIBUTOR)
    browser, place = Browser(serving(with_provider)), login.Browser("", "192.0.2.1", "")
    for groups in (["stat-aze"], []):  # a group that gives the same takes nothing with it
        provider.claims = {"groups": groups}
        assert (await back(browser, provider)).status_code == 303
    assert login.check_password(with_provider, account.email, PASSWORD, place)[1] == "full"
    provider.claims = {"groups": ["sdg-admins"]}
    principal = some(sessions.find_principal(browser.cookie_header, with_provider))
    bearer = f"Bearer {people.make_token(with_provider, principal, 'script')}"
    await back(browser, provider)
    assert people.list_tokens(with_provider, account.id) == []
    assert sessions.find_token_principal(bearer, with_provider) is None
    with pytest.raises(AccessRefused, match="follows a group"):
        login.check_password(with_provider, account.email, PASSWORD, place)


async def test_a_role_that_needs_it_gets_no_further_with_a_password_at_the_provider(
    with_provider: Settings, provider: made.Provider
) -> None:
    provider.claims = {"groups": ["sdg-admins"], "amr": ["pwd"]}
    browser = Browser(serving(with_provider))
    assert (await back(browser, provider)).headers["location"].startswith("/account/codes")
    assert sessions.find_principal(browser.cookie_header, with_provider) is None


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another audience": ({"aud": "somebody-else"}, "signed"),
    "no audience": ({"aud": ...}, "signed"),
    "many audiences, for another": ({"aud": ["monitor", "other"], "azp": "other"}, "signed"),
    "many audiences, for nobody named": ({"aud": ["monitor", "other"]}, "signed"),
    "one audience, for another": ({"azp": "other"}, "signed"),
    "one audience, for a number": ({"azp": 7}, "signed"),
    "another issuer": ({"iss": "https://evil.test"}, "signed"),
    "another nonce": ({"nonce": "x"}, "signed"),
    "no nonce": ({"nonce": ...}, "signed"),
    "expired": ({"exp": int(time.time()) - 3600}, "signed"),
    "no end": ({"exp": ...}, "signed"),
    "of the future": ({"iat": int(time.time()) + 3600}, "signed"),
    "no subject": ({"sub": ...}, "signed"),
    "e-mail not verified": ({"email_verified": False}, "signed"),
    "e-mail said to be verified": ({"email_verified": "true"}, "signed"),
    "nothing on verification": ({"email_verified": ...}, "signed"),
    "no e-mail": ({"email": ...}, "signed"),
    "an e-mail of two lines": ({"email": "a@b.test\nc@d.test"}, "signed"),
    "alg none": ({}, "unsigned"),
    "key of another": ({}, "signed_by_another"),
    "public key as secret": ({}, "signed_with_the_public_key"),
    "client secret": ({}, "signed_with_the_client_secret"),
    "altered": ({}, "altered"),
    "no token": ({}, "no_token"),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # refused before the database is asked
async def test_a_wrong_token_lets_nobody_in(place: Settings, provider: made.Provider, wrong: str) -> None:
    settings = configured(place, provider.issuer)
    claims, sign = WRONG[wrong]
    provider.claims = {"groups": ["stat-aze"]} | claims
    provider.sign = getattr(provider, sign)
    browser = Browser(serving(settings))
    answer = await back(browser, provider)
    assert (answer.status_code, browser.session, people.list_accounts(settings)) == (403, "", [])
    assert 'role="alert"' in answer.text
    provider.claims, provider.sign = {"groups": ["stat-aze"]}, provider.signed
    assert (await back(browser, provider)).status_code == 303  # the very same, not wrong


@pytest.mark.parametrize(
    "azp", [{}, {"azp": "monitor"}, {"aud": ["monitor"]}, {"aud": ["x", "monitor"], "azp": "monitor"}]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_answer_for_us_lets_in(place: Settings, provider: made.Provider, azp: dict[str, Any]) -> None:
    settings = configured(place, provider.issuer)
    provider.claims = {"groups": ["stat-aze"]} | azp
    assert (await back(Browser(serving(settings)), provider)).status_code == 303


@pytest.mark.parametrize("odd", [7, 0, True, None, {"stat-aze": 1}, [7, None], [["stat-aze"]], 2.5])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_claim_of_another_kind_says_nothing(place: Settings, provider: made.Provider, odd: Any) -> None:
    settings = configured(place, provider.issuer)
    provider.claims = {"groups": odd, "amr": ["otp"]}
    refused = await back(Browser(serving(settings)), provider)
    assert (refused.status_code, people.list_accounts(settings)) == (403, [])
    provider.claims = {"groups": ["sdg-admins"], "amr": odd}
    assert (await back(Browser(serving(settings)), provider)).headers["location"].startswith("/account/codes")


async def test_another_state_or_another_browser_or_a_second_time_is_refused(
    with_provider: Settings, provider: made.Provider
) -> None:
    provider.claims = {"groups": ["stat-aze"]}
    browser, other = Browser(serving(with_provider)), Browser(serving(with_provider))
    assert (await back(browser, provider, state="x")).status_code == 403
    asked = await to_provider(browser, provider)
    query = {"code": "the-code", "state": asked["state"]}
    assert (await other.get("/account/callback", params=query)).status_code == 403  # a planted login
    assert (await browser.get("/account/callback", params=query | {"iss": "https://evil.test"})).status_code == 403
    assert (await back(browser, provider)).status_code == 303
    assert (await browser.get("/account/callback", params=query)).status_code == 403
    assert (await browser.get("/account/callback")).status_code == 403
    assert (await back(browser, provider, code="another")).status_code == 403
    asked = await to_provider(browser, provider)
    denied = await browser.get("/account/callback", params={"error": "access_denied", "state": asked["state"]})
    assert (denied.status_code, "was not completed" in denied.text or "n’a pas abouti" in denied.text) == (
        403,
        True,
    )


async def test_the_verifier_goes_with_the_challenge(with_provider: Settings, provider: made.Provider) -> None:
    provider.claims = {"groups": ["stat-aze"]}
    browser = Browser(serving(with_provider))
    asked = await to_provider(browser, provider)
    provider.challenge = "of-another-login"
    answer = await browser.get("/account/callback", params={"code": "the-code", "state": asked["state"]})
    assert (answer.status_code, browser.session) == (403, "")


async def test_nobody_registers_themselves_and_the_revoked_stay_out(
    with_provider: Settings, provider: made.Provider
) -> None:
    browser = Browser(serving(with_provider))
    assert ((await back(browser, provider)).status_code, people.list_accounts(with_provider)) == (403, [])
    provider.claims = {"groups": ["stat-aze"]}
    await back(browser, provider)
    (account,) = people.list_accounts(with_provider)
    people.revoke(with_provider, account.id, None)
    assert (await back(browser, provider)).status_code == 403
    assert people.list_accounts(with_provider)[0].state is State.REVOKED
    assert sessions.find_principal(browser.cookie_header, with_provider) is None


async def test_a_new_person_with_an_old_address_is_not_the_old_person(
    with_provider: Settings, provider: made.Provider
) -> None:
    provider.claims = {"groups": ["stat-aze"]}
    await back(Browser(serving(with_provider)), provider)
    provider.claims = {"groups": ["stat-aze"], "sub": "u-2"}
    assert (await back(Browser(serving(with_provider)), provider)).status_code == 403


async def test_where_passwords_are_off_only_the_organisation_is_asked(
    with_provider: Settings, provider: made.Provider, member: Member
) -> None:
    account = member()
    only = configured(with_provider, provider.issuer)
    only = only.model_copy(update={"accounts": only.accounts.model_copy(update={"passwords": False})})
    page = await Browser(serving(only)).get("/account/login")
    assert ('name="password"' in page.text, "/account/oidc" in page.text) == (False, True)
    with pytest.raises(Exception, match="takes no passwords"):
        login.check_password(only, account.email, "x", login.Browser("", "192.0.2.1", ""))


async def test_a_provider_that_does_not_answer_is_said(place: Settings, provider: made.Provider) -> None:
    for issuer, metadata in (
        ("http://127.0.0.1:1", None),
        (provider.issuer, {**provider.metadata, "issuer": "https://evil.test"}),
        (provider.issuer, {**provider.metadata, "token_endpoint": "http://evil.test/token"}),
        (provider.issuer, ["no object"]),
    ):
        if metadata is not None:
            provider.metadata = metadata  # type: ignore[assignment]
        answer = await Browser(serving(configured(place, issuer))).get("/account/oidc")
        assert (answer.status_code, "does not answer" in answer.text) == (503, True)


@pytest.mark.parametrize("text", ["boss", "contributor", "contributor:XXX:Office", "contributor:AZE", "admin:AZE"])
def test_a_mapping_that_is_none_is_refused_at_the_start(place: Settings, text: str) -> None:
    wrong = configured(place, "https://login.test", roles={"group": text})
    with pytest.raises(Unconfigured, match="MONITOR_ACCOUNTS__OIDC__ROLES: 'group'"):
        oidc.read_mapping(wrong)


@pytest.fixture
def mock_provider() -> Iterator[str]:
    """The provider of the package oidc-provider-mock, as a process."""
    issuer = f"http://127.0.0.1:{(port := free_port())}"
    command = ["-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with started(command, by=signal.SIGTERM, **silent) as process:
        wait_for(process, f"{issuer}/.well-known/openid-configuration", within=60)
        yield issuer


async def test_the_whole_way_with_a_provider_of_others(place: Settings, mock_provider: str) -> None:
    settings = configured(place, mock_provider)
    person = {"email": "rena@stat.test", "email_verified": True, "groups": ["stat-aze"]}
    browser = Browser(serving(settings))
    async with httpx.AsyncClient() as client:
        assert (await client.put(f"{mock_provider}/users/rena", json=person)).status_code == 204
        to = (await browser.get("/account/oidc")).headers["location"]
        there = await client.post(to, data={"sub": "rena"})  # the person presses the button there
    assert there.status_code in (302, 303), there.text
    target = there.headers["location"]
    assert target.startswith("https://monitor.test/account/callback?")
    answer = await browser.get(target)
    assert answer.status_code == 303, answer.text
    principal = some(sessions.find_principal(browser.cookie_header, settings))
    assert (principal.role, principal.country) == (Role.CONTRIBUTOR, "AZE")
    assert people.find_by_email(settings, "rena@stat.test").state is State.ACTIVE  # type: ignore[union-attr]
