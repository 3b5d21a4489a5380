"""The eleven CEPA principles, and which of them has the weakest evidence."""

from typing import Any

import reflex as rx

from dashboard.components.browser import page_link
from dashboard.components.figures import scroll
from dashboard.components.ways import ways_in
from dashboard.locales import t
from dashboard.pages.frame import answered
from dashboard.pages.page import Page
from dashboard.services.principles import weakest_first
from dashboard.states.ways import WaysState


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("ways.principles.heading", lang)),
        rx.el.p(t("ways.principles.lede", lang), class_name="lede"),
        ways_in(lang, "principles"),
        rx.el.section(
            rx.el.h2(t("ways.principles.table", lang)),
            rx.el.p(weakest_first(lang)),
            answered(lang, _table, WaysState.arrive_at_principles),
        ),
        rx.el.p(t("terms.cepa.definition", lang), class_name="note section"),
    )


def _table(lang: str) -> rx.Component:
    def row(line: Any) -> rx.Component:
        evidence = line["evidence"]
        return rx.el.tr(
            rx.el.th(
                page_link(line["name"], to=f"/{lang}/principles/{line['id']}/", class_name="initial"),
                rx.el.small(line["note"]),
                scope="row",
            ),
            rx.el.td(evidence["place_text"], rx.el.small(evidence["strongest_text"])),
            rx.el.td(evidence["figures_text"], class_name="num"),
            rx.el.td(evidence["coverage_text"], class_name="num"),
            rx.el.td(evidence["latest_text"], class_name="num"),
        )

    return scroll(
        t("ways.principles.table", lang),
        rx.el.table(
            rx.el.caption(t("ways.table.caption", lang)),
            rx.el.thead(
                rx.el.tr(
                    _column(lang, "order"),
                    _column(lang, "evidence"),
                    *(_column(lang, name, "num") for name in ("figures", "coverage", "latest")),
                )
            ),
            rx.el.tbody(rx.foreach(WaysState.lines, row)),
        ),
    )


def _column(lang: str, name: str, class_name: str = "") -> rx.Component:
    return rx.el.th(
        rx.el.button(
            t(f"ways.table.{name}", lang), type="button", class_name="plain", on_click=WaysState.sort_by(name)
        ),
        scope="col",
        class_name=class_name,
        aria_sort=rx.cond(WaysState.sort == name, "ascending", "none"),
    )


PAGE = Page(
    id="principles",
    route="/{lang}/principles/",
    body=body,
    arrive=WaysState.arrive_at_principles,
    title=lambda lang: t("ways.principles.heading", lang),
    description=lambda lang: t("ways.principles.lede", lang),
    example="principles/?sort=evidence",
)
