"""The list of countries and one country."""

from dataclasses import replace
from typing import TypedDict

import reflex as rx

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.views import Choice, cut_page
from dashboard.answers.countries.country import view_country, view_median
from dashboard.answers.countries.index import SORTS, search_countries
from dashboard.answers.countries.views import CountryIndex, CountryView, MedianView, ThemeRows
from dashboard.answers.countries.worklist import set_deadline
from dashboard.answers.country_services import show_reported_of
from dashboard.answers.reported.views import ReportedLane
from dashboard.answers.revisions.disagreements import summarise_disagreements
from dashboard.answers.surveys.figures import view_surveys
from dashboard.interfaces.components.tables.standings import find_deadline
from dashboard.interfaces.pages.countries.peers import (
    GROUPS,
    Beside,
    choose_indicator,
    compare_rows,
    list_charted,
    write_chart_beside_url,
)
from dashboard.interfaces.pages.shell.address import COUNTRY_TABS, ChoiceLink, PageAddress
from dashboard.interfaces.pages.shell.state import NOTHING, Shell

PAGE_ROWS = 25
"""Indicators on a page of what is missing."""


class CountriesState(Shell):
    """Countries that match search, status, region and order of the address."""

    index: CountryIndex = NOTHING
    status: str = ""
    region: str = ""
    order: str = ""
    around: list[str] = ["", ""]  # pages of the list before and after this one
    cleared: str = ""

    @rx.event
    async def load(self) -> None:
        """Answer the address."""
        a = self._read_address()
        self.status, self.region = a.status, a.group
        self.order = a.sort or SORTS[0]
        index = await self._ask_services(
            lambda ctx, a: search_countries(ctx, a.search, a.status, a.group, a.sort, a.page), cached=True
        )
        if index is not None:
            self.index = index
            self.around = self._link_neighbours(index["page"], index["pages"])
            self.cleared = self._write_address(replace(a, search="", status="", group="", sort=""))


