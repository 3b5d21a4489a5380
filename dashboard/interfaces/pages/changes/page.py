"""What changed between any two days: the answer, the largest moves as a picture, every change by name."""

from typing import Any

import reflex as rx

from dashboard.answers.progress.assessment import DEFAULT_METHOD
from dashboard.interfaces.components.browser import link_code, link_file, link_page, list_actions
from dashboard.interfaces.components.controls import (
    ViewInput,
    draw_pager,
    draw_tabs,
    link_view,
    list_country_options,
    list_goal_choices,
    make_select,
    make_view_form,
)
from dashboard.interfaces.components.figures import list_rows, make_source_button
from dashboard.interfaces.components.trouble import explain_nothing
from dashboard.interfaces.pages.changes.state import ChangesState
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.locales import t


def _draw_answer(lang: str) -> rx.Component:
    view = ChangesState.view
    return rx.fragment(
        draw_tabs(t("changes.between.since", lang), ChangesState.spans, "tabs segments"),
        rx.el.p(view["text"], role="status", class_name="answer-words sentence"),
        rx.el.p(view["beside"], class_name="note"),
        rx.cond(view["largest"].length() > 0, _draw_moves(lang, view["largest"])),
        _make_controls(lang, view),
        draw_tabs(t("changes.between.kinds", lang), ChangesState.kinds),
        rx.cond(
            view["total"] > 0,
            rx.fragment(
                _draw_table(lang, view["rows"]),
                draw_pager(lang, t("changes.between.heading", lang), view["page"], view["pages"], ChangesState.around),
            ),
            explain_nothing(t("changes.between.nothing", lang), ChangesState.kind_text),
        ),
        list_actions(
            link_file(t("changes.between.csv", lang), href=view["csv"], download=True),
            link_file(t("changes.between.json", lang), href=view["json"]),
            link_code(lang, view["csv"]),
            link_file(t("changes.revisions.feed", lang), href=f"/api/v1/changes.atom?lang={lang}"),
        ),
    )


def _draw_moves(lang: str, moves: Any) -> rx.Component:
    """A bar a figure, to the right where it rose and to the left where it fell; longest first."""

    def bar(move: Any) -> rx.Component:
        return rx.el.li(
            rx.el.p(
                link_page(move["country"], " · ", move["name"], to=move["to"]),
                " ",
                rx.el.small(move["period"], class_name="quiet"),
            ),
            rx.el.span(
                rx.el.i(style={"--length": move["length"]}, class_name=rx.cond(move["rose"], "rose", "fell")),
                class_name="move-track",
                aria_hidden="true",
            ),
            rx.el.p(
                rx.el.strong(move["difference"]),
                " ",
                make_source_button(move["text"], ProvenanceState.show(move["id_after"]), _name_owner(lang, move)),
            ),
        )

    return rx.el.section(
        rx.el.h2(t("changes.between.largest", lang)),
        rx.el.p(t("changes.between.largest_how", lang), class_name="note"),
        rx.el.ol(rx.foreach(moves, bar), class_name="moves"),
    )


def _name_owner(lang: str, line: Any) -> str:
    return f"{t('ui.list.comma', lang)}{line['country']}. {t('ui.buttons.how_we_know', lang)}"


def _make_controls(lang: str, view: Any) -> rx.Component:
    state = ChangesState

    def day(name: str, label: str) -> rx.Component:
        field = ViewInput.create(type="date", name=name, id=f"{name}-day", min=view["first"], max=view["last"])
        return rx.el.div(rx.el.label(label, html_for=f"{name}-day"), field, class_name="field")

    goals = list_goal_choices(lang)
    countries = [(option["id"], option["label"]) for option in list_country_options(lang)]
    every = t("ui.controls.all", lang)
    return make_view_form(
        lang,
        day("since", t("changes.between.from", lang)),
        day("as_of", t("changes.between.to", lang)),
        make_select(
            "country",
            t("ui.table.country", lang),
            state.picked_ids,
            countries,
            t("changes.between.of_register", lang),
        ),
        make_select("indicator", t("ui.table.indicator", lang), state.indicator, view["indicators"], every),
        make_select("goal", t("ui.controls.goal", lang), state.goal_number, goals, every),
        make_select(
            "method", t("results.controls.method", lang), view["method"], view["methods"], default=DEFAULT_METHOD
        ),
        rx.el.button(t("changes.revisions.show", lang), type="submit", class_name="button"),
        rx.cond(
            state.everywhere != "",
            link_view(t("changes.between.everywhere", lang), to=state.everywhere, class_name="plain"),
        ),
        link_view(t("ui.buttons.clear", lang), to=state.cleared, class_name="plain"),
        fields=state.fields,
        own=("since", "as_of", "country", "indicator", "goal", "method"),
        class_name="controls filters",
        aria_label=t("ui.controls.filter", lang),
    )


def _draw_table(lang: str, rows: Any) -> rx.Component:
    titles = [
        t("ui.table.indicator", lang),
        t("ui.table.country", lang),
        t("ui.table.year", lang),
        t("changes.revisions.change", lang),
        t("changes.revisions.difference", lang),
        t("changes.between.note", lang),
    ]

    def value(words: Any, observation: Any, row: Any) -> rx.Component:
        button = make_source_button(words, ProvenanceState.show(observation), _name_owner(lang, row))
        return rx.cond(observation != "", button, rx.el.span(words))

    def row(line: Any) -> tuple[Any, ...]:
        both = (line["before"] != "") & (line["after"] != "")
        change = [
            value(line["before"], line["id_before"], line),
            rx.cond(both, rx.el.span(" → ", class_name="arrow", aria_hidden="true")),
            value(line["after"], line["id_after"], line),
        ]
        name = link_page(line["name"], to=line["to"])
        return name, line["country"], line["period"], change, line["difference"], rx.el.small(line["note"])

    return list_rows(t("changes.between.heading", lang), titles, rows, row, numeric=(4,), class_name="stacked changed")


PAGE = make_page(
    "changes",
    "changes.between.heading",
    "changes.between.lede",
    _draw_answer,
    ChangesState.load,
    framed=True,
)
