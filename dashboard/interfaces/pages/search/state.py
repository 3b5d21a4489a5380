"""The page of search results: what the address asks for."""

from typing import TypedDict

import reflex as rx

from dashboard.answers.base.context import Context
from dashboard.answers.charts.query import list_kinds
from dashboard.answers.search import search
from dashboard.answers.search.crossed import find_page_by_title
from dashboard.answers.search.views import SearchGroup, SearchHit, SearchView
from dashboard.interfaces.pages.shell.address import PageAddress, add_selection, write_chart_url
from dashboard.interfaces.pages.shell.state import Shell
from dashboard.locales import t

MAX_GROUP_HITS, MAX_KIND_HITS = 10, 100
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
    results: list[Results] = []
    picture: str = ""  # address of the chart of the first figure or indicator found; "" for none
    near_label: str = ""
    near: list[SearchHit] = []

    @rx.event
    async def load(self) -> rx.event.EventSpec | None:
        """Answer the address; Enter in the field of the header opens what is called exactly so, in its place.

        The reader's selection and day go along, as with every link.
        """
        address, lang = self._read_address(), self._get_lang()
        self.kind = address.kind
        limit = MAX_KIND_HITS if address.kind else MAX_GROUP_HITS

        def ask(ctx: Context, a: PageAddress) -> tuple[SearchView, str]:
            view = search(ctx, a.search, a.kind, limit)
            return view, choose_picture(ctx, view)

        found = await self._ask_services(ask)
        if found is None:
            return None
        view, self.picture = found
        self.result, self.near_label, self.near = view["text"], view["near_label"], view["near"]
        self.results = [_describe_group(group, lang) for group in view["groups"]]
        href = find_page_by_title(view) if self.router.url.query_parameters.get("enter") == "1" else ""
        return rx.redirect(add_selection(href, address), replace=True) if href else None


def choose_picture(ctx: Context, view: SearchView) -> str:
    """The address of the chart of the first figure, else of the first indicator with figures; "" for none."""
    hits = [hit for group in view["groups"] for hit in group["hits"] if _is_drawn(ctx, hit)]
    if not hits:
        return ""
    metric, asked = min(hits, key=lambda hit: hit["kind"] != "figure")["href"].split("/")[3:5]
    kind = next(iter(list_kinds(ctx, ctx.book.metrics[metric])), "")
    country = asked.rpartition("=")[2]
    address = PageAddress(countries=(country,) if country else (), as_of=ctx.day)
    return write_chart_url(kind, metric, address, ctx.lang) if kind else ""


def _is_drawn(ctx: Context, hit: SearchHit) -> bool:
    metric = ctx.book.metrics.get(hit["href"].split("/")[3]) if hit["kind"] in ("metric", "figure") else None
    return metric is not None and bool(hit["has_figures"]) and metric.quantity


def _describe_group(group: SearchGroup, lang: str) -> Results:
    shown, total = len(group["hits"]), group["total"]
    more = t("search.results.more", lang, shown=str(shown), total=str(total)) if shown < total else ""
    return Results(id=group["id"], label=group["label"], more=more, hits=group["hits"])
