"""Which indicator, country and year a number of a sentence is of; where a second reading is left, none is taken."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dashboard.codebook.model import Codebook, Metric
from dashboard.services.drafts.mentions import Mention, Phrasebook, name_all
from dashboard.services.drafts.numbers import BOUNDS, DraftNumber, DraftYear, read_numbers, read_years
from dashboard.services.drafts.tokens import load_words, split_tokens

UNITS = {
    "percent": frozenset({"percent"}),
    "money": frozenset({"usd", "ppp_usd"}),
    "people": frozenset({"people"}),
    "points": frozenset({"score", "index", "points"}),
}
"""Unit of a number → units of the indicators it may be of."""

SHARES = UNITS["percent"]

MOST_FIGURES = 40
"""Figures of one sentence: nobody, and no rule, tells more of them apart."""

PLAIN_LISTS = (
    "implied.plain", "implied.nouns", "labels.rank", "labels.months", "labels.denominator", "change.verbs",
    "units.percent", "units.points", "units.people", "units.million", "units.billion",
)  # fmt: skip
"""Lists of words that bring nothing new into a sentence."""

JOINING = frozenset(
    {"and", "et", "и", "but", "mais", "а", "но", "while", "whereas", "puis", "then", "затем", "or", "ou", "или"}
)
FROM = frozenset({"from", "contre", "против", "against", "с", "со", "versus", "vs", "than", "que", "чем"})
INTO = frozenset({"in", "for", "en", "au", "aux", "pour", "в", "во", "у", "is", "by"})
ENDS = frozenset(",;:()–—[]|/")
"""Signs that part a sentence."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a sentence leaves out because it was said before: in a heading, the sentence before, the lead of a list."""

    indicators: frozenset[str] = frozenset()
    country: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A number with what it is of; ``why`` is the code of what is unclear, "" where nothing is."""

    number: DraftNumber
    written: str
    indicators: frozenset[str] = frozenset()
    country: str = ""
    year: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """The numbers of a sentence, and what it names, for the one after it."""

    readings: list[NumberReading]
    indicators: frozenset[str]
    countries: tuple[str, ...]
    years: tuple[int, ...]


class SentenceReading:
    """One sentence while its numbers are given their meaning."""

    def __init__(self, book: Codebook, phrases: Phrasebook, text: str, before: Inherited) -> None:
        self.book, self.text, self.before = book, text, before
        self.tokens = split_tokens(text)
        self.mentions = phrases.find(self.tokens)
        self.named = {at for one in self.mentions for at in range(one.first, one.last + 1)}
        self.countries = name_all(self.mentions, "country")
        self.indicators = name_all(self.mentions, "indicator")
        self.years = [one for one in read_years(self.tokens) if one.first not in self.named]
        self.numbers = [one for one in read_numbers(text, self.tokens) if one.first not in self.named]
        self.figures = [one for one in self.numbers if not one.not_figure]
        self.adjectives = phrases.find_adjectives(self.tokens, self.mentions)

    def read(self) -> ReadSentence:
        """All numbers in their order."""
        readings = [self._read(number) for number in self.numbers]
        ids = frozenset(one for mention in self.indicators for one in mention.ids)
        return ReadSentence(
            readings,
            self.indicators[-1].ids if self.indicators and len(ids) <= 2 else frozenset(),
            tuple(dict.fromkeys(one for mention in self.countries for one in sorted(mention.ids))),
            tuple(dict.fromkeys(one.year for one in self.years if not one.loose)),
        )

    def _read(self, number: DraftNumber) -> NumberReading:
        written = self.text[self.tokens[number.first].start : self.tokens[number.last].end]
        if number.not_figure:
            return NumberReading(number, written, why=number.not_figure)
        if len(self.figures) > MOST_FIGURES:
            return NumberReading(number, written, why="indicators")
        indicators, why = self._find_indicators(number)
        country, why_country = self._find_country(number)
        year, why_year = self._find_year(number)
        unclear = why or why_country or why_year or self._find_doubt(number)
        return NumberReading(number, written, indicators, country, year, unclear)

    # -- indicator

    def _find_indicators(self, number: DraftNumber) -> tuple[frozenset[str], str]:
        fitting = [(one, self._fitting(one.ids, number)) for one in self.indicators]
        fitting = [(one, ids) for one, ids in fitting if ids]
        if not self.indicators:
            ids = self._fitting(self.before.indicators, number)
            if not ids:
                return frozenset(), "indicator"
            return ids, "" if self._is_plain(self._whole()) else "indicator"
        if not fitting:
            return frozenset(), "unit"
        chosen = self._nearest(number, [one for one, _ in fitting])
        if chosen is None:
            return frozenset(), "indicators"
        ids = next(ids for one, ids in fitting if one is chosen)
        start, end = self._segment(number) if self._says("times.respectively") else self._clause(number)
        inside = [one for one, _ in fitting if start <= one.first <= end]
        if inside and inside[-1].last < number.first and self.figures[0].last < fitting[0][0].first:
            start, inside = inside[-1].last + 1, []  # “40 on this and 29 on that”: the name before is of the 40
        return ids, "" if inside or self._is_plain(range(start, end + 1)) else "indicator"

    def _clause(self, number: DraftNumber) -> tuple[int, int]:
        """First and last token of what is said of a number alone: «а в маслихатах – до 22 %», “unemployment (5%)”."""
        start, end = self._segment(number)
        while start > 1 and self.tokens[start - 1].text in "–—([:":
            start, _ = self._segment_at(start - 2)
        previous = max((one.last for one in self.figures if one.last < number.first), default=-1)
        following = min((one.first for one in self.figures if one.first > number.last), default=len(self.tokens))
        return max(start, previous + 1), min(end, following - 1)

    def _nearest(self, number: DraftNumber, mentions: Sequence[Mention]) -> Mention | None:
        """The mention that a number belongs to; None where two may be meant."""
        if len({one.ids for one in mentions}) == 1:
            return mentions[-1]
        first = self.figures[0].first
        previous = max((one.last for one in self.figures if one.last < number.first), default=-1)
        following = min((one.first for one in self.figures if one.first > number.last), default=len(self.tokens))
        if any(one.last < first for one in mentions):
            between = [one for one in mentions if previous < one.first < number.first]
            earlier = [one for one in mentions if one.last < number.first]
            return (between[-1] if len(between) == 1 else None) if between else (earlier[-1] if earlier else None)
        between = [one for one in mentions if number.last < one.first < following]
        return between[0] if len(between) == 1 else None

    def _fitting(self, ids: Collection[str], number: DraftNumber) -> frozenset[str]:
        return frozenset(one for one in ids if fits_unit(self.book.metrics[one], number.unit))

    # -- country

    def _find_country(self, number: DraftNumber) -> tuple[str, str]:
        if any(len(one.ids) > 1 for one in self.countries):
            return "", "countries"
        named = [(next(iter(one.ids)), one) for one in self.countries]
        others = self.adjectives - {iso3 for iso3, _ in named}
        if not named:
            if not self.before.country or others - {self.before.country}:
                return "", "country"
            return self.before.country, "" if self._is_plain(self._whole()) or self.indicators else "country"
        if others:
            return "", "countries"
        if len({iso3 for iso3, _ in named}) == 1:
            return named[0][0], ""
        return self._among(number, named)

    def _among(self, number: DraftNumber, named: Sequence[tuple[str, Mention]]) -> tuple[str, str]:
        """The country of a number in a sentence that names several."""
        if self._says("times.respectively"):
            if len(named) == len(self.figures):
                return named[self.figures.index(number)][0], ""
            return "", "countries"
        previous = max((one.last for one in self.figures if one.last < number.first), default=-1)
        following = min((one.first for one in self.figures if one.first > number.last), default=len(self.tokens))
        ahead = [(iso3, one) for iso3, one in named if number.last < one.first < following]
        if ahead and self._leads_to(number, ahead[0][1]):
            return ahead[0][0], ""
        behind = [(iso3, one) for iso3, one in named if one.last < number.first]
        between = [(iso3, one) for iso3, one in behind if one.first > previous]
        if between and self._touches(between[-1][1].last + 1, number.first):
            return between[-1][0], ""
        if behind and named[0][1].last < self.figures[0].first:
            if len({iso3 for iso3, _ in between}) > 1:
                return "", "countries"
            return behind[-1][0], ""
        if len({iso3 for iso3, _ in ahead}) == 1:
            return ahead[0][0], ""
        return "", "countries"

    def _leads_to(self, number: DraftNumber, country: Mention) -> bool:
        """Whether only “in” or “(” stands before the country that comes next; in “40 (Georgia 53)” it has its own."""
        between = self.tokens[number.last + 1 : country.first]
        if any(one.text == "(" for one in between):
            closing = next((at for at in range(country.last, len(self.tokens)) if self.tokens[at].text == ")"), -1)
            if any(country.last < one.first < closing for one in self.figures):
                return False
        return bool(between) and len(between) <= 3 and all(
            one.word in INTO or one.text in "(" or one.word in ("the", "la", "le", "l") for one in between
        )  # fmt: skip

    def _touches(self, start: int, end: int) -> bool:
        between = [one for one in self.tokens[start:end] if one.kind == "word" and one.word != "s"]
        bounds = [one.word for one in between]
        return len(between) - load_words()["bounds.about"].ends(bounds) <= 1 and not any(
            one.text in ",;" for one in self.tokens[start:end]
        )

    # -- year

    def _find_year(self, number: DraftNumber) -> tuple[int | None, str]:
        strict = [one for one in self.years if not one.loose]
        direct = next((one for one in strict if self._find_headed(one) is number), None)
        direct = direct or self._year_behind(number, strict)
        if direct:
            return direct.year, ""
        if not self.years and self.before.year:
            return self.before.year, "" if self._is_plain(self._whole()) or self.indicators else "year"
        distinct = {one.year for one in strict}
        if not distinct:
            return None, "year"
        if paired := self._paired(number, strict):
            return paired, ""
        before = self._words_before(number)
        if set(before[-1:]) & FROM or (len(distinct) > 1 and before[-1:] == ["de"]):
            return None, "year"
        if len(distinct) == 1:
            return self._only_year(number, strict)
        earlier = [one for one in strict if one.last < number.first]
        if not earlier or (strict[0].first > self.figures[0].first):
            return None, "years"
        previous = max((one.last for one in self.figures if one.last < number.first), default=-1)
        between = [one for one in earlier if one.first > previous]
        if len(between) == 1:
            return between[0].year, ""
        return (earlier[-1].year, "") if not between and self._in_list(number) else (None, "years")

    def _only_year(self, number: DraftNumber, strict: Sequence[DraftYear]) -> tuple[int | None, str]:
        """The one year of a sentence: of all its numbers, unless it stands behind another of them."""
        year = strict[0]
        if any(one.loose for one in self.years) and not self._near(number, year):
            return None, "year"
        if year.last < self.figures[0].first or self._in_list(number):
            return year.year, ""
        following = [one for one in self.figures if number.last < one.first < strict[-1].first]
        if strict[-1].first > number.last and not following and not self._find_headed(year):
            return year.year, ""
        return None, "year"

    def _near(self, number: DraftNumber, year: DraftYear) -> bool:
        low, high = sorted((number.first, year.first))
        places = [one.first for one in self.figures if one is not number]
        places += [one.first for one in self.years if one is not year]
        return not any(low < place < high for place in places)

    def _in_list(self, number: DraftNumber) -> bool:
        """Whether each number has a country of its own, so that a year is said of them all."""
        of = [self._find_country(one)[0] for one in self.figures]
        return len(of) > 1 and "" not in of and len(set(of)) == len(of)

    def _year_behind(self, number: DraftNumber, strict: Sequence[DraftYear]) -> DraftYear | None:
        """The year right behind a number: “36 in 2021”, “36 (2021)”, “40 баллов из 100 в 2024 году”."""
        for year in strict:
            if year.first <= number.last:
                continue
            between = self.tokens[number.last + 1 : year.first]
            words = [one.word for one in between if one.kind == "word"]
            figures = any(number.last < one.first < year.first for one in self.figures)
            parted = any(one.text in ",;:" for one in between) or any(word in JOINING for word in words)
            others = sum(number.last < one.first < year.first for one in self.years)
            pair = any(0 < one.first - year.last <= 3 and self._joins(year.last + 1, one.first) for one in strict)
            if figures or parted or others or len(words) > 8 or pair or self._find_headed(year):
                return None
            crossed = [one for one in self.countries if number.last < one.first < year.first]
            return year if len(crossed) <= 1 else None
        return None

    def _find_headed(self, year: DraftYear) -> DraftNumber | None:
        """The number that a year before it is of: “(2023: 39)”, “(2023 – 39)”."""
        before = self.tokens[year.first - 1].text if year.first else ""
        sign = self.tokens[year.last + 1].text if year.last + 1 < len(self.tokens) else ""
        if sign not in tuple(":=") and not (sign in tuple("–—-") and before in tuple("([;")):
            return None
        return next((one for one in self.figures if one.first == year.last + 2), None)

    def _joins(self, start: int, end: int) -> bool:
        """Whether two years are one span: “2021 and 2024”, “2021–2024”, “2021/2022”."""
        return all(
            one.word in (*JOINING, "to", "a", "по", "до") or one.text in "–-—,/" for one in self.tokens[start:end]
        )

    def _paired(self, number: DraftNumber, strict: Sequence[DraftYear]) -> int | None:
        """Two numbers and two years, each pair by itself: “from 36 to 40 between 2021 and 2024”."""
        if len(strict) != 2 or len(self.figures) != 2 or len({one.year for one in strict}) != 2:
            return None
        (one, two), (low, high) = self.figures, strict
        apart = (two.last < low.first) or (high.last < one.first)
        words = {token.word for token in self.tokens[one.last + 1 : two.first]} | set(self._words_before(one)[-1:])
        if not apart or not (words & {"to", "a", "до", "from", "de", "с"} or self._says("times.respectively")):
            return None
        same = self._find_country(one)[0] == self._find_country(two)[0]
        return (low.year if number is one else high.year) if same else None

    # -- doubt

    def _find_doubt(self, number: DraftNumber) -> str:
        words = load_words()
        bounded = {at for one in self.numbers for at in range(max(0, one.first - 3), one.first) if one.bound}
        free = [
            one.word
            for at, one in enumerate(self.tokens)
            if one.kind == "word" and at not in self.named and at not in bounded
        ]
        for name in ("groups", "ahead", "denied", "other"):
            if words[f"doubt.{name}"].find(free):
                return name
        if words["doubt.ranks"].find(free) and all(one.not_figure != "rank" for one in self.numbers):
            return "rank"
        previous = max((one.last for one in self.figures if one.last < number.first), default=-1)
        start, end = self._segment(number)
        since = max([previous, *(one.last for one in self.countries if one.last < number.first)])
        following = min((one.first for one in self.figures if one.first > number.last), default=len(self.tokens))
        span = [
            one.word
            for at, one in enumerate(self.tokens)
            if (min(since, start) if since >= start else since) < at <= min(end, following - 1)
            and at not in self.named
            and one.kind == "word"
            and not (at and self.tokens[at - 1].kind == "number")  # “out of 180 countries”
        ]
        return "averages" if words["doubt.averages"].find(span) else ""

    def _says(self, name: str) -> bool:
        return load_words()[name].find([one.word for one in self.tokens if one.kind == "word"])

    def _words_before(self, number: DraftNumber) -> list[str]:
        words = [one.word for one in self.tokens[: number.first] if one.kind == "word"]
        lists = load_words()
        cut = max(lists[f"bounds.{name}"].ends(words) for name in BOUNDS)
        return words[: len(words) - cut] if cut else words

    def _segment(self, number: DraftNumber) -> tuple[int, int]:
        """First and last token of the part of the sentence that a number stands in."""
        return self._segment_at(number.first, number.last)

    def _segment_at(self, start: int, end: int | None = None) -> tuple[int, int]:
        end = start if end is None else end
        while start > 0 and self.tokens[start - 1].text not in ENDS:
            start -= 1
        while end + 1 < len(self.tokens) and self.tokens[end + 1].text not in ENDS:
            end += 1
        return start, end

    def _whole(self) -> range:
        return range(len(self.tokens))

    def _is_plain(self, places: Collection[int]) -> bool:
        """Whether nothing is said there but countries, indicators, numbers, and words that hold a sentence together."""
        lists = load_words()
        known = [lists[name] for name in PLAIN_LISTS]
        words = [(at, self.tokens[at].word) for at in places if self.tokens[at].kind == "word" and at not in self.named]
        inside = {at for one in self.numbers for at in range(one.first, one.last + 1)}
        return all(
            at in inside or any(one.has([word]) for one in known) or self._bounds(at)
            for at, word in words
        )  # fmt: skip

    def _bounds(self, at: int) -> bool:
        """Whether a word says how exactly the number behind it is meant."""
        return any(one.bound and one.first - 4 <= at < one.first for one in self.numbers)


def fits_unit(metric: Metric, unit: str, bare_share: bool = False) -> bool:
    """Whether a number with this unit may be a figure of an indicator.

    Args:
        metric: the indicator.
        unit: that of the number, "" where none is written.
        bare_share: whether a share may be written without its sign, as in tables.
    """
    if not metric.quantity or metric.unit == "yes_no":
        return False
    if unit:
        return metric.unit in UNITS.get(unit, frozenset())
    return bare_share or metric.unit not in SHARES
