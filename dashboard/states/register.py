"""The adoption register: counting rule and filters of its table, all in the address."""

from dataclasses import replace
from typing import Any

import reflex as rx

from dashboard.codebook.register_tables import LEVELS, WITNESSES
from dashboard.services.context import Context
from dashboard.services.counting import DEFAULT_RULE
from dashboard.services.register import ANSWERS, SORTS, TYPES, ask, table, years_of
from dashboard.services.register_page import register_page
from dashboard.services.views import RegisterTable, RegisterView
from dashboard.states.address import Address, counted_url
from dashboard.states.shell import NOTHING, Shell

CHOICES: dict[str, tuple[str, ...]] = {
    "event": TYPES,
    "source": WITNESSES,
    "evidence": LEVELS,
    "disputed": ANSWERS,
    "sort": SORTS,
}
"""The lists beside the table, with what can be chosen in them."""


class RegisterState(Shell):
    """What the page says by the rule of the address, and the events its filters leave."""

    view: RegisterView = NOTHING
    table: RegisterTable = NOTHING
    years: list[int] = []
    event: str = ""
    source: str = ""
    evidence: str = ""
    disputed: str = ""
    sort: str = SORTS[0]
    looked_for: str = ""

    @rx.event
    async def arrive(self) -> None:
        """Answer the address; countries without a record are not sent."""

        def answer(ctx: Context, address: Address) -> tuple[RegisterView, RegisterTable, list[int]]:
            asked = ask(
                ctx,
                address.countries,
                address.first,
                address.last,
                address.event,
                address.source,
                address.evidence,
                address.disputed,
                address.search,
                address.sort,
            )
            return register_page(ctx, address.rule or DEFAULT_RULE), table(ctx, asked), years_of(ctx)

        found = await self._answer(answer)
        if found is not None:
            view, self.table, self.years = found
            recorded = [tile for tile in view["tiles"] if tile["status"] != "no_record" or tile["origin"]]
            self.view = {**view, "tiles": recorded}
            address = self._address()
            self.rule = address.rule or DEFAULT_RULE
            self.chart = counted_url("claims", address, self._lang())
            self._show(address)

    def _show(self, address: Address) -> None:
        self.event, self.source, self.evidence = address.event, address.source, address.evidence
        self.disputed, self.sort, self.looked_for = address.disputed, address.sort or SORTS[0], address.search

    @rx.event
    def choose(self, control: str, value: str) -> Any:
        """Set one filter or the order; "" takes a filter away."""
        if control not in CHOICES or (value and value not in CHOICES[control]):
            return None
        change: dict[str, Any] = {control: "" if value == SORTS[0] else value}
        address = replace(self._address(), **change)
        self._show(address)
        return self._go(address, section="events")

    @rx.event
    def look_for(self, form: dict[str, Any]) -> Any:
        """Look for words within the register."""
        address = replace(self._address(), search=str(form.get("q", "")).strip()[:80])
        self._show(address)
        return self._go(address, section="events")

    @rx.event
    def clear(self) -> Any:
        """Take all filters of the table away; the counting rule stays."""
        empty = dict.fromkeys(("event", "source", "evidence", "disputed", "sort", "search"), "")
        address = replace(self._address(), countries=(), first=None, last=None, **empty)  # type: ignore[arg-type]
        self._show(address)
        return self._go(address, section="events")
