"""Lists of indicators and goals, and the marks on them."""

from typing import Any

import reflex as rx

from dashboard.answers.adoption.counting import DEFAULT_RULE
from dashboard.answers.wording.evidence import PARTS
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.figures import fold
from dashboard.interfaces.components.trouble import explain_nothing
from dashboard.locales import t


def draw_goal_badge(number: Any, large: bool = False) -> rx.Component:
    """The goal's number on its colour; colours are in ``goals.css``."""
    size = " large" if large else ""
    return rx.el.span(number, class_name=f"badge goal-{number}{size}", aria_hidden="true")


def draw_goal_signs(goal: Any) -> rx.Component:
    """The letter and the signs of a goal in a country; the words stand beside them."""
    return rx.el.span(
        rx.el.b(goal["letter"], class_name="letter"),
        rx.foreach(
            goal["marks"], lambda mark: rx.el.span(mark["count"], mark["sign"], class_name=f"sign tone-{mark['tone']}")
        ),
        class_name="signs",
        aria_hidden="true",
    )


def draw_evidence_bar(bar: Any) -> rx.Component:
    """Indicators by their strongest link as a bar, those without figures striped, and in words."""
    return rx.fragment(
        rx.el.span(
            *(
                rx.el.span(style={"inlineSize": bar["widths"][place]}, custom_attrs={"data-strength": part})
                for place, part in enumerate(PARTS)
            ),
            class_name="evidence-bar",
            aria_hidden="true",
        ),
        rx.el.small(bar["text"]),
    )


def explain_coverage(lang: str) -> rx.Component:
    """What the marks of ``draw_coverage`` in a list say."""
    rule = t(f"terms.counting_rule.{DEFAULT_RULE}.name", lang)
    return rx.el.p(t("answers.coverage.key", lang, rule=rule), class_name="note")


def draw_coverage(card: Any, brief: bool = False) -> rx.Component:
    """The coverage of a card, one mark per country (recent, older or no figure), and in words.

    In a list the words are ``brief``, and ``explain_coverage`` stands above it.
    """
    marks = card["coverage"]["strip"].to(str).split("")
    return rx.fragment(
        rx.el.span(
            rx.foreach(marks, lambda letter: rx.el.i(class_name=letter)),
            class_name="strip",
            role="img",
            aria_label=card["coverage"]["text"],
        ),
        rx.el.small(card["coverage"]["brief" if brief else "text"], class_name="quiet", aria_hidden=str(brief).lower()),
    )


def list_indicators(lang: str, cards: Any, reasons: bool = False, brief: bool = False) -> rx.Component:
    """Indicators, one line each: name, unit, coverage, and the definition, the reason of the link, or nothing."""

    def line(card: Any) -> rx.Component:
        strength = rx.cond(card["strength_text"] != "", rx.el.small(card["strength_text"], class_name="strength"))
        words = card["rationale"] if reasons else card["definition"]
        return rx.el.li(
            rx.el.div(
                link_page(card["name"], to=f"/{lang}/indicators/{card['id']}/"),
                rx.el.small(card["unit"], class_name="quiet unit"),
                *([strength] if reasons or brief else []),
                *([] if brief else [rx.el.p(words, class_name="note")]),
            ),
            rx.el.div(
                rx.cond(card["empty"], rx.el.small(card["why_empty"], class_name="absent"), draw_coverage(card, True)),
                class_name="cover",
            ),
        )

    return rx.el.ul(
        rx.foreach(cards, line), class_name="rows indicators", role="list", aria_label=t("ui.nav.indicators", lang)
    )


def list_linked_indicators(lang: str, having: Any, without: Any, none: str) -> rx.Component:
    """Indicators with the reason of their link, those without figures folded away; words where there are ``none``."""
    return rx.fragment(
        rx.el.p(t("terms.strength.note", lang), class_name="note"),
        rx.cond(having.length() > 0, rx.fragment(explain_coverage(lang), list_indicators(lang, having, reasons=True))),
        list_without_figures(lang, without),
        rx.cond((having.length() == 0) & (without.length() == 0), explain_nothing(t("ui.empty.no_links", lang), none)),
    )


def list_without_figures(lang: str, cards: Any) -> rx.Component:
    """Names of indicators that have no figures, folded away."""
    return rx.cond(
        cards.length() > 0,
        fold(
            [t("pages.goal.without", lang), " (", cards.length(), ")"],
            rx.el.ul(
                rx.foreach(
                    cards, lambda card: rx.el.li(link_page(card["name"], to=f"/{lang}/indicators/{card['id']}/"))
                ),
                class_name="columns",
            ),
        ),
    )
