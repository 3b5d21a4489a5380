"""The adoption register: how many countries by which rule, what others count, and the events behind it all."""

from typing import Any

import reflex as rx

from dashboard.answers.adoption.events import write_event_path
from dashboard.answers.adoption.register import SORTS
from dashboard.evidence.codebook.register.adoption import RULES
from dashboard.interfaces.components.browser import AtAnchor, link_code, link_file, link_page, list_actions
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.controls import (
    draw_pager,
    draw_selection,
    draw_tabs,
    link_view,
    make_search_field,
    make_select,
    make_view_form,
)
from dashboard.interfaces.components.figures import fold, link_reference, list_rows, make_head, make_table
from dashboard.interfaces.components.tables.documents import draw_counts, draw_groups, list_documents
from dashboard.interfaces.components.tiles.counting import link_rules
from dashboard.interfaces.components.tiles.tiles import draw_legend, draw_tile_map, list_tiles
from dashboard.interfaces.pages.adoption.parts import draw_events_table
from dashboard.interfaces.pages.adoption.state import CHOICES, RegisterState
from dashboard.interfaces.pages.shell.address import MAX_COUNTRIES
from dashboard.interfaces.pages.shell.frame import show_answer
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.locales import t


def draw_page(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.header(rx.el.h1(t("register.page.heading", lang)), class_name="overview-head"),
        show_answer(lang, _draw_answer, RegisterState.load),
    )


def _draw_answer(lang: str) -> rx.Component:
    view = RegisterState.view
    return rx.fragment(
        rx.el.div(_draw_count(lang, view), _draw_map(lang, view), class_name="overview-pictures adoption-map even"),
        draw_tabs(t("ui.controls.view", lang), RegisterState.tabs),
        rx.match(
            RegisterState.open,
            ("events", _draw_events(lang)),
            ("claims", _draw_claims(lang, view)),
            ("agreement", _draw_agreement(lang, view)),
            ("laws", _draw_laws(lang)),
            ("caveats", _draw_caveats(lang, view)),
            rx.fragment(
                rx.el.section(draw_chart(lang, RegisterState.chart, ProvenanceState.pick, height=400, level="h2")),
                _fold_groups(lang),
            ),
        ),
        AtAnchor.create(),
        rx.el.p(
            link_page(t("statement.page.short", lang), to=f"/{lang}/statement/"),
            t("ui.list.colon", lang),
            RegisterState.claimed,
            class_name="note",
        ),
    )


def _draw_part(lang: str, part: str, *children: Any) -> rx.Component:
    return rx.el.section(rx.el.h2(t(f"register.page.{part}", lang)), *children, id=part)


def _draw_count(lang: str, view: Any) -> rx.Component:
    """The number, the rules that give others, and the ladder of statuses as bars."""
    counting = view["counting"]
    definition = rx.match(
        counting["rule"], *((rule, t(f"terms.counting_rule.{rule}.definition", lang)) for rule in RULES), ""
    )
    return rx.el.section(
        link_rules(t("ui.controls.counting_rule", lang), RegisterState.rules),
        rx.el.p(counting["text"], role="status", class_name="big-words sentence"),
        rx.el.p(definition, " ", counting["disputed_text"], class_name="note"),
        _draw_ladder(lang, view["ladder"]),
        id="count",
    )


def _draw_claims(lang: str, view: Any) -> rx.Component:
    keys = ("claim", "when", "counts", "differs", "ours", "source")

    def row(item: Any) -> tuple[Any, ...]:
        differs = [item["differs"], rx.cond(item["note"] != "", rx.el.small(item["note"]))]
        source = [rx.el.span(item["source"], dir="auto"), rx.el.small(item["source_type"])]
        return item["claim"], item["when"], item["counts"], differs, item["ours"], source

    return _draw_part(
        lang,
        "claims",
        rx.el.p(t("register.claims.lede", lang)),
        draw_chart(lang, RegisterState.chart, ProvenanceState.pick, height=360, level="h3"),
        list_rows(
            t("register.page.claims", lang),
            [t(f"register.claims.{key}", lang) for key in keys],
            view["claims"],
            row,
            props=lambda item: {"id": item["id"]},
            class_name="published stacked",
            caption=rx.el.caption(t("register.page.claims", lang), class_name="sr-only"),
        ),
    )


