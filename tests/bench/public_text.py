"""The classifier of opinions on public text: official titles of targets and indicators, whose goal is the theme.

Short sentences of seven subjects in the languages of adopters, as in SIB-200, and not written by us. Each language is
learnt alone, for a translation of a sentence would tell its subject; every sentence is held out once, and threshold and
abstention come from the rest.
``python -m tests.bench public_text`` measures this alone.
"""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import product

from dashboard.codebook import load_codebook
from dashboard.voice.classifier import Label, train
from dashboard.voice.model import INTEGRITY, THEMES
from tests.bench.measure import Figure

GOALS = range(1, 8)
"""Poverty, hunger, health, education, gender, water, energy: as many subjects as SIB-200 has."""

FOLDS = 5
WRONG = 0.10
"""Most of what it answers that may be wrong."""

LANGUAGES = ("en", "fr", "ar", "ru", "ro", "tr", "ky")

_THEME = dict(zip(GOALS, (theme for theme in THEMES if theme != INTEGRITY), strict=False))
"""Goal → the name it goes by: the classifier knows only those of opinions."""


def figures() -> Iterator[Figure]:
    """Share of wrong answers, and of texts that are answered, in each language and in all."""
    texts = list(_texts())
    asked, answered, wrong = Counter[str](), Counter[str](), Counter[str]()
    codes = sorted({code for code, _ in texts}, key=lambda code: sha256(code.encode()).digest())
    for fold, language in product(range(FOLDS), LANGUAGES):
        held = set(codes[fold::FOLDS])
        own = [(code, label) for code, label in texts if label.language == language]
        model = train(label for code, label in own if code not in held)
        unseen = [label for code, label in own if code in held]
        given = model.answers([one.text for one in unseen], [one.language for one in unseen])
        for label, answer in zip(unseen, given, strict=True):
            for name in (label.language, "all"):
                asked[name] += 1
                answered[name] += answer.answered
                wrong[name] += answer.answered and answer.theme != label.theme
    for name in ("all", *LANGUAGES):
        share = answered[name] / asked[name]
        promise = WRONG if name == "all" else None
        yield Figure(f"wrong among answers on public text, {name}", wrong[name] / max(answered[name], 1), "", promise)
        yield Figure(f"answered of {asked[name]} public texts, {name}", share, "")


def _texts() -> Iterator[tuple[str, Label]]:
    """Each official title with the code of what it names."""
    book = load_codebook()
    for one in (*book.targets.values(), *book.sdg_indicators.values()):
        for language in LANGUAGES:
            if one.goal in GOALS and language in one.title:
                yield one.code, Label(one.title[language], language, _THEME[one.goal])
