"""What a page is: its address, its words, its body, and what answers its address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

Words = Callable[[str, str], Any]
"""(language, fixed part) → text or Var."""


@dataclass(frozen=True)
class Page:
    """One kind of page, made once per language and, where ``each`` is given, once per fixed part of its address.

    ``route`` is what documentation names: ``/{lang}/goals/{goal}/``. A part in square brackets is answered at run time.
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

    def routes(self, lang: str) -> list[tuple[str, str]]:
        """Routes of this page in a language, each with its fixed part."""
        return [(self.route.replace("{lang}", lang).replace("{goal}", part), part) for part in self.each]

    @property
    def dynamic(self) -> bool:
        """Whether a part of the address is answered at run time."""
        return "[" in self.route
