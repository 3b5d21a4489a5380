"""Who is asking: a random id in a cookie, its hash in the database, read anew at every request.

``principal_of(cookie_header, settings)``: of a page, a form, or a protected handler of State
``principal_of_token(authorization, settings)``: of the API, by personal token
``begin``, ``end``: log in and out
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.accounts import audit, store, tokens
from dashboard.accounts.model import Account, OpenSession, Principal
from dashboard.accounts.store import StoredSession
from dashboard.accounts.tables import SessionRow
from dashboard.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

NAME = "monitor-session"
FORM = "monitor-form"
FORM_SECONDS = 7 * 86400
CODE_MINUTES = 10
"""How long a session waits for the one-time code after the password was right."""

TOUCH = timedelta(minutes=1)
"""How often a session's last use is written down."""


_COOKIE = re.compile(r"[A-Za-z0-9_.-]{1,4096}")


@dataclass(frozen=True)
class Cookie:
    """A cookie to set: HttpOnly and SameSite=Lax always, Secure and bound to this host under https."""

    name: str
    value: str
    seconds: int  # 0 removes it
    secure: bool


def cookie_name(settings: Settings, name: str = NAME) -> str:
    """``__Host-…`` under https: such a cookie can come from this very host only, never from a neighbour's."""
    return f"__Host-{name}" if is_secure(settings) else name


def is_secure(settings: Settings) -> bool:
    """Whether people reach us by https."""
    return (settings.public_url or "").startswith("https://")


def cookie_value(cookie_header: str | None, name: str) -> str:
    """The value of a cookie; "" where there is none, or two of the same name: one of them was put there by another."""
    pairs = [part.strip().partition("=") for part in (cookie_header or "").split(";")]
    values = [value for key, _, value in pairs if key == name]
    return values[0] if len(values) == 1 and _COOKIE.fullmatch(values[0]) else ""


def principal_of(cookie_header: str | None, settings: Settings) -> Principal | None:
    """Who is asking, by the ``Cookie`` header of the request; None for a reader.

    None also where the session is over, ended or half-way, the account revoked, or accounts are switched off.
    """
    session = current(cookie_header, settings)
    return session.principal if session and session.stage == "full" else None


def current(cookie_header: str | None, settings: Settings) -> StoredSession | None:
    """The session of a cookie header, also one that waits for the one-time code; None where there is none in force."""
    if not settings.accounts.enabled:
        return None
    secret = cookie_value(cookie_header, cookie_name(settings))
    if not secret:
        return None
    now = datetime.now(UTC)
    with reading(open_engine(settings)) as connection:
        session = store.session_of(connection, tokens.hash_of(secret), now, _idle(settings))
    if session and now - session.used_at > TOUCH:
        with writing(open_engine(settings)) as connection:
            store.touch_session(connection, session.id, now)
    return session


def principal_of_token(authorization: str | None, settings: Settings) -> Principal | None:
    """Who is asking, by an ``Authorization: Bearer …`` header with a personal token; None where it is not in force."""
    kind, _, secret = (authorization or "").partition(" ")
    if not settings.accounts.enabled or kind.lower() != "bearer" or not secret.startswith(tokens.PREFIX):
        return None
    now = datetime.now(UTC)
    with reading(open_engine(settings)) as connection:
        stored = store.token_of(connection, tokens.hash_of(secret.strip()), now)
    if not stored:
        return None
    token, account, scopes, used_at = stored
    if used_at is None or now - used_at > TOUCH:
        with writing(open_engine(settings)) as connection:
            store.touch_token(connection, token, now)
    return replace(store.principal(account), scopes=scopes, token=token)


def begin(
    settings: Settings, account: Account, *, stage: str, cookie_header: str | None, address: str, agent: str
) -> Cookie:
    """Log a browser in: always a new id, and the one it came with ends, whoever gave it that.

    ``stage`` is ``full``, or ``code`` while the one-time code is still to come.
    """
    secret, now = tokens.new(), datetime.now(UTC)
    lasts = timedelta(days=settings.accounts.session_days) if stage == "full" else timedelta(minutes=CODE_MINUTES)
    with writing(open_engine(settings)) as connection:
        _end(connection, cookie_header, settings)
        row = SessionRow(
            hash=tokens.hash_of(secret), account=account.id, stage=stage, started_at=now, used_at=now,
            expires_at=now + lasts, address=address, agent=agent[:200],
        )  # fmt: skip
        number = store.add_session(connection, row)
        if stage == "full":
            by = store.principal(account, number)
            audit.record(connection, action="account.logged_in", subject=subject(account), by=by, address=address)
    return Cookie(cookie_name(settings), secret, int(lasts.total_seconds()), is_secure(settings))


def end(settings: Settings, cookie_header: str | None) -> Cookie:
    """Log a browser out: its session ends in the database, and its cookie goes."""
    with writing(open_engine(settings)) as connection:
        _end(connection, cookie_header, settings)
    return Cookie(cookie_name(settings), "", 0, is_secure(settings))


def end_session(settings: Settings, by: Principal, session: int, address: str) -> bool:
    """End one of the person's own sessions; False when there is none of this number."""
    with writing(open_engine(settings)) as connection:
        done = store.end_own_session(connection, by.id, session)
        if done:
            about = f"account {by.id}"
            audit.record(connection, action="account.session_ended", subject=about, by=by, address=address)
    return done


def form_cookie(settings: Settings, cookie_header: str | None) -> tuple[str, Cookie | None]:
    """The value that ties forms to this browser, and the cookie to set where it has none yet."""
    value = cookie_value(cookie_header, cookie_name(settings, FORM))
    if value:
        return value, None
    value = tokens.new()
    return value, Cookie(cookie_name(settings, FORM), value, FORM_SECONDS, is_secure(settings))


def form_token(settings: Settings, cookie_header: str | None, form: str = "") -> str:
    """The token that every form and upload carries, tied to this browser and this session (against forged requests).

    ``form`` is the value of a form cookie that is only being set; "" to take it from the header.
    """
    return tokens.form_token(settings, _tied(settings, cookie_header, form))


def is_form_token(settings: Settings, cookie_header: str | None, given: str) -> bool:
    """Whether a form was made by us for this browser and the session it is in now."""
    if not cookie_value(cookie_header, cookie_name(settings, FORM)):
        return False
    return tokens.is_form_token(settings, _tied(settings, cookie_header, ""), given)


def _tied(settings: Settings, cookie_header: str | None, form: str) -> str:
    form = form or cookie_value(cookie_header, cookie_name(settings, FORM))
    return f"{form}|{cookie_value(cookie_header, cookie_name(settings))}"


def listed(settings: Settings, account: int) -> list[OpenSession]:
    """Where a person is logged in, last used first."""
    with reading(open_engine(settings)) as connection:
        return store.sessions(connection, account, datetime.now(UTC), _idle(settings))


def subject(account: Account) -> str:
    """What the audit trail calls an account."""
    return f"account {account.id}"


def _end(connection: Any, cookie_header: str | None, settings: Settings) -> None:
    secret = cookie_value(cookie_header, cookie_name(settings))
    if secret:
        store.end_session(connection, tokens.hash_of(secret))


def _idle(settings: Settings) -> timedelta:
    return timedelta(hours=settings.accounts.idle_hours)
