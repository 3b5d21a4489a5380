"""Sessions: a random id in a cookie, its hash in the database, read again at every request."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.accounts import audit, store, tokens
from dashboard.accounts.model import Principal
from dashboard.accounts.store import StoredSession
from dashboard.accounts.tables import Account, SessionRow
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

SESSION_COOKIE = "monitor-session"
FORM_COOKIE = "monitor-form"
FORM_COOKIE_S = 7 * 86400
CODE_MINUTES = 10
"""How long a session waits for the one-time code after the password was right."""

TOUCH_INTERVAL = timedelta(minutes=1)
"""How often the last use of a session is stored."""


_COOKIE = re.compile(r"[A-Za-z0-9_.-]{1,4096}")


@dataclass(frozen=True)
class Cookie:
    """A cookie to set: always HttpOnly and SameSite=Lax; Secure and bound to this host under https."""

    name: str
    value: str
    seconds: int  # 0 removes it
    secure: bool


def name_cookie(settings: Settings, name: str = SESSION_COOKIE) -> str:
    """Return the cookie's name, prefixed ``__Host-`` under https so that no other host can set it."""
    return f"__Host-{name}" if is_secure(settings) else name


def is_secure(settings: Settings) -> bool:
    """Return True if the public address is https."""
    return (settings.public_url or "").startswith("https://")


def read_cookie(cookie_header: str | None, name: str) -> str:
    """Return the value of a cookie; "" where it is missing, malformed or sent twice."""
    pairs = [part.strip().partition("=") for part in (cookie_header or "").split(";")]
    values = [value for key, _, value in pairs if key == name]
    return values[0] if len(values) == 1 and _COOKIE.fullmatch(values[0]) else ""


def find_principal(cookie_header: str | None, settings: Settings) -> Principal | None:
    """Return who is asking, by the request's ``Cookie`` header; None without a full session in force."""
    session = find_session(cookie_header, settings)
    return session.principal if session and session.stage == "full" else None


def find_session(cookie_header: str | None, settings: Settings) -> StoredSession | None:
    """Return the session of a cookie header, including one that waits for a code; None if not in force."""
    if not settings.accounts.enabled:
        return None
    secret = read_cookie(cookie_header, name_cookie(settings))
    if not secret:
        return None
    now = datetime.now(UTC)
    with reading(open_engine(settings)) as connection:
        session = store.find_session(connection, tokens.hash_secret(secret), now, _get_idle_limit(settings))
    if session and now - session.used_at > TOUCH_INTERVAL:
        with writing(open_engine(settings)) as connection:
            store.touch_session(connection, session.id, now)
    return session


def find_token_principal(authorization: str | None, settings: Settings) -> Principal | None:
    """Return who is asking, by an ``Authorization: Bearer`` header; None if no token is in force."""
    kind, _, secret = (authorization or "").partition(" ")
    if not settings.accounts.enabled or kind.lower() != "bearer" or not secret.startswith(tokens.PREFIX):
        return None
    now = datetime.now(UTC)
    with reading(open_engine(settings)) as connection:
        stored = store.find_token(connection, tokens.hash_secret(secret.strip()), now)
    if not stored:
        return None
    token, account, scopes, used_at = stored
    if used_at is None or now - used_at > TOUCH_INTERVAL:
        with writing(open_engine(settings)) as connection:
            store.touch_token(connection, token, now)
    return replace(store.make_principal(account), scopes=scopes, token=token)


def begin_session(
    settings: Settings, account: Account, *, stage: str, cookie_header: str | None, address: str, agent: str
) -> Cookie:
    """Log a browser in under a new id, and end the session it came with.

    ``stage`` is ``full``, or ``code`` while the one-time code is still to come.
    """
    secret, now = tokens.generate_secret(), datetime.now(UTC)
    lasts = timedelta(days=settings.accounts.session_days) if stage == "full" else timedelta(minutes=CODE_MINUTES)
    with writing(open_engine(settings)) as connection:
        _end_current(connection, cookie_header, settings)
        row = SessionRow(
            hash=tokens.hash_secret(secret), account=account.id, stage=stage, started_at=now, used_at=now,
            expires_at=now + lasts, address=address, agent=agent[:200],
        )  # fmt: skip
        number = store.add_session(connection, row)
        if stage == "full":
            by = store.make_principal(account, number)
            audit.record(connection, action="account.logged_in", subject=name_subject(account), by=by, address=address)
    return Cookie(name_cookie(settings), secret, int(lasts.total_seconds()), is_secure(settings))


def log_out(settings: Settings, cookie_header: str | None) -> Cookie:
    """Log a browser out: end its session and remove its cookie."""
    with writing(open_engine(settings)) as connection:
        _end_current(connection, cookie_header, settings)
    return Cookie(name_cookie(settings), "", 0, is_secure(settings))


def end_own_session(settings: Settings, by: Principal, session: int, address: str) -> bool:
    """End one of the person's own sessions; False when there is none of this number."""
    with writing(open_engine(settings)) as connection:
        done = store.end_own_session(connection, by.id, session)
        if done:
            about = f"account {by.id}"
            audit.record(connection, action="account.session_ended", subject=about, by=by, address=address)
    return done


def ensure_form_cookie(settings: Settings, cookie_header: str | None) -> tuple[str, Cookie | None]:
    """Return the value that ties forms to this browser, and the cookie to set where it has none yet."""
    value = read_cookie(cookie_header, name_cookie(settings, FORM_COOKIE))
    if value:
        return value, None
    value = tokens.generate_secret()
    return value, Cookie(name_cookie(settings, FORM_COOKIE), value, FORM_COOKIE_S, is_secure(settings))


def make_form_token(settings: Settings, cookie_header: str | None, form: str = "") -> str:
    """Return the token of forms and uploads, tied to this browser and session.

    ``form`` is the value of a form cookie that is only being set; "" to take it from the header.
    """
    return tokens.make_form_token(settings, _bind_form(settings, cookie_header, form))


def is_form_token(settings: Settings, cookie_header: str | None, token: str) -> bool:
    """Return True if a form was made for this browser and its present session."""
    if not read_cookie(cookie_header, name_cookie(settings, FORM_COOKIE)):
        return False
    return tokens.is_form_token(settings, _bind_form(settings, cookie_header, ""), token)


def _bind_form(settings: Settings, cookie_header: str | None, form: str) -> str:
    form = form or read_cookie(cookie_header, name_cookie(settings, FORM_COOKIE))
    return f"{form}|{read_cookie(cookie_header, name_cookie(settings))}"


def list_sessions(settings: Settings, account: int) -> list[SessionRow]:
    """Return where a person is logged in, most recently used first."""
    with reading(open_engine(settings)) as connection:
        return store.list_sessions(connection, account, datetime.now(UTC), _get_idle_limit(settings))


def name_subject(account: Account) -> str:
    """Return the name of an account in the audit trail."""
    return f"account {account.id}"


def _end_current(connection: Any, cookie_header: str | None, settings: Settings) -> None:
    secret = read_cookie(cookie_header, name_cookie(settings))
    if secret:
        store.end_session(connection, tokens.hash_secret(secret))


def _get_idle_limit(settings: Settings) -> timedelta:
    return timedelta(hours=settings.accounts.idle_hours)
