"""All countries: first those the register says something of, then every other by region."""

from itertools import groupby
from typing import Any

import reflex as rx

from dashboard.answers.countries.index import SORTS
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.controls import (
    draw_pager,
    link_view,
    make_search_field,
    make_select,
    make_view_form,
)
from dashboard.interfaces.components.figures import fold, list_rows
from dashboard.interfaces.components.tiles.sparkline import draw_small_picture
from dashboard.interfaces.components.trouble import explain_nothing
from dashboard.interfaces.pages.countries.state import CountriesState
from dashboard.interfaces.pages.shell.frame import show_answer
from dashboard.interfaces.pages.shell.page import Page
from dashboard.locales import has, order, t


def draw_page(lang: str) -> rx.Component:
    """The page in a language; the list by region stands without an answer."""
    return rx.fragment(
        rx.el.h1(t("pages.countries.heading", lang)),
        rx.el.p(t("pages.countries.lede", lang), class_name="lede"),
        rx.el.section(
            rx.el.h2(t("pages.countries.register", lang)),
            rx.el.p(t("terms.adoption_status.note", lang), class_name="note"),
            show_answer(lang, _draw_answer, CountriesState.load, level="h3"),
        ),
        rx.el.section(rx.el.h2(t("pages.countries.all", lang)), rx.el.div(*_list_regions(lang), class_name="regions")),
    )


def _draw_answer(lang: str) -> rx.Component:
    index = CountriesState.index
    return rx.fragment(
        _make_filters(lang, index),
        rx.el.p(index["total_text"], role="status", class_name="asof"),
        rx.cond(
            index["total"] > 0,
            _draw_table(lang, index),
            explain_nothing(t("country.index.none", lang), t("country.index.none_help", lang)),
        ),
    )


def _make_filters(lang: str, index: Any) -> rx.Component:
    state, every = CountriesState, t("ui.controls.all", lang)
    return make_view_form(
        lang,
        make_search_field(lang, t("country.index.search", lang)),
        make_select("status", t("country.index.status", lang), state.status, index["statuses"], every),
        make_select("group", t("country.index.region", lang), state.region, index["regions"], every),
        make_select("sort", t("country.index.sort", lang), state.order, index["sorts"], default=SORTS[0]),
        link_view(t("ui.buttons.clear", lang), to=state.cleared, class_name="plain"),
        fields=state.fields,
        own=("q", "status", "group", "sort"),
        class_name="controls",
        aria_label=t("ui.controls.filter", lang),
    )


def _draw_table(lang: str, index: Any) -> rx.Component:
    titles = [t("ui.table.country", lang), t("country.index.region", lang), t("terms.adoption_status.title", lang)]
    titles += [t("pages.countries.satisfaction", lang), t("pages.countries.corruption", lang)]
    titles += [t("pages.countries.service", lang), t("pages.countries.with_data", lang)]

    def row(card: Any) -> tuple[Any, ...]:
        return (
            link_page(card["name"], to=f"/{lang}/countries/{card['iso3']}/"),
            card["region"],
            [
                link_page(card["status_text"], to=f"/{lang}/method/{card['status']}/"),
                rx.cond(card["disputed"], rx.el.small(t("terms.adoption_status.disputed.name", lang))),
            ],
            *(draw_small_picture(lang, card["heart"][way]) for way in ("satisfaction", "corruption", "service")),
            card["with_data"],
        )

    return rx.fragment(
        list_rows(
            t("pages.countries.register", lang), titles, index["cards"], row, numeric=(6,), class_name="stacked hearts"
        ),
        rx.el.p(t("pages.countries.interval", lang), class_name="note"),
        draw_pager(lang, t("pages.countries.register", lang), index["page"], index["pages"], CountriesState.around),
    )


def _name_region(region: str, lang: str) -> str:
    key = f"terms.region.{region}"
    return t(key, lang) if region and has(key) else t("pages.countries.no_region", lang)


def _list_regions(lang: str) -> list[rx.Component]:
    countries = sorted(
        load_codebook().countries.values(),
        key=lambda c: (not c.region, c.region, order(choose_text(c.name, lang), lang)),
    )
    return [
        fold(
            _name_region(region, lang),
            rx.el.ul(
                *(
                    rx.el.li(link_page(choose_text(country.name, lang), to=f"/{lang}/countries/{country.iso3}/"))
                    for country in members
                ),
                class_name="columns",
            ),
        )
        for region, members in groupby(countries, key=lambda c: c.region)
    ]


PAGE = Page(
    id="countries",
    route="/{lang}/countries/",
    body=draw_page,
    load=CountriesState.load,
    title=lambda lang: t("pages.countries.heading", lang),
    description=lambda lang: t("pages.countries.lede", lang),
    example="countries/",
    kept=True,
)
