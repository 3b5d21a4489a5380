"""One goal: its official title, the targets our indicators speak to, and the rest."""

from typing import Any

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.components.browser import page_link
from dashboard.components.cards import goal_badge, indicator_list, without_figures
from dashboard.locales import t
from dashboard.pages.frame import answered, crumbs
from dashboard.pages.page import Page
from dashboard.states.goals import GoalsState


def body(lang: str, part: str) -> rx.Component:
    """The page of goal ``part``; title and targets stand without an answer."""
    goal = codebook().goals[int(part)]
    return rx.fragment(
        crumbs(lang, page_link(t("ui.nav.goals", lang), to=f"/{lang}/goals/")),
        rx.el.div(
            goal_badge(goal.number, large=True),
            rx.el.h1(
                rx.el.span(f"{t('ui.nav.goal', lang)} {goal.number}: ", class_name="sr-only"), text(goal.short, lang)
            ),
            class_name="goal-head",
        ),
        rx.el.p(text(goal.title, lang), class_name="lede"),
        answered(lang, _answer(lang), GoalsState.arrive_at_goal, pending=_targets(lang, goal.number)),
        _neighbours(lang, goal.number),
    )


def _targets(lang: str, number: int) -> rx.Component:
    targets = [target for target in codebook().targets.values() if target.goal == number]
    return rx.el.ul(
        *(
            rx.el.li(page_link(f"{target.code} {text(target.title, lang)}", to=f"/{lang}/targets/{target.code}/"))
            for target in targets
        ),
        class_name="rows section",
    )


def _answer(lang: str) -> rx.Component:
    view = GoalsState.goal_view

    def target(card: Any) -> rx.Component:
        return rx.el.section(
            rx.el.h2(
                page_link(
                    rx.el.span(card["code"], class_name="code"),
                    " ",
                    card["title"],
                    to=f"/{lang}/targets/{card['code']}/",
                )
            ),
            rx.cond(card["with_figures"].length() > 0, indicator_list(lang, card["with_figures"], brief=True)),
            without_figures(lang, card["without"]),
        )

    return rx.fragment(
        rx.el.p(view["text"], class_name="lede"),
        rx.foreach(GoalsState.targets, target),
        rx.el.section(
            rx.el.h2(t("pages.goal.others", lang)),
            rx.el.ul(
                rx.foreach(
                    view["others"],
                    lambda card: rx.el.li(
                        page_link(card["code"], " ", card["title"], to=f"/{lang}/targets/{card['code']}/")
                    ),
                ),
                class_name="rows",
            ),
        ),
        rx.el.section(
            rx.el.h2(t("terms.strength.title", lang)),
            rx.el.dl(
                rx.foreach(
                    view["strengths"], lambda term: rx.el.div(rx.el.dt(term["label"]), rx.el.dd(term["definition"]))
                ),
                class_name="pairs",
            ),
            rx.el.p(t("terms.strength.note", lang), class_name="note section"),
        ),
    )


def _neighbours(lang: str, number: int) -> rx.Component:
    return rx.el.nav(
        *(
            page_link(
                goal_badge(goal.number),
                rx.el.span(
                    t("ui.assistive.goal_badge", lang, number=goal.number, title=text(goal.short, lang)),
                    class_name="sr-only",
                ),
                to=f"/{lang}/goals/{goal.number}/",
                title=text(goal.short, lang),
                custom_attrs={"aria-current": "page"} if goal.number == number else {},
            )
            for goal in codebook().goals.values()
        ),
        class_name="goal-nav section",
        aria_label=t("ui.nav.goals", lang),
    )


def _title(lang: str, part: str) -> str:
    goal = codebook().goals[int(part)]
    return t("ui.assistive.goal_badge", lang, number=goal.number, title=text(goal.short, lang))


PAGE = Page(
    id="goal",
    route="/{lang}/goals/{goal}/",
    body=body,
    arrive=GoalsState.arrive_at_goal,
    title=_title,
    description=lambda lang, part: text(codebook().goals[int(part)].title, lang),
    example="goals/16/",
    each=tuple(str(number) for number in range(1, 18)),
)
