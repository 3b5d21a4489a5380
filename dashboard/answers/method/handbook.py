"""The method as a handbook: chapters to look it up by, a section or term at an address, and a search over all words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypedDict

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.base.spelling import split_words
from dashboard.answers.method.method import view_method
from dashboard.answers.wording.views import MethodSection, Term
from dashboard.locales import order, t

CHAPTERS: Mapping[str, tuple[str, ...]] = {
    "adoption": ("adoption_status", "counting_rule", "support", "register_level", "review_state"),
    "links": ("strength", "evidence_strength", "theme", "evidence_level", "direction"),
    "figures": (
        "no_data", "value_status", "nature", "interval", "rounding", "latest", "vintages", "satisfaction_series",
        "national", "surveys", "reported", "source_status", "redistribution",
    ),
    "compare": (
        "change", "headline", "pairs", "standing", "ranks", "medians", "weakest", "peers", "comparability", "likeness",
        "alarms",
    ),
    "progress": (
        "progress_methods", "progress_examples", "progress_statuses", "progress_reasons", "progress_constants",
    ),
    "effects": ("effect", "effect_refused", "effect_doubt"),
    "words": ("glossary",),
}  # fmt: skip
"""Chapter → its sections. Every section of ``view_method`` stands in one."""

ACRONYMS = ("asan", "sdg", "vnr", "wgi", "cpi", "egdi", "iso")
"""Of which the glossary says what they stand for, beside the terms of the section ``glossary``."""

FOR_READERS = ("glossary", "adoption_status", "counting_rule", "support", "strength", "evidence_level", "no_data")
"""Sections whose terms stand in the glossary: what pages say without explaining it."""


class SectionLink(TypedDict):
    """A section in the list of all: its title, and what of it is found by the words searched for."""

    id: str
    title: str
    to: str
    ids: list[str]  # of its terms
    terms: list[Term]  # those that hold the words searched for; none without a search


class Chapter(TypedDict):
    """Sections of one subject."""

    id: str
    title: str
    sections: list[SectionLink]


class SectionView(TypedDict):
    """One section, and the term of it that was asked for, which comes first."""

    section: MethodSection
    asked: str
    title: str


class GlossaryTerm(Term):
    """A term, and where the method explains it; "" for an acronym."""

    to: str


@cached
def list_chapters(ctx: Context, words: str = "") -> list[Chapter]:
    """Return the chapters in order; with words, only the parts that hold all of them."""
    sections = {section["id"]: section for section in view_method(ctx)["sections"]}
    sought = split_words(words)
    chapters = [
        Chapter(
            id=chapter,
            title=t(f"pages.method.chapter.{chapter}", ctx.lang),
            sections=list(_list_found(ctx, (sections[id_] for id_ in ids), sought)),
        )
        for chapter, ids in CHAPTERS.items()
    ]
    return [chapter for chapter in chapters if chapter["sections"]]


def _list_found(ctx: Context, sections: Iterable[MethodSection], sought: tuple[str, ...]) -> Iterator[SectionLink]:
    for section in sections:
        terms = [term for term in section["terms"] if sought and _holds(sought, term["label"], term["definition"])]
        if not sought or terms or _holds(sought, section["title"], section["text"]):
            yield SectionLink(
                id=section["id"],
                title=section["title"],
                to=f"/{ctx.lang}/method/{section['id']}/",
                ids=[term["id"] for term in section["terms"]],
                terms=terms,
            )


def _holds(sought: tuple[str, ...], *texts: str) -> bool:
    """Return True if each word sought begins a word of the texts."""
    words = split_words(" ".join(texts))
    return all(any(word.startswith(wanted) for word in words) for wanted in sought)


@cached
def view_section(ctx: Context, name: str) -> SectionView:
    """Return the section of this id, or the one that holds the term of this id.

    Raises:
        Unknown: there is neither.
    """
    for section in view_method(ctx)["sections"]:
        term = next((entry for entry in section["terms"] if entry["id"] == name), None)
        if term or section["id"] == name:
            terms = sorted(section["terms"], key=lambda entry: entry["id"] != name)
            return SectionView(
                section={**section, "terms": terms},
                asked=term["id"] if term else "",
                title=term["label"] if term else section["title"],
            )
    raise Unknown("page", name)


@cached
def list_glossary(ctx: Context) -> list[GlossaryTerm]:
    """Return terms that pages use without explaining them, acronyms too, in alphabetical order."""
    sections = {section["id"]: section["terms"] for section in view_method(ctx)["sections"]}
    terms = [
        GlossaryTerm(**entry, to=f"/{ctx.lang}/method/{entry['id']}/")
        for name in FOR_READERS
        for entry in sections[name]
    ]
    terms += [
        GlossaryTerm(
            id=f"acronym_{acronym}",
            label=t(f"pages.glossary.{acronym}.name", ctx.lang),
            definition=t(f"pages.glossary.{acronym}.definition", ctx.lang),
            to="",
        )
        for acronym in ACRONYMS
    ]
    return sorted(terms, key=lambda term: order(term["label"], ctx.lang))
