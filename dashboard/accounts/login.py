"""Logging in: password, then one-time code where the person has one or the role needs it; attempts are limited.

The answer to an unknown address, a wrong password, a revoked person and an invited one is the same, and so is the work.
Attempts are counted before any work is done, in this process or in Redis (``_count_password``).
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
    Account,
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
from dashboard.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

log = logging.getLogger(__name__)

MINUTES = 15
"""The window in which attempts are counted."""

DEVICE = "monitor-device"
DEVICE_LASTS = timedelta(days=365)
"""How long a browser is known since the last full login in it."""


@dataclass(frozen=True)
class Browser:
    """Where a request comes from."""

    cookie_header: str
    address: str
    agent: str


def with_password(settings: Settings, email: str, password: str, browser: Browser) -> tuple[Cookie, str]:
    """Check e-mail and password; gives the cookie of the new session and its stage.

    Raises:
        AccessRefused: they do not fit each other, whatever the reason.
        TooMany: too many attempts for this account or from this address.
    """
    if not settings.accounts.passwords:
        raise AccessRefused("This installation takes no passwords: log in with your organisation", "no_passwords")
    email = email.strip().lower()[:254]
    own = _count_password(settings, email, browser)
    with reading(open_engine(settings)) as connection:
        secrets = store.by_email(connection, email)
    usable = secrets is not None and secrets.account.state is State.ACTIVE
    right = credentials.matches(secrets.password if secrets and usable else "", password)
    if not secrets or not right:
        log.info("Login refused for %s", f"account {secrets.account.id}" if secrets else "an unknown address")
        raise AccessRefused("E-mail and password do not fit each other", "login")
    if people.follows_group(settings, secrets.account):  # only there it is known whether the group still holds
        raise AccessRefused("Your role follows a group of your organisation: log in there", "by_group")
    if credentials.outdated(secrets.password):
        encoded = credentials.hashed(password)
        with writing(open_engine(settings)) as connection:
            store.change_account(connection, secrets.account.id, password=encoded)
    forget(settings, *own)
    return enter(settings, secrets.account, browser)


def enter(settings: Settings, account: Account, browser: Browser, *, second: bool = False) -> tuple[Cookie, str]:
    """Begin the session of somebody who has shown who they are; ``second``: by two factors already."""
    stage = "full"
    if not second:
        stage = "code" if account.second_factor else "setup" if account.role.needs_second_factor else "full"
    cookie = sessions.begin(
        settings, account, stage=stage, cookie_header=browser.cookie_header, address=browser.address,
        agent=browser.agent,
    )  # fmt: skip
    return cookie, stage


def with_code(settings: Settings, session: StoredSession, code: str, browser: Browser) -> Cookie:
    """Check the one-time code of a session that waits for it; each code is taken once.

    Raises:
        AccessRefused: it is wrong, over, or was taken before.
        TooMany: too many attempts for this account.
    """
    _take_code(settings, session, "code", code, browser)
    return enter(settings, session.account, browser, second=True)[0]


def new_token(
    settings: Settings, session: StoredSession, name: str, scopes: Collection[str], code: str, browser: Browser
) -> str:
    """A personal token made in a session; who needs a second factor gives a one-time code for each.

    So whoever finds a session open makes no token that publishes.

    Raises:
        AccessRefused: the code is wrong, over, or was taken before.
        TooMany: too many attempts for this account.
        Impossible: see ``people.new_token``.
    """
    by, needed = session.principal, session.account.role.needs_second_factor
    if needed and list_scopes(by.role):
        _take_code(settings, session, "full", code, browser)
    return people.new_token(settings, by, name, browser.address, scopes, confirmed=needed)


def _take_code(settings: Settings, session: StoredSession, stage: str, code: str, browser: Browser) -> None:
    account = session.account
    count(settings, "code", str(account.id), settings.accounts.attempts)
    count(settings, "address", network_of(browser.address), settings.accounts.address_attempts)
    with writing(open_engine(settings)) as connection:
        known = store.by_id(connection, account.id)
        if known is None or not known.totp or session.stage != stage or not _taken(settings, connection, known, code):
            raise AccessRefused("This code is wrong or was used: wait for the next one", "code")


def set_up_code(settings: Settings, session: StoredSession, secret: str, code: str, browser: Browser) -> Cookie:
    """Keep the secret of one-time codes once its owner has shown a code of it; all their other sessions end.

    Raises:
        AccessRefused: the code is not of this secret.
        Impossible: there is one already: a session that somebody left open must not replace it.
    """
    account = session.account
    if account.second_factor or session.stage == "code":
        raise Impossible("One-time codes are set up already", "code_known")
    count(settings, "code", str(account.id), settings.accounts.attempts)
    step = credentials.step_of(secret, code, datetime.now(UTC))
    if step is None:
        raise AccessRefused("This code is wrong: wait for the next one and check the clock of your device", "code")
    with writing(open_engine(settings)) as connection:
        store.change_account(connection, account.id, totp=tokens.encrypted(settings, secret), totp_step=step)
        store.end_sessions(connection, account.id)
        _record(connection, "code_set_up", account, session.principal, browser)
    return enter(settings, account, browser, second=True)[0]


def remove_code(settings: Settings, session: StoredSession, password: str, browser: Browser) -> Cookie:
    """Stop asking for one-time codes, where the role does not need them; all other sessions end.

    Raises:
        AccessRefused: the password is wrong.
        Impossible: the role needs a second factor.
    """
    if session.account.role.needs_second_factor:
        raise Impossible(f"A {session.account.role} needs a second factor", "code_needed")
    _own_password(settings, session, password, browser)
    with writing(open_engine(settings)) as connection:
        store.change_account(connection, session.account.id, totp="")
        store.end_sessions(connection, session.account.id)
        _record(connection, "code_removed", session.account, session.principal, browser)
    return enter(settings, session.account, browser, second=True)[0]


def reset_code(settings: Settings, account: int, by: Principal | None, address: str = "") -> None:
    """An administrator takes away the one-time codes of somebody who lost their device.

    Their sessions and tokens end, the account is held, and all reviewers are told (``standing.hold``).
    """
    with writing(open_engine(settings)) as connection:
        known = store.by_id(connection, account)
        if known is None:
            raise Impossible(f"There is no account {account}", "unknown", email=str(account))
        if by and by.id == account:
            raise Impossible("Nobody takes away their own second factor: ask another administrator", "own_rights")
        store.change_account(connection, account, totp="")
        store.end_sessions(connection, account)
        store.end_tokens(connection, account)
        standing.hold(connection, account, datetime.now(UTC))
        _record(connection, "code_reset", known.account, by, Browser("", address, ""))
        held = store.by_id(connection, account)
    if held:
        standing.tell_held(settings, held.account, by)


def rotate(settings: Settings) -> tuple[int, int]:
    """Encrypt the secrets of one-time codes with the present secret; gives how many, and how many do not open."""
    done = lost = 0
    with writing(open_engine(settings)) as connection:
        for account in store.accounts(connection):
            known = store.by_id(connection, account.id)
            if known is None or not known.totp:
                continue
            try:
                plain = tokens.decrypted(settings, known.totp)
            except Unconfigured:
                lost += 1
                continue
            store.change_account(connection, account.id, totp=tokens.encrypted(settings, plain))
            done += 1
        audit.record(connection, action="account.rotated", subject="accounts", after={"codes": done, "lost": lost})
    return done, lost


def change_password(
    settings: Settings, session: StoredSession, old: str, new: str, browser: Browser, *, end_tokens: bool = True
) -> Cookie:
    """Another password for who knows the present one; all other sessions end, and tokens unless they are to stay.

    Raises:
        AccessRefused: the present one is wrong.
        Impossible: the new one cannot be taken.
    """
    _own_password(settings, session, old, browser)
    credentials.demand(new, session.account.email, session.account.name)
    encoded = credentials.hashed(new)
    with writing(open_engine(settings)) as connection:
        store.change_account(connection, session.account.id, password=encoded)
        store.end_sessions(connection, session.account.id)
        store.end_devices(connection, session.account.id)
        ended = store.end_tokens(connection, session.account.id) if end_tokens else 0
        _record(connection, "password_changed", session.account, session.principal, browser, {"tokens_ended": ended})
    return enter(settings, session.account, browser, second=True)[0]


def count(settings: Settings, kind: str, name: str, most: int) -> None:
    """Count an attempt.

    Raises:
        TooMany: there were as many as are allowed in a quarter of an hour.
    """
    limiter, item = _limiter(_limits_url(settings)), _item(most)
    key = (kind, hashlib.sha256(name.encode()).hexdigest())
    try:
        if limiter.hit(item, *key):
            return
        seconds = limiter.get_window_stats(item, *key).reset_time - time.time()
    except Exception as error:
        named = "MONITOR_ACCOUNTS__LIMITS_URL" if settings.accounts.limits_url else "MONITOR_REDIS_URL"
        log.error("Attempts cannot be counted at %s: %s", named, type(error).__name__)
        raise AccountError("Logging in is not possible at the moment: please try again later", "limits") from error
    raise TooMany("Too many attempts: wait a little", max(1, int(seconds) + 1))


def _limits_url(settings: Settings) -> str:
    """Where attempts are counted (a secret)."""
    own = settings.accounts.limits_url
    return own.get_secret_value() if own else settings.limits_url


def network_of(address: str) -> str:
    """What attempts are counted by: the address; of IPv6 its first 64 bits, for who has one has all behind them."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((ip, 64), strict=False)) if ip.version == 6 else address


