"""The Mapping page: what its address asks, answered whole."""

import reflex as rx

from dashboard.answers.mapping.page import view_mapping
from dashboard.answers.mapping.views import MappingView
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import t


class MappingState(Shell):
    """Everything on the page; its controls are links, so nothing else changes it."""

    view: MappingView = NOTHING

    @rx.event
    async def load(self) -> None:
        """Answer the address."""
        parameters = {name: str(value) for name, value in self.router.url.query_parameters.items()}
        view = await self._ask_services(lambda ctx, _: view_mapping(ctx, parameters))
        if view is None:
            return
        self.view, self.chart = view, view["chart"]
        if view["ignored"] and not self.ignored:
            parts = t("ui.list.semicolon", self._get_lang()).join(view["ignored"])
            self.ignored = t("ui.errors.ignored", self._get_lang(), parts=parts)
