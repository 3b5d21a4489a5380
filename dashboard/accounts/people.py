"""Invite people, change their rights, revoke and reset them; each step is in the audit trail.

``by`` is the principal that asks, None for the operator at the command line. Every change of rights ends all sessions
and tokens of the person.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.accounts import audit, credentials, mail, standing, store, tokens
from dashboard.accounts.model import (
    CONFIRMED_TOKEN,
    FIRST_OFFICE,
    OF_OFFICE,
    ORGANISATIONS,
    AccessRefused,
    Impossible,
    Principal,
    Role,
    State,
    TokenScope,
    list_scopes,
)
from dashboard.accounts.sessions import name_subject
from dashboard.accounts.tables import Account, LinkRow, TokenRow
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.locales import DESK_LANGUAGES
from dashboard.settings import Settings

RESET_HOURS = 2
TOKEN_DAYS = 365
MAX_TOKENS = 20


@dataclass(frozen=True)
class Rights:
    """A role and where it holds."""

    role: Role
    country: str = ""
    office: str = ""


@dataclass(frozen=True)
class Invitation:
    """The result of an invitation or a reset; only the operator at the server ever gets the link."""

    account: Account
    link: str  # "" where it was mailed, and always for whoever asked for it on a page
    mailed: bool
    fault: str = ""  # why it was not mailed although a server is set


def check_rights(rights: Rights) -> Rights:
    """Return normalised rights that can be given.

    Raises:
        Impossible: a country is missing, unknown or superfluous, or the office is missing.
    """
    country, office = rights.country.strip().upper(), _clean_line(rights.office)
    if rights.role.of_country:
        of_organisation = country in ORGANISATIONS and rights.role in (Role.CONTRIBUTOR, Role.APPROVER)
        if country not in load_codebook().countries and not of_organisation:
            raise Impossible(
                f"A {rights.role} belongs to one country: give its ISO 3166 code, such as AZE", "country",
                country=country[:20],
            )  # fmt: skip
        if not office:
            raise Impossible(f"A {rights.role} needs an office: readers see it instead of the person", "office")
    elif country:
        raise Impossible(f"A {rights.role} belongs to no country: leave it out", "no_country")
    return Rights(rights.role, country, office)


def find_office(connection: store.Connection, rights: Rights, account: Account | None = None) -> int:
    """Return the number of the office that somebody with these rights belongs to.

    Where a country has a single office, everybody belongs to it. ``account`` is the account before the change.

    Raises:
        Impossible: the country has several offices, and none of this name.
    """
    if rights.role not in OF_OFFICE:
        return FIRST_OFFICE
    offices = store.list_offices(connection, rights.country)
    if not offices:
        store.name_office(connection, rights.country, FIRST_OFFICE, rights.office)
    numbers = [office.number for office in offices if office.name.casefold() == rights.office.casefold()]
    if numbers:
        return numbers[0]
    if account and (account.country, account.office) == (rights.country, rights.office):
        return account.office_number
    if len(offices) > 1:
        names = "; ".join(office.name for office in offices)
        raise Impossible(
            f"{rights.country} has several offices: name one of them: {names}", "which_office", names=names
        )
    return FIRST_OFFICE


def invite(
    settings: Settings, *, email: str, rights: Rights, name: str = "", language: str = "en",
    by: Principal | None = None, address: str = "",
) -> Invitation:  # fmt: skip
    """Invite a person, or invite them again; the link of an earlier invitation ends.

    On a page (``by`` is set) the link goes by mail only; without a mail server none is made.

    Raises:
        Impossible: the input is not acceptable, or the account is in use.
    """
    email, rights, now = mail.read_address(email), check_rights(rights), datetime.now(UTC)
    language = language if language in DESK_LANGUAGES else "en"
    secret = tokens.generate_secret()
    values: dict[str, Any] = {
        **_list_values(rights),
        "name": _clean_line(name),
        "language": language,
        "by_group": False,
    }
    values["state"] = State.INVITED.value
    with writing(open_engine(settings)) as connection:
        invited = store.find_by_email(connection, email)
        if invited and invited.account.state is State.ACTIVE:
            raise Impossible(f"{email} has an account already", "known", email=email)
        number = values["office_number"] = find_office(connection, rights, invited.account if invited else None)
        if not (
            by and invited and invited.account.state is State.INVITED and has_rights(invited.account, rights, number)
        ):
            values |= standing.describe_grant(rights.role, by, now)
        if invited:
            store.change_account(connection, invited.account.id, **values, password="", totp="", subject=None)
        else:
            store.add_account(connection, email=email, created_at=now, **values)
        existing = store.find_by_email(connection, email)
        assert existing is not None
        _keep_link(settings, connection, existing.account, "invitation", secret, settings.accounts.link_hours, by)
        after = _list_values(rights) | {"email": email}
        _record(connection, "invited", existing.account, by, address, after=after)
    return _send_link(settings, existing.account, "invitation", secret, int(settings.accounts.link_hours), by)


def make_reset_link(settings: Settings, email: str, by: Principal | None = None, address: str = "") -> Invitation:
    """Make a link for choosing a new password; once used, it holds the account for 72 hours.

    Raises:
        Impossible: nobody active has this address, or their role follows a group at the organisation's login.
    """
    owner = find_by_email(settings, email)
    if owner and follows_group(settings, owner):
        raise Impossible(f"The role of {owner.email} follows a group: they log in with their organisation", "by_group")
    reset = _make_reset(settings, mail.read_address(email), by, address, by_another=True)
    if reset is None:
        raise Impossible(f"No active account has the address {email}", "unknown", email=email[:80])
    account, secret = reset
    return _send_link(settings, account, "reset", secret, RESET_HOURS, by)


def renew_link(settings: Settings, account: Account, by: Principal | None, address: str = "") -> Invitation:
    """Make a new link for a person: a password reset for an active account, else another invitation."""
    if account.state is State.ACTIVE:
        return make_reset_link(settings, account.email, by, address)
    rights = Rights(account.role, account.country, account.office)
    return invite(
        settings, email=account.email, rights=rights, name=account.name, language=account.language, by=by,
        address=address,
    )  # fmt: skip


def send_reset_link(settings: Settings, email: str, address: str) -> None:
    """Mail a reset link if an active account has this address; the caller learns nothing either way.

    Does nothing where no mail can be sent: the operator then prints a link at the server.
    """
    try:
        email = mail.read_address(email)
    except Impossible:
        return
    if not mail.is_configured(settings):
        return
    reset = _make_reset(settings, email, None, address, by_another=False)
    if reset:
        _send_link(settings, reset[0], "reset", reset[1], RESET_HOURS, None)


def record_printed_link(settings: Settings, invitation: Invitation) -> None:
    """Record that the operator gets a link at the server, before it is shown."""
    with writing(open_engine(settings)) as connection:
        _record(connection, "break_glass", invitation.account, None, "")


def make_link_at_server(settings: Settings, account: Account) -> Invitation:
    """Make a link for the operator to hand over, leaving the account's rights as they are.

    Raises:
        Impossible: the account was revoked, or its role follows a group at the organisation's login.
    """
    if account.state is State.REVOKED:
        raise Impossible(f"No account in use has the address {account.email}", "unknown", email=account.email)
    if follows_group(settings, account):
        raise Impossible(
            f"The role of {account.email} follows a group: they log in with their organisation", "by_group"
        )
    active, secret = account.state is State.ACTIVE, tokens.generate_secret()
    purpose, hours = ("reset", RESET_HOURS) if active else ("invitation", settings.accounts.link_hours)
    with writing(open_engine(settings)) as connection:
        _keep_link(settings, connection, account, purpose, secret, hours, None)
        _record(connection, "break_glass", account, None, "", after={"link": purpose})
    return Invitation(account, _build_link(settings, account, secret), mailed=False)


def read_link(settings: Settings, secret: str) -> tuple[Account, str]:
    """Return the account and purpose of a link without using it up, since programs open links in mail.

    Raises:
        AccessRefused: the link does not exist, was used, or has expired.
    """
    with reading(open_engine(settings)) as connection:
        link = store.find_link(connection, tokens.hash_secret(secret), datetime.now(UTC))
    if link is None:
        raise AccessRefused("This link was used, is over, or was replaced by a newer one: ask for another", "link")
    return link


def accept(settings: Settings, secret: str, password: str, name: str = "", address: str = "") -> Account:
    """Choose a password by a link, which is used up; earlier sessions and tokens end.

    A reset that another person asked for holds the account (``standing.hold``).

    Raises:
        AccessRefused: the link is not in force.
        Impossible: the password cannot be taken.
    """
    account, purpose = read_link(settings, secret)
    if not settings.accounts.passwords:
        raise AccessRefused("This installation takes no passwords: log in with your organisation", "no_passwords")
    credentials.check_strength(password, account.email, account.name, name)
    encoded, now, link_hash = credentials.hash_password(password), datetime.now(UTC), tokens.hash_secret(secret)
    with writing(open_engine(settings)) as connection:
        if not store.use_link(connection, link_hash, now):
            raise AccessRefused("This link was used already: ask for another", "link")
        values: dict[str, Any] = {"password": encoded, "state": State.ACTIVE.value}
        if purpose == "invitation" and name.strip():
            values["name"] = _clean_line(name)
        store.change_account(connection, account.id, **values)
        store.end_sessions(connection, account.id)
        store.end_tokens(connection, account.id)
        store.forget_devices(connection, account.id)
        is_held = purpose == "reset" and store.is_by_another(connection, link_hash)
        if is_held:
            standing.hold(connection, account.id, now)
        done = "accepted" if purpose == "invitation" else "password_reset"
        _record(
            connection,
            done,
            account,
            store.make_principal(account),
            address,
            after={"held": is_held} if is_held else None,
        )
        account = _require_account(connection, account.id)
    if is_held:
        standing.announce_hold(settings, account, None)
    elif account.waits:
        standing.announce_waiting(settings, account)
    return account


def change_rights(
    settings: Settings, account: int, rights: Rights, by: Principal | None, address: str = "", reason: str = ""
) -> None:
    """Give a person another role, country or office; all their sessions and tokens end.

    A role given by a person waits for a reviewer (``standing.describe_grant``), and stays whatever groups they leave.

    Raises:
        Impossible: there is no such person, or the rights cannot be given.
    """
    rights = check_rights(rights)
    with writing(open_engine(settings)) as connection:
        person = _require_account(connection, account)
        before = {**_list_values(Rights(person.role, person.country, person.office)), "network": person.network}
        number = find_office(connection, rights, person)
        if before == _list_values(rights) and number == person.office_number and not person.by_group:
            return
        if by and by.id == account:
            raise Impossible("Nobody changes their own rights: ask another administrator", "own_rights")
        values: dict[str, Any] = {**_list_values(rights), "office_number": number, "by_group": False}
        if person.by_group or not has_rights(person, rights, number):  # another name is no other right
            values |= standing.describe_grant(rights.role, by, datetime.now(UTC))
        store.change_account(connection, account, **values)
        store.end_sessions(connection, account)
        store.end_tokens(connection, account)
        _record(connection, "rights_changed", person, by, address, before, _list_values(rights), reason)
        changed = _require_account(connection, account)
    if changed.waits and changed.state is State.ACTIVE:
        standing.announce_waiting(settings, changed)


def revoke(settings: Settings, account: int, by: Principal | None, address: str = "", reason: str = "") -> None:
    """Revoke an account and end its sessions, tokens and links; the audit trail keeps what was done.

    Raises:
        Impossible: there is no such person, or they ask for themselves.
    """
    with writing(open_engine(settings)) as connection:
        person = _require_account(connection, account)
        if by and by.id == account:
            raise Impossible("Nobody revokes themselves: ask another administrator", "own_rights")
        if person.state is State.REVOKED:
            return
        values = {"state": State.REVOKED.value, "password": "", "totp": "", "subject": None}
        store.change_account(connection, account, **values)
        ended = {"sessions": store.end_sessions(connection, account), "tokens": store.end_tokens(connection, account)}
        store.forget_devices(connection, account)
        store.drop_links(connection, account)
        _record(connection, "revoked", person, by, address, {"state": person.state.value}, ended, reason)


def follows_group(settings: Settings, account: Account) -> bool:
    """Return True if the role came from a group, which the organisation's login confirms each time."""
    return account.by_group and bool(settings.accounts.oidc.issuer)


