"""Up to six countries on one indicator, and what keeps them from being compared."""

from typing import Any

import reflex as rx

from dashboard.components.browser import ViewTabs, page_link
from dashboard.components.chart import chart_figure
from dashboard.components.controls import changes, selection
from dashboard.components.figures import figure_value, head, scroll
from dashboard.components.rows import rows_table
from dashboard.components.trouble import nothing
from dashboard.locales import t
from dashboard.pages.frame import answered
from dashboard.pages.page import Page
from dashboard.states.address import MOST_COUNTRIES
from dashboard.states.compare import CompareState
from dashboard.states.provenance import ProvenanceState


def body(lang: str, _: str) -> rx.Component:
    """The page in a language."""
    view = CompareState.view
    tabs = [
        {"id": "trend", "label": t("ui.controls.trend", lang)},
        {"id": "table", "label": t("ui.controls.table", lang)},
    ]
    return rx.fragment(
        rx.el.h1(t("pages.compare.heading", lang)),
        rx.el.p(t("pages.compare.lede", lang), class_name="lede"),
        answered(
            lang,
            rx.el.div(
                selection(lang, CompareState, CompareState.years, MOST_COUNTRIES, _indicator(lang)),
                rx.cond(view["too_many"] != "", rx.el.p(view["too_many"], class_name="note", role="status")),
                rx.cond(
                    view["empty"],
                    nothing(t("ui.empty.no_data", lang), view["why_empty"]),
                    rx.fragment(
                        ViewTabs.create(
                            name="tab",
                            items=tabs,
                            chosen=CompareState.tab,
                            label=t("ui.controls.view", lang),
                            on_pick=CompareState.choose_tab,
                        ),
                        rx.cond(
                            CompareState.tab == "table",
                            rows_table(lang, view["table"], ProvenanceState.show, CompareState.turn_to),
                            chart_figure(
                                lang,
                                CompareState.chart,
                                ProvenanceState.pick,
                                heading=view["name"],
                                subtitle=view["unit"],
                                height=460,
                            ),
                        ),
                        _chips(lang, view["chips"]),
                        _lines(lang, view["lines"]),
                    ),
                ),
                class_name="figures section",
            ),
            CompareState.arrive,
        ),
    )


def _indicator(lang: str) -> rx.Component:
    return rx.el.div(
        rx.el.label(t("ui.controls.indicator", lang), html_for="indicator"),
        rx.el.select(
            rx.foreach(CompareState.indicator_groups, _group),
            id="indicator",
            value=CompareState.chosen_indicator,
            on_change=CompareState.choose_indicator,
            custom_attrs=changes("indicator"),
        ),
        class_name="field wide",
    )


def _group(group: Any) -> rx.Component:
    return rx.el.optgroup(
        rx.foreach(group["options"], lambda option: rx.el.option(option["name"], value=option["id"])),
        label=group["label"],
    )


def _chips(lang: str, chips: Any) -> rx.Component:
    return rx.cond(
        chips.length() > 0,
        rx.el.section(
            rx.el.h2(t("pages.compare.differences", lang)),
            rx.el.dl(
                rx.foreach(chips, lambda chip: rx.el.div(rx.el.dt(chip["label"]), rx.el.dd(chip["text"]))),
                class_name="pairs",
            ),
        ),
    )


def _lines(lang: str, lines: Any) -> rx.Component:
    titles = [t(f"ui.table.{key}", lang) for key in ("country", "latest", "year", "change")] + [
        t("pages.compare.span", lang)
    ]

    def row(line: Any) -> rx.Component:
        latest = line["latest"]
        return rx.el.tr(
            rx.el.th(page_link(line["name"], to=f"/{lang}/countries/{line['iso3']}/"), scope="row"),
            rx.el.td(figure_value(lang, latest, ProvenanceState.show, line["name"]), class_name="num"),
            rx.el.td(latest["period"], rx.cond(latest["age_text"] != "", rx.el.small(latest["age_text"]))),
            rx.el.td(rx.el.small(line["change_text"])),
            rx.el.td(
                rx.cond(
                    line["first_year"], rx.el.small(line["points"], " · ", line["first_year"], "–", line["last_year"])
                )
            ),
        )

    return rx.el.section(
        rx.el.h2(t("pages.compare.latest", lang)),
        scroll(
            t("pages.compare.latest", lang),
            rx.el.table(head(*titles, numeric=(1,)), rx.el.tbody(rx.foreach(lines, row))),
        ),
    )


PAGE = Page(
    id="compare",
    route="/{lang}/compare/",
    body=body,
    arrive=CompareState.arrive,
    title=lambda lang, _: t("pages.compare.heading", lang),
    description=lambda lang, _: t("pages.compare.lede", lang),
    example="compare/?country=AZE,GEO,UZB",
    menu="compare",
    selects=True,
)
