"""The results frame: rows with a bullet bar and the age of the figure, and the arithmetic that one of them opens."""

from typing import Any

import reflex as rx

from dashboard.answers.progress.results import SORTS
from dashboard.interfaces.components.browser import link_code, link_file, link_page, list_actions
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.controls import draw_pager, link_view, make_select, make_view_form
from dashboard.interfaces.components.figures import make_cell, make_head, make_table
from dashboard.interfaces.components.trouble import explain_nothing
from dashboard.interfaces.pages.progress.matrix import draw_verdict, draw_verdict_bar, list_arithmetic
from dashboard.interfaces.pages.progress.state import ProgressState
from dashboard.interfaces.pages.shell.provenance import ProvenanceState, open_over_page
from dashboard.interfaces.pages.shell.share import ShareState
from dashboard.locales import t

FIGURES = ("baseline", "latest", "target")
"""The columns of figures of the results frame, keys of ``results.column``."""


def draw_frame(lang: str) -> rx.Component:
    """The rows of the page that is open; a method beside the first has a column of its own."""
    state, view = ProgressState, ProgressState.frame
    label = t("results.page.frame", lang)
    titles = [t(f"results.column.{key}", lang) for key in ("indicator", "way", *FIGURES)]
    second = rx.cond(_is_doubled(), rx.el.th(state.beside_name, scope="col"))
    level = t("results.column.evidence_level", lang)
    return rx.el.section(
        _make_controls(lang),
        rx.cond(
            state.rows.length() > 0,
            make_table(
                label,
                make_head(*titles, view["status_title"], second, level),
                state.rows,
                lambda row: _draw_row(lang, row, view["status_title"]),
                "frame-table stacked",
                rx.el.caption(label, class_name="sr-only"),
            ),
            explain_nothing(t("results.frame.empty", lang), t("results.frame.none_help", lang)),
        ),
        rx.el.div(
            draw_pager(lang, label, state.number, state.pages, state.around),
            list_actions(
                *(
                    link_file(t(f"results.file.{form}", lang), href=href, download=True)
                    for form, href in (("csv", state.csv), ("xlsx", state.xlsx))
                ),
                link_code(lang, state.csv),
            ),
            class_name="frame-foot",
        ),
        rx.el.p(view["text"], " ", view["self_reported_text"], class_name="note"),
        rx.cond(view["milestones_text"] != "", rx.el.p(view["milestones_text"], class_name="note")),
        id="frame",
        custom_attrs={"data-method": state.method},
    )


def _make_controls(lang: str) -> rx.Component:
    state, every = ProgressState, t("ui.controls.all", lang)
    sorts = [(sort, t(f"results.sort.{sort}", lang)) for sort in SORTS]
    return make_view_form(
        lang,
        make_select("status", t("results.controls.status", lang), state.status, state.statuses, every),
        make_select("sort", t("results.controls.sort", lang), state.sort, sorts, default=SORTS[0]),
        fields=state.fields,
        own=("status", "sort"),
        class_name="line frame-controls",
    )


def _draw_row(lang: str, row: Any, status_title: Any) -> rx.Component:
    none = rx.el.span(t("results.frame.none", lang), class_name="absent")
    baseline, latest, target = (t(f"results.column.{key}", lang) for key in FIGURES)
    bullet = ProgressState.bullets[row["indicator"]]
    return rx.el.tr(
        rx.el.th(
            link_page(row["name"], to=f"/{lang}/indicators/{row['indicator']}/"),
            scope="row",
            title=row["theme_text"],
        ),
        make_cell(t("results.column.way", lang), _draw_bullet(lang, bullet), class_name="way"),
        make_cell(baseline, row["baseline"]),
        make_cell(
            latest,
            row["latest"],
            rx.cond(bullet["age"] != "", rx.el.small(bullet["age"], class_name="age-badge")),
        ),
        make_cell(
            target,
            rx.cond(row["target"] != "", rx.el.span(row["target"], title=row["target_source"]), none),
            rx.cond(row["milestones"] != "", rx.el.small(row["milestones"])),
        ),
        make_cell(
            status_title,
            rx.cond(
                row["status"] != "",
                draw_verdict(lang, row["status"], row["status_text"], row["tone"], row["sign"]),
                rx.cond(
                    ProgressState.country != "",
                    rx.el.span(t("results.controls.refused", lang), class_name="absent", title=row["detail"]),
                ),
            ),
            link_view(
                t("results.frame.why", lang),
                rx.el.span(" ", row["name"], class_name="sr-only"),
                to=ProgressState.why_links[row["indicator"]],
                class_name="plain",
            ),
            class_name="status-cell",
        ),
        rx.cond(_is_doubled(), _draw_second_status(ProgressState.beside_statuses[row["indicator"]])),
        make_cell(
            t("results.column.evidence_level", lang),
            rx.cond(row["level"] > 0, link_page(row["level_text"], to=f"/{lang}/method/evidence_level/")),
            rx.cond(row["self_reported"], rx.el.small(t("terms.evidence_level.self_reported", lang))),
        ),
    )


