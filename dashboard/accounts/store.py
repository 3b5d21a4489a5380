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
    Principal,
    Role,
    State,
    TokenScope,
    list_scopes,
)
from dashboard.accounts.tables import (
    Account,
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
    """An account with what proves its owner's identity; stays within this package."""

    account: Account
    password: str
    totp: str
    subject: str | None


@dataclass(frozen=True)
class StoredSession:
    """A session in force and its account."""

    id: int
    stage: str  # full; code: the one-time code is asked for; setup: it has to be set up first, for the role needs it
    account: Account
    used_at: datetime

    @property
    def principal(self) -> Principal:
        """Return who is asking."""
        return make_principal(self.account, self.id)


def make_principal(account: Account, session: int | None = None) -> Principal:
    """Return an account's owner as a ``Principal``."""
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


def find_by_id(connection: Connection, account: int) -> Secrets | None:
    """Return the account of this number."""
    return _find_secrets(connection, col(AccountRow.id) == account)


def find_by_email(connection: Connection, email: str) -> Secrets | None:
    """Return the account of this address."""
    return _find_secrets(connection, col(AccountRow.email) == email)


def find_by_subject(connection: Connection, subject: str) -> Secrets | None:
    """Return the account that the organisation's login identifies by this issuer and subject."""
    return _find_secrets(connection, col(AccountRow.subject) == subject)


def list_accounts(connection: Connection) -> list[Account]:
    """Return all accounts, ordered by address."""
    rows = connection.execute(select(_ACCOUNT).order_by(col(AccountRow.email))).mappings()
    return [_make_account(row) for row in rows]


def add_account(connection: Connection, **values: Any) -> Account:
    """Add an account with these values."""
    row = AccountRow(**values)
    number = connection.execute(insert(_ACCOUNT).values(row.model_dump(exclude={"id"}))).inserted_primary_key[0]  # type: ignore[index]
    secrets = find_by_id(connection, number)
    assert secrets is not None
    return secrets.account


def change_account(connection: Connection, account: int, **values: Any) -> None:
    """Set these values of an account."""
    connection.execute(update(_ACCOUNT).where(col(AccountRow.id) == account).values(**values))


def list_offices(connection: Connection, country: str = "") -> list[OfficeRow]:
    """Return the named offices, optionally of one country; an unnamed first office always exists."""
    query = select(_OFFICE).order_by(_OFFICE.c.country, _OFFICE.c.number)
    query = query.where(_OFFICE.c.country == country) if country else query
    return [OfficeRow(**row) for row in connection.execute(query).mappings()]


def name_office(connection: Connection, country: str, number: int, name: str) -> None:
    """Name an office of a country, and create it if it is new."""
    office = (_OFFICE.c.country == country, _OFFICE.c.number == number)
    if connection.execute(update(_OFFICE).where(*office).values(name=name)).rowcount == 0:
        connection.execute(insert(_OFFICE).values(country=country, number=number, name=name))


def take_step(connection: Connection, account: int, step: int) -> bool:
    """Accept the code of a time step once; False if that step or a later one was accepted before."""
    step_update = update(_ACCOUNT).where(col(AccountRow.id) == account, col(AccountRow.totp_step) < step)
    return connection.execute(step_update.values(totp_step=step)).rowcount == 1


def add_link(connection: Connection, row: LinkRow) -> None:
    """Add a link for an account and drop its earlier ones."""
    drop_links(connection, row.account)
    connection.execute(insert(_LINK).values(row.model_dump()))


def drop_links(connection: Connection, account: int) -> None:
    """Delete every unused link of an account."""
    connection.execute(delete(_LINK).where(col(LinkRow.account) == account, col(LinkRow.used_at).is_(None)))


def find_link(connection: Connection, hash_: str, now: datetime) -> tuple[Account, str] | None:
    """Return the account and purpose of an unused link in force."""
    row = connection.execute(
        select(col(LinkRow.account), col(LinkRow.purpose)).where(
            col(LinkRow.hash) == hash_, col(LinkRow.used_at).is_(None), col(LinkRow.expires_at) > now
        )
    ).first()
    secrets = find_by_id(connection, row.account) if row else None
    return (secrets.account, row.purpose) if row and secrets else None


def is_by_another(connection: Connection, hash_: str) -> bool:
    """Return True if somebody other than its owner asked for a link."""
    return bool(connection.execute(select(col(LinkRow.by_another)).where(col(LinkRow.hash) == hash_)).scalar())


def use_link(connection: Connection, hash_: str, now: datetime) -> bool:
    """Mark a link as used; False when it was used before or has expired."""
    use = update(_LINK).where(col(LinkRow.hash) == hash_, col(LinkRow.used_at).is_(None), col(LinkRow.expires_at) > now)
    return connection.execute(use.values(used_at=now)).rowcount == 1


def add_device(connection: Connection, account: int, hash_: str, before: str, now: datetime, until: datetime) -> None:
    """Store a browser where a person logged in, moving other accounts on it to the new secret."""
    present = (col(DeviceRow.hash) == before, col(DeviceRow.expires_at) > now)
    other_accounts = (
        connection.execute(select(_DEVICE).where(*present, col(DeviceRow.account) != account)).mappings().all()
    )
    connection.execute(delete(_DEVICE).where(col(DeviceRow.hash) == before))
    connection.execute(delete(_DEVICE).where(col(DeviceRow.account) == account, col(DeviceRow.expires_at) <= now))
    rows = [DeviceRow(hash=hash_, account=account, made_at=now, expires_at=until).model_dump()]
    rows += [{**row, "hash": hash_} for row in other_accounts]
    connection.execute(insert(_DEVICE), rows)


def is_device(connection: Connection, hash_: str, email: str, now: datetime) -> bool:
    """Return True if the account of an address recently logged in from the browser with this secret."""
    query = (
        select(col(DeviceRow.account))
        .join(_ACCOUNT, col(AccountRow.id) == col(DeviceRow.account))
        .where(col(DeviceRow.hash) == hash_, col(AccountRow.email) == email, col(DeviceRow.expires_at) > now)
    )
    return connection.execute(query).first() is not None


def forget_devices(connection: Connection, account: int) -> None:
    """Delete every browser stored for an account."""
    connection.execute(delete(_DEVICE).where(col(DeviceRow.account) == account))


def add_session(connection: Connection, row: SessionRow) -> int:
    """Add a session, delete the account's expired ones, and return its number."""
    expired = (col(SessionRow.account) == row.account, col(SessionRow.expires_at) <= row.started_at)
    connection.execute(delete(_SESSION).where(*expired))
    result = connection.execute(insert(_SESSION).values(row.model_dump(exclude={"id"})))
    return int(result.inserted_primary_key[0])  # type: ignore[index]


def find_session(connection: Connection, hash_: str, now: datetime, idle: timedelta) -> StoredSession | None:
    """Return the session of this hash while it is in force and its account is active."""
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
    return StoredSession(row["session"], row["stage"], _make_account(row), row["used_at"]) if row else None


def touch_session(connection: Connection, session: int, now: datetime) -> None:
    """Store the moment a session was last used."""
    connection.execute(update(_SESSION).where(col(SessionRow.id) == session).values(used_at=now))


def end_session(connection: Connection, hash_: str) -> None:
    """Delete the session of this hash, if there is one."""
    connection.execute(delete(_SESSION).where(col(SessionRow.hash) == hash_))


def end_own_session(connection: Connection, account: int, session: int) -> bool:
    """Delete a session of this account; False when it has none of this number."""
    own = delete(_SESSION).where(col(SessionRow.id) == session, col(SessionRow.account) == account)
    return connection.execute(own).rowcount == 1


def end_sessions(connection: Connection, account: int) -> int:
    """Delete all sessions of an account and return their number."""
    return connection.execute(delete(_SESSION).where(col(SessionRow.account) == account)).rowcount


def list_sessions(connection: Connection, account: int, now: datetime, idle: timedelta) -> list[SessionRow]:
    """Return the sessions of an account in force, most recently used first."""
    query = (
        select(_SESSION)
        .where(
            col(SessionRow.account) == account,
            col(SessionRow.stage) == "full",
            col(SessionRow.expires_at) > now,
            col(SessionRow.used_at) > now - idle,
        )
        .order_by(col(SessionRow.used_at).desc())
    )
    return [SessionRow(**row) for row in connection.execute(query).mappings()]


def add_token(connection: Connection, row: TokenRow) -> int:
    """Add a personal token and return its number."""
    return int(connection.execute(insert(_TOKEN).values(row.model_dump(exclude={"id"}))).inserted_primary_key[0])  # type: ignore[index]


def find_token(
    connection: Connection, hash_: str, now: datetime
) -> tuple[int, Account, frozenset[TokenScope], datetime | None] | None:
    """Return number, account, scopes and last use of the valid token with this hash.

    A token stands for a second factor only while its owner still has one, and only for hours (``CONFIRMED_TOKEN``).
    """
    without_factor = [role.value for role in Role if not role.needs_second_factor]
    with_factor = [role.value for role in Role if role.needs_second_factor and list_scopes(role)]
    query = (
        select(col(TokenRow.id).label("token"), col(TokenRow.used_at), col(TokenRow.scopes), _ACCOUNT)
        .join(_ACCOUNT, col(AccountRow.id) == col(TokenRow.account))
        .where(
            col(TokenRow.hash) == hash_,
            col(TokenRow.expires_at) > now,
            col(AccountRow.state) == State.ACTIVE.value,
            or_(
                col(AccountRow.role).in_(without_factor),
                and_(
                    col(AccountRow.role).in_(with_factor),
                    col(AccountRow.totp) != "",
                    col(TokenRow.created_at) > now - CONFIRMED_TOKEN,
                ),
            ),
        )
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    scopes = frozenset(TokenScope(name) for name in row["scopes"].split())
    return row["token"], _make_account(row), scopes, row["used_at"]


def touch_token(connection: Connection, token: int, now: datetime) -> None:
    """Store the moment a token was last used."""
    connection.execute(update(_TOKEN).where(col(TokenRow.id) == token).values(used_at=now))


def end_own_token(connection: Connection, account: int, token: int) -> bool:
    """Delete a token of this account; False when it has none of this number."""
    own = delete(_TOKEN).where(col(TokenRow.id) == token, col(TokenRow.account) == account)
    return connection.execute(own).rowcount == 1


def end_tokens(connection: Connection, account: int) -> int:
    """Delete all tokens of an account and return their number."""
    return connection.execute(delete(_TOKEN).where(col(TokenRow.account) == account)).rowcount


def list_tokens(connection: Connection, account: int, now: datetime) -> list[TokenRow]:
    """Return the tokens of an account in force, newest first."""
    in_force = (col(TokenRow.account) == account, col(TokenRow.expires_at) > now)
    query = select(_TOKEN).where(*in_force).order_by(col(TokenRow.id).desc())
    return [TokenRow(**row) for row in connection.execute(query).mappings()]


def _find_secrets(connection: Connection, condition: Any) -> Secrets | None:
    row = connection.execute(select(_ACCOUNT).where(condition)).mappings().first()
    return Secrets(_make_account(row), row["password"], row["totp"], row["subject"]) if row else None


def _make_account(row: RowMapping) -> Account:
    return Account(**row, second_factor=bool(row["totp"]))


def find_last_entry(connection: Connection, *, lock: bool = False) -> RowMapping | None:
    """Return number, digest and moment of the newest audit entry, or None.

    ``lock`` keeps others from adding an entry until the transaction ends; SQLite's write transaction always does.
    """
    if lock and connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _AUDIT_LOCK})
    newest = select(_ENTRY.c.number, _ENTRY.c.digest, _ENTRY.c.moment).order_by(_ENTRY.c.number.desc()).limit(1)
    return connection.execute(newest).mappings().first()


