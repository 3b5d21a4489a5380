"""The adoption register: how many countries by which rule, what others count, and the events behind it all."""

from typing import Any

import reflex as rx

from dashboard.codebook.adoption import RULES
from dashboard.components.browser import AtAnchor, page_link
from dashboard.components.chart import chart_figure
from dashboard.components.controls import labelled_list, listed, selection
from dashboard.components.counting import rule_choice
from dashboard.components.figures import cell, head, scroll
from dashboard.components.register import events_table, without_script
from dashboard.components.tiles import adoption_list, legend, tile_map
from dashboard.locales import t
from dashboard.pages.frame import answered
from dashboard.pages.page import Page
from dashboard.states.address import MOST_COUNTRIES
from dashboard.states.provenance import ProvenanceState
from dashboard.states.register import CHOICES, RegisterState
from dashboard.states.shell import Shell

PARTS = ("count", "claims", "ladder", "map", "events", "agreement", "hidden")
"""Sections of the page by their anchors."""


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("register.page.heading", lang)),
        rx.el.p(t("register.page.lede", lang), class_name="lede"),
        rx.el.nav(
            rx.el.ul(
                *(
                    rx.el.li(page_link(t(f"register.page.{part}", lang), to=f"/{lang}/adoption/#{part}"))
                    for part in PARTS
                )
            ),
            class_name="here",
            aria_label=t("ui.nav.on_this_page", lang),
        ),
        answered(lang, _answer, RegisterState.arrive),
        without_script(lang),
    )


def _answer(lang: str) -> rx.Component:
    view = RegisterState.view
    return rx.fragment(
        _count(lang, view["counting"]),
        _claims(lang, view),
        _ladder(lang, view["ladder"]),
        _map(lang, view),
        _events(lang),
        _agreement(lang, view),
        _hidden(lang, view),
        AtAnchor.create(),
    )


def _part(lang: str, part: str, *children: Any) -> rx.Component:
    return rx.el.section(rx.el.h2(t(f"register.page.{part}", lang)), *children, id=part)


def _count(lang: str, counting: Any) -> rx.Component:
    definition = rx.match(
        counting["rule"], *((rule, t(f"terms.counting_rule.{rule}.definition", lang)) for rule in RULES), ""
    )
    return _part(
        lang,
        "count",
        rx.el.div(
            rx.el.div(
                rx.el.p(counting["text"], role="status", class_name="big-words sentence"),
                rx.el.p(definition),
                rx.cond(counting["disputed_text"] != "", rx.el.p(counting["disputed_text"])),
                rx.el.p(counting["note"], class_name="note section"),
            ),
            rx.el.fieldset(
                rx.el.legend(t("ui.controls.counting_rule", lang)),
                rule_choice(counting["rules"], RegisterState.rule, RegisterState.choose_rule),
            ),
            class_name="two",
        ),
    )


def _claims(lang: str, view: Any) -> rx.Component:
    titles = {
        key: t(f"register.claims.{key}", lang) for key in ("claim", "when", "counts", "differs", "ours", "source")
    }

    def row(item: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(item["claim"], scope="row"),
            cell(titles["when"], item["when"]),
            cell(titles["counts"], item["counts"]),
            cell(titles["differs"], item["differs"], rx.cond(item["note"] != "", rx.el.small(item["note"]))),
            cell(titles["ours"], item["ours"]),
            cell(titles["source"], rx.el.span(item["source"], dir="auto"), rx.el.small(item["source_type"])),
            id=item["id"],
        )

    return _part(
        lang,
        "claims",
        rx.el.p(t("register.claims.lede", lang)),
        scroll(
            t("register.page.claims", lang),
            rx.el.table(
                rx.el.caption(t("register.page.claims", lang), class_name="sr-only"),
                head(*titles.values()),
                rx.el.tbody(rx.foreach(view["claims"], row)),
                class_name="published stacked",
            ),
        ),
        chart_figure(lang, RegisterState.chart, ProvenanceState.pick, height=360, level="h3"),
    )


def _ladder(lang: str, ladder: Any) -> rx.Component:
    def rung(item: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(
                class_name="tile",
                aria_hidden="true",
                custom_attrs={"data-status": item["id"], "data-origin": (item["id"] == "origin").to_string()},
            ),
            rx.el.div(
                page_link(item["label"], to=f"/{lang}/method/#{item['id']}"),
                rx.el.small(item["definition"]),
            ),
            rx.el.span(item["number"], class_name="num"),
            rx.el.p(item["countries"].join(t("ui.list.comma", lang))),
        )

    return _part(
        lang,
        "ladder",
        rx.el.p(t("register.ladder.lede", lang)),
        rx.el.ol(rx.foreach(ladder, rung), class_name="ladder"),
    )


