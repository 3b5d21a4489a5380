"""One indicator, in the order a sceptical reader asks."""

from typing import Any

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.components.browser import CopyLink, ViewTabs, page_link
from dashboard.components.cards import coverage, indicator_list
from dashboard.components.chart import chart_figure
from dashboard.components.controls import selection
from dashboard.components.figures import head, scroll
from dashboard.components.national import national_list
from dashboard.components.revisions import revisions_section
from dashboard.components.rows import rows_table
from dashboard.components.trouble import nothing
from dashboard.locales import t
from dashboard.pages.frame import answered, crumbs
from dashboard.pages.head import Head, absent
from dashboard.pages.page import Page
from dashboard.services.brief import asked, dataset_of, lines_of_indicator
from dashboard.states.address import MOST_COUNTRIES
from dashboard.states.indicator import IndicatorState
from dashboard.states.provenance import ProvenanceState


def body(lang: str, _: str) -> rx.Component:
    """The page in a language."""
    view = IndicatorState.view
    theme = page_link(view["theme_text"], to=f"/{lang}/indicators/?theme={view['theme']}")
    return answered(
        lang,
        rx.fragment(
            crumbs(lang, page_link(t("ui.nav.indicators", lang), to=f"/{lang}/indicators/"), theme),
            rx.el.h1(view["name"]),
            rx.el.p(view["definition"], class_name="lede"),
            rx.cond(view["empty"], _empty(lang, view), _figures(lang, view)),
            _facts(lang, view),
            _know(lang, view),
            _links(lang, view),
            _series(lang, view),
            national_list(lang, view["national"], ProvenanceState.show),
            revisions_section(
                lang,
                IndicatorState.revisions,
                ProvenanceState.show,
                IndicatorState.show_since,
                IndicatorState.show_all_vintages,
            ),
            _cite(lang, view),
            rx.cond(
                view["related"].length() > 0,
                rx.el.section(rx.el.h2(t("ui.indicator.related", lang)), indicator_list(lang, view["related"])),
            ),
        ),
        IndicatorState.arrive,
    )


def _empty(lang: str, view: Any) -> rx.Component:
    return nothing(t("pages.indicator.empty", lang), view["why_empty"], rx.el.p(view["who_can_supply"]))


def _figures(lang: str, view: Any) -> rx.Component:
    tabs = ViewTabs.create(
        name="tab",
        items=IndicatorState.tabs,
        chosen=IndicatorState.tab,
        label=t("ui.controls.view", lang),
        on_pick=IndicatorState.choose_tab,
    )
    return rx.el.div(
        selection(lang, IndicatorState, view["periods"], MOST_COUNTRIES),
        tabs,
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
        class_name="figures section",
    )


def _facts(lang: str, view: Any) -> rx.Component:
    pairs = (
        (t("ui.table.source", lang), view["source_text"]),
        (t("ui.indicator.last_updated", lang), view["updated_text"]),
        (t("ui.indicator.next_expected", lang), view["next_text"]),
        (t("ui.table.unit", lang), view["unit"]),
        (t("ui.controls.period", lang), view["range_text"]),
        (t("ui.indicator.direction", lang), view["direction_text"]),
        (
            t("ui.indicator.target", lang),
            rx.cond(view["target_text"] != "", view["target_text"], t("ui.indicator.no_target", lang)),
        ),
        (t("ui.table.coverage", lang), coverage(view)),
    )
    return rx.el.section(
        rx.el.h2(t("ui.indicator.about", lang)),
        rx.el.dl(
            *(
                rx.cond(value != "", rx.el.div(rx.el.dt(label), rx.el.dd(value)))
                if not isinstance(value, rx.Component)
                else rx.el.div(rx.el.dt(label), rx.el.dd(value))
                for label, value in pairs
            ),
            class_name="pairs",
        ),
    )


def _know(lang: str, view: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(
            view["know"].length() > 0,
            rx.el.section(
                rx.el.h2(t("ui.indicator.caveats", lang)),
                rx.el.ul(rx.foreach(view["know"], lambda point: rx.el.li(point)), class_name="points"),
            ),
        ),
        rx.cond(
            view["computed"].length() > 0,
            rx.el.section(
                rx.el.h2(t("ui.indicator.how_computed", lang)),
                rx.el.ol(rx.foreach(view["computed"], lambda step: rx.el.li(step)), class_name="steps"),
            ),
        ),
    )


