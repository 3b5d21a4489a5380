"""The glossary: what pages say without explaining it, by the alphabet."""

import reflex as rx

from dashboard.interfaces.components.browser import AtAnchor, link_page
from dashboard.interfaces.pages.method.state import MethodState
from dashboard.interfaces.pages.shell.frame import make_page


def _draw_answer(lang: str) -> rx.Component:
    return rx.fragment(
        rx.el.dl(
            rx.foreach(
                MethodState.glossary,
                lambda term: rx.el.div(
                    rx.el.dt(
                        rx.cond(term["to"] != "", link_page(term["label"], to=term["to"]), rx.el.span(term["label"]))
                    ),
                    rx.el.dd(term["definition"]),
                    id=term["id"],
                ),
            ),
            class_name="terms glossary",
        ),
        AtAnchor.create(),
    )


PAGE = make_page(
    "glossary",
    "pages.glossary.heading",
    "pages.glossary.lede",
    _draw_answer,
    MethodState.load_glossary,
    kept=True,
)
