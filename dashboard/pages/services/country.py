"""The services and voices of one country: pooled figures, centres, channels, availability, themes of opinions."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.components.browser import file_link, page_link
from dashboard.components.figures import cell, head, scroll
from dashboard.components.trouble import nothing
from dashboard.database.engine import engine
from dashboard.delivery import views
from dashboard.locales import t
from dashboard.pages.services.state import ServicesState
from dashboard.pages.shell.frame import answered, crumbs
from dashboard.pages.shell.head import Head, absent, figures_as_html
from dashboard.pages.shell.page import Page
from dashboard.settings import settings


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return answered(lang, _answer, ServicesState.load_country)


def _answer(lang: str) -> rx.Component:
    view, voices = ServicesState.view, ServicesState.voices
    return rx.fragment(
        crumbs(
            lang,
            page_link(t("delivery.page.heading", lang), to=f"/{lang}/services/"),
            page_link(view["name"], to=f"/{lang}/countries/{view['iso3']}/"),
        ),
        rx.el.h1(t("delivery.page.heading", lang), ": ", view["name"]),
        rx.cond(
            view["empty"],
            nothing(
                view["none"],
                t("delivery.page.none_help", lang),
                rx.el.p(page_link(t("delivery.page.send", lang), to=f"/{lang}/sending/")),
            ),
            _figures(lang, view),
        ),
        rx.cond(view["decisions"], rx.el.p(file_link(t("actions.link", lang), href=view["decisions"]))),
        _availability(lang, view),
        _voices(lang, voices),
        _answers(lang, ServicesState.answered),
    )


def _figures(lang: str, view: Any) -> rx.Component:
    return rx.fragment(
        rx.el.p(view["text"], class_name="lede"),
        rx.el.dl(
            rx.foreach(
                view["tiles"],
                lambda one: rx.el.div(rx.el.dt(one["name"]), rx.el.dd(_figure(one, one["caution"]))),
            ),
            class_name="facts",
        ),
        rx.el.section(
            rx.el.h2(t("delivery.country.target", lang)),
            rx.el.p(view["target"]),
            rx.el.p(view["bounds"], class_name="note"),
            class_name="section",
        ),
        rx.el.section(
            rx.el.h2(t("delivery.country.centres", lang)),
            rx.el.p(view["widened"], class_name="note"),
            scroll(
                t("delivery.country.centres", lang),
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th(t("delivery.country.centre", lang), scope="col"),
                            rx.el.th(t("delivery.country.region", lang), scope="col"),
                            rx.foreach(view["columns"], lambda name: rx.el.th(name, scope="col")),
                        )
                    ),
                    rx.el.tbody(rx.foreach(view["centres"], lambda row: _centre(lang, row))),
                    class_name="stacked",
                ),
            ),
            class_name="section",
        ),
        rx.el.section(
            rx.el.h2(t("delivery.chart.heading", lang)),
            rx.foreach(view["drawings"], lambda one: _drawing(lang, one)),
            class_name="section",
        ),
        rx.el.section(
            rx.el.h2(t("delivery.country.channels", lang)),
            scroll(
                t("delivery.country.channels", lang),
                rx.el.table(
                    head(
                        *(t(f"delivery.country.{key}", lang) for key in ("channel", "completed", "share")),
                        numeric=(1, 2),
                    ),
                    rx.el.tbody(
                        rx.foreach(
                            view["channels"],
                            lambda row: rx.el.tr(
                                rx.el.th(row["name"], scope="row"),
                                cell(t("delivery.country.completed", lang), row["completed"], class_name="num"),
                                cell(t("delivery.country.share", lang), row["share"], class_name="num"),
                            ),
                        )
                    ),
                    class_name="stacked",
                ),
            ),
            class_name="section",
        ),
    )


def _drawing(lang: str, one: Any) -> rx.Component:
    """A chart that the server draws, its rows as a file beside it; the figures are in the table above."""
    return rx.el.figure(
        rx.el.picture(
            rx.el.source(src_set=one["dark"], media="(prefers-color-scheme: dark)"),
            rx.el.img(src=one["image"], alt=one["name"], loading="lazy", style={"max_width": "100%", "height": "auto"}),
        ),
        rx.el.figcaption(
            one["name"], " · ", file_link("SVG", href=one["image"]), " · ", file_link("PNG", href=one["png"]), " · ",
            file_link(t("delivery.chart.csv", lang), href=one["csv"]), class_name="note",
        ),
    )  # fmt: skip


def _centre(lang: str, row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(rx.cond(row["to"], file_link(row["name"], href=row["to"]), row["name"]), scope="row"),
        cell(t("delivery.country.region", lang), row["region"]),
        rx.foreach(row["figures"], lambda one: cell(one["name"], _figure(one, one["caution"]))),
    )


def _figure(one: Any, caution: Any) -> rx.Component:
    """A figure with its limits, its cases, and what must be known of it."""
    return rx.fragment(
        rx.el.strong(one["text"]),
        rx.el.p(one["range"], class_name="note"),
        rx.el.p(one["cases"], class_name="note"),
        rx.cond(caution != "", rx.el.p(caution, class_name="note")),
    )


def _availability(lang: str, view: Any) -> rx.Component:
    keys = ("address", "up", "measured", "outages")
    return rx.el.section(
        rx.el.h2(t("delivery.country.probed", lang)),
        rx.cond(
            view["addresses"].length() > 0,
            scroll(
                t("delivery.country.probed", lang),
                rx.el.table(
                    head(*(t(f"delivery.country.{key}", lang) for key in keys), numeric=(1, 2, 3)),
                    rx.el.tbody(
                        rx.foreach(
                            view["addresses"],
                            lambda row: rx.el.tr(
                                rx.el.th(row["name"], " ", rx.el.bdi(row["url"], class_name="note"), scope="row"),
                                cell(t("delivery.country.up", lang), row["up"], class_name="num"),
                                cell(t("delivery.country.measured", lang), row["measured"], class_name="num"),
                                cell(t("delivery.country.outages", lang), row["outages"], class_name="num"),
                            ),
                        )
                    ),
                    class_name="stacked",
                ),
            ),
            rx.el.p(t("delivery.country.no_probe", lang)),
        ),
        class_name="section",
    )


def _voices(lang: str, voices: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("delivery.country.voices", lang)),
        rx.cond(
            voices["rows"].length() > 0,
            rx.fragment(
                rx.el.p(voices["how"], class_name="note"),
                scroll(
                    t("delivery.country.voices", lang),
                    rx.el.table(
                        head(
                            *(
                                t(f"delivery.country.{key}", lang)
                                for key in ("centre", "theme", "opinions", "per_transactions")
                            ),
                            numeric=(2, 3),
                        ),
                        rx.el.tbody(
                            rx.foreach(
                                voices["rows"],
                                lambda row: rx.el.tr(
                                    rx.el.th(row["centre"], scope="row"),
                                    cell(t("delivery.country.theme", lang), row["theme"]),
                                    cell(t("delivery.country.opinions", lang), row["n"], class_name="num"),
                                    cell(t("delivery.country.per_transactions", lang), row["rate"], class_name="num"),
                                ),
                            )
                        ),
                        class_name="stacked",
                    ),
                ),
                rx.cond(
                    voices["changes"].length() > 0,
                    rx.fragment(
                        rx.el.h3(t("delivery.country.changed", lang)),
                        rx.el.ul(rx.foreach(voices["changes"], lambda line: rx.el.li(line))),
                    ),
                ),
                rx.cond(
                    voices["scores"].length() > 0,
                    rx.fragment(rx.el.h3(t("delivery.country.errors", lang)), _scores(lang, voices["scores"])),
                ),
                rx.cond(
                    voices["proposed"].length() > 0,
                    rx.fragment(
                        rx.el.h3(t("delivery.country.proposed", lang)),
                        rx.el.p(voices["proposals"], class_name="note"),
                        _scores(lang, voices["proposed"]),
                    ),
                ),
            ),
            nothing(t("delivery.country.voices_none", lang), t("delivery.country.voices_none_help", lang)),
        ),
        class_name="section",
    )


def _answers(lang: str, view: Any) -> rx.Component:
    """What the country answered, and citizens' words that a person released: each text in its own language."""
    return rx.el.section(
        rx.el.h2(t("officers.public.heading", lang)),
        rx.cond(
            view["answers"].length() > 0,
            rx.foreach(
                view["answers"],
                lambda one: rx.el.article(
                    rx.el.h3(one["theme"]),
                    rx.el.p(one["period"], class_name="note"),
                    rx.el.dl(
                        rx.el.div(
                            rx.el.dt(t("officers.public.said", lang)),
                            rx.el.dd(one["said"], lang=one["language"], dir="auto"),
                        ),
                        rx.el.div(
                            rx.el.dt(t("officers.public.did", lang)),
                            rx.el.dd(one["did"], lang=one["language"], dir="auto"),
                        ),
                        class_name="facts",
                    ),
                    rx.el.p(one["office"], class_name="note"),
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
                        lambda one: rx.el.li(
                            one["theme"], ": ", rx.el.q(one["text"], lang=one["language"], dir="auto")
                        ),
                    )
                ),
            ),
        ),
        class_name="section",
    )


