"""One goal: its official title, the targets our indicators speak to, and the rest."""

from typing import Any

import reflex as rx

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Goal, choose_text
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.cards import (
    draw_evidence_bar,
    draw_goal_badge,
    explain_coverage,
    list_indicators,
    list_without_figures,
)
from dashboard.interfaces.components.figures import fold, make_pair
from dashboard.interfaces.pages.goals.state import GoalsState, read_number
from dashboard.interfaces.pages.shell.frame import draw_crumbs, show_answer
from dashboard.interfaces.pages.shell.head import Head, describe_absent
from dashboard.interfaces.pages.shell.page import Page
from dashboard.locales import t

MAX_UNFOLDED = 3
"""Indicators of a target that are shown unasked; more are folded."""


def draw_page(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        draw_crumbs(lang, link_page(t("ui.nav.goals", lang), to=f"/{lang}/goals/")),
        _link_goals(lang),
        show_answer(lang, _draw_answer, GoalsState.load_goal, level="h1"),
    )


def _draw_answer(lang: str) -> rx.Component:
    view = GoalsState.goal_view
    return rx.fragment(
        rx.el.div(
            draw_goal_badge(view["number"], large=True),
            rx.el.h1(
                rx.el.span(t("ui.nav.goal", lang), " ", view["number"], t("ui.list.colon", lang), class_name="sr-only"),
                view["short"],
            ),
            class_name="goal-head",
        ),
        rx.el.p(view["title"], class_name="lede", lang=view["title_lang"]),
        rx.cond(view["title_note"] != "", rx.el.p(view["title_note"], class_name="note")),
        _draw_targets(lang),
    )


def _draw_targets(lang: str) -> rx.Component:
    view = GoalsState.goal_view

    def target(card: Any) -> rx.Component:
        return rx.el.section(
            rx.el.div(
                rx.el.h2(_link_target(lang, card, rx.el.bdi(card["code"], class_name="code"))),
                rx.el.div(draw_evidence_bar(card["bar"])),
                class_name="evidence",
            ),
            rx.cond(
                card["with_figures"].length() > 0,
                fold(
                    [t("pages.goal.with", lang), " (", card["with_figures"].length(), ")"],
                    list_indicators(lang, card["with_figures"], brief=True),
                    open=card["with_figures"].length() <= MAX_UNFOLDED,
                ),
            ),
            list_without_figures(lang, card["without"]),
        )

    return rx.fragment(
        rx.el.p(view["text"], class_name="lede"),
        rx.el.p(t("ways.evidence.bars", lang), class_name="note"),
        rx.foreach(GoalsState.targets, target),
        rx.cond(view["others"].length() > 0, _fold_others(lang, view["others"])),
        rx.el.section(
            rx.el.h2(t("terms.strength.title", lang)),
            rx.el.dl(
                rx.foreach(view["strengths"], lambda term: make_pair(term["label"], term["definition"])),
                class_name="pairs",
            ),
            rx.el.p(t("terms.strength.note", lang), class_name="note section"),
            explain_coverage(lang),
        ),
    )


def _link_target(lang: str, card: Any, code: rx.Component) -> rx.Component:
    title = rx.el.span(card["title"], lang=card["title_lang"])
    return link_page(code, " ", title, to=f"/{lang}/targets/{card['code']}/")


def _fold_others(lang: str, targets: Any) -> rx.Component:
    """The targets nothing of ours is linked to, folded away: their titles are long and lead nowhere near a figure."""
    return rx.el.section(
        fold(
            [t("pages.goal.others", lang), " (", targets.length(), ")"],
            rx.el.ul(
                rx.foreach(targets, lambda card: rx.el.li(_link_target(lang, card, rx.el.bdi(card["code"])))),
                class_name="rows",
            ),
        ),
    )


def _link_goals(lang: str) -> rx.Component:
    return rx.el.nav(
        *(
            link_page(
                draw_goal_badge(goal.number),
                rx.el.span(_write_title(lang, goal), class_name="sr-only"),
                to=f"/{lang}/goals/{goal.number}/",
                title=choose_text(goal.short, lang),
                section=True,
            )
            for goal in load_codebook().goals.values()
        ),
        class_name="goal-nav section",
        aria_label=t("ui.nav.goals", lang),
    )


def _write_title(lang: str, goal: Goal) -> str:
    return t("ui.assistive.goal_badge", lang, number=goal.number, title=choose_text(goal.short, lang))


def write_head(lang: str, name: str, as_of: str) -> Head:
    """Return the head of the goal of this number."""
    goal = load_codebook().goals.get(read_number(name))
    if goal is None:
        return describe_absent(lang, "goal", number=name[:60])
    return Head(lang, _write_title(lang, goal), choose_text(goal.title, lang), found=True)


PAGE = Page(
    id="goal",
    route="/{lang}/goals/[goal]/",
    body=draw_page,
    load=GoalsState.load_goal,
    title=lambda lang: rx.cond(
        GoalsState.goal_view["short"].to(str),
        t(
            "ui.assistive.goal_badge",
            lang,
            number=f"{GoalsState.goal_view['number']}",
            title=f"{GoalsState.goal_view['short']}",
        ),
        t("ui.nav.goal", lang),
    ),
    description=lambda lang: rx.cond(
        GoalsState.goal_view["title"].to(str), GoalsState.goal_view["title"], t("ui.product.purpose", lang)
    ),
    example="goals/16/",
    head=write_head,
    names=lambda: (str(number) for number in load_codebook().goals),
    kept=True,
)
