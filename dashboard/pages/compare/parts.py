"""What keeps figures from being compared, and where years are counted from."""

from typing import Any

import reflex as rx

from dashboard.components.controls import view_link
from dashboard.components.figures import growing_head, scroll
from dashboard.locales import t


def proposed(lang: str, state: Any) -> rx.Component:
    """Countries to compare with as chips, each with its reasons on hover: a click adds one."""

    def peer(one: Any) -> rx.Component:
        return rx.el.li(
            view_link(
                rx.el.span("+", class_name="cross", aria_hidden="true"),
                one["label"],
                rx.el.span(". ", one["note"], class_name="sr-only"),
                to=one["to"],
                class_name="chip",
                title=one["title"].to(str) + ". " + one["note"].to(str),
            )
        )

    return rx.cond(
        state.peers.length() > 0,
        rx.el.section(
            rx.el.h2(state.peers_of),
            rx.el.ul(rx.foreach(state.peers, peer), class_name="chips", role="list"),
            rx.el.details(
                rx.el.summary(t("compare.peers.how", lang)),
                rx.el.p(state.peers_text, class_name="note"),
                rx.cond(state.peers_sources != "", rx.el.p(state.peers_sources, class_name="note")),
                class_name="fold",
            ),
            class_name="peers",
        ),
    )


def starts(lang: str, events: Any) -> rx.Component:
    """From which events years are counted, each with its source, and who is not drawn and why."""

    def line(item: Any) -> rx.Component:
        return rx.el.li(
            item["text"],
            rx.cond(item["disputed"], rx.el.span(" · ", t("compare.start.disputed", lang), class_name="quiet")),
            rx.cond(
                item["source"] != "",
                rx.el.details(
                    rx.el.summary(
                        t("compare.start.source", lang),
                        rx.el.span(t("ui.list.colon", lang), item["name"], class_name="sr-only"),
                    ),
                    rx.el.p(item["source"], " · ", item["reference"], lang="en", dir="auto"),
                    rx.cond(item["note"] != "", rx.el.p(item["note"], class_name="note", lang="en", dir="auto")),
                ),
            ),
        )

    return rx.el.section(
        rx.el.h2(t("compare.start.heading", lang)),
        rx.el.p(t("compare.start.note", lang), class_name="note"),
        rx.el.ul(rx.foreach(events, line), class_name="rows", role="list"),
        id="starts",
    )


def why(lang: str, metric: Any) -> rx.Component:
    """Chips of what differs; each opens on its words, and on the figures part by part."""

    def chip(item: Any) -> rx.Component:
        return rx.el.details(
            rx.el.summary(item["label"]), rx.el.p(item["text"], class_name="note"), class_name="difference"
        )

    def part(item: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(
                item["label"],
                rx.cond(item["differs"], rx.el.small(t("compare.why.differs", lang), class_name="warn")),
                scope="row",
                title=item["definition"],
            ),
            rx.foreach(item["values"], lambda value: rx.el.td(value)),
        )

    table = rx.el.table(
        growing_head(t("compare.why.part", lang), metric["countries"]),
        rx.el.tbody(rx.foreach(metric["parts"], part)),
    )
    return rx.el.section(
        rx.el.h2(t("compare.why.heading", lang), " ", metric["name"]),
        rx.el.p(metric["verdict"]),
        rx.el.div(rx.foreach(metric["chips"], chip), class_name="differences"),
        rx.cond(
            metric["parts"].length() > 0,
            rx.el.details(
                rx.el.summary(t("compare.why.open", lang)),
                scroll(t("compare.why.heading", lang), table),
                class_name="fold",
            ),
        ),
        rx.cond(
            metric["notes"].length() > 0,
            rx.fragment(
                rx.el.h3(t("compare.why.own", lang)),
                rx.el.ul(rx.foreach(metric["notes"], lambda note: rx.el.li(note, dir="auto")), class_name="note"),
            ),
        ),
    )
