"""One indicator: its page, its chart, its table."""

from dataclasses import dataclass, replace
from typing import Any, TypedDict

import reflex as rx

from dashboard.locales import t
from dashboard.services.breakdown import breakdown_view
from dashboard.services.context import Context
from dashboard.services.indicator import indicator
from dashboard.services.progress import indicator_progress
from dashboard.services.revisions import revisions
from dashboard.services.table import table
from dashboard.services.views import BreakdownView, IndicatorView, RevisionsView, TableView
from dashboard.services.views.progress import IndicatorProgress
from dashboard.states.address import SORTS, Address, day_of
from dashboard.states.cards import without_strips
from dashboard.states.shell import NOTHING, Shell

ROWS = 50
MAPS = ("map", "world")
"""The two forms of the map: equal squares first, boundaries by choice."""


class Tab(TypedDict):
    """One view of the figures."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the services say of the address; the table and the groups only where their tab is open."""

    view: IndicatorView
    revisions: RevisionsView
    progress: IndicatorProgress
    table: TableView | None = None
    groups: BreakdownView | None = None


def drawn(view: IndicatorView, address: Address) -> Address:
    """The address with what is shown where it leaves the choice to us: the tab, the countries, the breakdown."""
    kinds = [kind["id"] for kind in view["chart_kinds"]]
    return replace(
        address,
        tab=address.tab if address.tab in (*kinds, "table") else next(iter(kinds), "table"),
        countries=tuple(choice["id"] for choice in view["countries"]),
        dimension=address.dimension if address.dimension in _groups(view) else "",
    )


def _groups(view: IndicatorView) -> set[str]:
    return {found["id"].lower() for found in view["breakdowns"]}


class IndicatorState(Shell):
    """What the page of one indicator says."""

    view: IndicatorView = NOTHING
    table: TableView = NOTHING
    revisions: RevisionsView = NOTHING
    groups: BreakdownView = NOTHING
    progress: IndicatorProgress = NOTHING
    tabs: list[Tab] = []

    @rx.event
    async def arrive(self) -> None:
        """Answer the address: the indicator that ends the path."""
        name = self._asked()

        def ask(ctx: Context, address: Address) -> _Answer:
            view = indicator(ctx, name, address.countries, address.first, address.last)
            chosen = tuple(c["id"] for c in view["countries"])
            answer = _Answer(view, revisions(ctx, name, address.since), indicator_progress(ctx, name, chosen))
            period = (address.first, address.last)
            if address.tab == "table":
                return replace(answer, table=table(ctx, name, chosen, *period, address.page, ROWS))
            if address.tab == "breakdown" and "breakdown" in {kind["id"] for kind in view["chart_kinds"]}:
                by = drawn(view, address).dimension
                order = address.sort if address.sort in SORTS else SORTS[0]
                return replace(answer, groups=breakdown_view(ctx, name, chosen, *period, by, order))
            return answer

        answer = await self._answer(ask)
        if answer is None:
            return
        view = answer.view
        self.revisions, self.progress = answer.revisions, answer.progress
        self.view = without_strips(view)
        self.table = answer.table or NOTHING
        self.groups = answer.groups or NOTHING
        self.picked = view["countries"]
        self.tabs = [
            {"id": kind["id"], "label": kind["label"]} for kind in view["chart_kinds"] if kind["id"] != MAPS[1]
        ]
        self.tabs.append({"id": "table", "label": t("ui.controls.table", self._lang())})
        shown = drawn(view, self._address())
        self.tab = shown.tab
        self._draw(self.tab, "" if view["empty"] else view["id"], shown)

    @rx.event
    def choose_dimension(self, dimension: str) -> Any:
        """Break the figures down by something else; what the indicator is not broken down by changes nothing."""
        known = {found["id"].lower() for found in self.view.get("breakdowns", [])}
        return self._go(replace(self._address(), dimension=dimension)) if dimension in known else None

    @rx.event
    def choose_order(self, order: str) -> Any:
        """Put the countries of a breakdown in another order."""
        return self._go(replace(self._address(), sort=order)) if order in SORTS else None

    @rx.event
    def show_since(self, form: dict[str, Any]) -> Any:
        """Tell what changed since a day; "" tells all vintages."""
        given = form.get("since", "") if isinstance(form, dict) else ""
        return self._go(replace(self._address(), since=day_of(str(given)[:10])), section="revisions")

    @rx.event
    def show_all_vintages(self) -> Any:
        """Tell what changed since the dataset began."""
        return self._go(replace(self._address(), since=""), section="revisions")
