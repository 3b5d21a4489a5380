"""Choosing how countries are counted: every rule with its definition and the number it gives."""

from typing import Any

import reflex as rx


def rule_choice(rules: Any, chosen: Any, choose: Any) -> rx.Component:
    """Radio buttons of the rules (``RuleChoice``); ``choose`` makes the event from a rule's id."""

    def rule(item: Any) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="radio",
                name="rule",
                value=item["id"],
                checked=chosen == item["id"],
                on_change=choose(item["id"]),
            ),
            rx.el.span(item["label"], rx.el.small(item["definition"])),
            rx.el.span(item["count"], class_name="num"),
        )

    return rx.el.div(rx.foreach(rules, rule), class_name="radios")
