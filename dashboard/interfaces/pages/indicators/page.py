"""The index of indicators."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.cards import draw_goal_badge
from dashboard.interfaces.components.controls import (
    draw_pager,
    draw_tabs,
    link_view,
    make_search_field,
    make_select,
    make_view_form,
)
from dashboard.interfaces.components.figures import list_rows, make_cell
from dashboard.interfaces.components.tiles.sparkline import draw_count_bars
from dashboard.interfaces.components.trouble import explain_nothing
from dashboard.interfaces.pages.indicators.state import IndicatorsState
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.locales import t


def _draw_answer(lang: str) -> rx.Component:
    index = IndicatorsState.index
    return rx.fragment(
        _make_filters(lang, index),
        rx.el.div(
            rx.el.p(index["total_text"], role="status"),
            draw_tabs(t("ui.controls.sort", lang), IndicatorsState.sorts, "tabs segments"),
            class_name="picture-head",
        ),
        rx.cond(
            index["total"] > 0,
            rx.fragment(
                _draw_table(lang, index["rows"]),
                draw_pager(lang, t("ui.nav.indicators", lang), index["page"], index["pages"], IndicatorsState.around),
            ),
            explain_nothing(t("pages.indicators.none", lang), t("ui.empty.no_results_help", lang)),
        ),
    )


def _draw_table(lang: str, rows: Any) -> rx.Component:
    titles = [
        t("ui.table.indicator", lang),
        t("ui.controls.theme", lang),
        t("ui.nav.goals", lang),
        t("pages.indicators.adopters", lang),
        t("pages.indicators.sort.latest", lang),
        t("pages.indicators.course", lang),
    ]

    def row(item: Any) -> tuple[Any, ...]:
        return (
            [
                link_page(item["name"], to=f"/{lang}/indicators/{item['id']}/", title=item["definition"]),
                rx.el.small(item["unit"], class_name="quiet unit"),
            ],
            item["theme_text"],
            make_cell(
                titles[2],
                rx.foreach(item["goals"], lambda goal: draw_goal_badge(goal)),
                rx.cond(item["strength_text"] != "", rx.el.small(item["strength_text"], class_name="quiet")),
                class_name="goal-badges",
            ),
            rx.cond(
                item["empty"],
                rx.el.small(item["why_empty"], class_name="absent"),
                rx.fragment(
                    rx.el.span(rx.el.span(style={"inlineSize": item["share"]}), class_name="bar", aria_hidden="true"),
                    rx.el.small(item["covered"], "/", item["of"], title=item["coverage_text"]),
                ),
            ),
            item["latest"],
            draw_count_bars(item["bars"]),
        )

    return list_rows(t("ui.nav.indicators", lang), titles, rows, row, numeric=(4,), class_name="index stacked")


def _make_filters(lang: str, index: Any) -> rx.Component:
    state, every = IndicatorsState, t("ui.controls.all", lang)
    return make_view_form(
        lang,
        make_select("theme", t("ui.controls.theme", lang), state.theme, index["themes"], every),
        make_select("goal", t("ui.controls.goal", lang), state.goal_number, index["goals"], every),
        make_select("principle", t("ui.controls.principle", lang), state.principle, index["principles"], every),
        make_select("strength", t("ui.table.strength", lang), state.strength, index["strengths"], every),
        make_search_field(lang, t("ui.buttons.search", lang)),
        link_view(t("ui.buttons.clear", lang), to=state.cleared, class_name="plain"),
        fields=state.fields,
        own=("theme", "goal", "principle", "strength", "q"),
        class_name="controls index-filters",
        aria_label=t("ui.controls.filter", lang),
    )


PAGE = make_page(
    "indicators",
    "pages.indicators.heading",
    "pages.indicators.lede",
    _draw_answer,
    IndicatorsState.load,
    kept=True,
)
