"""The eleven CEPA principles, and which of them has the weakest evidence."""

from typing import Any

import reflex as rx

from dashboard.answers.goals.principles import explain_order
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.cards import draw_evidence_bar
from dashboard.interfaces.components.controls import link_view
from dashboard.interfaces.components.figures import make_cell, make_head, make_table
from dashboard.interfaces.pages.evidence.state import EvidenceState
from dashboard.interfaces.pages.shell.frame import show_answer
from dashboard.interfaces.pages.shell.page import Page
from dashboard.locales import t


def draw_page(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("ways.principles.heading", lang)),
        rx.el.p(t("ways.principles.lede", lang), class_name="lede"),
        show_answer(lang, _draw_answer, EvidenceState.load_principles),
        rx.el.p(explain_order(lang), class_name="note section"),
        rx.el.p(t("terms.cepa.definition", lang), class_name="note"),
    )


def _draw_answer(lang: str) -> rx.Component:
    return rx.fragment(
        rx.el.h2(t("ways.principles.table", lang), class_name="spaced"),
        rx.el.p(EvidenceState.answer, role="status", class_name="answer-words sentence"),
        rx.el.p(t("ways.evidence.bars", lang), class_name="note"),
        _draw_table(lang),
    )


def _draw_table(lang: str) -> rx.Component:
    def row(line: Any) -> rx.Component:
        evidence = line["evidence"]
        return rx.el.tr(
            rx.el.th(
                link_page(line["name"], to=f"/{lang}/principles/{line['id']}/", class_name="initial"),
                rx.el.small(line["note"]),
                scope="row",
            ),
            make_cell(_get_label(1), evidence["place_text"], draw_evidence_bar(evidence["bar"]), class_name="evidence"),
            make_cell(_get_label(2), evidence["figures_text"], class_name="num"),
            make_cell(_get_label(3), evidence["coverage_text"], class_name="num"),
            make_cell(_get_label(4), evidence["latest_text"], class_name="num"),
        )

    heads, caption = (
        make_head(rx.foreach(EvidenceState.columns, _draw_column)),
        rx.el.caption(t("ways.table.caption", lang)),
    )
    return make_table(t("ways.principles.table", lang), heads, EvidenceState.lines, row, "stacked sorted", caption)


def _get_label(place: int) -> Any:
    """What the column at this place is called."""
    return EvidenceState.columns[place]["label"]


def _draw_column(column: Any) -> rx.Component:
    return rx.el.th(
        link_view(column["label"], to=column["to"], class_name="plain"),
        scope="col",
        class_name=rx.match(column["id"], ("order", ""), ("evidence", ""), "num"),
        aria_sort=rx.cond(column["current"], "ascending", "none"),
    )


PAGE = Page(
    id="principles",
    route="/{lang}/principles/",
    body=draw_page,
    load=EvidenceState.load_principles,
    title=lambda lang: t("ways.principles.heading", lang),
    description=lambda lang: t("ways.principles.lede", lang),
    example="principles/",
)
