"""What names are found by: lists of names and towns by country, and the words of languages that stand beside them.

The lists (``names/``, sources and licences in its README) hold three kinds: names that tell alone, those that tell with
a capital, and names that are ordinary words and tell beside another name.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dashboard.contributions.voice import wordlists
from dashboard.contributions.voice.wordlists import wordlist

FOLDER = Path(__file__).with_name("names")

LISTS = {
    "AFG": ("AFG", "IRN"), "ARE": ("ARA", "PAK"), "AZE": ("AZE", "RUS", "TUR"), "BHS": ("UGA",), "COL": ("COL",),
    "ETH": ("ETH", "SOM"), "IDN": ("IDN",), "KAZ": ("KAZ", "RUS"), "KGZ": ("KAZ", "RUS", "UZB"), "MAR": ("ARA", "MAR"),
    "MNE": ("MNE",), "PAK": ("PAK",), "ROU": ("ROU",), "RWA": ("RWA", "UGA", "SOM"),
    "SEN": ("SEN", "MAR"), "SOM": ("SOM", "ARA"), "TUR": ("TUR", "ARA"), "UGA": ("UGA", "SOM"),
    "UZB": ("UZB", "RUS", "KAZ"),
}  # fmt: skip
"""Whose lists a country's texts are read with, neighbours' where it has few or none of its own."""

_TYPED = str.maketrans("қғәөүұңһі", "кгаоуунхи")
"""Letters of Kazakh and Kyrgyz as they are typed on a Russian keyboard."""


def fold(text: str) -> str:
    """Return text as lists of names compare it: as word lists do, and Kazakh letters as Russian ones."""
    return wordlists.fold(text).translate(_TYPED).replace("’", "'")


@dataclass(frozen=True, slots=True)
class NameWords:
    """Words of some languages, folded: offices, what is no name, endings of cases, words that call somebody."""

    roles: frozenset[str]
    common: frozenset[str]
    calls: frozenset[str]
    verbs: frozenset[str]  # before which a capital without article is somebody
    cases: tuple[str, ...]
    never: frozenset[str]  # all but cases: no part of a name


@dataclass(frozen=True, slots=True)
class NameList:
    """Names of a country, folded: those that tell alone, with a capital, and only beside another name."""

    alone: frozenset[str]
    capital: frozenset[str]
    beside: frozenset[str]


@lru_cache(maxsize=64)
def load_names(code: str) -> NameList:
    """Return the names of one list, kept once it was read: all of them together take 3 MB."""
    found: dict[str, frozenset[str]] = {kind: frozenset() for kind in ("alone", "capital", "beside")}
    for line in (FOLDER / f"{code}.txt").read_text(encoding="utf-8").splitlines():
        kind, colon, words = line.partition(":")
        if colon and kind in found:
            found[kind] = frozenset(words.split())
    return NameList(**found)


@lru_cache(maxsize=64)
def load_places(country: str) -> frozenset[str]:
    """Return words of the names of a country's towns, folded."""
    for line in (FOLDER / "places.txt").read_text(encoding="utf-8").splitlines():
        code, colon, words = line.partition(": ")
        if colon and code == country:
            return frozenset(words.split())
    return frozenset()


@lru_cache(maxsize=64)
def load_words(languages: tuple[str, ...]) -> NameWords:
    """Return what the lists of some languages say of names."""
    lists = [one.names for language in languages if (one := wordlist(language)) is not None]

    def words(key: str) -> frozenset[str]:
        return frozenset(fold(word) for one in lists for word in one.get(key, ()))

    cases = sorted(words("cases"), key=len, reverse=True)
    roles, calls = words("roles"), words("calls")
    common = words("common") | words("not") | words("before") | words("after")
    common |= frozenset(
        fold(word)
        for language in languages
        if (one := wordlist(language)) is not None
        for key in ("streets", "units", "areas")
        for word in one.addresses.get(key, ())
        if len(word) > 2
    )
    return NameWords(roles, common, calls, words("verbs"), tuple(cases), roles | common | calls)
