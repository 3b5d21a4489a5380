"""Hash passwords with argon2 and check one-time codes (RFC 6238).

Every password check costs one argon2 operation, whether or not the account exists or has a password.
"""

import hmac
import threading
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from dashboard.accounts import tokens
from dashboard.accounts.model import Impossible

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS = 12, 200
MIN_SCORE = 3
"""The lowest accepted zxcvbn score (0 to 4): 3 means more than 10^8 guesses."""

STEP_S = 30  # seconds a one-time code stands for; the one before and the one after are taken too
_ISSUER = "ASAN SDG Monitor"
_HASHING_SLOTS = threading.BoundedSemaphore(2)  # each argon2 operation takes 64 MiB


def hash_password(password: str) -> str:
    """Return the argon2 hash of a password."""
    with _HASHING_SLOTS:
        return _get_hasher().hash(password)


def verify_password(encoded: str, password: str) -> bool:
    """Return True if the password matches the hash; an empty hash costs the same work and never matches."""
    from argon2.exceptions import VerificationError

    nobody = _make_dummy_hash()
    with _HASHING_SLOTS:
        try:
            return _get_hasher().verify(encoded or nobody, password[: MAX_PASSWORD_CHARS + 1]) and bool(encoded)
        except VerificationError:
            return False


def is_outdated(encoded: str) -> bool:
    """Return True if a hash was made with weaker parameters than today's defaults."""
    return _get_hasher().check_needs_rehash(encoded)


def check_strength(password: str, *about: str) -> None:
    """Refuse a password that is too short, too long or easily guessed.

    Args:
        password: the password chosen.
        about: words about the person, such as the e-mail address, that must not make up the password.

    Raises:
        Impossible: the password is refused; the message says why.
    """
    if len(password) < MIN_PASSWORD_CHARS:
        raise Impossible(
            f"A password needs at least {MIN_PASSWORD_CHARS} characters",
            "password_short",
            least=str(MIN_PASSWORD_CHARS),
        )
    if len(password) > MAX_PASSWORD_CHARS:
        raise Impossible(
            f"A password has at most {MAX_PASSWORD_CHARS} characters", "password_long", most=str(MAX_PASSWORD_CHARS)
        )
    from zxcvbn import zxcvbn

    words = [part for word in about for part in (word, *word.replace("@", ".").split("."))]
    if zxcvbn(password[:72], user_inputs=[word for word in words if len(word) > 2])["score"] < MIN_SCORE:
        raise Impossible(
            "This password is easily guessed: take several words that do not belong together", "password_common"
        )


def generate_code_secret() -> str:
    """Return a new secret to share with an authenticator app."""
    import pyotp

    return pyotp.random_base32()


def draw_code_picture(secret: str, email: str) -> str:
    """Return the QR code of a one-time code secret as a data URL, so that it is stored nowhere."""
    import pyotp
    import segno

    uri = pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=email, issuer_name=_ISSUER)
    return str(segno.make(uri, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))


def find_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step that a code belongs to, or None; the caller must not accept a step twice."""
    import pyotp

    typed = tokens.extract_digits(code)
    totp, current = pyotp.TOTP(secret, interval=STEP_S), int(now.timestamp()) // STEP_S
    found = None
    for step in (current - 1, current, current + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            found = step
    return found


@lru_cache
def _get_hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@lru_cache
def _make_dummy_hash() -> str:
    return _get_hasher().hash(tokens.generate_secret())
