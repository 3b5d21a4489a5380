"""The first page."""

import reflex as rx

from dashboard.locales import t
from dashboard.services.overview import overview
from dashboard.services.views import OverviewView
from dashboard.states.shell import NOTHING, Shell

DEFAULT_RULE = "signed"


class OverviewState(Shell):
    """What the first page says by the counting rule of the address; countries without a record are not sent."""

    view: OverviewView = NOTHING
    of_indicators: str = ""
    areas: str = ""

    @rx.event
    async def arrive(self) -> None:
        """Answer the address."""
        view = await self._answer(lambda ctx, address: overview(ctx, address.rule or DEFAULT_RULE))
        if view is not None:
            recorded = [tile for tile in view["tiles"] if tile["status"] != "no_record" or tile["origin"]]
            self.view = {**view, "tiles": recorded}
            self.of_indicators = t("pages.overview.of_indicators", self._lang(), count=view["indicators"])
            self.areas = t("pages.overview.areas", self._lang(), count=view["countries_with_data"])
            self.rule = view["counting"]["rule"]
