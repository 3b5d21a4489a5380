"""Progress for donors and ministries: results frame, pipeline, goals × countries, and what cannot be said."""

from typing import Any

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.adoption import RULES
from dashboard.codebook.model import text
from dashboard.codebook.tables import THEMES
from dashboard.components.browser import file_link, page_link
from dashboard.components.chart import chart_figure
from dashboard.components.controls import labelled_list, listed
from dashboard.components.figures import cell, head, scroll
from dashboard.components.pipeline import adoption_pipeline
from dashboard.components.progress import arithmetic, progress_matrix, verdict_word
from dashboard.components.reports import country_reports, programme_report
from dashboard.components.trouble import nothing
from dashboard.components.unsaid import promise_tested, what_is_unsaid
from dashboard.locales import order, t
from dashboard.pages.frame import answered
from dashboard.pages.page import Page
from dashboard.services.judging import METHODS
from dashboard.services.results import SORTS
from dashboard.states.progress import ProgressState
from dashboard.states.provenance import ProvenanceState

FIGURES = ("baseline", "milestones", "target", "latest")
"""The columns of figures of the results frame, keys of ``results.column``."""


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("results.page.heading", lang)),
        rx.el.p(t("results.page.lede", lang), class_name="lede"),
        answered(lang, _answer, ProgressState.arrive),
    )


def _answer(lang: str) -> rx.Component:
    state = ProgressState
    return rx.fragment(
        _controls(lang),
        _frame(lang),
        _why(lang),
        adoption_pipeline(lang, state.rungs, state.rungs_chart, ProvenanceState.pick),
        _matrix(lang),
        promise_tested(lang, state.promised),
        what_is_unsaid(lang, state.gaps),
        _effects(lang),
        rx.cond(
            state.country == "",
            programme_report(lang, state.frame["stand"]["as_of"], state.method, state.rule),
            country_reports(lang, state.country, state.frame["stand"]["as_of"], state.method),
        ),
    )


def _countries(lang: str) -> list[rx.Component]:
    """The programme, the countries the register names, and all others, each in the order of their names."""
    book = codebook()
    named = {event.iso3 for event in book.events}
    names = [(text(one.name, lang), one.iso3) for one in book.countries.values()]
    every = sorted(names, key=lambda one: order(one[0], lang))
    groups = (
        ("in_register", [(iso3, name) for name, iso3 in every if iso3 in named]),
        ("others", [(iso3, name) for name, iso3 in every if iso3 not in named]),
    )
    return [
        rx.el.option(t("results.programme", lang), value=""),
        *(rx.el.optgroup(*listed(members), label=t(f"results.controls.{group}", lang)) for group, members in groups),
    ]


def _controls(lang: str) -> rx.Component:
    state, every = ProgressState, t("ui.controls.all", lang)
    methods = [(one, t(f"progress.method.{one}.name", lang)) for one in METHODS]
    rules = [(one, t(f"terms.counting_rule.{one}.name", lang)) for one in RULES]
    themes = [(one, t(f"terms.theme.{one}.name", lang)) for one in THEMES]
    goals = [(str(one.number), f"{one.number} {text(one.short, lang)}") for one in codebook().goals.values()]
    sorts = [(one, t(f"results.sort.{one}", lang)) for one in SORTS]
    return rx.el.div(
        labelled_list(
            "by-country",
            t("results.controls.country", lang),
            state.country,
            state.choose_country,
            *_countries(lang),
            wide=True,
        ),
        labelled_list(
            "by-method",
            t("results.controls.method", lang),
            state.method,
            state.choose_method,
            *listed(methods),
            wide=True,
        ),
        labelled_list("by-rule", t("results.controls.rule", lang), state.rule, state.choose_adopters, *listed(rules)),
        labelled_list("by-theme", t("ui.controls.theme", lang), state.theme, _chosen("theme"), *listed(themes, every)),
        labelled_list(
            "by-goal", t("ui.controls.goal", lang), state.goal_number, state.choose_goal, *listed(goals, every)
        ),
        labelled_list(
            "by-status",
            t("results.controls.status", lang),
            state.status,
            _chosen("status"),
            *listed(state.statuses, every),
        ),
        labelled_list("by-sort", t("results.controls.sort", lang), state.sort, _chosen("sort"), *listed(sorts)),
        rx.el.button(t("ui.buttons.clear", lang), type="button", class_name="plain", on_click=state.clear),
        class_name="controls filters",
        role="group",
        aria_label=t("results.controls.label", lang),
    )


def _chosen(control: str) -> Any:
    return lambda value: ProgressState.choose(control, value)


def _frame(lang: str) -> rx.Component:
    view = ProgressState.frame
    label = t("results.page.frame", lang)
    titles = [t(f"results.column.{key}", lang) for key in ("indicator", *FIGURES)]
    return rx.el.section(
        rx.el.h2(label, " · ", view["name"]),
        rx.el.p(view["text"], role="status"),
        rx.cond(view["rule_text"] != "", rx.el.p(view["rule_text"], class_name="note")),
        rx.cond(view["self_reported_text"] != "", rx.el.p(view["self_reported_text"])),
        rx.cond(view["milestones_text"] != "", rx.el.p(view["milestones_text"], class_name="note")),
        rx.cond(
            view["rows"].length() > 0,
            scroll(
                label,
                rx.el.table(
                    head(*titles, view["status_title"], t("results.column.evidence_level", lang)),
                    rx.el.tbody(rx.foreach(view["rows"], lambda row: _row(lang, row, view["status_title"]))),
                    class_name="frame-table stacked",
                ),
            ),
            nothing(t("results.frame.empty", lang), t("results.frame.none_help", lang)),
        ),
        rx.el.ul(
            *(
                rx.el.li(file_link(t(f"results.file.{form}", lang), href=href, download=True))
                for form, href in (("csv", ProgressState.csv), ("xlsx", ProgressState.xlsx))
            ),
            class_name="actions",
        ),
        id="frame",
    )


