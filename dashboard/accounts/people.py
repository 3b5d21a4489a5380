"""People come by invitation only and go when they are revoked; each step is in the audit trail.

``by`` is the principal that asks, None for the operator at the command line. Every change of rights ends all sessions
and tokens of the person, so that nobody goes on with rights they no longer have, or comes to others by an old token.
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
    Account,
    Impossible,
    PersonalToken,
    Principal,
    Role,
    State,
    TokenScope,
    list_scopes,
)
from dashboard.accounts.sessions import subject
from dashboard.accounts.tables import LinkRow, TokenRow
from dashboard.codebook import load_codebook
from dashboard.database.engine import open_engine, reading, writing
from dashboard.locales import DESK_LANGUAGES
from dashboard.settings import Settings

RESET_HOURS = 2
TOKEN_DAYS = 365
MOST_TOKENS = 20


@dataclass(frozen=True)
class Rights:
    """A role and where it holds."""

    role: Role
    country: str = ""
    office: str = ""


@dataclass(frozen=True)
class Invitation:
    """What became of an invitation or a reset; ``link`` is a secret: only the operator at the server ever gets it."""

    account: Account
    link: str  # "" where it was mailed, and always for whoever asked for it on a page
    mailed: bool
    fault: str = ""  # why it was not mailed although a server is set


def checked(rights: Rights) -> Rights:
    """The rights, when they can be given.

    Raises:
        Impossible: a country is missing, unknown or of no meaning, or the office is missing.
    """
    country, office = rights.country.strip().upper(), _line(rights.office)
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


def find_office(connection: store.Connection, rights: Rights, known: Account | None = None) -> int:
    """The number of the office that somebody with these rights belongs to: that of its name.

    Where a country has one office, everybody belongs to it, whatever readers see in their place.

    Args:
        connection: of the transaction that gives the rights.
        rights: ``checked``.
        known: the account as it was.

    Raises:
        Impossible: the country has several, and none of this name.
    """
    if rights.role not in OF_OFFICE:
        return FIRST_OFFICE
    offices = store.offices(connection, rights.country)
    if not offices:
        store.name_office(connection, rights.country, FIRST_OFFICE, rights.office)
    named = [one.number for one in offices if one.name.casefold() == rights.office.casefold()]
    if named:
        return named[0]
    if known and (known.country, known.office) == (rights.country, rights.office):
        return known.office_number
    if len(offices) > 1:
        names = "; ".join(one.name for one in offices)
        raise Impossible(
            f"{rights.country} has several offices: name one of them: {names}", "which_office", names=names
        )
    return FIRST_OFFICE


def invite(
    settings: Settings, *, email: str, rights: Rights, name: str = "", language: str = "en",
    by: Principal | None = None, address: str = "",
) -> Invitation:  # fmt: skip
    """Invite a person, or one who was revoked or did not come yet anew; the link of an earlier invitation ends.

    On a page (``by`` somebody) the link goes by mail only; without a mail server none is made.

    Raises:
        Impossible: what was given cannot be taken, or the person has an account that is in use.
    """
    email, rights, now = mail.read_address(email), checked(rights), datetime.now(UTC)
    language = language if language in DESK_LANGUAGES else "en"
    secret = tokens.new()
    values: dict[str, Any] = {**_values(rights), "name": _line(name), "language": language, "by_group": False}
    values["state"] = State.INVITED.value
    with writing(open_engine(settings)) as connection:
        known = store.by_email(connection, email)
        if known and known.account.state is State.ACTIVE:
            raise Impossible(f"{email} has an account already", "known", email=email)
        number = values["office_number"] = find_office(connection, rights, known.account if known else None)
        if not (by and known and known.account.state is State.INVITED and _same(known.account, rights, number)):
            values |= standing.given(rights.role, by, now)
        if known:
            store.change_account(connection, known.account.id, **values, password="", totp="", subject=None)
        else:
            store.add_account(connection, email=email, created_at=now, **values)
        existing = store.by_email(connection, email)
        assert existing is not None
        _link(settings, connection, existing.account, "invitation", secret, settings.accounts.link_hours, by)
        after = _values(rights) | {"email": email}
        _record(connection, "invited", existing.account, by, address, after=after)
    return _sent(settings, existing.account, "invitation", secret, int(settings.accounts.link_hours), by)


def new_link(settings: Settings, email: str, by: Principal | None = None, address: str = "") -> Invitation:
    """A link by which a person in the house can choose a new password; used, it holds the account for 72 hours.

    Raises:
        Impossible: nobody active has this address, or their role follows a group at the organisation's login.
    """
    known = find(settings, email)
    if known and follows_group(settings, known):
        raise Impossible(f"The role of {known.email} follows a group: they log in with their organisation", "by_group")
    made = _reset(settings, mail.read_address(email), by, address, by_another=True)
    if made is None:
        raise Impossible(f"No active account has the address {email}", "unknown", email=email[:80])
    account, secret = made
    return _sent(settings, account, "reset", secret, RESET_HOURS, by)


def again(settings: Settings, account: Account, by: Principal | None, address: str = "") -> Invitation:
    """A new link for a person: for a new password when the account is in use, else another invitation."""
    if account.state is State.ACTIVE:
        return new_link(settings, account.email, by, address)
    rights = Rights(account.role, account.country, account.office)
    return invite(
        settings, email=account.email, rights=rights, name=account.name, language=account.language, by=by,
        address=address,
    )  # fmt: skip


def forgotten(settings: Settings, email: str, address: str) -> None:
    """Mail a link for a new password when somebody active has this address; who asks learns nothing either way.

    Does nothing where no mail can be sent: the operator then prints a link at the server.
    """
    try:
        found = mail.configured(settings)
        made = _reset(settings, mail.read_address(email), None, address, by_another=False) if found else None
    except Impossible:
        return
    if made:
        _sent(settings, made[0], "reset", made[1], RESET_HOURS, None)


def printed(settings: Settings, made: Invitation) -> None:
    """Write down that the operator gets a link at the server, before it is shown: *break glass*."""
    with writing(open_engine(settings)) as connection:
        _record(connection, "break_glass", made.account, None, "")


def link_at_server(settings: Settings, account: Account) -> Invitation:
    """A link for the operator to hand over, whoever invited the person: their rights stay as they are.

    Raises:
        Impossible: the account was revoked, or its role follows a group at the organisation's login.
    """
    if account.state is State.REVOKED:
        raise Impossible(f"No account in use has the address {account.email}", "unknown", email=account.email)
    if follows_group(settings, account):
        raise Impossible(
            f"The role of {account.email} follows a group: they log in with their organisation", "by_group"
        )
    active, secret = account.state is State.ACTIVE, tokens.new()
    purpose, hours = ("reset", RESET_HOURS) if active else ("invitation", settings.accounts.link_hours)
    with writing(open_engine(settings)) as connection:
        _link(settings, connection, account, purpose, secret, hours, None)
        _record(connection, "break_glass", account, None, "", after={"link": purpose})
    return Invitation(account, _address(settings, account, secret), mailed=False)


def invited(settings: Settings, secret: str) -> tuple[Account, str]:
    """Whose a link is and what for (``invitation`` or ``reset``), without using it up: programs open links in mail.

    Raises:
        AccessRefused: there is no such link, or it was used, or is over.
    """
    with reading(open_engine(settings)) as connection:
        link = store.link_of(connection, tokens.hash_of(secret), datetime.now(UTC))
    if link is None:
        raise AccessRefused("This link was used, is over, or was replaced by a newer one: ask for another", "link")
    return link


def accept(settings: Settings, secret: str, password: str, name: str = "", address: str = "") -> Account:
    """Choose a password by a link, which is used up; sessions and tokens from before end.

    A new password by a link that another person asked for holds the account (``standing.hold``).

    Raises:
        AccessRefused: the link is not in force.
        Impossible: the password cannot be taken.
    """
    account, purpose = invited(settings, secret)
    if not settings.accounts.passwords:
        raise AccessRefused("This installation takes no passwords: log in with your organisation", "no_passwords")
    credentials.demand(password, account.email, account.name, name)
    encoded, now, hash_ = credentials.hashed(password), datetime.now(UTC), tokens.hash_of(secret)
    with writing(open_engine(settings)) as connection:
        if not store.use_link(connection, hash_, now):
            raise AccessRefused("This link was used already: ask for another", "link")
        values: dict[str, Any] = {"password": encoded, "state": State.ACTIVE.value}
        if purpose == "invitation" and name.strip():
            values["name"] = _line(name)
        store.change_account(connection, account.id, **values)
        store.end_sessions(connection, account.id)
        store.end_tokens(connection, account.id)
        store.end_devices(connection, account.id)
        held = purpose == "reset" and store.is_by_another(connection, hash_)
        if held:
            standing.hold(connection, account.id, now)
        done = "accepted" if purpose == "invitation" else "password_reset"
        _record(connection, done, account, store.principal(account), address, after={"held": held} if held else None)
        account = _known(connection, account.id)
    if held:
        standing.tell_held(settings, account, None)
    elif account.waits:
        standing.tell_waits(settings, account)
    return account


def change_rights(
    settings: Settings, account: int, rights: Rights, by: Principal | None, address: str = "", reason: str = ""
) -> None:
    """Give a person another role, country or office; all their sessions and tokens end.

    A role given by a person waits for a reviewer, as one of an invitation does (``standing.given``).

    What is given by hand stays, whatever groups the person leaves; to keep what a group gave, give it once more.

    Raises:
        Impossible: there is no such person, or the rights cannot be given.
    """
    rights = checked(rights)
    with writing(open_engine(settings)) as connection:
        secrets = _known(connection, account)
        before = {**_values(Rights(secrets.role, secrets.country, secrets.office)), "network": secrets.network}
        number = find_office(connection, rights, secrets)
        if before == _values(rights) and number == secrets.office_number and not secrets.by_group:
            return
        if by and by.id == account:
            raise Impossible("Nobody changes their own rights: ask another administrator", "own_rights")
        values: dict[str, Any] = {**_values(rights), "office_number": number, "by_group": False}
        if secrets.by_group or not _same(secrets, rights, number):  # another name is no other right
            values |= standing.given(rights.role, by, datetime.now(UTC))
        store.change_account(connection, account, **values)
        store.end_sessions(connection, account)
        store.end_tokens(connection, account)
        _record(connection, "rights_changed", secrets, by, address, before, _values(rights), reason)
        changed = _known(connection, account)
    if changed.waits and changed.state is State.ACTIVE:
        standing.tell_waits(settings, changed)


def revoke(settings: Settings, account: int, by: Principal | None, address: str = "", reason: str = "") -> None:
    """End an account: its sessions, tokens and links end at once; what the person did stays in the audit trail.

    Raises:
        Impossible: there is no such person, or it is the one who asks.
    """
    with writing(open_engine(settings)) as connection:
        secrets = _known(connection, account)
        if by and by.id == account:
            raise Impossible("Nobody revokes themselves: ask another administrator", "own_rights")
        if secrets.state is State.REVOKED:
            return
        values = {"state": State.REVOKED.value, "password": "", "totp": "", "subject": None}
        store.change_account(connection, account, **values)
        ended = {"sessions": store.end_sessions(connection, account), "tokens": store.end_tokens(connection, account)}
        store.end_devices(connection, account)
        store.drop_links(connection, account)
        _record(connection, "revoked", secrets, by, address, {"state": secrets.state.value}, ended, reason)


def follows_group(settings: Settings, account: Account) -> bool:
    """Whether the organisation's login has to be asked at each login, since the role came from a group there."""
    return account.by_group and bool(settings.accounts.oidc.issuer)


