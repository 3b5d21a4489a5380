"""Hints at bribes, gifts, favours and pressure as people write them, beside ordinary texts with near words.

``tuned`` was looked at while the lists were made; ``held`` was written after them and only measured; both by one hand.
"""

import tomllib
from pathlib import Path

from dashboard.voice.wordlists import languages_of, listed
from tests.voice.redaction.corpus import PLACES

HALVES = ("tuned", "held")
LANGUAGES = tuple(PLACES)
_TEXTS = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


def measure(language: str, half: str) -> tuple[list[str], list[str], int, int]:
    """Hints that were missed, ordinary texts wrongly taken, and how many there are of each."""
    texts = _TEXTS[language][half]
    read = languages_of(PLACES[language])
    missed = [text for text in texts["hints"] if not listed(text, read).integrity]
    wrong = [text for text in texts["plain"] if listed(text, read).integrity]
    return missed, wrong, len(texts["hints"]), len(texts["plain"])
