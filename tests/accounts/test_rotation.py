"""Another secret of the installation: what the one of before sealed opens until it is sealed anew, and not after."""

from collections.abc import Callable

import pyotp
import pytest
from pydantic import SecretStr

from dashboard.accounts import audit, login, people, sessions, store, tokens
from dashboard.accounts.model import AccessRefused, Role, Unconfigured
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD, Browser, serving

Member = Callable[..., Account]
OLD, NEW, OLDER = "s" * 40, "t" * 40, "u" * 40


def with_secrets(place: Settings, secret: str, *former: str) -> Settings:
    return place.model_copy(
        update={"secret": SecretStr(secret), "former_secrets": tuple(SecretStr(one) for one in former)}
    )


def kept(place: Settings, account: Account) -> str:
    with reading(open_engine(place)) as connection:
        known = store.find_by_id(connection, account.id)
    return known.totp


async def test_a_secret_is_changed_without_anybody_locked_out(
    place: Settings, member: Member, with_codes: Callable[[Account], pyotp.TOTP]
) -> None:
    account = member("admin@office.test", Role.ADMIN)
    app, other = with_codes(account), member()
    bearer = f"Bearer {people.make_token(place, store.make_principal(other), 'script')}"
    link = people.make_link_at_server(place, other).link.split("token=")[1].split("&")[0]
    before = Browser(serving(place))
    await before.log_in(other.email)
    form = (await before.get("/account/")).text.split('name="form_token" value="')[1].split('"')[0]

    both = with_secrets(place, NEW, OLDER, OLD)
    after = Browser(serving(both))
    await after.log_in(account.email)
    assert (await after.post("/account/code", code=app.now())).headers["location"].startswith("/review/")
    assert sessions.find_principal(after.cookie_header, both) is not None
    assert sessions.find_principal(before.cookie_header, both) is not None, "sessions do not hang on it"
    assert sessions.find_token_principal(bearer, both) is not None
    assert people.read_link(both, link)[0] == people.find_account(both, other.id)
    assert sessions.is_form_token(both, before.cookie_header, form), "a form that is open is taken"
    assert sessions.make_form_token(both, before.cookie_header) != form, "and a new one is of the new secret"
    sealed = tokens.seal(place, "codes", [1, "x"])
    assert tokens.unseal(both, "codes", sealed, 60) == [1, "x"]
    with pytest.raises(AccessRefused):
        tokens.unseal(with_secrets(place, NEW), "codes", sealed, 60)

    assert login.rotate_codes(both) == (1, 0)
    alone = with_secrets(place, NEW)
    assert tokens.decrypt(alone, kept(place, account)) == app.secret
    with pytest.raises(Unconfigured):
        tokens.decrypt(place, kept(place, account))
    assert not sessions.is_form_token(alone, before.cookie_header, form)
    assert tokens.unseal(alone, "codes", tokens.seal(both, "codes", [1]), 60) == [1], "sealed with the newest"
    (entry, *_) = audit.list_entries(open_engine(place))[0]
    assert (entry.action, entry.after) == ("account.rotated", {"codes": 1, "lost": 0})


def test_a_secret_that_is_lost_is_said_and_codes_are_taken_away_at_the_server(
    place: Settings, member: Member, with_codes: Callable[[Account], pyotp.TOTP]
) -> None:
    account = member("admin@office.test", Role.ADMIN)
    with_codes(account)
    before = kept(place, account)
    lost = with_secrets(place, NEW)
    with pytest.raises(Unconfigured, match="MONITOR_FORMER_SECRETS"):
        tokens.decrypt(lost, before)
    assert login.rotate_codes(lost) == (0, 1)
    assert kept(place, account) == before, "what does not open stays: the secret may be found again"
    login.reset_code(lost, account.id, None)
    _, stage = login.check_password(lost, account.email, PASSWORD, login.Browser("", "192.0.2.1", ""))
    assert stage == "setup"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("length", "taken"), [(31, False), (32, True), (33, True)])
def test_a_secret_of_before_is_as_long_as_any(place: Settings, length: int, taken: bool) -> None:
    made = with_secrets(place, NEW, "x" * length)
    if taken:
        tokens.require_configuration(made)
    else:
        with pytest.raises(Unconfigured, match="MONITOR_FORMER_SECRETS"):
            tokens.require_configuration(made)
