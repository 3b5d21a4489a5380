"""Countries and indicators that a sentence names, by any name in English, French and Russian, in any case of it."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Literal

from babel import Locale

from dashboard.codebook.model import Codebook
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.drafts.tokens import Token, split_tokens

LANGUAGES_READ = ("en", "fr", "ru")
"""Languages of drafts."""

MOST_FORMS = 400
"""Ways to decline one name of several words."""

_PHRASES = Path(__file__).parent / "phrases.csv"
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_OFFICIAL = re.compile(
    r"^(?:Republic of|State of|United Republic of|République(?:-Unie)? (?:de|du|d’)|État (?:de|du) ?|Республика|"
    r"Объединенная Республика|Государство)\s*",
)
_KEPT_WHOLE = frozenset({"KOR", "PRK", "COG", "COD", "CAF", "DOM", "LAO", "SYR"})
"""Their short form is another country's, or nobody's."""

_NAMESAKES = frozenset(
    tuple(token.text for token in split_tokens(place))
    for place in (
        "state of Georgia", "State of Georgia", "state of Georgia (US)", "state of Georgia (USA)",
        "State of Georgia (US)", "State of Georgia (USA)", "Atlanta, Georgia", "État de Géorgie", "New Mexico",
        "Nouveau-Mexique", "Gulf of Mexico", "golfe du Mexique", "Mexico City", "Gulf of Guinea", "golfe de Guinée",
        "Gulf of Oman", "golfe d’Oman", "golfe d'Oman", "Gulf of Panama", "Panama Canal", "canal de Panama",
        "Niger State", "Niger Delta", "Niger River", "delta du Niger", "Lake Chad", "lac Tchad", "Jordan River",
        "Jordan Valley", "Sea of Japan", "mer du Japon", "Congo Basin", "Congo River", "bassin du Congo",
        "South China Sea", "East China Sea", "Inner Mongolia", "New South Wales", "Northern Cyprus", "озеро Чад",
    )
)  # fmt: skip
"""Places whose names hold a country's, sign by sign: no figure of it is meant. “In Niger, state” names Niger."""

_LONGEST_NAMESAKE = max(map(len, _NAMESAKES))

_ENDINGS = re.compile(
    r"(?:ого|его|ому|ему|ыми|ими|иями|иях|ией|ием|иям|ями|ами|ях|ах|ов|ев|ом|ем|ам|ям|ой|ый|ои|ыи|ии|еи|ая|яя|ое|ее|ые|ие|ую|юю|ия|ию|ью|ые|ых|их|ым|им|а|я|у|ю|ы|и|е|о|ь)$"
)
"""Endings of Russian nouns and adjectives in plain spelling (й is и there)."""

_DECLINED = (
    ("ия", ("ия", "ии", "ию", "иеи")),
    ("ая", ("ая", "ои", "ую")),
    ("ии", ("ии", "ого", "ому", "им", "ом")),
    ("ые", ("ые", "ых", "ым", "ыми")),
    ("ие", ("ие", "их", "им", "ими")),
    ("ка", ("ка", "ки", "ке", "ку", "кои")),
    ("а", ("а", "ы", "е", "у", "ои", "и")),
    ("я", ("я", "и", "ю", "еи", "е")),
    ("ь", ("ь", "и", "я", "ю", "ью", "ем", "е")),
    ("ы", ("ы", "", "ам", "ами", "ах", "ов")),
)
"""Ending of a Russian name → all endings it takes; a consonant takes those of the masculine."""

_MASCULINE = ("", "а", "у", "ом", "е")
_CYRILLIC_LETTER = re.compile(r"[а-я]")

