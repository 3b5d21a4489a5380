"""The page of search results: what the address asks for."""

from collections.abc import Iterator, Mapping
from typing import TypedDict

import reflex as rx

from dashboard.codebook import load_codebook
from dashboard.locales import t
from dashboard.pages.shell.address import KINDS, PageAddress, add_selection, parse, write_chart_url
from dashboard.pages.shell.state import Shell
from dashboard.services.base.context import Context
from dashboard.services.charts.query import kinds_of
from dashboard.services.search import search
from dashboard.services.search.crossed import find_crossed_figures, find_page_by_title
from dashboard.services.search.views import CrossedFigure, SearchGroup, SearchHit, SearchView
from dashboard.services.site.brief import BriefLine, open_page_context

FEW, MANY = 10, 100
"""Most hits per group: of all kinds together, and of one kind alone."""


class Results(TypedDict):
    """A group of hits as the page lists it."""

    id: str
    label: str
    more: str  # how many are not shown; "" when all are
    hits: list[SearchHit]


class SearchState(Shell):
    """Hits for the words and the kind of the address, and what may have been meant, apart."""

    kind: str = ""
    result: str = ""
    crossed: list[CrossedFigure] = []  # figures, where a country and an indicator were asked for
    results: list[Results] = []
    picture: str = ""  # address of the chart of the first figure or indicator found; "" for none
    near_label: str = ""
    near: list[SearchHit] = []

    @rx.event
    async def load(self) -> rx.event.EventSpec | None:
        """Answer the address; Enter in the field of the header opens what is called exactly so, in its place.

        The reader's selection and day go along, as with every link.
        """
        address, lang = self._address(), self._lang()
        self.kind = address.kind
        limit = MANY if address.kind else FEW

        def ask(ctx: Context, a: PageAddress) -> tuple[SearchView, list[CrossedFigure], str]:
            view = search(ctx, a.search, a.kind, limit)
            crossed = find_crossed_figures(ctx, a.search) if not a.kind else []
            return view, crossed, choose_picture(ctx, view, crossed)

        found = await self._answer(ask)
        if found is None:
            return None
        view, self.crossed, self.picture = found
        self.result, self.near_label, self.near = view["text"], view["near_label"], view["near"]
        if self.crossed:
            self.result = t("search.crossed.text", lang, count=len(self.crossed))
        self.results = [_results(group, lang) for group in view["groups"]]
        href = find_page_by_title(view) if self.router.url.query_parameters.get("enter") == "1" else ""
        return rx.redirect(add_selection(href, address), replace=True) if href else None


def choose_picture(ctx: Context, view: SearchView, crossed: list[CrossedFigure]) -> str:
    """The address of the chart of the first figure, else of the first indicator with figures; "" for none."""
    places = [one["figure_href"] for one in crossed if one["found"]]
    places += [hit["href"] for group in view["groups"] for hit in group["hits"] if _is_drawn(ctx, hit)]
    if not places:
        return ""
    metric, asked = places[0].split("/")[3:5]
    kind = next(iter(kinds_of(ctx, ctx.book.metrics[metric])), "")
    country = asked.rpartition("=")[2]
    address = PageAddress(countries=(country,) if country else (), as_of=ctx.day)
    return write_chart_url(kind, metric, address, ctx.lang) if kind else ""


def _is_drawn(ctx: Context, hit: SearchHit) -> bool:
    return hit["kind"] == "metric" and bool(hit["has_figures"]) and ctx.book.metrics[hit["id"]].quantity


def list_lines(lang: str, said: Mapping[str, str]) -> Iterator[BriefLine]:
    """The figures asked for, then what is called so, for readers without script."""
    address = parse(said, load_codebook().countries)
    ctx = open_page_context(lang, address.as_of)
    if ctx is None:
        return
    kind = address.kind if address.kind in KINDS else ""
    view = search(ctx, address.search, kind, FEW)
    for one in [] if kind else find_crossed_figures(ctx, address.search):
        words = f"{one['country']} · {one['indicator']}"
        figure = t("ui.list.comma", lang).join(part for part in (one["value"], one["year"], one["source"]) if part)
        yield BriefLine(t("ui.list.colon", lang).join((words, figure)), one["figure_href"])
    yield BriefLine(view["text"])
    for hit in (*(hit for group in view["groups"] for hit in group["hits"]), *view["near"]):
        yield BriefLine(
            " · ".join(part for part in (hit["title"], hit["kind_text"], hit["figures"]) if part), hit["href"]
        )


def _results(group: SearchGroup, lang: str) -> Results:
    shown, total = len(group["hits"]), group["total"]
    more = t("search.results.more", lang, shown=str(shown), total=str(total)) if shown < total else ""
    return Results(id=group["id"], label=group["label"], more=more, hits=group["hits"])
