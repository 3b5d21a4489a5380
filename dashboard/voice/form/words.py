"""The words of the public form and of its poster, in the languages people of the centres read."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from dashboard.voice.wordlists import languages_of

TEXTS = Path(__file__).with_name("texts")

OTHER = "other"
"""The service of who finds theirs not in the list."""


@lru_cache
def texts(language: str) -> Mapping[str, str]:
    """The words of the form in a language.

    Raises:
        KeyError: nobody has written them.
    """
    if language not in languages():
        raise KeyError(language)
    return tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))


@lru_cache
def languages() -> tuple[str, ...]:
    """Languages the form has words in."""
    return tuple(sorted(path.stem for path in TEXTS.glob("*.toml")))


def languages_for(country: str) -> tuple[str, ...]:
    """Languages the form offers in a country: those people there write in, and English."""
    found = [code for code in languages_of(country) if code in languages()]
    return tuple(dict.fromkeys((*found, "en")))