def _draw_ladder(lang: str, ladder: Any) -> rx.Component:
    def rung(item: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(
                class_name="tile",
                aria_hidden="true",
                custom_attrs={"data-status": item["id"], "data-origin": (item["id"] == "origin").to_string()},
            ),
            link_page(item["label"], to=f"/{lang}/method/{item['id']}/", title=item["definition"]),
            rx.el.span(item["number"], class_name="num"),
            rx.el.small(item["countries"].join(t("ui.list.comma", lang))),
        )

    return rx.el.ol(rx.foreach(ladder, rung), class_name="ladder", id="ladder")


def _draw_map(lang: str, view: Any) -> rx.Component:
    return rx.el.section(
        draw_legend(view["legend"], t("pages.tiles.disputed", lang)),
        draw_tile_map(lang, view["tiles"], view["counting"]["text"]),
        rx.el.p(t("register.map.faded", lang), " ", t("ui.chart.boundary_note", lang), class_name="note"),
        list_tiles(lang, view["tiles"]),
        id="map",
    )


def _draw_events(lang: str) -> rx.Component:
    return _draw_part(
        lang,
        "events",
        rx.el.p(t("register.table.lede", lang), class_name="note"),
        rx.el.div(
            draw_selection(
                lang, RegisterState, RegisterState.years, MAX_COUNTRIES, *_make_filters(lang), own=tuple(CHOICES)
            ),
            rx.el.div(
                make_view_form(
                    lang,
                    make_search_field(lang, t("register.filter.search", lang), "within"),
                    fields=RegisterState.fields,
                    own=("q",),
                ),
                link_view(t("ui.buttons.clear", lang), to=RegisterState.cleared, class_name="plain"),
                class_name="within",
            ),
            class_name="register-filters",
        ),
        draw_events_table(lang, RegisterState.table),
        draw_pager(
            lang, t("register.page.events", lang), RegisterState.number, RegisterState.pages, RegisterState.around
        ),
    )


def _make_filters(lang: str) -> list[rx.Component]:
    values = {
        "event": RegisterState.event, "source": RegisterState.source, "evidence": RegisterState.evidence,
        "disputed": RegisterState.disputed, "sort": RegisterState.sort,
    }  # fmt: skip
    return [_make_filter(lang, control, value) for control, value in values.items()]


def _make_filter(lang: str, control: str, value: Any) -> rx.Component:
    words = {
        "event": "terms.event_type.{}",
        "source": "terms.event_source.{}",
        "evidence": "terms.register_level.{}.name",
        "disputed": "register.filter.disputed_{}",
        "sort": "register.sort.{}",
    }[control]
    options = [(choice, t(words.format(choice), lang)) for choice in CHOICES[control]]
    every = "" if control == "sort" else t("ui.controls.all", lang)
    return make_select(control, t(f"register.filter.{control}", lang), value, options, every, SORTS[0])


def _draw_agreement(lang: str, view: Any) -> rx.Component:
    source = t("register.column.source", lang)
    unknown = ("directions", "continents", "results")

    def fact(item: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(item["kind_text"], rx.el.small(item["date_text"], class_name="quiet")),
            rx.el.div(
                rx.el.p(item["text"]),
                rx.cond(item["note"] != "", rx.el.p(item["note"], class_name="note")),
                rx.el.p(source + t("ui.list.colon", lang), rx.el.span(item["source"], dir="auto"), class_name="note"),
            ),
        )

    return _draw_part(
        lang,
        "agreement",
        rx.el.p(t("register.agreement.lede", lang)),
        rx.el.ol(rx.foreach(view["agreement"], fact), class_name="timeline"),
        rx.el.h3(t("register.agreement.unknown", lang)),
        rx.el.ul(
            *(rx.el.li(t(f"register.agreement.not_known.{key}", lang)) for key in unknown),
            class_name="rows",
        ),
        rx.el.h3(t("register.agreement.organisations", lang)),
        rx.el.p(t("terms.register.organisations", lang)),
        rx.el.ol(rx.foreach(view["organisations"], fact), class_name="timeline"),
        _draw_sent_activities(lang, RegisterState.sent),
        _fold_documents(lang, "activities", RegisterState.activities, t("documents.page.activities_note", lang)),
        _fold_documents(lang, "texts", RegisterState.texts),
    )