def list_accounts(settings: Settings) -> list[Account]:
    """Return all accounts, ordered by address."""
    with reading(open_engine(settings)) as connection:
        return store.list_accounts(connection)


def list_countries_with(settings: Settings, role: Role) -> frozenset[str]:
    """Return the countries where somebody active has this role."""
    if not settings.accounts.enabled:
        return frozenset()
    serving = (
        account
        for account in list_accounts(settings)
        if account.role is role and account.state is State.ACTIVE and not account.waits
    )
    return frozenset(account.country for account in serving if account.country)


def find_account(settings: Settings, account: int) -> Account | None:
    """Return the account of this number."""
    with reading(open_engine(settings)) as connection:
        secrets = store.find_by_id(connection, account)
    return secrets.account if secrets else None


def find_by_email(settings: Settings, email: str) -> Account | None:
    """Return the account of this address."""
    with reading(open_engine(settings)) as connection:
        secrets = store.find_by_email(connection, mail.read_address(email))
    return secrets.account if secrets else None


def choose_language(settings: Settings, by: Principal, language: str) -> None:
    """Set the language of the person's pages and mail."""
    if language in DESK_LANGUAGES:
        with writing(open_engine(settings)) as connection:
            store.change_account(connection, by.id, language=language)


def make_token(
    settings: Settings, by: Principal, name: str, address: str = "", scopes: Collection[str] = (TokenScope.SUBMIT,),
    *, confirmed: bool = False,
) -> str:  # fmt: skip
    """Make a personal token for the API; it is returned once, stored as a hash, and valid for a year.

    ``confirmed``: its owner gave a one-time code for it (``login.make_token``). A role that needs a second factor gets
    a token no other way, and for hours only.

    Raises:
        Impossible: a code is missing, the role may not do what the token is for, or there are too many tokens.
    """
    allowed = list_scopes(by.role)
    if not allowed or (by.role.needs_second_factor and not confirmed):
        raise Impossible(f"A {by.role} needs a second factor, which a token does not have", "no_token")
    if not scopes or not set(scopes) <= {scope.value for scope in allowed}:
        raise Impossible(f"A token of a {by.role} may not do this", "token_scope")
    secret, now = tokens.PREFIX + tokens.generate_secret(), datetime.now(UTC)
    with writing(open_engine(settings)) as connection:
        if len(store.list_tokens(connection, by.id, now)) >= MAX_TOKENS:
            raise Impossible(f"There are {MAX_TOKENS} tokens: remove one first", "many_tokens", most=str(MAX_TOKENS))
        until = now + (CONFIRMED_TOKEN if by.role.needs_second_factor else timedelta(days=TOKEN_DAYS))
        row = TokenRow(
            hash=tokens.hash_secret(secret), account=by.id, name=_clean_line(name), scopes=" ".join(sorted(scopes)),
            created_at=now, expires_at=until,
        )  # fmt: skip
        number = store.add_token(connection, row)
        after = {"token": number, "name": _clean_line(name), "scopes": sorted(scopes), "confirmed": confirmed}
        about = f"account {by.id}"
        audit.record(connection, action="account.token_made", subject=about, by=by, address=address, after=after)
    return secret


