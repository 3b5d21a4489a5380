"""One indicator, in the order a sceptical reader asks."""

from typing import Any

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.components.breakdown import breakdown_controls, breakdown_table
from dashboard.components.browser import ViewTabs, page_link
from dashboard.components.cards import indicator_list
from dashboard.components.chart import chart_figure
from dashboard.components.citations import citation_section, downloads_section
from dashboard.components.controls import selection
from dashboard.components.indicator import facts, know, links, series_table
from dashboard.components.national import national_list
from dashboard.components.revisions import revisions_section
from dashboard.components.rows import rows_table
from dashboard.components.status import status_section
from dashboard.components.trouble import nothing
from dashboard.locales import t
from dashboard.pages.frame import answered, crumbs
from dashboard.pages.head import Head, absent
from dashboard.pages.page import Page
from dashboard.services.brief import asked, dataset_of, lines_of_indicator
from dashboard.services.indicator import indicator
from dashboard.states.address import MOST_COUNTRIES, TABS, Address, chart_url
from dashboard.states.indicator import IndicatorState, drawn
from dashboard.states.provenance import ProvenanceState


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return answered(lang, _answer, IndicatorState.arrive)


def _answer(lang: str) -> rx.Component:
    view = IndicatorState.view
    theme = page_link(view["theme_text"], to=f"/{lang}/indicators/?theme={view['theme']}")
    return rx.fragment(
        crumbs(lang, page_link(t("ui.nav.indicators", lang), to=f"/{lang}/indicators/"), theme),
        rx.el.h1(view["name"]),
        rx.el.p(view["definition"], class_name="lede"),
        rx.cond(view["empty"], _empty(lang, view), _figures(lang, view)),
        facts(lang, view),
        know(lang, view),
        series_table(lang, view),
        status_section(lang, IndicatorState.progress, _has_progress_page()),
        links(lang, view),
        national_list(lang, view["national"], ProvenanceState.show),
        revisions_section(
            lang,
            IndicatorState.revisions,
            ProvenanceState.show,
            IndicatorState.show_since,
            IndicatorState.show_all_vintages,
        ),
        citation_section(lang, view["citations"]),
        rx.cond(view["downloads"]["rows"] > 0, downloads_section(lang, view["downloads"])),
        rx.cond(
            view["related"].length() > 0,
            rx.el.section(
                rx.el.h2(t("ui.indicator.related", lang)), indicator_list(lang, view["related"]), id="related"
            ),
        ),
    )


def _has_progress_page() -> bool:
    from dashboard.pages.registry import PAGES  # the registry imports this module

    return any(page.route == "/{lang}/progress/" for page in PAGES)


def _empty(lang: str, view: Any) -> rx.Component:
    return nothing(t("pages.indicator.empty", lang), view["why_empty"], rx.el.p(view["who_can_supply"]))


def _figures(lang: str, view: Any) -> rx.Component:
    tabs = ViewTabs.create(
        name="tab",
        items=IndicatorState.tabs,
        chosen=rx.cond(IndicatorState.tab == "world", "map", IndicatorState.tab),
        label=t("ui.controls.view", lang),
        on_pick=IndicatorState.choose_tab,
    )
    return rx.el.div(
        selection(lang, IndicatorState, view["periods"], MOST_COUNTRIES),
        tabs,
        rx.cond((IndicatorState.tab == "map") | (IndicatorState.tab == "world"), _forms_of_map(lang)),
        rx.cond(
            (IndicatorState.tab == "breakdown") & (IndicatorState.groups["dimension"].to(str) != ""),
            breakdown_controls(
                lang, IndicatorState.groups, IndicatorState.choose_dimension, IndicatorState.choose_order
            ),
        ),
        rx.cond(
            IndicatorState.tab == "table",
            rows_table(lang, IndicatorState.table, ProvenanceState.show, IndicatorState.turn_to),
            chart_figure(
                lang,
                IndicatorState.chart,
                ProvenanceState.pick,
                heading=view["name"],
                subtitle=view["unit"],
                height=440,
            ),
        ),
        rx.cond(
            (IndicatorState.tab == "breakdown") & (IndicatorState.groups["dimension"].to(str) != ""),
            breakdown_table(lang, IndicatorState.groups, ProvenanceState.show),
        ),
        class_name="figures section",
    )


def _forms_of_map(lang: str) -> rx.Component:
    """Equal squares or boundaries: a choice of the address, the squares first."""
    return rx.el.div(
        ViewTabs.create(
            name="tab",
            items=[
                {"id": "map", "label": t("worldmap.tiles", lang)},
                {"id": "world", "label": t("worldmap.boundaries", lang)},
            ],
            chosen=IndicatorState.tab,
            label=t("worldmap.choose", lang),
            on_pick=IndicatorState.choose_tab,
        ),
        class_name="forms",
    )


def first_words(lang: str, name: str, as_of: str) -> Head:
    """Name, definition and latest figures of the indicator, and what a catalogue of datasets asks for."""
    metric = codebook().metrics.get(name)
    if metric is None:
        return absent(lang, "indicator", id=name[:60])
    ctx = asked(lang, as_of)
    file = f"/api/v1/observations.csv?indicator={metric.id}"
    lines = lines_of_indicator(ctx, metric.id)
    data = dataset_of(ctx, metric.id) if ctx and lines else {}
    return Head(lang, text(metric.name, lang), text(metric.definition, lang), True, lines, (file,), data)


def first_chart(lang: str, name: str, address: Address) -> str:
    """The chart of the indicator that the address shows; "" for the table, and where there are no figures to draw."""
    ctx = asked(lang, address.as_of)
    if ctx is None or name not in codebook().metrics:
        return ""
    view = indicator(ctx, name, address.countries, address.first, address.last)
    shown = drawn(view, address)
    return "" if view["empty"] or shown.tab not in TABS[:-1] else chart_url(shown.tab, name, shown, lang)


PAGE = Page(
    id="indicator",
    route="/{lang}/indicators/[indicator]/",
    body=body,
    arrive=IndicatorState.arrive,
    title=lambda lang: rx.cond(
        IndicatorState.view["name"].to(str), IndicatorState.view["name"], t("ui.nav.indicator", lang)
    ),
    description=lambda lang: rx.cond(
        IndicatorState.view["definition"].to(str), IndicatorState.view["definition"], t("ui.product.purpose", lang)
    ),
    example="indicators/wgi_cc/",
    head=first_words,
    chart=first_chart,
    names=lambda: codebook().metrics,
    selects=True,
)