def _count_password(settings: Settings, email: str, browser: Browser) -> tuple[str, str]:
    """Count an attempt at a password: gives kind and name of the count that success begins anew.

    A device on which the account was logged in is counted for itself: whoever else tries does not keep its owner out.
    Any other attempt counts for the address, then for address and account together, and only what these let through
    for the account: an address that is refused locks nobody's account.

    Raises:
        TooMany: one of them is used up.
    """
    limits = settings.accounts
    device = sessions.cookie_value(browser.cookie_header, sessions.cookie_name(settings, DEVICE))
    if device:
        with reading(open_engine(settings)) as connection:
            known = store.is_device(connection, tokens.hash_of(device), email, datetime.now(UTC))
        if known:
            count(settings, "device", f"{device} {email}", limits.attempts)
            return "device", f"{device} {email}"
    network = network_of(browser.address)
    count(settings, "address", network, limits.address_attempts)
    count(settings, "pair", f"{network} {email}", limits.attempts)
    count(settings, "account", email, limits.account_attempts)
    return "pair", f"{network} {email}"


def remember(settings: Settings, account: Account, browser: Browser) -> Cookie:
    """Know the browser of a person who is fully in, or who followed a link to their mailbox; a new secret each time.

    It opens nothing: it only keeps the attempts of others apart from those made here. Other accounts' knowledge of the
    browser goes with it to the new secret.
    """
    name, now, secret = sessions.cookie_name(settings, DEVICE), datetime.now(UTC), tokens.new()
    before = sessions.cookie_value(browser.cookie_header, name)
    with writing(open_engine(settings)) as connection:
        store.add_device(
            connection, account.id, tokens.hash_of(secret), tokens.hash_of(before) if before else "", now,
            now + DEVICE_LASTS,
        )  # fmt: skip
    return Cookie(name, secret, int(DEVICE_LASTS.total_seconds()), sessions.is_secure(settings))


