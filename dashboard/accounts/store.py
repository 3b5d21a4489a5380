"""The SQL about accounts, their links, sessions and tokens, and the audit trail.

Every function works within its caller's transaction.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine as Engine
from sqlalchemy import RowMapping, and_, delete, func, insert, or_, select, text, update
from sqlmodel import col

from dashboard.accounts.model import (
    CONFIRMED_TOKEN,
    Account,
    OpenSession,
    PersonalToken,
    Principal,
    Role,
    State,
    TokenScope,
    list_scopes,
)
from dashboard.accounts.tables import (
    AccountRow,
    AuditHeadRow,
    AuditRow,
    DeviceRow,
    LinkRow,
    OfficeRow,
    SessionRow,
    TokenRow,
)

_ACCOUNT = AccountRow.__table__  # type: ignore[attr-defined]
_OFFICE = OfficeRow.__table__  # type: ignore[attr-defined]
_LINK = LinkRow.__table__  # type: ignore[attr-defined]
_DEVICE = DeviceRow.__table__  # type: ignore[attr-defined]
_SESSION = SessionRow.__table__  # type: ignore[attr-defined]
_TOKEN = TokenRow.__table__  # type: ignore[attr-defined]
_ENTRY = AuditRow.__table__  # type: ignore[attr-defined]
_HEAD = AuditHeadRow.__table__  # type: ignore[attr-defined]
_AUDIT_LOCK = 0xA0D17  # any constant of our own: PostgreSQL's advisory locks are plain numbers


@dataclass(frozen=True)
class Secrets:
    """An account with what proves that somebody is that person; stays within this room."""

    account: Account
    password: str
    totp: str
    subject: str | None


@dataclass(frozen=True)
class StoredSession:
    """A session in force and whose it is."""

    id: int
    stage: str  # full; code: the one-time code is asked for; setup: it has to be set up first, for the role needs it
    account: Account
    used_at: datetime

    @property
    def principal(self) -> Principal:
        """Who is asking."""
        return principal(self.account, self.id)


def principal(account: Account, session: int | None = None) -> Principal:
    """A person as other rooms get them."""
    return Principal(
        id=account.id,
        role=account.role,
        country=account.country,
        network=account.network,
        office=account.office,
        name=account.name or account.email,
        language=account.language,
        session=session,
        waits=account.waits,
        held_until=account.held_until,
        office_number=account.office_number,
    )


def by_id(connection: Connection, account: int) -> Secrets | None:
    """The account of this number."""
    return _secrets_where(connection, col(AccountRow.id) == account)


def by_email(connection: Connection, email: str) -> Secrets | None:
    """The account of this address."""
    return _secrets_where(connection, col(AccountRow.email) == email)


def by_subject(connection: Connection, subject: str) -> Secrets | None:
    """The account that an organisation's login knows by this issuer and subject."""
    return _secrets_where(connection, col(AccountRow.subject) == subject)


def accounts(connection: Connection) -> list[Account]:
    """Everybody, by address."""
    rows = connection.execute(select(_ACCOUNT).order_by(col(AccountRow.email))).mappings()
    return [_account(row) for row in rows]


def add_account(connection: Connection, **values: Any) -> Account:
    """A new account of these values."""
    row = AccountRow(**values)
    number = connection.execute(insert(_ACCOUNT).values(row.model_dump(exclude={"id"}))).inserted_primary_key[0]  # type: ignore[index]
    secrets = by_id(connection, number)
    assert secrets is not None
    return secrets.account


def change_account(connection: Connection, account: int, **values: Any) -> None:
    """Set these values of an account."""
    connection.execute(update(_ACCOUNT).where(col(AccountRow.id) == account).values(**values))


def offices(connection: Connection, country: str = "") -> list[OfficeRow]:
    """Offices that have a name, by country and number; of one ``country``, where it is given.

    Every country has its first one, whether it stands here or not.
    """
    query = select(_OFFICE).order_by(_OFFICE.c.country, _OFFICE.c.number)
    query = query.where(_OFFICE.c.country == country) if country else query
    return [OfficeRow(**row) for row in connection.execute(query).mappings()]


