"""The services and voices of one country: pooled figures, centres, channels, availability, themes of opinions."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.components.browser import link_file, link_page
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.controls import draw_pager, draw_tabs
from dashboard.interfaces.components.figures import fold, list_rows, make_cell, make_growing_head, make_head, make_table
from dashboard.interfaces.components.reported import list_quoted
from dashboard.interfaces.components.tiles.sparkline import draw_sparkline
from dashboard.interfaces.components.trouble import explain_nothing
from dashboard.interfaces.pages.services.state import ServicesState
from dashboard.interfaces.pages.shell.frame import draw_crumbs, show_answer
from dashboard.interfaces.pages.shell.head import Head, describe_absent
from dashboard.interfaces.pages.shell.page import Page
from dashboard.locales import t


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return show_answer(lang, _draw_answer, ServicesState.load_country, level="h1")


def _draw_answer(lang: str) -> rx.Component:
    view, voices = ServicesState.view, ServicesState.voices
    return rx.fragment(
        draw_crumbs(
            lang,
            link_page(t("delivery.page.heading", lang), to=f"/{lang}/services/"),
            link_page(view["name"], to=f"/{lang}/countries/{view['iso3']}/"),
        ),
        rx.el.h1(t("delivery.page.heading", lang), t("ui.list.colon", lang), view["name"]),
        rx.cond(
            view["empty"],
            explain_nothing(
                view["none"],
                t("delivery.page.none_help", lang),
                rx.el.p(link_page(t("delivery.page.send", lang), to=f"/{lang}/sending/")),
            ),
            _draw_figures(lang, view),
        ),
        list_quoted(lang, ServicesState.lanes, "reported", t("reported.heading", lang), t("reported.lede", lang)),
        rx.el.div(
            _list_availability(lang, view),
            rx.el.div(
                rx.cond(
                    view["decisions"],
                    rx.el.section(
                        rx.el.h2(t("actions.title", lang)),
                        rx.el.p(link_file(t("actions.link", lang), href=view["decisions"])),
                        class_name="section",
                    ),
                ),
                rx.cond(view["hours_text"] != "", rx.el.p(view["hours_text"], class_name="note")),
            ),
            class_name="counted-pair",
        ),
        rx.el.div(
            _draw_voices(lang, voices),
            rx.el.div(_draw_given_answers(lang, voices["given"]), _draw_replies(lang, ServicesState.answered)),
            class_name="counted-pair",
        ),
    )


def _draw_figures(lang: str, view: Any) -> rx.Component:
    return rx.fragment(
        rx.el.p(view["text"], class_name="lede counted-lede"),
        rx.el.div(
            rx.el.section(
                _list_tiles(view["tiles"]),
                rx.el.h2(t("delivery.country.channels", lang)),
                _draw_bars(
                    view["channels"], lambda channel: rx.fragment(channel["completed"], " · ", channel["share"])
                ),
                rx.cond(
                    view["errors"].length() > 0,
                    fold(t("delivery.country.mistakes", lang), _list_tiles(view["errors"])),
                ),
                class_name="counted-figures",
            ),
            rx.el.section(
                _draw_target(lang, view),
                *(_draw_chart(lang, view["drawings"][at]) for at in (0, 1)),
                class_name="counted-picture",
            ),
            class_name="counted",
        ),
        rx.el.section(
            rx.el.h2(t("delivery.country.centres", lang)),
            rx.el.p(t("delivery.country.table_note", lang), " ", view["widened"], class_name="note"),
            make_table(
                t("delivery.country.centres", lang),
                make_growing_head(t("delivery.country.centre", lang), view["columns"]),
                view["centres"],
                lambda row: _draw_centre(lang, row),
                "stacked counts",
            ),
            rx.cond(
                view["likened"].length() > 0,
                fold(
                    t("delivery.alike.heading", lang),
                    rx.el.p(t("delivery.alike.note", lang), class_name="note"),
                    rx.foreach(view["likened"], lambda share: _list_likened(lang, share)),
                ),
            ),
            draw_pager(lang, t("delivery.country.centres", lang), view["page"], view["pages"], ServicesState.around),
            class_name="section",
        ),
        rx.el.section(
            rx.el.h2(t("delivery.chart.heading", lang)),
            rx.el.div(
                rx.foreach(view["drawings"][2:], lambda drawing: _draw_chart(lang, drawing, "h3", 200)),
                class_name="counted-charts",
            ),
            class_name="section",
        ),
    )


def _list_tiles(tiles: Any) -> rx.Component:
    """A figure a row: its course, its limits, what it rests on, and whether it has changed."""
    return rx.el.ul(
        rx.foreach(
            tiles,
            lambda tile: rx.el.li(
                rx.el.p(tile["name"], class_name="row-name"),
                rx.el.div(rx.el.strong(tile["text"]), draw_sparkline(tile["spark"]), class_name="row-figure"),
                rx.cond(tile["note"] != "", rx.el.small(tile["note"], class_name="quiet")),
                rx.cond(tile["change"] != "", rx.el.small(tile["change"], class_name="sentence")),
            ),
        ),
        class_name="summary-rows",
    )


def _draw_target(lang: str, view: Any) -> rx.Component:
    """The verdict on 99 per cent: on a line up to 100 the share with its limits, and what silence could make of it."""
    scale = view["scale"]

    def mark(name: str, start: Any, width: Any = None) -> rx.Component:
        place = {"insetInlineStart": start} | ({"inlineSize": width} if width is not None else {})
        return rx.el.i(class_name=name, style=place)

    return rx.el.div(
        rx.el.h2(t("delivery.country.target", lang)),
        rx.el.p(rx.el.strong(view["target"])),
        rx.cond(
            scale["at"] != "",
            rx.el.div(
                mark("bounds", scale["bounds_start"], scale["bounds_width"]),
                mark("limits", scale["start"], scale["width"]),
                mark("own", scale["at"]),
                mark("goal", scale["target"]),
                rx.el.small(scale["low"]),
                rx.el.small(view["promise"], style={"insetInlineStart": scale["target"]}),
                class_name="target-scale",
                role="img",
                aria_label=scale["text"],
            ),
        ),
        rx.el.p(view["bounds"], class_name="note"),
        class_name="target",
    )


def _draw_chart(lang: str, drawing: Any, level: str = "h2", height: int = 260) -> rx.Component:
    """A chart of counts by address; its figures are in the table too."""
    return draw_chart(lang, drawing["url"], heading=drawing["name"], height=height, level=level)


def _draw_centre(lang: str, row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.cond(row["to"], link_file(row["name"], href=row["to"]), row["name"]),
            rx.cond(row["differs"], rx.el.span(t("delivery.country.differs_mark", lang), class_name="tag")),
            rx.cond(
                row["mixed"] != "",
                rx.el.span(t("delivery.alike.mark", lang), class_name="tag", title=row["mixed"]),
            ),
            rx.el.small(row["region"], class_name="cases"),
            scope="row",
        ),
        rx.foreach(
            row["figures"],
            lambda figure: make_cell(
                figure["name"],
                rx.el.strong(
                    figure["text"], class_name=rx.cond(figure["caution"] != "", "apart", ""), title=figure["caution"]
                ),
                rx.el.small(figure["limits"]),
                " ",
                rx.el.small(figure["cases"], class_name="cases"),
            ),
        ),
    )


def _list_likened(lang: str, share: Any) -> rx.Component:
    """The centres of a share beside what their services lead to expect."""
    keys = ("counted", "expected", "difference", "cases")
    return rx.fragment(
        rx.el.h3(share["name"]),
        rx.el.p(share["note"], class_name="note"),
        list_rows(
            share["name"],
            [t("delivery.country.centre", lang), *(t(f"delivery.alike.{key}", lang) for key in keys)],
            share["rows"],
            lambda row: (
                [
                    row["name"],
                    " ",
                    rx.cond(row["outside"], rx.el.span(t("delivery.country.differs_mark", lang), class_name="tag")),
                    rx.cond(row["word"] != "", rx.el.small(row["word"], class_name="sentence")),
                ],
                *(row[key] for key in keys),
            ),
            numeric=(1, 2, 3, 4),
        ),
    )


def _draw_bars(rows: Any, words: Callable[[Any], Any]) -> rx.Component:
    """A bar a row, as long as its share of the longest; ``words`` are its figures."""
    return rx.el.ul(
        rx.foreach(
            rows,
            lambda row: rx.el.li(
                rx.el.span(row["name"]),
                rx.el.span(rx.el.span(style={"inlineSize": row["width"]}), class_name="bar", aria_hidden="true"),
                rx.el.span(words(row), class_name="num"),
            ),
        ),
        class_name="bars counted-bars",
    )


def _list_availability(lang: str, view: Any) -> rx.Component:
    keys = ("address", "channel", "up", "measured", "outages")
    return rx.el.section(
        rx.el.h2(t("delivery.country.probed", lang)),
        rx.cond(
            view["addresses"].length() > 0,
            rx.fragment(
                rx.el.p(t("delivery.country.probed_how", lang), class_name="note"),
                list_rows(
                    t("delivery.country.probed", lang),
                    [t(f"delivery.country.{key}", lang) for key in keys],
                    view["addresses"],
                    lambda row: (
                        [row["name"], " ", rx.el.bdi(row["url"], class_name="note")],
                        *(row[key] for key in keys[1:]),
                    ),
                    numeric=(2, 3, 4),
                ),
            ),
            rx.el.p(t("delivery.country.no_probe", lang)),
        ),
        class_name="section",
    )


def _draw_voices(lang: str, voices: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("delivery.country.voices", lang)),
        rx.cond(
            voices["rows"].length() > 0,
            rx.fragment(
                rx.cond(
                    voices["changes"].length() > 0,
                    rx.el.ul(
                        rx.foreach(voices["changes"], lambda line: rx.el.li(rx.el.strong(line))),
                        aria_label=t("delivery.country.changed", lang),
                        class_name="counted-changes",
                    ),
                ),
                draw_tabs(t("delivery.country.period", lang), ServicesState.periods),
                rx.el.p(voices["month"], class_name="note"),
                rx.cond(voices["caution"] != "", rx.el.p(voices["caution"])),
                _draw_bars(voices["rows"], lambda row: row["n"]),
                rx.cond(
                    voices["kinds"].length() > 0,
                    fold(t("delivery.country.kinds", lang), _draw_bars(voices["kinds"], lambda row: row["n"])),
                ),
                rx.el.p(voices["how"], class_name="note"),
                rx.cond(
                    voices["scores"].length() > 0,
                    rx.fragment(rx.el.h3(t("delivery.country.errors", lang)), _list_scores(lang, voices["scores"])),
                ),
            ),
            explain_nothing(t("delivery.country.voices_none", lang), t("delivery.country.voices_none_help", lang)),
        ),
        class_name="section",
    )


def _draw_given_answers(lang: str, answers: Any) -> rx.Component:
    """The faces and answers of the form, where any were given."""
    return rx.cond(
        answers["rows"].length() > 0,
        rx.el.section(
            rx.el.h2(t("delivery.country.given", lang)),
            rx.el.p(answers["month"], class_name="note"),
            _draw_bars(answers["rows"], lambda row: row["n"]),
            class_name="section",
        ),
    )


def _draw_replies(lang: str, view: Any) -> rx.Component:
    """What the country answered, and citizens' words that a person released: each text in its own language."""
    return rx.el.section(
        rx.el.h2(t("officers.public.heading", lang)),
        rx.cond(
            view["answers"].length() > 0,
            rx.foreach(
                view["answers"],
                lambda answer: rx.el.article(
                    rx.el.h3(answer["theme"]),
                    rx.el.p(answer["period"], class_name="note"),
                    rx.el.dl(
                        rx.el.div(
                            rx.el.dt(t("officers.public.said", lang)),
                            rx.el.dd(answer["said"], lang=answer["language"], dir="auto"),
                        ),
                        rx.el.div(
                            rx.el.dt(t("officers.public.did", lang)),
                            rx.el.dd(answer["did"], lang=answer["language"], dir="auto"),
                        ),
                        class_name="facts",
                    ),
                    rx.el.p(answer["office"], class_name="note"),
                ),
            ),
            rx.el.p(t("officers.public.none", lang)),
        ),
        rx.cond(
            view["quotes"].length() > 0,
            rx.fragment(
                rx.el.h3(t("officers.public.quotes", lang)),
                rx.el.p(t("officers.public.quotes_note", lang), class_name="note"),
                rx.el.ul(
                    rx.foreach(
                        view["quotes"],
                        lambda quote: rx.el.li(
                            quote["theme"],
                            t("ui.list.colon", lang),
                            rx.el.q(quote["text"], lang=quote["language"], dir="auto"),
                        ),
                    )
                ),
            ),
        ),
        class_name="section",
    )


