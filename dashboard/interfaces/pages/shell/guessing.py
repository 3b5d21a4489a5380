"""Addresses that a reader would guess, and where they lead: ``/contact/``, ``/countries/az/``, ``/indicators/WGI_CC/``.

Pure: the codebook and the list of pages decide. A name that could be two things leads nowhere.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from dashboard.answers.base.spelling import split_words
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.codebook.tables import THEMES
from dashboard.locales import LANGUAGES

PLACES: Mapping[str, str] = {
    "home": "", "start": "", "index": "", "dashboard": "",
    "about": "sources/", "data": "sources/", "source": "sources/", "publishers": "sources/",
    "help": "method/", "faq": "method/", "methods": "method/", "methodology": "method/", "handbook": "method/",
    "terms": "glossary/", "definitions": "glossary/", "acronyms": "glossary/",
    "effects": "progress/effects/", "impact": "progress/effects/", "status": "progress/",
    "reports": "progress/?tab=reports", "briefs": "progress/?tab=reports", "vnr": "progress/?tab=reports",
    "targets": "mapping/?view=table", "target": "mapping/?view=table", "links": "mapping/", "map": "adoption/",
    "sdg": "goals/", "sdgs": "goals/", "goal": "goals/", "principle": "principles/", "cepa": "principles/",
    "theme": "themes/", "indicator": "indicators/", "metrics": "indicators/",
    "country": "countries/", "adopters": "countries/", "comparison": "compare/", "register": "adoption/",
    "claims": "statement/", "gaps": "availability/", "coverage": "availability/",
    "contact": "sending/", "send": "sending/", "submit": "sending/",
    "charts": "gallery/", "voices": "services/", "find": "search/", "news": "changes/", "updates": "changes/",
    "download": "indicators/", "downloads": "indicators/", "excel": "indicators/", "csv": "indicators/",
    "follow": "/follow/", "subscribe": "/follow/", "alerts": "/follow/", "newsletter": "/follow/",
    "brief": "/brief/", "slides": "/brief/", "powerpoint": "/brief/", "presentation": "/brief/", "check": "/check/",
}  # fmt: skip
"""Names of pages that are not ours, and the page meant: below its language, or a desk with a slash in front."""

KINDS: Mapping[str, str] = {
    "country": "countries", "indicator": "indicators", "metric": "indicators", "metrics": "indicators",
    "goal": "goals", "sdg": "goals", "sdgs": "goals", "target": "targets", "principle": "principles",
    "theme": "themes", "claim": "statement", "claims": "statement", "service": "services",
}  # fmt: skip
"""Folders as one would guess them."""

OF_COUNTRIES = ("countries", "services")


def find_guessed(path: str, pages: Collection[str]) -> tuple[str, str] | None:
    """Return where a guessed path leads: its language, "" where it names none, and the path meant. None for nowhere.

    The path meant is below the language, or, with a slash in front, that of a desk.

    Args:
        path: as it was asked, decoded.
        pages: paths of pages below their language, without slashes around them: ``progress/effects``.
    """
    parts = [part for part in path.split("/") if part]
    lang = parts[0].lower() if parts and parts[0].lower() in LANGUAGES else ""
    if not lang and parts == [path.strip("/")[:2]]:  # a language that we have not, sooner than a country
        return None
    below = _find_below(parts[1:] if lang else parts, pages)
    return None if below is None else (lang, below)


def _find_below(parts: list[str], pages: Collection[str]) -> str | None:
    """The path below the language, with a slash at its end; None where no page is meant."""
    plain = "/".join(parts).lower().replace("_", "-")
    if not parts or plain in pages:
        return f"{plain}/" if parts else ""
    if len(parts) == 1:
        if plain in PLACES:
            return PLACES[plain]
        return next(
            (f"{kind}/{id_}/" for kind in ("countries", "indicators") if (id_ := _find_id(kind, parts[0]))), None
        )
    kind = KINDS.get(parts[0].lower(), parts[0].lower())
    id_ = _find_id(kind, parts[1]) if len(parts) == 2 else ""
    return f"{kind}/{id_}/" if id_ else None


def _find_id(kind: str, name: str) -> str:
    """The id that ``name`` says in another spelling; "" where it says none, or more than one."""
    if kind in OF_COUNTRIES:
        return _index_countries().get(_fold(name), "")
    return _list_ids().get(kind, {}).get(_fold(name), "")


def _fold(name: str) -> str:
    return "".join(split_words(name))


@cache
def _index_countries() -> Mapping[str, str]:
    return index_countries(load_codebook())


def index_countries(book: Codebook) -> Mapping[str, str]:
    """Codes and names of countries in plain spelling → the country; none that two countries have.

    A code means its own country, whatever else is called so.
    """
    named: defaultdict[str, set[str]] = defaultdict(set)
    for country in book.countries.values():
        for name in country.name.values():
            named[_fold(name)].add(country.iso3)
    for (_, name), iso3 in book.area_aliases.items():
        if iso3 and len(name) > 3:  # shorter ones are publishers' codes
            named[_fold(name)].add(iso3)
    for alias in book.search_aliases:
        if alias.kind == "country":
            named[_fold(alias.alias)].add(alias.id)
    for country in book.countries.values():
        for code in filter(None, (country.iso2, country.iso3, country.m49)):
            named[_fold(code)] = {country.iso3}
    return {name: next(iter(meant)) for name, meant in named.items() if len(meant) == 1}


@cache
def _list_ids() -> Mapping[str, Mapping[str, str]]:
    """Folder → its ids by their plain spelling."""
    book = load_codebook()
    goals = {f"{word}{number}": str(number) for number in book.goals for word in ("", "goal", "sdg", "odd")}
    kinds: Mapping[str, Iterable[str]] = {
        "indicators": book.metrics, "targets": book.targets, "principles": book.principles,
        "themes": THEMES, "statement": [claim.id for claim in book.claims],
    }  # fmt: skip
    return {kind: {_fold(id_): id_ for id_ in ids} for kind, ids in kinds.items()} | {"goals": goals}
