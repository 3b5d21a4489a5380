"""All names by spelling: what equals, begins or holds what was typed, and what is a slip away from it.

A slip is a letter too many, missing, wrong, or swapped with its neighbour (optimal string alignment distance).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dashboard.services.base.spelling import allow_slips, split_words
from dashboard.services.search.entries import Form, SearchEntry

EXACT, BEGINS, WORDS, HOLDS, MENTIONS = range(5)
"""How a name matches, best first: it is what was typed; it begins with it; all words typed begin words of it; one of
its words holds it; it is a definition that has all words typed."""

SHORTEST = 4
"""Fewest letters that are looked for in the middle of a word; of Chinese and the like one is enough."""

IDEOGRAPHS = "\u2e80"
"""Where they begin in Unicode."""

LEAST_STARTED = 5
"""Fewest letters of a word still being typed in which one slip is looked for."""


@dataclass(frozen=True, slots=True)
class SearchLabel:
    """A name of an entry in plain spelling: its words, and all of them in one."""

    entry: int
    form: Form
    shown: str
    lang: str
    words: tuple[str, ...]
    compact: str


class Index:
    """The names of some entries. Made once, read by many threads."""

    def __init__(self, entries: Sequence[SearchEntry]) -> None:
        self.entries = entries
        self.labels: list[SearchLabel] = []
        exact: defaultdict[str, list[int]] = defaultdict(list)
        once: dict[str, str] = {}  # a word is kept once, however many names have it
        holding: defaultdict[str, list[int]] = defaultdict(list)  # a set of each would take three times the memory
        for at, entry in enumerate(entries):
            for name in entry.names:
                split = tuple(once.setdefault(word, word) for word in split_words(name.shown))
                label = SearchLabel(at, name.form, name.shown, name.lang, split, "".join(split))
                if not label.compact:
                    continue
                number = len(self.labels)
                self.labels.append(label)
                if name.form != "text":
                    exact[label.compact].append(number)
                for word in dict.fromkeys(split):
                    holding[word].append(number)
        self._exact: Mapping[str, list[int]] = exact
        self._compact = sorted(exact)
        self._holding: Mapping[str, list[int]] = holding
        self._words = sorted(holding)
        self._named = {number for number, label in enumerate(self.labels) if label.form in ("name", "alias")}
        self._spelt = sorted({word for n in self._named for word in self.labels[n].words if _spelt(word)})
        self._spelt_by_length = _by_length(self._spelt)
        self._compact_by_length = _by_length({self.labels[number].compact for number in self._named})
        self._starts: dict[int, list[str]] = {}

    def matches(self, query_words: Sequence[str]) -> dict[int, int]:
        """Label → how it matches the words ``query_words``, the best way each."""
        compact = "".join(query_words)
        ranks: dict[int, int] = dict.fromkeys(self._exact.get(compact, ()), EXACT)
        for name in _beginning(self._compact, compact):
            for number in self._exact[name]:
                ranks.setdefault(number, BEGINS)
        sets = [self._with(word) for word in query_words]
        for number in reduce(set.__and__, sets[1:], sets[0]):
            label = self.labels[number]
            ranks.setdefault(number, MENTIONS if label.form == "text" else WORDS)
        if len(query_words) == 1 and (len(compact) >= SHORTEST or compact[0] >= IDEOGRAPHS):
            for word in self._spelt:
                if compact in word:
                    for number in self._named.intersection(self._holding[word]):
                        ranks.setdefault(number, HOLDS)
        return ranks

    def _with(self, word: str) -> set[int]:
        """Labels that have a word which begins with ``word``."""
        return {number for full in _beginning(self._words, word) for number in self._holding[full]}

    def near(self, query_words: Sequence[str]) -> dict[int, int]:
        """Label → number of slips, of names that differ from the words ``query_words`` by a few slips and no more."""
        compact = "".join(query_words)
        if not _may_slip(compact):
            return {}
        candidates = {
            number: distance
            for name, distance in _within(compact, self._compact_by_length, allow_slips(len(compact)))
            for number in self._exact[name]
            if number in self._named
        }
        parts = [self._slipped(word) for word in query_words if _may_slip(word)]
        firm = [self._with(word) & self._named for word in query_words if not _may_slip(word)]
        if parts:
            for number in reduce(set.intersection, [set(part) for part in parts] + firm):
                distance = sum(part[number] for part in parts)
                candidates[number] = min(distance, candidates.get(number, distance))
        return candidates

    def _slipped(self, word: str) -> dict[int, int]:
        """Labels with a word that ``word`` may have been meant for → slips; 0 where one begins with it."""
        near = dict.fromkeys(_beginning(self._spelt, word), 0)
        for full, distance in [*_within(word, self._spelt_by_length, allow_slips(len(word))), *self._started(word)]:
            near.setdefault(full, distance)
        ranks: dict[int, int] = {}
        for full, distance in sorted(near.items(), key=lambda item: -item[1]):  # the nearest word of a name counts
            ranks |= dict.fromkeys(self._named.intersection(self._holding[full]), distance)
        return ranks

    def _started(self, word: str) -> list[tuple[str, int]]:
        """Words whose beginning is one slip away from ``word``, which is still being typed."""
        length = len(word)
        if length < LEAST_STARTED:
            return []
        if length not in self._starts:
            self._starts[length] = sorted({full[:length] for full in self._spelt if len(full) > length})
        near = process.extract(word, self._starts[length], scorer=OSA.distance, score_cutoff=1, limit=None)
        return [(full, 1) for start, _, _ in near for full in _beginning(self._spelt, start)]


def _spelt(word: str) -> bool:
    """Whether a word can be mistyped: numbers and codes are right or something else."""
    return not any(letter.isdigit() for letter in word)


def _may_slip(word: str) -> bool:
    return allow_slips(len(word)) > 0 and _spelt(word)


def _by_length(names: Iterable[str]) -> dict[int, list[str]]:
    ordered: defaultdict[int, list[str]] = defaultdict(list)
    for name in names:
        ordered[len(name)].append(name)
    return ordered


def _within(word: str, by_length: Mapping[int, list[str]], most: int) -> Iterator[tuple[str, int]]:
    """Names at most that many slips away, with their distance."""
    for length in range(len(word) - most, len(word) + most + 1):
        names = by_length.get(length, [])
        for name, distance, _ in process.extract(word, names, scorer=OSA.distance, score_cutoff=most, limit=None):
            yield name, int(distance)


def _beginning(ordered: Sequence[str], start: str) -> Sequence[str]:
    """The part of a sorted list that begins with ``start``."""
    low = bisect_left(ordered, start)
    return ordered[low : bisect_left(ordered, start + "\U0010ffff", low)]
