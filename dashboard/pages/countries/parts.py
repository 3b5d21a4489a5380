"""Sections of a country's page: goals at a glance, three ways to know satisfaction, what the agency reported, law,
what is missing."""

from typing import Any

import reflex as rx

from dashboard.components.browser import file_link, page_link
from dashboard.components.cards import goal_badge, goal_signs
from dashboard.components.figures import cell, figure_value, listing, reference
from dashboard.locales import t
from dashboard.services.progress.assessment import DEFAULT_METHOD


def goals_at_a_glance(lang: str, view: Any) -> rx.Component:
    """Goals with colour, letter and signs, each in words beside it; below, what the marks say and rest on."""
    return rx.el.section(
        rx.el.h2(t("country.strip.title", lang)),
        rx.el.p(t("country.strip.note", lang), class_name="note"),
        rx.el.ol(
            rx.foreach(view["strip"], lambda goal: rx.el.li(_goal(lang, goal))), class_name="goal-list goal-marks"
        ),
        rx.el.p(rx.el.strong(t("country.strip.legend_title", lang)), class_name="note section-small"),
        rx.el.ul(
            rx.foreach(view["strip_legend"], lambda meaning: rx.el.li(meaning)), class_name="legend note marks-legend"
        ),
        rx.el.p(view["strip_how"], class_name="note section-small"),
        _verdicts(lang, view["verdicts"]),
        id="goals",
    )


def _goal(lang: str, goal: Any) -> rx.Component:
    return page_link(
        goal_badge(goal["number"]),
        rx.el.span(
            rx.el.strong(goal["short"]),
            rx.el.small(goal["text"]),
            rx.cond(goal["status_text"] != "", rx.el.small(goal["status_text"], class_name="sentence")),
        ),
        goal_signs(goal),
        to=f"/{lang}/goals/{goal['number']}/",
    )


def _verdicts(lang: str, verdicts: Any) -> rx.Component:
    method = t(f"progress.method.{DEFAULT_METHOD}.name", lang)
    titles = [t("ui.table.indicator", lang), t("ui.controls.goal", lang), t("country.strip.from", lang)]
    titles += [t("ui.table.latest", lang), t("country.strip.method", lang, method=method)]

    def row(it: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(page_link(it["name"], to=f"/{lang}/indicators/{it['indicator']}/"), scope="row"),
            cell(titles[1], rx.foreach(it["goals"], lambda goal: rx.el.span(goal, " "))),
            cell(titles[2], it["base_text"]),
            cell(titles[3], it["latest_text"]),
            cell(
                titles[4],
                rx.cond(it["sign"] != "", rx.el.span(it["sign"], " ", aria_hidden="true")),
                it["status_text"],
                rx.cond(it["reason_text"] != "", rx.el.small(it["reason_text"])),
                rx.el.details(
                    rx.el.summary(
                        t("country.strip.why", lang),
                        rx.el.span(t("ui.list.colon", lang), it["name"], class_name="sr-only"),
                    ),
                    rx.el.ul(rx.foreach(it["why"], lambda step: rx.el.li(step)), class_name="small"),
                ),
            ),
        )

    return rx.cond(
        verdicts.length() > 0,
        rx.el.details(
            rx.el.summary(t("country.strip.verdicts", lang), " (", verdicts.length(), ")"),
            listing(t("country.strip.verdicts", lang), titles, verdicts, row, class_name="verdicts stacked"),
            class_name="fold",
        ),
    )


