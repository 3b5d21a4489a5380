"""One claim of the statement: what was said, what can be shown, how it is tested, and who could say more."""

from typing import Any

import reflex as rx

from dashboard.answers.base.errors import Unknown
from dashboard.answers.claims.statement import find_claim, view_claim
from dashboard.answers.site.brief import open_page_context
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.api.contract.sent import count_sent_of_origin
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.figures import (
    link_reference,
    list_rows,
    make_cell,
    make_growing_head,
    make_pair,
    make_table,
)
from dashboard.interfaces.pages.shell.frame import draw_crumbs, link_follow, show_answer
from dashboard.interfaces.pages.shell.head import Head, describe_absent
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.statement.parts import draw_mark, draw_quote, look_up
from dashboard.interfaces.pages.statement.state import StatementState
from dashboard.locales import t


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return show_answer(lang, _draw_answer, StatementState.load_claim, level="h1")


def _draw_answer(lang: str) -> rx.Component:
    claim = StatementState.claim
    return rx.fragment(
        draw_crumbs(lang, link_page(t("statement.page.short", lang), to=f"/{lang}/statement/")),
        rx.el.h1(rx.el.bdi(claim["id"]), t("ui.list.colon", lang), claim["claim"]),
        rx.el.section(
            rx.el.p(draw_mark(claim["answer"]), claim["answer_text"], class_name="big-words answer"),
            rx.el.p(claim["evidence_text"], class_name="note"),
            rx.el.p(claim["text"], class_name="lede"),
            rx.cond(
                claim["figure"] != "",
                rx.el.p(t("statement.column.figure", lang), t("ui.list.colon", lang), rx.el.strong(claim["figure"])),
            ),
            rx.el.ul(rx.foreach(claim["beside"], rx.el.li), class_name="findings"),
            rx.el.div(
                look_up(lang, claim), rx.el.small(link_follow(lang, f"claim={claim['id']}")), class_name="key-line"
            ),
            rx.cond(claim["missing"] != "", rx.el.p(claim["missing"])),
        ),
        rx.cond(claim["months"]["rows"].length() > 0, _list_months(lang, claim["months"])),
        rx.el.section(
            rx.el.dl(
                make_pair(t("statement.column.kind", lang), claim["kind_text"]),
                make_pair(t("statement.column.test", lang), claim["test"]),
                rx.cond(
                    claim["untestable_why"] != "", make_pair(t("statement.column.why", lang), claim["untestable_why"])
                ),
                rx.cond(claim["due_text"] != "", make_pair(t("statement.column.due", lang), claim["due_text"])),
                make_pair(
                    t("statement.column.quote", lang),
                    draw_quote(claim),
                ),
                make_pair(
                    t("statement.column.when", lang),
                    rx.fragment(
                        claim["said_on"],
                        t("ui.list.comma", lang),
                        claim["said_by"],
                        t("ui.list.semicolon", lang),
                        claim["place"],
                    ),
                ),
                make_pair(
                    t("statement.column.source", lang),
                    rx.fragment(
                        rx.el.span(claim["source"], lang="en", dir="auto"), " ", link_reference(StatementState.source)
                    ),
                ),
                class_name="terms",
            ),
        ),
        rx.el.section(
            rx.el.h2(t("statement.column.history", lang)),
            _list_history(lang),
            rx.el.p(t("statement.page.rule", lang), class_name="note"),
        ),
    )


def _list_months(lang: str, months: Any) -> rx.Component:
    """The figures behind the answer by month."""
    title = t("statement.column.months", lang)

    def row(cells: Any) -> rx.Component:
        def figure(value: Any, place: Any) -> rx.Component:
            return make_cell(months["columns"][place], value)

        return rx.el.tr(rx.el.th(cells[0], scope="row"), rx.foreach(cells[1:], figure))

    heads = make_growing_head(t("statement.column.month", lang), months["columns"])
    return rx.el.section(rx.el.h2(title), make_table(title, heads, months["rows"], row, "stacked"))


def _list_history(lang: str) -> rx.Component:
    titles = [t(f"statement.column.{key}", lang) for key in ("vintage", "date", "answer")]

    def row(step: Any) -> tuple[Any, ...]:
        return step["vintage"], step["date_text"], [draw_mark(step["answer"]), step["answer_text"]]

    return list_rows(t("statement.column.history", lang), titles, StatementState.history, row)


def write_head(lang: str, name: str, as_of: str) -> Head:
    """Return the head of the claim of this id, with its answer."""
    ctx = open_page_context(lang, as_of)
    found = next((claim for claim in load_codebook().claims if claim.id == name.upper()), None)
    if found is None:
        return describe_absent(lang, "claim", id=name[:60])
    heading = f"{found.id}{t('ui.list.colon', lang)}{choose_text(found.claim, lang)}"
    if ctx is None:
        return Head(lang, heading, t("statement.page.lede", lang), found=True)
    try:
        view = view_claim(ctx, find_claim(ctx, name), count_sent_of_origin(ctx))
    except Unknown:
        return describe_absent(lang, "claim", id=name[:60])
    words = f"{view['answer_text']}{t('ui.list.colon', lang)}{view['text']}"
    return Head(lang, heading, words, found=True)


PAGE = Page(
    id="claim",
    route="/{lang}/statement/[claim_id]/",
    body=body,
    load=StatementState.load_claim,
    title=lambda lang: rx.cond(StatementState.name != "", StatementState.name, t("statement.page.short", lang)),
    description=lambda lang: t("statement.page.lede", lang),
    example="statement/S-16/",
    head=write_head,
    names=lambda: [claim.id for claim in load_codebook().claims],
)