def forget(settings: Settings, kind: str, name: str) -> None:
    """Begin to count anew."""
    key = (kind, hashlib.sha256(name.encode()).hexdigest())
    _limiter(_limits_url(settings)).clear(_item(settings.accounts.attempts), *key)


def _own_password(settings: Settings, session: StoredSession, password: str, browser: Browser) -> None:
    count(settings, "own", str(session.account.id), settings.accounts.attempts)  # who is in is not kept out by others
    with reading(open_engine(settings)) as connection:
        known = store.by_id(connection, session.account.id)
    if not credentials.matches(known.password if known else "", password):
        raise AccessRefused("The present password is wrong", "password")


def _taken(settings: Settings, connection: Any, known: store.Secrets, code: str) -> bool:
    step = credentials.step_of(tokens.decrypted(settings, known.totp), code, datetime.now(UTC))
    return step is not None and store.take_step(connection, known.account.id, step)


def _record(
    connection: Any, done: str, account: Account, by: Principal | None, browser: Browser,
    after: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    about = sessions.subject(account)
    audit.record(connection, action=f"account.{done}", subject=about, by=by, address=browser.address, after=after)


@lru_cache
def _limiter(url: str) -> Any:
    from limits.storage import storage_from_string
    from limits.strategies import MovingWindowRateLimiter

    return MovingWindowRateLimiter(storage_from_string(url))


def _item(most: int) -> Any:
    from limits import RateLimitItemPerMinute

    return RateLimitItemPerMinute(most, MINUTES)
