"""Up to twelve countries on up to four indicators, and what keeps them from being compared."""

from typing import Any

import reflex as rx

from dashboard.answers.charts.query import DEFAULT_EVENT, EVENTS, MAX_METRICS
from dashboard.interfaces.components.browser import CopyLink, link_code, link_file, link_page, list_actions
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.controls import (
    draw_selection,
    draw_tabs,
    link_view,
    list_chips,
    make_default_field,
    make_indicator_picker,
    make_select,
    make_view_form,
)
from dashboard.interfaces.components.figures import draw_figure, make_head, make_table
from dashboard.interfaces.components.tables.rows import draw_rows_table
from dashboard.interfaces.components.trouble import explain_nothing
from dashboard.interfaces.pages.compare.parts import draw_proposed, draw_verdicts, list_starts
from dashboard.interfaces.pages.compare.recent import RecentState, list_recent
from dashboard.interfaces.pages.compare.state import CompareState
from dashboard.interfaces.pages.shell.address import MAX_COMPARED
from dashboard.interfaces.pages.shell.frame import link_brief, link_follow, make_page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.interfaces.pages.shell.share import ShareState
from dashboard.locales import t

OWN = ("indicator", "sort", "group", "country")
"""Parameters of the form with indicator and group: another indicator has another order."""


def _draw_answer(lang: str) -> rx.Component:
    view = CompareState.view
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                _draw_picture(lang, view),
                rx.el.div(
                    rx.foreach(
                        view["metrics"], lambda metric: draw_verdicts(lang, metric, view["metrics"].length() == 1)
                    ),
                    class_name="compared",
                ),
            ),
            _draw_choices(lang, view),
            class_name="picture-split",
        ),
        rx.cond(CompareState.event != "", list_starts(lang, view["starts"])),
        _draw_links(lang),
        class_name="figures",
    )


def _draw_picture(lang: str, view: Any) -> rx.Component:
    """The forms, and the one that is shown."""
    return rx.el.div(
        draw_tabs(t("compare.page.view", lang), CompareState.tabs),
        rx.cond(CompareState.left_out != "", rx.el.p(CompareState.left_out, class_name="note", role="status")),
        rx.cond(
            view["empty"],
            explain_nothing(t("ui.empty.no_data", lang), view["why_empty"]),
            rx.match(
                CompareState.form,
                ("rows", draw_rows_table(lang, CompareState.rows, ProvenanceState.show, CompareState.around)),
                ("table", _draw_heatmap(lang, view)),
                rx.el.div(
                    rx.foreach(CompareState.charts, lambda chart: _draw_chart(lang, chart)), class_name="compared"
                ),
            ),
        ),
    )


def _draw_choices(lang: str, view: Any) -> rx.Component:
    """Countries, indicators and period beside the picture, with what only its form asks."""
    return rx.el.div(
        draw_selection(
            lang,
            CompareState,
            CompareState.years,
            MAX_COMPARED,
            _make_indicator_field(lang),
            _make_group_field(lang),
            own=OWN,
        ),
        rx.cond(CompareState.group_left != "", rx.el.p(CompareState.group_left, class_name="note", role="status")),
        rx.cond(view["too_many"] != "", rx.el.p(view["too_many"], class_name="note", role="status")),
        draw_proposed(lang, CompareState),
        _draw_options(lang),
        _draw_further(lang),
        list_recent(lang),
        class_name="picture-choices",
    )


def _make_indicator_field(lang: str) -> rx.Component:
    return rx.fragment(
        make_select(
            "indicator",
            t("ui.controls.indicator", lang),
            CompareState.chosen_indicator,
            [rx.foreach(CompareState.indicator_groups, _make_option_group)],
            wide=True,
            id_="indicator",
        ),
        rx.el.input(type="hidden", name="indicator", value=CompareState.further_ids),
    )


def _make_option_group(group: Any) -> rx.Component:
    return rx.el.optgroup(
        rx.foreach(group["options"], lambda option: rx.el.option(option["name"], value=option["id"])),
        label=group["label"],
    )


def _make_group_field(lang: str) -> rx.Component:
    chosen = rx.cond(CompareState.default_selection, "", CompareState.picked_ids)
    return rx.fragment(
        make_select(
            "group",
            t("compare.page.group", lang),
            "",
            CompareState.groups,
            t("compare.page.group_none", lang),
            id_="group",
        ),
        make_default_field("country", chosen),
    )


