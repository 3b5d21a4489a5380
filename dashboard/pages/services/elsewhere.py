"""What governments that have not adopted the model publish of their services: a row a standard, and their terms."""

from typing import Any

import reflex as rx

from dashboard.components.browser import file_link, link_code
from dashboard.components.figures import listing
from dashboard.locales import t


def show_elsewhere_figures(lang: str, view: Any) -> rx.Component:
    """The section of a ``ElsewhereView``: said to be of no adopter before the first figure."""
    return rx.el.section(
        rx.el.h2(t("elsewhere.heading", lang)),
        rx.el.p(t("elsewhere.lede", lang)),
        listing(
            t("elsewhere.table", lang),
            [t(f"elsewhere.{key}", lang) for key in ("place_head", "standard", "figure", "ours", "source")],
            view["rows"],
            lambda one: _row(lang, one),
            class_name="stacked elsewhere",
        ),
        rx.el.details(
            rx.el.summary(t("elsewhere.terms", lang)),
            rx.el.ul(
                rx.foreach(view["sources"], lambda one: rx.el.li(*_terms(lang, one))), class_name="elsewhere-terms"
            ),
        ),
        rx.el.p(
            file_link(t("elsewhere.file", lang), href=f"/api/v1/services/elsewhere.csv?lang={lang}", download=True),
            " · ",
            file_link(t("elsewhere.data", lang), href=f"/api/v1/services/elsewhere?lang={lang}"),
            " · ",
            link_code(lang, f"/api/v1/services/elsewhere.csv?lang={lang}"),
        ),
        id="elsewhere",
        class_name="section",
    )


def _row(lang: str, one: Any) -> tuple[Any, ...]:
    return (
        one["place"],
        one["name"],
        [
            rx.el.strong(one["value"]),
            rx.cond(
                one["width"] != "",
                rx.el.span(
                    rx.el.i(style={"inlineSize": one["width"]}),
                    rx.cond(one["promise_at"] != "", rx.el.b(style={"insetInlineStart": one["promise_at"]})),
                    class_name="share",
                    aria_hidden="true",
                ),
            ),
            *(rx.cond(one[key] != "", rx.el.small(one[key])) for key in ("promise", "period", "cases")),
            *(
                rx.cond(one[key] != "", rx.el.small(t(f"elsewhere.{key}", lang), " ", one[key]))
                for key in ("earlier", "others")
            ),
        ],
        [rx.el.strong(one["metric"]), rx.el.small(one["differs"])],
        [rx.el.a(rx.el.bdi(one["source"]), href=one["source_url"], rel="noopener"), rx.el.small(one["how"])],
    )


def _terms(lang: str, one: Any) -> tuple[rx.Component | str, ...]:
    """A publisher, its licence, and what it wants said; or why nothing of it is shown."""
    return (
        rx.el.a(rx.el.bdi(one["title"]), href=one["url"], rel="noopener"),
        t("ui.list.comma", lang),
        rx.el.bdi(one["publisher"]),
        rx.el.p(
            rx.el.a(one["licence"], href=one["licence_url"], rel="noopener license"),
            " · ",
            rx.el.bdi(one["edition"]),
            " · ",
            one["copy"],
        ),
        rx.cond(
            one["withheld"] != "",
            rx.el.p(rx.el.strong(one["withheld"])),
            rx.el.p(rx.el.bdi(one["attribution"]), class_name="note"),
        ),
    )
