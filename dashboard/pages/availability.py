"""Which adopter has which indicator, and what kind of gap stands where there is nothing."""

from typing import Any

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.adoption import RULES
from dashboard.codebook.model import text
from dashboard.codebook.tables import THEMES
from dashboard.components.browser import page_link
from dashboard.components.controls import labelled_list, listed
from dashboard.components.matrix import availability_matrix
from dashboard.locales import t
from dashboard.pages.frame import answered, crumbs
from dashboard.pages.page import Page
from dashboard.services.availability import GAPS, SORTS
from dashboard.services.counting import DEFAULT_RULE
from dashboard.states.availability import AvailabilityState


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        crumbs(lang, page_link(t("ui.nav.sources", lang), to=f"/{lang}/sources/")),
        rx.el.h1(t("availability.page.heading", lang)),
        rx.el.p(t("availability.page.lede", lang), class_name="lede"),
        answered(lang, _answer, AvailabilityState.arrive),
    )


def _answer(lang: str) -> rx.Component:
    return rx.fragment(
        _filters(lang),
        availability_matrix(
            lang,
            AvailabilityState.matrix,
            rx.cond(AvailabilityState.tab == "table", "table", ""),
            AvailabilityState.choose_view,
            AvailabilityState.sort == SORTS[0],
            AvailabilityState.file,
        ),
        rx.el.p(t("availability.page.method", lang), class_name="note section"),
    )


def _filters(lang: str) -> rx.Component:
    state = AvailabilityState
    every = t("ui.controls.all", lang)
    themes = [(one, t(f"terms.theme.{one}.name", lang)) for one in THEMES]
    goals = [(str(one.number), f"{one.number} {text(one.short, lang)}") for one in codebook().goals.values()]
    rules = [(one, t(f"terms.counting_rule.{one}.name", lang)) for one in RULES]
    gaps = [(one, _gap(one, lang)) for one in GAPS]
    sorts = [(one, t(f"availability.sort.{one}", lang)) for one in SORTS]
    return rx.el.div(
        labelled_list("by-theme", t("ui.controls.theme", lang), state.theme, _chosen("theme"), *listed(themes, every)),
        labelled_list(
            "by-goal", t("ui.controls.goal", lang), state.goal_number, state.choose_goal, *listed(goals, every)
        ),
        labelled_list(
            "by-source",
            t("availability.filters.source", lang),
            state.source,
            _chosen("source"),
            *listed(state.source_choices, every),
        ),
        labelled_list(
            "by-rule",
            t("availability.filters.rule", lang),
            rx.cond(state.rule != "", state.rule, DEFAULT_RULE),
            state.choose_countries,
            *listed(rules),
        ),
        labelled_list(
            "by-group",
            t("availability.filters.group", lang),
            state.group,
            _chosen("group"),
            *listed(state.group_choices, every),
        ),
        labelled_list(
            "by-gap",
            t("availability.filters.gap", lang),
            state.gap,
            _chosen("gap"),
            *listed(gaps, t("availability.filters.any_gap", lang)),
        ),
        labelled_list("by-sort", t("availability.filters.sort", lang), state.sort, _chosen("sort"), *listed(sorts)),
        rx.el.button(t("ui.buttons.clear", lang), type="button", class_name="plain", on_click=state.clear),
        class_name="controls filters",
        role="group",
        aria_label=t("ui.controls.filter", lang),
    )


def _chosen(control: str) -> Any:
    return lambda value: AvailabilityState.choose(control, value)


def _gap(kind: str, lang: str) -> str:
    return t("answers.not_gathered.name" if kind == "not_gathered" else f"terms.no_data.{kind}.name", lang)


PAGE = Page(
    id="availability",
    route="/{lang}/availability/",
    body=body,
    arrive=AvailabilityState.arrive,
    title=lambda lang: t("availability.page.heading", lang),
    description=lambda lang: t("availability.page.lede", lang),
    example="availability/",
)
