"""Attempts: an address first, then address and account, then the account; its owner's browser and mailbox pass."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.accounts import login, people, store, tokens
from dashboard.accounts.model import AccessRefused, Role, TooMany
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD, Browser

Member = Callable[..., Account]


def limited(place: Settings, **limits: int) -> Settings:
    return place.model_copy(update={"accounts": place.accounts.model_copy(update=limits)})


def tried(place: Settings, email: str, address: str, password: str = "wrong", cookie: str = "") -> str:
    """What becomes of an attempt: in, wrong, or too many."""
    try:
        login.check_password(place, email, password, login.Browser(cookie, address, ""))
    except TooMany:
        return "too many"
    except AccessRefused:
        return "wrong"
    return "in"


def known(place: Settings, account: Account, cookie: str = "") -> str:
    """The cookie header of a browser in which somebody was logged in."""
    made = login.remember_device(place, account, login.Browser(cookie, "", ""))
    return f"{made.name}={made.value}"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is counted is in memory
@pytest.mark.parametrize("wrong", [8, 9, 10])
def test_so_many_attempts_from_one_address_exactly(place: Settings, member: Member, wrong: int) -> None:
    most = place.accounts.attempts
    assert most == 10
    account = member()
    assert [tried(place, account.email, "192.0.2.1") for _ in range(wrong)] == ["wrong"] * wrong
    assert tried(place, account.email, "192.0.2.1", PASSWORD) == ("in" if wrong < most else "too many")
    assert tried(place, account.email, "192.0.2.2", PASSWORD) == "in", "from any other address it is as before"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_an_address_that_is_refused_counts_for_no_account(place: Settings, member: Member, off: int) -> None:
    place = limited(place, attempts=3, account_attempts=5, address_attempts=4 + off)
    account, addresses = member(), [f"192.0.2.{at}" for at in range(1, 9)]
    others = [f"{at}@stat.test" for at in range(4 + off)]
    assert {tried(place, one, addresses[0]) for one in others} == {"wrong"}
    assert {tried(place, account.email, addresses[0]) for _ in range(20)} == {"too many"}, "the address is used up"
    for address in addresses[1:5]:  # one attempt each: four of the account's five
        assert tried(place, account.email, address) == "wrong"
    assert tried(place, account.email, addresses[5], PASSWORD) == "in", "nothing of the refused address counted"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("wrong", [4, 5, 6])
def test_many_addresses_use_an_account_up_exactly_and_one_alone_does_not(
    place: Settings, member: Member, wrong: int
) -> None:
    place = limited(place, attempts=3, account_attempts=5)
    account = member()
    assert [tried(place, account.email, "192.0.2.250") for _ in range(9)] == ["wrong"] * 3 + ["too many"] * 6
    for at in range(wrong - 3):
        tried(place, account.email, f"192.0.2.{at}")
    assert tried(place, account.email, "198.51.100.1", PASSWORD) == ("in" if wrong < 5 else "too many")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_owners_browser_passes_and_has_a_count_of_its_own(place: Settings, member: Member) -> None:
    place = limited(place, attempts=3, account_attempts=3, address_attempts=3)
    account, other = member(), member("other@stat.test")
    cookie, foreign = known(place, account), known(place, other)
    for _ in range(9):
        tried(place, account.email, "192.0.2.1")
    assert tried(place, account.email, "192.0.2.1", PASSWORD) == "too many"
    assert tried(place, account.email, "192.0.2.1", PASSWORD, foreign) == "too many", "another's browser is none"
    assert tried(place, account.email, "192.0.2.1", PASSWORD, "__Host-monitor-device=made-up") == "too many"
    assert [tried(place, account.email, "192.0.2.1", cookie=cookie) for _ in range(2)] == ["wrong"] * 2
    assert tried(place, account.email, "192.0.2.1", PASSWORD, cookie) == "in", "and begins its count anew"
    assert [tried(place, account.email, "192.0.2.1", cookie=cookie) for _ in range(4)] == ["wrong"] * 3 + ["too many"]


def test_a_browser_is_known_for_a_year_by_one_secret_for_all_who_use_it(place: Settings, member: Member) -> None:
    account, other = member(), member("other@stat.test")

    def is_known(cookie: str, email: str, after: timedelta = timedelta(0)) -> bool:
        with reading(open_engine(place)) as connection:
            value = tokens.hash_secret(cookie.partition("=")[2])
            return store.is_device(connection, value, email, datetime.now(UTC) + after)

    first = known(place, account)
    both = known(place, other, first)
    assert first.partition("=")[0] == "__Host-monitor-device"
    assert not is_known(first, account.email), "a secret is replaced at each login"
    assert is_known(both, account.email)
    assert is_known(both, other.email)
    assert is_known(both, account.email, login.DEVICE_LIFETIME - timedelta(minutes=1))
    assert not is_known(both, account.email, login.DEVICE_LIFETIME)
    assert timedelta(days=365) == login.DEVICE_LIFETIME
    with writing(open_engine(place)) as connection:
        store.forget_devices(connection, account.id)
    assert (is_known(both, account.email), is_known(both, other.email)) == (False, True)
    again = known(place, account, both)
    people.revoke(place, account.id, None)
    assert (is_known(again, account.email), is_known(again, other.email)) == (False, True)


async def test_every_full_login_and_a_link_make_the_browser_known_and_a_half_one_does_not(
    place: Settings, browser: Browser, other: Browser, member: Member, with_codes: Callable
) -> None:
    def device(of: Browser) -> str:
        return of.client.cookies.get("__Host-monitor-device") or ""

    account, reviewer = member(), member("r@office.test", Role.REVIEWER)
    app = with_codes(reviewer)
    answer = await browser.log_in(account.email, "wrong")
    assert device(browser) == ""
    answer = await browser.log_in(account.email)
    (said,) = [it for it in answer.headers.get_list("set-cookie") if "monitor-device" in it]
    for word in ("HttpOnly", "SameSite=lax", "Secure", f"Max-Age={365 * 86400}"):
        assert word in said
    before = device(browser)
    await other.log_in(reviewer.email)
    assert device(other) == "", "half-way"
    await other.post("/account/code", code=app.now())
    assert device(other)
    link = people.make_link_at_server(place, account).link
    secret, new = link.split("token=")[1].split("&")[0], "copper window seventeen rain"
    await other.post("/account/link", on=link, token=secret, password=new, again=new)
    with reading(open_engine(place)) as connection:
        now = datetime.now(UTC)
        assert store.is_device(connection, tokens.hash_secret(device(other)), account.email, now)
        assert not store.is_device(connection, tokens.hash_secret(before), account.email, now), "browsers of before end"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_is_in_changes_the_password_whatever_others_have_used_up(
    place: Settings, browser: Browser, member: Member
) -> None:
    account = member()
    await browser.log_in(account.email)
    for at in range(120):
        tried(place, account.email, f"192.0.2.{at}")
    assert tried(place, account.email, "192.0.2.200", PASSWORD) == "too many"
    new = "copper window seventeen rain"
    for wrong in range(place.accounts.attempts - 1):
        answer = await browser.post("/account/password", on="/account/", old="x", password=new, again=new)
        assert answer.status_code == 403, wrong
    done = await browser.post("/account/password", on="/account/", old=PASSWORD, password=new, again=new)
    assert done.status_code == 303


@pytest.mark.parametrize(("choice", "stay"), [({"tokens": "stay"}, True), ({"tokens": "end"}, False), ({}, False)])
async def test_a_new_password_ends_tokens_unless_they_are_to_stay(
    place: Settings, browser: Browser, member: Member, choice: dict[str, str], stay: bool
) -> None:
    from dashboard.accounts import audit, sessions

    account = member()
    bearer = f"Bearer {people.make_token(place, store.make_principal(account), 'script')}"
    elsewhere = known(place, account).partition("=")[2]
    await browser.log_in(account.email)
    new = "copper window seventeen rain"
    assert '<option value="end" selected>' in (await browser.get("/account/?lang=en")).text
    done = await browser.post("/account/password", on="/account/", old=PASSWORD, password=new, again=new, **choice)
    assert done.status_code == 303
    with reading(open_engine(place)) as connection:
        assert not store.is_device(connection, tokens.hash_secret(elsewhere), account.email, datetime.now(UTC))
    assert (sessions.find_token_principal(bearer, place) is not None) == stay
    (entry,) = [it for it in audit.list_entries(open_engine(place))[0] if it.action == "account.password_changed"]
    assert entry.after == {"tokens_ended": 0 if stay else 1}


def test_a_reset_ends_tokens_always(place: Settings, member: Member) -> None:
    from dashboard.accounts import sessions

    for reset in ("link", "codes"):
        account = member(f"{reset}@stat.test")
        bearer = f"Bearer {people.make_token(place, store.make_principal(account), 'script')}"
        assert sessions.find_token_principal(bearer, place) is not None
        if reset == "link":
            secret = people.make_link_at_server(place, account).link.split("token=")[1].split("&")[0]
            assert sessions.find_token_principal(bearer, place) is not None, "only a link that is used"
            people.accept(place, secret, PASSWORD)
        else:
            login.reset_code(place, account.id, None)
        assert sessions.find_token_principal(bearer, place) is None


@pytest.mark.parametrize("number", ["0", "-1", "2147483648", "9" * 19, "9" * 40, "x"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_number_no_row_has_is_no_page(browser: Browser, member: Member, number: str) -> None:
    await browser.log_in(member().email)
    for path in (f"/account/sessions/{number}/end", f"/account/tokens/{number}/end"):
        answer = await browser.post(path, on="/account/")
        assert 400 <= answer.status_code < 500, path
