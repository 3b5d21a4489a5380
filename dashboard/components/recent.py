"""Comparisons that the reader's own browser remembers."""

from typing import Any

import reflex as rx

from dashboard.components.scripts import RECENT
from dashboard.locales import t


class RecentComparisons(rx.Component):
    """Remembers the address under ``name`` in the browser alone, and lists the others as links."""

    library = RECENT
    tag = "RecentComparisons"

    name: rx.Var[str]
    text: rx.Var[dict[str, str]]


def recent_comparisons(lang: str, name: Any) -> rx.Component:
    """The list in ``lang``; ``name`` says what is compared, "" remembers nothing."""
    text = {"heading": t("compare.page.recent", lang), "clear": t("ui.buttons.clear", lang)}
    return RecentComparisons.create(name=name, text=text)
