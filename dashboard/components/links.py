"""What the three ways in share: the choice between them, and the indicators behind one principle or theme."""

from typing import Any

import reflex as rx

from dashboard.components.browser import page_link
from dashboard.components.cards import indicator_list, without_figures
from dashboard.components.trouble import nothing
from dashboard.locales import t

WAYS = ("goals", "principles", "themes")


def ways_in(lang: str, here: str) -> rx.Component:
    """Links between the ways in; ``here`` is the one the page belongs to."""
    return rx.el.nav(
        rx.el.ul(
            *(
                rx.el.li(
                    page_link(
                        t(f"ways.by.{way}", lang),
                        to=f"/{lang}/{way}/",
                        custom_attrs={"aria-current": "true"} if way == here else {},
                    )
                )
                for way in WAYS
            )
        ),
        class_name="tabs section",
        aria_label=t("ways.label", lang),
    )


def way_in(lang: str, way: Any) -> rx.Component:
    """One principle or theme: the evidence in words, its indicators with strength, reason and coverage, the others.

    ``way`` is the state that holds it.
    """
    evidence, having, without = way.evidence, way.having, way.without
    return rx.fragment(
        rx.el.h1(way.name),
        rx.el.p(way.about, class_name="lede"),
        rx.el.p(evidence["text"], class_name="asof"),
        rx.el.section(
            rx.el.h2(t("ways.principle.indicators", lang)),
            rx.el.p(t("terms.strength.note", lang), class_name="note"),
            rx.cond(having.length() > 0, indicator_list(lang, having, reasons=True)),
            without_figures(lang, without),
            rx.cond(
                (having.length() == 0) & (without.length() == 0),
                nothing(t("ui.empty.no_links", lang), t("ways.principle.none", lang)),
            ),
        ),
    )
