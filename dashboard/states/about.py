"""Pages about the figures: sources, method, gallery."""

import reflex as rx

from dashboard.services.method import method
from dashboard.services.sources import sources
from dashboard.services.views import MethodSection, SourcesView
from dashboard.states.shell import NOTHING, Shell


class AboutState(Shell):
    """Where the figures come from and how they are made."""

    source_list: SourcesView = NOTHING
    sections: list[MethodSection] = []

    @rx.event
    async def arrive_at_sources(self) -> None:
        """Publishers with licence, age and failures."""
        view = await self._answer(lambda ctx, _: sources(ctx))
        if view is not None:
            self.source_list = view

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
