"""What a page is: its address, its words, its body, and what answers its address."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from dashboard.pages.head import Head

Words = Callable[[str, str], Any]
"""(language, fixed part) → text or Var."""


@dataclass(frozen=True)
class Page:
    """One kind of page, made once per language and, where ``each`` is given, once per fixed part of its address.

    ``route`` is what documentation names: ``/{lang}/goals/[goal]/``. A part in square brackets is answered at run time:
    then ``names`` are the parts there are, and ``head`` says of each what it is before the script runs.
    """

    id: str
    route: str
    body: Callable[[str, str], rx.Component]
    arrive: Any
    title: Words
    description: Words
    example: str  # an address that has figures, without language: "indicators/wgi_cc/"
    each: tuple[str, ...] = ("",)
    menu: str = ""  # key of ``ui.nav``; "" is not in the menu
    selects: bool = False  # the page has the controls of countries and period itself
    head: Callable[[str, str, str], Head] | None = None  # of (language, name, as-of date or "")
    names: Callable[[], Iterable[str]] = tuple

    def routes(self, lang: str) -> list[tuple[str, str]]:
        """Routes of this page in a language, each with its fixed part."""
        return [(self.route.replace("{lang}", lang).replace("{part}", part), part) for part in self.each]

    @property
    def dynamic(self) -> bool:
        """Whether a part of the address is answered at run time."""
        return "[" in self.route

    def addresses(self) -> Iterable[str]:
        """Every address of the page below its language: ``countries/AZE/``."""
        for route, _ in self.routes(""):
            below = route.removeprefix("//")
            if self.dynamic:
                yield from (f"{below.split('[')[0]}{name}/" for name in self.names())
            else:
                yield below