def _row(lang: str, row: Any, status_title: Any) -> rx.Component:
    none = rx.el.span(t("results.frame.none", lang), class_name="absent")
    baseline, milestones, target, latest = (t(f"results.column.{key}", lang) for key in FIGURES)
    return rx.el.tr(
        rx.el.th(
            page_link(row["name"], to=f"/{lang}/indicators/{row['indicator']}/"),
            rx.el.small(row["theme_text"]),
            scope="row",
        ),
        cell(baseline, row["baseline"]),
        cell(milestones, rx.cond(row["milestones"] != "", row["milestones"], none)),
        cell(
            target,
            rx.cond(row["target"] != "", row["target"], none),
            rx.el.small(row["target_source"], dir="auto"),
        ),
        cell(latest, row["latest"]),
        cell(
            status_title,
            rx.el.div(
                rx.cond(
                    row["status"] != "",
                    verdict_word(lang, row["status"], row["status_text"], row["tone"], row["sign"]),
                ),
                rx.foreach(
                    row["counts"],
                    lambda one: verdict_word(lang, one["status"], one["text"], one["tone"], count=one["count"]),
                ),
                class_name="verdicts",
            ),
            rx.cond(row["detail"] != "", rx.el.small(row["detail"])),
            rx.el.button(
                t("results.frame.why", lang),
                rx.el.span(" ", row["name"], class_name="sr-only"),
                type="button",
                class_name="plain",
                on_click=ProgressState.open_why(row["indicator"]),
            ),
            class_name="wide",
        ),
        cell(
            t("results.column.evidence_level", lang),
            rx.cond(row["level"] > 0, page_link(row["level_text"], to=f"/{lang}/method/#evidence_level")),
            rx.cond(row["self_reported"], rx.el.small(t("terms.evidence_level.self_reported", lang))),
        ),
    )


def _why(lang: str) -> rx.Component:
    state = ProgressState
    titles = [t(f"results.why.{key}", lang) for key in ("method", "asks", "verdict", "arithmetic")]
    return rx.el.section(
        rx.el.h2(t("results.page.why", lang)),
        rx.cond(
            state.why != "",
            rx.fragment(
                rx.el.h3(state.why_name),
                rx.el.p(state.why_text),
                scroll(
                    t("results.page.why", lang),
                    rx.el.table(
                        head(*titles),
                        rx.el.tbody(rx.foreach(state.verdicts, lambda one: _verdict(lang, one))),
                        class_name="why-table stacked",
                    ),
                ),
                rx.cond(
                    state.why_chart != "",
                    rx.el.div(
                        rx.el.h3(t("results.projection.heading", lang)),
                        chart_figure(lang, state.why_chart, ProvenanceState.pick, height=300, level="h4"),
                        id="projection",
                    ),
                ),
                rx.el.button(
                    t("results.why.close", lang), type="button", class_name="plain", on_click=state.open_why("")
                ),
            ),
            rx.el.p(t("results.why.choose", lang), class_name="note"),
        ),
        id="why",
    )


def _verdict(lang: str, one: Any) -> rx.Component:
    """One method's verdict; of the programme one adopter's, which leads to all methods in that country."""
    asks, verdict, steps = (t(f"results.why.{key}", lang) for key in ("asks", "verdict", "arithmetic"))
    return rx.el.tr(
        rx.el.th(
            page_link(one["method_name"], to=f"/{lang}/method/#{one['method']}"),
            rx.cond(
                ProgressState.country == "",
                rx.el.button(
                    one["country"],
                    ": ",
                    t("results.why.all_methods", lang),
                    type="button",
                    class_name="plain",
                    on_click=ProgressState.open_country(one["iso3"]),
                ),
            ),
            scope="row",
        ),
        cell(asks, rx.el.small(ProgressState.asks[one["method"]])),
        cell(
            verdict,
            rx.cond(
                one["tone"] != "none",
                verdict_word(lang, one["status"], one["status_text"], one["tone"]),
                rx.el.span(t("results.why.no_status", lang), class_name="absent"),
            ),
            rx.cond(
                one["trend"] != "",
                rx.el.small(page_link(one["trend_text"], to=f"/{lang}/method/#trend_{one['trend']}")),
            ),
        ),
        cell(steps, arithmetic(one["why"])),
    )


def _matrix(lang: str) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("results.page.matrix", lang)),
        rx.el.p(t("results.matrix.note", lang), " ", ProgressState.frame["method_name"], ".", class_name="note"),
        progress_matrix(
            lang,
            ProgressState.matrix,
            rx.cond(ProgressState.tab == "table", "table", ""),
            ProgressState.country,
            ProgressState.choose_view,
        ),
        id="matrix",
    )


def _effects(lang: str) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("results.page.effects", lang)),
        rx.el.p(t("effects.page.lede", lang)),
        rx.el.p(page_link(t("effects.page.heading", lang), to=f"/{lang}/progress/effects/")),
        id="effects",
    )


PAGE = Page(
    id="progress",
    route="/{lang}/progress/",
    body=body,
    arrive=ProgressState.arrive,
    title=lambda lang: t("results.page.heading", lang),
    description=lambda lang: t("results.page.lede", lang),
    example="progress/?country=AZE",
    menu="progress",
    selects=True,
)
