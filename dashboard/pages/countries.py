"""All countries: first those the register says something of, then every other by region."""

from itertools import groupby
from typing import Any

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.components.browser import page_link
from dashboard.components.figures import head, scroll
from dashboard.locales import has, t
from dashboard.pages.frame import answered
from dashboard.pages.page import Page
from dashboard.states.countries import CountriesState


def body(lang: str, _: str) -> rx.Component:
    """The page in a language; the list by region stands without an answer."""
    return rx.fragment(
        rx.el.h1(t("pages.countries.heading", lang)),
        rx.el.p(t("pages.countries.lede", lang), class_name="lede"),
        rx.el.section(
            rx.el.h2(t("pages.countries.register", lang)),
            rx.el.p(t("terms.adoption_status.note", lang), class_name="note"),
            answered(lang, _register(lang), CountriesState.arrive),
        ),
        rx.el.section(rx.el.h2(t("pages.countries.all", lang)), *_by_region(lang)),
    )


def _register(lang: str) -> rx.Component:
    titles = [t("ui.table.country", lang), t("terms.adoption_status.title", lang), t("pages.countries.with_data", lang)]

    def row(card: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(page_link(card["name"], to=f"/{lang}/countries/{card['iso3']}/"), scope="row"),
            rx.el.td(
                page_link(card["status_text"], to=f"/{lang}/method/#{card['status']}"),
                rx.cond(card["disputed"], rx.el.small(t("terms.adoption_status.disputed.name", lang))),
            ),
            rx.el.td(card["with_data"], class_name="num"),
        )

    return scroll(
        t("pages.countries.register", lang),
        rx.el.table(head(*titles, numeric=(2,)), rx.el.tbody(rx.foreach(CountriesState.cards, row))),
    )


def _region(region: str, lang: str) -> str:
    key = f"terms.region.{region}"
    return t(key, lang) if region and has(key) else t("pages.countries.no_region", lang)


def _by_region(lang: str) -> list[rx.Component]:
    countries = sorted(codebook().countries.values(), key=lambda c: (c.region, text(c.name, lang)))
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
    title=lambda lang, _: t("pages.countries.heading", lang),
    description=lambda lang, _: t("pages.countries.lede", lang),
    example="countries/",
    menu="countries",
)
