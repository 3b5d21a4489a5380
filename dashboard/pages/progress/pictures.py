"""The first screen: a bar of verdicts with its key, goals × countries, and whether the methods agree."""

from typing import Any

import reflex as rx

from dashboard.components.browser import page_link
from dashboard.components.controls import view_link
from dashboard.locales import t
from dashboard.pages.progress.matrix import progress_matrix, verdict_bar
from dashboard.pages.progress.state import ProgressState
from dashboard.services.progress.results import REFUSED


def verdicts(lang: str, summary: Any) -> rx.Component:
    """The verdicts of the method chosen as one bar; each count of the key leads to the definition of its word."""

    def entry(one: Any) -> rx.Component:
        words = rx.cond(
            one["status"] == REFUSED,
            view_link(one["text"], to=ProgressState.unsaid_link),
            page_link(one["text"], to=f"/{lang}/method/#status_{one['status']}"),
        )
        return rx.el.li(
            rx.el.span(one["sign"], class_name="swatch", aria_hidden="true", custom_attrs={"data-tone": one["tone"]}),
            rx.el.strong(one["count"], class_name="num"),
            words,
        )

    return rx.el.section(
        rx.el.div(rx.el.h2(ProgressState.frame["name"], t("ui.list.colon", lang), summary["text"]), role="status"),
        verdict_bar(lang, summary["shares"], summary["text"]),
        rx.el.ul(rx.foreach(summary["shares"], entry), class_name="legend verdict-key"),
        id="verdicts",
        custom_attrs={"data-method": ProgressState.method},
    )


def goals_by_country(lang: str) -> rx.Component:
    """Goals × countries; a cell opens its arithmetic."""
    state = ProgressState
    return rx.el.section(
        rx.el.h2(t("results.page.matrix", lang)),
        progress_matrix(lang, state.matrix, state.matrix_view, state.views, state.cell_links, state.cell),
        rx.el.p(t("results.matrix.note", lang), class_name="note"),
        id="matrix",
        custom_attrs={"data-method": state.method},
    )


def methods_agree(lang: str, summary: Any) -> rx.Component:
    """A bar for every method over the same lines; its name chooses it."""

    def method(one: Any) -> rx.Component:
        return rx.el.li(
            view_link(
                one["name"],
                to=ProgressState.method_links[one["id"]],
                current=one["id"] == ProgressState.method,
                title=one["asks"],
            ),
            verdict_bar(lang, one["shares"], one["text"]),
            custom_attrs={"data-method": one["id"]},
        )

    return rx.el.section(
        rx.el.h2(t("results.page.methods", lang)),
        rx.el.ul(rx.foreach(summary["methods"], method), class_name="method-bars"),
        rx.el.p(t("results.summary.methods_note", lang), class_name="note"),
        id="methods",
    )
