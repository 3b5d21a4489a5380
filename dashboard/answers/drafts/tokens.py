"""A sentence as words, numbers and signs, each with its place; and the lists of words that say what a number is."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from dashboard.answers.base.spelling import fold_spelling

MAX_SENTENCE_CHARACTERS = 2_000
"""Characters of a sentence that are read as one."""

_GROUPED = r"\d{1,3}(?:[ \u00a0\u202f\u2009'’]\d{3})+(?!\d)(?:[.,]\d+)?"
_TOKEN = re.compile(
    rf"(?P<number>(?:(?<![\w)\]])[−–-])?(?:(?<!\d){_GROUPED}|\d+(?:[.,]\d+)*))|(?P<word>[^\W\d_]+)|(?P<sign>[^\s\w]|_)"
)
_SENTENCE = re.compile(r"(?<=[.!?…])[»”\"')\]]*\s+(?=[«“\"'(\[]?[^\W\d_a-zа-яё]|[«“\"'(\[]?\d)")
_SHORTENED = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|cf|approx|ca|art|no|fig|p|pp|ст|табл|рис|стр|г|гг|тыс|млн|млрд|см|ср|п|env|éd|ed|St|Mr|Dr|U\.S|U\.N)\.)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign; ``word`` is a word in plain spelling."""

    kind: Literal["word", "number", "sign"]
    text: str
    word: str
    start: int
    end: int


def split_tokens(text: str) -> list[Token]:
    """Return the tokens of a text in their order."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        word = fold_spelling(match[0]) if kind == "word" else match[0]
        found.append(Token(kind, match[0], word, match.start(), match.end()))  # type: ignore[arg-type]
    return found


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph, cut at ``MAX_SENTENCE_CHARACTERS``; abbreviations end none."""
    parts: list[str] = []
    start = 0
    for match in _SENTENCE.finditer(text):
        if _SHORTENED.search(text[start : match.start()]):
            continue
        parts.append(text[start : match.end()].strip())
        start = match.end()
    parts.append(text[start:].strip())
    return [
        part[at : at + MAX_SENTENCE_CHARACTERS] for part in parts for at in range(0, len(part), MAX_SENTENCE_CHARACTERS)
    ]


class WordList:
    """Words in plain spelling; ``рост*`` stands for every word that begins so."""

    def __init__(self, words: Sequence[str]) -> None:
        self._exact = frozenset(word for word in words if not word.endswith("*"))
        self._starts = tuple(word[:-1] for word in words if word.endswith("*"))

    def __contains__(self, word: str) -> bool:
        return word in self._exact or word.startswith(self._starts or "\0")


@cache
def load_words() -> Mapping[str, WordList]:
    """Return the lists of ``words.toml`` by name; those of units as ``unit.name``."""
    read = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
    units = {f"unit.{name}": WordList(words) for name, words in read.pop("unit").items()}
    return units | {name: WordList(words) for name, words in read.items()}