def end_token(settings: Settings, by: Principal, token: int, address: str = "") -> bool:
    """Delete one of the person's own tokens; False when there is none of this number."""
    with writing(open_engine(settings)) as connection:
        done = store.end_own_token(connection, by.id, token)
        if done:
            about, before = f"account {by.id}", {"token": token}
            audit.record(connection, action="account.token_ended", subject=about, by=by, address=address, before=before)
    return done


def list_tokens(settings: Settings, account: int) -> list[TokenRow]:
    """Return the tokens of a person in force, newest first."""
    with reading(open_engine(settings)) as connection:
        return store.list_tokens(connection, account, datetime.now(UTC))


def _make_reset(
    settings: Settings, email: str, by: Principal | None, address: str, *, by_another: bool
) -> tuple[Account, str] | None:
    secret = tokens.generate_secret()
    with writing(open_engine(settings)) as connection:
        secrets = store.find_by_email(connection, email)
        if secrets is None or secrets.account.state is not State.ACTIVE or follows_group(settings, secrets.account):
            return None
        _keep_link(settings, connection, secrets.account, "reset", secret, RESET_HOURS, by, by_another=by_another)
        _record(connection, "reset_asked", secrets.account, by, address)
    return secrets.account, secret


def _keep_link(
    settings: Settings, connection: Any, account: Account, purpose: str, secret: str, hours: float,
    by: Principal | None, *, by_another: bool = True,
) -> None:  # fmt: skip
    """Store a new link and end earlier ones; on a page without mail there is no link to store."""
    if by and not mail.is_configured(settings):
        store.drop_links(connection, account.id)
        return
    now = datetime.now(UTC)
    row = LinkRow(
        hash=tokens.hash_secret(secret), account=account.id, purpose=purpose, by_another=by_another, created_at=now,
        expires_at=now + timedelta(hours=hours),
    )  # fmt: skip
    store.add_link(connection, row)


