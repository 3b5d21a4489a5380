"""Another reading of a text in which names and numbers are disguised: in words, letter by letter, with look-alikes.

``read_bare(text) -> PlainReading`` leaves out vowel signs and strokes, which tell nothing; ``undo(reading, languages)``
reads letters that stand apart as words, letters between digits and numbers in words as digits. Of every sign a reading
knows where it stands in the text.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from dashboard.contributions.voice.redaction.figures import LEAST
from dashboard.contributions.voice.redaction.lists import fold

_LETTER = r"[^\W\d_]"
_MARKED = re.compile(r"([^\W_])[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]+")
_SIGN = "[*·•|~^\u2190-\u2bff\U0001f000-\U0001faff]"
_PARTED = re.compile(rf"([^\W_]){_SIGN}+(?=[^\W_])")
_SPACED = re.compile(
    rf"(?<!\w){_LETTER}(?:(?:[._-] ?|{_SIGN} ?){_LETTER}){{2,}}(?!\w)|(?<!\w){_LETTER}(?: {_LETTER}){{3,}}(?!\w)"
)
_ALIKE = {"0": "OoОоՕօ", "1": "Il|Іі", "3": "Зз"}
_LIKE_DIGIT = re.compile(
    rf"(?<!{_LETTER})[{''.join(_ALIKE.values())}]+(?=\d)|(?<=\d)[{''.join(_ALIKE.values())}]+(?!{_LETTER})"
)
_TO_DIGIT = {ord(sign): digit for digit, signs in _ALIKE.items() for sign in signs}

_NUMERAL = re.compile(r"\d+|[^\W\d_]+(?:['’ʻ‘ʼ][^\W\d_]+)*")
_BETWEEN = re.compile(r"[\s,.;:/()-]{1,3}")

Place = tuple[int, int]
Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class PlainReading:
    """A text as it is read; ``places`` are where each of its signs stands in what is shown, None where it is that."""

    text: str
    places: tuple[Place, ...] | None = None

    def find_place(self, start: int, end: int) -> Place:
        """Where a span of the reading stands in what is shown."""
        return (start, end) if self.places is None else (self.places[start][0], self.places[end - 1][1])


def read_bare(text: str) -> PlainReading:
    """Return the text without vowel signs and strokes through letters."""
    return _rewrite(PlainReading(text), (_keep_first(found) for found in _MARKED.finditer(text)))


def undo(reading: PlainReading, languages: tuple[str, ...]) -> PlainReading | None:
    """Return the reading without disguises; None where there are none."""
    bare = reading
    steps: tuple[Callable[[str], Iterator[Edit]], ...] = (
        lambda text: (_keep_first(found) for found in _PARTED.finditer(text)),
        _join_letters,
        lambda text: ((*found.span(), found.group().translate(_TO_DIGIT)) for found in _LIKE_DIGIT.finditer(text)),
        lambda text: _write_digits(text, languages),
    )
    for step in steps:
        reading = _rewrite(reading, step(reading.text))
    return None if reading is bare else reading


def _keep_first(found: re.Match[str]) -> Edit:
    return *found.span(), found.group(1)


def _join_letters(text: str) -> Iterator[Edit]:
    for found in _SPACED.finditer(text):
        letters = [one.start() for one in re.finditer(_LETTER, found.group())]
        for at, following in pairwise(letters):
            yield found.start() + at, found.start() + following, found.group()[at]


def _rewrite(reading: PlainReading, edits: Iterable[Edit]) -> PlainReading:
    """Return the reading with other signs in some places; itself where there are none."""
    parts: list[str] = []
    places: list[Place] = []
    at = 0

    def keep(until: int) -> None:
        parts.append(reading.text[at:until])
        places.extend(reading.find_place(place, place + 1) for place in range(at, until))

    for start, end, signs in edits:
        keep(start)
        parts.append(signs)
        # as many signs as before stand each in its place
        same = len(signs) == end - start
        places.extend(
            reading.find_place(*(start + at, start + at + 1) if same else (start, end)) for at in range(len(signs))
        )
        at = end
    if not parts:
        return reading
    keep(len(reading.text))
    return PlainReading("".join(parts), tuple(places))


@lru_cache
def load_numerals(languages: tuple[str, ...]) -> tuple[dict[str, int], dict[str, int], frozenset[str]]:
    """Return values of spelled numbers, factors, and what joins them."""
    file = tomllib.loads(Path(__file__).with_name("numerals.toml").read_text(encoding="utf-8"))
    values: dict[str, int] = {}
    factors: dict[str, int] = {}
    for word, _, value in (pair.partition(":") for code in languages for pair in file["words"].get(code, "").split()):
        if value.startswith("x"):
            factors.setdefault(fold(word), int(value[1:]))
        else:
            values.setdefault(fold(word), int(value))
    return values, factors, frozenset(map(fold, file["joints"]["all"].split()))


def _write_digits(text: str, languages: tuple[str, ...]) -> Iterator[Edit]:
    """Digits for numbers in words, where there are as many as of a number of somebody; sums and counts stay words."""
    values, factors, joints = load_numerals(languages)
    run: list[tuple[int, int, str]] = []
    for found in _NUMERAL.finditer(text):
        word = found.group() if found.group().isdigit() else fold(found.group())
        apart = run and not _BETWEEN.fullmatch(text, run[-1][1], found.start())
        if apart or (not word.isdigit() and _is_number(run)):
            yield from _write_run(run, values, factors)
            run = []
        if word.isdigit() or word in values or word in factors or word.removeprefix("و") in values:
            run.append((*found.span(), word))
        elif run and word in joints:
            run.append((*found.span(), ""))
        else:
            yield from _write_run(run, values, factors)
            run = []
    yield from _write_run(run, values, factors)


def _is_number(run: list[tuple[int, int, str]]) -> bool:
    """Return True if digits stand there as a whole number of somebody: a word after them counts something else."""
    return all(word.isdigit() for *_, word in run) and sum(len(word) for *_, word in run) >= LEAST


def _write_run(run: list[tuple[int, int, str]], values: dict[str, int], factors: dict[str, int]) -> list[Edit]:
    """Return the digits of words beside each other: 2 100 10 3 is 213; none where a word makes thousands of them."""
    written: list[Edit] = []
    sums: list[int] = []  # beside ``written``: -1 for digits as they stand
    for start, end, word in run:
        if not word:
            continue
        if word.isdigit():
            written.append((start, end, word))
            sums.append(-1)
            continue
        before = sums[-1] if sums else -1
        if (factor := factors.get(word)) is not None:
            if factor > 100:
                return []
            if factor == 1:  # double seven
                written.append((start, end, ""))
                sums.append(0)
                continue
            together = before * factor if 0 < before < 10 else None
            value = factor
        else:
            value = values.get(word, values.get(word.removeprefix("و"), 0))
            together = _add(before, value, joined=word not in values)
        if together is not None:
            written[-1] = (written[-1][0], end, str(together))
            sums[-1] = together
        else:
            written.append((start, end, str(value)))
            sums.append(value)
    counting = all(following - one == 1 for one, following in pairwise(sums))
    if all(one < 0 for one in sums) or counting or sum(len(digits) for _, _, digits in written) < LEAST:
        return []
    return [one for one, value in zip(written, sums, strict=True) if value >= 0]


def _add(before: int, value: int, *, joined: bool) -> int | None:
    """Return what two spelled numbers beside each other are together; None where they are two."""
    if before <= 0 or value == 0:
        return None
    hundreds, tens = before - before % 100, before % 100
    if hundreds and not tens and value < 100:
        return before + value
    if value < 10 and tens >= 10 and not tens % 10:
        return before + value
    if tens in (60, 80) and 10 <= value < 20:  # soixante-dix
        return before + value
    if tens == 4 and value == 20:  # quatre-vingts
        return hundreds + 80
    if joined and tens < 10 and not value % 10:  # five and twenty
        return before + value
    return None
