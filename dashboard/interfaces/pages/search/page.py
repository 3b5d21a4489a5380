"""The page of search results: a link to it, or a reload, searches again."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.controls import make_search_field, make_select, make_view_form
from dashboard.interfaces.components.search import list_hits
from dashboard.interfaces.pages.search.state import SearchState
from dashboard.interfaces.pages.shell.address import KINDS
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.interfaces.pages.shell.share import ShareState
from dashboard.locales import t


def _draw_page(lang: str) -> rx.Component:
    return rx.fragment(_make_controls(lang), _draw_answer(lang))


def _make_controls(lang: str) -> rx.Component:
    kinds = [(kind, t(f"search.group.{kind}", lang)) for kind in KINDS]
    return make_view_form(
        lang,
        make_search_field(lang, t("search.results.ask", lang)),
        make_select(
            "kind", t("search.results.kind", lang), SearchState.kind, kinds, t("search.results.all", lang), id_="kind"
        ),
        fields=SearchState.fields,
        own=("q", "kind"),
        class_name="controls",
        aria_label=t("search.results.heading", lang),
    )


def _draw_answer(lang: str) -> rx.Component:
    def group(item: Any) -> rx.Component:
        return rx.el.section(
            rx.el.h2(item["label"]),
            list_hits(item["hits"]),
            rx.cond(item["more"] != "", rx.el.p(item["more"], class_name="note after-text")),
            id=item["id"],
        )

    return rx.fragment(
        rx.el.p(SearchState.result, role="status", class_name="asof"),
        rx.el.div(
            rx.el.div(
                rx.cond(
                    SearchState.near.length() > 0,
                    rx.el.section(rx.el.h2(SearchState.near_label), list_hits(SearchState.near)),
                ),
                rx.foreach(SearchState.results, group),
            ),
            rx.cond(
                SearchState.picture != "",
                rx.el.div(draw_chart(lang, SearchState.picture, ProvenanceState.pick, ShareState.show)),
            ),
            class_name="found",
            custom_attrs={"data-picture": SearchState.picture != ""},
        ),
    )


PAGE = make_page(
    "search",
    "search.results.heading",
    "search.results.lede",
    _draw_page,
    SearchState.load,
    title=lambda lang: t("search.results.title", lang),
    example="search/?q=corruption",
)
