"""Did adoption change anything? The assumptions first, then the plan, then the answer."""

import reflex as rx

from dashboard.locales import t
from dashboard.pages.effects.parts import effect_plan, effect_progress, effect_result
from dashboard.pages.effects.state import EffectsState
from dashboard.pages.shell.frame import answered
from dashboard.pages.shell.page import Page

ASSUMPTIONS = ("choice", "others", "spill", "course", "outcome")
CANNOT = ("one", "two", "three", "four")


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("effects.page.heading", lang)),
        rx.el.p(t("effects.page.lede", lang), class_name="lede"),
        _list(lang, "assumptions", "assumption", ASSUMPTIONS),
        answered(lang, _answer, EffectsState.load),
        _list(lang, "cannot", "cannot", CANNOT),
    )


def _answer(lang: str) -> rx.Component:
    return rx.fragment(
        effect_plan(lang, EffectsState),
        effect_progress(lang, EffectsState),
        effect_result(lang, EffectsState),
    )


def _list(lang: str, heading: str, area: str, names: tuple[str, ...]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t(f"effects.page.{heading}", lang)),
        rx.el.ul(*(rx.el.li(t(f"effects.{area}.{name}", lang)) for name in names), class_name="points"),
        class_name="section prose",
    )


PAGE = Page(
    id="effects",
    route="/{lang}/progress/effects/",
    body=body,
    load=EffectsState.load,
    title=lambda lang: t("effects.page.heading", lang),
    description=lambda lang: t("effects.page.lede", lang),
    example="progress/effects/?country=AFG&outcome=wgi_cc",
    selects=True,
)