class CountryState(Shell):
    """What the page of one country says: the part of it that the tab of the address asks for."""

    view: CountryView = NOTHING
    tabs: list[ChoiceLink] = []
    themes: list[ChoiceLink] = []  # on the tab of indicators
    brief: str = ""  # where the brief of two pages is
    report: str = ""  # where the full report is
    workbook: str = ""  # where all its figures are, as a workbook
    beside: dict[str, Beside] = {}
    charted: list[Choice] = []  # indicators that can be drawn beside others
    drawn: str = ""  # the one that is
    national: str = ""  # indicator of the national series that is shown
    national_links: dict[str, str] = {}  # indicator → the view with its national series
    number: int = 1  # of the page of what is missing
    pages: int = 1
    around: list[str] = ["", ""]  # its pages before and after this one
    median: MedianView = NOTHING  # the one whose figures are shown beside the page
    opened: bool = False  # whether it is
    median_links: dict[str, dict[str, str]] = {}  # indicator → group → the view with the figures of that median
    without: str = ""  # the same view without the figures
    reported: list[ReportedLane] = []  # on the tab of services
    surveys: list[ReportedLane] = []  # beside it
    disagreements: str = ""  # that sources disagree on figures of the country; "" where none do

    @rx.event
    async def load(self) -> None:
        """Answer the address: the country that ends the path."""
        iso3 = self._get_entry()

        def question(ctx: Context, address: PageAddress) -> tuple[Tab, MedianView | None]:
            asked = address.tab == "indicators" and address.group in GROUPS and address.indicator in ctx.book.metrics
            part = _view_tab(ctx, iso3, address.tab)
            return part, view_median(ctx, iso3, address.indicator, address.group) if asked else None

        found = await self._ask_services(question, cached=True)
        if found is None:
            self.view = NOTHING  # or the window would be called by the country before
            return
        part, median = found
        lang, address = self._get_lang(), self._read_address()
        tab, view, self.disagreements = part["tab"], part["view"], part["disagreements"]
        shown: CountryView = {**view, "themes": [_drop_medians(theme) for theme in view["themes"]]}
        filled = [theme for theme in view["themes"] if theme["rows"]]
        if tab == "indicators" and filled:
            named = next((theme for theme in filled if theme["theme"] == address.theme), filled[0])
            shown["themes"] = [_drop_medians(named)]
            self.themes = [
                self._make_link(theme["theme"], theme["label"], replace(address, theme=theme["theme"]), theme is named)
                for theme in filled
            ]
        if tab == "gaps":
            rows, self.number, self.pages = cut_page(len(shown["missing"]), address.page, PAGE_ROWS)
            self.around = self._link_neighbours(self.number, self.pages)
            due = await rx.run_in_thread(lambda: find_deadline(view["iso3"]))
            shown["missing"] = set_deadline(lang, view["missing"][rows], due)
        self.view = shown
        lanes = await self._ask_services(lambda ctx, _: show_reported_of(ctx, iso3)) if tab == "services" else None
        self.reported = lanes or []
        asked = await self._ask_services(lambda ctx, _: view_surveys(ctx, iso3)) if tab == "services" else None
        self.surveys = asked or []
        own = [series["indicator"] for series in shown["national"]]
        self.national = address.indicator if address.indicator in own else next(iter(own), "")
        self.national_links = {name: self._write_address(replace(address, indicator=name)) for name in own}
        self.tabs = self._list_choices("country.tab", part["offered"], tab, address, "tab", COUNTRY_TABS[0])
        day = f"&as_of={view['dataset_status']['as_of']}"
        self.brief = f"/api/v1/reports/brief/{view['iso3']}.pdf?lang={lang}{day}"
        self.report = f"/api/v1/reports/country/{view['iso3']}.pdf?lang={lang}{day}"
        self.workbook = f"/api/v1/observations.xlsx?country={view['iso3']}&lang={lang}{day}"
        tables = tab == "indicators"
        self.beside = compare_rows(view, lang) if tables else {}
        self.charted = list_charted(view, self.beside) if tables else []
        self.drawn = choose_indicator(self.charted, address) if tables else ""
        self.chart = write_chart_beside_url(view, self.drawn, address, lang) if tables else ""
        self.median = median or NOTHING
        self.opened, self.without = bool(median and median["rows"]), self._write_address(replace(address, group=""))
        self.median_links = {
            row["indicator"]: {
                group: self._write_address(replace(address, indicator=row["indicator"], group=group))
                for group in GROUPS
            }
            for theme in (self.view["themes"] if tab == "indicators" else [])
            for row in theme["rows"]
        }


TAB_BY_LIST: dict[str, str] = {
    "themes": "indicators",
    "strip": "",
    "strip_legend": COUNTRY_TABS[0],
    "national": "national",
    "missing": "gaps",
    "missing_kinds": "gaps",
    "voices": "services",
    "reported": "",
    "surveys": "",
    "legal": COUNTRY_TABS[0],
    "acts": "adoption",
    "plans": "adoption",
    "targets": "adoption",
    "sought": "adoption",
}
"""Lists of a country and the tab that shows each: to the others it is not sent; "" is none."""


class Tab(TypedDict):
    """What one tab of the page shows."""

    tab: str
    offered: list[str]  # the tabs that there are
    view: CountryView  # without the lists that others show
    disagreements: str


@cached
def _view_tab(ctx: Context, iso3: str, asked: str) -> Tab:
    """The tab that is asked for, else the first: mostly a seventh of what is known of the country."""
    view = view_country(ctx, iso3)
    offered = [name for name in COUNTRY_TABS if name != "national" or view["national"]]
    tab = asked if asked in offered else offered[0]
    shown: CountryView = {**view, **{name: [] for name, shows in TAB_BY_LIST.items() if tab != shows}}  # type: ignore[typeddict-item]
    if tab != offered[0]:
        shown["summary"] = {
            "lanes": [], "rows": [], "peers_label": "", "goals": [], "unmeasured": "", "strongest": [], "weakest": [],
        }  # fmt: skip
    return Tab(tab=tab, offered=offered, view=shown, disagreements=summarise_disagreements(ctx, iso3=view["iso3"]))


def _drop_medians(theme: ThemeRows) -> ThemeRows:
    """The theme without medians: they travel in ``beside``."""
    return {**theme, "rows": [{**row, "medians": []} for row in theme["rows"]]}