def _send_link(
    settings: Settings, account: Account, kind: str, secret: str, hours: int, by: Principal | None
) -> Invitation:
    """Mail a link; if that fails only the operator gets it, and for anybody else it ends."""
    link = _build_link(settings, account, secret)
    if not mail.is_configured(settings):
        return Invitation(account, "" if by else link, mailed=False)
    try:
        mail.send(settings, mail.compose_letter(settings, account, kind, link, hours))
    except mail.Undelivered as error:
        if by is None:
            return Invitation(account, link, mailed=False, fault=str(error))
        with writing(open_engine(settings)) as connection:
            store.drop_links(connection, account.id)
        return Invitation(account, "", mailed=False, fault=str(error))
    return Invitation(account, "", mailed=True)


def _build_link(settings: Settings, account: Account, secret: str) -> str:
    return f"{(settings.public_url or '').rstrip('/')}/account/link?token={secret}&lang={account.language}"


def has_rights(account: Account, rights: Rights, number: int) -> bool:
    """Return True if an account already has these rights, whatever its office is called."""
    rights_before = (account.role, account.country, account.network, account.office_number)
    return rights_before == (rights.role, rights.country, "", number)


def _require_account(connection: Any, account: int) -> Account:
    secrets = store.find_by_id(connection, account)
    if secrets is None:
        raise Impossible(f"There is no account {account}", "unknown", email=str(account))
    return secrets.account


def _record(
    connection: Any, done: str, account: Account, by: Principal | None, address: str,
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None, reason: str = "",
) -> None:  # fmt: skip
    audit.record(
        connection, action=f"account.{done}", subject=name_subject(account), by=by, address=address, before=before,
        after=after, reason=_clean_line(reason, 500),
    )  # fmt: skip


def _list_values(rights: Rights) -> dict[str, str]:
    return {"role": rights.role.value, "country": rights.country, "network": "", "office": rights.office}


def _clean_line(text: str, max_chars: int = 120) -> str:
    """Return a text as a single line without control characters."""
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())[:max_chars]