def everybody(settings: Settings) -> list[Account]:
    """All accounts, by address."""
    with reading(open_engine(settings)) as connection:
        return store.accounts(connection)


def countries_with(settings: Settings, role: Role) -> frozenset[str]:
    """Countries in which somebody with this role is at work; none where accounts are switched off."""
    if not settings.accounts.enabled:
        return frozenset()
    serving = (one for one in everybody(settings) if one.role is role and one.state is State.ACTIVE and not one.waits)
    return frozenset(one.country for one in serving if one.country)


def get(settings: Settings, account: int) -> Account | None:
    """The account of this number."""
    with reading(open_engine(settings)) as connection:
        secrets = store.by_id(connection, account)
    return secrets.account if secrets else None


def find(settings: Settings, email: str) -> Account | None:
    """The account of this address."""
    with reading(open_engine(settings)) as connection:
        secrets = store.by_email(connection, mail.read_address(email))
    return secrets.account if secrets else None


def choose_language(settings: Settings, by: Principal, language: str) -> None:
    """The language of the person's pages and mail."""
    if language in DESK_LANGUAGES:
        with writing(open_engine(settings)) as connection:
            store.change_account(connection, by.id, language=language)


def new_token(
    settings: Settings, by: Principal, name: str, address: str = "", scopes: Collection[str] = (TokenScope.SUBMIT,),
    *, confirmed: bool = False,
) -> str:  # fmt: skip
    """A personal token for the API: given this once, kept as a hash, in force for a year.

    Args:
        settings: where things are.
        by: whose it is.
        name: for its owner to know it by.
        address: where the request came from.
        scopes: what it may.
        confirmed: whether its owner has given a one-time code for it (``login.new_token``): a role that needs a second
            factor has a token no other way, and for hours only.

    Raises:
        Impossible: a one-time code is missing; the role may not do what the token is to do, or the token is to do
            nothing; or there are many already.
    """
    allowed = list_scopes(by.role)
    if not allowed or (by.role.needs_second_factor and not confirmed):
        raise Impossible(f"A {by.role} needs a second factor, which a token does not have", "no_token")
    if not scopes or not set(scopes) <= {one.value for one in allowed}:
        raise Impossible(f"A token of a {by.role} may not do this", "token_scope")
    secret, now = tokens.PREFIX + tokens.new(), datetime.now(UTC)
    with writing(open_engine(settings)) as connection:
        if len(store.personal_tokens(connection, by.id, now)) >= MOST_TOKENS:
            raise Impossible(f"There are {MOST_TOKENS} tokens: remove one first", "many_tokens", most=str(MOST_TOKENS))
        until = now + (CONFIRMED_TOKEN if by.role.needs_second_factor else timedelta(days=TOKEN_DAYS))
        row = TokenRow(
            hash=tokens.hash_of(secret), account=by.id, name=_line(name), scopes=" ".join(sorted(scopes)),
            created_at=now, expires_at=until,
        )  # fmt: skip
        number = store.add_token(connection, row)
        after = {"token": number, "name": _line(name), "scopes": sorted(scopes), "confirmed": confirmed}
        audit.record(
            connection, action="account.token_made", subject=f"account {by.id}", by=by, address=address, after=after
        )
    return secret


