"""Choosing how countries are counted: every rule with its definition and the number it gives, also without script."""

from typing import Any

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.adoption import RULES, adoption, count
from dashboard.codebook.model import text
from dashboard.components.browser import page_link
from dashboard.locales import order, t


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


def without_script(lang: str) -> rx.Component:
    """Every rule with its count, and every country of the register with its status, for readers without script: of
    the codebook this was built from."""
    book = codebook()
    register = (it for it in adoption(book).values() if it.origin or it.status != "no_record")
    found = sorted(register, key=lambda it: order(text(book.countries[it.iso3].name, lang), lang))
    rules = [
        rx.el.li(
            t(f"terms.counting_rule.{rule}.counted", lang, count=count(book, rule).number),
            rx.el.small(t(f"terms.counting_rule.{rule}.definition", lang), class_name="quiet after"),
        )
        for rule in RULES
    ]
    countries = [
        rx.el.li(
            page_link(text(book.countries[it.iso3].name, lang), to=f"/{lang}/countries/{it.iso3}/"),
            " · ",
            t(f"terms.adoption_status.{'origin' if it.origin else it.status}.name", lang),
            *([" · ", t("terms.adoption_status.disputed.name", lang)] if it.disputed else []),
        )
        for it in found
    ]
    return rx.el.noscript(
        rx.el.h2(t("terms.counting_rule.title", lang)),
        rx.el.ul(*rules, class_name="rows"),
        rx.el.h2(t("terms.adoption_status.title", lang), class_name="section"),
        rx.el.ul(*countries, class_name="columns"),
    )
