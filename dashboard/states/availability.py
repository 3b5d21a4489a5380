"""What there is of which adopter: filters in the address, the matrix by address."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from dashboard.services.availability import GAPS, SORTS, ask, groups, sources
from dashboard.services.context import Context
from dashboard.services.views import Choice
from dashboard.states.address import RULES, Address
from dashboard.states.shell import Shell

FILTERS = ("theme", "source", "group", "gap", "sort")
"""Controls with one word; goal and counting rule are beside them."""


def matrix_url(address: Address, lang: str, form: str = "json") -> str:
    """Where the matrix of an address is."""
    said = {
        "theme": address.theme, "goal": address.goal or "", "source": address.source, "rule": address.rule,
        "group": address.group, "gap": address.gap, "sort": address.sort, "as_of": address.as_of, "lang": lang,
    }  # fmt: skip
    return f"/api/v1/availability.{form}?{urlencode({name: value for name, value in said.items() if value})}"


class AvailabilityState(Shell):
    """The filters of the page, and where its matrix and its file are."""

    theme: str = ""
    goal_number: str = ""
    source: str = ""
    group: str = ""
    gap: str = ""
    sort: str = SORTS[0]
    group_choices: list[Choice] = []
    source_choices: list[Choice] = []
    matrix: str = ""
    file: str = ""

    @rx.event
    async def arrive(self) -> None:
        """Answer the address; a filter that there is not is said in words."""

        def check(ctx: Context, address: Address) -> tuple[list[Choice], list[Choice]]:
            ask(
                ctx, address.theme, address.goal, address.source, address.rule, address.group, address.gap, address.sort
            )
            return groups(ctx), sources(ctx)

        found = await self._answer(check)
        if found is not None:
            self.group_choices, self.source_choices = found
            self._show(self._address())

    def _show(self, address: Address) -> None:
        self.theme, self.source, self.group = address.theme, address.source, address.group
        self.gap, self.sort = address.gap, address.sort or SORTS[0]
        self.goal_number = str(address.goal or "")
        self.matrix = matrix_url(address, self._lang())
        self.file = matrix_url(address, self._lang(), "csv")

    def _turn(self, address: Address) -> Any:
        self._show(address)
        return self._go(address)

    @rx.event
    def choose(self, control: str, value: str) -> Any:
        """Set one filter; "" takes it away."""
        if control not in FILTERS or not isinstance(value, str):
            return None
        known = {
            "gap": GAPS,
            "sort": SORTS,
            "group": [choice["id"] for choice in self.group_choices],
            "source": [choice["id"] for choice in self.source_choices],
        }
        value = value[:60]
        if value and control in known and value not in known[control]:
            return None
        change: dict[str, Any] = {control: "" if value == SORTS[0] else value}
        return self._turn(replace(self._address(), **change))

    @rx.event
    def choose_goal(self, number: str) -> Any:
        """Filter by goal; "" takes all."""
        goal = int(number) if str(number).isdecimal() and 1 <= int(number) <= 17 else 0
        return self._turn(replace(self._address(), goal=goal))

    @rx.event
    def choose_countries(self, rule: str) -> Any:
        """Count adopters by another rule."""
        self.rule = rule if rule in RULES else ""
        return self._turn(replace(self._address(), rule=self.rule)) if self.rule else None

    @rx.event
    def choose_view(self, view: str) -> Any:
        """The heatmap ("") or the table."""
        return self._go(replace(self._address(), tab="table" if view == "table" else ""))

    @rx.event
    def clear(self) -> Any:
        """Take all filters away."""
        empty = replace(self._address(), theme="", goal=0, source="", rule="", group="", gap="", sort="")
        return self._turn(empty)