def _list_scores(lang: str, scores: Any) -> rx.Component:
    keys = ("language", "labels", "coverage", "precision")
    return rx.el.table(
        make_head(*(t(f"delivery.country.{key}", lang) for key in keys), numeric=(1, 2, 3)),
        rx.el.tbody(
            rx.foreach(
                scores,
                lambda row: rx.el.tr(
                    rx.el.th(row["language"], scope="row"),
                    make_cell(t("delivery.country.labels", lang), row["labels"], class_name="num"),
                    make_cell(t("delivery.country.coverage", lang), row["coverage"], class_name="num"),
                    make_cell(t("delivery.country.precision", lang), row["precision"], class_name="num"),
                ),
            )
        ),
        class_name="stacked",
    )


def write_head(lang: str, name: str, as_of: str) -> Head:
    """Return the head of the country of this code."""
    country = load_codebook().countries.get(name.upper())
    if country is None:
        return describe_absent(lang, "country", code=name[:60])
    heading = t("delivery.country.heading", lang, country=choose_text(country.name, lang))
    return Head(lang, heading, t("delivery.page.lede", lang), found=True)


PAGE = Page(
    id="country_services",
    route="/{lang}/services/[iso3]/",
    body=body,
    load=ServicesState.load_country,
    title=lambda lang: rx.cond(
        ServicesState.view["name"].to(str),
        t("delivery.page.heading", lang) + t("ui.list.colon", lang) + ServicesState.view["name"].to(str),
        t("delivery.page.heading", lang),
    ),
    description=lambda lang: t("delivery.page.lede", lang),
    example="services/AZE/",
    head=write_head,
    names=lambda: load_codebook().countries,
)
