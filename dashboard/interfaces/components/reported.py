"""Reported figures: a value that opens onto its sentence, who said it, when and where."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_file
from dashboard.interfaces.components.figures import fold
from dashboard.interfaces.components.tiles.sparkline import draw_sparkline
from dashboard.locales import t


def draw_reported_figure(lang: str, figure: Any) -> rx.Component:
    """A ``ReportedView`` as a fold: it opens without a script."""
    return fold(
        rx.el.span(
            rx.el.strong(figure["value"]),
            rx.cond(figure["unit"] != "", rx.el.span(" ", figure["unit"])),
            rx.el.small(" ", figure["period"]),
            rx.cond(figure["place"] != "", rx.el.small(" · ", rx.el.bdi(figure["place"]))),
            rx.cond(figure["lane"] == "other", rx.el.small(" · ", rx.el.bdi(figure["counted"], lang="en"))),
            rx.cond(figure["against"].length() > 0, rx.el.small(" · ⚠ ", t("reported.field.against", lang))),
        ),
        rx.el.blockquote(rx.el.p(figure["quote"], dir="auto")),
        rx.el.p(rx.el.strong(rx.el.bdi(figure["said"])), " · ", figure["day"]),
        rx.el.p(rx.el.a(rx.el.bdi(figure["publisher"]), href=figure["address"], rel="noopener nofollow")),
        rx.el.ul(rx.foreach(figure["against"], lambda words: rx.el.li(words))),
        rx.el.p(
            rx.el.span(figure["counted"], lang="en", dir="auto"),
            " · ",
            figure["counting"],
            rx.cond(figure["body"] != "", rx.el.span(" · ", rx.el.bdi(figure["body"]))),
            class_name="note",
        ),
        rx.cond(figure["independent"] != "", rx.el.p(figure["independent"], class_name="note")),
        rx.cond(figure["note"] != "", rx.el.p(figure["note"], class_name="note", lang="en", dir="auto")),
        rx.el.p(figure["opened"], class_name="note"),
        rx.cond(
            figure["template"] != "",
            rx.el.p(
                link_file(t("reported.send", lang), href=figure["send"] + f"&lang={lang}"),
                " · ",
                link_file(t("reported.template", lang), href=figure["template"], download=True),
            ),
        ),
    )


def draw_reported_lane(lang: str, lane: Any) -> rx.Component:
    """The figure that stands for a ``ReportedLane``; nothing where there is none."""
    return rx.el.div(
        rx.cond(lane["label"] != "", rx.el.small(lane["label"], class_name="quiet")),
        rx.foreach(lane["first"], lambda figure: draw_reported_figure(lang, figure)),
        draw_sparkline(lane["spark"]),
        rx.cond(lane["rest_text"] != "", rx.el.small(lane["rest_text"], class_name="cases")),
    )


def list_quoted(lang: str, lanes: Any, section: str, heading: str, lede: str) -> rx.Component:
    """Everything quoted of a country, a list a heading, the newest first; nothing where nothing is.

    Args:
        lang: language.
        lanes: ``ReportedLane`` values.
        section: id of the section.
        heading: its heading.
        lede: the sentence below it.
    """

    def lane(item: Any) -> rx.Component:
        return rx.el.article(
            rx.el.h3(rx.el.bdi(item["label"])),
            rx.cond(item["question"] != "", rx.el.p(item["question"], lang="en", dir="auto")),
            draw_sparkline(item["spark"]),
            rx.foreach(item["first"], lambda figure: draw_reported_figure(lang, figure)),
            rx.foreach(item["rest"], lambda figure: draw_reported_figure(lang, figure)),
            rx.cond(item["caution"] != "", rx.el.p(item["caution"], class_name="note", lang="en", dir="auto")),
        )

    return rx.cond(
        lanes.length() > 0,
        rx.el.section(
            rx.el.h2(heading),
            rx.el.p(lede, class_name="note"),
            rx.el.div(rx.foreach(lanes, lane), class_name="voices reported"),
            id=section,
            class_name="section",
        ),
    )