Kind = Literal["country", "indicator"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing that is named: ids it may be, its first and last token."""

    kind: Kind
    ids: frozenset[str]
    first: int
    last: int


@dataclass(slots=True)
class _Node:
    following: "dict[str, _Node]" = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    capitals: bool = False  # an acronym: only in capital letters


class Phrasebook:
    """All names, to be looked for in tokens. Made once, read by many threads."""

    def __init__(self, book: Codebook) -> None:
        self._countries, self._indicators = _Node(), _Node()
        self.codes = frozenset(book.countries)
        for iso3, name in _country_names(book):
            for form in _decline(name):
                _add(self._countries, form, iso3)
        for metric, phrase in _indicator_phrases(book):
            words = [stem_word(token.word) for token in split_tokens(phrase) if token.kind != "sign"]
            _add(self._indicators, words, metric, capitals=phrase.isupper())
        self._starts = _adjectives(book)

    def find(self, tokens: Sequence[Token], codes: bool = False) -> list[Mention]:
        """What is named, the longest name at each place; ``codes``: ISO3 codes of countries too, as in tables."""
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            if namesake := _measure_namesake(tokens, at):
                at += namesake
                continue
            match = self._indicator(tokens, at) or self._country(tokens, at, codes)
            if match:
                found.append(match)
            at = match.last + 1 if match else at + 1
        return found

    def find_adjectives(self, tokens: Sequence[Token], mentions: Sequence[Mention]) -> frozenset[str]:
        """Countries that a word may mean which is no name of theirs: “Georgian”, “казахстанский”."""
        named = {at for one in mentions for at in range(one.first, one.last + 1)}
        words = [
            one.word for at, one in enumerate(tokens) if one.kind == "word" and at not in named and len(one.word) >= 5
        ]
        return frozenset(iso3 for word in words for iso3 in self._starts.get(word[:5], {}) if _is_adjective(word))

    def _country(self, tokens: Sequence[Token], at: int, codes: bool) -> Mention | None:
        first = tokens[at]
        if first.kind != "word" or not first.text[0].isupper():
            return None
        if codes and first.text in self.codes:
            return Mention("country", frozenset({first.text}), at, at)
        return _walk(self._countries, tokens, at, "country", lambda one: one.word, "-'’")

    def _indicator(self, tokens: Sequence[Token], at: int) -> Mention | None:
        if tokens[at].kind == "sign":
            return None
        return _walk(self._indicators, tokens, at, "indicator", lambda one: stem_word(one.word), "-'’,()“”«»\"")


def stem_word(word: str) -> str:
    """A word without what its case or number puts at its end."""
    if _CYRILLIC_LETTER.search(word):
        return _ENDINGS.sub("", word) if len(word) > 4 else word
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def open_phrasebook(ctx: Context) -> Phrasebook:
    """The phrasebook of the codebook in effect."""
    return _phrasebook(ctx.timeless)


@kept(2)
def _phrasebook(ctx: Context) -> Phrasebook:
    return Phrasebook(ctx.book)


def _measure_namesake(tokens: Sequence[Token], at: int) -> int:
    """How many tokens from here are the longest of ``_NAMESAKES``; 0 where none is."""
    texts = tuple(token.text for token in tokens[at : at + _LONGEST_NAMESAKE])
    return next((count for count in range(len(texts), 1, -1) if texts[:count] in _NAMESAKES), 0)


def _walk(root: _Node, tokens: Sequence[Token], at: int, kind: Kind, key: Any, joining: str) -> Mention | None:
    """The longest phrase that begins at a token; between its words only what joins words."""
    node, place, best = root, at, None
    while place < len(tokens):
        token = tokens[place]
        if token.kind == "sign":
            if token.text not in joining or place == at:
                break
            place += 1
            continue
        following = node.following.get(key(token))
        if following is None:
            break
        node = following
        if node.ids and (
            not node.capitals or all(one.text.isupper() for one in tokens[at : place + 1] if one.kind == "word")
        ):
            best = Mention(kind, frozenset(node.ids), at, place)
        place += 1
    return best


def _add(root: _Node, words: Sequence[str], name: str, capitals: bool = False) -> None:
    if not words:
        return
    node = root
    for word in words:
        node = node.following.setdefault(word, _Node())
    node.capitals = capitals and (node.capitals or not node.ids)
    node.ids.add(name)


def _country_names(book: Codebook) -> Iterator[tuple[str, str]]:
    """ISO3 and every name of a country in the languages read: official, short, of the CLDR, and publishers'."""
    cldr = [Locale.parse(lang).territories for lang in LANGUAGES_READ]
    for one in book.countries.values():
        names = [one.name.get(lang, "") for lang in LANGUAGES_READ] + [str(of.get(one.iso2, "")) for of in cldr]
        for name in names:
            short = _BRACKETS.sub("", name)
            yield from ((one.iso3, form) for form in {name, short} if form)
            if one.iso3 not in _KEPT_WHOLE and (bare := _OFFICIAL.sub("", short)) != short and bare:
                yield one.iso3, bare
    for (_, name), iso3 in book.area_aliases.items():
        if iso3 and len(name) > 3:
            yield iso3, name
    for alias in book.search_aliases:
        if alias.kind == "country" and alias.lang in LANGUAGES_READ and len(alias.alias) > 3:
            yield alias.id, alias.alias


def _decline(name: str) -> Iterator[tuple[str, ...]]:
    """A name in every form a text may give it; only Russian ones have more than one."""
    words = [token.word for token in split_tokens(name) if token.kind == "word"]
    forms = [_decline_word(word) if _CYRILLIC_LETTER.search(word) else (word,) for word in words]
    for number, form in enumerate(product(*forms)):
        if number >= MOST_FORMS:
            return
        yield form


def _decline_word(word: str) -> Sequence[str]:
    if len(word) <= 3:
        return (word,)
    for ending, all_endings in _DECLINED:
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            return (word, *(stem + one for one in all_endings if stem + one != word))
    if word[-1] in "оеиуюэ":
        return (word,)
    return tuple(word + one for one in _MASCULINE)


def _indicator_phrases(book: Codebook) -> Iterator[tuple[str, str]]:
    """Indicator and each phrase for it; a name of several words that only one has, acronyms, and those of the list."""
    with _PHRASES.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    refused = {row["phrase"].casefold() for row in listed if not row["indicator"]}
    aliases: defaultdict[str, set[str]] = defaultdict(set)
    for alias in book.search_aliases:
        if alias.kind == "metric" and alias.lang in LANGUAGES_READ:
            aliases[alias.alias].add(alias.id)
    for phrase, ids in aliases.items():
        clear = len(phrase.split()) > 1 or phrase.isupper()
        if len(ids) == 1 and clear and phrase.casefold() not in refused:
            yield next(iter(ids)), phrase
    for metric in book.metrics.values():
        for lang in LANGUAGES_READ:
            name = metric.name.get(lang, "")
            for phrase in {name, _BRACKETS.sub("", name)}:
                if phrase and phrase.casefold() not in refused:
                    yield metric.id, phrase
    for row in listed:
        for metric_id in row["indicator"].split():
            if metric_id in book.metrics:
                yield metric_id, row["phrase"]


def _adjectives(book: Codebook) -> Mapping[str, set[str]]:
    """The first five letters of a country's short name → the countries."""
    starts: defaultdict[str, set[str]] = defaultdict(set)
    for iso3, name in _country_names(book):
        words = [token.word for token in split_tokens(name) if token.kind == "word"]
        if len(words) == 1 and len(words[0]) >= 5:
            starts[words[0][:5]].add(iso3)
    return starts


def _is_adjective(word: str) -> bool:
    """Whether a word ends as words do that are made of a country's name."""
    return bool(
        re.search(
            r"(?:n|ns|an|ian|ese|ish|i|en|enne|ens|ennes|ien|ienne|ais|aise|ois|oise|ск\w{1,3}|ц\w{0,3}|ец)$", word
        )
    )


def name_all(mentions: Iterable[Mention], kind: Kind) -> list[Mention]:
    """Those of one kind, in their order."""
    return [one for one in mentions if one.kind == kind]
