"""The page of search results: a link to it, or a reload, searches again."""

from typing import Any

import reflex as rx

from dashboard.components.browser import page_link
from dashboard.components.chart import chart_figure
from dashboard.components.controls import labelled_list, listed, search_field, view_form
from dashboard.components.search import hit_list
from dashboard.locales import t
from dashboard.pages.search.state import SearchState, list_lines
from dashboard.pages.shell.address import KINDS
from dashboard.pages.shell.frame import make_page
from dashboard.pages.shell.provenance import ProvenanceState
from dashboard.pages.shell.share import ShareState


def _answered(lang: str) -> rx.Component:
    return rx.fragment(_controls(lang), _answer(lang))


def _controls(lang: str) -> rx.Component:
    kinds = [("", t("search.results.all", lang)), *((kind, t(f"search.group.{kind}", lang)) for kind in KINDS)]
    return view_form(
        search_field(lang, t("search.results.ask", lang)),
        labelled_list("kind", t("search.results.kind", lang), SearchState.kind, *listed(kinds), id_="kind"),
        fields=SearchState.fields,
        own=("q", "kind"),
        class_name="controls",
        aria_label=t("search.results.heading", lang),
    )


def _answer(lang: str) -> rx.Component:
    def group(one: Any) -> rx.Component:
        return rx.el.section(
            rx.el.h2(one["label"]),
            hit_list(one["hits"]),
            rx.cond(one["more"] != "", rx.el.p(one["more"], class_name="note after-text")),
        )

    return rx.fragment(
        rx.el.p(SearchState.result, role="status", class_name="asof"),
        rx.el.div(
            rx.el.div(
                rx.cond(SearchState.crossed.length() > 0, _crossed(lang)),
                rx.cond(
                    SearchState.near.length() > 0,
                    rx.el.section(rx.el.h2(SearchState.near_label), hit_list(SearchState.near)),
                ),
                rx.foreach(SearchState.results, group),
            ),
            rx.cond(
                SearchState.picture != "",
                rx.el.div(chart_figure(lang, SearchState.picture, ProvenanceState.pick, ShareState.show)),
            ),
            class_name="found",
            custom_attrs={"data-picture": SearchState.picture != ""},
        ),
    )


def _crossed(lang: str) -> rx.Component:
    """The figures first, with year and source, then the pages of both."""

    def line(one: Any) -> rx.Component:
        return rx.el.li(
            rx.el.p(
                page_link(
                    rx.cond(one["found"], rx.el.strong(one["value"]), one["value"]),
                    to=one["figure_href"],
                    class_name="crossed-figure",
                ),
                rx.cond(one["found"], rx.el.span(" ", one["year"], class_name="num")),
                rx.cond(one["age"] != "", rx.el.small(" · ", one["age"], class_name="quiet")),
            ),
            rx.el.p(one["indicator"], " · ", one["country"]),
            rx.cond(one["source"] != "", rx.el.p(one["source"], class_name="note")),
            rx.el.p(
                page_link(one["indicator"], to=one["indicator_href"]),
                " · ",
                page_link(one["country"], to=one["country_href"]),
                class_name="note",
            ),
        )

    return rx.el.section(
        rx.el.h2(t("search.crossed.heading", lang)),
        rx.el.ul(rx.foreach(SearchState.crossed, line), class_name="rows", role="list"),
        id="figure",
    )


PAGE = make_page(
    "search",
    "search.results.heading",
    "search.results.lede",
    _answered,
    SearchState.load,
    title=lambda lang: t("search.results.title", lang),
    example="search/?q=corruption",
    lines=list_lines,
    asks=("q",),
)
