"""What is reported of services, who sends counts, and the services and voices of one country."""

from dataclasses import replace

import reflex as rx

from dashboard.answers.base.context import Context
from dashboard.answers.country_services import list_countries, show_country, show_reported, show_reported_of
from dashboard.answers.reported.views import ReportedLane, ReportedOverview
from dashboard.contributions.delivery.views import CountryServicesView, ServicesView
from dashboard.contributions.voice.publication.periods import YEAR
from dashboard.contributions.voice.publication.views import AnsweredView, VoicesView
from dashboard.interfaces.pages.shell.address import ChoiceLink, PageAddress, write_counted_url
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import t

CountryShown = tuple[CountryServicesView, VoicesView, AnsweredView, list[ReportedLane]]

PERIODS = (1, YEAR, 36)
"""Months back from the newest of which opinions are told."""


class ServicesState(Shell):
    """The answers of both pages on services."""

    overview: ServicesView = NOTHING
    reported: ReportedOverview = NOTHING
    lanes: list[ReportedLane] = []
    centres: str = ""
    view: CountryServicesView = NOTHING
    voices: VoicesView = NOTHING
    answered: AnsweredView = NOTHING
    around: list[str] = ["", ""]
    periods: list[ChoiceLink] = []

    @rx.event
    async def load(self) -> None:
        """What is reported, countries that send counts, and what is counted."""
        found = await self._ask_services(lambda ctx, _: (list_countries(ctx.lang), show_reported(ctx)))
        if found is not None:
            self.overview, self.reported = found
            self.centres = write_counted_url("centres", self._read_address(), self._get_lang())

    @rx.event
    async def load_country(self) -> None:
        """The figures of the country in the address; without counts, words that say so."""
        iso3 = self._get_entry().upper()

        def ask(ctx: Context, address: PageAddress) -> CountryShown:
            shown = show_country(iso3, ctx.lang, address.page, address.months or YEAR)
            return (*shown, show_reported_of(ctx, iso3))

        self.view = NOTHING  # or the window would be called by the country before, where there is no answer
        found = await self._ask_services(ask)
        if found is not None:
            self.view, self.voices, self.answered, self.lanes = found
            self.around = self._link_neighbours(self.view["page"], self.view["pages"])
            self.periods = self._list_periods()

    def _list_periods(self) -> list[ChoiceLink]:
        """Of how many months opinions are told, as choices; a year is the one that addresses leave out."""
        address, lang = self._read_address(), self._get_lang()
        return [
            self._make_link(
                str(months),
                t(f"delivery.country.months_{months}", lang),
                replace(address, months=0 if months == YEAR else months),
                current=(address.months or YEAR) == months,
            )
            for months in PERIODS
        ]
