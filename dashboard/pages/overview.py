"""The first page: what this is, how many countries by which rule, one honest headline, three doors."""

from typing import Any

import reflex as rx

from dashboard.components.browser import page_link
from dashboard.components.counting import rule_choice, without_script
from dashboard.components.figures import cell, head, scroll
from dashboard.components.tiles import adoption_list, legend, tile_map
from dashboard.components.trouble import shape
from dashboard.locales import t
from dashboard.pages.frame import answered
from dashboard.pages.page import Page
from dashboard.states.overview import OverviewState


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("pages.overview.heading", lang)),
        rx.el.p(t("ui.product.purpose", lang), class_name="lede"),
        rx.el.p(t("ui.product.promise", lang), " ", t("ui.product.independence", lang), class_name="note lede"),
        answered(lang, _answer, OverviewState.arrive, pending=rx.fragment(shape(lang, 3, chart=False), _doors(lang))),
        without_script(lang),
    )


def _answer(lang: str) -> rx.Component:
    view = OverviewState.view
    return rx.fragment(
        _facts(lang, view),
        _headline(lang, view["headline"]),
        _doors(lang),
        _adoption(lang, view),
        _coverage(lang, view),
        _news(lang, view),
    )


def _facts(lang: str, view: Any) -> rx.Component:
    counting = view["counting"]
    return rx.el.dl(
        rx.el.div(
            rx.el.dt(t("pages.overview.countries", lang)),
            rx.el.dd(counting["count"], class_name="figure"),
            rx.el.dd(counting["text"], class_name="sentence"),
        ),
        rx.el.div(
            rx.el.dt(t("pages.overview.indicators", lang)),
            rx.el.dd(view["indicators_with_data"], class_name="figure"),
            rx.el.dd(OverviewState.of_indicators),
        ),
        rx.el.div(
            rx.el.dt(t("pages.overview.figures", lang)),
            rx.el.dd(view["stand"]["rows_text"], class_name="figure"),
            rx.el.dd(OverviewState.areas),
        ),
        rx.el.div(
            rx.el.dt(t("ui.controls.as_of", lang)),
            rx.el.dd(view["stand"]["as_of_text"], class_name="figure"),
            rx.el.dd(t("pages.footer.version", lang), " ", rx.el.code(view["stand"]["version"])),
        ),
        class_name="facts",
    )


def _headline(lang: str, headline: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("pages.overview.headline", lang)),
        rx.el.p(headline["text"], class_name="sentence"),
        rx.el.p(headline["uncertainty"], class_name="quiet"),
        rx.cond(headline["gap"] != "", rx.el.p(headline["gap"], class_name="sentence")),
        rx.el.details(
            rx.el.summary(t("pages.overview.how", lang)),
            rx.el.p(headline["how"]),
            _names(lang, t("pages.overview.rising", lang), headline["rising"]),
            _names(lang, t("pages.overview.falling", lang), headline["falling"]),
            rx.el.p(page_link(t("pages.overview.see", lang), to=f"/{lang}/indicators/{headline['indicator']}/")),
            class_name="fold",
        ),
        rx.el.p(headline["source_text"], class_name="note"),
    )


def _names(lang: str, label: str, names: Any) -> rx.Component:
    return rx.cond(names.length() > 0, rx.el.p(label, ": ", names.join(t("ui.list.comma", lang))))


def _doors(lang: str) -> rx.Component:
    doors = (("indicators", "indicators/"), ("compare", "compare/"), ("progress", "progress/"))
    return rx.el.nav(
        *(
            page_link(
                rx.el.strong(t(f"pages.overview.door.{key}.title", lang)),
                rx.el.span(t(f"pages.overview.door.{key}.text", lang)),
                to=f"/{lang}/{path}",
            )
            for key, path in doors
        ),
        class_name="doors",
        aria_label=t("pages.overview.doors", lang),
    )


def _adoption(lang: str, view: Any) -> rx.Component:
    counting = view["counting"]
    claims = [t(f"pages.overview.claim.{key}", lang) for key in ("when", "claim", "counts", "source")]
    return rx.el.section(
        rx.el.h2(t("pages.overview.adoption", lang)),
        rx.el.p(counting["text"], role="status", class_name="sentence"),
        rx.cond(
            counting["disputed_text"] != "",
            rx.el.p(counting["disputed_text"], class_name="note"),
        ),
        rx.el.div(
            rx.el.fieldset(
                rx.el.legend(t("ui.controls.counting_rule", lang)),
                rule_choice(counting["rules"], OverviewState.rule, OverviewState.choose_rule),
                rx.el.p(counting["note"], class_name="note section"),
            ),
            rx.el.div(
                tile_map(view["tiles"], counting["text"]),
                legend(view["legend"], t("pages.tiles.disputed", lang)),
                rx.el.p(t("ui.chart.boundary_note", lang), class_name="note"),
            ),
            class_name="split",
        ),
        adoption_list(lang, view["tiles"]),
        rx.el.details(
            rx.el.summary(t("pages.overview.claims", lang)),
            scroll(
                t("pages.overview.claims", lang),
                rx.el.table(
                    head(*claims),
                    rx.el.tbody(
                        rx.foreach(
                            counting["claims"],
                            lambda claim: rx.el.tr(
                                cell(claims[0], claim["when"]),
                                cell(claims[1], claim["claim"]),
                                cell(
                                    claims[2], claim["counts"], rx.cond(claim["note"] != "", rx.el.small(claim["note"]))
                                ),
                                cell(claims[3], rx.el.small(claim["source"])),
                            ),
                        )
                    ),
                    class_name="stacked",
                ),
            ),
            class_name="fold",
        ),
        rx.el.p(page_link(t("register.page.from_overview", lang), to=f"/{lang}/adoption/"), class_name="section"),
    )


def _coverage(lang: str, view: Any) -> rx.Component:
    titles = (
        t("ui.controls.theme", lang),
        t("ui.table.coverage", lang),
        t("ui.table.age", lang),
    )
    return rx.el.section(
        rx.el.h2(t("pages.overview.coverage", lang)),
        rx.el.p(t("pages.overview.coverage_note", lang), class_name="note"),
        rx.el.p(view["availability"]),
        rx.el.p(page_link(t("availability.page.link", lang), to=f"/{lang}/availability/")),
        scroll(
            t("pages.overview.coverage", lang),
            rx.el.table(
                head(*titles),
                rx.el.tbody(
                    rx.foreach(
                        view["coverage"],
                        lambda row: rx.el.tr(
                            rx.el.th(
                                page_link(row["label"], to=f"/{lang}/indicators/?theme={row['theme']}"), scope="row"
                            ),
                            cell(titles[1], row["text"]),
                            cell(titles[2], row["age_text"]),
                        ),
                    )
                ),
                class_name="stacked",
            ),
        ),
    )


def _news(lang: str, view: Any) -> rx.Component:
    return rx.cond(
        view["news"].length() > 0,
        rx.el.section(
            rx.el.h2(t("pages.overview.news", lang)),
            rx.el.ol(
                rx.foreach(
                    view["news"],
                    lambda item: rx.el.li(
                        rx.el.span(item["date_text"], class_name="quiet"),
                        rx.el.div(rx.el.strong(item["title"]), rx.el.p(item["text"])),
                    ),
                ),
                class_name="timeline",
            ),
        ),
    )


PAGE = Page(
    id="overview",
    route="/{lang}/",
    body=body,
    arrive=OverviewState.arrive,
    title=lambda lang: t("pages.overview.heading", lang),
    description=lambda lang: t("ui.product.purpose", lang),
    example="",
    menu="overview",
)
