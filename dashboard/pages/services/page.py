"""Services and voices: the countries that send counts, what is measured elsewhere, and what is counted and how."""

from typing import Any

import reflex as rx

from dashboard.components.browser import page_link
from dashboard.components.figures import cell, growing_head, listing, scroll
from dashboard.components.tiles.sparkline import sparkline
from dashboard.components.trouble import nothing
from dashboard.locales import t
from dashboard.pages.services.elsewhere import show_elsewhere_figures
from dashboard.pages.services.state import ServicesState
from dashboard.pages.shell.frame import answered
from dashboard.pages.shell.page import Page


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("delivery.page.heading", lang)),
        rx.el.p(t("delivery.page.lede", lang), class_name="lede"),
        answered(lang, _answer, ServicesState.load),
    )


def _answer(lang: str) -> rx.Component:
    view = ServicesState.overview
    return rx.fragment(
        rx.el.section(
            rx.el.h2(t("delivery.page.countries", lang)),
            rx.cond(
                view["countries"].length() > 0,
                scroll(
                    t("delivery.page.countries", lang),
                    rx.el.table(
                        growing_head(t("ui.nav.country", lang), view["columns"]),
                        rx.el.tbody(rx.foreach(view["countries"], _country)),
                        class_name="stacked counts",
                    ),
                ),
                nothing(
                    t("delivery.page.none", lang),
                    t("delivery.page.none_help", lang),
                    rx.el.p(page_link(t("delivery.page.send", lang), to=f"/{lang}/sending/")),
                ),
            ),
            class_name="section",
        ),
        show_elsewhere_figures(lang, ServicesState.elsewhere),
        rx.el.section(
            rx.el.h2(t("delivery.page.metrics", lang)),
            rx.el.p(t("delivery.page.metrics_lede", lang)),
            rx.el.details(
                rx.el.summary(t("delivery.page.how", lang)),
                listing(
                    t("delivery.page.metrics", lang),
                    [t(f"delivery.page.{key}", lang) for key in ("metric", "how", "unit", "caution")],
                    view["metrics"],
                    lambda one: rx.el.tr(
                        rx.el.th(one["name"], scope="row"),
                        cell(t("delivery.page.how", lang), rx.el.bdi(one["how"])),
                        cell(t("delivery.page.unit", lang), one["unit"]),
                        cell(t("delivery.page.caution", lang), one["caution"]),
                    ),
                ),
            ),
            class_name="section",
        ),
    )


def _country(one: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(page_link(one["name"], to=one["to"]), rx.el.small(one["text"], class_name="cases"), scope="row"),
        rx.foreach(
            one["tiles"],
            lambda tile: cell(
                tile["name"],
                rx.el.strong(tile["text"]),
                rx.el.small(tile["limits"]),
                " ",
                rx.el.small(tile["cases"], class_name="cases"),
                sparkline(tile["spark"]),
            ),
        ),
    )


PAGE = Page(
    id="services",
    route="/{lang}/services/",
    body=body,
    load=ServicesState.load,
    title=lambda lang: t("delivery.page.heading", lang),
    description=lambda lang: t("delivery.page.lede", lang),
    example="services/",
)
