"""Raw words, sealed: what was typed before redaction, for the reviewers of that country, gone after 90 days.

AES-GCM with a nonce of its own for every record (NIST SP 800-38D); the record's id and country are authenticated with
it, so that a sealed text cannot be moved to another record. Keys come from the settings, newest first; older ones still
open what they sealed until ``store.rotate`` has sealed it anew. A key's name only says where to look first: every key
of the ring is tried, so that a renamed key still opens what it sealed.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dashboard.contributions.voice.model import VoiceError
from dashboard.settings import Settings

RETENTION = timedelta(days=90)
"""How long raw words are kept after they came."""

KEY_BYTES = 32
_NONCE_BYTES = 12


class NoKey(VoiceError):
    """No key is set, or the one that sealed a text is no longer set; the message says which setting to look at."""


class Unreadable(VoiceError):
    """A sealed text was changed, or belongs to another record."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed text: which key, the nonce, the bytes."""

    key: str
    nonce: bytes
    data: bytes


class Keyring:
    """Keys by name, the first seals. Its representation never shows a key.

    Args:
        keys: ``name:base64`` each, newest first; 32 bytes of key.

    Raises:
        NoKey: no key, one that is no key, or two of one name.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys: dict[str, bytes] = {}
        for place, one in enumerate(keys, start=1):
            name, _, coded = one.strip().partition(":")
            try:
                key = base64.b64decode(coded, validate=True)
            except binascii.Error:
                key = b""
            if not name or len(key) != KEY_BYTES:
                raise NoKey(
                    f"MONITOR_VOICE__KEYS: key {place} is not name:base64 of {KEY_BYTES} bytes. "
                    "Make one with: python -m dashboard voice key"
                )
            if name in self._keys:
                raise NoKey(
                    f"MONITOR_VOICE__KEYS: key {place} is named {name} like one before it. Take it out if it is "
                    "the same key; else give each a name of its own: both go on opening what they sealed."
                )
            self._keys[name] = key
        if not self._keys:
            raise NoKey(
                "MONITOR_VOICE__KEYS is empty, so no words can be kept. Make one with: python -m dashboard voice key"
            )

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self._keys)})"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the keys, the one that seals first."""
        return tuple(self._keys)

    @property
    def current(self) -> str:
        """Name of the key that seals."""
        return next(iter(self._keys))

    def seal(self, text: str, record: str, country: str) -> Sealed:
        """Seal the words of one record."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(_NONCE_BYTES)
        data = AESGCM(self._keys[self.current]).encrypt(nonce, text.encode(), _bound(record, country))
        return Sealed(self.current, nonce, data)

    def open(self, sealed: Sealed, record: str, country: str) -> str:
        """Return the words again; errors as of ``find_key``."""
        return self.find_key(sealed, record, country)[1]

    def find_key(self, sealed: Sealed, record: str, country: str) -> tuple[str, str]:
        """Return the name of the key that opens the words, and the words.

        Raises:
            NoKey: the key that sealed them is not set.
            Unreadable: they were changed or moved.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        for name in sorted(self._keys, key=lambda name: name != sealed.key):
            try:
                words = AESGCM(self._keys[name]).decrypt(sealed.nonce, sealed.data, _bound(record, country))
            except InvalidTag:
                continue
            return name, words.decode()
        if sealed.key in self._keys:
            raise Unreadable(f"The sealed words of {record} were changed, or belong to another record.")
        raise NoKey(
            f"The words of {record} were sealed with key {sealed.key}: add it to MONITOR_VOICE__KEYS, after the newest."
        )


def new_key(name: str = "") -> str:
    """Return a new key as the setting takes it, named by day and chance where no name is given."""
    name = name or f"{datetime.now(UTC):%Y-%m-%d}-{os.urandom(4).hex()}"
    return f"{name}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


def _bound(record: str, country: str) -> bytes:
    return f"{record}\x1f{country}".encode()


def keyring(settings: Settings) -> Keyring:
    """Return the keys of the settings.

    Raises:
        NoKey: none are set, or one is no key.
    """
    return Keyring([key.get_secret_value() for key in settings.voice.keys])
