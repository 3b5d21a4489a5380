"""Up to twelve countries on up to four indicators."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any, TypedDict

import reflex as rx

from dashboard.answers.adoption.groups import list_groups, list_members
from dashboard.answers.base.context import Context
from dashboard.answers.base.views import Choice
from dashboard.answers.base.words import join_sentences
from dashboard.answers.charts.options import IndicatorOption, list_options
from dashboard.answers.charts.query import EVENTS
from dashboard.answers.compare.compare import compare
from dashboard.answers.compare.views import CompareView
from dashboard.answers.countries.peers import list_peers, view_peers
from dashboard.answers.countries.views import PeersView
from dashboard.answers.indicators.table import view_table
from dashboard.answers.indicators.views import TableView
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.pages.shell.address import (
    ANY,
    MAX_COMPARED,
    MAX_COUNTRIES,
    VIEWS,
    ChoiceLink,
    PageAddress,
    add_country,
    remove_country,
    write_chart_url,
)
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import format_unit, t

DEFAULT_INDICATOR = "wgi_cc"
ACROSS = ("egdi", "internet_users")
"""Indicators to the right of a scatter where the reader has chosen none: the first that is not the one upwards."""

MAX_PEERS = 8
"""Countries proposed as peers: those that are compared already are left out."""

MANY_COUNTRY_KINDS = ("multiples", "dumbbell")
"""Kinds of chart that tell more than six countries apart."""


class IndicatorGroup(TypedDict):
    """Indicators of one theme, for the list to choose from."""

    label: str
    options: list[IndicatorOption]


class ComparedChart(TypedDict):
    """One chart of the page."""

    metric: str
    name: str
    unit: str  # with the edition of its latest figures
    url: str


class PeerLink(TypedDict):
    """A country proposed for comparison: its reasons, and the view with it."""

    label: str
    title: str  # what the link does
    note: str
    to: str


class CompareState(Shell):
    """Charts, notes and tables of the countries and indicators in the address."""

    view: CompareView = NOTHING
    rows: TableView = NOTHING  # of the form that shows them
    charts: list[ComparedChart] = []
    chosen_indicator: str = DEFAULT_INDICATOR
    further: list[ChoiceLink] = []
    further_ids: str = ""
    metric_ids: str = ""
    across: str = ""
    form: str = "lines"
    event: str = ""
    unequal: bool = False
    sort: str = ""
    left_out: str = ""  # says which countries a form cannot tell apart
    peers: list[PeerLink] = []  # proposed beside the first country
    with_peers: str = ""  # address of the first country beside all its peers; "" where it stands beside them
    with_peers_text: str = ""
    peers_of: str = ""
    peers_text: str = ""
    peers_sources: str = ""
    files: str = ""  # query of the comparison as a file
    indicator_groups: list[IndicatorGroup] = []
    addable: list[Choice] = []  # the same indicators in one list, to be searched
    groups: list[Choice] = []
    group_left: str = ""  # says which countries of a group found no place
    years: list[int] = []

    tabs: list[ChoiceLink] = []
    sorts: dict[str, str] = {}  # indicator → the heatmap in its order: highest first, then lowest, then as chosen
    around: list[str] = ["", ""]  # pages of the table before and after this one
    insisted: str = ""  # address of the view that joins what does not measure the same, or no longer does

    @rx.event
    async def load(self) -> None:
        """Answer the address."""
        found = await self._ask_services(_ask)
        if found is None:
            return
        asked, self.group_left, self.view, rows, choices, groups, proposed, every = found
        if rows is not None:
            self.rows = rows
        first = asked.indicator or DEFAULT_INDICATOR
        self._update(
            groups=groups,
            addable=[
                {"id": option["id"], "label": option["name"], "note": option["theme_text"], "chosen": False}
                for option in choices
                if option["id"] != first
            ],
            indicator_groups=[
                {"label": theme, "options": list(members)}
                for theme, members in groupby(choices, key=lambda o: o["theme_text"])
            ],
        )
        spans = [
            year
            for line in self.view["metrics"][0]["lines"]
            for year in (line["first_year"], line["last_year"])
            if year is not None
        ]
        self.years = list(range(min(spans), max(spans) + 1)) if spans else []
        self.default_selection = not asked.countries
        shown = replace(asked, indicator=first, countries=tuple(c["id"] for c in self.view["countries"]))
        self._show_view(asked, shown.countries)
        self._show_choices(asked, shown)
        self._show_charts(shown)
        self._show_peers(asked, shown, proposed, every)

    def _show_choices(self, asked: PageAddress, shown: PageAddress) -> None:
        """The forms and further indicators to choose, as views of the address."""
        lang, book = self._get_lang(), load_codebook()
        self.form = _choose_form(asked)
        self.event = asked.event if asked.event in EVENTS else ""
        self.unequal, self.sort, self.chosen_indicator = asked.unequal, asked.sort, shown.indicator
        plain = replace(asked, tab="", group="")
        self.tabs = [
            self._make_link(form, t(f"compare.view.{form}", lang), replace(plain, view=form), form == self.form,
                       _join_urls(replace(shown, view=form), lang))
            for form in VIEWS
        ]  # fmt: skip
        metrics = _list_metrics(shown)
        self.further = [
            self._make_link(
                name,
                choose_text(book.metrics[name].name, lang),
                replace(plain, metrics=tuple(metric for metric in metrics[1:] if metric != name), sort=""),
                current=True,
            )
            for name in metrics[1:]
        ]
        self.metric_ids = ",".join(metrics)
        self.further_ids = ",".join(metrics[1:])
        self.sorts = {
            name: self._write_address(replace(plain, sort={name: f"{name}_up", f"{name}_up": ""}.get(self.sort, name)))
            for name in metrics
        }
        self.insisted = self._write_address(replace(plain, unequal=not asked.unequal))
        self.around = self._link_neighbours(self.rows["page"], self.rows["pages"]) if self.rows else ["", ""]
        chip = {iso3: remove_country(shown, iso3) for iso3 in shown.countries}
        self.picked = [
            {**link, "chart": _join_urls(chip[link["id"]], lang)} for link in self.picked if link["id"] in chip
        ]
        self.charts_with = _join_urls(add_country(shown, ANY, MAX_COMPARED), lang)

    def _show_peers(
        self, asked: PageAddress, shown: PageAddress, proposed: PeersView | None, every: tuple[str, ...]
    ) -> None:
        """Countries to add beside the first, each with its reasons, or all at once."""
        lang = self._get_lang()
        self.peers_of = t("compare.peers.heading", lang, country=proposed["name"]) if proposed else ""
        self.peers_text = join_sentences([proposed["text"], proposed["missing_text"]]) if proposed else ""
        sources = proposed["sources"] if proposed else []
        words = (
            f"{t('compare.peers.sources', lang)}{t('ui.list.colon', lang)}{t('ui.list.semicolon', lang).join(sources)}"
        )
        self.peers_sources = words if sources else ""
        plain = replace(asked, countries=shown.countries, tab="")
        self.peers = [
            PeerLink(
                label=peer["name"],
                title=t("compare.peers.add", lang, country=peer["name"]),
                note=" ".join([*(reason["text"] for reason in peer["reasons"]), peer["unknown_text"]]),
                to=self._write_address(add_country(plain, peer["iso3"], MAX_COMPARED)),
            )
            for peer in (proposed["peers"] if proposed else [])
        ]
        if len(shown.countries) >= MAX_COMPARED:
            self.peers = []
        together = (proposed["country"], *every) if proposed and every else ()
        self.with_peers = (
            self._write_address(replace(plain, countries=together)) if set(together) - {*shown.countries} else ""
        )
        self.with_peers_text = t("compare.pair.peers", lang, count=len(every))

    def _show_charts(self, shown: PageAddress) -> None:
        """The charts on the page, and what the page says of the choice."""
        lang, book = self._get_lang(), load_codebook()
        metrics, kind = _list_metrics(shown), _choose_kind(shown)
        named = _list_drawn(shown)
        rest = shown.countries[len(named) :] if kind else ()
        names = _join_names(lang, rest, book.countries)
        self.left_out = t("compare.page.six_only", lang, names=names) if rest else ""
        self.across = _choose_across(shown)
        editions = {metric["id"]: metric["edition"] for metric in self.view["metrics"]}
        self.charts = [
            {
                "metric": name,
                "name": choose_text(book.metrics[name].name, lang),
                "unit": " · ".join(filter(None, (format_unit(book.metrics[name].unit, lang), editions.get(name)))),
                "url": url,
            }
            for name, url in _write_urls(shown, lang).items()
        ]
        self.chart = _write_first_url(shown, lang)
        asked = replace(shown, view="", event="", unequal=False)
        self.files = write_chart_url("trend", ",".join(metrics), asked, lang).partition("?")[2]


def _ask(
    ctx: Context, address: PageAddress
) -> tuple[
    PageAddress,
    str,
    CompareView,
    TableView | None,
    list[IndicatorOption],
    list[Choice],
    PeersView | None,
    tuple[str, ...],
]:
    """The address with the countries of its group, who found no place, and what the services say of it."""
    address, left = _add_group(ctx, address)
    first, more = address.indicator or DEFAULT_INDICATOR, address.metrics
    event = address.event if address.event in EVENTS else ""
    period = address.first, address.last
    view = compare(ctx, first, address.countries, *period, more, address.sort, event)
    compared = tuple(country["id"] for country in view["countries"])
    rows = view_table(ctx, first, compared, *period, address.page) if _choose_form(address) == "rows" else None
    named = (first, *more)
    choices = [option for option in list_options(ctx)["indicators"] if not option["empty"] or option["id"] in named]
    first_country = next((country["id"] for country in view["countries"]), "")
    proposed: PeersView | None = None
    every: tuple[str, ...] = ()
    if first_country:
        every = list_peers(ctx, first_country)
        proposed = view_peers(ctx, first_country, MAX_PEERS + len(compared))
        proposed = {
            **proposed,
            "peers": [peer for peer in proposed["peers"] if peer["iso3"] not in compared][:MAX_PEERS],
        }
    choices.sort(key=lambda option: option["theme_text"])
    return address, left, view, rows, choices, list_groups(ctx), proposed, every


def _add_group(ctx: Context, address: PageAddress) -> tuple[PageAddress, str]:
    """The countries of the address and those of its group, as many as find a place; words for those that do not."""
    if not address.group:
        return address, ""
    every = tuple(dict.fromkeys((*address.countries, *list_members(ctx, address.group))))
    chosen, left = every[:MAX_COMPARED], every[MAX_COMPARED:]
    names = _join_names(ctx.lang, left, ctx.book.countries)
    words = t("answers.compare.too_many", ctx.lang, most=str(MAX_COMPARED), names=names) if left else ""
    return replace(address, countries=chosen, group=""), words


def _list_metrics(shown: PageAddress) -> list[str]:
    """The indicators compared, the first first."""
    return [name for name in dict.fromkeys((shown.indicator, *shown.metrics)) if name in load_codebook().metrics]


def _choose_across(shown: PageAddress) -> str:
    """The indicator to the right of a scatter."""
    others = (*_list_metrics(shown)[1:], *ACROSS)
    return shown.across or next(name for name in others if name != shown.indicator)


def _choose_form(address: PageAddress) -> str:
    """The form that is shown; ``tab=table`` is what its rows were called before."""
    return address.view or ("rows" if address.tab == "table" else "lines")


def _choose_kind(shown: PageAddress) -> str:
    """The kind of chart of a form; "" for the forms that are tables."""
    form = _choose_form(shown)
    if form == "lines":
        many = len(shown.countries) > MAX_COUNTRIES
        return "aligned" if shown.event in EVENTS else "multiples" if many else "trend"
    return form if form in ("slope", "dumbbell", "scatter", "ranking") else ""


def _list_drawn(shown: PageAddress) -> tuple[str, ...]:
    """The countries that the chart tells apart."""
    return shown.countries if _choose_kind(shown) in MANY_COUNTRY_KINDS else shown.countries[:MAX_COUNTRIES]


def _write_urls(shown: PageAddress, lang: str) -> dict[str, str]:
    """Indicator → the address of its chart in a view; none where its form is a table, and none of words."""
    kind, metrics = _choose_kind(shown), _list_metrics(shown)
    event = shown.event if shown.event in EVENTS else ""
    drawn = replace(shown, countries=_list_drawn(shown), across=_choose_across(shown), event=event)
    return {
        name: write_chart_url(kind, name, drawn, lang)
        for name in (metrics[:1] if kind == "scatter" else metrics)
        if kind and load_codebook().metrics[name].quantity
    }


def _join_urls(shown: PageAddress, lang: str) -> str:
    """The addresses of the charts of a view, as a link that leads to it names them."""
    return " ".join(_write_urls(shown, lang).values())


def _write_first_url(shown: PageAddress, lang: str) -> str:
    return next(iter(_write_urls(shown, lang).values()), "")


def _join_names(lang: str, codes: Iterable[str], entries: Mapping[str, Any]) -> str:
    """The names of countries or indicators, one after another."""
    return t("ui.list.comma", lang).join(choose_text(entries[code].name, lang) for code in codes)
