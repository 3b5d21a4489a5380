"""One indicator, in the order a sceptical reader asks."""

from typing import Any

import reflex as rx

from dashboard.answers.base.rows import find_stats
from dashboard.answers.site.brief import describe_dataset, describe_indicator_figures, open_page_context
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.components.browser import AtAnchor, link_page
from dashboard.interfaces.components.cards import explain_coverage, list_indicators
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.controls import draw_selection, draw_tabs
from dashboard.interfaces.components.tables.national import list_national_figures
from dashboard.interfaces.components.tables.revisions import draw_revisions
from dashboard.interfaces.components.tables.rows import draw_rows_table
from dashboard.interfaces.components.trouble import explain_nothing
from dashboard.interfaces.pages.indicator.parts import (
    draw_breakdown_table,
    draw_citations,
    link_downloads,
    list_cautions,
    list_facts,
    list_links,
    list_series,
    make_breakdown_controls,
)
from dashboard.interfaces.pages.indicator.state import IndicatorState
from dashboard.interfaces.pages.indicator.status import draw_status
from dashboard.interfaces.pages.shell.address import MAX_COUNTRIES
from dashboard.interfaces.pages.shell.frame import draw_crumbs, draw_page_head, link_follow, show_answer
from dashboard.interfaces.pages.shell.head import Head, describe_absent
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.interfaces.pages.shell.share import ShareState
from dashboard.locales import t


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return show_answer(lang, _draw_answer, IndicatorState.load, level="h1")


def _draw_answer(lang: str) -> rx.Component:
    view = IndicatorState.view
    theme = link_page(view["theme_text"], to=f"/{lang}/indicators/?theme={view['theme']}")
    return rx.fragment(
        draw_crumbs(lang, link_page(t("ui.nav.indicators", lang), to=f"/{lang}/indicators/"), theme),
        draw_page_head(view["name"], view["definition"], link_follow(lang, f"indicator={view['id']}")),
        rx.cond(
            view["empty"],
            explain_nothing(t("pages.indicator.empty", lang), view["why_empty"], rx.el.p(view["who_can_supply"])),
            _draw_figures(lang, view),
        ),
        *(rx.cond(IndicatorState.part != part, rx.el.span(id=part)) for part in ("links", "revisions", "status")),
        rx.cond(
            IndicatorState.disagreements != "",
            rx.el.p(
                link_page(IndicatorState.disagreements, to=IndicatorState.disagreements_to),
                class_name="note after-text alone",
            ),
        ),
        draw_tabs(t("pages.indicator_part.label", lang), IndicatorState.parts),
        rx.match(
            IndicatorState.part,
            ("figures", rx.el.section(_draw_table(lang), id="figures")),
            ("links", _draw_method_and_links(lang, view)),
            (
                "revisions",
                draw_revisions(
                    lang,
                    IndicatorState.revisions,
                    ProvenanceState.show,
                    IndicatorState.fields,
                    IndicatorState.every_vintage,
                ),
            ),
            ("status", draw_status(lang, IndicatorState.progress)),
            _draw_about(lang, view),
        ),
        AtAnchor.create(),
    )


def _draw_about(lang: str, view: Any) -> rx.Component:
    related = rx.el.section(
        rx.el.h2(t("ui.indicator.related", lang)),
        explain_coverage(lang),
        list_indicators(lang, view["related"], brief=True),
        id="related",
    )
    return rx.fragment(
        rx.el.div(list_facts(lang, view), list_cautions(lang, view), class_name="about-parts"),
        rx.cond(view["related"].length() > 0, related),
    )


def _draw_table(lang: str) -> rx.Component:
    return draw_rows_table(lang, IndicatorState.table, ProvenanceState.show, IndicatorState.around)


def _draw_method_and_links(lang: str, view: Any) -> rx.Component:
    return rx.fragment(
        list_links(lang, view),
        list_series(lang, view),
        list_national_figures(lang, view["national"], ProvenanceState.show),
        draw_citations(lang, view["citations"]),
        rx.cond(view["downloads"]["rows"] > 0, link_downloads(lang, view["downloads"])),
    )


def _draw_figures(lang: str, view: Any) -> rx.Component:
    return rx.el.div(
        draw_tabs(t("ui.controls.view", lang), IndicatorState.tabs),
        rx.cond(  # equal squares or boundaries: a choice of the address, the squares first
            (IndicatorState.tab == "map") | (IndicatorState.tab == "world"),
            rx.el.div(draw_tabs(t("worldmap.choose", lang), IndicatorState.maps), class_name="forms"),
        ),
        rx.cond(
            (IndicatorState.tab == "breakdown") & (IndicatorState.groups["dimension"].to(str) != ""),
            make_breakdown_controls(lang, IndicatorState.groups, IndicatorState.fields),
        ),
        rx.cond(
            IndicatorState.tab == "table",
            _draw_table(lang),
            draw_chart(
                lang,
                IndicatorState.chart,
                ProvenanceState.pick,
                ShareState.show,
                heading=view["name"],
                subtitle=view["unit"],
                height=440,
            ),
        ),
        rx.cond(
            (IndicatorState.tab == "breakdown") & (IndicatorState.groups["dimension"].to(str) != ""),
            draw_breakdown_table(lang, IndicatorState.groups, ProvenanceState.show),
        ),
        draw_selection(lang, IndicatorState, view["periods"], MAX_COUNTRIES),
        class_name="figures chart-first",
    )


def write_head(lang: str, name: str, as_of: str) -> Head:
    """Return the head of the indicator of this id, with what a catalogue of datasets asks for."""
    metric = load_codebook().metrics.get(name)
    if metric is None:
        return describe_absent(lang, "indicator", id=name[:60])
    ctx = open_page_context(lang, as_of)
    title, about = choose_text(metric.name, lang), choose_text(metric.definition, lang)
    if ctx is None or not find_stats(ctx, metric.id).years:
        return Head(lang, title, about, found=True)
    data, figures = describe_dataset(ctx, metric.id), describe_indicator_figures(ctx, metric.id)
    return Head(lang, title, about, found=True, data=data, figures=figures)


PAGE = Page(
    id="indicator",
    route="/{lang}/indicators/[indicator]/",
    body=body,
    load=IndicatorState.load,
    title=lambda lang: rx.cond(
        IndicatorState.view["name"].to(str), IndicatorState.view["name"], t("ui.nav.indicator", lang)
    ),
    description=lambda lang: rx.cond(
        IndicatorState.view["definition"].to(str), IndicatorState.view["definition"], t("ui.product.purpose", lang)
    ),
    example="indicators/wgi_cc/",
    head=write_head,
    names=lambda: load_codebook().metrics,
    selects=True,
    kept=True,
)
