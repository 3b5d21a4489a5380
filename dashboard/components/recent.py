"""Comparisons that the reader's own browser remembers."""

from typing import Any

import reflex as rx

from dashboard.components.scripts import RECENT
from dashboard.locales import t


class RecentComparisons(rx.Component):
    """Remembers the address under ``name`` in the browser alone, and lists the others as links.

    ``at`` is the query of the address that ``name`` says in words: the one changes a moment before or after the other,
    and what the server held of an earlier visit is no longer of this one.
    """

    library = RECENT
    tag = "RecentComparisons"

    name: rx.Var[str]
    at: rx.Var[str]
    text: rx.Var[dict[str, str]]


def recent_comparisons(lang: str, name: Any, at: Any) -> rx.Component:
    """The list in ``lang``; ``name`` says what is compared at the query ``at``, "" remembers nothing."""
    text = {"heading": t("compare.page.recent", lang), "clear": t("ui.buttons.clear", lang)}
    return RecentComparisons.create(name=name, at=at, text=text)
