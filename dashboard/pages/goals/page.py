"""The seventeen goals, and the eleven principles as another way in."""

from typing import Any

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.components.browser import page_link
from dashboard.components.cards import goal_badge
from dashboard.locales import t
from dashboard.pages.goals.state import GoalsState
from dashboard.pages.shell.frame import answered
from dashboard.pages.shell.page import Page


def body(lang: str) -> rx.Component:
    """The page in a language: titles from the codebook stand without an answer."""
    return rx.fragment(
        rx.el.h1(t("pages.goals.heading", lang)),
        rx.el.p(t("pages.goals.lede", lang), class_name="lede"),
        answered(lang, _goals, GoalsState.load, pending=_titles(lang)),
        rx.cond(GoalsState.principle_cards.length() > 0, _principles(lang)),
    )


def _titles(lang: str) -> rx.Component:
    return rx.el.ol(
        *(
            rx.el.li(
                page_link(
                    goal_badge(goal.number),
                    rx.el.span(rx.el.strong(text(goal.short, lang)), rx.el.small(text(goal.title, lang))),
                    to=f"/{lang}/goals/{goal.number}/",
                )
            )
            for goal in codebook().goals.values()
        ),
        class_name="goal-list section",
    )


def _goals(lang: str) -> rx.Component:
    return rx.el.ol(
        rx.foreach(
            GoalsState.cards,
            lambda card: rx.el.li(
                page_link(
                    goal_badge(card["number"]),
                    rx.el.span(rx.el.strong(card["short"]), rx.el.small(card["title"]), rx.el.small(card["text"])),
                    to=f"/{lang}/goals/{card['number']}/",
                )
            ),
        ),
        class_name="goal-list section",
    )


def _principles(lang: str) -> rx.Component:
    def principle(card: Any) -> rx.Component:
        return rx.el.li(
            page_link(card["name"], to=f"/{lang}/principles/{card['id']}/", class_name="initial"),
            rx.el.small(card["group_text"], class_name="quiet after"),
        )

    return rx.el.section(
        rx.el.h2(t("terms.cepa.name", lang)),
        rx.el.p(t("terms.cepa.definition", lang), class_name="note"),
        rx.el.ol(rx.foreach(GoalsState.principle_cards, principle), class_name="rows"),
    )


PAGE = Page(
    id="goals",
    route="/{lang}/goals/",
    body=body,
    load=GoalsState.load,
    title=lambda lang: t("pages.goals.heading", lang),
    description=lambda lang: t("pages.goals.lede", lang),
    example="goals/",
    kept=True,
)
