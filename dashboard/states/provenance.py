"""The drawer: how do we know this figure?"""

import json
import logging
import re

import reflex as rx

from dashboard.locales import t
from dashboard.services.context import context
from dashboard.services.errors import Invalid, NotReady, Unknown
from dashboard.services.provenance import provenance
from dashboard.services.views import ProvenanceView
from dashboard.states.shell import NOTHING, Shell

log = logging.getLogger(__name__)
_ID = re.compile(r"[0-9a-f]{16}")


class ProvenanceState(Shell):
    """The one figure whose way is shown."""

    drawer: bool = False
    way: ProvenanceView = NOTHING
    trouble: str = ""

    @rx.event
    async def show(self, observation: str) -> None:
        """Open the drawer on an observation id; anything else is not opened."""
        if not isinstance(observation, str) or not _ID.fullmatch(observation):
            return
        lang = self._lang()
        self.way, self.trouble = NOTHING, ""
        try:
            self.way = await rx.run_in_thread(lambda: provenance(context(lang), observation))
        except (Unknown, Invalid, NotReady):
            self.trouble = t("ui.errors.observation", lang, id=observation)
        except Exception:
            log.exception("the provenance of %s could not be shown", observation)
            self.trouble = t("ui.provenance.failed", lang)
        self.drawer = True

    @rx.event
    async def pick(self, selection: str) -> None:
        """Open the drawer on the point selected in a chart: ``{"id": ["…"]}``."""
        try:
            ids = json.loads(selection).get("id", [])
        except (ValueError, AttributeError, TypeError):
            return
        if isinstance(ids, list) and ids and isinstance(ids[0], str):
            await self.show.fn(self, ids[0])

    @rx.event
    def close(self) -> None:
        """Close the drawer."""
        self.drawer = False
