"""What the ASAN model measures, and what it serves: the picture of all links."""

from collections.abc import Mapping

import reflex as rx

from dashboard.answers.mapping.query import ask, write_picture_url
from dashboard.answers.site.brief import open_page_context
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.trouble import draw_placeholder
from dashboard.interfaces.pages.mapping.parts import bars, controls, matrix, missing, pinned, table, without_script
from dashboard.interfaces.pages.mapping.state import MappingState
from dashboard.interfaces.pages.shell.frame import answered
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.locales import t

HEIGHT = 600
"""Pixels kept free for the picture until it is there; ``mapping.css`` keeps the same for the table."""


def body(lang: str) -> rx.Component:
    """The page in a language: the picture first, then what it cannot say."""
    return rx.el.div(
        rx.el.h1(t("mapping.heading", lang)),
        rx.el.p(
            t("mapping.lede", lang),
            " ",
            rx.el.span(t("mapping.hint_ribbons", lang), class_name="of-ribbons"),
            rx.el.span(t("mapping.hint_dots", lang), class_name="of-dots"),
            class_name="lede",
        ),
        answered(lang, _content, MappingState.load, pending=draw_placeholder(lang, 0)),
        without_script(lang),
        class_name="mapping",
    )


def draw_first_chart(lang: str, name: str, parameters: Mapping[str, str]) -> str:
    """The picture that the address asks for; "" for the table."""
    ctx = open_page_context(lang, parameters.get("as_of", ""))
    if ctx is None:
        return ""
    query, _ = ask(ctx, parameters)
    return write_picture_url(query) if query.view == "picture" else ""


def _content(lang: str) -> rx.Component:
    view = MappingState.view
    return rx.fragment(
        controls(lang),
        rx.el.div(
            rx.el.div(
                rx.cond(
                    view["view"] == "table",
                    table(lang),
                    rx.fragment(
                        draw_chart(lang, MappingState.chart, ProvenanceState.pick, height=HEIGHT),
                        matrix(lang),
                    ),
                ),
                class_name="mapping-picture",
            ),
            pinned(lang),
            class_name="mapping-main",
            custom_attrs={"data-pinned": view["pinned"]["title"] != ""},
        ),
        rx.el.div(bars(lang), missing(lang), class_name="mapping-below"),
    )


PAGE = Page(
    id="mapping",
    route="/{lang}/mapping/",
    body=body,
    load=MappingState.load,
    title=lambda lang: t("mapping.short", lang),
    description=lambda lang: t("mapping.chart.title", lang),
    example="mapping/",
    chart=draw_first_chart,
    selects=True,
    kept=True,
)
