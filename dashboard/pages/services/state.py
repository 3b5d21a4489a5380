"""Who sends service counts, and the services and voices of one country."""

from datetime import UTC, datetime

import reflex as rx

from dashboard.codebook import codebook
from dashboard.database.engine import engine
from dashboard.delivery import store
from dashboard.delivery.views import CountryServicesView, ServicesView, country_services, services
from dashboard.pages.shell.address import Address
from dashboard.pages.shell.state import NOTHING, Shell
from dashboard.services.base.context import Context
from dashboard.services.base.errors import Unknown
from dashboard.settings import settings
from dashboard.voice.publication import AnsweredView, VoicesView, answered, voices


class ServicesState(Shell):
    """The answers of both pages on services."""

    overview: ServicesView = NOTHING
    view: CountryServicesView = NOTHING
    voices: VoicesView = NOTHING
    answered: AnsweredView = NOTHING
    around: list[str] = ["", ""]

    @rx.event
    async def load(self) -> None:
        """Countries that send counts, and what is counted."""
        view = await self._answer(lambda ctx, _: services(engine(settings()), ctx.lang))
        if view is not None:
            self.overview = view

    @rx.event
    async def load_country(self) -> None:
        """The figures of the country in the address; without counts, words that say so."""
        iso3 = self._asked().upper()

        def ask(ctx: Context, address: Address) -> tuple[CountryServicesView, VoicesView, AnsweredView]:
            if iso3 not in codebook().countries:
                raise Unknown("country", iso3)
            database = engine(settings())
            names = {code: rows[-1].name for code, rows in store.centres(database, iso3).items()}
            said = voices(database, iso3, names, ctx.lang)
            decided = settings().accounts.enabled
            view = country_services(database, iso3, ctx.lang, datetime.now(UTC), decided=decided, page=address.page)
            return view, said, answered(database, iso3, ctx.lang)

        self.view = NOTHING  # or the window would be called by the country before, where there is no answer
        found = await self._answer(ask)
        if found is not None:
            self.view, self.voices, self.answered = found
            self.around = self._pages(self.view["page"], self.view["pages"])
