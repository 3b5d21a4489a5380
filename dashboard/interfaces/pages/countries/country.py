"""One country: adoption with its sources, figures by theme beside medians, what is missing and who could supply it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from dashboard.answers.countries.country import view_country
from dashboard.answers.site.brief import describe_country_figures, open_page_context
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.components.browser import fold_actions, link_file, link_page, list_actions
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.controls import draw_pager, draw_tabs, link_view, make_select, make_view_form
from dashboard.interfaces.components.figures import draw_figure, link_reference, list_rows, make_cell, make_head
from dashboard.interfaces.components.reported import list_quoted
from dashboard.interfaces.components.tables.documents import draw_targets, list_documents, list_gaps
from dashboard.interfaces.components.tables.national import draw_national_figures
from dashboard.interfaces.components.tables.standings import find_deadline
from dashboard.interfaces.components.trouble import explain_nothing
from dashboard.interfaces.pages.countries.parts import (
    draw_law,
    draw_missing,
    draw_voices,
)
from dashboard.interfaces.pages.countries.peers import (
    GROUPS,
    choose_indicator,
    compare_rows,
    list_charted,
    write_chart_beside_url,
)
from dashboard.interfaces.pages.countries.state import CountryState
from dashboard.interfaces.pages.countries.summary import draw_summary
from dashboard.interfaces.pages.shell.address import parse_address
from dashboard.interfaces.pages.shell.frame import draw_crumbs, link_brief, link_follow, show_answer
from dashboard.interfaces.pages.shell.head import Head, describe_absent
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState, open_over_page
from dashboard.interfaces.pages.shell.share import ShareState
from dashboard.locales import t


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return show_answer(lang, _draw_answer, CountryState.load, level="h1")


def _draw_answer(lang: str) -> rx.Component:
    view = CountryState.view
    turn = draw_pager(
        lang, t("pages.country.missing", lang), CountryState.number, CountryState.pages, CountryState.around
    )
    return rx.fragment(
        _draw_head(lang, view),
        rx.match(
            CountryState.tab,
            ("indicators", _draw_indicators(lang, view)),
            ("adoption", _draw_adoption(lang, view)),
            (
                "national",
                draw_national_figures(
                    lang,
                    view["national"],
                    view["national_note"],
                    CountryState.national_links,
                    CountryState.national,
                    ProvenanceState.show,
                    ProvenanceState.pick,
                    ShareState.show,
                ),
            ),
            ("services", _draw_services(lang, view)),
            ("gaps", draw_missing(lang, view, turn)),
            draw_summary(lang, view, ProvenanceState.show),
        ),
    )


def _draw_head(lang: str, view: Any) -> rx.Component:
    """Name, where adoption stands and since when, region and income, what leads on, and the tabs."""
    adoption = view["adoption"]
    return rx.el.header(
        draw_crumbs(lang, link_page(t("ui.nav.countries", lang), to=f"/{lang}/countries/")),
        rx.el.div(
            rx.el.h1(view["name"]),
            rx.el.ul(
                rx.el.li(
                    link_page(adoption["status_text"], to=f"/{lang}/method/{adoption['status']}/"),
                    rx.cond(adoption["support_text"] != "", rx.el.span(" · ", adoption["support_text"])),
                    rx.cond(adoption["disputed"], rx.el.span(" · ", t("terms.adoption_status.disputed.name", lang))),
                    class_name="tag strong",
                ),
                rx.cond(
                    adoption["opened_text"] != "",
                    rx.el.li(
                        t("reports.head.opened", lang),
                        t("ui.list.colon", lang),
                        adoption["opened_text"],
                        class_name="tag",
                    ),
                ),
                rx.foreach(
                    view["facts"], lambda fact: rx.el.li(fact["definition"], title=fact["label"], class_name="tag")
                ),
                class_name="tags",
            ),
            class_name="country-head",
        ),
        _draw_standing(lang, view["standing"]),
        list_actions(
            link_file(t("country.standing.brief", lang), href=CountryState.brief, download=True, class_name="primary"),
            link_page(t("country.head.compare", lang), to=f"/{lang}/compare/?country={view['iso3']}"),
            fold_actions(
                lang,
                link_file(t("country.head.workbook", lang), href=CountryState.workbook, download=True),
                link_file(t("country.head.report", lang), href=CountryState.report, download=True),
                link_brief(lang, f"country={view['iso3']}", CountryState.as_of),
                link_follow(lang, f"country={view['iso3']}"),
                rx.cond(
                    adoption["status"] != "no_record",  # only countries of the register have a template
                    link_page(t("country.head.send", lang), to=f"/{lang}/sending/"),
                ),
                rx.cond(
                    CountryState.disagreements != "",
                    link_page(CountryState.disagreements, to=f"/{lang}/disagreements/?country={view['iso3']}"),
                ),
            ),
        ),
        draw_tabs(t("ui.controls.view", lang), CountryState.tabs),
        class_name="country-top",
    )


def _draw_standing(lang: str, standing: Any) -> rx.Component:
    """Where the country stands among its peers: the sentence, what it rests on, and the comparison itself."""

    def row(item: Any) -> rx.Component:
        return rx.el.li(
            link_page(item["name"], to=f"/{lang}/indicators/{item['indicator']}/"),
            t("ui.list.colon", lang),
            rx.el.strong(item["place_text"]),
            rx.el.small(" · ", item["text"], " · ", item["detail"]),
        )

    return rx.el.div(
        rx.el.p(standing["text"], class_name="sentence answer-line"),
        rx.cond(standing["caution"] != "", rx.el.p(standing["caution"], class_name="note")),
        rx.el.details(
            rx.el.summary(t("country.standing.how", lang)),
            rx.cond(standing["missing"] != "", rx.el.p(standing["missing"])),
            rx.el.ul(rx.foreach(standing["rows"], row), class_name="rows"),
            rx.el.p(standing["peers"], " ", standing["where"], class_name="note"),
            rx.el.p(
                link_page(t("country.standing.compare", lang), to=standing["compare"]), " · ",
                link_page(t("answers.method.standing_title", lang), to=f"/{lang}/method/#standing"),
            ),
            class_name="fold",
        ),
        class_name="standing",
        id="standing",
    )  # fmt: skip


def _draw_indicators(lang: str, view: Any) -> rx.Component:
    return rx.fragment(
        draw_tabs(t("ui.controls.theme", lang), CountryState.themes, "tabs segments"),
        rx.foreach(view["themes"], lambda theme: _draw_theme(lang, theme)),
        rx.el.p(view["medians_how"], class_name="note section"),
        _draw_chart_section(lang),
        _draw_median(lang),
    )


def _draw_median(lang: str) -> rx.Component:
    """The figures behind a median, beside the page; the address opens them."""
    state, median = CountryState, CountryState.median

    def row(item: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(
                link_page(item["name"], to=f"/{lang}/countries/{item['iso3']}/"),
                rx.cond(item["middle"], rx.el.small(t("country.median.middle", lang))),
                scope="row",
            ),
            make_cell(
                t("ui.table.value", lang),
                draw_figure(lang, item["figure"], ProvenanceState.show, item["name"], interval=False),
                class_name="num",
            ),
            make_cell(t("ui.table.year", lang), item["figure"]["period"]),
            custom_attrs={"data-chosen": item["own"], "data-middle": item["middle"]},
        )

    return open_over_page(
        lang,
        t("country.median.label", lang),
        rx.el.h3(median["title"]),
        rx.el.p(median["text"], class_name="sentence"),
        rx.el.table(
            make_head(*(t(f"ui.table.{name}", lang) for name in ("country", "value", "year")), numeric=(1,)),
            rx.el.tbody(rx.foreach(median["rows"], row)),
            class_name="behind",
        ),
        opened=state.opened,
        without=state.without,
    )


def _draw_services(lang: str, view: Any) -> rx.Component:
    return rx.fragment(
        draw_voices(lang, view["voices"], ProvenanceState.show),
        list_quoted(lang, CountryState.surveys, "surveys", t("surveys.heading", lang), t("surveys.lede", lang)),
        list_quoted(lang, CountryState.reported, "reported", t("reported.heading", lang), t("reported.lede", lang)),
        rx.el.p(
            link_page(t("delivery.country.link", lang), to=f"/{lang}/services/{view['iso3']}/"), class_name="section"
        ),
    )


def _draw_adoption(lang: str, view: Any) -> rx.Component:
    adoption = view["adoption"]

    def event(item: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(item["date_text"], class_name="quiet"),
            rx.el.div(
                rx.el.strong(item["type_text"]),
                rx.cond(item["local_name"] != "", rx.el.span(" · ", item["local_name"])),
                rx.cond(item["scope"] != "", rx.el.p(item["scope"], lang="en", dir="auto")),
                rx.cond(item["note"] != "", rx.el.p(item["note"], class_name="note", lang="en", dir="auto")),
                rx.el.p(
                    rx.el.span(item["source"], lang="en"),
                    rx.el.span(" (", link_reference(item["source_parts"]), ")"),
                    " · ", item["source_type_text"], " · ", item["evidence_text"], " · ", item["stance_text"],
                    rx.cond(item["disputed"], rx.el.span(" · ", t("terms.adoption_status.disputed.name", lang))),
                    rx.cond(item["counts"], "", rx.el.span(" · ", t("pages.country.not_counted", lang))),
                    class_name="note",
                ),
            ),
        )  # fmt: skip

    return rx.el.section(
        rx.el.h2(t("pages.country.adoption", lang)),
        rx.el.p(adoption["text"]),
        rx.el.p(
            t("terms.adoption_status.title", lang),
            t("ui.list.colon", lang),
            link_page(adoption["status_text"], to=f"/{lang}/method/{adoption['status']}/"),
            rx.cond(adoption["support_text"] != "", rx.el.span(" · ", adoption["support_text"])),
            rx.cond(adoption["disputed"], rx.el.span(" · ", t("terms.adoption_status.disputed.name", lang))),
            class_name="note after-text",
        ),
        rx.cond(
            adoption["events"].length() > 0,
            rx.el.ol(rx.foreach(adoption["events"], event), class_name="timeline"),
            explain_nothing(t("ui.empty.no_events", lang), t("ui.empty.no_events_help", lang)),
        ),
        rx.foreach(view["legal"], draw_law),
        _draw_documents(lang, view),
        rx.cond(
            adoption["events"].length() > 0,
            rx.el.p(
                link_page(t("country.onward.effects", lang), to=f"/{lang}/progress/effects/?country={view['iso3']}"),
                class_name="after-text",
            ),
        ),
        id="adoption",
    )  # fmt: skip


def _draw_documents(lang: str, view: Any) -> rx.Component:
    """Acts, strategies, targets of its own and gaps; nothing where nothing was looked for."""

    def part(key: str, notes: Any, shown: rx.Component) -> rx.Component:
        return rx.cond(notes.length() > 0, rx.fragment(rx.el.h3(t(f"documents.page.{key}", lang)), shown))

    return rx.el.div(
        part("acts", view["acts"], list_documents(lang, view["acts"])),
        part("strategies", view["plans"], list_documents(lang, view["plans"])),
        part("targets", view["targets"], draw_targets(lang, view["targets"])),
        part("sought", view["sought"], list_gaps(lang, view["sought"])),
        id="documents",
    )


def _draw_theme(lang: str, theme: Any) -> rx.Component:
    titles = [t(f"ui.table.{key}", lang) for key in ("indicator", "latest", "year")] + [t("pages.country.beside", lang)]
    titles += [t(f"pages.country.key.{group}", lang) for group in GROUPS] + [t("ui.table.change", lang)]

    no_change = t("progress.reason.too_few_points", lang)

    def row(item: Any) -> tuple[Any, ...]:
        figure, others = item["figure"], CountryState.beside[item["indicator"]]
        return (
            [
                link_page(
                    item["name"], to=f"/{lang}/indicators/{item['indicator']}/?country={CountryState.view['iso3']}"
                ),
                rx.el.small(
                    item["unit"], rx.cond(item["direction_text"] != "", rx.el.span(" · ", item["direction_text"]))
                ),
                rx.cond(figure["caution"] != "", rx.el.small(figure["caution"], class_name="caution")),
            ],
            draw_figure(lang, figure, ProvenanceState.show, item["name"]),
            [figure["period"], rx.cond(figure["age_text"] != "", rx.el.small(figure["age_text"]))],
            _draw_line(others, item["compare_note"]),
            *(_draw_median_cell(lang, item["indicator"], group, others) for group in GROUPS),
            rx.el.small(rx.cond(item["change_text"] != "", item["change_text"], no_change)),
        )

    return rx.el.section(
        rx.el.h2(theme["label"]),
        rx.cond(theme["note"] != "", rx.el.p(theme["note"], class_name="note")),
        rx.cond(
            theme["rows"].length() > 0,
            rx.fragment(
                _draw_key(lang),
                list_rows(
                    theme["label"], titles, theme["rows"], row, numeric=(1, 4, 5, 6, 7), class_name="beside stacked"
                ),
            ),
            rx.el.p(t("pages.country.no_theme", lang), class_name="note"),
        ),
        class_name="theme",
    )


def _draw_median_cell(lang: str, indicator: Any, group: str, others: Any) -> rx.Component:
    """A median that opens onto its figures, but on paper; how many figures there are where they are too few."""
    median = others[group]
    link = link_view(
        median["value"],
        rx.el.span(f" ({t('country.median.open', lang)})", class_name="sr-only"),
        to=CountryState.median_links[indicator][group],
        class_name="median",
    )
    return rx.fragment(
        rx.cond((median["value"] != "") & (CountryState.tab == "indicators"), link, median["value"]),
        rx.el.small(median["note"]),
    )


def _draw_chart_section(lang: str) -> rx.Component:
    """One indicator as a chart that can be saved and cited, chosen in the address."""
    state = CountryState
    return rx.cond(
        state.chart != "",
        rx.el.section(
            rx.el.h2(t("pages.country.beside", lang)),
            make_view_form(
                lang,
                make_select(
                    "indicator",
                    t("ui.table.indicator", lang),
                    state.drawn,
                    state.charted,
                    wide=True,
                    id_="drawn",
                ),
                fields=state.fields,
                own=("indicator",),
            ),
            draw_chart(lang, state.chart, ProvenanceState.pick, ShareState.show, height=230, level="h3"),
            id="beside",
        ),
    )


def _draw_line(others: Any, why_not: Any) -> rx.Component:
    """The country and the medians on one line, and in words."""
    return rx.cond(
        others["marks"].length() > 0,
        rx.el.span(
            rx.cond(
                others["start"] != "",
                rx.el.b(style={"insetInlineStart": others["start"], "inlineSize": others["width"]}),
            ),
            rx.foreach(
                others["marks"], lambda mark: rx.el.i(class_name=mark["group"], style={"insetInlineStart": mark["at"]})
            ),
            rx.el.small(others["scale"]),
            class_name="dots",
            role="img",
            aria_label=others["text"],
        ),
        rx.el.small(why_not),
    )


def _draw_key(lang: str) -> rx.Component:
    return rx.el.p(
        *(
            rx.el.span(
                rx.el.span(rx.el.i(class_name=group), class_name="dots key", aria_hidden="true"),
                " ",
                t(f"pages.country.key.{group}", lang),
                " ",
            )
            for group in ("own", *GROUPS)
        ),
        class_name="note key-line",
    )


def write_head(lang: str, name: str, as_of: str) -> Head:
    """Return the head of the country of this code."""
    country = load_codebook().countries.get(name.upper())
    if country is None:
        return describe_absent(lang, "country", code=name[:60])
    title = choose_text(country.name, lang)
    about = t("pages.country.description", lang, country=title)
    ctx = open_page_context(lang, as_of)
    data = {
        "@type": "WebPage",
        "inLanguage": lang,
        "about": {"@type": "Country", "name": title, "identifier": country.iso3},
    }
    figures = describe_country_figures(ctx, country.iso3) if ctx else ()
    return Head(lang, title, about, found=True, data=data, figures=figures)


def write_preview_url(lang: str, name: str, parameters: Mapping[str, str]) -> str:
    """Return the address of the chart that stands for the country, of one indicator beside others; "" for none."""
    name, address = name.upper(), parse_address(parameters, load_codebook().countries)
    ctx = open_page_context(lang, address.as_of)
    if ctx is None or name not in load_codebook().countries:
        return ""
    view = view_country(ctx, name)
    return write_chart_beside_url(
        view, choose_indicator(list_charted(view, compare_rows(view, lang)), address), address, lang
    )


def find_due(name: str, parameters: Mapping[str, str]) -> tuple[date, str] | None:
    """When figures of the country are due, where the view tells it."""
    return find_deadline(name) if parameters.get("tab") == "gaps" and name in load_codebook().countries else None


def find_moved(lang: str, name: str, parameters: Mapping[str, str]) -> str:
    """The brief of two pages, which took the place of a view to print; "" for views that are here."""
    country = load_codebook().countries.get(name.upper())
    if country is None or parameters.get("tab") != "brief":
        return ""
    day = {"as_of": parameters["as_of"]} if parameters.get("as_of") else {}
    return f"/api/v1/reports/brief/{country.iso3}.pdf?{urlencode({'lang': lang, **day})}"


PAGE = Page(
    id="country",
    route="/{lang}/countries/[iso3]/",
    body=body,
    load=CountryState.load,
    title=lambda lang: rx.cond(CountryState.view["name"].to(str), CountryState.view["name"], t("ui.nav.country", lang)),
    description=lambda lang: rx.cond(
        CountryState.view["text"].to(str), CountryState.view["text"], t("ui.product.purpose", lang)
    ),
    example="countries/AZE/",
    head=write_head,
    preview=write_preview_url,
    moved=find_moved,
    names=lambda: load_codebook().countries,
    kept=True,
    vary=find_due,
)
