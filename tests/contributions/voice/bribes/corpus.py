"""Hints at bribes, gifts, favours and pressure as people write them, beside ordinary texts with near words.

``tuned`` was looked at while the lists were made, ``held`` was written after them. ``fresh`` was written before
sentence vectors were tried, and measured once; then it became an example like ``further``. ``last`` was written when
the examples were closed; the shares of false alarms below were doubled once after it was measured. ``held`` and
``last`` are only measured. All by one hand.
"""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dashboard.contributions.voice.classifier import fit_regression
from dashboard.contributions.voice.hints import find_hints
from dashboard.contributions.voice.vectors import Floats, load_vectors
from dashboard.contributions.voice.wordlists import languages_of, listed
from tests.contributions.voice.redaction.corpus import PLACES, read_texts

EXAMPLES, APART = ("tuned", "fresh", "further"), ("held", "last")
PARTS = (*EXAMPLES, *APART)
LANGUAGES = tuple(PLACES)
FOLDS = 8
FALSE, FALSE_ELSEWHERE = 0.05, 0.02
"""Most of the visits with near words, and of texts about other things, that may be taken for a hint where the threshold
is chosen: by examples, each held out with those that tell the same in other languages."""

_FOLDER = Path(__file__).parent
_TEXTS = tomllib.loads((_FOLDER / "texts.toml").read_text(encoding="utf-8"))
_OTHERS = {
    part: tomllib.loads((_FOLDER / f"{part}.toml").read_text(encoding="utf-8")) for part in ("fresh", "further", "last")
}


def read_hints(part: str, language: str, kind: str) -> list[str]:
    """Texts of one part and language: ``hints`` or ``plain``."""
    return list((_OTHERS[part][language] if part in _OTHERS else _TEXTS[language][part])[kind])


def read_ordinary(half: str) -> list[tuple[str, str]]:
    """Language and text of what people say of other things: the corpus of redaction."""
    return [(language, one.text) for language in LANGUAGES for one in read_texts(half, language)]


def find_by_lists(texts: Sequence[tuple[str, str]]) -> list[bool]:
    """Which texts, given with their language, word lists take for a hint."""
    return [listed(text, languages_of(PLACES[language])).integrity for language, text in texts]


def find_by_vectors(texts: Sequence[tuple[str, str]]) -> list[bool]:
    """Which texts, given with their language, sentence vectors take for a hint."""
    return find_hints(load_vectors().embed([text for _, text in texts]))


@dataclass(frozen=True, slots=True)
class FittedHints:
    """What ``hints.toml`` holds: a text hints where its vector times ``weights`` is ``least`` or more."""

    weights: Floats
    least: float
    found: float  # share of the examples, each held out

    def write(self) -> str:
        """The file."""
        rows = [", ".join(f"{one:.3f}" for one in self.weights[at : at + 12]) for at in range(0, len(self.weights), 12)]
        body = "".join(f"  {row},\n" for row in rows)
        head = "# Written by `python -m tests.contributions.voice.bribes --fit` from the examples beside it.\n"
        return f"{head}least = {self.least:.3f}\nweights = [\n{body}]\n"


def fit() -> FittedHints:
    """A logistic regression of hints on the sentence vectors of the examples, and the threshold that they give."""
    texts, stories, kinds = [], [], []
    for part in EXAMPLES:
        for language in LANGUAGES:
            # English further examples are told in no other language
            apart = language if part == "further" and language == "en" else ""
            for kind in ("hints", "plain"):
                for at, text in enumerate(read_hints(part, language, kind)):
                    texts.append(text)
                    stories.append(f"{part} {apart} {kind} {at}")
                    kinds.append(kind)
    ordinary = [text for _, text in read_ordinary("tuned")]
    texts, kinds = texts + ordinary, kinds + ["ordinary"] * len(ordinary)
    stories += [f"ordinary {at}" for at in range(len(ordinary))]
    rows, hint = load_vectors().embed(texts), np.array([kind == "hints" for kind in kinds])
    order = {story: at for at, story in enumerate(sorted(set(stories), key=_digest))}
    folds = np.array([order[story] % FOLDS for story in stories])
    scores = np.zeros(len(texts))
    for fold in range(FOLDS):
        weights, offset = _direction(rows[folds != fold], hint[folds != fold])
        scores[folds == fold] = rows[folds == fold] @ weights + offset
    of = {kind: scores[np.array(kinds) == kind] for kind in ("hints", "plain", "ordinary")}
    least = max(np.quantile(of["plain"], 1 - FALSE), np.quantile(of["ordinary"], 1 - FALSE_ELSEWHERE))
    weights, offset = _direction(rows, hint)
    return FittedHints(weights, float(least - offset), float((of["hints"] >= least).mean()))


def _digest(story: str) -> bytes:
    return hashlib.sha256(story.encode()).digest()


def _direction(rows: Floats, hint: Floats) -> tuple[Floats, float]:
    parts = fit_regression(rows, ["hint" if one else "none" for one in hint])
    place = parts["classes"].index("hint")
    return parts["coef"][place] - parts["coef"][1 - place], parts["intercept"][place] - parts["intercept"][1 - place]
