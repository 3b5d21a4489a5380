"""The classifier of opinions on public text: official titles of targets and indicators, whose goal is the theme.

Short sentences of seven subjects in the languages of adopters, as in SIB-200, and not written by us. By sentence
vectors labels of all languages are learnt together; a sentence and its translations are held out together, once. Then
each language is left out altogether, as one that nobody has labelled. By words each language is learnt alone, for a
translation of a sentence would tell its subject.
``python -m tests.bench public_text`` measures this alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from dashboard.contributions.voice.classifier import Label, Model, train
from dashboard.contributions.voice.model import INTEGRITY, THEMES
from dashboard.contributions.voice.vectors import load_vectors
from dashboard.evidence.codebook import load_codebook
from tests.bench.measure import Figure

GOALS = range(1, 8)
"""Poverty, hunger, health, education, gender, water, energy: as many subjects as SIB-200 has."""

FOLDS = 5
WRONG = 0.10
"""Most of what it answers that may be wrong."""

ANSWERED = 0.20
"""Most that it may leave to people."""

LANGUAGES = ("en", "fr", "ar", "ru", "ro", "tr", "ky")

_THEME = dict(zip(GOALS, (theme for theme in THEMES if theme != INTEGRITY), strict=False))
"""Goal → the name it goes by: the classifier knows only those of opinions."""


def figures() -> Iterator[Figure]:
    """Share of wrong answers, and of texts that are answered, in each language and in all."""
    texts = list(_texts())
    codes = sorted({code for code, _ in texts}, key=lambda code: sha256(code.encode()).digest())
    folds = [set(codes[fold::FOLDS]) for fold in range(FOLDS)]
    rows = dict(zip([one.text for _, one in texts], load_vectors().embed([one.text for _, one in texts]), strict=True))

    def embed(wanted: Sequence[str]) -> Any:
        return np.stack([rows[text] for text in wanted])

    together, unseen, words = (Counter[str]() for _ in range(3))
    for held in folds:
        known = [label for code, label in texts if code not in held]
        new = [label for code, label in texts if code in held]
        _ask(train(known, embed), new, together)
        for language in LANGUAGES:
            others = train([label for label in known if label.language != language], embed)
            _ask(others, [label for label in new if label.language == language], unseen)
            alone = train(label for label in known if label.language == language)
            _ask(alone, [label for label in new if label.language == language], words)
    yield from _told(together, "public texts", WRONG, ANSWERED)
    yield from _told(unseen, "public texts in a language without labels", WRONG, ANSWERED)
    yield from _told(words, "public texts, by words", WRONG)


def _ask(model: Model, unseen: Sequence[Label], counted: "Counter[str]") -> None:
    given = model.answers([one.text for one in unseen], [one.language for one in unseen])
    for label, answer in zip(unseen, given, strict=True):
        for name in (label.language, "all"):
            counted[f"asked {name}"] += 1
            counted[f"answered {name}"] += answer.answered
            counted[f"wrong {name}"] += answer.answered and answer.theme != label.theme


def _told(counted: "Counter[str]", what: str, wrong: float, silent: float | None = None) -> Iterator[Figure]:
    for name in ("all", *LANGUAGES):
        asked, answered = counted[f"asked {name}"], counted[f"answered {name}"]
        of_all = name == "all"
        yield Figure(
            f"wrong among answers, {what}, {name}", counted[f"wrong {name}"] / max(answered, 1), "",
            wrong if of_all else None,
        )  # fmt: skip
        yield Figure(f"left to people of {asked} {what}, {name}", 1 - answered / asked, "", silent if of_all else None)


def _texts() -> Iterator[tuple[str, Label]]:
    """Each official title with the code of what it names."""
    book = load_codebook()
    for one in (*book.targets.values(), *book.sdg_indicators.values()):
        for language in LANGUAGES:
            if one.goal in GOALS and language in one.title:
                yield one.code, Label(one.title[language], language, _THEME[one.goal])
