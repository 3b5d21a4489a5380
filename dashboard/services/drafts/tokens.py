"""A sentence as words, numbers and signs, each with its place; and the lists of words that say what a number is."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from dashboard.services.base.spelling import fold_spelling

_GROUPED = r"\d{1,3}(?:[ \u00a0\u202f\u2009'’]\d{3})+(?!\d)(?:[.,]\d+)?"
_TOKEN = re.compile(
    rf"(?P<number>(?:(?<![\w)\]])[−–-])?(?:(?<!\d){_GROUPED}|\d+(?:[.,]\d+)*))|(?P<word>[^\W\d_]+)|(?P<sign>[^\s\w]|_)"
)
_SENTENCE = re.compile(r"(?<=[.!?…])[»”\"')\]]*\s+(?=[«“\"'(\[]?[^\W\d_a-zа-яё]|[«“\"'(\[]?\d)")
_SHORTENED = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|cf|approx|ca|art|no|fig|p|pp|ст|табл|рис|стр|г|гг|тыс|млн|млрд|см|ср|п|env|éd|ed|St|Mr|Dr|U\.S|U\.N)\.)$",
    re.IGNORECASE,
)


LONGEST = 2_000
"""Characters of a sentence that are read as one."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign; ``word`` is a word in plain spelling."""

    kind: Literal["word", "number", "sign"]
    text: str
    word: str
    start: int
    end: int


def split_tokens(text: str) -> list[Token]:
    """The tokens of a text in their order."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        word = fold_spelling(match[0]) if kind == "word" else match[0]
        found.append(Token(kind, match[0], word, match.start(), match.end()))  # type: ignore[arg-type]
    return found


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph; a point behind a shortened word ends none, and none is longer than ``LONGEST``."""
    parts: list[str] = []
    start = 0
    for match in _SENTENCE.finditer(text):
        before = text[start : match.start()]
        if _SHORTENED.search(before):
            continue
        parts.append(text[start : match.end()].strip())
        start = match.end()
    parts.append(text[start:].strip())
    return [part[at : at + LONGEST] for part in parts for at in range(0, len(part), LONGEST)]


class WordList:
    """Words and phrases in plain spelling; ``рост*`` stands for every word that begins so."""

    def __init__(self, phrases: Sequence[str]) -> None:
        split = [tuple(fold_spelling(part) for part in phrase.split()) for phrase in phrases]
        self._exact = {words for words in split if not any("*" in word for word in words)}
        self._open = [words for words in split if any("*" in word for word in words)]
        self.longest = max((len(words) for words in split), default=0)

    def has(self, words: Sequence[str]) -> bool:
        """Whether exactly these words are a phrase of the list."""
        given = tuple(words)
        return given in self._exact or any(_fits(given, phrase) for phrase in self._open)

    def ends(self, words: Sequence[str]) -> int:
        """How many of the last words are a phrase of the list; 0 where they end in none."""
        return next((n for n in range(min(self.longest, len(words)), 0, -1) if self.has(words[-n:])), 0)

    def begins(self, words: Sequence[str]) -> int:
        """The same of the first words."""
        return next((n for n in range(min(self.longest, len(words)), 0, -1) if self.has(words[:n])), 0)

    def find(self, words: Sequence[str]) -> bool:
        """Whether a phrase of the list is anywhere among the words."""
        return any(self.begins(words[at : at + self.longest]) for at in range(len(words)))


def _fits(given: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    return len(given) == len(phrase) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for word, part in zip(given, phrase, strict=True)
    )


@lru_cache(1)
def load_words() -> Mapping[str, WordList]:
    """The lists of ``words.toml`` by ``group.name``."""
    read = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {f"{group}.{name}": WordList(phrases) for group, lists in read.items() for name, phrases in lists.items()}
    )
