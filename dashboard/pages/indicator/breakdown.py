"""Groups within countries: by what they are told apart, in which order, and their figures in a table."""

from typing import Any

import reflex as rx

from dashboard.components.browser import page_link
from dashboard.components.controls import labelled_list, listed, view_form
from dashboard.components.figures import cell, figure_value, scroll
from dashboard.locales import t


def breakdown_controls(lang: str, view: Any, fields: Any) -> rx.Component:
    """Two lists of a ``BreakdownView``: the breakdown and the order of the countries."""
    dimension = view["dimension"].to(str).lower()
    return view_form(
        labelled_list("dimension", t("breakdown.dimension", lang), dimension, *listed(view["dimensions"])),
        labelled_list("sort", t("breakdown.sort", lang), view["sort"], *listed(view["sorts"])),
        fields=fields,
        own=("dimension", "sort"),
        class_name="controls breakdown",
        aria_label=t("breakdown.dimension", lang),
    )


def breakdown_table(lang: str, view: Any, show: Any) -> rx.Component:
    """The figures of the chart, a column per group; each opens the drawer by ``show``."""
    title, comma = t("breakdown.table", lang), t("ui.list.comma", lang)

    def row(item: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(page_link(item["country"], to=f"/{lang}/countries/{item['iso3']}/"), scope="row"),
            rx.foreach(
                item["figures"],
                lambda figure: cell(
                    figure["dimensions"],
                    figure_value(lang, figure, show, f"{item['country']}{comma}{figure['dimensions']}"),
                    class_name="num",
                ),
            ),
            cell(t("breakdown.gap_header", lang), item["gap_text"]),
        )

    return rx.cond(
        view["rows"].length() > 0,
        rx.el.div(
            rx.el.h3(title),
            scroll(
                title,
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th(t("ui.table.country", lang), scope="col"),
                            rx.foreach(view["groups"], lambda name: rx.el.th(name, scope="col", class_name="num")),
                            rx.el.th(t("breakdown.gap_header", lang), scope="col"),
                        )
                    ),
                    rx.el.tbody(rx.foreach(view["rows"], row)),
                    class_name="stacked",
                ),
            ),
            class_name="section",
        ),
    )
