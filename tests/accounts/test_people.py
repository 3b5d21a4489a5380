"""Invitations and resets: one link, one use, by mail where there is a server; and what an administrator may do."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from dashboard.accounts import audit, people, sessions, tokens
from dashboard.accounts.model import AccessRefused, Impossible, Role, State
from dashboard.accounts.people import Rights
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.locales import DESK_LANGUAGES, t
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD, Browser, serving
from tests.accounts.smtp import Post, mail_server

Member = Callable[..., Account]
STAT = Rights(Role.CONTRIBUTOR, "aze", "  State Statistical\nCommittee ")


def secret_of(link: str) -> str:
    return link.split("token=")[1].split("&")[0]


def test_an_invitation_is_a_link_whose_hash_alone_is_kept(place: Settings) -> None:
    made = people.invite(place, email=" Aysel@Stat.test", rights=STAT, language="az")
    assert (made.account.email, made.account.country, made.account.office) == (
        "aysel@stat.test", "AZE", "State Statistical Committee",
    )  # fmt: skip
    assert (made.account.state, made.mailed) == (State.INVITED, False)
    assert made.link.startswith("https://monitor.test/account/link?token=")
    with reading(open_engine(place)) as connection:
        (row,) = connection.execute(text("SELECT * FROM account_link")).mappings()
    assert row["hash"] == tokens.hash_secret(secret_of(made.link))
    assert secret_of(made.link) not in str(dict(row))
    lasts = datetime.fromisoformat(str(row["expires_at"])) - datetime.fromisoformat(str(row["created_at"]))
    assert lasts == timedelta(hours=72)


def test_a_link_is_used_once(place: Settings) -> None:
    secret = secret_of(people.invite(place, email="a@stat.test", rights=STAT).link)
    assert people.read_link(place, secret)[1] == "invitation"
    with pytest.raises(Impossible):
        people.accept(place, secret, "password1234")  # a refused password uses nothing up
    account = people.accept(place, secret, PASSWORD, "Aysel")
    for call in (lambda: people.accept(place, secret, PASSWORD), lambda: people.read_link(place, secret)):
        with pytest.raises(AccessRefused, match="used"):
            call()
    assert people.find_account(place, account.id) == people.find_by_email(place, "A@stat.test")
    assert people.find_by_email(place, "a@stat.test").name == "Aysel"  # type: ignore[union-attr]


def test_a_link_used_in_two_browsers_at_once_is_used_once(place: Settings) -> None:
    from concurrent.futures import ThreadPoolExecutor

    secret = secret_of(people.invite(place, email="a@stat.test", rights=STAT).link)

    def accept(_: int) -> bool:
        try:
            people.accept(place, secret, PASSWORD)
        except AccessRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(accept, range(4))) == [False, False, False, True]


def test_a_link_ends_by_time_by_a_newer_one_and_by_revoking(place: Settings) -> None:
    first = people.invite(place, email="a@stat.test", rights=STAT)
    second = people.invite(place, email="a@stat.test", rights=STAT)
    with pytest.raises(AccessRefused):
        people.read_link(place, secret_of(first.link))
    people.read_link(place, secret_of(second.link))
    people.revoke(place, first.account.id, None)
    with pytest.raises(AccessRefused):
        people.read_link(place, secret_of(second.link))
    third = people.invite(place, email="a@stat.test", rights=STAT)
    with writing(open_engine(place)) as connection:
        connection.execute(text("UPDATE account_link SET expires_at = created_at"))
    with pytest.raises(AccessRefused):
        people.accept(place, secret_of(third.link), PASSWORD)
    for wrong in ("", "x", "'", secret_of(third.link) + "x"):
        with pytest.raises(AccessRefused):
            people.read_link(place, wrong)


@pytest.mark.parametrize(
    ("address", "rights", "key"),
    [
        ("no address", STAT, "email"), ("a@b.test\nBcc: c@d.test", STAT, "email"),
        ("a" * 300 + "@b.test", STAT, "email"),
        ("a@b.test", Rights(Role.CONTRIBUTOR, "", "Office"), "country"),
        ("a@b.test", Rights(Role.APPROVER, "XXX", "Office"), "country"),
        ("a@b.test", Rights(Role.APPROVER, "AZE", " "), "office"),
        ("a@b.test", Rights(Role.ADMIN, "AZE"), "no_country"),
    ],
)  # fmt: skip
def test_what_cannot_be_given_is_said(place: Settings, address: str, rights: Rights, key: str) -> None:
    with pytest.raises(Impossible) as refused:
        people.invite(place, email=address, rights=rights)
    assert (refused.value.key, people.list_accounts(place)) == (key, [])
    t(f"accounts.errors.{key}", "en", **refused.value.values)


def test_who_has_an_account_is_not_invited_over_it(place: Settings, member: Member) -> None:
    account = member()
    with pytest.raises(Impossible, match="already"):
        people.invite(place, email=account.email, rights=Rights(Role.ADMIN))
    assert people.find_account(place, account.id) == account


def test_nobody_changes_their_own_rights(place: Settings, member: Member) -> None:
    from dashboard.accounts import store

    account = member("admin@office.test", Role.ADMIN)
    by = store.make_principal(account)
    for call in (
        lambda: people.change_rights(place, account.id, Rights(Role.REVIEWER), by),
        lambda: people.revoke(place, account.id, by),
    ):
        with pytest.raises(Impossible, match="Nobody"):
            call()
    assert people.find_account(place, account.id) == account


def test_rights_hold_for_a_whole_country(place: Settings, member: Member) -> None:
    account = member()
    with writing(open_engine(place)) as connection:  # as an invitation once let an administrator say
        connection.execute(text("UPDATE account SET network = 'asan'"))
    people.change_rights(place, account.id, Rights(account.role, account.country, account.office), None)
    assert people.find_account(place, account.id).network == ""


def test_every_step_is_in_the_trail_with_who_and_why_and_without_a_secret(place: Settings, member: Member) -> None:
    from dashboard.accounts import store

    admin, account = member("admin@office.test", Role.ADMIN), member()
    by = store.make_principal(admin)
    people.change_rights(place, account.id, Rights(Role.APPROVER, "GEO", "Office"), by, "192.0.2.9", "moved")
    token = people.make_token(place, store.make_principal(account), "script")
    people.revoke(place, account.id, by, "192.0.2.9", "left the ministry")
    entries, _ = audit.list_entries(open_engine(place), subject=f"account {account.id}")
    assert [entry.action.removeprefix("account.") for entry in reversed(entries)] == [
        "invited", "accepted", "rights_changed", "token_made", "revoked",
    ]  # fmt: skip
    changed = entries[2]
    assert (changed.actor, changed.address, changed.reason) == (admin.id, "192.0.2.9", "moved")
    assert (changed.before["country"], changed.after["country"]) == ("AZE", "GEO")
    assert (entries[0].reason, entries[0].after) == ("left the ministry", {"sessions": 0, "tokens": 1})
    whole = "".join(audit.export(open_engine(place)))
    for kept in (token, tokens.hash_secret(token), PASSWORD, "$argon2"):
        assert kept not in whole
    assert audit.verify(open_engine(place)).broken == 0


async def test_a_personal_token_stands_for_its_owner_until_it_ends(
    place: Settings, browser: Browser, other: Browser, member: Member
) -> None:
    account = member()
    await browser.log_in(account.email)
    page = (await browser.post("/account/tokens", on="/account/", name="monthly script", scope_submit="1")).text
    token = "monitor_" + page.split("monitor_")[1].split("<")[0]
    assert token not in (await browser.get("/account/")).text  # shown once
    with reading(open_engine(place)) as connection:
        (row,) = connection.execute(text("SELECT * FROM account_token")).mappings()
    assert (row["hash"], token in str(dict(row))) == (tokens.hash_secret(token), False)
    bearer = {"authorization": f"Bearer {token}"}
    answer = await other.get("/api/v1/account", headers=bearer)
    assert answer.json() == {
        "role": "contributor", "country": "AZE", "network": "", "office": "State Statistical Committee",
        "scopes": ["submit"],
    }  # fmt: skip
    assert people.list_tokens(place, account.id)[0].used_at is not None
    for wrong in (
        "",
        "Bearer",
        "Bearer x",
        f"Bearer {token}x",
        f"Basic {token}",
        f"Bearer {tokens.hash_secret(token)}",
    ):
        answer = await other.get("/api/v1/account", headers={"authorization": wrong})
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
        assert answer.headers["www-authenticate"] == "Bearer"
    await other.log_in(member("mallory@stat.test").email)
    await other.post(f"/account/tokens/{row['id']}/end", on="/account/")  # of somebody else
    other.client.cookies.clear()
    assert (await other.get("/api/v1/account", headers=bearer)).status_code == 200
    people.revoke(place, account.id, None)
    assert (await other.get("/api/v1/account", headers=bearer)).status_code == 401


def test_a_change_of_rights_ends_tokens(place: Settings, member: Member) -> None:
    from dashboard.accounts import store

    account = member()
    bearer = f"Bearer {people.make_token(place, store.make_principal(account), 'script')}"
    people.change_rights(place, account.id, Rights(Role.CONTRIBUTOR, "GEO", "Office"), None)
    assert sessions.find_token_principal(bearer, place) is None
    assert people.list_tokens(place, account.id) == []


@pytest.mark.parametrize("role", Role)
def test_a_token_never_goes_round_a_second_factor(place: Settings, member: Member, role: Role) -> None:
    from dashboard.accounts import store

    account = member()
    bearer = f"Bearer {people.make_token(place, store.make_principal(account), 'script')}"
    with writing(open_engine(place)) as connection:  # however the role came to be another
        store.change_account(connection, account.id, role=role.value)
    assert (sessions.find_token_principal(bearer, place) is None) == role.needs_second_factor


async def test_the_administration_is_for_administrators(
    place: Settings, browser: Browser, other: Browser, member: Member, with_codes: Callable
) -> None:  # fmt: skip
    admin, account = member("admin@office.test", Role.ADMIN), member()
    await other.log_in(account.email)
    for path in ("/admin/", f"/admin/people/{admin.id}", "/admin/audit", "/admin/audit.jsonl"):
        assert (await browser.get(path)).headers["location"].startswith("/account/login?next=/admin/")
        answer = await other.get(path)
        assert (path, answer.status_code, "admin@office.test" in answer.text) == (path, 403, False)
    refused = await other.post(f"/admin/people/{admin.id}/revoke", on="/account/", reason="x")
    assert (refused.status_code, people.find_account(place, admin.id)) == (403, admin)
    app = with_codes(admin)
    await browser.log_in(admin.email)
    await browser.post("/account/code", code=app.now())
    made = await browser.post(
        "/admin/invite", on="/admin/", email="new@stat.test", role="approver", country="GEO", office="Office",
        language="fr",
    )  # fmt: skip
    assert "/account/link?token=" not in made.text  # no mail server either: nobody is shown another's link
    assert "python -m dashboard account link new@stat.test" in made.text
    new = people.find_by_email(place, "new@stat.test")
    assert (new.role, new.country, new.language) == (Role.APPROVER, "GEO", "fr")
    wrong = await browser.post("/admin/invite", on="/admin/", email="x", role="approver", country="GEO", office="O")
    assert (wrong.status_code, "is not an e-mail address" in wrong.text) == (422, True)
    await browser.post(f"/admin/people/{account.id}/revoke", on=f"/admin/people/{account.id}", reason="left")
    assert (await other.get("/account/")).status_code == 303
    assert "all exactly as they were written" in (await browser.get("/admin/audit?verify=1")).text
    lines = (await browser.get("/admin/audit.jsonl")).text.splitlines()
    assert len(lines) == audit.verify(open_engine(place)).entries
    assert (await browser.get("/admin/people/999")).status_code == 404


async def test_what_people_type_is_text_on_every_page(
    place: Settings, browser: Browser, member: Member, with_codes: Callable
) -> None:  # fmt: skip
    admin = member("admin@office.test", Role.ADMIN)
    marked = "<script>alert(1)</script>\"'"
    people.invite(place, email="new@stat.test", rights=Rights(Role.CONTRIBUTOR, "AZE", marked), name=marked)
    app = with_codes(admin)
    assert "<script>" not in (await browser.log_in(marked, "x")).text
    await browser.log_in(admin.email)
    await browser.post("/account/code", code=app.now())
    for path in ("/admin/", "/admin/people/2", "/admin/audit", f"/admin/audit?subject={marked}"):
        text_ = (await browser.get(path)).text
        assert ("<script>" in text_, "&lt;script&gt;" in text_) == (False, True)


async def test_pages_are_kept_nowhere_and_send_no_address_on(browser: Browser) -> None:
    for path in ("/account/login", "/account/link?token=x", "/account/forgotten"):
        headers = (await browser.get(path)).headers
        assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "strict-origin")


@pytest.mark.parametrize("lang", DESK_LANGUAGES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it says the same on any engine
async def test_every_language_has_every_page(
    place: Settings, browser: Browser, member: Member, with_codes: Callable, lang: str
) -> None:
    admin = member("admin@office.test", Role.ADMIN)
    link = people.invite(place, email="new@stat.test", rights=STAT, language=lang).link
    public = ["/account/login", "/account/forgotten", "/account/callback"]
    pages = [await browser.get(f"{path}?lang={lang}") for path in public] + [await browser.get(link)]
    app = with_codes(admin)
    await browser.log_in(admin.email)
    pages.append(await browser.get(f"/account/code?lang={lang}"))
    await browser.post("/account/code", code=app.now())
    for path in ("/account/", "/admin/", "/admin/people/1", "/admin/audit?verify=1"):
        pages.append(await browser.get(path + ("&" if "?" in path else "?") + f"lang={lang}"))
    for page in pages:
        assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in page.text
        assert "{" not in page.text


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with mail_server(tmp_path / "mail") as made:
        yield made


def mailing(place: Settings, port: int) -> Settings:
    mail = place.mail.model_copy(
        update={"host": "127.0.0.1", "port": port, "encryption": "none", "sender": "monitor@monitor.test", "timeout": 5}
    )
    return place.model_copy(update={"mail": mail})


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_an_invitation_goes_by_mail_in_the_persons_language(place: Settings, post: Post, lang: str) -> None:
    made = people.invite(mailing(place, post.port), email="aysel@stat.test", rights=STAT, language=lang)
    assert (made.mailed, made.link) == (True, "")  # who invites does not see it
    (message,) = post.messages()
    assert (message["To"], message["From"]) == ("aysel@stat.test", "monitor@monitor.test")
    assert message["Subject"] == t("accounts.mail.invitation_subject", lang)
    body = message.get_content()
    link = next(line for line in body.splitlines() if line.startswith("https://"))
    assert f"&lang={lang}" in link
    assert "State Statistical Committee" in body
    assert people.accept(place, secret_of(link), PASSWORD).email == "aysel@stat.test"


def test_a_server_that_refuses_leaves_the_link_to_the_operator(place: Settings, post: Post) -> None:
    refused = people.invite(mailing(place, post.port), email="full@stat.test", rights=STAT)
    assert (refused.mailed, "mailbox full" in refused.fault) == (False, True)
    assert people.read_link(place, secret_of(refused.link))
    lost = people.invite(mailing(place, 1), email="a@stat.test", rights=STAT)
    assert (lost.mailed, "127.0.0.1:1" in lost.fault) == (False, True)


async def test_who_has_forgotten_the_password_gets_a_link_and_others_learn_nothing(
    place: Settings, post: Post, member: Member
) -> None:
    account = member()
    with_mail = mailing(place, post.port)
    browser, other = Browser(serving(with_mail)), Browser(serving(with_mail))
    await other.log_in(account.email)
    known = await browser.post("/account/forgotten", email=account.email)
    unknown = await browser.post("/account/forgotten", email="nobody@stat.test")
    assert (known.text, known.status_code) == (unknown.text, 200)
    assert t("accounts.forgotten.sent", "en") in known.text
    (message,) = post.messages()
    link = next(line for line in message.get_content().splitlines() if line.startswith("https://"))
    assert (await browser.log_in(account.email)).status_code == 303  # the present one works until the link is used
    new = "copper window seventeen rain"
    differ = await browser.post("/account/link", on=link, token=secret_of(link), password=new, again="x")
    assert "differ" in differ.text
    done = await browser.post("/account/link", on=link, token=secret_of(link), password=new, again=new)
    assert done.headers["location"].startswith("/account/login")
    assert sessions.find_principal(other.cookie_header, place) is None  # everywhere else logged out
    assert (await browser.log_in(account.email)).status_code == 403
    assert (await browser.log_in(account.email, new)).status_code == 303
    assert (await browser.get(link)).status_code == 410


async def test_resets_are_limited(place: Settings, post: Post, member: Member) -> None:
    account = member()
    browser = Browser(serving(mailing(place, post.port)))
    answers = [(await browser.post("/account/forgotten", email=account.email)).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_without_mail_a_reset_by_the_page_does_nothing(place: Settings, member: Member) -> None:
    account = member()
    people.send_reset_link(place, account.email, "192.0.2.1")
    with reading(open_engine(place)) as connection:
        assert connection.execute(text("SELECT count(*) FROM account_link WHERE purpose = 'reset'")).scalar() == 0
    assert people.read_link(place, secret_of(people.make_reset_link(place, account.email).link))[1] == "reset"
    assert datetime.now(UTC) > account.created_at
