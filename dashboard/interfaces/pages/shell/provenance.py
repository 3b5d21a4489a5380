"""The drawer: how do we know this figure?"""

import json
import logging
import re
from collections.abc import Callable
from typing import Any

import reflex as rx

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, NotReady, Unknown
from dashboard.answers.indicators.national import find_observation_id
from dashboard.answers.indicators.table import view_table
from dashboard.answers.revisions.provenance import trace_observation
from dashboard.answers.revisions.views import ProvenanceView
from dashboard.interfaces.components.browser import Cited, CopyLink, Dialog, link_file, list_actions
from dashboard.interfaces.components.figures import make_pair
from dashboard.interfaces.components.tables.revisions import list_earlier_values
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import t

log = logging.getLogger(__name__)
_ID = re.compile(r"[0-9a-f]{16}")
_YEAR = re.compile(r"[0-9]{1,4}")
_SPAN = re.compile(r"\W{0,2}[0-9]{4}–[0-9]{4}\W{0,2}")
"""A span of years as charts print it; in Arabic it is isolated as left-to-right."""


class ProvenanceState(Shell):
    """The one figure whose way is shown."""

    way: ProvenanceView = NOTHING
    trouble: str = ""

    @rx.event
    async def show(self, observation: str) -> None:
        """Open the drawer on an observation id; anything else is not opened."""
        if isinstance(observation, str) and _ID.fullmatch(observation):
            await self._open(lambda ctx: trace_observation(ctx, observation), observation)

    @rx.event
    async def pick(self, mark: str) -> None:
        """Open the drawer on a mark of a chart: ``{"indicator": …, "country": …, "year": …}`` as JSON.

        A mark of a country's own series names that series too (``"series": "kaz:16-6-2"``). Where a year is not
        published, the mark says so in words, and the country's figure is the one that stands for it.
        """
        try:
            reference = json.loads(mark)
            metric, country, when = str(reference["indicator"]), str(reference["country"]), str(reference["year"])
            year = int(when) if _YEAR.fullmatch(when) else None
            if year is None and not _SPAN.fullmatch(when):
                return
            series = str(reference.get("series") or "")
        except (ValueError, TypeError, KeyError, RecursionError):
            return

        def find(ctx: Context) -> ProvenanceView:
            if series and year is not None:
                return trace_observation(ctx, find_observation_id(ctx, metric, series, year))
            rows = view_table(ctx, metric, (country,), year, year, 1, 1)["rows"]  # the newest, or that without a year
            if not rows or not rows[0]["figure"]["id"]:
                raise Unknown("observation", f"{metric} {country} {when}")
            return trace_observation(ctx, rows[0]["figure"]["id"])

        await self._open(find, f"{metric} {country} {when}"[:80])

    async def _open(self, question: Callable[[Context], ProvenanceView], name: str) -> None:
        lang, as_of = self._get_lang(), self._read_address().as_of or None
        self.way, self.trouble = NOTHING, ""
        try:
            self.way = await rx.run_in_thread(lambda: question(open_context(lang, as_of)))
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


def open_over_page(lang: str, label: str, *children: Any, opened: Any, without: Any) -> rx.Component:
    """What the address opens over the page, and leaves to the drawer of a figure while that is open.

    ``without`` is the address of the same view without it.
    """
    return Dialog.create(
        *children,
        open=opened & (ProvenanceState.drawer == False),  # noqa: E712 -- of a Var
        label=label,
        close_text=t("ui.buttons.close", lang),
        to=without,
    )


def draw_provenance(lang: str, view: Any, trouble: Any) -> rx.Component:
    """The steps of a ``ProvenanceView``: value, method, series, edition, retrieval, raw record, licence, vintage."""
    figure = view["figure"]
    return rx.cond(
        trouble != "",
        rx.el.p(trouble, class_name="trouble"),
        rx.cond(
            view["id"].to(str),
            rx.fragment(
                rx.el.p(view["indicator_name"], class_name="quiet"),
                rx.el.p(figure["text"], " ", rx.el.small(figure["unit"], class_name="quiet"), class_name="big"),
                rx.el.p(view["country"], t("ui.list.comma", lang), figure["period"]),
                rx.cond(figure["interval"] != "", rx.el.p(figure["interval"], class_name="note")),
                rx.cond(figure["caution"] != "", rx.el.p(figure["caution"], class_name="note")),
                rx.el.dl(rx.foreach(view["steps"], _draw_step), class_name="pairs section"),
                list_earlier_values(lang, view),
                list_actions(
                    CopyLink.create(
                        label=t("ui.buttons.copy_link", lang),
                        done=t("ui.buttons.copied", lang),
                        address=view["json"],
                    ),
                    link_file(t("ui.provenance.as_json", lang), href=view["json"]),
                ),
                rx.el.div(Cited.create(words=view["citation"]), class_name="note section"),
                CopyLink.create(
                    label=t("ui.buttons.copy_citation", lang),
                    done=t("ui.buttons.citation_copied", lang),
                    words=view["citation"],
                ),
            ),
            rx.el.p(t("ui.provenance.loading", lang)),
        ),
    )


def _draw_step(step: Any) -> rx.Component:
    text = rx.cond(
        step["href"] != "",
        link_file(step["text"], href=step["href"], rel="noopener"),
        rx.cond(
            (step["id"] == "raw_record") | (step["id"] == "series") | (step["id"] == "as_published"),
            rx.el.code(step["text"]),
            step["text"],
        ),
    )
    return make_pair(step["label"], text)
