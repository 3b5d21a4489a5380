"""Reported figures: a value that opens onto its sentence, who said it, when and where."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import file_link
from dashboard.interfaces.components.figures import fold
from dashboard.interfaces.components.tiles.sparkline import sparkline
from dashboard.locales import t


def reported_figure(lang: str, one: Any) -> rx.Component:
    """A ``ReportedView`` as a fold: it opens without a script."""
    return fold(
        rx.el.span(
            rx.el.strong(one["value"]),
            rx.cond(one["unit"] != "", rx.el.span(" ", one["unit"])),
            rx.el.small(" ", one["period"]),
            rx.cond(one["place"] != "", rx.el.small(" · ", rx.el.bdi(one["place"]))),
            rx.cond(one["lane"] == "other", rx.el.small(" · ", rx.el.bdi(one["counted"], lang="en"))),
            rx.cond(one["against"].length() > 0, rx.el.small(" · ⚠ ", t("reported.field.against", lang))),
        ),
        rx.el.blockquote(rx.el.p(one["quote"], dir="auto")),
        rx.el.p(rx.el.strong(rx.el.bdi(one["said"])), " · ", one["day"]),
        rx.el.p(rx.el.a(rx.el.bdi(one["publisher"]), href=one["address"], rel="noopener nofollow")),
        rx.el.ul(rx.foreach(one["against"], lambda words: rx.el.li(words))),
        rx.el.p(
            rx.el.span(one["counted"], lang="en", dir="auto"),
            " · ",
            one["counting"],
            rx.cond(one["body"] != "", rx.el.span(" · ", rx.el.bdi(one["body"]))),
            class_name="note",
        ),
        rx.cond(one["independent"] != "", rx.el.p(one["independent"], class_name="note")),
        rx.cond(one["note"] != "", rx.el.p(one["note"], class_name="note", lang="en", dir="auto")),
        rx.el.p(one["opened"], class_name="note"),
        rx.cond(
            one["template"] != "",
            rx.el.p(
                file_link(t("reported.send", lang), href=one["send"] + f"&lang={lang}"),
                " · ",
                file_link(t("reported.template", lang), href=one["template"], download=True),
            ),
        ),
    )


def reported_lane(lang: str, lane: Any) -> rx.Component:
    """The figure that stands for a ``ReportedLane``; nothing where there is none."""
    return rx.el.div(
        rx.cond(lane["label"] != "", rx.el.small(lane["label"], class_name="quiet")),
        rx.foreach(lane["first"], lambda one: reported_figure(lang, one)),
        sparkline(lane["spark"]),
        rx.cond(lane["rest_text"] != "", rx.el.small(lane["rest_text"], class_name="cases")),
    )


def quoted_of_country(lang: str, lanes: Any, section: str, heading: str, lede: str) -> rx.Component:
    """Everything quoted of a country, a list a heading, the newest first; nothing where nothing is.

    Args:
        lang: language.
        lanes: ``ReportedLane`` values.
        section: id of the section.
        heading: its heading.
        lede: the sentence below it.
    """

    def lane(one: Any) -> rx.Component:
        return rx.el.article(
            rx.el.h3(rx.el.bdi(one["label"])),
            rx.cond(one["question"] != "", rx.el.p(one["question"], lang="en", dir="auto")),
            sparkline(one["spark"]),
            rx.foreach(one["first"], lambda figure: reported_figure(lang, figure)),
            rx.foreach(one["rest"], lambda figure: reported_figure(lang, figure)),
            rx.cond(one["caution"] != "", rx.el.p(one["caution"], class_name="note", lang="en", dir="auto")),
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
