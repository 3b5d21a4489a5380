"""What a person knows and has: passwords by argon2 with the library's defaults, one-time codes by RFC 6238.

Every check of a password costs one argon2 operation, whether the account is known, has a password, or not.
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

SHORTEST, LONGEST = 12, 200
LEAST_SCORE = 3
"""Of zxcvbn's 0 … 4: fewer than 10^8 guesses, by lists of common passwords, words, dates and keys side by side."""

STEP = 30  # seconds a one-time code stands for; the one before and the one after are taken too
_ISSUER = "ASAN SDG Monitor"
_AT_ONCE = threading.BoundedSemaphore(2)  # each argon2 operation takes 64 MiB


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _hasher().hash(password)


def matches(encoded: str, password: str) -> bool:
    """Whether a password is the one that was hashed.

    ``encoded`` is "" where there is no account or no password: then the same work is done on a hash of nobody.
    """
    from argon2.exceptions import VerificationError

    nobody = _nobody()
    with _AT_ONCE:
        try:
            return _hasher().verify(encoded or nobody, password[: LONGEST + 1]) and bool(encoded)
        except VerificationError:
            return False


def outdated(encoded: str) -> bool:
    """Whether a hash was made with weaker values than the library's defaults of today."""
    return _hasher().check_needs_rehash(encoded)


def demand(password: str, *about: str) -> None:
    """Refuse a password that is short, long, or easily guessed; ``about`` are words of the person, such as the e-mail.

    Raises:
        Impossible: it cannot be taken; the message says why.
    """
    if len(password) < SHORTEST:
        raise Impossible(f"A password needs at least {SHORTEST} characters", "password_short", least=str(SHORTEST))
    if len(password) > LONGEST:
        raise Impossible(f"A password has at most {LONGEST} characters", "password_long", most=str(LONGEST))
    from zxcvbn import zxcvbn

    words = [part for word in about for part in (word, *word.replace("@", ".").split("."))]
    if zxcvbn(password[:72], user_inputs=[word for word in words if len(word) > 2])["score"] < LEAST_SCORE:
        raise Impossible(
            "This password is easily guessed: take several words that do not belong together", "password_common"
        )


def new_code_secret() -> str:
    """A secret to share with an authenticator app."""
    import pyotp

    return pyotp.random_base32()


def code_picture(secret: str, email: str) -> str:
    """The secret for authenticator apps as a picture to photograph: a data address, so that it is stored nowhere."""
    import pyotp
    import segno

    uri = pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=email, issuer_name=_ISSUER)
    return str(segno.make(uri, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, None for none; who asks must see to it that no step is taken twice."""
    import pyotp

    given = tokens.digits(code)
    made, current = pyotp.TOTP(secret, interval=STEP), int(now.timestamp()) // STEP
    matched = None
    for step in (current - 1, current, current + 1):
        if hmac.compare_digest(made.generate_otp(step).encode(), given.encode()):
            matched = step
    return matched


@lru_cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@lru_cache
def _nobody() -> str:
    return _hasher().hash(tokens.new())