def name_office(connection: Connection, country: str, number: int, name: str) -> None:
    """Give an office of a country its name; one that is not there yet is made."""
    here = (_OFFICE.c.country == country, _OFFICE.c.number == number)
    if connection.execute(update(_OFFICE).where(*here).values(name=name)).rowcount == 0:
        connection.execute(insert(_OFFICE).values(country=country, number=number, name=name))


def take_step(connection: Connection, account: int, step: int) -> bool:
    """Take the code of a time step; False when that step or a later one was taken before, also at this very moment."""
    later = update(_ACCOUNT).where(col(AccountRow.id) == account, col(AccountRow.totp_step) < step)
    return connection.execute(later.values(totp_step=step)).rowcount == 1


def add_link(connection: Connection, row: LinkRow) -> None:
    """A new link for an account; those before it end."""
    drop_links(connection, row.account)
    connection.execute(insert(_LINK).values(row.model_dump()))


def drop_links(connection: Connection, account: int) -> None:
    """End every unused link of an account."""
    connection.execute(delete(_LINK).where(col(LinkRow.account) == account, col(LinkRow.used_at).is_(None)))


def link_of(connection: Connection, hash_: str, now: datetime) -> tuple[Account, str] | None:
    """Whose an unused link in force is, and what it is for."""
    row = connection.execute(
        select(col(LinkRow.account), col(LinkRow.purpose)).where(
            col(LinkRow.hash) == hash_, col(LinkRow.used_at).is_(None), col(LinkRow.expires_at) > now
        )
    ).first()
    secrets = by_id(connection, row.account) if row else None
    return (secrets.account, row.purpose) if row and secrets else None


def is_by_another(connection: Connection, hash_: str) -> bool:
    """Whether another person than its owner asked for a link."""
    return bool(connection.execute(select(col(LinkRow.by_another)).where(col(LinkRow.hash) == hash_)).scalar())


def use_link(connection: Connection, hash_: str, now: datetime) -> bool:
    """Use a link up; False when it was used before, or is over."""
    use = update(_LINK).where(col(LinkRow.hash) == hash_, col(LinkRow.used_at).is_(None), col(LinkRow.expires_at) > now)
    return connection.execute(use.values(used_at=now)).rowcount == 1


def add_device(connection: Connection, account: int, hash_: str, before: str, now: datetime, until: datetime) -> None:
    """A browser in which a person was logged in; one whose secret was ``before`` has this one now, for all accounts."""
    here = (col(DeviceRow.hash) == before, col(DeviceRow.expires_at) > now)
    others = connection.execute(select(_DEVICE).where(*here, col(DeviceRow.account) != account)).mappings().all()
    connection.execute(delete(_DEVICE).where(col(DeviceRow.hash) == before))
    connection.execute(delete(_DEVICE).where(col(DeviceRow.account) == account, col(DeviceRow.expires_at) <= now))
    rows = [DeviceRow(hash=hash_, account=account, made_at=now, expires_at=until).model_dump()]
    rows += [{**row, "hash": hash_} for row in others]
    connection.execute(insert(_DEVICE), rows)


def is_device(connection: Connection, hash_: str, email: str, now: datetime) -> bool:
    """Whether the account of an address was logged in in the browser of this secret, lately enough."""
    query = (
        select(col(DeviceRow.account))
        .join(_ACCOUNT, col(AccountRow.id) == col(DeviceRow.account))
        .where(col(DeviceRow.hash) == hash_, col(AccountRow.email) == email, col(DeviceRow.expires_at) > now)
    )
    return connection.execute(query).first() is not None


def end_devices(connection: Connection, account: int) -> None:
    """Know no browser of an account any more."""
    connection.execute(delete(_DEVICE).where(col(DeviceRow.account) == account))


def add_session(connection: Connection, row: SessionRow) -> int:
    """A new session; sessions of the account that are over are removed on the way. Gives its number."""
    over = (col(SessionRow.account) == row.account, col(SessionRow.expires_at) <= row.started_at)
    connection.execute(delete(_SESSION).where(*over))
    done = connection.execute(insert(_SESSION).values(row.model_dump(exclude={"id"})))
    return int(done.inserted_primary_key[0])  # type: ignore[index]


