"""Who sends service counts, and the services and voices of one country."""

from dataclasses import replace

import reflex as rx

from dashboard.country_services import list_countries, show_country, show_elsewhere
from dashboard.delivery.elsewhere.views import ElsewhereView
from dashboard.delivery.views import CountryServicesView, ServicesView
from dashboard.locales import t
from dashboard.pages.shell.address import SERVICE_TABS, ChoiceLink, PageAddress
from dashboard.pages.shell.state import NOTHING, Shell
from dashboard.services.base.context import Context
from dashboard.voice.publication.periods import YEAR
from dashboard.voice.publication.views import AnsweredView, VoicesView

PERIODS = (1, YEAR, 36)
"""Months back from the newest of which opinions are told."""


class ServicesState(Shell):
    """The answers of both pages on services."""

    overview: ServicesView = NOTHING
    elsewhere: ElsewhereView = NOTHING
    view: CountryServicesView = NOTHING
    voices: VoicesView = NOTHING
    answered: AnsweredView = NOTHING
    tabs: list[ChoiceLink] = []
    around: list[str] = ["", ""]
    periods: list[ChoiceLink] = []

    @rx.event
    async def load(self) -> None:
        """Countries that send counts, what is counted, and what is measured elsewhere."""
        found = await self._answer(lambda ctx, _: (list_countries(ctx.lang), show_elsewhere(ctx.lang)))
        if found is not None:
            self.overview, self.elsewhere = found
            address = self._address()
            shown = address.tab if address.tab in SERVICE_TABS else SERVICE_TABS[0]
            self.tabs = self._ways("delivery.page.tab", SERVICE_TABS, shown, address, "tab", SERVICE_TABS[0])

    @rx.event
    async def load_country(self) -> None:
        """The figures of the country in the address; without counts, words that say so."""
        iso3 = self._asked().upper()

        def ask(ctx: Context, address: PageAddress) -> tuple[CountryServicesView, VoicesView, AnsweredView]:
            return show_country(iso3, ctx.lang, address.page, address.months or YEAR)

        self.view = NOTHING  # or the window would be called by the country before, where there is no answer
        found = await self._answer(ask)
        if found is not None:
            self.view, self.voices, self.answered = found
            self.around = self._pages(self.view["page"], self.view["pages"])
            self.periods = self._list_periods()

    def _list_periods(self) -> list[ChoiceLink]:
        """Of how many months opinions are told, as choices; a year is the one that addresses leave out."""
        address, lang = self._address(), self._lang()
        return [
            self._link(
                str(months),
                t(f"delivery.country.months_{months}", lang),
                replace(address, months=0 if months == YEAR else months),
                current=(address.months or YEAR) == months,
            )
            for months in PERIODS
        ]