def end_token(settings: Settings, by: Principal, token: int, address: str = "") -> bool:
    """Remove one of the person's own tokens; False when there is none of this number."""
    with writing(open_engine(settings)) as connection:
        done = store.end_own_token(connection, by.id, token)
        if done:
            about, before = f"account {by.id}", {"token": token}
            audit.record(connection, action="account.token_ended", subject=about, by=by, address=address, before=before)
    return done


def personal_tokens(settings: Settings, account: int) -> list[PersonalToken]:
    """The tokens of a person in force, newest first."""
    with reading(open_engine(settings)) as connection:
        return store.personal_tokens(connection, account, datetime.now(UTC))


def _reset(
    settings: Settings, email: str, by: Principal | None, address: str, *, by_another: bool
) -> tuple[Account, str] | None:
    secret = tokens.new()
    with writing(open_engine(settings)) as connection:
        secrets = store.by_email(connection, email)
        if secrets is None or secrets.account.state is not State.ACTIVE or follows_group(settings, secrets.account):
            return None
        _link(settings, connection, secrets.account, "reset", secret, RESET_HOURS, by, by_another=by_another)
        _record(connection, "reset_asked", secrets.account, by, address)
    return secrets.account, secret


def _link(
    settings: Settings, connection: Any, account: Account, purpose: str, secret: str, hours: float,
    by: Principal | None, *, by_another: bool = True,
) -> None:  # fmt: skip
    """Keep a new link; none where whoever asked on a page could only be shown it. Earlier ones end either way."""
    if by and not mail.configured(settings):
        store.drop_links(connection, account.id)
        return
    now = datetime.now(UTC)
    row = LinkRow(
        hash=tokens.hash_of(secret), account=account.id, purpose=purpose, by_another=by_another, created_at=now,
        expires_at=now + timedelta(hours=hours),
    )  # fmt: skip
    store.add_link(connection, row)