def session_of(connection: Connection, hash_: str, now: datetime, idle: timedelta) -> StoredSession | None:
    """The session of this hash while it is in force and its account is active."""
    query = (
        select(col(SessionRow.id).label("session"), col(SessionRow.stage), col(SessionRow.used_at), _ACCOUNT)
        .join(_ACCOUNT, col(AccountRow.id) == col(SessionRow.account))
        .where(
            col(SessionRow.hash) == hash_,
            col(SessionRow.expires_at) > now,
            col(SessionRow.used_at) > now - idle,
            col(AccountRow.state) == State.ACTIVE.value,
        )
    )
    row = connection.execute(query).mappings().first()
    return StoredSession(row["session"], row["stage"], _account(row), row["used_at"]) if row else None


def touch_session(connection: Connection, session: int, now: datetime) -> None:
    """Write down that a session was used."""
    connection.execute(update(_SESSION).where(col(SessionRow.id) == session).values(used_at=now))


def end_session(connection: Connection, hash_: str) -> None:
    """End the session of this hash, if there is one."""
    connection.execute(delete(_SESSION).where(col(SessionRow.hash) == hash_))


def end_own_session(connection: Connection, account: int, session: int) -> bool:
    """End a session of this account; False when it has none of this number."""
    own = delete(_SESSION).where(col(SessionRow.id) == session, col(SessionRow.account) == account)
    return connection.execute(own).rowcount == 1


def end_sessions(connection: Connection, account: int) -> int:
    """End all sessions of an account; gives how many there were."""
    return connection.execute(delete(_SESSION).where(col(SessionRow.account) == account)).rowcount


def sessions(connection: Connection, account: int, now: datetime, idle: timedelta) -> list[OpenSession]:
    """The sessions of an account in force, last used first."""
    names = ("id", "started_at", "used_at", "expires_at", "address", "agent")
    query = (
        select(*(_SESSION.c[name] for name in names))
        .where(
            col(SessionRow.account) == account,
            col(SessionRow.stage) == "full",
            col(SessionRow.expires_at) > now,
            col(SessionRow.used_at) > now - idle,
        )
        .order_by(col(SessionRow.used_at).desc())
    )
    return [OpenSession(**row) for row in connection.execute(query).mappings()]


def add_token(connection: Connection, row: TokenRow) -> int:
    """A new personal token; gives its number."""
    return int(connection.execute(insert(_TOKEN).values(row.model_dump(exclude={"id"}))).inserted_primary_key[0])  # type: ignore[index]


def token_of(
    connection: Connection, hash_: str, now: datetime
) -> tuple[int, Account, frozenset[TokenScope], datetime | None] | None:
    """The token of this hash in force: its number, whose it is, what it may, and when it was last used.

    A token stands for a second factor only in who still has one, and only for hours (``CONFIRMED_TOKEN``).
    """
    alone = [role.value for role in Role if not role.needs_second_factor]
    confirmed = [role.value for role in Role if role.needs_second_factor and list_scopes(role)]
    query = (
        select(col(TokenRow.id).label("token"), col(TokenRow.used_at), col(TokenRow.scopes), _ACCOUNT)
        .join(_ACCOUNT, col(AccountRow.id) == col(TokenRow.account))
        .where(
            col(TokenRow.hash) == hash_,
            col(TokenRow.expires_at) > now,
            col(AccountRow.state) == State.ACTIVE.value,
            or_(
                col(AccountRow.role).in_(alone),
                and_(
                    col(AccountRow.role).in_(confirmed),
                    col(AccountRow.totp) != "",
                    col(TokenRow.created_at) > now - CONFIRMED_TOKEN,
                ),
            ),
        )
    )
    row = connection.execute(query).mappings().first()
    return (row["token"], _account(row), frozenset(_scopes(row["scopes"])), row["used_at"]) if row else None


def touch_token(connection: Connection, token: int, now: datetime) -> None:
    """Write down that a token was used."""
    connection.execute(update(_TOKEN).where(col(TokenRow.id) == token).values(used_at=now))


