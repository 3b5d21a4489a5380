"""Log in with a password, then a one-time code where needed; attempts are limited before any work is done.

An unknown address, a wrong password, a revoked person and an invited one get the same answer at the same cost.
"""

import hashlib
import logging
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

from dashboard.accounts import audit, credentials, people, sessions, standing, store, tokens
from dashboard.accounts.model import (
    AccessRefused,
    AccountError,
    Impossible,
    Principal,
    State,
    TooMany,
    Unconfigured,
    list_scopes,
)
from dashboard.accounts.sessions import Cookie
from dashboard.accounts.store import StoredSession
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

log = logging.getLogger(__name__)

WINDOW_MINUTES = 15
"""The window in which attempts are counted."""

DEVICE_COOKIE = "monitor-device"
DEVICE_LIFETIME = timedelta(days=365)
"""How long a browser is remembered after the last full login in it."""


@dataclass(frozen=True)
class Browser:
    """Where a request comes from."""

    cookie_header: str
    address: str
    agent: str


def check_password(settings: Settings, email: str, password: str, browser: Browser) -> tuple[Cookie, str]:
    """Check e-mail and password, and return the cookie of the new session and its stage.

    Raises:
        AccessRefused: they do not match, whatever the reason.
        TooMany: too many attempts for this account or from this address.
    """
    if not settings.accounts.passwords:
        raise AccessRefused("This installation takes no passwords: log in with your organisation", "no_passwords")
    email = email.strip().lower()[:254]
    own = _count_password(settings, email, browser)
    with reading(open_engine(settings)) as connection:
        secrets = store.find_by_email(connection, email)
    usable = secrets is not None and secrets.account.state is State.ACTIVE
    right = credentials.verify_password(secrets.password if secrets and usable else "", password)
    if not secrets or not right:
        log.info("Login refused for %s", f"account {secrets.account.id}" if secrets else "an unknown address")
        raise AccessRefused("E-mail and password do not fit each other", "login")
    if people.follows_group(settings, secrets.account):  # only there it is known whether the group still holds
        raise AccessRefused("Your role follows a group of your organisation: log in there", "by_group")
    if credentials.is_outdated(secrets.password):
        encoded = credentials.hash_password(password)
        with writing(open_engine(settings)) as connection:
            store.change_account(connection, secrets.account.id, password=encoded)
    reset_count(settings, *own)
    return start_session(settings, secrets.account, browser)


def start_session(
    settings: Settings, account: Account, browser: Browser, *, second: bool = False
) -> tuple[Cookie, str]:
    """Begin the session of an authenticated person; ``second`` means that they gave both factors."""
    stage = "full"
    if not second:
        stage = "code" if account.second_factor else "setup" if account.role.needs_second_factor else "full"
    cookie = sessions.begin_session(
        settings, account, stage=stage, cookie_header=browser.cookie_header, address=browser.address,
        agent=browser.agent,
    )  # fmt: skip
    return cookie, stage


def check_code(settings: Settings, session: StoredSession, code: str, browser: Browser) -> Cookie:
    """Check the one-time code of a session that waits for it; each code is accepted once.

    Raises:
        AccessRefused: the code is wrong, expired or was used before.
        TooMany: too many attempts for this account.
    """
    _take_code(settings, session, "code", code, browser)
    return start_session(settings, session.account, browser, second=True)[0]


def make_token(
    settings: Settings, session: StoredSession, name: str, scopes: Collection[str], code: str, browser: Browser
) -> str:
    """Make a personal token in a session; roles that need a second factor give a code for each token.

    Raises:
        AccessRefused: the code is wrong, expired or was used before.
        TooMany: too many attempts for this account.
        Impossible: see ``people.make_token``.
    """
    by, needed = session.principal, session.account.role.needs_second_factor
    if needed and list_scopes(by.role):
        _take_code(settings, session, "full", code, browser)
    return people.make_token(settings, by, name, browser.address, scopes, confirmed=needed)


def _take_code(settings: Settings, session: StoredSession, stage: str, code: str, browser: Browser) -> None:
    account = session.account
    count_attempt(settings, "code", str(account.id), settings.accounts.attempts)
    count_attempt(settings, "address", group_address(browser.address), settings.accounts.address_attempts)
    with writing(open_engine(settings)) as connection:
        secrets = store.find_by_id(connection, account.id)
        step = None
        if secrets and secrets.totp and session.stage == stage:
            step = credentials.find_step(tokens.decrypt(settings, secrets.totp), code, datetime.now(UTC))
        if step is None or not store.take_step(connection, account.id, step):
            raise AccessRefused("This code is wrong or was used: wait for the next one", "code")


