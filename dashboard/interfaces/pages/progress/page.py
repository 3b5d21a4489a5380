"""Progress for donors and ministries: verdicts, goals × countries and methods first; rows, pipeline, limits as tabs."""

from typing import Any

import reflex as rx

from dashboard.answers.adoption.counting import DEFAULT_RULE
from dashboard.answers.progress.assessment import DEFAULT_METHOD, METHODS
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.codebook.register.adoption import RULES
from dashboard.evidence.codebook.tables import THEMES
from dashboard.interfaces.components.browser import AtAnchor, link_page
from dashboard.interfaces.components.controls import (
    draw_tabs,
    link_view,
    list_goal_choices,
    make_options,
    make_select,
    make_view_form,
)
from dashboard.interfaces.components.tables.reports import link_country_reports, link_programme_report
from dashboard.interfaces.pages.progress.parts import draw_pipeline, draw_promise, list_limitations
from dashboard.interfaces.pages.progress.pictures import (
    draw_goals_by_country,
    draw_methods,
    draw_verdicts,
    list_goal_answers,
)
from dashboard.interfaces.pages.progress.results import draw_arithmetic, draw_frame
from dashboard.interfaces.pages.progress.state import ProgressState
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.locales import order, t


def _draw_answer(lang: str) -> rx.Component:
    state = ProgressState
    return rx.fragment(
        _make_controls(lang),
        draw_verdicts(lang, state.summary),
        rx.el.div(
            draw_goals_by_country(lang),
            draw_methods(lang, state.summary),
            class_name="overview-pictures progress-pictures",
        ),
        list_goal_answers(lang),
        draw_tabs(t("ui.controls.view", lang), state.tabs),
        rx.match(
            state.open,
            ("pipeline", draw_pipeline(lang, state.rungs, state.rungs_chart, ProvenanceState.pick)),
            ("promise", draw_promise(lang, state.promised)),
            ("unsaid", list_limitations(lang, state.gaps)),
            ("reports", _draw_reports(lang)),
            draw_frame(lang),
        ),
        draw_arithmetic(lang),
        AtAnchor.create(),
    )


def _make_country_options(lang: str) -> list[rx.Component]:
    """The programme, the country of origin and whom the counting rule counts, and all countries by name."""
    every = sorted(
        ((country.iso3, choose_text(country.name, lang)) for country in load_codebook().countries.values()),
        key=lambda pair: order(pair[1], lang),
    )
    return [
        rx.el.option(t("results.programme", lang), value=""),
        rx.el.optgroup(*make_options(ProgressState.members), label=t("results.controls.adopters", lang)),
        rx.el.optgroup(*make_options(every), label=t("results.controls.every", lang)),
    ]


def _make_controls(lang: str) -> rx.Component:
    state, every = ProgressState, t("ui.controls.all", lang)
    methods = [(method, t(f"progress.method.{method}.name", lang)) for method in METHODS]
    rules = [(rule, t(f"terms.counting_rule.{rule}.name", lang)) for rule in RULES]
    themes = [(theme, t(f"terms.theme.{theme}.name", lang)) for theme in THEMES]
    goals = list_goal_choices(lang)
    return rx.el.div(
        make_view_form(
            lang,
            make_select("country", t("results.controls.country", lang), state.country, _make_country_options(lang)),
            make_select("method", t("results.controls.method", lang), state.method, methods, default=DEFAULT_METHOD),
            fields=state.fields,
            own=("country", "method", "status", "cell"),  # a status is a word of its method, and of one country
            class_name="line",
        ),
        make_view_form(
            lang,
            make_select("rule", t("results.controls.rule", lang), state.rule, rules, default=DEFAULT_RULE),
            make_select("theme", t("ui.controls.theme", lang), state.theme, themes, every),
            make_select("goal", t("ui.controls.goal", lang), state.goal_number, goals, every),
            fields=state.fields,
            own=("rule", "theme", "goal", "status", "cell"),
            class_name="line",
        ),
        link_view(t("ui.buttons.clear", lang), to=state.cleared, class_name="plain"),
        class_name="controls filters progress-filters",
        role="group",
        aria_label=t("results.controls.label", lang),
    )


def _draw_reports(lang: str) -> rx.Component:
    state = ProgressState
    day: Any = state.frame["dataset_status"]["as_of"]
    return rx.fragment(
        rx.cond(
            state.country == "",
            link_programme_report(lang, day, state.method, state.rule),
            link_country_reports(lang, state.country, day, state.method),
        ),
        rx.el.section(
            rx.el.h2(t("results.page.effects", lang)),
            rx.el.p(t("effects.page.lede", lang)),
            rx.el.p(link_page(t("effects.page.heading", lang), to=f"/{lang}/progress/effects/")),
            id="effects",
        ),
    )


PAGE = make_page(
    "progress",
    "results.page.heading",
    "results.page.lede",
    _draw_answer,
    ProgressState.load,
    example="progress/?country=AZE",
    framed=True,
    selects=True,
    kept=True,
)
