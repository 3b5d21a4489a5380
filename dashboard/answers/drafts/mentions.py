"""Countries and indicators that a sentence names, by any name in English, French and Russian, in any case of it."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from babel import Locale

from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.drafts.tokens import Token, split_tokens
from dashboard.answers.search.index import is_kin
from dashboard.evidence.codebook.model import Codebook

LANGUAGES_READ = ("en", "fr", "ru")
"""Languages of drafts."""

_PHRASES = Path(__file__).parent / "phrases.csv"
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_OFFICIAL = re.compile(
    r"^(?:Republic of|State of|United Republic of|République(?:-Unie)? (?:de|du|d’)|État (?:de|du) ?|Республика|"
    r"Объединенная Республика|Государство)\s*",
)
_NEVER_SHORTENED = frozenset({"KOR", "PRK", "COG", "COD", "CAF", "DOM", "LAO", "SYR"})
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

_ENDINGS = re.compile(
    r"(?:ого|его|ому|ему|ыми|ими|иями|иях|ией|ием|иям|ями|ами|ях|ах|ов|ев|ом|ем|ам|ям|ой|ый|ои|ыи|ии|еи|ая|яя|ое|ее|ые|ие|ую|юю|ия|ию|ью|ых|их|ым|им|а|я|у|ю|ы|и|е|о|ь)$"
)
"""Endings of Russian nouns and adjectives in plain spelling (й is и there)."""

_CYRILLIC_LETTER = re.compile(r"[а-я]")
_JOINING = frozenset("-'’,()“”«»\"")
_MAX_PHRASE_WORDS = 12
"""Words of a name that are compared."""

Kind = Literal["country", "indicator"]
Names = Mapping[tuple[str, ...], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing that is named: ids it may be, its first and last token."""

    kind: Kind
    ids: frozenset[str]
    first: int
    last: int


class Phrasebook:
    """All names, to be looked for in tokens. Made once, read by many threads."""

    def __init__(self, book: Codebook) -> None:
        self._countries = _index_names(_list_country_names(book))
        self._indicators = _index_names(
            (metric, name) for metric, name in _list_indicator_phrases(book) if not name.isupper()
        )
        acronyms = [(metric, name) for metric, name in _list_indicator_phrases(book) if name.isupper()]
        self._acronyms = {name: frozenset(m for m, other in acronyms if other == name) for _, name in acronyms}
        self._single = {words[0]: ids for words, ids in self._countries.items() if len(words) == 1}

    def find(self, tokens: Sequence[Token]) -> list[Mention]:
        """Return what is named, the longest name at each place."""
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            match = self._match(tokens, at)
            if match and match.ids:
                found.append(match)
            at = match.last + 1 if match else at + 1
        return found

    def _match(self, tokens: Sequence[Token], at: int) -> Mention | None:
        """Return the longest name that begins at a token; it has no ids if it is a namesake's."""
        if tokens[at].kind != "word":
            return None
        texts = [token.text for token in tokens[at : at + _MAX_PHRASE_WORDS]]
        for count in range(len(texts), 1, -1):
            if tuple(texts[:count]) in _NAMESAKES:
                return Mention("country", frozenset(), at, at + count - 1)
        words = [(place, tokens[place]) for place in _list_joined(tokens, at)]
        capital = tokens[at].text[0].isupper()
        for count in range(len(words), 0, -1):
            key = tuple(stem_word(token.word) for _, token in words[:count])
            if ids := self._indicators.get(key):
                return Mention("indicator", ids, at, words[count - 1][0])
            if capital and (ids := self._countries.get(key)):
                return Mention("country", ids, at, words[count - 1][0])
        if ids := self._acronyms.get(tokens[at].text):
            return Mention("indicator", ids, at, at)
        people = self._find_people(tokens[at].word) if capital else frozenset[str]()
        return Mention("country", people, at, at) if people else None

    def _find_people(self, word: str) -> frozenset[str]:
        """Return the country an adjective is made of (“Georgian”, “казахстанский”), if only one."""
        names = [name for name in self._single if len(name) > 3 and word.startswith(name[:-1]) and is_kin(word, name)]
        found = frozenset(iso3 for name in names for iso3 in self._single[name])
        return found if len(found) == 1 else frozenset()


def stem_word(word: str) -> str:
    """Return a word without its ending of case or number."""
    if _CYRILLIC_LETTER.search(word):
        return _ENDINGS.sub("", word) if len(word) > 4 else word
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def open_phrasebook(ctx: Context) -> Phrasebook:
    """Return the phrasebook of the codebook in effect."""
    return _load_phrasebook(ctx.timeless)


@kept(2)
def _load_phrasebook(ctx: Context) -> Phrasebook:
    return Phrasebook(ctx.book)


def _list_joined(tokens: Sequence[Token], at: int) -> list[int]:
    """Return places of words from a token on that only joining signs stand between."""
    places: list[int] = []
    for place in range(at, len(tokens)):
        if tokens[place].kind == "sign" and tokens[place].text in _JOINING:
            continue
        if tokens[place].kind == "sign" or len(places) == _MAX_PHRASE_WORDS:
            break
        places.append(place)
    return places


def _index_names(names: Iterator[tuple[str, str]]) -> Names:
    found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for id_, name in names:
        words = tuple(stem_word(token.word) for token in split_tokens(name) if token.kind != "sign")
        if words:
            found[words].add(id_)
    return {words: frozenset(ids) for words, ids in found.items()}


def _list_country_names(book: Codebook) -> Iterator[tuple[str, str]]:
    """Yield ISO3 and every name of a country in the languages read."""
    cldr = [Locale.parse(lang).territories for lang in LANGUAGES_READ]
    for country in book.countries.values():
        names = [country.name.get(lang, "") for lang in LANGUAGES_READ] + [str(of.get(country.iso2, "")) for of in cldr]
        for name in names:
            short = _BRACKETS.sub("", name)
            yield from ((country.iso3, form) for form in {name, short} if form)
            if country.iso3 not in _NEVER_SHORTENED and (bare := _OFFICIAL.sub("", short)) != short and bare:
                yield country.iso3, bare
    for (_, name), iso3 in book.area_aliases.items():
        if iso3 and len(name) > 3:
            yield iso3, name
    for alias in book.search_aliases:
        if alias.kind == "country" and alias.lang in LANGUAGES_READ and len(alias.alias) > 3:
            yield alias.id, alias.alias


def _list_indicator_phrases(book: Codebook) -> Iterator[tuple[str, str]]:
    """Yield indicator and each phrase for it: clear names, acronyms, and those of the list."""
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
