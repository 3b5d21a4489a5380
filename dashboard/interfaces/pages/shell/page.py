"""What a page is: its address, its words, its body, and what answers its address."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from dashboard.interfaces.pages.shell.head import Head
from dashboard.locales import t

Words = Callable[[str], Any]
"""Language → text or Var."""


@dataclass(frozen=True)
class MenuEntry:
    """A section of the menu: its key in ``ui.nav``, and (id, path below the language) of its pages, the first first.

    ``titles`` are those of pages that ``ui.nav`` does not name.
    """

    key: str
    pages: tuple[tuple[str, str], ...]
    titles: tuple[tuple[str, Words], ...] = ()

    def label(self, id_: str, lang: str) -> Any:
        """What a page of the section is called in the menu."""
        own = dict(self.titles)
        return own[id_](lang) if id_ in own else t(f"ui.nav.{id_}", lang)


@dataclass(frozen=True)
class Page:
    """One kind of page, made once per language.

    ``route`` is what documentation names: ``/{lang}/goals/[goal]/``. A part in square brackets is answered at run time:
    then ``names`` are the parts there are, and ``head`` says of each what it is before the script runs.
    """

    id: str
    route: str
    body: Callable[[str], rx.Component]
    load: Any
    title: Words
    description: Words
    example: str  # an address that has figures, without language: "indicators/wgi_cc/"
    selects: bool = False  # the page has the controls of countries and period itself
    head: Callable[[str, str, str], Head] | None = None  # of (language, name, as-of date or "")
    preview: Callable[[str, str, Mapping[str, str]], str] | None = None  # chart of a shared link, where it shows none
    moved: Callable[[str, str, Mapping[str, str]], str] | None = None  # where a view it had before is now; "" for none
    names: Callable[[], Iterable[str]] = tuple
    kept: bool = False  # its answer follows from dataset, language and address alone: one serves all readers
    vary: Callable[[str, Mapping[str, str]], Hashable] | None = None  # what else a kept answer of a view follows from
    before: tuple[Any, ...] = ()  # handlers that need the reader's browser; ``load`` follows them
    after: tuple[Any, ...] = ()  # others that need it, for which ``load`` does not wait
    section: str = ""  # of the menu, for a page that the registry does not name itself

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
