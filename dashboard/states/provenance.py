"""The drawer: how do we know this figure?"""

import json
import logging
import re
from collections.abc import Callable

import reflex as rx

from dashboard.locales import t
from dashboard.services.context import Context, context
from dashboard.services.errors import Invalid, NotReady, Unknown
from dashboard.services.national import observation_of
from dashboard.services.provenance import provenance
from dashboard.services.table import table
from dashboard.services.views import ProvenanceView
from dashboard.states.shell import NOTHING, Shell

log = logging.getLogger(__name__)
_ID = re.compile(r"[0-9a-f]{16}")


class ProvenanceState(Shell):
    """The one figure whose way is shown."""

    way: ProvenanceView = NOTHING
    trouble: str = ""

    @rx.event
    async def show(self, observation: str) -> None:
        """Open the drawer on an observation id; anything else is not opened."""
        if isinstance(observation, str) and _ID.fullmatch(observation):
            await self._open(lambda ctx: provenance(ctx, observation), observation)

    @rx.event
    async def pick(self, mark: str) -> None:
        """Open the drawer on a mark of a chart: ``{"indicator": …, "country": …, "year": …}`` as JSON.

        A mark of a country's own series names that series too (``"series": "kaz:16-6-2"``).
        """
        try:
            asked = json.loads(mark)
            metric, country, year = str(asked["indicator"]), str(asked["country"]), int(asked["year"])
            series = str(asked.get("series") or "")
        except (ValueError, TypeError, KeyError, AttributeError):
            return

        def find(ctx: Context) -> ProvenanceView:
            if series:
                return provenance(ctx, observation_of(ctx, metric, series, year))
            rows = table(ctx, metric, (country,), year, year, 1, 1)["rows"]
            if not rows or not rows[0]["figure"]["id"]:
                raise Unknown("observation", f"{metric} {country} {year}")
            return provenance(ctx, rows[0]["figure"]["id"])

        await self._open(find, f"{metric} {country} {year}"[:80])

    async def _open(self, question: Callable[[Context], ProvenanceView], name: str) -> None:
        lang, as_of = self._lang(), self._address().as_of or None
        self.way, self.trouble = NOTHING, ""
        try:
            self.way = await rx.run_in_thread(lambda: question(context(lang, as_of)))
        except (Unknown, Invalid, NotReady):
            self.trouble = t("ui.errors.observation", lang, id=name)
        except Exception:
            log.exception("the provenance of %s could not be shown", name)
            self.trouble = t("ui.provenance.failed", lang)
        self.drawer = True

    @rx.event
    def close(self) -> None:
        """Close the drawer."""
        self.drawer = False
