"""The indicators behind one principle or theme."""

from typing import Any

import reflex as rx

from dashboard.components.cards import coverage_key, indicator_list, without_figures
from dashboard.components.trouble import nothing
from dashboard.locales import t


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
            rx.cond(having.length() > 0, rx.fragment(coverage_key(lang), indicator_list(lang, having, reasons=True))),
            without_figures(lang, without),
            rx.cond(
                (having.length() == 0) & (without.length() == 0),
                nothing(t("ui.empty.no_links", lang), t("ways.principle.none", lang)),
            ),
        ),
    )
