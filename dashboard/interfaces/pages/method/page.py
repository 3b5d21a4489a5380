"""The handbook of how the figures are made: its chapters and the search over them."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import AtAnchor, link_page
from dashboard.interfaces.components.controls import make_search_field, make_view_form
from dashboard.interfaces.components.figures import make_pair
from dashboard.interfaces.pages.method.state import MethodState
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.locales import t


def _draw_answer(lang: str) -> rx.Component:
    return rx.fragment(
        make_view_form(
            lang,
            make_search_field(lang, t("pages.method.search", lang)),
            fields=MethodState.fields,
            own=("q",),
            class_name="controls",
            aria_label=t("pages.method.search", lang),
        ),
        rx.cond(MethodState.none != "", rx.el.p(MethodState.none, role="status")),
        rx.el.div(
            rx.foreach(MethodState.chapters, lambda chapter: _draw_chapter(lang, chapter)), class_name="handbooks"
        ),
        rx.el.p(
            link_page(t("pages.glossary.heading", lang), to=f"/{lang}/glossary/"),
            " · ",
            link_page(t("pages.method.gallery", lang), to=f"/{lang}/gallery/"),
            class_name="section",
        ),
        AtAnchor.create(),
    )


def _draw_chapter(lang: str, chapter: Any) -> rx.Component:
    """The sections of a chapter; each term has its place here, for addresses that name it behind “#”."""

    def section(item: Any) -> rx.Component:
        return rx.el.li(
            rx.foreach(item["ids"], lambda term: rx.el.span(id=term)),
            link_page(item["title"], to=item["to"]),
            rx.cond(
                item["terms"].length() > 0,
                rx.el.dl(
                    rx.foreach(
                        item["terms"],
                        lambda term: make_pair(
                            link_page(term["label"], to=f"/{lang}/method/{term['id']}/"), term["definition"]
                        ),
                    ),
                    class_name="terms",
                ),
            ),
            id=item["id"],
        )

    return rx.el.section(
        rx.el.h2(chapter["title"]), rx.el.ul(rx.foreach(chapter["sections"], section), class_name="rows")
    )


PAGE = make_page(
    "method",
    "pages.method.heading",
    "pages.method.lede",
    _draw_answer,
    MethodState.load,
)
