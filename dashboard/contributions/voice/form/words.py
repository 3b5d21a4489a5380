"""The words of the public form and of its poster, in the languages people of the centres read."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from dashboard.contributions.voice.wordlists import languages_of

TEXTS = Path(__file__).with_name("texts")

_READ_BY = {"sr": "cnr", "bs": "cnr", "hr": "cnr", "sh": "cnr", "prs": "fa"}
"""Who writes these reads the other."""

OTHER = "other"
"""The service of who finds theirs not in the list."""


@lru_cache
def texts(language: str) -> Mapping[str, str]:
    """Return the words of the form in a language.

    Raises:
        KeyError: nobody has written them.
    """
    if language not in languages():
        raise KeyError(language)
    return tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))


@lru_cache
def languages() -> tuple[str, ...]:
    """Return languages the form has words in."""
    return tuple(sorted(path.stem for path in TEXTS.glob("*.toml")))


def languages_for(country: str) -> tuple[str, ...]:
    """Languages the form offers in a country: those people there write in, the first one by itself, and English."""
    found = [find_language(code) for code in languages_of(country)]
    return tuple(dict.fromkeys((*filter(None, found), "en")))


def find_language(tag: str) -> str:
    """Return the language of the form that a tag such as ``sr-Latn-ME`` asks for; "" where nobody has written it."""
    code = tag.partition("-")[0].strip().lower()
    code = _READ_BY.get(code, code)
    return code if code in languages() else ""


def choose_language(asked: str, accepted: str, country: str) -> str:
    """Return the language of a page: what a link asks for, else what the browser likes best, else the country's first.

    Args:
        asked: of the address; "" for none.
        accepted: ``Accept-Language`` as the browser sends it. A language the form has is spoken, whatever the country.
        country: ISO3.
    """
    liked = [one.partition(";")[::2] for one in accepted.split(",")]
    ranked = sorted(liked, key=lambda one: -_read_weight(one[1]))
    wanted = (asked, *(tag for tag, weight in ranked if _read_weight(weight) > 0))
    return next(filter(None, map(find_language, wanted)), languages_for(country)[0])


def _read_weight(weight: str) -> float:
    try:
        return float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
    except ValueError:
        return 0.0
