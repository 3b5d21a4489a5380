"""Pages about the figures: sources, method, gallery."""

from dataclasses import replace
from typing import Any

import reflex as rx

from dashboard.services.method import method
from dashboard.services.sources import sources
from dashboard.services.views import MethodSection, SourcesView
from dashboard.states.address import Address
from dashboard.states.availability import matrix_url
from dashboard.states.shell import NOTHING, Shell


class AboutState(Shell):
    """Where the figures come from and how they are made."""

    source_list: SourcesView = NOTHING
    matrix: str = ""
    sections: list[MethodSection] = []

    @rx.event
    async def arrive_at_sources(self) -> None:
        """Publishers with licence, age and failures."""
        view = await self._answer(lambda ctx, _: sources(ctx))
        if view is not None:
            self.source_list = view
            self.matrix = matrix_url(Address(as_of=self._address().as_of), self._lang())

    @rx.event
    def choose_view(self, view: str) -> Any:
        """Coverage as a heatmap ("") or a table."""
        return self._go(replace(self._address(), tab="table" if view == "table" else ""), section="coverage")

    @rx.event
    async def arrive_at_method(self) -> None:
        """Definitions and rules."""
        view = await self._answer(lambda ctx, _: method(ctx))
        if view is not None:
            self.sections = view["sections"]

    @rx.event
    async def arrive(self) -> None:
        """A page without figures of its own: only the footer's dataset."""
        await self._answer(lambda ctx, _: True)
