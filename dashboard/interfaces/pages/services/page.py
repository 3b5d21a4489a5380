"""Services and voices: what adopters report of their services, who sends counts, and what is counted and how."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import file_link, link_code, page_link
from dashboard.interfaces.components.chart import chart_figure
from dashboard.interfaces.components.figures import cell, fold, growing_head, listing, table
from dashboard.interfaces.components.reported import reported_lane
from dashboard.interfaces.components.tiles.sparkline import sparkline
from dashboard.interfaces.pages.services.state import ServicesState
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.locales import t


def _answer(lang: str) -> rx.Component:
    view = ServicesState.overview
    return rx.fragment(
        _reported(lang, ServicesState.reported),
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
            rx.el.p(t("delivery.page.none", lang), ".", class_name="asof"),
        ),
        _measures(lang, view["metrics"]),
    )


def _reported(lang: str, view: Any) -> rx.Component:
    """What is reported of the origin and of adopters, a row a country; every value opens onto its sentence."""
    return rx.el.section(
        rx.el.h2(t("reported.heading", lang)),
        rx.el.p(t("reported.lede", lang)),
        chart_figure(lang, ServicesState.centres, level="h3", height=300),
        table(
            t("reported.label", lang),
            growing_head(t("ui.nav.country", lang), view["columns"]),
            view["countries"],
            lambda country: _reported_country(lang, country),
            "stacked reported",
        ),
        rx.cond(view["without"] != "", rx.el.p(view["without"], class_name="absent")),
        rx.el.p(view["summary"], class_name="note"),
        rx.el.p(
            file_link(t("reported.file", lang), href=f"/api/v1/reported-figures.csv?lang={lang}", download=True),
            " · ",
            file_link(t("reported.data", lang), href=f"/api/v1/reported-figures?lang={lang}"),
            " · ",
            file_link(t("surveys.file", lang), href=f"/api/v1/survey-figures.csv?lang={lang}", download=True),
            " · ",
            link_code(lang, f"/api/v1/reported-figures.csv?lang={lang}"),
            " · ",
            page_link(t("reported.counts_templates", lang), to=f"/{lang}/sending/"),
        ),
        id="reported",
        class_name="section",
    )


def _reported_country(lang: str, country: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            page_link(country["name"], to=f"/{lang}/countries/{country['iso3']}/?tab=services"),
            rx.cond(country["note"] != "", rx.el.small(country["note"], class_name="cases")),
            scope="row",
        ),
        rx.foreach(
            country["cells"],
            lambda column: cell(column["label"], rx.foreach(column["lanes"], lambda lane: reported_lane(lang, lane))),
        ),
    )


def _measures(lang: str, metrics: Any) -> rx.Component:
    """What is counted of services, and how each rate is made of it."""
    return fold(
        t("delivery.page.metrics", lang),
        rx.el.p(t("delivery.page.metrics_lede", lang)),
        listing(
            t("delivery.page.metrics", lang),
            [t(f"delivery.page.{key}", lang) for key in ("metric", "how", "unit", "caution")],
            metrics,
            lambda metric: (metric["name"], rx.el.bdi(metric["how"]), metric["unit"], metric["caution"]),
        ),
    )


def _country(country: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            page_link(country["name"], to=country["to"]), rx.el.small(country["text"], class_name="cases"), scope="row"
        ),
        rx.foreach(
            country["tiles"],
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
