"""The page of search results: what the address asks for."""

from typing import TypedDict

import reflex as rx

from dashboard.locales import t
from dashboard.pages.shell.address import PageAddress, add_selection
from dashboard.pages.shell.state import Shell
from dashboard.services.base.context import Context
from dashboard.services.search import search
from dashboard.services.search.crossed import find_crossed_figures, find_page_by_title
from dashboard.services.search.views import CrossedFigure, SearchGroup, SearchHit, SearchView

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

        def ask(ctx: Context, a: PageAddress) -> tuple[SearchView, list[CrossedFigure]]:
            return search(ctx, a.search, a.kind, limit), find_crossed_figures(ctx, a.search) if not a.kind else []

        found = await self._answer(ask)
        if found is None:
            return None
        view, self.crossed = found
        self.result, self.near_label, self.near = view["text"], view["near_label"], view["near"]
        if self.crossed:
            self.result = t("search.crossed.text", lang, count=len(self.crossed))
        self.results = [_results(group, lang) for group in view["groups"]]
        href = find_page_by_title(view) if self.router.url.query_parameters.get("enter") == "1" else ""
        return rx.redirect(add_selection(href, address), replace=True) if href else None


def _results(group: SearchGroup, lang: str) -> Results:
    shown, total = len(group["hits"]), group["total"]
    more = t("search.results.more", lang, shown=str(shown), total=str(total)) if shown < total else ""
    return Results(id=group["id"], label=group["label"], more=more, hits=group["hits"])
