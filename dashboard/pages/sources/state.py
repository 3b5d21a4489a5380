"""Publishers with licence, age and failures, and their coverage as a heatmap or a table."""

import reflex as rx

from dashboard.pages.shell.address import ChoiceLink
from dashboard.pages.shell.state import NOTHING, Shell
from dashboard.services.freshness.sources import view_sources
from dashboard.services.freshness.views import SourcesView
from dashboard.services.site.availability import AvailabilityQuery
from dashboard.services.site.matrix import MatrixPage, view_matrix_page


class SourcesState(Shell):
    """Where the figures come from."""

    source_list: SourcesView = NOTHING
    matrix: MatrixPage = NOTHING
    around: list[str] = ["", ""]
    views: list[ChoiceLink] = []

    @rx.event
    async def load(self) -> None:
        """Publishers with licence, age and failures."""
        found = await self._answer(
            lambda ctx, a: (view_sources(ctx), view_matrix_page(ctx, AvailabilityQuery(), a.page))
        )
        if found is not None:
            self.source_list, self.matrix = found
            self.around = self._pages(self.matrix["page"], self.matrix["pages"])
            self.views = self._matrix_views("availability.view", ("matrix", "table"))
