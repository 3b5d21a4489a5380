"""First step: words that speak of a kind or a theme, by language. What lists find is an offer, shown as such.

``wordlist(language) -> Wordlist | None``; ``languages_of(country)``; ``listed(text, languages) -> Listed``.
The files and what they hold: ``lists/README.md``.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dashboard.contributions.voice.model import INTEGRITY

FOLDER = Path(__file__).with_name("lists")
_ARABIC_JOINED = r"(?:[وفبلك]{0,2}(?:ال|لل)?)?"
"""And, so, with, to and the article are written onto an Arabic word."""

_BETWEEN = r"\w*[^\w.!?؟\n]+(?:\w+[^\w.!?؟\n]+){0,4}?"
"""From the beginning of a word over at most four words to the next that counts, within a sentence."""

_SENTENCE = re.compile(r"[.!?؟;؛\n]+")

_LETTERS = str.maketrans("əıæøłđʻʼ‘’`ىةٱ", "eiaold'''''يها")
"""What is no accent but typed either way; alef with hamza loses it as an accent."""


@dataclass(frozen=True)
class Wordlist:
    """Lists of one language: patterns over folded text, and what redaction needs as it stands in the file."""

    language: str
    names: dict[str, tuple[str, ...]]
    addresses: dict[str, tuple[str, ...]]
    kinds: dict[str, re.Pattern[str]]
    themes: dict[str, re.Pattern[str]]
    hints: dict[str, re.Pattern[str]]

    def hints_at_bribe(self, sentence: str) -> bool:
        """Whether a sentence tells of money, somebody, and asking or giving, and of nothing that is paid rightly."""
        return (
            bool(self.hints)
            and all(self.hints[part].search(sentence) for part in ("money", "people", "asks"))
            and not self.hints["official"].search(sentence)
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """What lists say: ``kind`` and ``theme`` where one stands out ("" where none does), all themes with their hits."""

    kind: str
    theme: str
    hits: dict[str, int]

    @property
    def integrity(self) -> bool:
        """Whether any integrity word was used: then a person reads it, whatever else is said."""
        return INTEGRITY in self.hits


def fold(text: str) -> str:
    """Text as lists compare it: small letters without accents, dots and vowel signs, one form of each apostrophe."""
    plain = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c) and c != "ـ")
    return bare.translate(_LETTERS)


@lru_cache
def wordlist(language: str) -> Wordlist | None:
    """Return the lists of a language, or None where nobody has written any."""
    path = FOLDER / f"{language}.toml"
    if not re.fullmatch(r"[a-z]{2,3}", language) or not path.is_file():
        return None
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return Wordlist(
        language,
        {name: tuple(words) for name, words in read["names"].items()},
        {name: tuple(words) for name, words in read["addresses"].items()},
        {kind: _pattern(words, language) for kind, words in read["kinds"].items()},
        {theme: _pattern(words, language) for theme, words in read["themes"].items()},
        {part: _pattern(words, language) for part, words in read.get("hints", {}).items()},
    )


@lru_cache
def listed_languages() -> tuple[str, ...]:
    """Return languages that have lists."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "languages"))


@lru_cache
def _countries() -> dict[str, tuple[str, ...]]:
    read = tomllib.loads((FOLDER / "languages.toml").read_text(encoding="utf-8"))
    return {country: tuple(languages) for country, languages in read.items()}


def languages_of(country: str) -> tuple[str, ...]:
    """Return languages people of a country (ISO3) may write in; English alone where the country is not in the file."""
    return _countries().get(country, ("en",))


def languages_read(code: str, country: str) -> tuple[str, ...]:
    """Return languages whose lists are looked at: the one of the text where it has lists, and all of the country's."""
    return tuple(dict.fromkeys((*((code,) if wordlist(code) else ()), *languages_of(country))))


def listed(text: str, languages: Iterable[str]) -> Listed:
    """Return what the lists of some languages find in a text (the language of the text, or all of the country's)."""
    folded = fold(text)
    hits: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for language in languages:
        words = wordlist(language)
        if words is None:
            continue
        for theme, pattern in words.themes.items():
            if found := len(pattern.findall(folded)):
                hits[theme] = max(hits[theme], found)
        if any(words.hints_at_bribe(sentence) for sentence in _SENTENCE.split(folded)):
            hits[INTEGRITY] = max(hits[INTEGRITY], 1)
        for kind, pattern in words.kinds.items():
            if found := len(pattern.findall(folded)):
                kinds[kind] = max(kinds[kind], found)
    if text.rstrip().endswith(("?", "؟")):
        kinds["question"] += 1
    ordinary = Counter({theme: count for theme, count in hits.items() if theme != INTEGRITY})
    theme = INTEGRITY if INTEGRITY in hits else _leading(ordinary)
    return Listed(_leading(kinds), theme, dict(hits))


def _leading(counts: "Counter[str]") -> str:
    """Return the one with most hits; "" where none or several have."""
    first = counts.most_common(2)
    if not first or (len(first) > 1 and first[0][1] == first[1][1]):
        return ""
    return first[0][0]


def _pattern(words: Iterable[str], language: str) -> re.Pattern[str]:
    joined = _ARABIC_JOINED if language == "ar" else ""
    parts = [_read_entry(fold(word), joined) for word in sorted(words, key=len, reverse=True)]
    return re.compile(rf"(?<!\w){joined}(?:{'|'.join(parts)})")


def _read_entry(entry: str, joined: str) -> str:
    """An entry as a pattern: ``$`` ends a word, a blank is any space, ``..`` up to four words of the sentence."""
    pieces = []
    for piece in entry.split(" .. "):
        words = [re.escape(word.removesuffix("$")) for word in piece.split()]
        pieces.append(r"\s+".join(words) + (r"(?!\w)" if piece.endswith("$") else ""))
    return (_BETWEEN + joined).join(pieces)
