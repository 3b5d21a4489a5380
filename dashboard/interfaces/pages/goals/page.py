"""The seventeen goals, and how many indicators serve each, how strongly."""

from typing import Any

import reflex as rx

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.cards import draw_evidence_bar, draw_goal_badge
from dashboard.interfaces.pages.goals.state import GoalsState
from dashboard.interfaces.pages.shell.frame import show_answer
from dashboard.interfaces.pages.shell.page import Page
from dashboard.locales import t


def draw_page(lang: str) -> rx.Component:
    """The page in a language: titles from the codebook stand without an answer."""
    return rx.fragment(
        rx.el.h1(t("pages.goals.heading", lang)),
        rx.el.p(t("pages.goals.lede", lang), class_name="lede"),
        rx.el.p(t("ways.evidence.bars", lang), class_name="note"),
        show_answer(lang, _list_goals, GoalsState.load, pending=_list_titles(lang)),
    )


def _list_titles(lang: str) -> rx.Component:
    return rx.el.ol(
        *(
            rx.el.li(
                link_page(
                    draw_goal_badge(goal.number),
                    rx.el.span(rx.el.strong(choose_text(goal.short, lang)), rx.el.small(choose_text(goal.title, lang))),
                    to=f"/{lang}/goals/{goal.number}/",
                )
            )
            for goal in load_codebook().goals.values()
        ),
        class_name="goal-list section",
    )


def _list_goals(lang: str) -> rx.Component:
    """The goals with indicators, each with its bar, then the others in a row."""

    def goal(card: Any) -> rx.Component:
        words = rx.el.span(rx.el.strong(card["short"]), rx.el.small(card["title"]), draw_evidence_bar(card["bar"]))
        return rx.el.li(link_page(draw_goal_badge(card["number"]), words, to=f"/{lang}/goals/{card['number']}/"))

    def empty(card: Any) -> rx.Component:
        name = rx.el.span(card["short"])
        return rx.el.li(link_page(draw_goal_badge(card["number"]), name, to=f"/{lang}/goals/{card['number']}/"))

    return rx.fragment(
        rx.el.ol(rx.foreach(GoalsState.cards, goal), class_name="goal-list section"),
        rx.cond(
            GoalsState.rest.length() > 0,
            rx.el.section(
                rx.el.h2(t("pages.goals.rest", lang)),
                rx.el.ul(rx.foreach(GoalsState.rest, empty), class_name="goal-row"),
            ),
        ),
    )


PAGE = Page(
    id="goals",
    route="/{lang}/goals/",
    body=draw_page,
    load=GoalsState.load,
    title=lambda lang: t("pages.goals.heading", lang),
    description=lambda lang: t("pages.goals.lede", lang),
    example="goals/",
    kept=True,
)
