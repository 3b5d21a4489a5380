"""The six themes, and how much of each has figures."""

from typing import Any

import reflex as rx

from dashboard.components.browser import page_link
from dashboard.components.cards import evidence_bar
from dashboard.locales import t
from dashboard.pages.evidence.state import EvidenceState
from dashboard.pages.shell.frame import answered
from dashboard.pages.shell.page import Page


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("ways.themes.heading", lang)),
        rx.el.p(t("ways.themes.lede", lang), class_name="lede"),
        answered(lang, _answer, EvidenceState.load_themes),
    )


def _answer(lang: str) -> rx.Component:
    def line(one: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                page_link(one["name"], to=f"/{lang}/themes/{one['id']}/"),
                rx.el.p(one["note"], class_name="note"),
            ),
            rx.el.div(
                evidence_bar(one["evidence"]["bar"]),
                rx.el.p(
                    t("ways.table.coverage", lang),
                    t("ui.list.colon", lang),
                    one["evidence"]["coverage_text"],
                    " · ",
                    one["evidence"]["latest_text"],
                    class_name="note",
                ),
            ),
        )

    return rx.fragment(
        rx.el.p(t("ways.evidence.bars", lang), class_name="note"),
        rx.el.ul(rx.foreach(EvidenceState.lines, line), class_name="rows section evidence"),
    )


PAGE = Page(
    id="themes",
    route="/{lang}/themes/",
    body=body,
    load=EvidenceState.load_themes,
    title=lambda lang: t("ways.themes.heading", lang),
    description=lambda lang: t("ways.themes.lede", lang),
    example="themes/",
)
