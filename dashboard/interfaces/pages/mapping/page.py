"""What the ASAN model measures, and what it serves: the picture of all links."""

import reflex as rx

from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.trouble import draw_placeholder
from dashboard.interfaces.pages.mapping.parts import (
    draw_bars,
    draw_controls,
    draw_matrix,
    draw_paths_table,
    draw_pinned,
    list_missing,
)
from dashboard.interfaces.pages.mapping.state import MappingState
from dashboard.interfaces.pages.shell.frame import show_answer
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.locales import t

PICTURE_HEIGHT_PX = 600
"""Pixels kept free for the picture until it is there; ``mapping.css`` keeps the same for the table."""


def draw_page(lang: str) -> rx.Component:
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
        show_answer(lang, _draw_content, MappingState.load, pending=draw_placeholder(lang, 0)),
        class_name="mapping",
    )


def _draw_content(lang: str) -> rx.Component:
    view = MappingState.view
    return rx.fragment(
        draw_controls(lang),
        rx.el.div(
            rx.el.div(
                rx.cond(
                    view["view"] == "table",
                    draw_paths_table(lang),
                    rx.fragment(
                        draw_chart(lang, MappingState.chart, ProvenanceState.pick, height=PICTURE_HEIGHT_PX),
                        draw_matrix(lang),
                    ),
                ),
                class_name="mapping-picture",
            ),
            draw_pinned(lang),
            class_name="mapping-main",
            custom_attrs={"data-pinned": view["pinned"]["title"] != ""},
        ),
        rx.el.div(draw_bars(lang), list_missing(lang), class_name="mapping-below"),
    )


PAGE = Page(
    id="mapping",
    route="/{lang}/mapping/",
    body=draw_page,
    load=MappingState.load,
    title=lambda lang: t("mapping.short", lang),
    description=lambda lang: t("mapping.chart.title", lang),
    example="mapping/",
    selects=True,
    kept=True,
)