def three_voices(lang: str, voices: Any, show: Any) -> rx.Component:
    """Agency, service users, households: side by side and visibly apart. ``show`` makes the event from an id."""

    def report(it: Any) -> rx.Component:
        return rx.el.li(
            rx.el.strong(it["value_text"]),
            rx.el.p(it["metric_text"], " · ", it["date_text"]),
            rx.el.p(it["source"], class_name="note", lang="en", dir="auto"),
            rx.cond(it["note"] != "", rx.el.p(it["note"], class_name="note", lang="en", dir="auto")),
            rx.el.p(
                t("terms.evidence_level.title", lang), t("ui.list.colon", lang), it["evidence_text"], class_name="note"
            ),
        )

    def published(it: Any) -> rx.Component:
        return rx.el.li(
            rx.el.strong(figure_value(lang, it["figure"], show, it["name"], interval=False)),
            rx.cond(it["figure"]["interval"] != "", rx.el.p(it["figure"]["interval"])),
            rx.el.p(
                page_link(it["name"], to=f"/{lang}/indicators/{it['indicator']}/"),
                " · ", it["unit"], " · ", it["figure"]["period"],
            ),
            rx.el.p(it["figure"]["source_text"], class_name="note"),
            rx.cond(it["figure"]["caution"] != "", rx.el.p(it["figure"]["caution"], class_name="note")),
        )  # fmt: skip

    def voice(it: Any) -> rx.Component:
        return rx.el.article(
            rx.el.h3(it["label"]),
            rx.el.p(it["definition"], class_name="note"),
            rx.cond(it["empty"] != "", rx.el.p(it["empty"], class_name="absent")),
            rx.el.ul(rx.foreach(it["reports"], report), rx.foreach(it["figures"], published), class_name="quotes"),
        )

    return rx.el.section(
        rx.el.h2(t("country.voice.title", lang)),
        rx.el.p(t("country.voice.note", lang), class_name="note"),
        rx.el.div(rx.foreach(voices, voice), class_name="voices"),
        id="satisfaction",
    )


def agency_reported(lang: str, reports: Any) -> rx.Component:
    """Everything else the agency reported of its services, folded; nothing where the register has nothing."""
    titles = [t(f"country.reported.{key}", lang) for key in ("what", "figure", "date", "source")]

    def row(it: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(it["metric_text"], scope="row"),
            cell(titles[1], it["value_text"], class_name="num"),
            cell(titles[2], it["date_text"]),
            cell(
                titles[3],
                rx.el.span(it["source"], lang="en", dir="auto"),
                rx.cond(it["note"] != "", rx.el.small(it["note"], lang="en", dir="auto")),
            ),
        )

    return rx.cond(
        reports.length() > 0,
        rx.el.section(
            rx.el.h2(t("country.reported.title", lang)),
            rx.el.p(t("country.reported.note", lang), class_name="note"),
            rx.el.details(
                rx.el.summary(t("country.reported.title", lang), " (", reports.length(), ")"),
                listing(t("country.reported.title", lang), titles, reports, row, numeric=(1,)),
                class_name="fold",
            ),
            class_name="not-in-brief",
        ),
    )


def draw_law(note: Any) -> rx.Component:
    """An act as a card: its kind, number and date, its title, and where it can be read."""
    return rx.el.article(
        rx.el.p(
            note["kind_text"],
            rx.cond(note["symbol"] != "", rx.fragment(" ", rx.el.bdi(note["symbol"], lang="en"))),
            " · ",
            note["date_text"],
            class_name="quiet",
        ),
        rx.el.p(note["title"], lang="en", dir="auto"),
        rx.el.p(reference(note["source_parts"]), class_name="note"),
        class_name="law",
    )


def what_is_missing(lang: str, view: Any, turn: rx.Component | None = None) -> rx.Component:
    """Indicators without a figure: how many of which kind of gap, and each with who could supply it.

    With ``turn``, the pager, the rows are one page of them and stand open; without it all are there, folded.
    """
    titles = [
        t("ui.table.indicator", lang),
        t("ui.controls.theme", lang),
        t("ui.table.reason", lang),
        t("pages.country.who", lang),
    ]
    table = listing(
        t("pages.country.missing", lang),
        titles,
        view["missing"],
        lambda row: rx.el.tr(
            rx.el.th(page_link(row["name"], to=f"/{lang}/indicators/{row['indicator']}/"), scope="row"),
            cell(titles[1], row["theme_text"]),
            cell(titles[2], row["kind_text"]),
            cell(titles[3], row["who"], rx.cond(row["own"] != "", rx.el.small(row["own"]))),
        ),
    )
    return rx.el.section(
        rx.el.h2(t("pages.country.missing", lang)),
        rx.el.p(view["missing_text"]),
        rx.el.dl(
            rx.foreach(
                view["missing_kinds"],
                lambda it: rx.el.div(
                    rx.el.dt(it["text"], t("ui.list.colon", lang), it["count_text"]),
                    rx.el.dd(it["definition"], class_name="note"),
                ),
            ),
            class_name="terms kinds",
        ),
        rx.el.p(
            file_link(
                t("country.missing.csv", lang),
                href=view["missing_csv"],
                download=True,
            ),
            class_name="not-in-brief",
        ),
        rx.fragment(table, turn)
        if turn is not None
        else rx.el.details(rx.el.summary(t("pages.country.missing_list", lang)), table, class_name="fold"),
    )
