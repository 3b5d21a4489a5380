"""Which adopter has which indicator, and what kind of gap stands where there is nothing."""

import reflex as rx

from dashboard.answers.adoption.counting import DEFAULT_RULE
from dashboard.answers.site.availability import GAPS, SORTS
from dashboard.evidence.codebook.register.adoption import RULES
from dashboard.evidence.codebook.tables import THEMES
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.controls import link_view, list_goal_choices, make_select, make_view_form
from dashboard.interfaces.components.tables.matrix import draw_availability
from dashboard.interfaces.components.tables.standings import draw_standings
from dashboard.interfaces.pages.availability.state import AvailabilityState
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.locales import t


def _draw_answer(lang: str) -> rx.Component:
    sending = link_page(t("submissions.public.title", lang), to=f"/{lang}/sending/")
    return rx.fragment(
        _make_filters(lang),
        draw_availability(
            lang,
            AvailabilityState.matrix,
            rx.cond(AvailabilityState.tab == "table", "table", ""),
            AvailabilityState.views,
            AvailabilityState.around,
            AvailabilityState.file,
        ),
        rx.el.p(t("availability.page.method", lang), class_name="note section"),
        rx.cond(
            AvailabilityState.standings.length() > 0,
            rx.el.section(
                rx.el.h2(t("submissions.public.standing_title", lang)),
                draw_standings(lang, AvailabilityState.standings),
                rx.el.p(sending, class_name="after-text"),
            ),
        ),
    )


def _make_filters(lang: str) -> rx.Component:
    state = AvailabilityState
    every = t("ui.controls.all", lang)
    themes = [(theme, t(f"terms.theme.{theme}.name", lang)) for theme in THEMES]
    goals = list_goal_choices(lang)
    rules = [(rule, t(f"terms.counting_rule.{rule}.name", lang)) for rule in RULES]
    gaps = [(gap, _name_gap(gap, lang)) for gap in GAPS]
    sorts = [(sort, t(f"availability.sort.{sort}", lang)) for sort in SORTS]
    return make_view_form(
        lang,
        make_select("theme", t("ui.controls.theme", lang), state.theme, themes, every),
        make_select("goal", t("ui.controls.goal", lang), state.goal_number, goals, every),
        make_select("source", t("availability.filters.source", lang), state.source, state.source_choices, every),
        make_select("rule", t("availability.filters.rule", lang), state.rule, rules, default=DEFAULT_RULE),
        make_select("group", t("availability.filters.group", lang), state.group, state.group_choices, every),
        make_select(
            "gap",
            t("availability.filters.gap", lang),
            state.gap,
            gaps,
            t("availability.filters.any_gap", lang),
        ),
        make_select("sort", t("availability.filters.sort", lang), state.sort, sorts, default=SORTS[0]),
        link_view(t("ui.buttons.clear", lang), to=state.cleared, class_name="plain"),
        fields=state.fields,
        own=("theme", "goal", "source", "rule", "group", "gap", "sort"),
        class_name="controls filters",
        aria_label=t("ui.controls.filter", lang),
    )


def _name_gap(kind: str, lang: str) -> str:
    return t("answers.not_gathered.name" if kind == "not_gathered" else f"terms.no_data.{kind}.name", lang)


PAGE = make_page(
    "availability",
    "availability.page.heading",
    "availability.page.lede",
    _draw_answer,
    AvailabilityState.load,
)
