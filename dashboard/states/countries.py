"""The list of countries and one country."""

import reflex as rx

from dashboard.services.countries import countries
from dashboard.services.country import country
from dashboard.services.views import CountryCard, CountryView, ThemeRows
from dashboard.states.beside import Beside, beside
from dashboard.states.shell import NOTHING, Shell


class CountriesState(Shell):
    """The countries of the register, in the order of their status."""

    cards: list[CountryCard] = []

    @rx.event
    async def arrive(self) -> None:
        """Countries that the register says something of; all others are on the page already."""
        cards = await self._answer(lambda ctx, _: countries(ctx))
        if cards is not None:
            self.cards = [card for card in cards if card["status"] != "no_record"]


class CountryState(Shell):
    """What the page of one country says."""

    view: CountryView = NOTHING
    beside: dict[str, Beside] = {}

    @rx.event
    async def arrive(self) -> None:
        """Answer the address: the country that ends the path."""
        iso3 = self._asked()
        view = await self._answer(lambda ctx, _: country(ctx, iso3))
        if view is not None:
            self.view = {**view, "themes": [_lean(theme) for theme in view["themes"]]}
            self.beside = beside(view, self._lang())


def _lean(theme: ThemeRows) -> ThemeRows:
    """The theme without medians: they travel in ``beside``."""
    return {**theme, "rows": [{**row, "medians": []} for row in theme["rows"]]}
