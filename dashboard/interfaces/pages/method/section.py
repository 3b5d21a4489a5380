"""One section of the method: its rule and its terms, the one that was asked for first."""

from typing import Any

import reflex as rx

from dashboard.answers.base.errors import Unknown
from dashboard.answers.method.handbook import CHAPTERS, view_section
from dashboard.answers.site.brief import open_page_context
from dashboard.interfaces.components.browser import AtAnchor, link_page
from dashboard.interfaces.pages.method.state import MethodState
from dashboard.interfaces.pages.shell.frame import draw_crumbs, show_answer
from dashboard.interfaces.pages.shell.head import Head, describe_absent
from dashboard.interfaces.pages.shell.page import Page
from dashboard.locales import t


def draw_page(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        draw_crumbs(lang, link_page(t("pages.method.heading", lang), to=f"/{lang}/method/")),
        show_answer(lang, _draw_answer, MethodState.load_section, level="h1"),
    )


def _draw_answer(lang: str) -> rx.Component:
    section = MethodState.view["section"]
    return rx.fragment(
        rx.el.h1(section["title"]),
        rx.cond(section["text"] != "", rx.el.p(section["text"], class_name="lede")),
        rx.el.dl(rx.foreach(section["terms"], _draw_term), class_name="terms handbook"),
        AtAnchor.create(),
    )


def _draw_term(term: Any) -> rx.Component:
    asked = rx.cond(term["id"] == MethodState.view["asked"], "asked", "")
    return rx.el.div(rx.el.dt(term["label"]), rx.el.dd(term["definition"]), id=term["id"], class_name=asked)


def write_head(lang: str, name: str, as_of: str) -> Head:
    """Return the head of the section, or of the term of a section, of this id."""
    ctx = open_page_context(lang, as_of)
    if ctx is None:
        return Head(lang, t("pages.method.heading", lang), t("pages.method.lede", lang), found=True)
    try:
        view = view_section(ctx, name)
    except Unknown:
        return describe_absent(lang, "page")
    return Head(lang, view["title"], view["section"]["text"] or t("pages.method.lede", lang), found=True)


PAGE = Page(
    id="method_section",
    route="/{lang}/method/[section_id]/",
    body=draw_page,
    load=MethodState.load_section,
    title=lambda lang: rx.cond(
        MethodState.view["title"].to(str), MethodState.view["title"], t("pages.method.heading", lang)
    ),
    description=lambda lang: rx.cond(
        MethodState.view["section"]["text"].to(str), MethodState.view["section"]["text"], t("pages.method.lede", lang)
    ),
    example="method/progress_statuses/",
    head=write_head,
    names=lambda: (section for sections in CHAPTERS.values() for section in sections),
    kept=True,
)
