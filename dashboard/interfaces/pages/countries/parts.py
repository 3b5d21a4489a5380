"""Sections of a country's page: three ways to know satisfaction, what the agency reported, law, what is missing."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_code, link_file, link_page, list_actions
from dashboard.interfaces.components.figures import draw_figure, link_reference, list_rows
from dashboard.locales import t


def draw_voices(lang: str, voices: Any, show: Any) -> rx.Component:
    """Agency, service users, households: side by side and visibly apart. ``show`` makes the event from an id."""

    def report(item: Any) -> rx.Component:
        return rx.el.li(
            rx.el.strong(item["value_text"]),
            rx.el.p(item["metric_text"], " · ", item["date_text"]),
            rx.el.p(item["source"], class_name="note", lang="en", dir="auto"),
            rx.cond(item["note"] != "", rx.el.p(item["note"], class_name="note", lang="en", dir="auto")),
            rx.el.p(
                t("terms.evidence_level.title", lang),
                t("ui.list.colon", lang),
                item["evidence_text"],
                class_name="note",
            ),
        )

    def published(item: Any) -> rx.Component:
        return rx.el.li(
            rx.el.strong(draw_figure(lang, item["figure"], show, item["name"], interval=False)),
            rx.cond(item["figure"]["interval"] != "", rx.el.p(item["figure"]["interval"])),
            rx.el.p(
                link_page(item["name"], to=f"/{lang}/indicators/{item['indicator']}/"),
                " · ", item["unit"], " · ", item["figure"]["period"],
            ),
            rx.el.p(item["figure"]["source_text"], class_name="note"),
            rx.cond(item["figure"]["caution"] != "", rx.el.p(item["figure"]["caution"], class_name="note")),
        )  # fmt: skip

    def voice(lane: Any) -> rx.Component:
        return rx.el.article(
            rx.el.h3(lane["label"]),
            rx.el.p(lane["definition"], class_name="note"),
            rx.cond(lane["empty"] != "", rx.el.p(lane["empty"], class_name="absent")),
            rx.el.ul(rx.foreach(lane["reports"], report), rx.foreach(lane["figures"], published), class_name="quotes"),
        )

    return rx.el.section(
        rx.el.h2(t("country.voice.title", lang)),
        rx.el.p(t("country.voice.note", lang), class_name="note"),
        rx.el.div(rx.foreach(voices, voice), class_name="voices"),
        id="satisfaction",
    )


def draw_law(note: Any) -> rx.Component:
    """An act as a card: its kind, number and date, its title, and where it can be read."""
    return rx.el.article(
        rx.el.p(
            note["kind_text"],
            rx.cond(note["symbol"] != "", rx.fragment(" ", rx.el.bdi(note["symbol"], lang="en"))),
            " · ",
            note["date_text"],
            class_name="quiet",
        ),
        rx.el.p(note["title"], lang="en", dir="auto"),
        rx.el.p(link_reference(note["source_parts"]), class_name="note"),
        class_name="law",
    )


def draw_missing(lang: str, view: Any, turn: rx.Component) -> rx.Component:
    """Indicators without a figure: how many of which kind of gap, and each with who owes it, from what, when, and how.

    ``turn`` is the pager of the rows.
    """
    titles = [
        t("ui.table.indicator", lang),
        t("pages.country.who", lang),
        t("country.work.from", lang),
        t("country.work.due", lang),
        t("ui.table.reason", lang),
    ]
    table = list_rows(
        t("pages.country.missing", lang),
        titles,
        view["missing"],
        lambda row: (
            link_page(row["name"], to=f"/{lang}/indicators/{row['indicator']}/"),
            row["office"],
            row["origin_text"],
            [
                row["next_text"],
                rx.cond(
                    row["template"] != "",
                    rx.el.small(
                        link_file(
                            t("country.work.template", lang),
                            rx.el.span(t("ui.list.colon", lang), row["name"], class_name="sr-only"),
                            href=row["template"],
                        )
                    ),
                ),
            ],
            [row["kind_text"], rx.cond(row["own"] != "", rx.el.small(row["own"]))],
        ),
        class_name="stacked work",
    )
    return rx.el.section(
        rx.el.h2(t("pages.country.missing", lang)),
        rx.el.p(view["missing_text"]),
        rx.el.dl(
            rx.foreach(
                view["missing_kinds"],
                lambda kind: rx.el.div(
                    rx.el.dt(kind["text"], t("ui.list.colon", lang), kind["count_text"]),
                    rx.el.dd(kind["definition"], class_name="note"),
                ),
            ),
            class_name="terms kinds",
        ),
        list_actions(
            link_file(t("country.missing.csv", lang), href=view["missing_csv"], download=True),
            link_code(lang, view["missing_csv"]),
        ),
        table,
        turn,
    )
