"""What changed since the reader's last visit. The day is kept in the reader's own browser and nowhere else."""

import logging
from datetime import UTC, date, datetime

import reflex as rx

from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Invalid, NotReady
from dashboard.answers.changes.between import tell_since
from dashboard.interfaces.api.contract.sent import count_sent_of_origin
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.pages.shell.state import Shell
from dashboard.locales import t

log = logging.getLogger(__name__)

MAX_STORED_CHARS = 30  # characters of what a browser says that it remembers


class VisitState(Shell):
    """The days of the reader's visits, and what changed since the one before."""

    visits: str = rx.LocalStorage("", name="monitor.visits")  # the day of the visit before, and that of this one
    since: str = ""  # the day of the visit before; "" on a first visit
    told: str = ""

    @rx.event
    async def greet(self) -> None:
        """Say what changed since the visit before, where there was one on another day; remember this one."""
        today = datetime.now(UTC).date()
        before, last = _read_visits(self.visits, today)
        if last != today.isoformat():
            before, self.visits = last, f"{last} {today.isoformat()}".strip()
        self.since, lang = before, self._get_lang()
        self.told = ""
        if before and not self._read_address().as_of:
            try:
                self.told = await rx.run_in_thread(lambda: _tell_changes(lang, before))
            except (Invalid, NotReady):
                return  # there is nothing to tell of yet
            except Exception:
                log.exception("what changed since %s could not be told", before)


def _read_visits(visits: object, today: date) -> tuple[str, str]:
    """The days of the visit before and of the last one; "" for what is no day, or lies ahead."""
    days = []
    for part in str(visits)[:MAX_STORED_CHARS].split():
        try:
            day = date.fromisoformat(part)
        except ValueError:
            continue
        if day <= today:
            days.append(day.isoformat())
    return ("", "", *days)[-2], ("", *days)[-1]


def _tell_changes(lang: str, since: str) -> str:
    ctx = open_context(lang)
    return tell_since(ctx, min(since, ctx.today.isoformat()), count_sent_of_origin(ctx))


def tell_since_last_visit(lang: str) -> rx.Component:
    """A line for the first page; nothing on a first visit, or on a second one of the same day."""
    return rx.cond(
        VisitState.told != "",
        rx.el.p(
            link_page(t("changes.visit.link", lang), to=f"/{lang}/changes/?since={VisitState.since}"),
            t("ui.list.colon", lang),
            VisitState.told,
            class_name="note visit",
            id="since-last-visit",
        ),
    )
