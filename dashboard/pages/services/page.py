"""Services and voices: the countries that send counts, what is measured elsewhere, and what is counted and how."""

from typing import Any

import reflex as rx

from dashboard.components.browser import page_link
from dashboard.components.controls import tabs
from dashboard.components.figures import cell, growing_head, listing, table
from dashboard.components.tiles.sparkline import sparkline
from dashboard.locales import t
from dashboard.pages.services.elsewhere import show_elsewhere_figures
from dashboard.pages.services.state import ServicesState
from dashboard.pages.shell.address import SERVICE_TABS
from dashboard.pages.shell.frame import make_page


def _answer(lang: str) -> rx.Component:
    view = ServicesState.overview
    none = t("delivery.page.none", lang)
    return rx.fragment(
        rx.cond(
            view["countries"].length() > 0,
            rx.el.section(
                rx.el.h2(t("delivery.page.countries", lang)),
                table(
                    t("delivery.page.countries", lang),
                    growing_head(t("ui.nav.country", lang), view["columns"]),
                    view["countries"],
                    _country,
                    "stacked counts",
                ),
                class_name="section",
            ),
            rx.el.p(none, ". ", page_link(t("delivery.page.send", lang), to=f"/{lang}/sending/"), class_name="asof"),
        ),
        tabs(t("delivery.page.tab.label", lang), ServicesState.tabs),
        rx.cond(
            ServicesState.tab == SERVICE_TABS[1],
            _measures(lang, view["metrics"]),
            show_elsewhere_figures(lang, ServicesState.elsewhere),
        ),
    )


def _measures(lang: str, metrics: Any) -> rx.Component:
    """What is counted of services, and how each rate is made of it."""
    return rx.el.section(
        rx.el.h2(t("delivery.page.metrics", lang)),
        rx.el.p(t("delivery.page.metrics_lede", lang)),
        listing(
            t("delivery.page.metrics", lang),
            [t(f"delivery.page.{key}", lang) for key in ("metric", "how", "unit", "caution")],
            metrics,
            lambda one: (one["name"], rx.el.bdi(one["how"]), one["unit"], one["caution"]),
        ),
        class_name="section",
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


PAGE = make_page(
    "services",
    "delivery.page.heading",
    "delivery.page.lede",
    _answer,
    ServicesState.load,
)