def set_up_code(settings: Settings, session: StoredSession, secret: str, code: str, browser: Browser) -> Cookie:
    """Store the secret of one-time codes once its owner has shown a code; their other sessions end.

    Raises:
        AccessRefused: the code is not of this secret.
        Impossible: codes are set up already: a session left open must not replace them.
    """
    account = session.account
    if account.second_factor or session.stage == "code":
        raise Impossible("One-time codes are set up already", "code_known")
    count_attempt(settings, "code", str(account.id), settings.accounts.attempts)
    step = credentials.find_step(secret, code, datetime.now(UTC))
    if step is None:
        raise AccessRefused("This code is wrong: wait for the next one and check the clock of your device", "code")
    with writing(open_engine(settings)) as connection:
        store.change_account(connection, account.id, totp=tokens.encrypt(settings, secret), totp_step=step)
        store.end_sessions(connection, account.id)
        _record(connection, "code_set_up", account, session.principal, browser)
    return start_session(settings, account, browser, second=True)[0]


def remove_code(settings: Settings, session: StoredSession, password: str, browser: Browser) -> Cookie:
    """Stop asking for one-time codes where the role does not need them; all other sessions end.

    Raises:
        AccessRefused: the password is wrong.
        Impossible: the role needs a second factor.
    """
    if session.account.role.needs_second_factor:
        raise Impossible(f"A {session.account.role} needs a second factor", "code_needed")
    _check_own_password(settings, session, password, browser)
    with writing(open_engine(settings)) as connection:
        store.change_account(connection, session.account.id, totp="")
        store.end_sessions(connection, session.account.id)
        _record(connection, "code_removed", session.account, session.principal, browser)
    return start_session(settings, session.account, browser, second=True)[0]


def reset_code(settings: Settings, account: int, by: Principal | None, address: str = "") -> None:
    """Remove the one-time codes of somebody who lost their device.

    Their sessions and tokens end, the account is held, and all reviewers are told (``standing.hold``).
    """
    with writing(open_engine(settings)) as connection:
        secrets = store.find_by_id(connection, account)
        if secrets is None:
            raise Impossible(f"There is no account {account}", "unknown", email=str(account))
        if by and by.id == account:
            raise Impossible("Nobody takes away their own second factor: ask another administrator", "own_rights")
        store.change_account(connection, account, totp="")
        store.end_sessions(connection, account)
        store.end_tokens(connection, account)
        standing.hold(connection, account, datetime.now(UTC))
        _record(connection, "code_reset", secrets.account, by, Browser("", address, ""))
        reset = store.find_by_id(connection, account)
    if reset:
        standing.announce_hold(settings, reset.account, by)


def rotate_codes(settings: Settings) -> tuple[int, int]:
    """Encrypt the secrets of one-time codes anew; return how many succeeded and how many cannot be read."""
    done = lost = 0
    with writing(open_engine(settings)) as connection:
        for account in store.list_accounts(connection):
            secrets = store.find_by_id(connection, account.id)
            if secrets is None or not secrets.totp:
                continue
            try:
                plain = tokens.decrypt(settings, secrets.totp)
            except Unconfigured:
                lost += 1
                continue
            store.change_account(connection, account.id, totp=tokens.encrypt(settings, plain))
            done += 1
        audit.record(connection, action="account.rotated", subject="accounts", after={"codes": done, "lost": lost})
    return done, lost


def change_password(
    settings: Settings, session: StoredSession, old: str, new: str, browser: Browser, *, end_tokens: bool = True
) -> Cookie:
    """Change the password of somebody who knows the present one; all other sessions end.

    Raises:
        AccessRefused: the present password is wrong.
        Impossible: the new password cannot be accepted.
    """
    _check_own_password(settings, session, old, browser)
    credentials.check_strength(new, session.account.email, session.account.name)
    encoded = credentials.hash_password(new)
    with writing(open_engine(settings)) as connection:
        store.change_account(connection, session.account.id, password=encoded)
        store.end_sessions(connection, session.account.id)
        store.forget_devices(connection, session.account.id)
        ended = store.end_tokens(connection, session.account.id) if end_tokens else 0
        _record(connection, "password_changed", session.account, session.principal, browser, {"tokens_ended": ended})
    return start_session(settings, session.account, browser, second=True)[0]


