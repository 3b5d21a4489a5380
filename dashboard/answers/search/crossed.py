"""A country and an indicator in one question: “Kazakhstan bribery” is that figure, then both pages.

The country must be named or coded exactly, or be that of the people named; the other words find indicators as any
search does. Where they find more than one, each is listed with its own figure: none is chosen for the reader.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest, read_primary_rows
from dashboard.answers.base.spelling import split_words
from dashboard.answers.base.words import name_country, name_metric
from dashboard.answers.holdings.coverage import is_empty
from dashboard.answers.search.index import BEGINS, EXACT, MENTIONS, Index
from dashboard.answers.search.stop_words import drop_grammar, shorten
from dashboard.answers.search.views import CrossedFigure, SearchHit, SearchView
from dashboard.answers.wording.figures import build_figure
from dashboard.locales import t

MAX_CROSSED = 5
"""Most indicators listed for the words beside a country."""

OWN = ("metric", "sdg_indicator", "target", "goal", "theme", "principle")
"""What a question is about by itself, whatever country a word of it might be."""

MIN_CODE_LETTERS = 3
"""Fewest letters of a country's code among other words: “in” and “is” are words before they are codes."""

_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Subject:
    """The countries of a question, the year if it names one, and its other words."""

    countries: tuple[str, ...]
    year: int | None
    rest: tuple[str, ...]


NameKind = Literal["name", "code", "slip"]
"""How a country is named: “per capita” is Peru only where no country has its name there, “Ethopia” only if asked."""


def find_subject(index: Index, query_words: tuple[str, ...], slips: bool = False) -> Subject | None:
    """Return the countries a question names beside something else; None where either is missing."""
    years = [word for word in query_words if _YEAR.fullmatch(word)]
    year = int(years[0]) if len(years) == 1 else None
    rest = tuple(word for word in query_words if year is None or word != years[0])
    if _is_something(index, query_words):
        return None
    ways: tuple[NameKind, ...] = ("name", "code", "slip")
    for way in ways if slips else ways[:2]:
        countries: list[str] = []
        while (found := _country(index, rest, way)) is not None:
            countries.append(found[0])
            rest = found[1]
        if countries:
            return Subject(tuple(dict.fromkeys(countries)), year, rest)
    return None


