"""The first page."""

from dataclasses import replace

import reflex as rx

from dashboard.pages.shell.address import write_counted_url
from dashboard.pages.shell.state import NOTHING, RuleLink, Shell
from dashboard.services.adoption.counting import DEFAULT_RULE
from dashboard.services.site.overview import view_overview
from dashboard.services.site.views import OverviewView


class OverviewState(Shell):
    """What the first page says by the counting rule of the address; countries without a record are not sent."""

    view: OverviewView = NOTHING
    rules: list[RuleLink] = []

    @rx.event
    async def load(self) -> None:
        """Answer the address."""
        view = await self._answer(lambda ctx, address: view_overview(ctx, address.rule or DEFAULT_RULE), cached=True)
        if view is not None:
            recorded = [tile for tile in view["tiles"] if tile["status"] != "no_record" or tile["origin"]]
            self.view = {**view, "tiles": recorded}
            self.rule = view["counting"]["rule"]
            self.rules = self._rules(view["counting"]["rules"])
            self.chart = write_counted_url("corruption", replace(self._address(), rule=self.rule), self._lang())
