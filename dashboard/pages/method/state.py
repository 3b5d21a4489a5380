"""The rules by which figures are made."""

import reflex as rx

from dashboard.pages.shell.state import Shell
from dashboard.services.method.method import view_method
from dashboard.services.wording.views import MethodSection


class MethodState(Shell):
    """Definitions and rules."""

    sections: list[MethodSection] = []

    @rx.event
    async def load(self) -> None:
        """Definitions and rules."""
        view = await self._answer(lambda ctx, _: view_method(ctx))
        if view is not None:
            self.sections = view["sections"]
