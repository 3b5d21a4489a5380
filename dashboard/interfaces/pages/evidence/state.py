"""The ways in by CEPA principle and by theme."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypedDict

import reflex as rx

from dashboard.answers.goals.principles import (
    list_principles,
    list_themes,
    name_weakest,
    view_principle,
    view_theme,
)
from dashboard.answers.goals.views import Evidence, PrincipleView, ThemeView
from dashboard.answers.indicators.views import IndicatorCard
from dashboard.interfaces.pages.shell.address import ChoiceLink
from dashboard.interfaces.pages.shell.cards import split_by_figures
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import t


class WayLine(TypedDict):
    """A principle or a theme in one line."""

    id: str
    name: str
    note: str  # the group of a principle, the definition of a theme
    evidence: Evidence


KEYS: dict[str, Callable[[WayLine], Any]] = {
    "evidence": lambda line: line["evidence"]["place"],
    "order": lambda line: 0,
    "figures": lambda line: line["evidence"]["with_figures"],
    "coverage": lambda line: line["evidence"]["covered"],
    "latest": lambda line: line["evidence"]["latest"],
}
"""What a column sorts by: the weakest or the oldest first, equals in their own order. Addresses leave out the first."""

COLUMNS = ("order", "evidence", "figures", "coverage", "latest")
"""Columns of the table, as they stand beside each other."""

DEFAULT = next(iter(KEYS))


class EvidenceState(Shell):
    """All principles or themes as lines, or one of them with its indicators."""

    lines: list[WayLine] = []
    sort: str = DEFAULT
    answer: str = ""  # which principle is measured worst
    columns: list[ChoiceLink] = []  # what the table of principles can be sorted by
    name: str = ""
    about: str = ""  # the group of a principle, the definition of a theme
    evidence: Evidence = NOTHING
    having: list[IndicatorCard] = []
    without: list[IndicatorCard] = []

    @rx.event
    async def load_principles(self) -> None:
        """All principles, sorted as the address says."""
        asked = self._read_address().sort
        self.sort = asked if asked in KEYS else DEFAULT
        found = await self._ask_services(lambda ctx, _: (list_principles(ctx), name_weakest(ctx)))
        if found is not None:
            views, self.answer = found
            lines = [_make_line(view["id"], view["name"], view["group_text"], view["evidence"]) for view in views]
            self.lines = sorted(lines, key=KEYS[self.sort])
            self.columns = [self._make_column(key) for key in COLUMNS]

    @rx.event
    async def load_themes(self) -> None:
        """All themes."""
        views = await self._ask_services(lambda ctx, _: list_themes(ctx))
        if views is not None:
            self.lines = [_make_line(view["id"], view["label"], view["definition"], view["evidence"]) for view in views]

    @rx.event
    async def load_principle(self) -> None:
        """The principle whose id ends the path."""
        id_ = self._get_entry()
        self.name = ""  # or the window would be called by the one before, where there is no answer
        view = await self._ask_services(lambda ctx, _: view_principle(ctx, id_))
        if view is not None:
            self._show(view["name"], view["group_text"], view)

    @rx.event
    async def load_theme(self) -> None:
        """The theme whose id ends the path."""
        id_ = self._get_entry()
        self.name = self.about = ""
        view = await self._ask_services(lambda ctx, _: view_theme(ctx, id_))
        if view is not None:
            self._show(view["label"], view["definition"], view)

    def _make_column(self, key: str) -> ChoiceLink:
        address = replace(self._read_address(), sort="" if key == DEFAULT else key)
        return self._make_link(key, t(f"ways.table.{key}", self._get_lang()), address, key == self.sort)

    def _show(self, name: str, about: str, view: PrincipleView | ThemeView) -> None:
        self.name, self.about = name[:1].upper() + name[1:], about
        self.evidence = view["evidence"]
        self.having, self.without = split_by_figures(view["indicators"])


def _make_line(id_: str, name: str, note: str, evidence: Evidence) -> WayLine:
    return WayLine(id=id_, name=name, note=note, evidence=evidence)
