"""What a page is: its address, its words, its body, and what answers its address."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from dashboard.pages.head import Head
from dashboard.states.address import Address

Words = Callable[[str], Any]
"""Language → text or Var."""


@dataclass(frozen=True)
class Page:
    """One kind of page, made once per language.

    ``route`` is what documentation names: ``/{lang}/goals/[goal]/``. A part in square brackets is answered at run time:
    then ``names`` are the parts there are, ``head`` says of each what it is before the script runs, and ``chart`` which
    chart an address will show, so that the browser has it when the page is there.
    """

    id: str
    route: str
    body: Callable[[str], rx.Component]
    arrive: Any
    title: Words
    description: Words
    example: str  # an address that has figures, without language: "indicators/wgi_cc/"
    menu: str = ""  # key of ``ui.nav``; "" is not in the menu
    selects: bool = False  # the page has the controls of countries and period itself
    head: Callable[[str, str, str], Head] | None = None  # of (language, name, as-of date or "")
    chart: Callable[[str, str, Address], str] | None = None  # of (language, name, address); "" where none is drawn
    names: Callable[[], Iterable[str]] = tuple

    def route_in(self, lang: str) -> str:
        """The route of this page in a language."""
        return self.route.replace("{lang}", lang)

    @property
    def dynamic(self) -> bool:
        """Whether a part of the address is answered at run time."""
        return "[" in self.route

    def addresses(self) -> Iterable[str]:
        """Every address of the page below its language: ``countries/AZE/``."""
        below = self.route_in("").removeprefix("//")
        if self.dynamic:
            yield from (f"{below.split('[')[0]}{name}/" for name in self.names())
        else:
            yield below
