"""What is not known: the promise of 99 % as a test, and what the figures cannot say."""

from typing import Any

import reflex as rx

from dashboard.components.figures import cell, listing
from dashboard.locales import t


def promise_tested(lang: str, view: Any) -> rx.Component:
    """The published figures held against the promise (a ``Promise``)."""
    titles = [t(f"results.promise.{key}", lang) for key in ("country", "when", "figure", "verdict", "reason", "source")]
    return rx.el.section(
        rx.el.h2(t("results.page.promise", lang)),
        rx.el.p(view["text"]),
        rx.cond(
            view["rows"].length() > 0,
            listing(
                t("results.page.promise", lang),
                titles,
                view["rows"],
                lambda one: rx.el.tr(
                    rx.el.th(one["country"], scope="row"),
                    cell(titles[1], one["when"]),
                    cell(titles[2], one["figure"]),
                    cell(titles[3], one["outcome_text"]),
                    cell(titles[4], one["reason"]),
                    cell(titles[5], rx.el.small(one["source"], dir="auto")),
                ),
            ),
        ),
        rx.el.p(view["rule"], class_name="note section"),
        id="promise",
    )


def limitations_table(lang: str, gaps: Any) -> rx.Component:
    """What the figures cannot say, with how often (a list of ``Unsaid``)."""
    return rx.el.section(
        rx.el.h2(t("results.page.unsaid", lang)),
        rx.el.p(t("results.unsaid.note", lang), class_name="note"),
        listing(
            t("results.page.unsaid", lang),
            (t("results.unsaid.count", lang), t("results.unsaid.what", lang)),
            gaps,
            lambda one: rx.el.tr(rx.el.td(one["count"], class_name="num"), rx.el.td(one["text"])),
            numeric=(0,),
            class_name="unsaid",
        ),
        id="unsaid",
    )
