"""What changed up to the day of the address: the question it asks, and the views beside it."""

from dataclasses import replace
from datetime import date

import reflex as rx

from dashboard.answers.base.context import Context
from dashboard.answers.changes.between import view_changes
from dashboard.answers.changes.query import WORLD, ask_changes, end_of_last_month, end_of_last_quarter
from dashboard.answers.changes.views import ChangesBetween
from dashboard.interfaces.api.contract.sent import count_sent_of_origin
from dashboard.interfaces.pages.shell.address import ChoiceLink, PageAddress
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import t


class ChangesState(Shell):
    """The changes of the address, and where its controls lead."""

    view: ChangesBetween = NOTHING
    spans: list[ChoiceLink] = []  # since the last month, the last quarter …
    kinds: list[ChoiceLink] = []
    kind_text: str = ""  # what the kind shown is
    indicator: str = ""
    goal_number: str = ""
    everywhere: str = ""  # where all countries are told of; "" where they are
    cleared: str = ""
    around: list[str] = ["", ""]

    @rx.event
    async def load(self) -> None:
        """Answer the address."""

        def question(ctx: Context, a: PageAddress) -> tuple[ChangesBetween, date, date]:
            query = ask_changes(ctx, a.since, a.method, a.countries, a.indicator, a.goal, a.group, a.kind)
            before = [vintage["created_at"].date() for vintage in ctx.dataset.vintages()][-2:][0]
            return view_changes(ctx, query, a.page, count_sent_of_origin(ctx)), ctx.today, before

        found = await self._ask_services(question)
        if found is None:
            return
        self.view, today, before = found
        address, lang = self._read_address(), self._get_lang()
        self.indicator, self.goal_number = address.indicator, str(address.goal or "")
        self.around = self._link_neighbours(self.view["page"], self.view["pages"])
        days = {
            "quarter": end_of_last_quarter(today), "month": end_of_last_month(today),
            "year": date(today.year - 1, 12, 31), "version": before,
        }  # fmt: skip
        self.spans = [
            self._make_link(
                name,
                t(f"changes.between.span.{name}", lang),
                replace(address, since="" if name == "quarter" else day.isoformat()),
                (address.since or days["quarter"].isoformat()) == day.isoformat(),
            )
            for name, day in days.items()
        ]
        self.kinds = self._list_kinds(self.view["counts"], self.view["kind"], address)
        self.kind_text = next(kind["definition"] for kind in self.view["counts"] if kind["kind"] == self.view["kind"])
        self.everywhere = (
            "" if address.group or address.countries else self._write_address(replace(address, group=WORLD))
        )
        self.cleared = self._write_address(PageAddress(as_of=address.as_of))
