"""Services and voices: what adopters report of their services, who sends counts, and what is counted and how."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_code, link_file, link_page
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.figures import fold, list_rows, make_cell, make_growing_head, make_table
from dashboard.interfaces.components.reported import draw_reported_lane
from dashboard.interfaces.components.tiles.sparkline import draw_sparkline
from dashboard.interfaces.pages.services.state import ServicesState
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.locales import t


def _draw_answer(lang: str) -> rx.Component:
    view = ServicesState.overview
    return rx.fragment(
        _draw_reported(lang, ServicesState.reported),
        rx.cond(
            view["countries"].length() > 0,
            rx.el.section(
                rx.el.h2(t("delivery.page.countries", lang)),
                make_table(
                    t("delivery.page.countries", lang),
                    make_growing_head(t("ui.nav.country", lang), view["columns"]),
                    view["countries"],
                    _draw_country,
                    "stacked counts",
                ),
                class_name="section",
            ),
            rx.el.p(t("delivery.page.none", lang), ".", class_name="asof"),
        ),
        _explain_measures(lang, view["metrics"]),
    )


def _draw_reported(lang: str, view: Any) -> rx.Component:
    """What is reported of the origin and of adopters, a row a country; every value opens onto its sentence."""
    return rx.el.section(
        rx.el.h2(t("reported.heading", lang)),
        rx.el.p(t("reported.lede", lang)),
        draw_chart(lang, ServicesState.centres, level="h3", height=300),
        make_table(
            t("reported.label", lang),
            make_growing_head(t("ui.nav.country", lang), view["columns"]),
            view["countries"],
            lambda country: _draw_reported_country(lang, country),
            "stacked reported",
        ),
        rx.cond(view["without"] != "", rx.el.p(view["without"], class_name="absent")),
        rx.el.p(view["summary"], class_name="note"),
        rx.el.p(
            link_file(t("reported.file", lang), href=f"/api/v1/reported-figures.csv?lang={lang}", download=True),
            " · ",
            link_file(t("reported.data", lang), href=f"/api/v1/reported-figures?lang={lang}"),
            " · ",
            link_file(t("surveys.file", lang), href=f"/api/v1/survey-figures.csv?lang={lang}", download=True),
            " · ",
            link_code(lang, f"/api/v1/reported-figures.csv?lang={lang}"),
            " · ",
            link_page(t("reported.counts_templates", lang), to=f"/{lang}/sending/"),
        ),
        id="reported",
        class_name="section",
    )


def _draw_reported_country(lang: str, country: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            link_page(country["name"], to=f"/{lang}/countries/{country['iso3']}/?tab=services"),
            rx.cond(country["note"] != "", rx.el.small(country["note"], class_name="cases")),
            scope="row",
        ),
        rx.foreach(
            country["cells"],
            lambda column: make_cell(
                column["label"], rx.foreach(column["lanes"], lambda lane: draw_reported_lane(lang, lane))
            ),
        ),
    )


def _explain_measures(lang: str, metrics: Any) -> rx.Component:
    """What is counted of services, and how each rate is made of it."""
    return fold(
        t("delivery.page.metrics", lang),
        rx.el.p(t("delivery.page.metrics_lede", lang)),
        list_rows(
            t("delivery.page.metrics", lang),
            [t(f"delivery.page.{key}", lang) for key in ("metric", "how", "unit", "caution")],
            metrics,
            lambda metric: (metric["name"], rx.el.bdi(metric["how"]), metric["unit"], metric["caution"]),
        ),
    )


def _draw_country(country: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            link_page(country["name"], to=country["to"]), rx.el.small(country["text"], class_name="cases"), scope="row"
        ),
        rx.foreach(
            country["tiles"],
            lambda tile: make_cell(
                tile["name"],
                rx.el.strong(tile["text"]),
                rx.el.small(tile["limits"]),
                " ",
                rx.el.small(tile["cases"], class_name="cases"),
                draw_sparkline(tile["spark"]),
            ),
        ),
    )


PAGE = make_page(
    "services",
    "delivery.page.heading",
    "delivery.page.lede",
    _draw_answer,
    ServicesState.load,
)
