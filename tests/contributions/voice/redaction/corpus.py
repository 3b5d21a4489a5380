"""The corpus by which redaction is measured: 1,528 hard texts in six languages, and what is left and lost of them.

``tuned/`` was looked at while the rules were written. ``third/`` and then ``fourth/`` were written afterwards and
measured once (10.1 and 8.3 % of secrets leaked), then looked at as well. ``held/``, written before the rules, and
``fifth/``, written when they were closed, are only measured. All by one hand. A line is a text; ``{name:…}``,
``{address:…}``, ``{number:…}``, ``{plate:…}``, ``{email:…}``, ``{link:…}`` and ``{birth:…}`` mark what must not stay.
People, addresses and numbers are invented for this corpus; whoever bears such a name is not meant.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.contributions.voice.model import clean
from dashboard.contributions.voice.redaction.redact import MARK, redact
from dashboard.contributions.voice.wordlists import languages_of

FOLDER = Path(__file__).parent
SEEN, APART = ("tuned", "third", "fourth"), ("held", "fifth")
PARTS = (*SEEN, *APART)
PLACES = {"en": "UGA", "fr": "SEN", "ar": "MAR", "az": "AZE", "ru": "KAZ", "tr": "TUR"}
"""In which country a language's texts are read."""

_MARKED = re.compile(r"\{(name|address|number|plate|email|link|birth):([^{}]+)\}")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text of the corpus, cleaned; ``secrets`` are kind and place of what must not stay."""

    language: str
    text: str
    secrets: tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class Outcome:
    """What redaction does to texts: how much there was, which secrets leak, which harmless words go."""

    texts: int = 0
    secrets: int = 0
    words: int = 0
    leaked: list[tuple[str, str, str]] = field(default_factory=list)  # kind, secret, what is shown
    lost: list[tuple[str, str]] = field(default_factory=list)  # word, what is shown

    @property
    def leak(self) -> float:
        """Secrets of which something can be read, in percent."""
        return 100 * len(self.leaked) / self.secrets if self.secrets else 0.0

    @property
    def loss(self) -> float:
        """Harmless words taken out, in percent."""
        return 100 * len(self.lost) / self.words if self.words else 0.0

    def add(self, other: "Outcome") -> "Outcome":
        """Both together."""
        return Outcome(
            self.texts + other.texts,
            self.secrets + other.secrets,
            self.words + other.words,
            self.leaked + other.leaked,
            self.lost + other.lost,
        )


def read_texts(part: str, language: str) -> list[MarkedText]:
    """The texts of one part and language."""
    lines = (FOLDER / part / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [parse_line(language, line) for line in lines if line.strip()]


def parse_line(language: str, line: str) -> MarkedText:
    """A line without its marks, and where they were."""
    line = clean(line)
    parts: list[str] = []
    secrets, at, length = [], 0, 0
    for found in _MARKED.finditer(line):
        before, secret = line[at : found.start()], found.group(2)
        parts += [before, secret]
        length += len(before)
        secrets.append((found.group(1), length, length + len(secret)))
        length += len(secret)
        at = found.end()
    return MarkedText(language, "".join([*parts, line[at:]]), tuple(secrets))


def measure_parts(parts: Iterable[str], languages: Iterable[str] = PLACES) -> Outcome:
    """What redaction does to all texts of some parts and languages."""
    found = Outcome()
    for language in languages:
        for part in parts:
            found = found.add(measure(read_texts(part, language)))
    return found


def find_taken(text: str, shown: str) -> Iterator[tuple[int, int]]:
    """Where a text was taken out, told from what is shown of it."""
    kept = MARK.split(shown)
    found = re.fullmatch("(.+?)".join(re.escape(one) for one in kept), text, re.DOTALL)
    if found is None:
        raise AssertionError(f"what is shown is no part of the text: {shown}")
    for place in range(1, len(kept)):
        yield found.span(place)


def measure(texts: list[MarkedText]) -> Outcome:
    """Redact texts and see what is left of secrets and lost of harmless words.

    A secret leaks where one word of it of three letters or more, or one digit, can be read.
    """
    done = Outcome(texts=len(texts))
    for one in texts:
        country = PLACES[one.language]
        shown = redact(one.text, country, languages_of(country)).text
        taken = set[int]()
        for start, end in find_taken(one.text, shown):
            taken.update(range(start, end))
        for kind, start, end in one.secrets:
            done.secrets += 1
            words = [found for found in _WORD.finditer(one.text, start, end) if _tells(found.group())]
            if any(not taken.issuperset(range(*found.span())) for found in words):
                done.leaked.append((kind, one.text[start:end], shown))
        for found in _WORD.finditer(one.text):
            if any(found.start() < end and start < found.end() for _, start, end in one.secrets):
                continue
            done.words += 1
            if not taken.isdisjoint(range(*found.span())):
                done.lost.append((found.group(), shown))
    return done


def _tells(word: str) -> bool:
    return len(word) > 2 or any(c.isdigit() for c in word)
