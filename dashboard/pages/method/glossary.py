"""The glossary: what pages say without explaining it, by the alphabet."""

import reflex as rx

from dashboard.components.browser import AtAnchor, page_link
from dashboard.locales import t
from dashboard.pages.method.state import MethodState
from dashboard.pages.shell.frame import answered
from dashboard.pages.shell.page import Page


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("pages.glossary.heading", lang)),
        rx.el.p(t("pages.glossary.lede", lang), class_name="lede"),
        answered(lang, _answer, MethodState.load_glossary),
    )


def _answer(lang: str) -> rx.Component:
    return rx.fragment(
        rx.el.dl(
            rx.foreach(
                MethodState.glossary,
                lambda term: rx.el.div(
                    rx.el.dt(
                        rx.cond(term["to"] != "", page_link(term["label"], to=term["to"]), rx.el.span(term["label"]))
                    ),
                    rx.el.dd(term["definition"]),
                    id=term["id"],
                ),
            ),
            class_name="terms glossary",
        ),
        AtAnchor.create(),
    )


PAGE = Page(
    id="glossary",
    route="/{lang}/glossary/",
    body=body,
    load=MethodState.load_glossary,
    title=lambda lang: t("pages.glossary.heading", lang),
    description=lambda lang: t("pages.glossary.lede", lang),
    example="glossary/",
    kept=True,
)