def _sent(settings: Settings, account: Account, kind: str, secret: str, hours: int, by: Principal | None) -> Invitation:
    """Mail a link; where that does not work only the operator gets it, and for anybody else it ends."""
    link = _address(settings, account, secret)
    if not mail.configured(settings):
        return Invitation(account, "" if by else link, mailed=False)
    try:
        mail.send(settings, mail.letter(settings, account, kind, link, hours))
    except mail.Undelivered as error:
        if by is None:
            return Invitation(account, link, mailed=False, fault=str(error))
        with writing(open_engine(settings)) as connection:
            store.drop_links(connection, account.id)
        return Invitation(account, "", mailed=False, fault=str(error))
    return Invitation(account, "", mailed=True)


def _address(settings: Settings, account: Account, secret: str) -> str:
    return f"{(settings.public_url or '').rstrip('/')}/account/link?token={secret}&lang={account.language}"


def _same(account: Account, rights: Rights, number: int) -> bool:
    """Whether an account has these rights already, whatever its office is called."""
    told = (account.role, account.country, account.network, account.office_number)
    return told == (rights.role, rights.country, "", number)


def _known(connection: Any, account: int) -> Account:
    secrets = store.by_id(connection, account)
    if secrets is None:
        raise Impossible(f"There is no account {account}", "unknown", email=str(account))
    return secrets.account


def _record(
    connection: Any, done: str, account: Account, by: Principal | None, address: str,
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None, reason: str = "",
) -> None:  # fmt: skip
    audit.record(
        connection, action=f"account.{done}", subject=subject(account), by=by, address=address, before=before,
        after=after, reason=_line(reason, 500),
    )  # fmt: skip


def _values(rights: Rights) -> dict[str, str]:
    return {"role": rights.role.value, "country": rights.country, "network": "", "office": rights.office}


def _line(text: str, most: int = 120) -> str:
    """A text of one line, without signs that steer terminals or databases."""
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())[:most]
