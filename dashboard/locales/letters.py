"""What a language does with its letters: the order of its alphabet, and capitals at the start of a sentence."""

import unicodedata
from functools import lru_cache

_OWN_LETTERS = {"az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyz"}
"""Alphabets in which letters with marks are letters of their own; in all others marks are ignored."""

_TURKIC = {"i": "İ", "ı": "I"}


@lru_cache(maxsize=8192)
def order(text: str, lang: str) -> tuple[tuple[int, str], ...]:
    """Return a key to sort by: the language's own alphabet, else without case and marks.

    French ``Éthiopie`` stands before ``Ouganda``, Arabic ``إثيوبيا`` among the words with alif, and Azerbaijani
    ``Əfqanıstan`` between ``Efiopiya`` and ``Fransa``.
    """
    own = _OWN_LETTERS.get(lang, "")
    if not own:
        return tuple((0, letter) for letter in _bare(text.casefold()))
    small = unicodedata.normalize("NFC", text).replace("İ", "i").replace("I", "ı").lower()
    return tuple(key for letter in small for key in _places(letter, own))


def _places(letter: str, alphabet: str) -> list[tuple[int, str]]:
    """Signs and figures first, then the letters; a foreign one stands behind the letter it is made of (w behind v)."""
    if letter in alphabet:
        return [(alphabet.index(letter) + 1, "")]
    bare = {"w": "v"}.get(letter) or _bare(letter)
    return [(alphabet.index(char) + 1, letter) if char in alphabet else (0, char) for char in bare]


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def capitalise(text: str, lang: str) -> str:
    """Return the text as a sentence starts: its first letter a capital, in Azerbaijani ``i`` as ``İ``."""
    if not text:
        return text
    first = _TURKIC.get(text[0], text[0].upper()) if lang in _OWN_LETTERS else text[0].upper()
    return first + text[1:]
