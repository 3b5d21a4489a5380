"""Up to twelve countries on up to four indicators, and what keeps them from being compared."""

from typing import Any

import reflex as rx

from dashboard.components.browser import CopyLink, ViewTabs, file_link, page_link
from dashboard.components.chart import chart_figure
from dashboard.components.comparing import starts, why
from dashboard.components.controls import changes, labelled_list, selection
from dashboard.components.figures import cell, figure_value, head, scroll, year_range
from dashboard.components.peers import proposed_peers
from dashboard.components.picker import indicator_picker
from dashboard.components.recent import recent_comparisons
from dashboard.components.rows import rows_table
from dashboard.components.trouble import nothing
from dashboard.locales import t
from dashboard.pages.frame import answered
from dashboard.pages.page import Page
from dashboard.services.charting_compared import EVENTS
from dashboard.states.address import MOST_COMPARED, MOST_METRICS, VIEWS
from dashboard.states.compare import CompareState
from dashboard.states.provenance import ProvenanceState

KINDS = {"lines": "trend", "slope": "slope", "dumbbell": "dumbbell", "ranking": "ranking"}
"""Charts that a form asks for ahead: as a rule, and known without the server."""


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("pages.compare.heading", lang)),
        rx.el.p(t("compare.page.lede", lang), class_name="lede"),
        answered(lang, _answer, CompareState.arrive),
    )


def _answer(lang: str) -> rx.Component:
    view = CompareState.view
    tabs = [{"id": form, "label": t(f"compare.view.{form}", lang), "kind": KINDS.get(form, "")} for form in VIEWS]
    return rx.el.div(
        selection(lang, CompareState, CompareState.years, MOST_COMPARED, _indicator(lang), _groups(lang)),
        rx.cond(CompareState.group_left != "", rx.el.p(CompareState.group_left, class_name="note", role="status")),
        _further(lang),
        proposed_peers(
            lang,
            CompareState.focus,
            CompareState.focus_name,
            CompareState.as_of,
            CompareState.picked,
            MOST_COMPARED,
            CompareState.add_country,
        ),
        recent_comparisons(lang, CompareState.compared, CompareState.compared_at),
        rx.cond(view["too_many"] != "", rx.el.p(view["too_many"], class_name="note", role="status")),
        ViewTabs.create(
            name="view",
            items=tabs,
            chosen=CompareState.form,
            label=t("compare.page.view", lang),
            on_pick=CompareState.choose_form,
        ),
        _options(lang),
        rx.cond(CompareState.left_out != "", rx.el.p(CompareState.left_out, class_name="note", role="status")),
        rx.cond(
            view["empty"],
            nothing(t("ui.empty.no_data", lang), view["why_empty"]),
            rx.match(
                CompareState.form,
                ("rows", rows_table(lang, view["table"], ProvenanceState.show, CompareState.turn_to)),
                ("table", _heat(lang, view)),
                rx.el.div(rx.foreach(CompareState.charts, lambda chart: _chart(lang, chart)), class_name="compared"),
            ),
        ),
        rx.cond(CompareState.event != "", starts(lang, view["starts"])),
        rx.foreach(view["metrics"], lambda metric: why(lang, metric)),
        _lines(lang, view["lines"]),
        _share(lang),
        class_name="figures section",
    )


def _indicator(lang: str) -> rx.Component:
    return labelled_list(
        "indicator",
        t("ui.controls.indicator", lang),
        CompareState.chosen_indicator,
        CompareState.choose_indicator,
        rx.foreach(CompareState.indicator_groups, _group),
        wide=True,
        **changes("indicator"),
    )


def _group(group: Any) -> rx.Component:
    return rx.el.optgroup(
        rx.foreach(group["options"], lambda option: rx.el.option(option["name"], value=option["id"])),
        label=group["label"],
    )


def _groups(lang: str) -> rx.Component:
    return labelled_list(
        "group",
        t("compare.page.group", lang),
        "",
        CompareState.add_group,
        rx.el.option(t("compare.page.group_none", lang), value=""),
        rx.foreach(CompareState.groups, lambda group: rx.el.option(group["label"], value=group["id"])),
    )


def _further(lang: str) -> rx.Component:
    return rx.el.div(
        indicator_picker(
            lang,
            CompareState.addable,
            CompareState.further,
            MOST_METRICS - 1,
            CompareState.add_indicator,
            CompareState.remove_indicator,
        ),
        class_name="compare-line",
    )


