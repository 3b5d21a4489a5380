"""Generate random secrets, hash them for the database, and sign values with the installation's own secret."""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from typing import Any

from dashboard.accounts.model import AccessRefused, Unconfigured
from dashboard.settings import Settings

PREFIX = "monitor_"
"""The start of every personal token, so that scanners of code and logs can find leaked tokens."""

MIN_SECRET_CHARS = 32


def generate_secret() -> str:
    """Return 256 random bits as text that is safe in cookies and URLs."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """Return the hash that the database stores; a plain hash is enough for a random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def extract_digits(text: str) -> str:
    """Return the digits of a text as 0 to 9, whatever their script, without spaces."""
    return "".join(str(unicodedata.digit(sign)) for sign in text[:64] if unicodedata.digit(sign, None) is not None)


def require_configuration(settings: Settings) -> None:
    """Require a public address and a strong secret before accounts can be used.

    Raises:
        Unconfigured: a setting is missing or too weak; the message holds the lines to write.
    """
    lines = [] if settings.accounts.enabled else ["MONITOR_ACCOUNTS__ENABLED=true"]
    if not settings.public_url:
        lines.append("MONITOR_PUBLIC_URL=https://monitor.example.org")
    if any(len(former.get_secret_value()) < MIN_SECRET_CHARS for former in settings.former_secrets):
        raise Unconfigured(f"MONITOR_FORMER_SECRETS: each has at least {MIN_SECRET_CHARS} characters, as a secret has")
    if len(_read_secret(settings)) < MIN_SECRET_CHARS:
        lines.append(f"MONITOR_SECRET={secrets.token_urlsafe(48)}")
    if lines:
        raise Unconfigured(
            "Accounts need to be enabled, the address people use (https, or http on localhost) "
            f"and a secret of at least {MIN_SECRET_CHARS} characters. Write to .env:\n" + "\n".join(lines)
        )


def make_form_token(settings: Settings, cookie: str) -> str:
    """Return the token that ties a form to the browser's cookie, against forged requests."""
    return hmac.new(_derive_key(settings, "form"), cookie.encode(), hashlib.sha256).hexdigest()


def is_form_token(settings: Settings, cookie: str, token: str) -> bool:
    """Return True if the token was made for this cookie."""
    expected = [hmac.new(key, cookie.encode(), hashlib.sha256).hexdigest() for key in _derive_keys(settings, "form")]
    return bool(cookie) and any(hmac.compare_digest(candidate.encode(), token.encode()) for candidate in expected)


def seal(settings: Settings, purpose: str, value: Any) -> str:
    """Sign a value that the browser keeps and returns but cannot change."""
    from itsdangerous import URLSafeTimedSerializer

    return URLSafeTimedSerializer(_derive_key(settings, purpose), salt=purpose).dumps(value)


def unseal(settings: Settings, purpose: str, text: str, seconds: int) -> Any:
    """Return a sealed value that is not older than ``seconds``.

    Raises:
        AccessRefused: the seal is not ours, has another purpose, or is too old.
    """
    from itsdangerous import BadData, URLSafeTimedSerializer

    keys = _derive_keys(settings, purpose)[::-1]  # of a list the library signs with the last and reads with all
    try:
        return URLSafeTimedSerializer(keys, salt=purpose).loads(text, max_age=seconds)
    except BadData as error:
        raise AccessRefused("This login was not begun here, or too long ago: begin again", "login_stale") from error


def compute_mark(settings: Settings, purpose: str, text: str = "") -> str:
    """Return a keyed hash by which a text can be found again without being readable."""
    return hmac.new(_derive_key(settings, purpose), text.encode(), hashlib.sha256).hexdigest()


def encrypt(settings: Settings, text: str, purpose: str = "totp") -> str:
    """Encrypt a secret that must be read again, so that a copy of the database does not reveal it."""
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(_derive_key(settings, purpose))).encrypt(text.encode()).decode()


def decrypt(settings: Settings, text: str, purpose: str = "totp") -> str:
    """Decrypt what ``encrypt`` returned.

    Raises:
        Unconfigured: it was encrypted with another secret.
    """
    from cryptography.fernet import Fernet, InvalidToken, MultiFernet

    keys = [Fernet(base64.urlsafe_b64encode(key)) for key in _derive_keys(settings, purpose)]
    try:
        return MultiFernet(keys).decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise Unconfigured(
            "MONITOR_SECRET is not the one with which this was encrypted: write the one of before into "
            "MONITOR_FORMER_SECRETS, and run python -m dashboard account rotate"
        ) from error


def _read_secret(settings: Settings) -> str:
    return settings.secret.get_secret_value() if settings.secret else ""


def _derive_key(settings: Settings, purpose: str) -> bytes:
    """Return the key of a purpose."""
    return _derive_keys(settings, purpose)[0]


def _derive_keys(settings: Settings, purpose: str) -> list[bytes]:
    """Return the key of a purpose, followed by those of former secrets."""
    values = [_read_secret(settings), *(value.get_secret_value() for value in settings.former_secrets)]
    return [hmac.new(value.encode(), purpose.encode(), hashlib.sha256).digest() for value in values if value]
