"""The list of countries and one country."""

from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

import reflex as rx

from dashboard.codebook import codebook
from dashboard.services.countries import ORDER
from dashboard.services.country import country
from dashboard.services.country_index import SORTS, country_index, slug
from dashboard.services.views import Choice, CountryView, ThemeRows
from dashboard.services.views.country import CountryIndex
from dashboard.states.beside import Beside, beside, chart_beside, charted, drawn
from dashboard.states.shell import NOTHING, Shell


class CountriesState(Shell):
    """Countries that match search, status, region and order of the address."""

    index: CountryIndex = NOTHING
    search: str = ""
    status: str = ""
    region: str = ""
    order: str = ""

    @rx.event
    async def arrive(self) -> None:
        """Answer the address."""
        a = self._address()
        self.search, self.status, self.region, self.order = a.search, a.status, a.group, a.sort
        index = await self._answer(lambda ctx, a: country_index(ctx, a.search, a.status, a.group, a.sort, a.page))
        if index is not None:
            self.index = index

    @rx.event
    def choose_status(self, status: str) -> Any:
        """Only countries of a status; "" takes all."""
        self.status = status if status in ORDER else ""
        return self._go(replace(self._address(), status=self.status, page=1))

    @rx.event
    def choose_region(self, region: str) -> Any:
        """Only countries of a region; "" takes all."""
        known = {slug(it.region) for it in codebook().countries.values() if it.region}
        self.region = region if region in known else ""
        return self._go(replace(self._address(), group=self.region, page=1))

    @rx.event
    def choose_order(self, order: str) -> Any:
        """Put the rows in another order."""
        self.order = order if order in SORTS[1:] else ""
        return self._go(replace(self._address(), sort=self.order, page=1))

    @rx.event
    def look_for(self, form: dict[str, Any]) -> Any:
        """Search names and codes."""
        self.search = str(form.get("q", "")).strip()[:80]
        return self._go(replace(self._address(), search=self.search, page=1))

    @rx.event
    def clear(self) -> Any:
        """Take all filters away."""
        self.search = self.status = self.region = self.order = ""
        return self._go(replace(self._address(), search="", status="", group="", sort="", page=1))


class CountryState(Shell):
    """What the page of one country says."""

    view: CountryView = NOTHING
    beside: dict[str, Beside] = {}
    charted: list[Choice] = []  # indicators that can be drawn beside others
    drawn: str = ""  # the one that is

    @rx.event
    async def arrive(self) -> None:
        """Answer the address: the country that ends the path."""
        iso3 = self._asked()
        view = await self._answer(lambda ctx, _: country(ctx, iso3))
        if view is not None:
            address = urljoin(self.router.url, view["address"])  # whole, also where no public address is set
            self.view = {**view, "address": address, "themes": [_lean(theme) for theme in view["themes"]]}
            self.beside = beside(view, self._lang())
            self.charted = charted(view, self.beside)
            self.drawn = drawn(self.charted, self._address())
            self.chart = chart_beside(view, self.drawn, self._address(), self._lang())

    @rx.event
    def choose_drawn(self, indicator: str) -> Any:
        """Draw another indicator beside others."""
        if indicator not in [choice["id"] for choice in self.charted]:
            return None
        self.drawn = indicator
        return self._go(replace(self._address(), indicator=indicator))


def _lean(theme: ThemeRows) -> ThemeRows:
    """The theme without medians: they travel in ``beside``."""
    return {**theme, "rows": [{**row, "medians": []} for row in theme["rows"]]}