def _scores(lang: str, scores: Any) -> rx.Component:
    keys = ("language", "labels", "coverage", "precision")
    return rx.el.table(
        head(*(t(f"delivery.country.{key}", lang) for key in keys), numeric=(1, 2, 3)),
        rx.el.tbody(
            rx.foreach(
                scores,
                lambda row: rx.el.tr(
                    rx.el.th(row["language"], scope="row"),
                    cell(t("delivery.country.labels", lang), row["labels"], class_name="num"),
                    cell(t("delivery.country.coverage", lang), row["coverage"], class_name="num"),
                    cell(t("delivery.country.precision", lang), row["precision"], class_name="num"),
                ),
            )
        ),
        class_name="stacked",
    )


def first_words(lang: str, name: str, as_of: str) -> Head:
    """The country of this code; its counts are asked for when the page is open."""
    known = codebook().countries.get(name.upper())
    if known is None:
        return absent(lang, "country", code=name[:60])
    heading = t("delivery.country.heading", lang, country=text(known.name, lang))
    return Head(lang, heading, t("delivery.page.lede", lang), True)


def first_figures(lang: str, name: str, _: Mapping[str, str]) -> str:
    """The country's pooled figures; "" where it sent none."""
    lede, tiles = views.first_figures(engine(settings()), name.upper(), lang)
    return figures_as_html("services/services_first.html", lang, text=lede, tiles=tiles) if tiles else ""


PAGE = Page(
    id="country_services",
    route="/{lang}/services/[iso3]/",
    body=body,
    load=ServicesState.load_country,
    title=lambda lang: rx.cond(
        ServicesState.view["name"].to(str),
        t("delivery.page.heading", lang) + ": " + ServicesState.view["name"].to(str),
        t("delivery.page.heading", lang),
    ),
    description=lambda lang: t("delivery.page.lede", lang),
    example="services/AZE/",
    head=first_words,
    figures=first_figures,
    names=lambda: codebook().countries,
)
