"""All names by spelling: what equals, begins or holds what was typed, and what is a slip away from it.

A slip is a letter too many, missing, wrong, or swapped with its neighbour (optimal string alignment distance).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import log
from threading import Lock

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.spelling import allow_slips, split_words
from dashboard.answers.search.entries import Form, SearchEntry, list_entries
from dashboard.answers.search.stop_words import drop_grammar

EXACT, BEGINS, WORDS, HOLDS, MENTIONS = range(5)
"""How a name matches, best first: it is what was typed; it begins with it; all words typed begin words of it; one of
its words holds it; it is a definition that has all words typed."""

MIN_INNER_LETTERS = 4
"""Fewest letters that are looked for in the middle of a word; of Chinese and the like one is enough."""

IDEOGRAPHS = "\u2e80"
"""Where they begin in Unicode."""

MIN_STARTED_LETTERS = 5
"""Fewest letters of a word still being typed in which one slip is looked for."""


KIN_LETTERS = 3
"""Fewest letters that two forms of a word share where one is the plural of the other; two more for other endings."""

MAX_ENDING_LETTERS = 4
"""Most letters of an ending."""

MIN_SHARED_PART = 0.6
"""Least part of the longer form that both share."""

MIN_START_LETTERS = 3
"""Fewest letters of a word of a question that stand for the words they begin."""

SLIPPED = 0.6
"""Weight of a word that is a slip away."""

TEXT = 0.3
"""Weight of a word that only the definition has."""


PRIOR: Mapping[str, float] = {"page": 1.15, "metric": 1.1, "country": 1.1}
"""What readers mean more often, where several things cover the words alike."""


@dataclass(frozen=True, slots=True)
class Cover:
    """How an entry covers the words of a question: by its best label, all of them or not, without a slip or not."""

    label: int
    score: float
    whole: bool
    sure: bool


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
        subjects: defaultdict[str, list[int]] = defaultdict(list)
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
                    subjects["".join(drop_grammar(split))].append(number)
                for word in dict.fromkeys(split):
                    holding[word].append(number)
        self._exact: Mapping[str, list[int]] = exact
        self._subjects: Mapping[str, list[int]] = subjects
        self._compact = sorted(exact)
        self._holding: Mapping[str, list[int]] = holding
        self._words = sorted(holding)
        self._named = {number for number, label in enumerate(self.labels) if label.form in ("name", "alias")}
        self._spelt = sorted({word for n in self._named for word in self.labels[n].words if _spelt(word)})
        self._spelt_by_length = _by_length(self._spelt)
        self._compact_by_length = _by_length({self.labels[number].compact for number in self._named})
        self._starts: dict[int, list[str]] = {}

    def matches(self, query_words: Sequence[str]) -> dict[int, int]:
        """Map each label to the best way it matches the words."""
        compact = "".join(query_words)
        ranks: dict[int, int] = dict.fromkeys(self._exact.get(compact, ()), EXACT)
        if len(query_words) > len(drop_grammar(query_words)) > 0:  # “in” begins too many words
            return ranks
        for name in _beginning(self._compact, compact):
            for number in self._exact[name]:
                ranks.setdefault(number, BEGINS)
        sets = [self._with(word) for word in query_words]
        for number in reduce(set.__and__, sets[1:], sets[0]):
            label = self.labels[number]
            ranks.setdefault(number, MENTIONS if label.form == "text" else WORDS)
        if len(query_words) == 1 and (len(compact) >= MIN_INNER_LETTERS or compact[0] >= IDEOGRAPHS):
            for word in self._spelt:
                if compact in word:
                    for number in self._named.intersection(self._holding[word]):
                        ranks.setdefault(number, HOLDS)
        return ranks

    def list_subjects(self, words: Sequence[str]) -> list[int]:
        """Return labels of exactly these words beside grammar: “centres” for “the number of centres”."""
        return self._subjects.get("".join(words), [])

    def _with(self, word: str) -> set[int]:
        """Return the labels that have a word which begins with ``word``."""
        return {number for full in _beginning(self._words, word) for number in self._holding[full]}

    def near(self, query_words: Sequence[str]) -> dict[int, int]:
        """Map names to their number of slips, where they differ from the words by a few slips only."""
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

    def cover(self, query_words: Sequence[str], slips: bool = True) -> dict[int, Cover]:
        """Map each entry to how well its names cover the words, slips and other forms included."""
        weights = [self._forms(word, slips) for word in query_words]
        by_label: defaultdict[int, dict[int, float]] = defaultdict(dict)
        rarity = []
        for at, forms in enumerate(weights):
            entries: set[int] = set()
            for full, weight in sorted(forms.items(), key=lambda item: item[1]):  # the nearest word of a name counts
                for number in self._holding[full]:
                    by_label[number][at] = weight
                    entries.add(self.labels[number].entry)
            rarity.append(log(1 + len(self.entries) / (1 + len(entries))))
        best: dict[int, Cover] = {}
        across: defaultdict[int, dict[int, float]] = defaultdict(dict)
        for number, covered in by_label.items():
            label = self.labels[number]
            share = TEXT if label.form == "text" else 1.0
            for at, weight in covered.items():
                across[label.entry][at] = max(across[label.entry].get(at, 0.0), weight * share)
            covered_weight = sum(rarity[at] * weight for at, weight in covered.items()) * share
            closeness = covered_weight * (0.7 + 0.3 * min(1.0, len(covered) / max(1, len(drop_grammar(label.words)))))
            if label.entry not in best or closeness > best[label.entry].score:
                best[label.entry] = Cover(number, closeness, False, False)
        for entry, words in across.items():
            score = (
                PRIOR.get(self.entries[entry].kind, 1.0)
                * (best[entry].score + 0.3 * sum(rarity[at] * weight for at, weight in words.items()))
                / sum(rarity)
            )
            whole = len(words) == len(query_words)
            best[entry] = Cover(best[entry].label, score, whole, whole and min(words.values()) > SLIPPED)
        return best

    def kin(self, word: str) -> Iterator[tuple[int, str]]:
        """Yield names of one word, and that word, of which ``word`` is another form or the beginning."""
        if len(word) < MIN_STARTED_LETTERS or not _spelt(word):
            return
        for full in _beginning(self._spelt, word[:MIN_STARTED_LETTERS]):
            ends_alike = len(full) - _count_shared(word, full) <= 1
            if (is_kin(word, full) and ends_alike) or (
                full.startswith(word) and len(full) - len(word) <= MAX_ENDING_LETTERS
            ):
                yield from ((number, full) for number in self._exact.get(full, ()) if number in self._named)

    def _forms(self, word: str, slips: bool) -> dict[str, float]:
        """Map the words of names that ``word`` may stand for to how surely it does."""
        kin = [full for full in _beginning(self._words, word[:KIN_LETTERS]) if is_kin(word, full)]
        near = [full for full, _ in _within(word, self._spelt_by_length, allow_slips(len(word))) if _may_slip(word)]
        slipped = not {*near} <= {*kin, word}  # another word may have been meant
        forms = dict.fromkeys(near if slips else (), SLIPPED)
        if slips or not slipped:
            forms |= dict.fromkeys(kin, SLIPPED if slipped else 0.8)
        if len(word) >= MIN_START_LETTERS or word[:1] >= IDEOGRAPHS:
            forms |= dict.fromkeys(_beginning(self._words, word), 0.9)
        return forms | ({word: 1.0} if word in self._holding else {})

    def _slipped(self, word: str) -> dict[int, int]:
        """Map labels to the slips between ``word`` and their nearest word; 0 where it begins with it."""
        near = dict.fromkeys(_beginning(self._spelt, word), 0)
        for full, distance in [*_within(word, self._spelt_by_length, allow_slips(len(word))), *self._started(word)]:
            near.setdefault(full, distance)
        ranks: dict[int, int] = {}
        for full, distance in sorted(near.items(), key=lambda item: -item[1]):  # the nearest word of a name counts
            ranks |= dict.fromkeys(self._named.intersection(self._holding[full]), distance)
        return ranks

    def _started(self, word: str) -> list[tuple[str, int]]:
        """Return words whose beginning is one slip away from ``word``, which is still being typed."""
        length = len(word)
        if length < MIN_STARTED_LETTERS:
            return []
        if length not in self._starts:
            self._starts[length] = sorted({full[:length] for full in self._spelt if len(full) > length})
        near = process.extract(word, self._starts[length], scorer=OSA.distance, score_cutoff=1, limit=None)
        return [(full, 1) for start, _, _ in near for full in _beginning(self._spelt, start)]


def _spelt(word: str) -> bool:
    """Return True if a word can be mistyped: numbers and codes are right or something else."""
    return not any(letter.isdigit() for letter in word)


def _count_shared(word: str, other: str) -> int:
    """Count the letters with which two words begin alike."""
    ends = (at for at, (letter, another) in enumerate(zip(word, other, strict=False)) if letter != another)
    return next(ends, min(len(word), len(other)))


def is_kin(word: str, other: str) -> bool:
    """Return True if only the endings differ: “disagree” and “disagreements”, “взятки” and “взятка”.

    Endings that end alike (“Azerbajan”) or have the same letters (“Kazakhsatn”) are slips.
    """
    shared = _count_shared(word, other)
    ending, other_ending = word[shared:], other[shared:]
    if shared < KIN_LETTERS + 2:
        return shared >= KIN_LETTERS and {ending, other_ending} <= {"", "s", "es", "x"}
    if ending[-1:] == other_ending[-1:] != "" or sorted(ending) == sorted(other_ending) != []:
        return word == other
    longer = max(len(word), len(other))
    return longer - shared <= MAX_ENDING_LETTERS and shared >= MIN_SHARED_PART * longer and _spelt(word)


def _may_slip(word: str) -> bool:
    return allow_slips(len(word)) > 0 and _spelt(word)


def _by_length(names: Iterable[str]) -> dict[int, list[str]]:
    ordered: defaultdict[int, list[str]] = defaultdict(list)
    for name in names:
        ordered[len(name)].append(name)
    return ordered


def _within(word: str, by_length: Mapping[int, list[str]], most: int) -> Iterator[tuple[str, int]]:
    """Yield the names at most that many slips away, with their distance."""
    for length in range(len(word) - most, len(word) + most + 1):
        names = by_length.get(length, [])
        for name, distance, _ in process.extract(word, names, scorer=OSA.distance, score_cutoff=most, limit=None):
            yield name, int(distance)


def _beginning(ordered: Sequence[str], start: str) -> Sequence[str]:
    """Return the part of a sorted list that begins with ``start``."""
    low = bisect_left(ordered, start)
    return ordered[low : bisect_left(ordered, start + "\U0010ffff", low)]


_making = Lock()


def open_index(ctx: Context) -> Index:
    """Return the index, made once per codebook and dataset."""
    with _making:
        return _index(ctx.timeless)


@kept(2)
def _index(ctx: Context) -> Index:
    return Index(list_entries(ctx))