def _draw_further(lang: str) -> rx.Component:
    return rx.el.div(
        make_view_form(
            lang,
            make_default_field("indicator", CompareState.metric_ids),
            make_indicator_picker(lang, CompareState.addable, CompareState.further, MAX_METRICS - 1),
            fields=CompareState.fields,
            own=("indicator",),
        ),
        list_chips(t("compare.page.further_chosen", lang), t("compare.page.remove", lang), CompareState.further),
        class_name="compare-line",
    )


def _draw_options(lang: str) -> rx.Component:
    """What only some forms ask: the event years are counted from, the second indicator, the wish to join."""
    events = DEFAULT_EVENT, *(kind for kind in EVENTS if kind != DEFAULT_EVENT)
    event = make_view_form(
        lang,
        make_select(
            "event",
            t("compare.page.align", lang),
            CompareState.event,
            [(kind, t(f"terms.event_type.{kind}", lang)) for kind in events],
            t("compare.page.calendar", lang),
            wide=True,
            id_="event",
        ),
        fields=CompareState.fields,
        own=("event",),
    )
    across = make_view_form(
        lang,
        make_select(
            "with",
            t("compare.page.across", lang),
            CompareState.across,
            [rx.foreach(CompareState.indicator_groups, _make_option_group)],
            wide=True,
            id_="across",
        ),
        fields=CompareState.fields,
        own=("with",),
    )
    dates = rx.el.p(t("compare.page.dates", lang), class_name="note")
    insist = link_view(
        rx.el.span(class_name="box", aria_hidden="true"),
        t("compare.page.unequal", lang),
        to=CompareState.insisted,
        current=CompareState.unequal,
        class_name="check",
        id="unequal",
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


def _draw_chart(lang: str, chart: Any) -> rx.Component:
    return draw_chart(
        lang,
        chart["url"],
        ProvenanceState.pick,
        ShareState.show,
        heading=chart["name"],
        subtitle=chart["unit"],
        height=420,
    )


def _draw_heatmap(lang: str, view: Any) -> rx.Component:
    def column(metric: Any) -> rx.Component:
        sorted_ = rx.cond(
            CompareState.sort == metric["id"],
            "descending",
            rx.cond(CompareState.sort == f"{metric['id']}_up", "ascending", "none"),
        )
        return rx.el.th(
            link_view(metric["name"], to=CompareState.sorts[metric["id"]], class_name="plain"),
            rx.el.small(metric["unit"], rx.cond(metric["edition"] != "", rx.el.span(" · ", metric["edition"]))),
            scope="col",
            aria_sort=sorted_,
        )

    def latest(item: Any) -> rx.Component:
        figure = item["figure"]
        return rx.el.td(
            draw_figure(lang, figure, ProvenanceState.show, item["label"], interval=False),
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
            rx.el.th(link_page(item["name"], to=f"/{lang}/countries/{item['iso3']}/"), scope="row"),
            rx.foreach(item["cells"], latest),
        )

    return rx.fragment(
        make_table(
            t("compare.heat.caption", lang),
            make_head(t("ui.table.country", lang), rx.foreach(view["metrics"], column)),
            view["heat"],
            row,
            "heat",
            rx.el.caption(t("compare.heat.caption", lang)),
        ),
        rx.el.p(view["heat_text"], class_name="note after-text"),
    )


def _draw_links(lang: str) -> rx.Component:
    return rx.el.section(
        rx.el.p(t("compare.page.share", lang), class_name="note"),
        list_actions(
            *(
                link_file(
                    t(f"compare.page.{form}", lang),
                    href=f"/api/v1/compare.{form}?{CompareState.files}",
                    download=True,
                )
                for form in ("csv", "xlsx")
            ),
            link_file(
                t("compare.pair.file", lang), href=f"/api/v1/compare/pairs.csv?{CompareState.files}", download=True
            ),
            link_code(lang, f"/api/v1/compare.csv?{CompareState.files}"),
            CopyLink.create(label=t("compare.page.copy", lang), done=t("ui.buttons.copied", lang)),
            link_brief(
                lang,
                f"indicator={CompareState.metric_ids}&country={CompareState.picked_ids}",
                CompareState.as_of,
            ),
            link_follow(lang, f"indicator={CompareState.metric_ids}&country={CompareState.picked_ids}"),
        ),
    )


PAGE = make_page(
    "compare",
    "pages.compare.heading",
    "compare.page.lede",
    _draw_answer,
    CompareState.load,
    example="compare/?country=AZE,GEO,UZB",
    framed=True,
    before=(RecentState.keep,),
    selects=True,
    kept=True,
)
