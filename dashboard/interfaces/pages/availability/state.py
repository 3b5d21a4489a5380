"""What there is of which adopter: filters in the address, the matrix by address."""

from dataclasses import replace

import reflex as rx

from dashboard.answers.base.context import Context
from dashboard.answers.base.views import Choice
from dashboard.answers.site.availability import SORTS, ask, list_groups, list_sources
from dashboard.answers.site.matrix import MatrixPage, view_matrix_page
from dashboard.contributions.submissions.model import PeriodStanding
from dashboard.interfaces.components.tables.standings import list_standings
from dashboard.interfaces.pages.shell.address import ChoiceLink, PageAddress, write_matrix_url
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.settings import settings


class AvailabilityState(Shell):
    """The filters of the page, its matrix, and where its file is."""

    theme: str = ""
    goal_number: str = ""
    source: str = ""
    group: str = ""
    gap: str = ""
    sort: str = SORTS[0]
    group_choices: list[Choice] = []
    source_choices: list[Choice] = []
    matrix: MatrixPage = NOTHING
    standings: list[PeriodStanding] = []
    around: list[str] = ["", ""]
    file: str = ""
    views: list[ChoiceLink] = []
    cleared: str = ""

    @rx.event
    async def load(self) -> None:
        """Answer the address; a filter that there is not is said in words."""

        def question(
            ctx: Context, a: PageAddress
        ) -> tuple[MatrixPage, list[Choice], list[Choice], list[PeriodStanding]]:
            asked = ask(ctx, a.theme, a.goal, a.source, a.rule, a.group, a.gap, a.sort)
            return view_matrix_page(ctx, asked, a.page), list_groups(ctx), list_sources(ctx), _list_standings(ctx)

        found = await self._ask_services(question)
        if found is not None:
            self.matrix, self.group_choices, self.source_choices, self.standings = found
            address = self._read_address()
            self.theme, self.source, self.group = address.theme, address.source, address.group
            self.gap, self.sort = address.gap, address.sort or SORTS[0]
            self.goal_number = str(address.goal or "")
            self.around = self._link_neighbours(self.matrix["page"], self.matrix["pages"])
            self.file = write_matrix_url(address, self._get_lang(), "csv")
            self.views = self._list_matrix_views()
            plain = replace(address, theme="", goal=0, source="", rule="", group="", gap="", sort="")
            self.cleared = self._write_address(plain)


def _list_standings(ctx: Context) -> list[PeriodStanding]:
    """What countries send; where nobody can log in nothing is asked of the database."""
    return list_standings(ctx) if settings().accounts.enabled else []
