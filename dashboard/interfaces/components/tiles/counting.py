"""Choosing how countries are counted: every rule with its definition and the number it gives, also without script."""

from typing import Any

import reflex as rx

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.codebook.register.adoption import RULES, count_countries, read_adoption
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.controls import link_view
from dashboard.locales import order, t


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


def list_without_script(lang: str) -> rx.Component:
    """Every rule with its count, and every country of the register with its status, for readers without script: of
    the codebook this was built from."""
    book = load_codebook()
    register = (country for country in read_adoption(book).values() if country.origin or country.status != "no_record")
    ordered = sorted(register, key=lambda country: order(choose_text(book.countries[country.iso3].name, lang), lang))
    rules = [
        rx.el.li(
            t(f"terms.counting_rule.{rule}.counted", lang, count=count_countries(book, rule).number),
            rx.el.small(t(f"terms.counting_rule.{rule}.definition", lang), class_name="quiet after"),
        )
        for rule in RULES
    ]
    countries = [
        rx.el.li(
            link_page(choose_text(book.countries[country.iso3].name, lang), to=f"/{lang}/countries/{country.iso3}/"),
            " · ",
            t(f"terms.adoption_status.{'origin' if country.origin else country.status}.name", lang),
            *([" · ", t("terms.adoption_status.disputed.name", lang)] if country.disputed else []),
        )
        for country in ordered
    ]
    return rx.el.noscript(
        rx.el.h2(t("terms.counting_rule.title", lang)),
        rx.el.ul(*rules, class_name="rows"),
        rx.el.h2(t("terms.adoption_status.title", lang), class_name="section"),
        rx.el.ul(*countries, class_name="columns"),
    )
