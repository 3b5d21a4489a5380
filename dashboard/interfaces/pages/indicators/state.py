"""The index of indicators, filtered and sorted by the address."""

from dataclasses import replace

import reflex as rx

from dashboard.answers.indicators.index import SORTS, search_indicators
from dashboard.answers.indicators.views import IndicatorIndex
from dashboard.interfaces.pages.shell.address import ChoiceLink
from dashboard.interfaces.pages.shell.state import NOTHING, Shell


class IndicatorsState(Shell):
    """A page of the indicators that match theme, goal, principle and search of the address."""

    index: IndicatorIndex = NOTHING
    theme: str = ""
    goal_number: str = ""
    principle: str = ""
    strength: str = ""
    cleared: str = ""
    sorts: list[ChoiceLink] = []
    around: list[str] = ["", ""]  # pages of the table before and after this one

    @rx.event
    async def load(self) -> None:
        """Answer the address."""
        a = self._read_address()
        self.theme, self.principle, self.strength = a.theme, a.principle, a.strength
        self.goal_number = str(a.goal or "")
        index = await self._ask_services(
            lambda ctx, a: search_indicators(ctx, a.search, a.theme, a.goal, a.principle, a.sort, a.page, a.strength),
            cached=True,
        )
        if index is not None:
            self.index = index
            self.around = self._link_neighbours(index["page"], index["pages"])
            self.cleared = self._write_address(replace(a, theme="", goal=0, principle="", strength="", search=""))
            self.sorts = self._list_choices("pages.indicators.sort", SORTS, index["sort"], a, "sort", SORTS[0])
