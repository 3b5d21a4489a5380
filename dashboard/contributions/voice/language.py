"""In which language a text is written: as declared, else told apart among the country's languages, else "unknown"."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dashboard.contributions.voice.model import wordless
from dashboard.contributions.voice.wordlists import fold, languages_of

UNKNOWN = "unknown"
LEAST_LETTERS = 4
"""Shorter texts are nobody's language."""

LEAST_SHARE = 0.7
"""Probability among the country's languages below which a text stays unknown."""

_MARKS = {
    "az": "əƏ",
    "kk": "ӘәҰұҺһ",
    "ky": "",
    "tr": "",
    "ar": "ةىإ",
    "fa": "پچژگ",
    "ur": "ٹڈڑںھےۓ",
    "ps": "ټډړږښڼې",
    "ro": "țșăȚȘĂ",
    "am": "",
}
"""Letters that, among the languages of our countries, one language alone has."""

_TYPED = {
    "az": frozenset((
        "cox", "hec", "ucun", "men", "mene", "menim", "deyil", "yaxsi", "gozledim", "gozleyirem", "komek", "novbe",
        "indi", "hansi",
    )),
    "tr": frozenset((
        "cok", "hic", "icin", "ben", "bana", "benim", "degil", "iyi", "bekledim", "bekliyorum", "yardim", "simdi",
        "hangi",
    )),
}  # fmt: skip
"""Words that tell two near languages apart when they are typed without their own letters."""


@dataclass(frozen=True, slots=True)
class Identified:
    """A language code, or ``unknown``; ``how`` is ``declared``, ``found`` or ``unknown``."""

    code: str
    how: str


def identify(text: str, declared: str, country: str) -> Identified:
    """Return the language of a text.

    Args:
        text: redacted or not; without letters it is unknown.
        declared: what the sender says, believed first; "" where nothing is said.
        country: ISO3; only its languages are thought of.
    """
    if declared:
        return Identified(declared, "declared")
    candidates = languages_of(country)
    letters = sum(c.isalpha() for c in text)
    if wordless(text) or letters < LEAST_LETTERS:
        return Identified(UNKNOWN, UNKNOWN)
    marked = [code for code in candidates if any(mark in text for mark in _MARKS.get(code, ""))]
    if len(marked) == 1:
        return Identified(marked[0], "found")
    words = set(fold(text).split())
    typed = [code for code in candidates if words & _TYPED.get(code, frozenset())]
    if len(typed) == 1:
        return Identified(typed[0], "found")
    code, share = _ranked(text, marked or candidates)
    return Identified(code, "found") if share >= LEAST_SHARE else Identified(UNKNOWN, UNKNOWN)


def _ranked(text: str, candidates: tuple[str, ...] | list[str]) -> tuple[str, float]:
    """Return the likeliest candidate and its probability among them, tempered by length as the model's own norm is."""
    wanted = set(candidates)
    scores = {code: score for code, score in _identifier().rank(text) if code in wanted}
    if not scores:
        return UNKNOWN, 0.0
    best = max(scores, key=lambda code: scores[code])
    temper = math.sqrt(len(text.encode()) or 1)
    total = math.fsum(math.exp((score - scores[best]) / temper) for score in scores.values())
    return best, 1 / total


@lru_cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