def _map(lang: str, view: Any) -> rx.Component:
    return _part(
        lang,
        "map",
        rx.el.p(t("register.map.lede", lang)),
        tile_map(view["tiles"], view["counting"]["text"]),
        legend(view["legend"], t("pages.tiles.disputed", lang)),
        rx.el.p(t("register.map.faded", lang), " ", t("ui.chart.boundary_note", lang), class_name="note section"),
        adoption_list(lang, view["tiles"]),
    )


def _events(lang: str) -> rx.Component:
    return _part(
        lang,
        "events",
        rx.el.p(t("register.table.lede", lang)),
        selection(lang, Shell, RegisterState.years, MOST_COUNTRIES, *_filters(lang)),
        rx.el.div(
            _search(lang),
            rx.el.button(t("ui.buttons.clear", lang), type="button", class_name="plain", on_click=RegisterState.clear),
            class_name="within",
        ),
        events_table(lang, RegisterState.table),
    )


def _filters(lang: str) -> list[rx.Component]:
    values = {
        "event": RegisterState.event, "source": RegisterState.source, "evidence": RegisterState.evidence,
        "disputed": RegisterState.disputed, "sort": RegisterState.sort,
    }  # fmt: skip
    return [_select(lang, control, value) for control, value in values.items()]


def _select(lang: str, control: str, value: Any) -> rx.Component:
    words = {
        "event": "terms.event_type.{}",
        "source": "terms.event_source.{}",
        "evidence": "terms.register_level.{}.name",
        "disputed": "register.filter.disputed_{}",
        "sort": "register.sort.{}",
    }[control]
    return labelled_list(
        f"by-{control}",
        t(f"register.filter.{control}", lang),
        value,
        lambda chosen: RegisterState.choose(control, chosen),
        *listed(
            [(one, t(words.format(one), lang)) for one in CHOICES[control]],
            "" if control == "sort" else t("ui.controls.all", lang),
        ),
    )


def _search(lang: str) -> rx.Component:
    return rx.el.form(
        rx.el.div(
            rx.el.label(t("register.filter.search", lang), html_for="within"),
            rx.el.input(
                type="search",
                name="q",
                id="within",
                default_value=RegisterState.looked_for,
                key=RegisterState.looked_for,
                max_length=80,
            ),
            class_name="field",
        ),
        rx.el.button(t("ui.buttons.search", lang), type="submit", class_name="button"),
        on_submit=RegisterState.look_for,
        class_name="search",
    )


def _agreement(lang: str, view: Any) -> rx.Component:
    source = t("register.column.source", lang)
    unknown = ("directions", "continents", "results")

    def fact(item: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(item["kind_text"], rx.el.small(item["date_text"], class_name="quiet")),
            rx.el.div(
                rx.el.p(item["text"]),
                rx.cond(item["note"] != "", rx.el.p(item["note"], class_name="note")),
                rx.el.p(source + t("ui.list.colon", lang), rx.el.span(item["source"], dir="auto"), class_name="note"),
            ),
        )

    return _part(
        lang,
        "agreement",
        rx.el.p(t("register.agreement.lede", lang)),
        rx.el.ol(rx.foreach(view["agreement"], fact), class_name="timeline"),
        rx.el.h3(t("register.agreement.unknown", lang)),
        rx.el.ul(
            *(rx.el.li(t(f"register.agreement.not_known.{key}", lang)) for key in unknown),
            class_name="rows",
        ),
        rx.el.h3(t("register.agreement.organisations", lang)),
        rx.el.p(t("terms.register.organisations", lang)),
        rx.el.ol(rx.foreach(view["organisations"], fact), class_name="timeline"),
    )


def _hidden(lang: str, view: Any) -> rx.Component:
    def named(item: Any) -> rx.Component:
        return rx.el.li(
            page_link(item["name"], to=f"/{lang}/adoption/#{item['event']}"), rx.el.p(item["text"], class_name="note")
        )

    def part(key: str) -> rx.Component:
        return rx.el.div(
            rx.el.h3(t(f"register.hidden.{key}.title", lang)),
            rx.el.p(t(f"register.hidden.{key}.text", lang)),
            rx.el.ul(rx.foreach(view[key], named), class_name="rows"),
        )

    return _part(lang, "hidden", rx.el.div(*(part(key) for key in ("shared", "predate", "twice")), class_name="three"))


PAGE = Page(
    id="adoption",
    route="/{lang}/adoption/",
    body=body,
    arrive=RegisterState.arrive,
    title=lambda lang: t("register.page.heading", lang),
    description=lambda lang: t("register.page.lede", lang),
    example="adoption/",
    menu="adoption",
    selects=True,
)