def add_entry(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add an entry to the audit trail."""
    connection.execute(_ENTRY.insert(), values)


def read_entries(connection: Connection) -> Iterator[dict[str, Any]]:
    """Yield the audit trail, oldest first."""
    for row in connection.execute(select(_ENTRY).order_by(_ENTRY.c.number)).yield_per(1000).mappings():
        yield dict(**row)


def list_action_entries(connection: Connection, action: str) -> list[RowMapping]:
    """Return the entries of an action, oldest first."""
    about = select(_ENTRY).where(_ENTRY.c.action == action).order_by(_ENTRY.c.number)
    return list(connection.execute(about).mappings())


def read_entries_page(connection: Connection, size: int, page: int, subject: str) -> tuple[list[RowMapping], int]:
    """Return a page of entries, newest first, and the total; a ``subject`` narrows both."""
    about = [_ENTRY.c.subject == subject] if subject else []
    query = select(_ENTRY).where(*about).order_by(_ENTRY.c.number.desc()).limit(size).offset((page - 1) * size)
    total = connection.execute(select(func.count()).select_from(_ENTRY).where(*about)).scalar_one()
    return list(connection.execute(query).mappings()), total


def list_actors(connection: Connection, subject: str, actions: Collection[str]) -> set[int]:
    """Return the accounts that did any of these actions on a subject."""
    about = (_ENTRY.c.subject == subject, _ENTRY.c.action.in_(actions), _ENTRY.c.actor.is_not(None))
    return set(connection.execute(select(_ENTRY.c.actor).where(*about).distinct()).scalars())


def add_head(connection: Connection, values: Mapping[str, Any]) -> None:
    """Store the head of the audit trail for a day."""
    connection.execute(_HEAD.insert(), values)


def list_heads(connection: Connection, most: int | None = None, day: date | None = None) -> list[RowMapping]:
    """Return stored heads of the audit trail, newest first, optionally of one day."""
    query = select(_HEAD).order_by(_HEAD.c.day.desc()).limit(most)
    return list(connection.execute(query if day is None else query.where(_HEAD.c.day == day)).mappings())
