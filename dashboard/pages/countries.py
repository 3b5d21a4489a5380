"""All countries: first those the register says something of, then every other by region."""

from itertools import groupby
from typing import Any

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.components.browser import page_link
from dashboard.components.controls import labelled_list, listed
from dashboard.components.figures import cell, head, scroll
from dashboard.components.trouble import nothing
from dashboard.locales import has, order, t
from dashboard.pages.frame import answered
from dashboard.pages.page import Page
from dashboard.states.countries import CountriesState


def body(lang: str) -> rx.Component:
    """The page in a language; the list by region stands without an answer."""
    return rx.fragment(
        rx.el.h1(t("pages.countries.heading", lang)),
        rx.el.p(t("pages.countries.lede", lang), class_name="lede"),
        rx.el.section(
            rx.el.h2(t("pages.countries.register", lang)),
            rx.el.p(t("terms.adoption_status.note", lang), class_name="note"),
            answered(lang, _answer, CountriesState.arrive),
        ),
        rx.el.section(rx.el.h2(t("pages.countries.all", lang)), *_by_region(lang)),
    )


def _answer(lang: str) -> rx.Component:
    index = CountriesState.index
    return rx.fragment(
        _filters(lang, index),
        rx.el.p(index["total_text"], role="status", class_name="asof"),
        rx.cond(
            index["total"] > 0,
            _table(lang, index),
            nothing(t("country.index.none", lang), t("country.index.none_help", lang)),
        ),
    )


def _filters(lang: str, index: Any) -> rx.Component:
    state = CountriesState
    return rx.el.div(
        rx.el.form(
            rx.el.div(
                rx.el.label(t("country.index.search", lang), html_for="q"),
                rx.el.input(
                    type="search", name="q", id="q", default_value=state.search, key=state.search, max_length=80
                ),
                class_name="field",
            ),
            rx.el.button(t("ui.buttons.search", lang), type="submit", class_name="button"),
            on_submit=state.look_for,
            role="search",
            class_name="search",
        ),
        labelled_list(
            "by-status",
            t("country.index.status", lang),
            state.status,
            state.choose_status,
            *listed(index["statuses"], t("ui.controls.all", lang)),
        ),
        labelled_list(
            "by-region",
            t("country.index.region", lang),
            state.region,
            state.choose_region,
            *listed(index["regions"], t("ui.controls.all", lang)),
        ),
        labelled_list(
            "by-sort",
            t("country.index.sort", lang),
            rx.cond(state.order != "", state.order, "by_status"),
            state.choose_order,
            *listed(index["sorts"]),
        ),
        rx.el.button(t("ui.buttons.clear", lang), type="button", class_name="plain", on_click=state.clear),
        class_name="controls",
        role="group",
        aria_label=t("ui.controls.filter", lang),
    )


def _table(lang: str, index: Any) -> rx.Component:
    titles = [t("ui.table.country", lang), t("country.index.region", lang), t("terms.adoption_status.title", lang)]
    titles += [t("pages.countries.with_data", lang)]

    def row(card: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(page_link(card["name"], to=f"/{lang}/countries/{card['iso3']}/"), scope="row"),
            cell(titles[1], card["region"]),
            cell(
                titles[2],
                page_link(card["status_text"], to=f"/{lang}/method/#{card['status']}"),
                rx.cond(card["disputed"], rx.el.small(t("terms.adoption_status.disputed.name", lang))),
            ),
            cell(titles[3], card["with_data"], class_name="num"),
        )

    return rx.fragment(
        scroll(
            t("pages.countries.register", lang),
            rx.el.table(
                head(*titles, numeric=(3,)), rx.el.tbody(rx.foreach(index["cards"], row)), class_name="stacked"
            ),
        ),
        rx.cond(index["pages"] > 1, _pager(lang, index)),
    )


def _pager(lang: str, index: Any) -> rx.Component:
    def turn(label: str, page: Any, end: Any) -> rx.Component:
        return rx.el.button(
            t(f"ui.buttons.{label}", lang),
            type="button",
            class_name="button",
            disabled=end,
            on_click=CountriesState.turn_to(page),
        )

    return rx.el.nav(
        turn("previous", index["page"] - 1, index["page"] <= 1),
        rx.el.span(index["page"], " / ", index["pages"]),
        turn("next", index["page"] + 1, index["page"] >= index["pages"]),
        class_name="pager",
        aria_label=t("pages.countries.register", lang),
    )


def _region(region: str, lang: str) -> str:
    key = f"terms.region.{region}"
    return t(key, lang) if region and has(key) else t("pages.countries.no_region", lang)


def _by_region(lang: str) -> list[rx.Component]:
    countries = sorted(codebook().countries.values(), key=lambda c: (c.region, order(text(c.name, lang), lang)))
    return [
        rx.el.details(
            rx.el.summary(_region(region, lang)),
            rx.el.ul(
                *(
                    rx.el.li(page_link(text(country.name, lang), to=f"/{lang}/countries/{country.iso3}/"))
                    for country in members
                ),
                class_name="columns",
            ),
            class_name="fold",
        )
        for region, members in groupby(countries, key=lambda c: c.region)
    ]


PAGE = Page(
    id="countries",
    route="/{lang}/countries/",
    body=body,
    arrive=CountriesState.arrive,
    title=lambda lang: t("pages.countries.heading", lang),
    description=lambda lang: t("pages.countries.lede", lang),
    example="countries/",
    menu="countries",
)
