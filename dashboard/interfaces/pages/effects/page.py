"""Did adoption change anything? What there is to work with, the answer, and the plan with what it assumes."""

import reflex as rx

from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.trouble import explain_nothing
from dashboard.interfaces.pages.effects.parts import (
    draw_choices,
    draw_overview,
    draw_plan,
    draw_result,
    explain_progress,
)
from dashboard.interfaces.pages.effects.state import EffectsState
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.locales import t

ASSUMPTIONS = ("choice", "others", "spill", "course", "outcome")
CANNOT = ("one", "two", "three", "four")


def _draw_answer(lang: str) -> rx.Component:
    state, plan = EffectsState, EffectsState.plan
    return rx.fragment(
        rx.el.div(
            rx.el.div(
                rx.cond(
                    plan["empty"],
                    explain_nothing(t("effects.page.empty", lang), t("effects.page.empty_help", lang)),
                    draw_chart(
                        lang,
                        plan["panel"],
                        heading=plan["panel_title"],
                        subtitle=plan["panel_subtitle"],
                        height=plan["panel_height"].to(int),
                    ),
                )
            ),
            draw_choices(lang, state),
            class_name="picture-split",
        ),
        draw_overview(lang, state.overview),
        rx.cond(
            ~plan["empty"],
            rx.fragment(
                draw_plan(lang, state, _list_points(lang, "assumptions", "assumption", ASSUMPTIONS)),
                explain_progress(lang, state),  # below the plan, whose controls stay in place while it is made
                draw_result(lang, state),
            ),
        ),
        _list_points(lang, "cannot", "cannot", CANNOT),
    )


def _list_points(lang: str, heading: str, area: str, names: tuple[str, ...]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t(f"effects.page.{heading}", lang)),
        rx.el.ul(*(rx.el.li(t(f"effects.{area}.{name}", lang)) for name in names), class_name="points prose"),
        class_name="section",
    )


PAGE = make_page(
    "effects",
    "effects.page.heading",
    "effects.page.lede",
    _draw_answer,
    EffectsState.load,
    path="progress/effects",
    example="progress/effects/?country=AFG&indicator=wgi_cc",
    framed=True,
    selects=True,
)
