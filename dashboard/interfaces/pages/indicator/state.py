"""One indicator: its page, its chart, its table."""

from dataclasses import dataclass, replace

import reflex as rx

from dashboard.answers.base.context import Context
from dashboard.answers.indicators.breakdown import view_breakdown
from dashboard.answers.indicators.indicator import view_indicator
from dashboard.answers.indicators.table import view_table
from dashboard.answers.indicators.views import BreakdownView, IndicatorView, TableView
from dashboard.answers.progress.progress import assess_indicator
from dashboard.answers.progress.views import IndicatorProgress
from dashboard.answers.revisions.disagreements import summarise_disagreements
from dashboard.answers.revisions.revisions import view_revisions
from dashboard.answers.revisions.views import RevisionsView
from dashboard.interfaces.pages.shell.address import (
    INDICATOR_TABS,
    SORTS,
    TABS,
    ChoiceLink,
    PageAddress,
    remove_country,
    write_chart_url,
)
from dashboard.interfaces.pages.shell.cards import drop_strips
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import t

TABLE_ROWS, PART_ROWS = 25, 15
"""Rows of the table in place of the chart, and of the one below it."""
MAPS = ("map", "world")
"""The two forms of the map: equal squares first, boundaries by choice."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the services say of the address; all but the first only where their tab or part is open."""

    view: IndicatorView
    revisions: RevisionsView | None = None
    progress: IndicatorProgress | None = None
    table: TableView | None = None
    groups: BreakdownView | None = None
    disagreements: str = ""


def complete_address(view: IndicatorView, address: PageAddress) -> PageAddress:
    """The address with what is shown where it leaves the choice to us: the tab, the countries, the breakdown."""
    kinds = [kind["id"] for kind in view["chart_kinds"]]
    return replace(
        address,
        tab=address.tab if address.tab in (*kinds, "table") else next(iter(kinds), "table"),
        countries=tuple(choice["id"] for choice in view["countries"]),
        dimension=address.dimension if address.dimension in _list_breakdowns(view) else "",
    )


def choose_part(address: PageAddress) -> str:
    """The part below the chart; a day since which revisions are asked for opens them."""
    return address.part or ("revisions" if address.since else INDICATOR_TABS[0])


def _list_breakdowns(view: IndicatorView) -> set[str]:
    return {found["id"].lower() for found in view["breakdowns"]}


class IndicatorState(Shell):
    """What the page of one indicator says."""

    view: IndicatorView = NOTHING
    table: TableView = NOTHING
    revisions: RevisionsView = NOTHING
    groups: BreakdownView = NOTHING
    progress: IndicatorProgress = NOTHING
    tabs: list[ChoiceLink] = []
    maps: list[ChoiceLink] = []
    part: str = INDICATOR_TABS[0]  # what is open below the chart
    parts: list[ChoiceLink] = []
    around: list[str] = ["", ""]  # pages of the table before and after this one
    every_vintage: str = ""
    disagreements: str = ""  # that sources disagree; "" where none do
    disagreements_to: str = ""

    @rx.event
    async def load(self) -> None:
        """Answer the address: the indicator that ends the path."""
        name = self._get_entry()

        def ask(ctx: Context, address: PageAddress) -> _Answer:
            view = view_indicator(ctx, name, address.countries, address.first, address.last)
            chosen = tuple(c["id"] for c in view["countries"])
            answer = _Answer(view, disagreements=summarise_disagreements(ctx, name))
            period, part = (address.first, address.last), choose_part(address)
            if part == "revisions":
                answer = replace(answer, revisions=view_revisions(ctx, name, address.since, chosen=chosen))
            if part == "status":
                answer = replace(answer, progress=assess_indicator(ctx, name, chosen))
            if address.tab == "table" or part == "figures":
                rows = TABLE_ROWS if address.tab == "table" else PART_ROWS
                answer = replace(answer, table=view_table(ctx, name, chosen, *period, address.page, rows))
            if address.tab == "breakdown" and "breakdown" in {kind["id"] for kind in view["chart_kinds"]}:
                by = complete_address(view, address).dimension
                order = address.sort if address.sort in SORTS else SORTS[0]
                return replace(answer, groups=view_breakdown(ctx, name, chosen, *period, by, order))
            return answer

        answer = await self._ask_services(ask)
        if answer is None:
            self.view = NOTHING  # or the window would be called by the indicator before
            return
        view = answer.view
        self.revisions, self.progress = answer.revisions or NOTHING, answer.progress or NOTHING
        self.view = drop_strips(view)
        self.disagreements = answer.disagreements
        self.disagreements_to = f"/{self._get_lang()}/disagreements/?indicator={view['id']}"
        self.table = answer.table or NOTHING
        self.around = self._link_neighbours(answer.table["page"], answer.table["pages"]) if answer.table else ["", ""]
        self.groups = answer.groups or NOTHING
        shown = complete_address(view, self._read_address())
        self.tab = shown.tab
        self._show_view(self._read_address(), shown.countries)
        self._show_choices(view, shown)

    def _show_choices(self, view: IndicatorView, shown: PageAddress) -> None:
        """The tabs and the chips, each with the chart it leads to."""
        lang, asked = self._get_lang(), self._read_address()

        def chart(address: PageAddress) -> str:
            return (
                ""
                if view["empty"] or address.tab not in TABS[:-1]
                else write_chart_url(address.tab, view["id"], address, lang)
            )

        def tab(id_: str, label: str, current: bool) -> ChoiceLink:
            return self._make_link(id_, label, replace(asked, tab=id_), current, chart(replace(shown, tab=id_)))

        self.chart = chart(shown)
        names = {kind["id"]: kind["label"] for kind in view["chart_kinds"]} | {"table": t("ui.controls.table", lang)}
        now = MAPS[0] if shown.tab in MAPS else shown.tab
        self.tabs = [tab(id_, label, id_ == now) for id_, label in names.items() if id_ != MAPS[1]]
        forms = zip(MAPS, ("tiles", "boundaries"), strict=True)
        self.maps = [tab(id_, t(f"worldmap.{form}", lang), id_ == shown.tab) for id_, form in forms]
        self.picked = [{**link, "chart": chart(remove_country(shown, link["id"]))} for link in self.picked]
        self.part = choose_part(asked)
        plain = replace(asked, since="")
        self.parts = self._list_choices(
            "pages.indicator_part", INDICATOR_TABS, self.part, plain, "part", INDICATOR_TABS[0]
        )
        self.every_vintage = self._write_address(replace(asked, since="", part="revisions"))
