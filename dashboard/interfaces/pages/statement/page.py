"""What was said in April 2025, and what can be shown: 21 claims, one picture, one row each."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import AtAnchor, link_code, link_file, link_page, list_actions
from dashboard.interfaces.components.figures import fold, make_cell, make_head, make_scrollable
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.interfaces.pages.statement.parts import draw_mark, look_up
from dashboard.interfaces.pages.statement.state import StatementState
from dashboard.locales import t

COLUMNS = ("claim", "answer", "figure", "missing", "due")


def _draw_answer(lang: str) -> rx.Component:
    view, files = StatementState.view, StatementState.files

    def definition(item: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(draw_mark(item["answer"]), item["text"]), rx.el.dd(item["definition"]))

    return rx.fragment(
        _draw_marks(lang, view),
        rx.el.p(t("statement.page.rule", lang), class_name="note"),
        _draw_table(lang, view),
        fold(t("statement.page.answers", lang), rx.el.dl(rx.foreach(view["counts"], definition), class_name="terms")),
        list_actions(
            link_file(t("statement.page.pdf", lang), href=files["pdf"], download=True),
            link_file(t("statement.page.json", lang), href=files["json"]),
            link_file(t("ui.buttons.download_csv", lang, count=21), href=files["csv"]),
            link_code(lang, files["csv"]),
            link_file(t("statement.page.calendar", lang), href=files["calendar"]),
        ),
        AtAnchor.create(),
    )


def _draw_marks(lang: str, view: Any) -> rx.Component:
    """Every claim as a mark in its group, and how many have which answer."""

    def mark(claim: Any) -> rx.Component:
        colon = t("ui.list.colon", lang)
        return rx.el.li(
            link_page(
                draw_mark(claim["answer"]),
                rx.el.span(claim["id"].split("-")[1], aria_hidden="true"),
                rx.el.span(claim["id"], colon, claim["answer_text"], class_name="sr-only"),
                to=f"/{lang}/statement/{claim['id']}/",
                title=claim["claim"],
            )
        )

    def group(item: Any) -> rx.Component:
        return rx.el.div(
            rx.el.dt(item["title"]), rx.el.dd(rx.el.ul(rx.foreach(item["claims"], mark))), class_name="marks-group"
        )

    def count(item: Any) -> rx.Component:
        return rx.el.li(
            draw_mark(item["answer"]), rx.el.span(item["text"]), rx.el.strong(item["count"]), class_name="answer"
        )

    return rx.el.section(
        rx.el.h2(view["text"], class_name="big-words sentence"),
        rx.el.dl(rx.foreach(view["groups"], group), class_name="marks", aria_label=t("statement.page.marks", lang)),
        rx.el.ul(rx.foreach(view["counts"], count), class_name="answer-key"),
        id="marks",
    )


def _draw_table(lang: str, view: Any) -> rx.Component:
    """A row a claim, under the name of its group."""
    titles = [t(f"statement.column.{key}", lang) for key in COLUMNS]

    def row(claim: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(
                link_page(claim["id"], to=f"/{lang}/statement/{claim['id']}/"),
                " ",
                claim["claim"],
                " ",
                rx.el.small(claim["kind_text"]),
                scope="row",
            ),
            make_cell(
                titles[1],
                draw_mark(claim["answer"]),
                claim["answer_text"],
                rx.el.small(claim["evidence_text"]),
                rx.el.small(claim["text"]),
            ),
            make_cell(titles[2], rx.cond(claim["figure"] != "", rx.el.strong(claim["figure"])), look_up(lang, claim)),
            make_cell(titles[3], claim["suppliers"]),
            make_cell(titles[4], claim["due_text"]),
            id=claim["id"],
        )

    def group(item: Any) -> rx.Component:
        return rx.el.tbody(
            rx.el.tr(rx.el.th(item["title"], scope="rowgroup", col_span=len(titles)), class_name="group"),
            rx.foreach(item["claims"], row),
        )

    heading = t("statement.page.heading", lang)
    return make_scrollable(
        heading,
        rx.el.table(
            rx.el.caption(heading, class_name="sr-only"),
            make_head(*titles),
            rx.foreach(view["groups"], group),
            class_name="claims stacked",
        ),
    )


PAGE = make_page(
    "statement",
    "statement.page.heading",
    "statement.page.lede",
    _draw_answer,
    StatementState.load,
    framed=True,
)
