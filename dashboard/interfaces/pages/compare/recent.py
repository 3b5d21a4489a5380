"""Comparisons that the reader's own browser remembers: they are kept there and nowhere else; each is a link."""

import json
import re
from typing import TypedDict

import reflex as rx

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.components.controls import link_view
from dashboard.interfaces.pages.shell.address import write_address
from dashboard.interfaces.pages.shell.state import Shell
from dashboard.locales import LANGUAGES, t

MAX_REMEMBERED = 6
OURS = re.compile(rf"/(?:{'|'.join(LANGUAGES)})/compare/(?:\?[!-\[\]-~]*)?")
"""An address of this page. To a browser ``/\\x`` and ``/<tab>/x`` are pages of the site x."""

MAX_STORED_CHARS = 20_000  # characters of what a browser says that it remembers


class Compared(TypedDict):
    """A comparison: what it is, and its address."""

    name: str
    to: str


class RecentState(Shell):
    """What the browser remembers, newest first."""

    remembered: str = rx.LocalStorage("[]", name="monitor.compared")
    others: list[Compared] = []

    @rx.event
    def keep(self) -> None:
        """Remember the comparison of the address, where the reader has chosen its countries; list the others."""
        address, path = self._read_address(), self.router.url.path
        before = _read_remembered(self.remembered)
        here = write_address(path, address)
        self.others = [comparison for comparison in before if comparison["to"] != here]
        if address.countries:
            book, lang = load_codebook(), self._get_lang()
            comma = t("ui.list.comma", lang)
            countries = comma.join(choose_text(book.countries[iso3].name, lang) for iso3 in address.countries)
            named = (book.metrics.get(name) for name in (address.indicator, *address.metrics))
            metrics = comma.join(choose_text(metric.name, lang) for metric in named if metric)
            mine = Compared(name=" · ".join(part for part in (countries, metrics) if part), to=here)
            self.remembered = json.dumps([mine, *self.others][:MAX_REMEMBERED])

    @rx.event
    def forget(self) -> None:
        """Forget all comparisons."""
        self.others, self.remembered = [], "[]"


def _read_remembered(remembered: object) -> list[Compared]:
    """What a browser says that it remembers; whatever is no comparison of ours is left out."""
    try:
        entries = json.loads(str(remembered)[:MAX_STORED_CHARS])
        pairs = [(str(entry["name"])[:300], str(entry["to"])[:1000]) for entry in entries]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []
    return [Compared(name=name, to=address) for name, address in pairs if OURS.fullmatch(address)]


def list_recent(lang: str) -> rx.Component:
    """The comparisons made before, and a way to forget them."""
    return rx.cond(
        RecentState.others.length() > 0,
        rx.el.details(
            rx.el.summary(t("compare.page.recent", lang)),
            rx.el.ul(
                rx.foreach(
                    RecentState.others, lambda comparison: rx.el.li(link_view(comparison["name"], to=comparison["to"]))
                ),
                class_name="rows",
                role="list",
            ),
            rx.el.button(t("ui.buttons.clear", lang), type="button", class_name="plain", on_click=RecentState.forget),
            class_name="fold recent",
        ),
    )
