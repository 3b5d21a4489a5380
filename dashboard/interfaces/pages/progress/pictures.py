"""The first screen: a bar of verdicts with its key, goals × countries, and whether the methods agree."""

from typing import Any

import reflex as rx

from dashboard.answers.progress.results import REFUSED
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.cards import draw_goal_badge
from dashboard.interfaces.components.controls import link_view
from dashboard.interfaces.pages.progress.matrix import draw_matrix, draw_verdict_bar
from dashboard.interfaces.pages.progress.state import ProgressState
from dashboard.locales import t


def draw_verdicts(lang: str, summary: Any) -> rx.Component:
    """The verdicts in a sentence and as one bar; each count of the key leads to what its word means.

    A method beside the first has a bar of its own below it, with its own key.
    """

    def entry(share: Any) -> rx.Component:
        words = rx.cond(
            share["status"] == REFUSED,
            link_view(share["text"], to=ProgressState.unsaid_link),
            link_page(share["text"], to=f"/{lang}/method/status_{share['status']}/"),
        )
        return rx.el.li(
            rx.el.span(
                share["sign"],
                class_name="swatch",
                aria_hidden="true",
                custom_attrs={"data-tone": share["tone"], "data-status": share["status"]},
            ),
            rx.el.strong(share["count"], class_name="num"),
            words,
        )

    def bar(shares: Any, words: Any, method: Any) -> rx.Component:
        return rx.el.div(
            draw_verdict_bar(lang, shares, words),
            rx.el.ul(rx.foreach(shares, entry), class_name="legend verdict-key"),
            custom_attrs={"data-method": method},
        )

    state = ProgressState
    return rx.el.section(
        rx.el.div(rx.el.h2(state.frame["name"], t("ui.list.colon", lang), summary["text"]), role="status"),
        rx.cond(state.beside != "", rx.el.h3(state.frame["method_name"])),
        bar(summary["shares"], summary["text"], state.method),
        rx.cond(
            state.beside != "",
            rx.fragment(rx.el.h3(state.beside_name), bar(state.second["shares"], state.second["text"], state.beside)),
        ),
        id="verdicts",
    )


def list_goal_answers(lang: str) -> rx.Component:
    """What the method says of each goal of a country, and what the one beside it says, below the pictures of it."""

    def line(answer: Any) -> rx.Component:
        return rx.el.li(
            link_page(
                draw_goal_badge(answer["goal"]),
                rx.el.span(answer["name"], class_name="sr-only"),
                to=f"/{lang}/goals/{answer['goal']}/",
            ),
            rx.el.span(
                answer["text"],
                rx.cond(
                    answer["beside_text"] != "",
                    rx.el.small(ProgressState.beside_name, t("ui.list.colon", lang), answer["beside_text"]),
                ),
            ),
        )

    answers = ProgressState.answers
    return rx.cond(answers.length() > 0, rx.el.ul(rx.foreach(answers, line), class_name="goal-answers"))


def draw_goals_by_country(lang: str) -> rx.Component:
    """Goals × countries; a cell opens its arithmetic."""
    state = ProgressState
    return rx.el.section(
        rx.el.h2(t("results.page.matrix", lang)),
        draw_matrix(lang, state.matrix, state.matrix_view, state.matrix_turned, state.cell_links, state.cell),
        rx.el.p(t("results.matrix.note", lang), class_name="note"),
        id="matrix",
        custom_attrs={"data-method": state.method},
    )


def draw_methods(lang: str, summary: Any) -> rx.Component:
    """A bar for every method over the same lines; its name chooses it."""

    def method(bar: Any) -> rx.Component:
        return rx.el.li(
            link_view(
                bar["name"],
                to=ProgressState.method_links[bar["id"]],
                current=bar["id"] == ProgressState.method,
                title=bar["asks"],
            ),
            rx.cond(
                bar["id"] != ProgressState.method,
                link_view(
                    rx.cond(
                        bar["id"] == ProgressState.beside,
                        t("results.page.alone", lang),
                        t("results.page.beside", lang),
                    ),
                    rx.el.span(" ", bar["name"], class_name="sr-only"),
                    to=ProgressState.beside_links[bar["id"]],
                    class_name="plain beside-link",
                ),
            ),
            draw_verdict_bar(lang, bar["shares"], bar["text"]),
            custom_attrs={"data-method": bar["id"]},
        )

    return rx.el.section(
        rx.el.h2(t("results.page.methods", lang)),
        rx.el.ul(rx.foreach(summary["methods"], method), class_name="method-bars"),
        rx.el.p(t("results.summary.methods_note", lang), class_name="note"),
        id="methods",
    )
