"""The index of indicators, filtered by the address."""

from dataclasses import replace
from typing import Any

import reflex as rx

from dashboard.services.indicators import indicators
from dashboard.services.views import IndicatorIndex
from dashboard.states.cards import without_strips
from dashboard.states.shell import NOTHING, Shell


class IndicatorsState(Shell):
    """Indicators that match theme, goal, principle and search of the address."""

    index: IndicatorIndex = NOTHING
    theme: str = ""
    goal_number: str = ""
    principle: str = ""
    search: str = ""

    @rx.event
    async def arrive(self) -> None:
        """Answer the address."""
        address = self._address()
        self.theme, self.principle, self.search = address.theme, address.principle, address.search
        self.goal_number = str(address.goal or "")
        index = await self._answer(lambda ctx, a: indicators(ctx, a.search, a.theme, a.goal, a.principle))
        if index is not None:
            self.index = without_strips(index)

    @rx.event
    def choose_theme(self, theme: str) -> Any:
        """Filter by theme; "" takes all."""
        self.theme = str(theme)[:60]
        return self._go(replace(self._address(), theme=self.theme))

    @rx.event
    def choose_goal(self, number: str) -> Any:
        """Filter by goal; "" takes all."""
        goal = int(number) if str(number).isdecimal() and 1 <= int(number) <= 17 else 0
        self.goal_number = str(goal or "")
        return self._go(replace(self._address(), goal=goal))

    @rx.event
    def choose_principle(self, principle: str) -> Any:
        """Filter by CEPA principle; "" takes all."""
        self.principle = str(principle)[:60]
        return self._go(replace(self._address(), principle=self.principle))

    @rx.event
    def look_for(self, form: dict[str, Any]) -> Any:
        """Search names, codes and definitions."""
        self.search = str(form.get("q", "")).strip()[:80]
        return self._go(replace(self._address(), search=self.search))

    @rx.event
    def clear(self) -> Any:
        """Take all filters away."""
        self.theme = self.goal_number = self.principle = self.search = ""
        return self._go(replace(self._address(), theme="", goal=0, principle="", search=""))
