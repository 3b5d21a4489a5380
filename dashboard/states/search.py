"""The page of search results: what the address asks for."""

from dataclasses import replace
from typing import Any, TypedDict

import reflex as rx

from dashboard.locales import t
from dashboard.services.search import search
from dashboard.services.views import SearchGroup, SearchHit
from dashboard.states.address import KINDS
from dashboard.states.shell import Shell

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

    sought: str = ""
    kind: str = ""
    result: str = ""
    results: list[Results] = []
    near_label: str = ""
    near: list[SearchHit] = []

    @rx.event
    async def arrive(self) -> None:
        """Answer the address."""
        address, lang = self._address(), self._lang()
        self.sought, self.kind = address.search, address.kind
        limit = MANY if address.kind else FEW
        view = await self._answer(lambda ctx, a: search(ctx, a.search, a.kind, limit))
        if view is not None:
            self.result, self.near_label, self.near = view["text"], view["near_label"], view["near"]
            self.results = [_results(group, lang) for group in view["groups"]]

    @rx.event
    def look_for(self, form: dict[str, Any]) -> Any:
        """Search for the words of the form; the kind stays."""
        words = str(form.get("q", "")).strip()[:80]
        return self._go(replace(self._address(), search=words), replace_entry=False)

    @rx.event
    def choose_kind(self, kind: str) -> Any:
        """Search one kind alone; "" searches all."""
        return self._go(replace(self._address(), kind=kind)) if kind in ("", *KINDS) else None


def _results(group: SearchGroup, lang: str) -> Results:
    shown, total = len(group["hits"]), group["total"]
    more = t("search.results.more", lang, shown=str(shown), total=str(total)) if shown < total else ""
    return Results(id=group["id"], label=group["label"], more=more, hits=group["hits"])