def count_attempt(settings: Settings, kind: str, name: str, attempts: int) -> None:
    """Count an attempt.

    Raises:
        TooMany: the limit of the window is reached.
    """
    limiter, limit = _get_limiter(_get_limits_url(settings)), _make_limit(attempts)
    key = (kind, hashlib.sha256(name.encode()).hexdigest())
    try:
        if limiter.hit(limit, *key):
            return
        seconds = limiter.get_window_stats(limit, *key).reset_time - time.time()
    except Exception as error:
        setting = "MONITOR_ACCOUNTS__LIMITS_URL" if settings.accounts.limits_url else "MONITOR_REDIS_URL"
        log.error("Attempts cannot be counted at %s: %s", setting, type(error).__name__)
        raise AccountError("Logging in is not possible at the moment: please try again later", "limits") from error
    raise TooMany("Too many attempts: wait a little", max(1, int(seconds) + 1))


def _get_limits_url(settings: Settings) -> str:
    """Return where attempts are counted (a secret)."""
    own = settings.accounts.limits_url
    return own.get_secret_value() if own else settings.limits_url


def group_address(address: str) -> str:
    """Return the address by which attempts are counted: for IPv6 its /64 network."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((ip, 64), strict=False)) if ip.version == 6 else address


def _count_password(settings: Settings, email: str, browser: Browser) -> tuple[str, str]:
    """Count an attempt at a password; return kind and name of the count that success resets.

    A device on which the account was logged in has a count of its own: attackers cannot lock its owner out. Any other
    attempt counts for the address, then for address and account together, and only what these allow for the account.

    Raises:
        TooMany: one of them is used up.
    """
    limits = settings.accounts
    device = sessions.read_cookie(browser.cookie_header, sessions.name_cookie(settings, DEVICE_COOKIE))
    if device:
        with reading(open_engine(settings)) as connection:
            is_remembered = store.is_device(connection, tokens.hash_secret(device), email, datetime.now(UTC))
        if is_remembered:
            count_attempt(settings, "device", f"{device} {email}", limits.attempts)
            return "device", f"{device} {email}"
    network = group_address(browser.address)
    count_attempt(settings, "address", network, limits.address_attempts)
    count_attempt(settings, "pair", f"{network} {email}", limits.attempts)
    count_attempt(settings, "account", email, limits.account_attempts)
    return "pair", f"{network} {email}"


def remember_device(settings: Settings, account: Account, browser: Browser) -> Cookie:
    """Store the browser of a person who is fully logged in, or followed a mailed link.

    It opens nothing: it only keeps attempts by others apart from those made here.
    """
    name, now, secret = sessions.name_cookie(settings, DEVICE_COOKIE), datetime.now(UTC), tokens.generate_secret()
    before = sessions.read_cookie(browser.cookie_header, name)
    with writing(open_engine(settings)) as connection:
        store.add_device(
            connection, account.id, tokens.hash_secret(secret), tokens.hash_secret(before) if before else "", now,
            now + DEVICE_LIFETIME,
        )  # fmt: skip
    return Cookie(name, secret, int(DEVICE_LIFETIME.total_seconds()), sessions.is_secure(settings))


def reset_count(settings: Settings, kind: str, name: str) -> None:
    """Reset a count of attempts."""
    key = (kind, hashlib.sha256(name.encode()).hexdigest())
    _get_limiter(_get_limits_url(settings)).clear(_make_limit(settings.accounts.attempts), *key)


def _check_own_password(settings: Settings, session: StoredSession, password: str, browser: Browser) -> None:
    count_attempt(
        settings, "own", str(session.account.id), settings.accounts.attempts
    )  # who is in is not kept out by others
    with reading(open_engine(settings)) as connection:
        secrets = store.find_by_id(connection, session.account.id)
    if not credentials.verify_password(secrets.password if secrets else "", password):
        raise AccessRefused("The present password is wrong", "password")


def _record(
    connection: Any, done: str, account: Account, by: Principal | None, browser: Browser,
    after: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    about = sessions.name_subject(account)
    audit.record(connection, action=f"account.{done}", subject=about, by=by, address=browser.address, after=after)


@lru_cache
def _get_limiter(url: str) -> Any:
    from limits.storage import storage_from_string
    from limits.strategies import MovingWindowRateLimiter

    return MovingWindowRateLimiter(storage_from_string(url))


def _make_limit(attempts: int) -> Any:
    from limits import RateLimitItemPerMinute

    return RateLimitItemPerMinute(attempts, WINDOW_MINUTES)
