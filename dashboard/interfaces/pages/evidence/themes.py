"""The six themes, and how much of each has figures."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.cards import draw_evidence_bar
from dashboard.interfaces.pages.evidence.state import EvidenceState
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.locales import t


def _draw_answer(lang: str) -> rx.Component:
    def line(theme: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                link_page(theme["name"], to=f"/{lang}/themes/{theme['id']}/"),
                rx.el.p(theme["note"], class_name="note"),
            ),
            rx.el.div(
                draw_evidence_bar(theme["evidence"]["bar"]),
                rx.el.p(
                    t("ways.table.coverage", lang),
                    t("ui.list.colon", lang),
                    theme["evidence"]["coverage_text"],
                    " · ",
                    theme["evidence"]["latest_text"],
                    class_name="note",
                ),
            ),
        )

    return rx.fragment(
        rx.el.p(t("ways.evidence.bars", lang), class_name="note"),
        rx.el.ul(rx.foreach(EvidenceState.lines, line), class_name="rows section evidence"),
    )


PAGE = make_page(
    "themes",
    "ways.themes.heading",
    "ways.themes.lede",
    _draw_answer,
    EvidenceState.load_themes,
)
