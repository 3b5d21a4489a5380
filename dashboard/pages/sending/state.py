"""How far every country's figures have come, for the page of how they are sent."""

import reflex as rx

from dashboard.components.tables.standings import list_standings
from dashboard.pages.shell.state import Shell
from dashboard.submissions.model import PeriodStanding


class SendingState(Shell):
    """What is due and what has come."""

    standings: list[PeriodStanding] = []

    @rx.event
    async def load(self) -> None:
        """Every year that is due, or of which something was submitted."""
        found = await self._answer(lambda ctx, _: list_standings(ctx))
        if found is not None:
            self.standings = found
