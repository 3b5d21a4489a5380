"""The index of indicators."""

from typing import Any

import reflex as rx

from dashboard.components.cards import indicator_list
from dashboard.components.controls import labelled_list, listed
from dashboard.components.trouble import nothing
from dashboard.locales import t
from dashboard.pages.frame import answered
from dashboard.pages.page import Page
from dashboard.states.indicators import IndicatorsState


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("pages.indicators.heading", lang)),
        rx.el.p(t("pages.indicators.lede", lang), class_name="lede"),
        answered(lang, _answer, IndicatorsState.arrive),
    )


def _answer(lang: str) -> rx.Component:
    index = IndicatorsState.index
    return rx.fragment(
        _filters(lang, index),
        rx.el.p(index["total_text"], role="status", class_name="asof"),
        rx.cond(
            index["total"] > 0,
            indicator_list(lang, index["indicators"]),
            nothing(t("pages.indicators.none", lang), t("ui.empty.no_results_help", lang)),
        ),
    )


def _filters(lang: str, index: Any) -> rx.Component:
    return rx.el.div(
        labelled_list(
            "by-theme",
            t("ui.controls.theme", lang),
            IndicatorsState.theme,
            IndicatorsState.choose_theme,
            *listed(index["themes"], t("ui.controls.all", lang)),
        ),
        labelled_list(
            "by-goal",
            t("ui.controls.goal", lang),
            IndicatorsState.goal_number,
            IndicatorsState.choose_goal,
            *listed(index["goals"], t("ui.controls.all", lang)),
        ),
        labelled_list(
            "by-principle",
            t("ui.controls.principle", lang),
            IndicatorsState.principle,
            IndicatorsState.choose_principle,
            *listed(index["principles"], t("ui.controls.all", lang)),
        ),
        rx.el.form(
            rx.el.div(
                rx.el.label(t("ui.buttons.search", lang), html_for="q"),
                rx.el.input(
                    type="search",
                    name="q",
                    id="q",
                    default_value=IndicatorsState.search,
                    key=IndicatorsState.search,
                    max_length=80,
                ),
                class_name="field",
            ),
            rx.el.button(t("ui.buttons.search", lang), type="submit", class_name="button"),
            on_submit=IndicatorsState.look_for,
            role="search",
            class_name="search",
        ),
        rx.el.button(t("ui.buttons.clear", lang), type="button", class_name="plain", on_click=IndicatorsState.clear),
        class_name="controls",
        role="group",
        aria_label=t("ui.controls.filter", lang),
    )


PAGE = Page(
    id="indicators",
    route="/{lang}/indicators/",
    body=body,
    arrive=IndicatorsState.arrive,
    title=lambda lang: t("pages.indicators.heading", lang),
    description=lambda lang: t("pages.indicators.lede", lang),
    example="indicators/",
    menu="indicators",
)
