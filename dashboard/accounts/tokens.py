"""Random secrets, what is kept of them, and seals made with the installation's own secret.

A session, a link and a personal token are 256 random bits; the database holds their hash. Seals prove that this
installation wrote a value: the token in each form, and what must come back from an organisation's login.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from typing import Any

from dashboard.accounts.model import AccessRefused, Unconfigured
from dashboard.settings import Settings

PREFIX = "monitor_"
"""Begins every personal token, so that scanners of code and logs can find one that got out."""

LEAST_SECRET = 32


def new() -> str:
    """A secret nobody can guess: 256 random bits, fit for a cookie and an address."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What the database holds of a secret. It is random, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def digits(text: str) -> str:
    """The digits of a text as 0 … 9, whichever script they are in; a code may be typed with spaces."""
    return "".join(str(unicodedata.digit(sign)) for sign in text[:64] if unicodedata.digit(sign, None) is not None)


def ready(settings: Settings) -> None:
    """Refuse to work with accounts that are not set up.

    Raises:
        Unconfigured: the address or the secret is missing or too weak; the message holds the lines to write.
    """
    lines = [] if settings.accounts.enabled else ["MONITOR_ACCOUNTS__ENABLED=true"]
    if not settings.public_url:
        lines.append("MONITOR_PUBLIC_URL=https://monitor.example.org")
    if any(len(one.get_secret_value()) < LEAST_SECRET for one in settings.former_secrets):
        raise Unconfigured(f"MONITOR_FORMER_SECRETS: each has at least {LEAST_SECRET} characters, as a secret has")
    if len(_secret(settings)) < LEAST_SECRET:
        lines.append(f"MONITOR_SECRET={secrets.token_urlsafe(48)}")
    if lines:
        raise Unconfigured(
            "Accounts need to be enabled, the address people use (https, or http on localhost) "
            f"and a secret of at least {LEAST_SECRET} characters. Write to .env:\n" + "\n".join(lines)
        )


def form_token(settings: Settings, cookie: str) -> str:
    """The token that a form carries, bound to the cookie of whoever asked for the form (against forged requests)."""
    return hmac.new(_key(settings, "form"), cookie.encode(), hashlib.sha256).hexdigest()


def is_form_token(settings: Settings, cookie: str, given: str) -> bool:
    """Whether a form came from our own page, shown to the same browser."""
    made = [hmac.new(key, cookie.encode(), hashlib.sha256).hexdigest() for key in _keys(settings, "form")]
    return bool(cookie) and any(hmac.compare_digest(one.encode(), given.encode()) for one in made)


def sealed(settings: Settings, purpose: str, value: Any) -> str:
    """A value for the browser to keep and give back, which it cannot change."""
    from itsdangerous import URLSafeTimedSerializer

    return URLSafeTimedSerializer(_key(settings, purpose), salt=purpose).dumps(value)


def unsealed(settings: Settings, purpose: str, text: str, seconds: int) -> Any:
    """The value of a seal not older than ``seconds``.

    Raises:
        AccessRefused: it is not ours, of another purpose, or too old.
    """
    from itsdangerous import BadData, URLSafeTimedSerializer

    keys = _keys(settings, purpose)[::-1]  # of a list the library signs with the last and reads with all
    try:
        return URLSafeTimedSerializer(keys, salt=purpose).loads(text, max_age=seconds)
    except BadData as error:
        raise AccessRefused("This login was not begun here, or too long ago: begin again", "login_stale") from error


def mark_of(settings: Settings, purpose: str, text: str = "") -> str:
    """What stands for a text where it must be found again and not be read: nobody makes it without our secret."""
    return hmac.new(_key(settings, purpose), text.encode(), hashlib.sha256).hexdigest()


def encrypted(settings: Settings, text: str, purpose: str = "totp") -> str:
    """A secret that must be read again (that of one-time codes), so that a copy of the database does not give it."""
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(_key(settings, purpose))).encrypt(text.encode()).decode()


def decrypted(settings: Settings, text: str, purpose: str = "totp") -> str:
    """What ``encrypted`` was given.

    Raises:
        Unconfigured: it was encrypted with another secret.
    """
    from cryptography.fernet import Fernet, InvalidToken, MultiFernet

    keys = [Fernet(base64.urlsafe_b64encode(key)) for key in _keys(settings, purpose)]
    try:
        return MultiFernet(keys).decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise Unconfigured(
            "MONITOR_SECRET is not the one with which this was encrypted: write the one of before into "
            "MONITOR_FORMER_SECRETS, and run python -m dashboard account rotate"
        ) from error


def _secret(settings: Settings) -> str:
    return settings.secret.get_secret_value() if settings.secret else ""


def _key(settings: Settings, purpose: str) -> bytes:
    """A key of its own for each purpose."""
    return _keys(settings, purpose)[0]


def _keys(settings: Settings, purpose: str) -> list[bytes]:
    """The key of a purpose, then those of the secrets of before."""
    secrets_ = [_secret(settings), *(one.get_secret_value() for one in settings.former_secrets)]
    return [hmac.new(one.encode(), purpose.encode(), hashlib.sha256).digest() for one in secrets_ if one]