def _is_doubled() -> Any:
    """Whether the rows, of one country, tell the status by a second method."""
    return (ProgressState.beside != "") & (ProgressState.country != "")


def _draw_second_status(status: Any) -> rx.Component:
    """The status by the method beside the first."""
    return make_cell(
        ProgressState.beside_name,
        rx.el.span(
            rx.el.span(status["sign"], " ", status["status_text"]),
            class_name="verdict second",
            custom_attrs={"data-tone": status["tone"], "data-status": status["status"]},
        ),
    )


def _draw_bullet(lang: str, bullet: Any) -> rx.Component:
    """Baseline (ring) → latest figure (dot) → target (upright line); of the programme the verdicts of the adopters."""

    def mark(kind: str) -> rx.Component:
        return rx.cond(bullet[kind] != "", rx.el.i(class_name=kind, style={"inset_inline_start": bullet[kind]}))

    return rx.cond(
        bullet["shares"].length() > 0,
        draw_verdict_bar(lang, bullet["shares"], bullet["text"]),
        rx.cond(
            bullet["latest"] != "",
            rx.el.span(
                rx.el.i(class_name="moved", style={"inset_inline_start": bullet["start"], "width": bullet["width"]}),
                *(mark(kind) for kind in ("target", "base", "latest")),
                class_name="bullet",
                aria_hidden="true",
                dir="ltr",
            ),
        ),
    )


def draw_arithmetic(lang: str) -> rx.Component:
    """The arithmetic of an indicator, or of a cell of goals × countries, beside the page; the address opens it."""
    state = ProgressState
    return open_over_page(
        lang,
        t("results.page.arithmetic", lang),
        rx.el.h3(state.why_name),
        rx.cond(state.why_text != "", rx.el.p(state.why_text, class_name="note")),
        rx.el.ol(rx.foreach(state.verdicts, lambda verdict: _draw_verdict(lang, verdict)), class_name="why-list"),
        rx.cond(
            state.why_chart != "",
            rx.el.div(
                rx.el.h3(t("results.projection.heading", lang)),
                draw_chart(lang, state.why_chart, ProvenanceState.pick, ShareState.show, height=300, level="h4"),
                id="projection",
            ),
        ),
        opened=state.opened,
        without=state.without,
    )


def _draw_verdict(lang: str, verdict: Any) -> rx.Component:
    """A verdict of the list: its method or its country, or, of a cell, its indicator; then the steps."""
    state = ProgressState
    head_ = rx.cond(
        state.cell != "",
        link_page(verdict["name"], to=f"/{lang}/indicators/{verdict['indicator']}/"),
        rx.cond(
            state.country == "",
            rx.fragment(
                link_page(verdict["country"], to=f"/{lang}/countries/{verdict['iso3']}/"),
                " · ",
                link_view(
                    t("results.why.all_methods", lang), to=state.country_links[verdict["iso3"]], class_name="plain"
                ),
            ),
            link_page(verdict["method_name"], to=f"/{lang}/method/{verdict['method']}/"),
        ),
    )
    return rx.el.li(
        rx.el.h4(head_),
        rx.cond(state.by_method, rx.el.p(state.asks[verdict["method"]], class_name="note")),
        rx.cond(
            verdict["tone"] != "none",
            draw_verdict(lang, verdict["status"], verdict["status_text"], verdict["tone"]),
            rx.el.span(t("results.why.no_status", lang), class_name="absent"),
        ),
        rx.cond(
            verdict["trend"] != "",
            rx.el.small(link_page(verdict["trend_text"], to=f"/{lang}/method/trend_{verdict['trend']}/")),
        ),
        list_arithmetic(verdict["why"]),
    )