def list_figures(ctx: Context, subject: Subject, metrics: Sequence[str]) -> list[CrossedFigure]:
    """Return the figures of a question's countries on the indicators its other words name; gaps last.

    The latest ones, or those of the year that is asked for.
    """
    countries = subject.countries[:MAX_CROSSED]
    chosen = metrics[: MAX_CROSSED // len(countries)]
    figures = [_figure(ctx, metric, iso3, subject.year) for metric in chosen for iso3 in countries]
    return sorted(figures, key=lambda figure: not figure["found"])


def find_page_by_title(view: SearchView) -> str:
    """Return the page of the only entry with exactly this title or code; "" where there is none.

    A country has no other name that could mean something else: “Turkey” and “Qazaxıstan” open it too, where nothing
    else is called so. Another name of anything else (“corruption” of the theme on integrity) is a hit like others: the
    reader chooses.
    """
    query_words = split_words(view["query"])
    hits: list[SearchHit] = [hit for group in view["groups"] for hit in group["hits"] if hit["match"] == "exact"]
    titled = [hit for hit in hits if query_words in (split_words(hit["title"]), split_words(hit["id"]))]
    exact = titled or [hit for hit in hits if hits == [hit] and hit["kind"] == "country"]
    return exact[0]["href"] if len(exact) == 1 else ""


def _is_something(index: Index, query_words: tuple[str, ...]) -> bool:
    """Return True if all the words are a code, or in the name of an indicator or of the framework.

    “CC.EST” is a series and not Estonia, “eau potable” water and not the Emirates.
    """
    labels = [index.labels[number] for number in index.matches(query_words)] if query_words else []
    return any(label.form != "text" and index.entries[label.entry].kind in OWN for label in labels)


def _country(index: Index, query_words: tuple[str, ...], way: NameKind) -> tuple[str, tuple[str, ...]] | None:
    """Find the longest run of words that names a country or its people, and the words around it."""
    for length in range(len(query_words) - 1, 0, -1):
        for start in range(len(query_words) - length + 1):
            run = query_words[start : start + length]
            if drop_grammar(run) != run or len("".join(run)) < MIN_CODE_LETTERS:
                continue
            named = _misspelt(index, run) if way == "slip" else _named(index, run, way)
            if length == 1 and not named and way == "name":
                named = _people(index, run[0])
            if len(named) == 1:
                return named.pop(), (*query_words[:start], *query_words[start + length :])
    return None


def _named(index: Index, run: tuple[str, ...], way: NameKind) -> set[str]:
    labels = [index.labels[number] for number, how in index.matches(run).items() if how == EXACT]
    return {
        index.entries[label.entry].id
        for label in labels
        if index.entries[label.entry].kind == "country"
        and (label.form == "code") == (way == "code")
        and (len(run) == 1 or way == "name")  # “16-6” is no code of a country
    }


def _misspelt(index: Index, run: tuple[str, ...]) -> set[str]:
    slips = {number: slips for number, slips in index.near(run).items() if len(index.labels[number].words) == len(run)}
    return {
        index.entries[index.labels[number].entry].id
        for number, apart in slips.items()
        if apart == min(slips.values()) and index.entries[index.labels[number].entry].kind == "country"
    }


def _people(index: Index, word: str) -> set[str]:
    """Return the country whose people or language a word names: “Ethiopians”, “Azerbaijani”, “Kazakh”."""
    apart: dict[str, int] = {}
    for number, full in index.kin(word):
        entry = index.entries[index.labels[number].entry]
        if entry.kind == "country" and index.labels[number].form != "code":
            apart[entry.id] = min(abs(len(full) - len(word)), apart.get(entry.id, len(full)))
    return {iso3 for iso3, letters in apart.items() if letters == min(apart.values())}


def list_metrics(ctx: Context, index: Index, rest: tuple[str, ...], slips: bool = False) -> list[str]:
    """Return the indicators that the words name, the best first, those with figures before the others.

    Words without a subject (“of”, “in”, “falling”) are left out where nothing is found with them.
    """
    for query_words in shorten(rest):
        if not drop_grammar(query_words):
            return []
        best: dict[str, int] = {}
        for number, how in index.matches(query_words).items():
            entry = index.entries[index.labels[number].entry]
            if entry.kind == "metric" and how < MENTIONS:
                best[entry.id] = min(how, best.get(entry.id, how))
        exact = [metric for metric, how in best.items() if how == EXACT]
        if len(exact) == 1:
            return exact
        if best:
            key = {
                metric: (is_empty(ctx, metric), how > BEGINS, name_metric(ctx, metric)) for metric, how in best.items()
            }
            return sorted(best, key=lambda metric: key[metric])
        covers = sorted(index.cover(query_words, slips).items(), key=lambda item: -item[1].score)
        whole = [index.entries[at].id for at, cover in covers if cover.whole and (slips or cover.sure)
                 and index.entries[at].kind == "metric"]  # fmt: skip
        if whole:
            return sorted(whole, key=lambda metric: is_empty(ctx, metric))
    return []


def _figure(ctx: Context, metric: str, iso3: str, year: int | None) -> CrossedFigure:
    if year is None:
        row = find_latest(ctx, metric).get(iso3)
    else:
        row = next(iter(read_primary_rows(ctx, metric, [iso3], year, year, groups=False).rows(named=True)), None)
    cell = build_figure(ctx, ctx.book.metrics[metric], row, gathered=not is_empty(ctx, metric))
    source = t("ui.list.comma", ctx.lang).join(part for part in (cell["source_text"], cell["edition"]) if part)
    return CrossedFigure(
        country=name_country(ctx, iso3),
        indicator=name_metric(ctx, metric),
        value=cell["quantity"] if cell["kind"] == "" else cell["text"],
        found=cell["kind"] == "",
        year=cell["period"] or (str(year) if year else ""),
        age=cell["age_text"],
        source=source,
        figure_href=f"/{ctx.lang}/indicators/{metric}/?country={iso3}",
        country_href=f"/{ctx.lang}/countries/{iso3}/",
        indicator_href=f"/{ctx.lang}/indicators/{metric}/",
    )
