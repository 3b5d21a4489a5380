"""Which countries differ, what keeps figures from being compared, and where years are counted from."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.controls import link_view
from dashboard.interfaces.components.figures import (
    draw_figure,
    fold,
    format_years,
    list_rows,
    make_growing_head,
    make_head,
    make_table,
)
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.locales import t


def draw_proposed(lang: str, state: Any) -> rx.Component:
    """Countries to compare with as chips, each with its reasons on hover: a click adds one."""

    def peer(item: Any) -> rx.Component:
        return rx.el.li(
            link_view(
                rx.el.span("+", class_name="cross", aria_hidden="true"),
                item["label"],
                rx.el.span(". ", item["note"], class_name="sr-only"),
                to=item["to"],
                class_name="chip",
                title=item["title"].to(str) + ". " + item["note"].to(str),
            )
        )

    return rx.cond(
        state.peers.length() > 0,
        rx.el.section(
            rx.el.h2(state.peers_of),
            rx.cond(
                state.with_peers != "",
                rx.el.p(link_view(state.with_peers_text, to=state.with_peers, class_name="button", id="all-peers")),
            ),
            rx.el.ul(rx.foreach(state.peers, peer), class_name="chips", role="list"),
            fold(
                t("compare.peers.how", lang),
                rx.el.p(state.peers_text, class_name="note"),
                rx.cond(state.peers_sources != "", rx.el.p(state.peers_sources, class_name="note")),
            ),
            class_name="peers",
        ),
    )


def draw_verdicts(lang: str, metric: Any, alone: Any) -> rx.Component:
    """Which countries differ beyond the margin of error, in a sentence and pair by pair, beside the latest figures.

    Figures and pairs of an indicator that is not ``alone`` are folded: four of them would be four screens.
    """
    titles = [t(f"ui.table.{key}", lang) for key in ("country", "latest", "year")]

    def line(item: Any) -> tuple[Any, ...]:
        latest = item["latest"]
        return (
            link_page(item["name"], to=f"/{lang}/countries/{item['iso3']}/"),
            draw_figure(lang, latest, ProvenanceState.show, item["name"]),
            [
                rx.el.span(latest["period"], title=item["change_text"]),
                rx.cond(latest["age_text"] != "", rx.el.small(latest["age_text"])),
                rx.cond(item["first_year"], rx.el.small(format_years(item["first_year"], item["last_year"]))),
            ],
        )

    pairs = metric["pairs"]
    where = rx.cond(
        pairs["text"] != "",
        rx.el.p(
            pairs["where"], " ", link_page(t("compare.pair.how", lang), to=f"/{lang}/method/#pairs"), class_name="note"
        ),
    )
    figures = rx.el.div(
        list_rows(t("pages.compare.latest", lang), titles, metric["lines"], line, numeric=(1,)),
        rx.cond(pairs["rows"].length() > 0, _draw_triangle(lang, pairs)),
        rx.cond(
            metric["earlier"].length() > 0,
            rx.el.details(
                rx.el.summary(t("compare.pair.earlier", lang)),
                rx.el.ul(rx.foreach(metric["earlier"], rx.el.li), class_name="note"),
                class_name="fold",
            ),
        ),
        class_name="judged",
    )
    fold = rx.el.summary(
        t("compare.pair.fold", lang), rx.el.span(t("ui.list.colon", lang), metric["name"], class_name="sr-only")
    )
    return rx.el.section(
        rx.el.h2(
            metric["name"], rx.cond(metric["edition"] != "", rx.el.small(metric["edition"], class_name="edition"))
        ),
        rx.cond(pairs["text"] != "", rx.el.p(pairs["text"], class_name="sentence answer-line")),
        rx.cond(
            alone,
            rx.fragment(where, figures, explain_differences(lang, metric, rx.el.p(metric["verdict"]))),
            rx.fragment(
                rx.el.p(metric["verdict"], class_name="note"),
                rx.el.details(fold, where, figures, explain_differences(lang, metric), class_name="fold printed"),
            ),
        ),
        class_name="judgement",
    )


def _draw_triangle(lang: str, pairs: Any) -> rx.Component:
    """Each country against those before it: a sign, its words for who points at it or listens."""

    def sign(item: Any) -> rx.Component:
        return rx.el.td(
            rx.el.span(item["sign"], aria_hidden="true"),
            rx.el.span(item["text"], class_name="sr-only"),
            title=item["text"],
            custom_attrs={"data-pair": item["kind"]},
        )

    return rx.el.div(
        make_table(
            t("compare.pair.heading", lang),
            make_head(
                rx.el.span(t("compare.pair.caption", lang), class_name="sr-only"),
                rx.foreach(
                    pairs["heads"],
                    lambda country: rx.el.th(rx.el.abbr(country["iso3"], title=country["name"]), scope="col"),
                ),
            ),
            pairs["rows"],
            lambda row: rx.el.tr(rx.el.th(row["name"], scope="row"), rx.foreach(row["cells"], sign)),
            "triangle",
            rx.el.caption(t("compare.pair.heading", lang)),
        ),
        rx.el.p(t("compare.pair.key", lang), class_name="note"),
    )


def list_starts(lang: str, events: Any) -> rx.Component:
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


def explain_differences(lang: str, metric: Any, *verdict: rx.Component) -> rx.Component:
    """Chips of what differs, below the verdict; each opens on its words, and on the figures part by part."""

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

    heads = make_growing_head(t("compare.why.part", lang), metric["countries"])
    return rx.el.section(
        rx.el.h3(t("compare.why.heading", lang), rx.el.span(" ", metric["name"], class_name="sr-only")),
        *verdict,
        rx.el.div(rx.foreach(metric["chips"], chip), class_name="differences"),
        rx.cond(
            metric["parts"].length() > 0,
            fold(t("compare.why.open", lang), make_table(t("compare.why.heading", lang), heads, metric["parts"], part)),
        ),
        rx.cond(
            metric["notes"].length() > 0,
            rx.fragment(
                rx.el.h4(t("compare.why.own", lang)),
                rx.el.ul(rx.foreach(metric["notes"], lambda note: rx.el.li(note, dir="auto")), class_name="note"),
            ),
        ),
    )
