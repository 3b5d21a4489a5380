"""Up to six countries on one indicator."""

from dataclasses import replace
from itertools import groupby
from typing import Any, TypedDict

import reflex as rx

from dashboard.codebook import codebook
from dashboard.services.compare import compare
from dashboard.services.context import Context
from dashboard.services.options import options
from dashboard.services.views import CompareView, IndicatorOption
from dashboard.states.address import Address
from dashboard.states.shell import NOTHING, Shell

DEFAULT_INDICATOR = "wgi_cc"


class IndicatorGroup(TypedDict):
    """Indicators of one theme, for the list to choose from."""

    label: str
    options: list[IndicatorOption]


class CompareState(Shell):
    """Lines, notes and table of the countries in the address."""

    view: CompareView = NOTHING
    chosen_indicator: str = DEFAULT_INDICATOR
    indicator_groups: list[IndicatorGroup] = []
    years: list[int] = []

    @rx.event
    async def arrive(self) -> None:
        """Answer the address."""
        asked = self._address().indicator or DEFAULT_INDICATOR

        def ask(ctx: Context, address: Address) -> tuple[CompareView, list[IndicatorOption]]:
            view = compare(ctx, asked, address.countries, address.first, address.last, address.page)
            choices = [option for option in options(ctx)["indicators"] if not option["empty"] or option["id"] == asked]
            return view, sorted(choices, key=lambda option: option["theme_text"])

        answer = await self._answer(ask)
        if answer is None:
            return
        self.view, choices = answer
        self.indicator_groups = [
            {"label": theme, "options": list(members)}
            for theme, members in groupby(choices, key=lambda o: o["theme_text"])
        ]
        spans = [
            year for line in self.view["lines"] for year in (line["first_year"], line["last_year"]) if year is not None
        ]
        self.years = list(range(min(spans), max(spans) + 1)) if spans else []
        self.chosen_indicator = asked
        self.picked = self.view["countries"]
        self.tab = "table" if self.tab == "table" else "trend"
        shown = replace(self._address(), countries=tuple(c["id"] for c in self.picked))
        self._draw("trend", "" if self.view["empty"] else asked, shown)

    @rx.event
    def choose_indicator(self, indicator: str) -> Any:
        """Compare on another indicator."""
        if indicator not in codebook().metrics:
            return None
        self.chosen_indicator, self._subject = indicator, indicator
        return self._go(replace(self._address(), indicator=indicator, page=1), replace_entry=False)
