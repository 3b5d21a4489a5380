"""The method: its chapters as the words of the address find them, one section of it, and the glossary."""

import reflex as rx

from dashboard.answers.method.handbook import (
    Chapter,
    GlossaryTerm,
    SectionView,
    list_chapters,
    list_glossary,
    view_section,
)
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import t


class MethodState(Shell):
    """Definitions and rules."""

    chapters: list[Chapter] = []
    none: str = ""  # that nothing holds the words searched for
    view: SectionView = NOTHING
    glossary: list[GlossaryTerm] = []

    @rx.event
    async def load(self) -> None:
        """The chapters, or what of them the address looks for."""
        found = await self._ask_services(lambda ctx, address: list_chapters(ctx, address.search))
        if found is not None:
            self.chapters = found
            words = self._read_address().search
            self.none = "" if found else t("search.nothing", self._get_lang(), query=words)

    @rx.event
    async def load_section(self) -> None:
        """The section whose id, or a term of whose, ends the path."""
        asked = self._get_entry()
        self.view = NOTHING  # or the window would be called by the section before, where there is no answer
        found = await self._ask_services(lambda ctx, _: view_section(ctx, asked), cached=True)
        if found is not None:
            self.view = found

    @rx.event
    async def load_glossary(self) -> None:
        """Terms and acronyms."""
        found = await self._ask_services(lambda ctx, _: list_glossary(ctx), cached=True)
        if found is not None:
            self.glossary = found
