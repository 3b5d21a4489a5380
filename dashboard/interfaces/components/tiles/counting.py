"""Choosing how countries are counted: every rule with its definition and the number it gives, also without script."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.controls import link_view


def link_rules(label: str, rules: Any) -> rx.Component:
    """The rules (``RuleLink``) in a line, each a link to the count by it, with its number; the definition on hover."""

    def rule(item: Any) -> rx.Component:
        return rx.el.li(
            link_view(
                item["label"],
                " ",
                rx.el.span(item["count"], class_name="quiet after"),
                to=item["to"],
                current=item["current"],
                title=item["definition"],
            )
        )

    return rx.el.nav(rx.el.ul(rx.foreach(rules, rule)), class_name="tabs segments", aria_label=label)
