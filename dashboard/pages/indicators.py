"""The index of indicators."""

from typing import Any

import reflex as rx

from dashboard.components.cards import indicator_list
from dashboard.components.trouble import nothing
from dashboard.locales import t
from dashboard.pages.frame import answered
from dashboard.pages.page import Page
from dashboard.states.indicators import IndicatorsState


def body(lang: str, _: str) -> rx.Component:
    """The page in a language."""
    index = IndicatorsState.index
    return rx.fragment(
        rx.el.h1(t("pages.indicators.heading", lang)),
        rx.el.p(t("pages.indicators.lede", lang), class_name="lede"),
        answered(
            lang,
            rx.fragment(
                _filters(lang, index),
                rx.el.p(index["total_text"], role="status", class_name="asof"),
                rx.cond(
                    index["total"] > 0,
                    indicator_list(lang, index["indicators"]),
                    nothing(t("pages.indicators.none", lang), t("ui.empty.no_results_help", lang)),
                ),
            ),
            IndicatorsState.arrive,
        ),
    )


def _filters(lang: str, index: Any) -> rx.Component:
    return rx.el.div(
        _choice(lang, "theme", index["themes"], IndicatorsState.theme, IndicatorsState.choose_theme),
        _choice(lang, "goal", index["goals"], IndicatorsState.goal_number, IndicatorsState.choose_goal),
        _choice(lang, "principle", index["principles"], IndicatorsState.principle, IndicatorsState.choose_principle),
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


def _choice(lang: str, key: str, choices: Any, value: Any, choose: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(t(f"ui.controls.{key}", lang), html_for=f"by-{key}"),
        rx.el.select(
            rx.el.option(t("ui.controls.all", lang), value=""),
            rx.foreach(choices, lambda choice: rx.el.option(choice["label"], value=choice["id"])),
            id=f"by-{key}",
            value=value,
            on_change=choose,
        ),
        class_name="field",
    )


PAGE = Page(
    id="indicators",
    route="/{lang}/indicators/",
    body=body,
    arrive=IndicatorsState.arrive,
    title=lambda lang, _: t("pages.indicators.heading", lang),
    description=lambda lang, _: t("pages.indicators.lede", lang),
    example="indicators/",
    menu="indicators",
)
