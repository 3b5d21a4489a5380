"""The plan of an adoption effect, its progress and its result."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_file, link_page
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.controls import ViewSelect, link_view, make_select, make_view_form
from dashboard.interfaces.components.figures import fold, list_rows, make_pair
from dashboard.locales import t

OWN = {
    "method": ("by", "without", "own"),
    "outcome": ("indicator", "outcome", "from", "to", "without", "own"),
    "country": ("country", "without", "own"),
}
"""Parameter of each list of the plan, and those that are of another choice and go with it."""


def draw_choices(lang: str, state: Any) -> rx.Component:
    """All choices of the plan."""
    plan = state.plan
    single = plan["method"] == "synthetic_control"
    return rx.el.div(
        rx.el.div(
            _make_plan_field(lang, state, "method", plan["methods"], plan["method"]),
            _make_plan_field(lang, state, "outcome", plan["outcomes"], plan["outcome"]),
            rx.cond(single, _make_plan_field(lang, state, "country", plan["countries"], plan["country"])),
            rx.cond(~plan["empty"], _make_period_form(lang, state)),
            class_name="controls",
            role="group",
            aria_label=t("effects.page.plan", lang),
        ),
        class_name="picture-choices",
    )


def draw_overview(lang: str, overview: Any) -> rx.Component:
    """All estimates at once, with the number that chance alone would give, and what was refused for which reason."""
    heading, refused = t("effects.all.heading", lang), t("effects.all.refused", lang)
    titles, reasons = (
        [t(f"effects.all.{key}", lang) for key in keys]
        for keys in (
            ("country", "outcome", "difference", "p", "verdict", "why"),
            ("reason", "countries", "outcomes"),
        )
    )
    return rx.cond(
        overview["rows"].length() > 0,
        rx.el.section(
            rx.el.h2(heading),
            rx.el.p(overview["text"], class_name="answer-line"),
            list_rows(
                heading,
                titles,
                overview["rows"],
                lambda row: (
                    row["country"],
                    link_page(row["outcome"], to=row["to"]),
                    row["difference"],
                    row["p"],
                    row["verdict"],
                    rx.el.small(row["why"]),
                ),
                class_name="stacked",
            ),
            fold(
                refused,
                list_rows(
                    refused,
                    reasons,
                    overview["refused"],
                    lambda row: (row["reason"], row["countries"], row["outcomes"]),
                    class_name="stacked",
                ),
            ),
            class_name="section",
            id="all",
        ),
    )


def draw_plan(lang: str, state: Any, assumptions: rx.Component) -> rx.Component:
    """The plan in a sentence, its donors with their reasons, and what it assumes."""
    plan = state.plan
    return rx.el.section(
        rx.el.h2(t("effects.page.plan", lang)),
        rx.el.p(plan["text"]),
        rx.el.p(t("effects.page.name", lang), t("ui.list.colon", lang), rx.el.code(plan["name"]), class_name="note"),
        rx.el.p(plan["source"], class_name="note"),
        rx.cond(plan["draws_text"] != "", rx.el.p(plan["draws_text"])),
        rx.cond(plan["donors"].length() > 0, _draw_donors(lang, state, plan)),
        assumptions,
        class_name="section",
        id="plan",
    )


def _make_plan_field(lang: str, state: Any, name: str, choices: Any, value: Any) -> rx.Component:
    chosen = make_select(OWN[name][0], t(f"effects.page.{name}", lang), value, choices, wide=True, id_=f"plan-{name}")
    return make_view_form(lang, chosen, fields=state.fields, own=OWN[name])


def _make_period_form(lang: str, state: Any) -> rx.Component:
    """The first and the last year of the window."""
    return make_view_form(
        lang,
        rx.el.fieldset(
            rx.el.legend(t("ui.controls.period", lang)),
            rx.el.div(
                _make_year_field(state, "from", t("ui.controls.from", lang), state.plan["first"]),
                rx.el.span("–", aria_hidden="true"),
                _make_year_field(state, "to", t("ui.controls.to", lang), state.plan["last"]),
                class_name="period",
            ),
        ),
        fields=state.fields,
        own=("from", "to"),
    )


def _make_year_field(state: Any, name: str, label: str, value: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"plan-{name}", class_name="sr-only"),
        ViewSelect.create(
            rx.foreach(state.plan["years"], lambda year: rx.el.option(year, value=year.to_string())),
            id=f"plan-{name}",
            name=name,
            value=value.to_string(),
        ),
    )


def _draw_donors(lang: str, state: Any, plan: Any) -> rx.Component:
    titles = [t(f"effects.page.{key}", lang) for key in ("donor", "reasons", "remove", "own_short")]

    def row(donor: Any) -> tuple[Any, ...]:
        return (
            rx.cond(donor["removed"], rx.el.s(donor["name"]), donor["name"]),
            rx.el.small(donor["reasons"]),
            link_view(
                rx.cond(donor["removed"], t("effects.page.back", lang), t("effects.page.remove", lang)),
                rx.el.span(" ", donor["name"], class_name="sr-only"),
                to=state.removing[donor["iso3"]],
                class_name="plain",
            ),
            rx.cond(
                donor["removed"],
                rx.fragment(),
                link_view(
                    rx.el.span(class_name="box", aria_hidden="true"),
                    to=state.owning[donor["iso3"]],
                    current=donor["own"],
                    aria_label=rx.Var.create(t("effects.page.own", lang) + t("ui.list.colon", lang)) + donor["name"],
                    class_name="check",
                ),
            ),
        )

    return rx.el.details(
        rx.el.summary(t("effects.page.donors", lang), " (", plan["donors_text"], ")"),
        rx.el.p(t("effects.page.donors_help", lang), class_name="note"),
        list_rows(t("effects.page.donors", lang), titles, plan["donors"], row),
        class_name="why",
    )


def explain_progress(lang: str, state: Any) -> rx.Component:
    """That the result is being made, or why it is not there."""
    return rx.fragment(
        rx.cond(
            state.stage == "making",
            rx.el.section(
                rx.el.h2(t("effects.page.result", lang)),
                rx.el.p(t("effects.page.making", lang), role="status"),
                class_name="section",
            ),
        ),
        rx.cond(state.trouble != "", rx.el.p(state.trouble, role="alert", class_name="note")),
    )


def draw_result(lang: str, state: Any) -> rx.Component:
    """The word with its definition, the reasons, the charts and the tables."""
    result = state.result
    return rx.cond(
        (state.stage == "done") & (result["verdict"].to(str) != ""),
        rx.el.section(
            rx.el.h2(t("effects.page.result", lang), t("ui.list.colon", lang), result["verdict_text"]),
            rx.el.p(result["definition"]),
            rx.el.p(result["lead"]),
            _list_reasons(t("effects.page.why", lang), result["reasons"]),
            _list_reasons(t("effects.page.doubts", lang), result["doubts"]),
            rx.cond(
                result["facts"].length() > 0,
                rx.el.dl(
                    rx.foreach(result["facts"], lambda fact: make_pair(fact["label"], fact["text"])),
                    class_name="pairs",
                ),
            ),
            rx.el.div(
                rx.foreach(
                    result["charts"],
                    lambda chart: draw_chart(
                        lang, chart["url"], rx.noop(), heading=chart["title"], height=340, level="h3"
                    ),
                ),
                class_name="side-by-side",
            ),
            _fold_table(
                t("effects.page.sets", lang),
                [
                    t(f"effects.set.{key}", lang)
                    for key in ("label", "donors", "estimate", "fit", "place_label", "floor", "note")
                ],
                result["sets"],
                ("label", "donors", "estimate", "fit", "place", "floor", "note"),
            ),
            _fold_table(
                t("effects.page.weights", lang),
                [t(f"effects.page.{key}", lang) for key in ("donor", "weight", "without")],
                result["weights"],
                ("name", "weight", "without"),
            ),
            _fold_table(
                t("effects.page.events", lang),
                [t(f"effects.page.{key}", lang) for key in ("time", "effect", "interval")],
                result["events"],
                ("time", "effect", "interval"),
            ),
            rx.cond(
                result["left_out"] != "",
                rx.el.p(t("effects.page.left_out", lang), " ", result["left_out"], class_name="note"),
            ),
            rx.el.p(link_file(t("effects.page.json", lang), href=result["json"])),
            class_name="section",
            id="result",
        ),
    )


def _list_reasons(heading: str, reasons: Any) -> rx.Component:
    return rx.cond(
        reasons.length() > 0,
        rx.fragment(
            rx.el.h3(heading),
            rx.el.ul(rx.foreach(reasons, lambda reason: rx.el.li(reason["text"])), class_name="points"),
        ),
    )


def _fold_table(heading: str, titles: list[str], rows: Any, fields: tuple[str, ...]) -> rx.Component:
    return rx.cond(
        rows.length() > 0,
        fold(heading, list_rows(heading, titles, rows, lambda row: tuple(row[field] for field in fields))),
    )