def _links(lang: str, view: Any) -> rx.Component:
    titles = [t(f"ui.table.{key}", lang) for key in ("target", "principle", "strength", "rationale")]

    def row(link: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.td(
                rx.cond(
                    link["target"] != "",
                    rx.fragment(
                        page_link(link["target"], to=f"/{lang}/targets/{link['target']}/", title=link["target_title"]),
                        rx.cond(
                            link["sdg_indicator"] != "",
                            rx.el.small(t("ui.indicator.official", lang), " ", link["sdg_indicator"]),
                        ),
                    ),
                )
            ),
            rx.el.td(
                rx.cond(
                    link["principle"] != "",
                    page_link(link["principle_name"], to=f"/{lang}/indicators/?principle={link['principle']}"),
                )
            ),
            rx.el.td(
                page_link(
                    link["strength_text"], to=f"/{lang}/method/#{link['strength']}", title=link["strength_meaning"]
                )
            ),
            rx.el.td(link["rationale"]),
        )

    return rx.el.section(
        rx.el.h2(t("ui.indicator.links", lang)),
        rx.el.p(t("terms.strength.note", lang), class_name="note"),
        scroll(t("ui.indicator.links", lang), rx.el.table(head(*titles), rx.el.tbody(rx.foreach(view["links"], row)))),
        rx.el.p(
            t("ui.indicator.rights_hook", lang), ": ",
            rx.cond(view["rights_hook"] != "", view["rights_hook"], t("ui.indicator.no_rights_hook", lang)),
            rx.cond(
                (view["rights_hook"] != "") & (view["rights_checked"] != ""),
                rx.el.span(" · ", view["rights_checked"]),
            ),
            class_name="note section",
        ),
    )  # fmt: skip


def _series(lang: str, view: Any) -> rx.Component:
    titles = [t(f"ui.table.{key}", lang) for key in ("publisher", "series", "edition", "rows", "licence")]

    def row(series: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(
                rx.el.a(series["source_text"], href=series["homepage"], rel="noopener"),
                rx.el.small(series["role_text"]),
                scope="row",
            ),
            rx.el.td(rx.el.code(series["series"])),
            rx.el.td(rx.foreach(series["editions"], lambda edition: rx.el.span(edition, " "))),
            rx.el.td(
                series["rows"],
                rx.cond(series["first_year"], rx.el.small(series["first_year"], "–", series["last_year"])),
                class_name="num",
            ),
            rx.el.td(rx.el.a(series["licence"], href=series["licence_url"], rel="noopener")),
        )

    return rx.cond(
        view["series"].length() > 0,
        rx.el.section(
            rx.el.h2(t("pages.indicator.series", lang)),
            scroll(
                t("pages.indicator.series", lang),
                rx.el.table(head(*titles, numeric=(3,)), rx.el.tbody(rx.foreach(view["series"], row))),
            ),
        ),
    )


def _cite(lang: str, view: Any) -> rx.Component:
    downloads = view["downloads"]
    return rx.el.section(
        rx.el.h2(t("ui.indicator.citation", lang)),
        rx.el.p(view["citation"]),
        rx.el.ul(
            rx.el.li(
                rx.el.a(
                    t("pages.indicator.all", lang), " · ", downloads["rows_text"], href=downloads["csv"], download=True
                )
            ),
            rx.el.li(rx.el.a("JSON", href=downloads["json"])),
            rx.el.li(CopyLink.create(label=t("ui.buttons.copy_link", lang), done=t("ui.buttons.copied", lang))),
            class_name="actions",
        ),
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


PAGE = Page(
    id="indicator",
    route="/{lang}/indicators/[indicator]/",
    body=body,
    arrive=IndicatorState.arrive,
    title=lambda lang, _: rx.cond(
        IndicatorState.view["name"].to(str), IndicatorState.view["name"], t("ui.nav.indicator", lang)
    ),
    description=lambda lang, _: rx.cond(
        IndicatorState.view["definition"].to(str), IndicatorState.view["definition"], t("ui.product.purpose", lang)
    ),
    example="indicators/wgi_cc/",
    head=first_words,
    names=lambda: codebook().metrics,
    selects=True,
)