def _options(lang: str) -> rx.Component:
    """What only some forms ask: the event years are counted from, the second indicator, the wish to join."""
    event = labelled_list(
        "event",
        t("compare.page.align", lang),
        CompareState.event,
        CompareState.choose_event,
        rx.el.option(t("compare.page.calendar", lang), value=""),
        *(rx.el.option(t(f"terms.event_type.{kind}", lang), value=kind) for kind in ("centre_opened", *_others())),
        wide=True,
    )
    across = labelled_list(
        "across",
        t("compare.page.across", lang),
        CompareState.across,
        CompareState.choose_across,
        rx.foreach(CompareState.indicator_groups, _group),
        wide=True,
        **changes("with"),
    )
    dates = rx.el.p(t("compare.page.dates", lang), class_name="note")
    insist = rx.el.label(
        rx.el.input(type="checkbox", id="unequal", checked=CompareState.unequal, on_change=CompareState.insist),
        t("compare.page.unequal", lang),
        class_name="check",
    )
    return rx.el.div(
        rx.match(
            CompareState.form,
            ("lines", rx.fragment(event, insist)),
            ("slope", rx.fragment(insist, dates)),
            ("dumbbell", rx.fragment(insist, dates)),
            ("scatter", across),
            rx.fragment(),
        ),
        class_name="compare-line",
    )


def _others() -> list[str]:
    return [kind for kind in EVENTS if kind != "centre_opened"]


def _chart(lang: str, chart: Any) -> rx.Component:
    return chart_figure(
        lang, chart["url"], ProvenanceState.pick, heading=chart["name"], subtitle=chart["unit"], height=420
    )


def _heat(lang: str, view: Any) -> rx.Component:
    def column(metric: Any) -> rx.Component:
        sorted_ = rx.cond(
            CompareState.sort == metric["id"],
            "descending",
            rx.cond(CompareState.sort == f"{metric['id']}_up", "ascending", "none"),
        )
        return rx.el.th(
            rx.el.button(
                metric["name"], type="button", class_name="plain", on_click=CompareState.sort_by(metric["id"])
            ),
            rx.el.small(metric["unit"]),
            scope="col",
            aria_sort=sorted_,
        )

    def latest(item: Any) -> rx.Component:
        figure = item["figure"]
        return rx.el.td(
            figure_value(lang, figure, ProvenanceState.show, item["label"], interval=False),
            rx.cond(
                item["arrow"] != "",
                rx.el.span(
                    rx.el.span(" ", item["arrow"], aria_hidden="true"),
                    rx.el.span(item["change_text"], class_name="sr-only"),
                    title=item["change_text"],
                ),
            ),
            rx.cond(figure["kind"] == "", rx.el.small(figure["period"], t("ui.list.comma", lang), figure["age_text"])),
            custom_attrs={"data-shade": item["shade"].to_string()},
        )

    def row(item: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(page_link(item["name"], to=f"/{lang}/countries/{item['iso3']}/"), scope="row"),
            rx.foreach(item["cells"], latest),
        )

    return rx.fragment(
        scroll(
            t("compare.heat.caption", lang),
            rx.el.table(
                rx.el.caption(t("compare.heat.caption", lang)),
                rx.el.thead(
                    rx.el.tr(rx.el.th(t("ui.table.country", lang), scope="col"), rx.foreach(view["metrics"], column))
                ),
                rx.el.tbody(rx.foreach(view["heat"], row)),
                class_name="heat",
            ),
        ),
        rx.el.p(view["heat_text"], class_name="note after-text"),
    )


def _share(lang: str) -> rx.Component:
    return rx.el.section(
        rx.el.p(t("compare.page.share", lang), class_name="note"),
        rx.el.ul(
            *(
                rx.el.li(
                    file_link(
                        t(f"compare.page.{form}", lang),
                        href=f"/api/v1/compare.{form}?{CompareState.files}",
                        download=True,
                    )
                )
                for form in ("csv", "xlsx")
            ),
            rx.el.li(CopyLink.create(label=t("compare.page.copy", lang), done=t("ui.buttons.copied", lang))),
            class_name="actions",
        ),
    )


def _lines(lang: str, lines: Any) -> rx.Component:
    titles = [t(f"ui.table.{key}", lang) for key in ("country", "latest", "year", "change")] + [
        t("pages.compare.span", lang)
    ]

    def row(line: Any) -> rx.Component:
        latest = line["latest"]
        return rx.el.tr(
            rx.el.th(page_link(line["name"], to=f"/{lang}/countries/{line['iso3']}/"), scope="row"),
            cell(titles[1], figure_value(lang, latest, ProvenanceState.show, line["name"]), class_name="num"),
            cell(titles[2], latest["period"], rx.cond(latest["age_text"] != "", rx.el.small(latest["age_text"]))),
            cell(titles[3], rx.el.small(line["change_text"])),
            cell(
                titles[4],
                rx.cond(
                    line["first_year"],
                    rx.el.small(line["points"], " · ", year_range(line["first_year"], line["last_year"])),
                ),
            ),
        )

    return rx.el.section(
        rx.el.h2(t("pages.compare.latest", lang)),
        scroll(
            t("pages.compare.latest", lang),
            rx.el.table(head(*titles, numeric=(1,)), rx.el.tbody(rx.foreach(lines, row)), class_name="stacked"),
        ),
    )


PAGE = Page(
    id="compare",
    route="/{lang}/compare/",
    body=body,
    arrive=CompareState.arrive,
    title=lambda lang: t("pages.compare.heading", lang),
    description=lambda lang: t("compare.page.lede", lang),
    example="compare/?country=AZE,GEO,UZB",
    menu="compare",
    selects=True,
)