def _draw_sent_activities(lang: str, view: Any) -> rx.Component:
    """Activities that the parties sent: by kind and continent, then one after the other."""
    title = t("documents.sent.title", lang)

    def activity(item: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(item["date_text"], rx.el.small(item["kind_text"], class_name="quiet")),
            rx.el.div(
                rx.el.strong(item["title"], dir="auto"),
                rx.cond(item["places"] != "", rx.el.p(item["places"])),
                rx.cond(item["people"] != "", rx.el.p(item["people"], class_name="note")),
                rx.el.p(
                    link_file(item["sent_text"], href=item["receipt"]),
                    rx.cond(item["link"] != "", rx.el.span(" · ", link_reference(item["link_parts"]))),
                    class_name="note",
                ),
            ),
        )

    return rx.fragment(
        rx.el.h3(title, id="sent-activities"),
        rx.el.p(view["text"]),
        rx.cond(
            view["sent"].length() > 0,
            rx.fragment(
                make_table(
                    title,
                    make_head(
                        t("submissions.activities.head.kind", lang),
                        rx.foreach(view["columns"], lambda name: rx.el.th(name, scope="col", class_name="num")),
                    ),
                    view["rows"],
                    lambda row: rx.el.tr(
                        rx.el.th(row["label"], scope="row"),
                        rx.foreach(row["cells"], lambda number: rx.el.td(number, class_name="num")),
                    ),
                    caption=rx.el.caption(title, class_name="sr-only"),
                ),
                rx.el.ol(rx.foreach(view["sent"], activity), class_name="timeline"),
            ),
        ),
    )


def _fold_documents(lang: str, kind: str, documents: Any, note: str = "") -> rx.Component:
    return fold(
        t(f"documents.page.{kind}", lang),
        *([rx.el.p(note, class_name="note")] if note else []),
        list_documents(lang, documents),
        id=kind,
    )


def _draw_laws(lang: str) -> rx.Component:
    """How many acts, strategies and targets are known of each country of the register."""
    documents = f"/api/v1/adoption/documents.csv?lang={lang}"
    return rx.el.section(
        rx.el.h2(t("documents.page.by_country", lang)),
        draw_counts(lang, RegisterState.documents),
        list_actions(
            link_file(t("documents.page.csv", lang), href=documents, download=True),
            link_code(lang, documents),
        ),
        id="laws",
    )


def _fold_groups(lang: str) -> rx.Component:
    return fold(t("documents.page.by_group", lang), draw_groups(lang, RegisterState.groups), id="groups")


def _draw_caveats(lang: str, view: Any) -> rx.Component:
    def named(item: Any) -> rx.Component:
        return rx.el.li(
            link_page(item["name"], to=f"/{lang}/{write_event_path(item['event'])}"),
            rx.el.p(item["text"], class_name="note"),
        )

    def part(key: str) -> rx.Component:
        return rx.el.div(
            rx.el.h3(t(f"register.hidden.{key}.title", lang)),
            rx.el.p(t(f"register.hidden.{key}.text", lang)),
            rx.el.ul(rx.foreach(view[key], named), class_name="rows"),
        )

    return _draw_part(
        lang, "hidden", rx.el.div(*(part(key) for key in ("shared", "predate", "twice")), class_name="three")
    )


PAGE = Page(
    id="adoption",
    route="/{lang}/adoption/",
    body=draw_page,
    load=RegisterState.load,
    title=lambda lang: t("register.page.heading", lang),
    description=lambda lang: t("register.page.lede", lang),
    example="adoption/",
    selects=True,
)