def end_own_token(connection: Connection, account: int, token: int) -> bool:
    """Remove a token of this account; False when it has none of this number."""
    own = delete(_TOKEN).where(col(TokenRow.id) == token, col(TokenRow.account) == account)
    return connection.execute(own).rowcount == 1


def end_tokens(connection: Connection, account: int) -> int:
    """Remove all tokens of an account; gives how many there were."""
    return connection.execute(delete(_TOKEN).where(col(TokenRow.account) == account)).rowcount


def personal_tokens(connection: Connection, account: int, now: datetime) -> list[PersonalToken]:
    """The tokens of an account in force, newest first."""
    names = ("id", "name", "created_at", "expires_at", "used_at", "scopes")
    query = select(*(_TOKEN.c[name] for name in names)).where(
        col(TokenRow.account) == account, col(TokenRow.expires_at) > now
    )
    rows = connection.execute(query.order_by(col(TokenRow.id).desc())).mappings()
    return [PersonalToken(**{**row, "scopes": _scopes(row["scopes"])}) for row in rows]


def _scopes(names: str) -> tuple[TokenScope, ...]:
    return tuple(one for one in TokenScope if one.value in names.split())


def _secrets_where(connection: Connection, condition: Any) -> Secrets | None:
    row = connection.execute(select(_ACCOUNT).where(condition)).mappings().first()
    return Secrets(_account(row), row["password"], row["totp"], row["subject"]) if row else None


def _account(row: RowMapping) -> Account:
    names = (
        "id", "email", "name", "country", "network", "office", "language", "created_at", "by_group", "given_by",
        "given_at", "confirmed_by", "waits", "held_until", "office_number",
    )  # fmt: skip
    return Account(
        **{name: row[name] for name in names},
        role=Role(row["role"]),
        state=State(row["state"]),
        second_factor=bool(row["totp"]),
    )


def last_entry(connection: Connection, *, lock: bool = False) -> RowMapping | None:
    """Number and digest of the newest entry of the audit trail; None where there is none.

    Args:
        connection: in the transaction that asks.
        lock: keep others from adding an entry until the transaction ends; SQLite's write transaction does the same.
    """
    if lock and connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _AUDIT_LOCK})
    newest = select(_ENTRY.c.number, _ENTRY.c.digest, _ENTRY.c.moment).order_by(_ENTRY.c.number.desc()).limit(1)
    return connection.execute(newest).mappings().first()


def add_entry(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add an entry to the audit trail."""
    connection.execute(_ENTRY.insert(), values)


def entries(connection: Connection) -> Iterator[dict[str, Any]]:
    """The audit trail, oldest first, a thousand rows at a time."""
    for row in connection.execute(select(_ENTRY).order_by(_ENTRY.c.number)).yield_per(1000).mappings():
        yield dict(**row)


def page_of_entries(connection: Connection, size: int, page: int, subject: str) -> tuple[list[RowMapping], int]:
    """A page of entries, newest first, and how many there are in all; a ``subject`` narrows."""
    about = [_ENTRY.c.subject == subject] if subject else []
    query = select(_ENTRY).where(*about).order_by(_ENTRY.c.number.desc()).limit(size).offset((page - 1) * size)
    total = connection.execute(select(func.count()).select_from(_ENTRY).where(*about)).scalar_one()
    return list(connection.execute(query).mappings()), total


def actors(connection: Connection, subject: str, actions: Collection[str]) -> set[int]:
    """Accounts that did any of these things on a subject."""
    about = (_ENTRY.c.subject == subject, _ENTRY.c.action.in_(actions), _ENTRY.c.actor.is_not(None))
    return set(connection.execute(select(_ENTRY.c.actor).where(*about).distinct()).scalars())


def add_head(connection: Connection, values: Mapping[str, Any]) -> None:
    """Note the end of the audit trail for a day."""
    connection.execute(_HEAD.insert(), values)


def heads(connection: Connection, most: int | None = None, day: date | None = None) -> list[RowMapping]:
    """Ends of the audit trail that were noted, newest first; of one ``day``, where it is given."""
    query = select(_HEAD).order_by(_HEAD.c.day.desc()).limit(most)
    return list(connection.execute(query if day is None else query.where(_HEAD.c.day == day)).mappings())
