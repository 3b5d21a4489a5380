"""Up to twelve countries on up to four indicators."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any, TypedDict

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.locales import t, unit_label
from dashboard.services.charting_compared import EVENTS
from dashboard.services.compare import compare
from dashboard.services.context import Context, context
from dashboard.services.groups import country_groups, members_of
from dashboard.services.options import options
from dashboard.services.views import Choice, CompareView, IndicatorOption
from dashboard.states.address import (
    MOST_COMPARED,
    MOST_COUNTRIES,
    MOST_METRICS,
    VIEWS,
    YEARS,
    Address,
    chart_url,
    query,
    with_country,
    with_period,
    without_country,
)
from dashboard.states.shell import NOTHING, Shell

DEFAULT_INDICATOR = "wgi_cc"
ACROSS = ("egdi", "internet_users")
"""Indicators to the right of a scatter where the reader has chosen none: the first that is not the one upwards."""

MANY = ("multiples", "dumbbell")
"""Kinds of chart that tell more than six countries apart."""


class IndicatorGroup(TypedDict):
    """Indicators of one theme, for the list to choose from."""

    label: str
    options: list[IndicatorOption]


class ComparedChart(TypedDict):
    """One chart of the page."""

    metric: str
    name: str
    unit: str
    url: str


class CompareState(Shell):
    """Charts, notes and tables of the countries and indicators in the address."""

    view: CompareView = NOTHING
    charts: list[ComparedChart] = []
    chosen_indicator: str = DEFAULT_INDICATOR
    further: list[Choice] = []
    across: str = ""
    form: str = "lines"
    event: str = ""
    unequal: bool = False
    sort: str = ""
    left_out: str = ""  # says which countries a form cannot tell apart
    focus: str = ""  # whose peers are proposed
    focus_name: str = ""
    files: str = ""  # query of the comparison as a file
    indicator_groups: list[IndicatorGroup] = []
    addable: list[Choice] = []  # the same indicators in one list, to be searched
    groups: list[Choice] = []
    group_left: str = ""  # says which countries of a group found no place
    compared: str = ""  # what the reader compares, in words; "" while the countries are ours
    compared_at: str = ""  # the query of the address these are the words of
    years: list[int] = []

    _grouped: tuple[str, ...] = ()  # the selection that ``group_left`` is said of

    @rx.event
    async def arrive(self) -> None:
        """Answer the address."""
        asked = self._address()
        first, more = asked.indicator or DEFAULT_INDICATOR, asked.metrics
        event = asked.event if asked.event in EVENTS else ""

        def ask(ctx: Context, address: Address) -> tuple[CompareView, list[IndicatorOption], list[Choice]]:
            view = compare(
                ctx, first, address.countries, address.first, address.last, address.page, more, address.sort, event
            )
            told = (first, *more)
            choices = [option for option in options(ctx)["indicators"] if not option["empty"] or option["id"] in told]
            return view, sorted(choices, key=lambda option: option["theme_text"]), country_groups(ctx)

        answer = await self._answer(ask)
        if answer is None:
            return
        self.view, choices, groups = answer
        self._renew(
            groups=groups,
            addable=[
                {"id": it["id"], "label": it["name"], "note": it["theme_text"], "chosen": False}
                for it in choices
                if it["id"] != first
            ],
            indicator_groups=[
                {"label": theme, "options": list(members)}
                for theme, members in groupby(choices, key=lambda o: o["theme_text"])
            ],
        )
        spans = [
            year for line in self.view["lines"] for year in (line["first_year"], line["last_year"]) if year is not None
        ]
        self.years = list(range(min(spans), max(spans) + 1)) if spans else []
        self.picked = self.view["countries"]
        shown = replace(self._address(), countries=tuple(c["id"] for c in self.picked))
        self._draw("trend", first, shown)

    def _draw(self, kind: str, subject: str, address: Address) -> None:
        """Say which charts are on the page; ``subject`` is the first indicator."""
        lang, book = self._lang(), codebook()
        self._kind, self._subject = "trend", subject
        self.chosen_indicator = subject
        self.form = address.view or ("rows" if address.tab == "table" else "lines")
        self.event = address.event if address.event in EVENTS else ""
        self.unequal, self.sort = address.unequal, address.sort
        metrics = [name for name in (subject, *address.metrics) if name in book.metrics]
        self.further = [
            {"id": name, "label": text(book.metrics[name].name, lang), "note": "", "chosen": True}
            for name in metrics[1:]
        ]
        many = len(address.countries) > MOST_COUNTRIES
        kind = _kind_of(self.form, self.event, many)
        self.across = address.across or next((name for name in (*metrics[1:], *ACROSS) if name != subject), ACROSS[0])
        named = address.countries if kind in MANY else address.countries[:MOST_COUNTRIES]
        rest = address.countries[len(named) :] if kind else ()
        names = _listed(lang, rest, book.countries)
        self.left_out = t("compare.page.six_only", lang, names=names) if rest else ""
        drawn = replace(address, countries=named, across=self.across, event=self.event)
        self.charts = [
            {
                "metric": name,
                "name": text(book.metrics[name].name, lang),
                "unit": unit_label(book.metrics[name].unit, lang),
                "url": chart_url(kind, name, drawn, lang),
            }
            for name in (metrics[:1] if kind == "scatter" else metrics)
            if kind and book.metrics[name].quantity
        ]
        self.chart = self.charts[0]["url"] if self.charts else ""
        if address.countries != self._grouped:
            self.group_left = ""
        said = (_listed(lang, address.countries, book.countries), _listed(lang, metrics, book.metrics))
        self.compared = "" if self.default_selection else " · ".join(said)
        self.compared_at = query(self._address()) if self._going else self.router.url.query
        self.focus = address.countries[0] if address.countries else ""
        asked = replace(address, view="", event="", unequal=False)
        self.files = chart_url("trend", ",".join(metrics), asked, lang).partition("?")[2]
        self.focus_name = text(book.countries[self.focus].name, lang) if self.focus else ""

    def _now(self, **changes: Any) -> Any:
        """The address with these changes; the browser's Back undoes them."""
        address = replace(self._chosen() if changes.pop("keep", False) else self._address(), **changes, page=1, tab="")
        return self._go(address, replace_entry=False)

    @rx.event
    def add_country(self, iso3: str) -> Any:
        """Add a country to the selection."""
        if iso3 not in codebook().countries or len(self.picked) >= MOST_COMPARED:
            return None
        return self._go(with_country(self._chosen(), iso3, MOST_COMPARED), replace_entry=False)

    @rx.event
    def remove_country(self, iso3: str) -> Any:
        """Take a country out of the selection."""
        address = self._chosen()
        return self._go(without_country(address, iso3), replace_entry=False) if iso3 in address.countries else None

    @rx.event
    async def add_group(self, group: str) -> Any:
        """Add the countries of a group by name, as many as find a place, and say which do not."""
        lang, address = self._lang(), self._address()
        members = await rx.run_in_thread(lambda: members_of(context(lang), str(group)))
        every = tuple(dict.fromkeys((*address.countries, *members)))
        if every == address.countries:
            return None
        chosen, left = every[:MOST_COMPARED], every[MOST_COMPARED:]
        names = _listed(lang, left, codebook().countries)
        self._grouped = chosen
        self.group_left = t("answers.compare.too_many", lang, most=str(MOST_COMPARED), names=names) if left else ""
        return self._now(countries=chosen)

    @rx.event
    def choose_first(self, year: str) -> Any:
        """Set the first year; "" takes all."""
        return self._go(with_period(self._address(), _year(year), self._address().last), replace_entry=False)

    @rx.event
    def choose_last(self, year: str) -> Any:
        """Set the last year; "" takes all."""
        return self._go(with_period(self._address(), self._address().first, _year(year)), replace_entry=False)

    @rx.event
    def choose_indicator(self, indicator: str) -> Any:
        """Compare on another first indicator."""
        if indicator not in codebook().metrics:
            return None
        self._subject = indicator
        further = tuple(name for name in self._address().metrics if name != indicator)
        return self._now(indicator=indicator, metrics=further, sort="")

    @rx.event
    def add_indicator(self, indicator: str) -> Any:
        """Compare on one more indicator."""
        address = self._address()
        told = (self._subject, *address.metrics)
        if indicator not in codebook().metrics or indicator in told or len(told) >= MOST_METRICS:
            return None
        return self._now(keep=True, indicator=self._subject, metrics=(*address.metrics, indicator))

    @rx.event
    def remove_indicator(self, indicator: str) -> Any:
        """Compare without that further indicator."""
        address = self._address()
        if indicator not in address.metrics:
            return None
        return self._now(metrics=tuple(name for name in address.metrics if name != indicator), sort="")

    @rx.event
    def choose_form(self, form: str) -> Any:
        """Show the same figures in another form."""
        return self._now(view=form) if form in VIEWS else None

    @rx.event
    def choose_across(self, indicator: str) -> Any:
        """Set the indicator to the right of the scatter."""
        return self._now(across=indicator) if indicator in codebook().metrics else None

    @rx.event
    def choose_event(self, event: str) -> Any:
        """Count years from the event of this kind; "" counts calendar years."""
        return self._now(event=event) if event in ("", *EVENTS) else None

    @rx.event
    def insist(self, wish: bool) -> Any:
        """Join figures that do not measure the same, or no longer."""
        return self._now(unequal=wish) if isinstance(wish, bool) else None

    @rx.event
    def sort_by(self, metric: str) -> Any:
        """Order the heatmap by an indicator, highest first; again: lowest first; again: as chosen."""
        if metric not in codebook().metrics:
            return None
        turns = {metric: f"{metric}_up", f"{metric}_up": ""}
        return self._now(sort=turns.get(self._address().sort, metric))

    @rx.event
    def reset_selection(self) -> Any:
        """Forget countries, period and as-of date."""
        return self._now(countries=(), first=None, last=None, as_of="")


def _listed(lang: str, codes: Iterable[str], known: Mapping[str, Any]) -> str:
    """The names of countries or indicators, one after another."""
    return t("ui.list.comma", lang).join(text(known[code].name, lang) for code in codes)


def _kind_of(form: str, event: str, many: bool) -> str:
    """The kind of chart of a form; "" for the forms that are tables."""
    if form == "lines":
        return "aligned" if event else "multiples" if many else "trend"
    return form if form in ("slope", "dumbbell", "scatter", "ranking") else ""


def _year(value: object) -> int | None:
    said = str(value)
    return int(said) if said.isascii() and said.isdigit() and YEARS[0] <= int(said) <= YEARS[1] else None
