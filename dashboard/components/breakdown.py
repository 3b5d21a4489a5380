"""Groups within countries: by what they are told apart, in which order, and their figures in a table."""

from typing import Any

import reflex as rx

from dashboard.components.browser import page_link
from dashboard.components.controls import changes
from dashboard.components.figures import cell, figure_value, scroll
from dashboard.locales import t


def breakdown_controls(lang: str, view: Any, choose_dimension: Any, choose_order: Any) -> rx.Component:
    """Two lists of a ``BreakdownView``: the breakdown and the order of the countries."""
    return rx.el.div(
        _list(t("breakdown.dimension", lang), "dimension", view["dimensions"], view["dimension"], choose_dimension),
        _list(t("breakdown.sort", lang), "sort", view["sorts"], view["sort"], choose_order),
        class_name="controls breakdown",
        role="group",
        aria_label=t("breakdown.dimension", lang),
    )


def _list(label: str, name: str, choices: Any, chosen: Any, choose: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"breakdown-{name}"),
        rx.el.select(
            rx.foreach(choices, lambda one: rx.el.option(one["label"], value=one["id"])),
            id=f"breakdown-{name}",
            value=chosen.to(str).lower(),
            on_change=choose,
            custom_attrs=changes(name),
        ),
        class_name="field",
    )


def breakdown_table(lang: str, view: Any, show: Any) -> rx.Component:
    """The figures of the chart, a column per group; each opens the drawer by ``show``."""
    title = t("breakdown.table", lang)

    def row(item: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(page_link(item["country"], to=f"/{lang}/countries/{item['iso3']}/"), scope="row"),
            rx.foreach(
                item["figures"],
                lambda figure: cell(
                    figure["dimensions"],
                    figure_value(lang, figure, show, f"{item['country']}, {figure['dimensions']}"),
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
