"""A country and an indicator in one question: “Kazakhstan bribery” is that figure, then both pages.

The country must be named or coded exactly; the other words find indicators as any search does. Where they find more
than one, each is listed with its own figure: none is chosen for the reader.
"""

import re

from dashboard.locales import t
from dashboard.services.base.cache import cached
from dashboard.services.base.context import Context
from dashboard.services.base.rows import find_latest, read_primary_rows
from dashboard.services.base.spelling import split_words
from dashboard.services.base.words import name_country, name_metric
from dashboard.services.holdings.coverage import is_empty
from dashboard.services.search.index import BEGINS, EXACT, MENTIONS, Index
from dashboard.services.search.query import MOST_LETTERS, index_of, search
from dashboard.services.search.views import CrossedFigure, SearchGroup, SearchHit, SearchView
from dashboard.services.wording.figures import build_figure

MOST_CROSSED = 5
"""Most indicators listed for the words beside a country."""

OWN = ("metric", "sdg_indicator", "target", "goal", "theme", "principle")
"""What a question is about by itself, whatever country a word of it might be."""

SHORTEST_CODE = 3
"""Fewest letters of a country's code among other words: “in” and “is” are words before they are codes."""

_YEAR = re.compile(r"(?:19|20)\d\d")


@cached
def find_crossed_figures(ctx: Context, query: str) -> list[CrossedFigure]:
    """The figures of the country in the question on the indicators that its other words name; gaps come last.

    The latest ones, or those of the year that is asked for.
    """
    index, query_words = index_of(ctx), split_words(query[:MOST_LETTERS])
    years = [word for word in query_words if _YEAR.fullmatch(word)]
    year = int(years[0]) if len(years) == 1 else None
    words = tuple(word for word in query_words if year is None or word != years[0])
    country = None if _is_something(index, query_words) else _country(index, words)
    if country is None:
        return []
    iso3, rest = country
    figures = [_figure(ctx, metric, iso3, year) for metric in _metrics(ctx, index, rest)[:MOST_CROSSED]]
    return sorted(figures, key=lambda one: not one["found"])


def search_with_figures(ctx: Context, query: str, kind: str = "", limit: int = 5) -> SearchView:
    """What ``search`` finds and, before it, the figures of a country on an indicator where the question names both.

    Raises:
        Invalid: there is no such kind.
    """
    view = search(ctx, query, kind, limit)
    hits = [_figure_hit(ctx, one) for one in ([] if kind else find_crossed_figures(ctx, query)) if one["found"]]
    if not hits:
        return view
    figures = SearchGroup(id="figure", label=t("search.crossed.heading", ctx.lang), total=len(hits), hits=hits)
    total = view["total"] + len(hits)
    words = t("ui.search.results", ctx.lang, count=total)
    return {**view, "total": total, "text": words, "groups": [figures, *view["groups"]]}


def _figure_hit(ctx: Context, one: CrossedFigure) -> SearchHit:
    """A figure as a hit: its value is its title."""
    _, _, _, metric, asked = one["figure_href"].split("/")
    return SearchHit(
        kind="figure",
        kind_text=t("search.kind.figure", ctx.lang),
        id=f"{metric}.{asked.rpartition('=')[2]}",
        title=t("ui.list.colon", ctx.lang).join((f"{one['country']} · {one['indicator']}", one["value"])),
        href=one["figure_href"],
        match="exact",
        found_by=one["year"],
        figures=one["source"],
        has_figures=True,
    )


def find_page_by_title(view: SearchView) -> str:
    """The page of the one thing that has exactly this title or code; "" where there is none, or more than one.

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
    """Whether all the words together are a code or in the name of an indicator or a part of the framework.

    “CC.EST” is a series and not Estonia, “eau potable” water and not the Emirates.
    """
    labels = [index.labels[number] for number in index.matches(query_words)] if query_words else []
    return any(label.form != "text" and index.entries[label.entry].kind in OWN for label in labels)


def _country(index: Index, query_words: tuple[str, ...]) -> tuple[str, tuple[str, ...]] | None:
    """The longest run of words that is exactly a country, and the words around it; None where nothing is left."""
    for length in range(len(query_words) - 1, 0, -1):
        for start in range(len(query_words) - length + 1):
            run = query_words[start : start + length]
            if len("".join(run)) < SHORTEST_CODE:
                continue
            named = {
                index.entries[index.labels[number].entry].id
                for number, how in index.matches(run).items()
                if how == EXACT
                and index.entries[index.labels[number].entry].kind == "country"
                and (length == 1 or index.labels[number].form != "code")  # “16-6” is no code of a country
            }
            if len(named) == 1:
                return named.pop(), (*query_words[:start], *query_words[start + length :])
    return None


def _metrics(ctx: Context, index: Index, rest: tuple[str, ...]) -> list[str]:
    """Indicators that the words name, the best first and those with figures before those without.

    Words of one or two letters (“of”, “in”) are left out where nothing is found with them.
    """
    for query_words in dict.fromkeys((rest, tuple(word for word in rest if len(word) > 2))):
        if not query_words:
            continue
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
