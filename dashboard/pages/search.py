"""The page of search results: a link to it, or a reload, searches again."""

from typing import Any

import reflex as rx

from dashboard.components.search import hit_list
from dashboard.locales import t
from dashboard.pages.frame import answered
from dashboard.pages.page import Page
from dashboard.states.address import KINDS
from dashboard.states.search import SearchState


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("search.results.heading", lang)),
        rx.el.p(t("search.results.lede", lang), class_name="lede"),
        answered(lang, _answered, SearchState.arrive),
    )


def _answered(lang: str) -> rx.Component:
    return rx.fragment(_controls(lang), _answer())


def _controls(lang: str) -> rx.Component:
    kinds = [("", t("search.results.all", lang)), *((kind, t(f"search.group.{kind}", lang)) for kind in KINDS)]
    return rx.el.div(
        rx.el.form(
            rx.el.div(
                rx.el.label(t("search.results.ask", lang), html_for="q"),
                rx.el.input(
                    type="search",
                    name="q",
                    id="q",
                    default_value=SearchState.sought,
                    key=SearchState.sought,
                    max_length=80,
                ),
                class_name="field",
            ),
            rx.el.button(t("ui.buttons.search", lang), type="submit", class_name="button"),
            on_submit=SearchState.look_for,
            role="search",
            class_name="search",
            custom_attrs={"aria-label": t("search.results.heading", lang)},
        ),
        rx.el.div(
            rx.el.label(t("search.results.kind", lang), html_for="kind"),
            rx.el.select(
                *(rx.el.option(label, value=kind) for kind, label in kinds),
                id="kind",
                value=SearchState.kind,
                on_change=SearchState.choose_kind,
            ),
            class_name="field",
        ),
        class_name="controls",
    )


def _answer() -> rx.Component:
    def group(one: Any) -> rx.Component:
        return rx.el.section(
            rx.el.h2(one["label"]),
            hit_list(one["hits"]),
            rx.cond(one["more"] != "", rx.el.p(one["more"], class_name="note after-text")),
        )

    return rx.fragment(
        rx.el.p(SearchState.result, role="status", class_name="asof"),
        rx.cond(
            SearchState.near.length() > 0,
            rx.el.section(rx.el.h2(SearchState.near_label), hit_list(SearchState.near)),
        ),
        rx.foreach(SearchState.results, group),
    )


PAGE = Page(
    id="search",
    route="/{lang}/search/",
    body=body,
    arrive=SearchState.arrive,
    title=lambda lang: t("search.results.title", lang),
    description=lambda lang: t("search.results.lede", lang),
    example="search/?q=corruption",
)
