"""Status by a named method: verdicts of countries, the arithmetic a click away, no word without its method."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.figures import list_rows
from dashboard.locales import t


def draw_status(lang: str, view: Any) -> rx.Component:
    """An ``IndicatorProgress`` of the chosen countries under one method; words where no country has a figure."""
    heading = t("status.heading", lang)
    titles = [t("ui.table.country", lang), t("status.status", lang), t("status.figures", lang), t("status.why", lang)]
    return rx.el.section(
        rx.el.h2(heading),
        rx.foreach(
            view["methods"],
            lambda method: rx.cond(
                method["chosen"],
                rx.el.p(
                    t("status.method", lang), " ", rx.el.strong(method["name"]), ". ", method["asks"], class_name="note"
                ),
            ),
        ),
        rx.cond(
            view["verdicts"].length() > 0,
            list_rows(heading, titles, view["verdicts"], lambda verdict: _make_row(lang, verdict)),
            rx.el.p(t("status.none", lang)),
        ),
        rx.cond(view["without"] != "", rx.el.p(view["without"], class_name="note section")),
        rx.el.p(
            link_page(t("status.other_methods", lang), to=f"/{lang}/progress/?indicator={view['indicator']}"),
            class_name="section",
        ),
        id="status",
    )


def _make_row(lang: str, verdict: Any) -> tuple[Any, ...]:
    method = rx.el.small(verdict["method_name"])
    return (
        link_page(verdict["country"], to=f"/{lang}/countries/{verdict['iso3']}/"),
        [
            rx.cond(
                verdict["status"] != "",
                rx.fragment(
                    rx.el.strong(verdict["status_text"]), method, rx.el.small(verdict["definition"], class_name="quiet")
                ),
                rx.fragment(rx.el.span(t("status.refused", lang), class_name="absent"), method),
            ),
            rx.cond(verdict["reason_text"] != "", rx.el.small(verdict["reason_text"])),
            rx.cond(verdict["instead"] != "", rx.el.small(verdict["instead"])),
        ],
        [
            verdict["base"]["text"],
            rx.cond(verdict["latest"]["text"] != verdict["base"]["text"], rx.el.small(verdict["latest"]["text"])),
            rx.cond(verdict["target_text"] != "", rx.el.small(verdict["target_text"])),
        ],
        rx.cond(
            verdict["why"].length() > 0,
            rx.el.details(
                rx.el.summary(
                    t("status.show_why", lang),
                    rx.el.span(t("ui.list.comma", lang), verdict["country"], class_name="sr-only"),
                ),
                rx.el.ol(rx.foreach(verdict["why"], lambda step: rx.el.li(step)), class_name="steps"),
                rx.foreach(verdict["warnings"], lambda warning: rx.el.small(warning)),
                class_name="why",
            ),
        ),
    )
